"""What a guest would cost its host at one place: octahedra, and the voids that they leave."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.frameworks.block import Block, links_of
from heterobuild.geometry.lattice_plane import lattice_basis
from heterobuild.incoherent.openings import DEEP, octahedra_hit
from heterobuild.incoherent.touching import kinds_of, touching
from heterobuild.incoherent.wall_area import spread_points
from heterobuild.labels import Site

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.frameworks.framework import Framework
    from heterobuild.geometry.shapes import Shape
    from heterobuild.incoherent.guests import Guest
    from heterobuild.model import Crystal

VOID = 3.5
"""Å from the nearest atom beyond which space counts as empty: no point of a close-packed halide is
farther from an ion."""

ABOVE, BELOW = 7.0, 2.0
"""Å outside and inside the solid of the B cations of a guest between which voids are looked for."""

SAMPLES = 12000
"""Points at which voids are measured."""

_SAME = 0.02


@dataclass(frozen=True, kw_only=True, eq=False)
class TrialPlace:
    """A guest in the endless crystal of its host.

    Parameters
    ----------
    block : Block
        Cells of the host around the guest.
    points : (n, 3) float array
        Atoms of these cells in Å relative to the centre of the guest, before it is shifted.
    depth : (n,) float array
        Their signed distances in Å from the solid of the guest.
    site : (n,) int array
        Flat index of the site of each atom.
    code : (n,) int array
        Kind of each atom.
    reach : float
        Distance in Å from the solid of the guest beyond which nothing touches it.
    trees : tuple
        Search trees of the outer atoms of the guest, one for each of their kinds.
    limits : (g, k) float array
        Distance in Å that a kind of the guest and one of the host keep at least.
    shape : Shape
        Solid of the B cations of the guest.
    outer : Shape or None
        Solid for the B cations of a host that ends around the guest.
    within : int
        Octahedra of the host inside it before the guest is shifted.
    samples : (p, 3) float array
        Points at the wall relative to the centre of the guest.
    """

    block: Block
    points: FloatArray
    depth: FloatArray
    site: IntArray
    code: IntArray
    reach: float
    trees: tuple[object, ...]
    limits: FloatArray
    shape: Shape
    outer: Shape | None
    within: int
    samples: FloatArray


def trial_place(
    framework: Framework,
    rotation: FloatArray,
    point: FloatArray,
    guest: Guest,
    *,
    gap: float,
    reach: float,
    outer: Shape | None = None,
) -> TrialPlace:
    """Get a guest ready to be shifted in its host.

    Parameters
    ----------
    framework : Framework
        Of the host.
    rotation : (3, 3) float array
        Of the host into the frame of the model.
    point : (3,) float array
        Centre of the guest in Å from the origin of the host's crystal, in the frame of the model.
    guest : Guest
        The guest.
    gap : float
        Distance in Å that all ions keep at least.
    reach : float
        Longest shift in Å.
    outer : Shape, optional
        Solid for the B cations of a host that ends around the guest, about its centre.

    Returns
    -------
    TrialPlace
        The guest and the cells around it.
    """
    from scipy.spatial import cKDTree

    half = np.array((outer or guest.shape).half)
    block = _cells_around(framework, rotation, point, half + DEEP + gap + reach)
    atoms = framework.crystal.require_atoms()
    kinds, code = kinds_of(atoms)
    steps = np.stack(np.meshgrid(*map(np.arange, block.cells), indexing="ij"), axis=-1)
    corner = (steps + np.array(block.origin)) @ (framework.cell @ rotation) - point
    depth = guest.shape.distance(guest.atoms.positions)
    own, own_code = kinds_of(guest.atoms)
    near = [(own_code == g) & (depth > -DEEP) for g in range(len(own))]
    filled = [g for g, chosen in enumerate(near) if chosen.any()]
    points = (corner[..., None, :] + atoms.positions @ rotation).reshape(-1, 3)
    cells = int(np.prod(block.cells))
    site = np.arange(cells)[:, None] * block.grid[3] + framework.unit
    limits = np.array([[max(touching(own[g], kind), gap) for kind in kinds] for g in filled])
    place = TrialPlace(
        block=block,
        points=points,
        depth=guest.shape.distance(points),
        site=site.ravel(),
        code=np.tile(code, cells),
        trees=tuple(cKDTree(guest.atoms.positions[near[g]]) for g in filled),
        reach=min(DEEP + gap, float(depth.max() + limits.max())),
        limits=limits,
        shape=guest.shape,
        outer=outer,
        within=0,
        samples=_samples(guest.shape),
    )
    return place if outer is None else replace(place, within=_within(place, np.zeros(3)))


def _cells_around(
    framework: Framework, rotation: FloatArray, point: FloatArray, half: FloatArray
) -> Block:
    """Return the cells that a box around a point touches."""
    inverse = np.linalg.inv(framework.cell @ rotation)
    middle, width = point @ inverse, np.abs(inverse.T) @ half
    low = np.floor(middle - width).astype(np.int64) - 1
    count = np.ceil(middle + width).astype(np.int64) + 2 - low
    a, b, c = low.tolist()
    nx, ny, nz = count.tolist()
    return Block(
        framework=framework, origin=(a, b, c), cells=(nx, ny, nz), periodic=(False, False, False)
    )


def _samples(shape: Shape) -> FloatArray:
    """Return evenly spread points at the wall."""
    half = np.array(shape.half) + ABOVE
    points = spread_points(half, 3 * SAMPLES)
    distance = shape.distance(points)
    return points[(distance > -BELOW) & (distance < ABOVE)]


def _kept(place: TrialPlace, shift: FloatArray) -> tuple[BoolArray, BoolArray]:
    """Return the sites that are hit and the octahedra that would go.

    A shift changes no distance from the guest by more than its length, so that most atoms are
    judged without measuring it again.
    """
    length = float(np.linalg.norm(shift))
    bad = place.depth <= -length
    for tree, limits in zip(place.trees, place.limits, strict=True):
        for kind, limit in enumerate(limits.tolist()):
            near = (place.depth < place.reach + length) & ~bad
            index = np.flatnonzero(near & (place.code == kind))
            away = place.points[index] - shift
            nearest, _ = tree.query(away, distance_upper_bound=limit)  # type: ignore[attr-defined]
            bad[index] = nearest < limit
    index = np.flatnonzero((place.depth <= length) & ~bad)
    bad[index] = place.shape.distance(place.points[index] - shift) <= 0
    hit = np.zeros(place.block.grid, dtype=bool)
    hit.ravel()[place.site[bad]] = True
    return hit, octahedra_hit(place.block, hit)


def octahedra_lost(place: TrialPlace, shift: FloatArray) -> int:
    """Count the octahedra that the host loses.

    Parameters
    ----------
    place : TrialPlace
        The guest in its host.
    shift : (3,) float array
        By how much the guest is moved in Å.

    Returns
    -------
    int
        Octahedra that are taken away, and those that no longer fit into a host that ends.
    """
    _, removed = _kept(place, shift)
    fewer = 0 if place.outer is None else max(0, place.within - _within(place, shift))
    return int(removed.sum()) + fewer


def _within(place: TrialPlace, shift: FloatArray) -> int:
    """Count the octahedra of a host whose B lie inside its outer solid."""
    if place.outer is None:
        return 0
    roles = place.block.framework.site[place.site % place.block.grid[3]]
    return int((place.outer.distance(place.points[roles == Site.B] - shift) <= 0).sum())


def void_at(place: TrialPlace, shift: FloatArray) -> tuple[float, float]:
    """Measure the empty space at the wall.

    Parameters
    ----------
    place : TrialPlace
        The guest in its host.
    shift : (3,) float array
        By how much the guest is moved in Å.

    Returns
    -------
    fraction : float
        Share of the space at the wall that is farther than `VOID` from any atom.
    radius : float
        Largest distance from the nearest atom in Å.
    """
    from scipy.spatial import cKDTree

    if not len(place.samples):
        return 0.0, 0.0
    hit, removed = _kept(place, shift)
    units = (links_of(place.block, ~removed) > 0) & ~hit
    units[..., place.block.framework.b_units] = ~removed
    chosen = np.flatnonzero(units.ravel()[place.site] & (place.depth < 2 * DEEP))
    host = place.points[chosen] - shift
    distance = np.full(len(place.samples), np.inf)
    for tree in (*place.trees, cKDTree(host) if len(host) else None):
        if tree is not None:
            distance = np.minimum(distance, tree.query(place.samples)[0])  # type: ignore[attr-defined]
    return float((distance > VOID).mean()), float(distance.max())


def primitive_steps(crystal: Crystal) -> FloatArray:
    """Return the shortest lattice vectors of a crystal whose cell may hold several lattice points.

    Parameters
    ----------
    crystal : Crystal
        The crystal.

    Returns
    -------
    (3, 3) float array
        Reduced primitive vectors in Å, rows, in the frame of the crystal.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> cell = primitive_steps(load_crystal("Cs4PbBr6"))
    >>> np.linalg.norm(cell, axis=1).round(2).tolist(), round(float(np.linalg.det(cell)), 1)
    ([9.81, 9.81, 9.81], 942.5)
    """
    from ase.geometry import minkowski_reduce

    atoms = crystal.require_atoms()
    fractions, numbers = atoms.positions @ np.linalg.inv(crystal.cell), atoms.numbers
    kinds, counts = np.unique(numbers, return_counts=True)
    rare = fractions[numbers == kinds[np.argmin(counts)]]
    found = [step % 1.0 for step in rare - rare[0] if _maps(fractions + step, fractions, crystal)]
    cell, _ = minkowski_reduce(lattice_basis(np.array(found)) @ crystal.cell)
    steps: FloatArray = cell if np.linalg.det(cell) > 0 else -cell
    return steps


def _maps(moved: FloatArray, fractions: FloatArray, crystal: Crystal) -> bool:
    """Tell whether a translation maps the atoms of a crystal onto equal ones."""
    numbers = crystal.require_atoms().numbers
    for number in np.unique(numbers).tolist():
        own = numbers == number
        away = moved[own][:, None] - fractions[own][None]
        away -= np.rint(away)
        if np.linalg.norm(away @ crystal.cell, axis=2).min(axis=1).max() > _SAME:
            return False
    return True
