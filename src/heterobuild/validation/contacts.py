"""Shortest contact of each pair of species against radii, overall and across interfaces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from ase.data import chemical_symbols

from heterobuild.chemistry.charged_radii import charged_radius
from heterobuild.chemistry.elements import covalent_table, vdw_table
from heterobuild.chemistry.ions import charge_table, radius_table
from heterobuild.errors import UnknownNameError
from heterobuild.model import Finding
from heterobuild.validation.view import on_defects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Level
    from heterobuild.validation.limits import CheckLimits
    from heterobuild.validation.pair_search import Places
    from heterobuild.validation.view import View

_DONORS = (7, 8)
_ACCEPTORS = (7, 8, 9, 16, 17, 34, 35, 53)
_UNKNOWN_RADIUS = 1.5
_MOST_ATOMS = 10
_ROUNDING = 1e-6


@dataclass(frozen=True, kw_only=True)
class _Species:
    """Atoms with the same radii: element, formal charge of an ion, and role in a molecule."""

    number: int
    charge: int
    molecular: bool
    donor: bool

    @property
    def sign(self) -> int:
        """Sign of the charge."""
        return (self.charge > 0) - (self.charge < 0)

    @property
    def name(self) -> str:
        """Symbol, with what sets it apart from an ion of the same element."""
        symbol = chemical_symbols[self.number]
        if self.donor:
            return f"{symbol} (N–H or O–H)"
        return f"{symbol} (molecule)" if self.molecular else symbol


@dataclass(frozen=True, kw_only=True)
class _Limit:
    """The sum of radii of two species, the allowed fractions of it, and what they are."""

    radii: float
    error: float
    warning: float
    kind: str


def check_contacts(structure: View) -> tuple[Finding, ...]:
    """Compare the shortest contact of each pair of species with the sum of their radii.

    The radii of ions are the usual ones of `heterobuild.chemistry.ions.ionic_radius`: those for
    six neighbours, for Cu and Si four. Opposite ions, two anions, two cations and neutral atoms
    have fractions of their own in `CheckLimits`; an atom of a molecule against any other unit is
    judged by van der Waals radii, a hydrogen on N or O that points to an acceptor more leniently.
    Atoms of one molecule are left out, but two atoms at one place are always an error. Antisites
    and interstitials that were asked for (the array ``defect``) are judged as inside a crystal.

    Parameters
    ----------
    structure : View
        The structure.

    Returns
    -------
    tuple of Finding
        One for each pair of species that comes nearer than the cutoff, under the name
        ``contacts``; the same across interfaces under ``contacts across interface``.
    """
    findings = _coincidences(structure)
    table, code = _species(structure)
    findings += _judge(structure, table, code, across=False)
    if len(structure.regions) > 1:
        findings += _judge(structure, table, code, across=True)
    return tuple(findings)


def _coincidences(structure: View) -> list[Finding]:
    """Report atoms at the same place, also within molecules."""
    pairs, limit = structure.pairs, structure.limits.same_place
    close = np.flatnonzero(pairs.distance < limit)
    if len(close) == 0:
        return []
    message = f"{len(close)} pairs of atoms lie at the same place"
    return [
        Finding(
            check="contacts",
            level="error",
            message=message,
            value=float(pairs.distance[close].min()),
            limit=limit,
            unit="Å",
            atoms=_atoms(pairs.i[close], pairs.j[close]),
        )
    ]


def _species(structure: View) -> tuple[list[_Species], NDArray[np.uint16]]:
    """Return the table of species and the species of each atom."""
    pairs, numbers = structure.pairs, structure.numbers
    molecular = structure.molecule > 0
    donor = np.zeros(len(numbers), dtype=np.bool_)
    a, b = pairs.i[pairs.bond], pairs.j[pairs.bond]
    for hydrogen, partner in ((a, b), (b, a)):
        bound = (numbers[hydrogen] == 1) & np.isin(numbers[partner], _DONORS)
        donor[hydrogen[bound]] = True
    charge = np.where(molecular, 0.0, structure.charge).round(6)
    charge = (np.sign(charge) * np.ceil(np.abs(charge))).clip(-15, 15).astype(np.int64)
    key = ((numbers * 32 + charge + 16) * 2 + molecular) * 2 + donor
    found = np.flatnonzero(np.bincount(key))
    place = np.zeros(int(key.max(initial=0)) + 1, dtype=np.uint16)
    place[found] = np.arange(len(found))
    table = [
        _Species(
            number=k // 128,
            charge=k // 4 % 32 - 16,
            molecular=bool(k // 2 % 2),
            donor=bool(k % 2),
        )
        for k in found.tolist()
    ]
    return table, place[key]


def _judge(
    structure: View, table: list[_Species], code: NDArray[np.uint16], *, across: bool
) -> list[Finding]:
    """Find the shortest pair for each two species, all or those across interfaces, and compare."""
    n = len(table)
    shortest = np.full(n * n, np.inf)
    for index, key in _keyed(structure, code, n, across=across):
        np.minimum.at(shortest, key, structure.pairs.distance[index])
    found: list[int] = np.flatnonzero(np.isfinite(shortest)).tolist()
    limits = {k: _limit(structure.limits, table[k // n], table[k % n], across) for k in found}
    floor = np.zeros(n * n)
    for pair, limit in limits.items():
        floor[pair] = max(shortest[pair], (limit.error - _ROUNDING) * limit.radii)
    close, keys = _closest(structure, code, floor, n, across=across)
    findings = []
    for k in found:
        near = close[keys == k]
        names = (table[k // n].name, table[k % n].name)
        closest = structure.pairs.i[near], structure.pairs.j[near]
        findings.append(_finding(names, limits[k], float(shortest[k]), closest, across))
    return findings


def _keyed(
    structure: View, code: NDArray[np.uint16], n: int, *, across: bool
) -> Iterator[tuple[IntArray, IntArray]]:
    """Give pairs of atoms of two units piece by piece, with the number of their two species."""
    pairs, region = structure.pairs, structure.region
    defects = on_defects(structure) > 0
    for piece in pairs.pieces:
        i, j = pairs.i[piece], pairs.j[piece]
        chosen = ~pairs.inside[piece]
        if across:
            chosen &= region.take(i) != region.take(j)
            chosen &= ~(defects.take(i) | defects.take(j))
        index = np.flatnonzero(chosen)
        s, t = code.take(i[index]), code.take(j[index])
        key = np.minimum(s, t).astype(np.int64) * n + np.maximum(s, t)
        yield index + piece.start, key


def _closest(
    structure: View, code: NDArray[np.uint16], floor: FloatArray, n: int, *, across: bool
) -> tuple[IntArray, IntArray]:
    """Return the pairs up to a distance for each two species, nearest first, and their keys."""
    distance = structure.pairs.distance
    index, keys = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for members, key in _keyed(structure, code, n, across=across):
        low = distance[members] <= floor[key]
        index.append(members[low])
        keys.append(key[low])
    close, kinds = np.concatenate(index), np.concatenate(keys)
    order = np.argsort(distance[close], kind="stable")
    return close[order], kinds[order]


def _finding(
    names: tuple[str, str],
    limit: _Limit,
    shortest: float,
    closest: tuple[Places, Places],
    across: bool,  # noqa: FBT001
) -> Finding:
    """Put one shortest contact into words."""
    ratio = shortest / limit.radii
    level: Level = "error" if ratio < limit.error - _ROUNDING else "info"
    if level == "info" and ratio < limit.warning - _ROUNDING:
        level = "warning"
    allowed = limit.warning if level == "warning" else limit.error
    place = " across an interface" if across else ""
    message = f"shortest {names[0]}–{names[1]}{place} {shortest:.2f} Å"
    message += f" is {ratio:.2f} of the sum of {limit.kind}"
    if level == "error":
        message += f", in {len(closest[0])} contacts below {allowed:g}"
    count = _MOST_ATOMS // 2 if level == "error" else 1
    return Finding(
        check="contacts across interface" if across else "contacts",
        level=level,
        message=message,
        value=shortest,
        limit=allowed * limit.radii,
        unit="Å",
        atoms=_atoms(closest[0][:count], closest[1][:count]),
    )


def _limit(limits: CheckLimits, a: _Species, b: _Species, across: bool) -> _Limit:  # noqa: FBT001
    """Return what two species may do."""
    if a.molecular or b.molecular:
        return _limit_of_molecule(limits, a, b)
    ionic = _ionic_radius(a) + _ionic_radius(b)
    if a.sign == 0 or b.sign == 0 or np.isnan(ionic):
        radii = _radius(covalent_table(), a) + _radius(covalent_table(), b)
        fractions = limits.covalent_error, limits.covalent_warning
        return _Limit(radii=radii, error=fractions[0], warning=fractions[1], kind="covalent radii")
    radii = ionic
    if a.sign != b.sign:
        error = limits.interface_unlike_error if across else limits.unlike_error
        warning = limits.unlike_warning
        return _Limit(radii=radii, error=error, warning=warning, kind="ionic radii")
    if a.sign < 0:
        error, warning = limits.anions_error, limits.anions_warning
    else:
        error, warning = limits.cations_error, limits.cations_warning
    return _Limit(radii=radii, error=error, warning=warning, kind="ionic radii of like charge")


def _limit_of_molecule(limits: CheckLimits, a: _Species, b: _Species) -> _Limit:
    """Return the limit for an atom of a molecule against an atom of another unit."""
    radii = _contact_radius(a) + _contact_radius(b)
    bridge = (a.donor and b.number in _ACCEPTORS) or (b.donor and a.number in _ACCEPTORS)
    if bridge:
        error, warning = limits.hydrogen_bond_error, limits.hydrogen_bond_warning
        return _Limit(radii=radii, error=error, warning=warning, kind="radii, a hydrogen bond")
    error, warning = limits.vdw_error, limits.vdw_warning
    return _Limit(radii=radii, error=error, warning=warning, kind="van der Waals radii")


def _contact_radius(species: _Species) -> float:
    """Return the ionic radius of a cation, the van der Waals radius of anything else."""
    if not species.molecular and species.sign > 0 and not np.isnan(_ionic_radius(species)):
        return _ionic_radius(species)
    return _radius(vdw_table(), species)


def _ionic_radius(species: _Species) -> float:
    """Return the ionic radius at the charge of a species, else the usual one; nan for none."""
    usual, charge = radius_table()[species.number], charge_table()[species.number]
    if species.charge != charge:
        try:
            return charged_radius(chemical_symbols[species.number], species.charge)
        except UnknownNameError:
            return float(usual) if species.sign == np.sign(charge) else np.nan
    return float(usual)


def _radius(table: FloatArray, species: _Species) -> float:
    """Return a tabulated radius, 1.5 Å where there is none."""
    return float(np.nan_to_num(table[species.number], nan=_UNKNOWN_RADIUS))


def _atoms(i: Places, j: Places) -> tuple[int, ...]:
    """Return the first atoms of the pairs, each once, ten at most."""
    flat = np.stack([i, j], axis=1)[:_MOST_ATOMS].ravel().tolist()
    return tuple(dict.fromkeys(flat))[:_MOST_ATOMS]
