"""Say which organic monolayers a slab carries; they are placed where the whole cell is known."""

from __future__ import annotations

from dataclasses import replace
from math import fsum, isfinite
from typing import TYPE_CHECKING

from heterobuild.errors import UsageError
from heterobuild.labels import CHARGE, LAYER, MOLECULE, SITE, Site
from heterobuild.ligands.bodies import as_ligand, load_ligand
from heterobuild.model.caps import Cap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heterobuild.model import Molecule, Slab

_ROUNDING = 1e-6


def cap_slab(
    slab: Slab,
    *,
    top: Mapping[str, float] | None = None,
    bottom: Mapping[str, float] | None = None,
    coverage: float = 1.0,
) -> Slab:
    """Cover the faces of a slab with monolayers of organic ions.

    A cation takes the place of an A cation of the outermost plane, an anion that of a halide, so
    that the charge stays. The heads stand on the face and the tails point away from it. The atoms
    of the slab stay as they are: the molecules are placed once the whole in-plane cell is known,
    because they are larger than a surface cell and pack on several of them.

    Parameters
    ----------
    slab : Slab
        The slab; left unchanged.
    top, bottom : mapping of str to float, optional
        Molecules on either face with their share of the monolayer, such as ``{"PEA": 1.0}``.
    coverage : float, optional
        Share of the ions of the outermost plane that are exchanged; all by default.

    Returns
    -------
    Slab
        The slab with its caps.

    Raises
    ------
    UsageError
        If a molecule has no head or another charge than ±1, charges differ, shares do not sum to
        one, the coverage is out of range or given without a cap, or the face has no ions to
        exchange.
    UnknownNameError
        If a molecule is unknown.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> from heterobuild.slabs import cut_slab
    >>> slab = cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=2, bottom="CsBr", top="CsBr")
    >>> cap_slab(slab, top={"PEA": 1.0}).cap_top.words
    'PEA on 100 % of the sites'
    """
    if top is None and bottom is None and coverage != 1:
        raise UsageError(
            "a coverage without a cap covers nothing",
            where="cap_coverage",
            measured=f"{coverage:g}",
            allowed="with cap_top or cap_bottom",
            next_step="name the molecules, such as cap_top: {PEA: 1}, or leave cap_coverage out",
        )
    if top is not None:
        slab = replace(slab, cap_top=_cap(slab, "top", top, coverage))
    if bottom is not None:
        slab = replace(slab, cap_bottom=_cap(slab, "bottom", bottom, coverage))
    return slab


def exchanged_site(charge: float) -> Site:
    """Return which ions of a face a molecule replaces.

    Parameters
    ----------
    charge : float
        Charge of the molecule in e, +1 or −1.

    Returns
    -------
    Site
        A for cations, X for anions.
    """
    return Site.A if charge > 0 else Site.X


def _cap(slab: Slab, face: str, given: Mapping[str, float], coverage: float) -> Cap:
    """Judge what is wanted on one face."""
    where = f"cap_{face}"
    ordered = sorted(given.items())  # as in the record: what comes first is placed first
    shares = tuple((load_ligand(name), float(share)) for name, share in ordered)
    numbers = [share for _, share in shares]
    if not shares or not all(isfinite(n) and n > 0 for n in numbers):
        raise UsageError(
            "a cap names molecules with their shares",
            where=where,
            measured=dict(given),
            allowed="shares above 0",
            next_step="write one molecule as {PEA: 1}",
        )
    if abs(fsum(numbers) - 1) > _ROUNDING:
        raise UsageError(
            "the shares of a cap do not sum to one",
            where=where,
            measured=f"{fsum(numbers):g}",
            allowed="1",
            next_step="lower cap_coverage instead, if ions of the face shall stay",
        )
    if not (isfinite(coverage) and 0 < coverage <= 1):
        raise UsageError(
            "a share of the sites cannot be covered",
            where="cap_coverage",
            measured=f"{coverage:g}",
            allowed="above 0, at most 1",
            next_step="use 1 for a closed monolayer, or leave out the cap for none",
        )
    _judge_molecules(where, [molecule for molecule, _ in shares])
    _judge_face(slab, face, shares[0][0])
    total = fsum(numbers)
    named = tuple((name, float(share) / total) for name, share in ordered)
    return Cap(shares=named, coverage=float(coverage))


def _judge_molecules(where: str, molecules: list[Molecule]) -> None:
    """Refuse molecules that cannot take the place of an ion."""
    for molecule in molecules:
        as_ligand(molecule)
        if round(abs(molecule.charge), 6) != 1:
            raise UsageError(
                f"{molecule.name} cannot take the place of an ion of the face",
                where=where,
                measured=f"a charge of {molecule.charge:+g} e",
                allowed="+1 e for an A cation, -1 e for a halide",
                next_step="choose an ammonium such as PEA, BA or OLA, or an anion such as oleate",
            )
    if len({molecule.charge for molecule in molecules}) > 1:
        raise UsageError(
            "one cap cannot hold cations and anions",
            where=where,
            measured=", ".join(f"{m.name} {m.charge:+g} e" for m in molecules),
            allowed="molecules of the same charge",
            next_step="put them on different faces",
        )


def _judge_face(slab: Slab, face: str, molecule: Molecule) -> None:
    """Refuse a face whose outermost plane has no ions that the molecules could replace."""
    plane = slab.count if face == "top" else 1
    arrays = slab.atoms.arrays
    wanted = exchanged_site(molecule.charge)
    mine = (arrays[LAYER] == plane) & (arrays[SITE] == wanted)
    if wanted == Site.X:
        mine &= (arrays[MOLECULE] == 0) & (arrays[CHARGE] < 0)
    if mine.any():
        return
    formula = (slab.top if face == "top" else slab.bottom).formula
    kind = "A cations" if wanted == Site.A else "halides"
    found = sorted(
        {plane.formula for plane in slab.stacking.terminations if _holds(slab, plane.index, wanted)}
    )
    raise UsageError(
        f"the {face} face of {slab.crystal.name} has no {kind} that {molecule.name} could replace",
        where=f"cap_{face}",
        measured=f"it ends in {formula}",
        allowed=" or ".join(found) or f"a crystal with {kind}",
        next_step=f"cut the slab with {face}: {found[0]}" if found else "leave out the cap",
    )


def _holds(slab: Slab, index: int, site: Site) -> bool:
    """Tell whether a plane of the crystal holds ions of a kind."""
    stacking = slab.stacking
    found = stacking.atoms.arrays[SITE][stacking.plane == index] == site
    return bool(found.any())
