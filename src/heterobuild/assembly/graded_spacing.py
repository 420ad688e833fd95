"""Where planes of mixed composition lie: Vegard's rule along the normal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.assembly.graded_walls import stack_planes
from heterobuild.assembly.part_kinds import has_spacers
from heterobuild.labels import SITE, Site
from heterobuild.model import Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.assembly.graded_ions import Exchange
    from heterobuild.assembly.graded_walls import GradedWall, StackPlanes
    from heterobuild.assembly.part import Part
    from heterobuild.model import Region


def plane_stretches(
    wall: GradedWall, made: Sequence[Exchange], parts: Sequence[Part]
) -> FloatArray:
    """Return how much longer each plane's composition is than its part along the normal.

    Parameters
    ----------
    wall : GradedWall
        The wall.
    made : sequence of Exchange
        What was exchanged there; of several sites X counts, whose ions set the lengths of bonds.
    parts : sequence of Part
        The parts of the stack.

    Returns
    -------
    (p,) float array
        Fractions, by Vegard's rule from the volumes that the strained parts have for each
        octahedron; zero where a part has spacers.
    """
    inner, outer = parts[wall.inner], parts[wall.outer]
    if not made or has_spacers(inner.slab) or has_spacers(outer.slab):
        return np.zeros(len(wall.planes))
    ratio = _height_per_octahedron(outer) / _height_per_octahedron(inner)
    leading = max(made, key=lambda one: one.role == "X")
    inside = (1 - leading.share) * (ratio - 1)
    outside = leading.share * (1 / ratio - 1)
    return np.where(wall.number < 0, inside, outside)


def graded_heights(
    height: FloatArray, region: IntArray, stretch: FloatArray
) -> tuple[FloatArray, float]:
    """Return where planes lie when their spacing follows their composition.

    Parameters
    ----------
    height : (p,) float array
        Heights in Å, ascending.
    region : (p,) int array
        The part of each plane; distances between parts stay.
    stretch : (p,) float array
        Relative change of length of each plane's composition along the normal.

    Returns
    -------
    height : (p,) float array
        New heights; the lowest plane stays.
    change : float
        Change of the height of the stack in Å.

    Examples
    --------
    >>> graded_heights(np.array([0.0, 3.0, 6.0]), np.array([1, 1, 1]), np.array([0, 0, 0.1]))
    (array([0.  , 3.  , 6.15]), 0.15000000000000036)
    """
    step = np.diff(height)
    same = region[1:] == region[:-1]
    step = step * np.where(same, 1 + (stretch[1:] + stretch[:-1]) / 2, 1.0)
    found: FloatArray = height[0] + np.concatenate([[0.0], np.cumsum(step)])
    return found, float(found[-1] - height[-1])


def space_planes(
    atoms: Atoms, planes: StackPlanes, stretch: FloatArray
) -> tuple[Atoms, FloatArray, tuple[Step, ...]]:
    """Move each plane to the height that its composition asks for; units move as wholes.

    Parameters
    ----------
    atoms : ase.Atoms
        The stack; left unchanged.
    planes : StackPlanes
        Its planes as built.
    stretch : (p,) float array
        Relative change of length of each plane's composition along the normal.

    Returns
    -------
    atoms : ase.Atoms
        The stack; its third cell vector grows with it.
    height : (p,) float array
        New heights in Å.
    steps : tuple of Step
        What was done, if anything.
    """
    if not stretch.any():
        return atoms, planes.height, ()
    height, change = graded_heights(planes.height, planes.region, stretch)
    now = stack_planes(atoms)
    moved = atoms.copy()
    moved.positions[:, 2] += (height - planes.height)[now.plane[now.unit]]
    cell = np.array(moved.cell)
    cell[2, 2] += change
    moved.set_cell(cell)
    step = Step(
        name="plane spacing",
        choice="follows the composition along the normal by Vegard's rule; in the plane all parts "
        f"keep the common cell; the stack is {change:+.3f} Å thicker",
        values={"change_of_thickness_A": round(change, 6)},
    )
    return moved, height, (step,)


def region_as_spaced(region: Region, part: Part, planes: StackPlanes, height: FloatArray) -> Region:
    """Return a region with the strain along the normal of its median repeat.

    The repeats are those between the most common cations, ions before molecules, from which
    the checks measure strain, too.

    Parameters
    ----------
    region : Region
        The region as built.
    part : Part
        Its part.
    planes : StackPlanes
        The planes as built.
    height : (p,) float array
        New heights of the planes in Å.

    Returns
    -------
    Region
        The region; unchanged where it is thinner than a repeat.
    """
    cation = np.isin(planes.site, (Site.A, Site.B))
    cation &= planes.region[planes.plane] == region.code
    if (planes.kind[cation] == 0).any():
        cation &= planes.kind == 0
        amounts = np.bincount(planes.number[cation])
        cation &= planes.number == len(amounts) - 1 - int(np.argmax(amounts[::-1]))
    held = np.bincount(planes.plane[cation], minlength=len(height))
    period = len(part.slab.stacking.terminations)
    low = np.flatnonzero((held[:-period] > 0) & (held[period:] > 0))
    if not len(low):
        return region
    ratio = (height[low + period] - height[low]) / (
        planes.height[low + period] - planes.height[low]
    )
    median = float(np.median(np.repeat(ratio, held[low])))
    strain = region.strain.copy()
    strain[2, 2] = (1 + strain[2, 2]) * median - 1
    return replace(region, strain=strain)


def _height_per_octahedron(part: Part) -> float:
    """Return the volume of a B cation of the strained crystal; all parts share their area."""
    stacking = part.slab.stacking
    octahedra = int((stacking.atoms.arrays[SITE] == Site.B).sum())
    volume = abs(float(np.linalg.det(stacking.cell @ part.deformation)))
    return volume / max(octahedra, 1)
