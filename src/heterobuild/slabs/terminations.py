"""The planes at which a crystal can end, and how a user names one."""

from __future__ import annotations

from collections import Counter
from math import gcd
from typing import TYPE_CHECKING

from heterobuild.chemistry.formulas import expand_formula, unit_formula
from heterobuild.crystals.cubes import cube_of
from heterobuild.errors import UsageError
from heterobuild.labels import SITE, Site
from heterobuild.slabs.miller import miller_label
from heterobuild.slabs.polarity import layer_dipole
from heterobuild.slabs.stacking import plane_height, stack_planes

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
        Index, or formula such as ``CsBr``; the order of the elements does not matter, and any
        ion that shares a site stands for all.

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
        crystal = stacking.crystal
        found = [plane for plane in planes if _same_formula(plane.formula, wanted, crystal)]
    distinct = {plane.equivalent for plane in found}
    if len(distinct) == 1:
        return found[0]
    listed = "; ".join(f"{plane.index}: {plane_label(plane, stacking.crystal)}" for plane in planes)
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


def plane_label(plane: Termination, crystal: Crystal) -> str:
    """Write a plane with the ions that share its sites.

    Parameters
    ----------
    plane : Termination
        The plane; its formula names the ion with the largest share of each mixed site.
    crystal : Crystal
        The crystal it belongs to.

    Returns
    -------
    str
        Such as ``(FA0.85Cs0.15)(I0.6Br0.4)``; the formula of the plane where nothing is mixed.
    """
    if not crystal.mixtures:
        return plane.formula
    shared = {
        mixture.parent: "(" + "".join(f"{ion}{share:.4g}" for ion, share in mixture.shares) + ")"
        for mixture in crystal.mixtures
    }
    counts = expand_formula(plane.formula)
    return "".join(
        shared[ion] + (str(count) if count > 1 else "")
        if ion in shared
        else unit_formula({ion: count})
        for ion, count in counts.items()
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
        Of a layered phase a plane that leaves the octahedra of its sheets whole: with the least
        dipole of a whole layer, then above the widest spacing, so that both faces stay capped.
        Else a plane
        with A cations and no B cation, the stable free surface of halide perovskites (CsBr for
        CsPbBr3); of several the one with the least dipole, then the lowest.
    """
    layered = _is_layered(stacking)
    site, period = stacking.atoms.arrays[SITE], len(stacking.terminations)
    holds_b = [bool((site[stacking.plane == k] == Site.B).any()) for k in range(period)]
    holds_a = [bool((site[stacking.plane == k] == Site.A).any()) for k in range(period)]

    def preference(plane: Termination) -> tuple[bool, float, float, int]:
        k = plane.index
        dipole = abs(round(layer_dipole(stacking, k), 4))
        if not layered:
            return holds_b[k] or not holds_a[k], dipole, 0.0, k
        spacing = plane_height(stacking, k) - plane_height(stacking, k - 1)
        return holds_b[k] or holds_b[k - 1], dipole, -round(spacing, 4), k

    return min(stacking.terminations, key=preference)


def _is_layered(stacking: Stacking) -> bool:
    """Tell a phase of sheets by its spacers or by its axes."""
    cube = cube_of(stacking.crystal)
    in_plane = cube is not None and cube.kind.startswith("in-plane")
    return in_plane or bool((stacking.atoms.arrays[SITE] == Site.SPACER).any())


def _same_formula(first: str, second: str, crystal: Crystal) -> bool:
    """Compare compositions, so that CsBr also names the plane Cs2Br2 of a larger cell."""
    try:
        return _ratio(first, crystal) == _ratio(second, crystal)
    except UsageError:
        return False


def _ratio(formula: str, crystal: Crystal) -> dict[str, int]:
    """Count the ions of a formula, those that share a site as one."""
    parent = {ion: mix.parent for mix in crystal.mixtures for ion, _ in mix.shares}
    counts: Counter[str] = Counter()
    for name, count in expand_formula(formula).items():
        counts[parent.get(name, name)] += count
    divisor = gcd(*counts.values())
    return {name: count // divisor for name, count in counts.items()}
