"""The planes at which a crystal can end, and how a user names one."""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.formulas import expand_formula
from heterobuild.errors import UsageError
from heterobuild.labels import SITE, Site
from heterobuild.slabs.miller import miller_label
from heterobuild.slabs.polarity import layer_dipole
from heterobuild.slabs.stacking import stack_planes

if TYPE_CHECKING:
    from heterobuild.model import Crystal, Stacking, Termination


def list_terminations(
    crystal: Crystal, miller: object, *, tolerance: float | None = None
) -> tuple[Termination, ...]:
    """List every distinct plane at which the crystal can end on a face.

    Planes are distinct unless a proper space-group operation that keeps the normal maps one
    onto the other; equal formulas alone never merge two planes.

    Parameters
    ----------
    crystal : Crystal
        A crystal with atoms.
    miller : sequence of int or str
        The face, see `heterobuild.slabs.miller.face_indices`.
    tolerance : float, optional
        See `heterobuild.slabs.stacking.stack_planes`.

    Returns
    -------
    tuple of Termination
        From the crystal's origin upward.

    Raises
    ------
    MissingAtomsError
        If only the cell is known.
    UsageError
        If the Miller indices cannot be read.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> cubic = load_crystal("CsPbBr3_cubic")
    >>> [plane.formula for plane in list_terminations(cubic, "111")]
    ['Pb', 'CsBr3']
    """
    planes = stack_planes(crystal, miller, tolerance=tolerance).terminations
    return tuple(plane for plane in planes if plane.equivalent == plane.index)


def find_termination(stacking: Stacking, wanted: int | str) -> Termination:
    """Find a plane by its index or its formula.

    Parameters
    ----------
    stacking : Stacking
        The planes.
    wanted : int or str
        Index, or formula such as ``CsBr``; the order of the elements does not matter.

    Returns
    -------
    Termination
        The plane; of several equivalent ones the lowest.

    Raises
    ------
    UsageError
        If there is no such plane, or a formula fits planes that differ; the message lists
        the planes.
    """
    planes = stacking.terminations
    if isinstance(wanted, int):
        found = [plane for plane in planes if plane.index == wanted]
    else:
        found = [plane for plane in planes if _same_formula(plane.formula, wanted)]
    distinct = {plane.equivalent for plane in found}
    if len(distinct) == 1:
        return found[0]
    listed = "; ".join(f"{plane.index}: {plane.formula}" for plane in planes)
    where = f"{stacking.crystal.name} {miller_label(stacking.miller)}"
    if found:
        raise UsageError(
            f"the formula {wanted} fits several different planes",
            where=where,
            measured="indices " + ", ".join(str(plane.index) for plane in found),
            next_step=f"choose one by its index ({listed})",
        )
    raise UsageError(
        f"there is no termination {wanted!r}",
        where=where,
        allowed=listed,
        next_step="choose one by its index or formula",
    )


def default_bottom(stacking: Stacking) -> Termination:
    """Return the plane a slab starts with where none is asked for.

    Parameters
    ----------
    stacking : Stacking
        The planes.

    Returns
    -------
    Termination
        A plane with A cations or spacers and no B cation, the stable free surface of halide
        perovskites (CsBr for CsPbBr3); of several the one from which a whole layer has the
        least dipole (so that layered phases are cut between the spacers); then the lowest.
    """

    def preference(plane: Termination) -> tuple[bool, float, int]:
        inside = stacking.atoms.arrays[SITE][stacking.plane == plane.index]
        a_like = np.isin(inside, (Site.A, Site.SPACER)).any() and not (inside == Site.B).any()
        return not a_like, abs(round(layer_dipole(stacking, plane.index), 4)), plane.index

    return min(stacking.terminations, key=preference)


def _same_formula(first: str, second: str) -> bool:
    """Compare compositions, so that CsBr also names the plane Cs2Br2 of a larger cell."""
    try:
        return _ratio(first) == _ratio(second)
    except UsageError:
        return False


def _ratio(formula: str) -> dict[str, int]:
    counts = expand_formula(formula)
    divisor = gcd(*counts.values())
    return {name: count // divisor for name, count in counts.items()}
