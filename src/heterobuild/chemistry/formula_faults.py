"""What is wrong with an impossible formula, and what was probably meant."""

from __future__ import annotations

from fractions import Fraction
from shlex import quote
from typing import TYPE_CHECKING

from heterobuild.chemistry.formulas import written_compound
from heterobuild.chemistry.notation import written_amount
from heterobuild.chemistry.sites import SITES, by_share, total
from heterobuild.chemistry.structure_types import SIMPLE, layered_type
from heterobuild.chemistry.valences import balanced_charges, net_charge, possible_charges
from heterobuild.errors import UsageError
from heterobuild.model import Sublattice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from heterobuild.chemistry.sites import Amounts
    from heterobuild.chemistry.structure_types import Fit, StructureType

_KNOWN = (
    "ABX3, A4BX6, AB2X5, A2BX6, A2BB'X6, CsCu2I3 type, Cs3Cu2I5 type, "
    "A'2A(n-1)BnX(3n+1) and A'A(n-1)BnX(3n+1)"
)
_SUGGESTED = 4


def explain_composition(
    formula: str, sites: Mapping[str, Amounts], fit: Fit, *, neutral: bool
) -> UsageError:
    """Make the error for a composition that no structure type has.

    Parameters
    ----------
    formula : str
        As given.
    sites : mapping of str to dict
        Amounts by site.
    fit : Fit
        The nearest structure type.
    neutral : bool
        Whether the formula is neutral for some charges of its ions.

    Returns
    -------
    UsageError
        Which site is short or overfull where fractions do not sum to a whole; else the excess
        charge; the nearest neutral formulas in any case.
    """
    if broken := [site for site in fit.off if _has_fractions(sites[site], fit.scale)]:
        return UsageError(
            "fractions do not sum to a whole",
            where=formula,
            measured="; ".join(_held(site, *fit.off[site]) for site in broken),
            next_step="correct the amounts; thirds are written as 1/3",
        )
    near = _suggestions(sites)
    if not neutral:
        return _not_neutral(formula, sites, f"correct the amounts{near}")
    role = f"; {', '.join(sites['spacer'])} stands between sheets, not on A"
    return UsageError(
        "the formula is neutral, but no structure type here has its composition",
        where=formula,
        measured=_pattern(sites),
        allowed=_KNOWN,
        next_step=f"give a CIF file or another formula{role if sites['spacer'] else ''}{near}",
    )


def explain_charge(formula: str, sites: Mapping[str, Amounts], fit: Fit) -> UsageError:
    """Make the error for a known composition whose ions do not balance.

    Parameters
    ----------
    formula : str
        As given.
    sites : mapping of str to dict
        Amounts by site.
    fit : Fit
        Its structure type.

    Returns
    -------
    UsageError
        The net charge, and for a dopant what may compensate it.
    """
    metals = by_share(sites["B"])
    wanted = _metal_charge(fit.structure)
    odd = [unit for unit, _ in metals if wanted not in possible_charges(unit)]
    if len(odd) == 1 and len(metals) > 1:
        return _not_neutral(formula, sites, _compensation(odd[0], sites, wanted))
    if any(sum(possible_charges(unit)) == 2 * wanted for unit in odd):
        step = f"{odd[0]} of two charges cannot be written here, give a CIF file"
    else:
        step = f"on B this structure type takes metals of charge {written_charge(wanted)}"
    return _not_neutral(formula, sites, step + _suggestions(sites))


def explain_unequal_charges(formula: str, charges: Mapping[str, int]) -> UsageError:
    """Make the error for metals of different charge on one site of a type that has one B site.

    Parameters
    ----------
    formula : str
        As given.
    charges : mapping of str to int
        Charge of each metal in e.

    Returns
    -------
    UsageError
        To be raised.
    """
    return UsageError(
        "metals of different charge share the B site of this structure type",
        where=formula,
        measured=", ".join(f"{unit} {charge:+d}" for unit, charge in charges.items()),
        next_step="order on B is known for A2BB'X6 only; write one metal, or give a CIF file",
    )


def explain_tetrahedra(formula: str, metal: str) -> UsageError:
    """Make the error for an A2BX4 that is not layered.

    Parameters
    ----------
    formula : str
        As given.
    metal : str
        The metal on B.

    Returns
    -------
    UsageError
        To be raised.
    """
    return UsageError(
        f"{metal} makes single tetrahedra in A2BX4, not sheets of octahedra",
        where=formula,
        next_step="give a CIF file of this crystal",
    )


def written_charge(charge: Fraction) -> str:
    """Write a charge with its sign.

    Parameters
    ----------
    charge : fractions.Fraction
        In e.

    Returns
    -------
    str
        Such as ``+0.1``.
    """
    return ("-" if charge < 0 else "+") + _number(abs(charge))


def _not_neutral(formula: str, sites: Mapping[str, Amounts], next_step: str) -> UsageError:
    """Say the net charge with the usual charges that make it."""
    amounts = _sum(sites)
    usual = ", ".join(f"{unit} {possible_charges(unit)[0]:+d}" for unit in amounts)
    return UsageError(
        "the formula is not neutral",
        where=formula,
        measured=f"{written_charge(net_charge(amounts))} e ({usual})",
        allowed="0 e",
        next_step=next_step,
    )


def _pattern(sites: Mapping[str, Amounts]) -> str:
    """Write a composition by its sites, such as A3B2X9."""
    letters = zip(("A'", "A", "B", "X"), SITES, strict=True)
    return "".join(
        letter + written_amount(total(sites[site])) for letter, site in letters if sites[site]
    )


def _sum(sites: Mapping[str, Amounts]) -> Amounts:
    """Return the amounts of all sites together."""
    amounts: Amounts = {}
    for site in SITES:
        for unit, n in sites[site].items():
            amounts[unit] = amounts.get(unit, Fraction(0)) + n
    return amounts


def _held(site: str, found: Fraction, wanted: Fraction) -> str:
    """Say how full a site is."""
    return f"the {site} site holds {_number(found)} of {_number(wanted)}"


def _number(amount: Fraction) -> str:
    return written_amount(amount) or "1" if amount else "0"


def _has_fractions(amounts: Amounts, scale: Fraction) -> bool:
    """Tell whether a site is written with fractions."""
    return scale.denominator == 1 and any(n.denominator != 1 for n in amounts.values())


def _metal_charge(structure: StructureType) -> Fraction:
    """Return the mean charge of the metals that makes a type neutral."""
    spacers, a, b, x = structure.counts
    charge = 2 if structure.prototype == "dion_jacobson" else 1
    return Fraction(x - a - charge * spacers, b)


def _compensation(dopant: str, sites: Mapping[str, Amounts], wanted: Fraction) -> str:
    """Say what can compensate a dopant on B, and how a doped supercell is made."""
    metals = sites["B"]
    charge = possible_charges(dopant)[0]
    host = max((unit for unit in metals if unit != dopant), key=lambda unit: metals[unit])
    excess = written_charge((charge - wanted) * metals[dopant])
    if charge > wanted:
        ways = f"as much Ag or Na on {host}, half as many {host} vacancies, or as many A vacancies"
    else:
        ways = f"as much Bi or Sb on {host}, or as many X vacancies"
    others = {unit: n for unit, n in metals.items() if unit not in (host, dopant)}
    pure = dict(sites) | {"B": others | {host: metals[host] + metals[dopant]}}
    entries = [Sublattice(name=s, amounts=by_share(part)) for s, part in pure.items() if part]
    share = written_amount(metals[dopant] / (metals[host] + metals[dopant]))
    return (
        f"{dopant} {charge:+d} on {host} {written_charge(wanted)} adds {excess} e; "
        f"name its compensation: {ways}; or dope a supercell: heterobuild crystals export "
        f"{quote(written_compound(entries))} --dope {dopant}={share} "
        f"--compensation vacancy-{'A' if charge > wanted else 'X'}"
    )


def _suggestions(sites: Mapping[str, Amounts]) -> str:
    """Return the nearest neutral formulas of the same ions as a clause; empty for none."""
    found = {site: total(sites[site]) for site in SITES}
    ranked = sorted(
        (sum(abs(counts[site] - found[site]) for site in SITES) + 2 * unusual, unusual, name)
        for counts, unusual, name in _neutral_formulas(sites)
    )
    names = list(dict.fromkeys(name for *_, name in ranked))[:_SUGGESTED]
    return f"; neutral {'is' if len(names) == 1 else 'are'} {', '.join(names)}" if names else ""


def _neutral_formulas(sites: Mapping[str, Amounts]) -> Iterator[tuple[dict[str, int], bool, str]]:
    """Yield neutral formulas of the same ions in the same shares, in known structure types."""
    types = SIMPLE
    if sites["spacer"]:
        types = tuple(layered_type(n, charge) for n in range(1, 6) for charge in (1, 2))
    for structure in types:
        counts = dict(zip(SITES, structure.counts, strict=True))
        if any(bool(sites[site]) != bool(count) for site, count in counts.items()):
            continue
        parts = {
            site: {u: count * n / total(sites[site]) for u, n in sites[site].items()}
            for site, count in counts.items()
        }
        if balanced_charges(amounts := _sum(parts)):
            entries = [
                Sublattice(name=site, amounts=by_share(part))
                for site, part in parts.items()
                if part
            ]
            yield counts, net_charge(amounts) != 0, written_compound(entries)
