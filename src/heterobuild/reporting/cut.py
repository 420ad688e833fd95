"""Atoms → what a cut shows of them: a slab through a particle or a matrix, seen along x, y or z.

All coordinates of the scene are in Å in the frame of the screen: x right, y up, z towards the
viewer. Only the atoms near the cut are handled one by one.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from heterobuild import labels
from heterobuild.errors import UsageError
from heterobuild.reporting.polyhedra import find_polyhedra
from heterobuild.reporting.scene import Scene, bonds_of_molecules, unit_places
from heterobuild.reporting.walls import find_walls

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ase import Atoms

    from heterobuild.arrays import BoolArray, FloatArray, IntArray

ONE_OCTAHEDRON = 6.5
"""Å; a B cation with its octahedron, and less than the distance of the next ones beyond."""

FRAMES = {
    "x": np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
    "y": np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]]),
    "z": np.eye(3),
}
"""Columns are the axes x, y, z of the screen for each direction of view; z stays upright."""

_MARGIN = 8.0
_BORDER_WIDTH = 0.6  # Å: what lies on the border of the window, or nearly, is shown on both sides
_FULL = 0.95
_TOUCH = 1e-6
_CORNERS = 6


def make_cut(
    atoms: Atoms,
    *,
    along: str = "z",
    depth: float = ONE_OCTAHEDRON,
    through: Sequence[float] | None = None,
    height: float = 23.0,
) -> Scene:
    """Collect what a cut shows.

    An octahedron is in the cut with its B ion, a cation or molecule with its centre, a ligand or
    spacer with its charged end. Octahedra and molecules are shown whole. An octahedron is of the
    region of its B ion, or of a region without B ions that most of its halides are of.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms, molecules whole.
    along : {"x", "y", "z"}, optional
        Direction that the view looks along.
    depth : float, optional
        Thickness of the cut in Å; one octahedron by default.
    through : sequence of float, optional
        A point in the middle of the cut in Å, in the frame of the structure. By default the cut
        lies on that plane of B ions which holds the most of the innermost region, and of equal
        ones on that nearest to its middle.
    height : float, optional
        Periodic directions shorter than this are repeated to about this length, Å.

    Returns
    -------
    Scene
        What the picture shows.

    Raises
    ------
    UsageError
        If no atom is in the cut.
    """
    frame = FRAMES[along]
    cell = atoms.cell.array @ frame
    places = unit_places(atoms) @ frame
    deep, flat = _directions(cell, atoms.pbc)
    period = cell[deep] if deep is not None else None
    if through is None:
        middle = _fullest_height(atoms, places, depth, period)
    else:
        middle = float(np.asarray(through, dtype=np.float64) @ frame[:, 2])
    index, shifts = _near_heights(places[:, 2], period, middle, depth / 2 + _MARGIN)
    repeats = np.array([max(1, round(height / np.linalg.norm(cell[i]))) for i in flat], dtype=int)
    rows, moves, within = _in_window(places[index, :2] + shifts[:, :2], cell[flat], repeats)
    index, shifts = index[rows], shifts[rows] + moves
    copies = labels.take(atoms, index)
    copies.positions = copies.positions @ frame + shifts
    _colour_by_halides(copies, atoms)
    rise = places[index, 2] + shifts[:, 2] - middle
    inside = within & (np.abs(rise) < depth / 2 + _TOUCH)
    _require_some(inside, along, middle, places)
    walls = _walls(copies, np.abs(rise) < min(depth, ONE_OCTAHEDRON) / 2, cell[flat], repeats)
    return _assemble(
        copies,
        inside,
        walls=walls,
        flat=cell[flat],
        whole=places[atoms.arrays[labels.SITE] != labels.Site.LIGAND, :2] if not flat else None,
        note=f"cut of {depth:g} Å, seen along {along}",
    )


def _assemble(
    copies: Atoms,
    inside: BoolArray,
    *,
    walls: FloatArray,
    flat: FloatArray,
    whole: FloatArray | None,
    note: str,
) -> Scene:
    """Return the scene of the copies that are in the cut."""
    polyhedra = find_polyhedra(copies, inside)
    visible = inside.copy()
    visible[polyhedra.corners] = True
    thin = _thin(copies)
    visible &= ~(thin & (copies.numbers == 1))
    picked = labels.take(copies, np.flatnonzero(visible))
    whole = picked.positions[:, :2] if whole is None or not len(whole) else whole
    return Scene(
        view="cut",
        atoms=picked,
        bonds=bonds_of_molecules(picked),
        polyhedra=polyhedra,
        outline=_frame_edges(flat, picked.positions[:, :2]),
        thin=thin[visible],
        walls=walls,
        extent=np.stack([whole.min(axis=0), whole.max(axis=0)]),
        note=note,
    )


def _directions(cell: FloatArray, pbc: BoolArray) -> tuple[int | None, list[int]]:
    """Return the periodic vector that leads into the picture, and those that lie in it."""
    lengths = np.maximum(np.linalg.norm(cell, axis=1), 1e-9)
    into = int(np.argmax(np.abs(cell[:, 2]) / lengths))
    return (into if pbc[into] else None), [i for i in range(3) if i != into and pbc[i]]


def _fullest_height(
    atoms: Atoms, places: FloatArray, depth: float, period: FloatArray | None
) -> float:
    """Return the height of the plane of B ions that holds the most of the innermost region."""
    inner = _innermost(atoms)
    heights = np.sort(np.round(places[inner, 2], 6))
    if period is None:
        middle, ring = (heights[0] + heights[-1]) / 2, heights
    else:
        step = abs(float(period[2]))
        heights = np.sort(np.round(heights % step, 6))
        middle, ring = step / 2, np.concatenate([heights - step, heights, heights + step])
    half = min(depth, ONE_OCTAHEDRON) / 2
    count = np.searchsorted(ring, heights + half) - np.searchsorted(ring, heights - half)
    full = heights[count >= _FULL * count.max()]
    return float(full[np.argmin(np.round(np.abs(full - middle), 3))])


def _innermost(atoms: Atoms) -> IntArray:
    """Return the B ions of the region whose layers lie deepest inside the walls."""
    ions = np.flatnonzero(atoms.arrays[labels.SITE] == labels.Site.B)
    if len(ions) == 0:
        return np.arange(len(atoms))
    codes, inverse = np.unique(atoms.arrays[labels.REGION][ions], return_inverse=True)
    layers = np.bincount(inverse, weights=atoms.arrays[labels.LAYER][ions])
    deepest = np.argmin(layers / np.bincount(inverse))
    return ions[inverse == deepest] if len(codes) > 1 else ions


def _near_heights(
    heights: FloatArray, period: FloatArray | None, middle: float, reach: float
) -> tuple[IntArray, FloatArray]:
    """Return the atoms, and their periodic shifts, less than `reach` from a height."""
    step = np.zeros(3) if period is None else period
    shifts = [0]
    if period is not None:
        ends = [middle - reach - heights.max(), middle + reach - heights.min()]
        low, high = sorted(float(end) / float(step[2]) for end in ends)
        shifts = list(range(int(np.floor(low)), int(np.ceil(high)) + 1))
    found = [np.flatnonzero(np.abs(heights + k * step[2] - middle) < reach) for k in shifts]
    moves = np.repeat(np.array(shifts), [len(index) for index in found])
    return np.concatenate(found), moves[:, None] * step


def _in_window(
    points: FloatArray, vectors: FloatArray, repeats: IntArray
) -> tuple[IntArray, FloatArray, BoolArray]:
    """Return rows and shifts of all copies in and around the window, and which are inside."""
    fraction = points @ np.linalg.pinv(vectors[:, :2])
    lengths = np.linalg.norm(vectors, axis=1)
    margin, edge = _MARGIN / lengths, _BORDER_WIDTH / lengths
    wrap = np.floor(fraction)
    fraction = fraction - wrap
    extra = np.ceil(margin).astype(int)
    rows, moves, within = [], [], []
    for shift in product(
        *(range(-e, n + e) for e, n in zip(extra.tolist(), repeats.tolist(), strict=True))
    ):
        moved = fraction + np.array(shift, dtype=np.float64)
        near = np.flatnonzero(((moved > -margin) & (moved < repeats + margin)).all(axis=1))
        at = moved[near]
        rows.append(near)
        moves.append((np.array(shift, dtype=np.float64) - wrap[near]) @ vectors)
        within.append(((at > -edge) & (at < repeats + edge)).all(axis=1))
    return np.concatenate(rows), np.concatenate(moves), np.concatenate(within)


def _colour_by_halides(copies: Atoms, atoms: Atoms) -> None:
    """Give octahedra most of whose halides are of a region without B ions to that region."""
    from scipy.spatial import KDTree

    site, region = atoms.arrays[labels.SITE], atoms.arrays[labels.REGION]
    lone = np.setdiff1d(np.unique(region), np.unique(region[site == labels.Site.B]))
    ions = np.flatnonzero(copies.arrays[labels.SITE] == labels.Site.B)
    halides = np.flatnonzero(copies.arrays[labels.SITE] == labels.Site.X)
    if not len(lone) or not len(ions) or len(halides) < _CORNERS:
        return
    near = KDTree(copies.positions[halides]).query(copies.positions[ions], k=_CORNERS)[1]
    codes = copies.arrays[labels.REGION]
    for code in lone:
        most = (codes[halides[near]] == code).sum(axis=1) > _CORNERS / 2
        codes[ions[most]] = code


def _walls(copies: Atoms, near: BoolArray, flat: FloatArray, repeats: IntArray) -> FloatArray:
    """Return the walls inside the window."""
    ions = np.flatnonzero(near & (copies.arrays[labels.SITE] == labels.Site.B))
    walls = find_walls(copies.positions[ions, :2], copies.arrays[labels.REGION][ions])
    fraction = walls.mean(axis=1) @ np.linalg.pinv(flat[:, :2])
    edge = _BORDER_WIDTH / np.linalg.norm(flat, axis=1)
    kept: FloatArray = walls[((fraction > -edge) & (fraction < repeats + edge)).all(axis=1)]
    return kept


def _thin(atoms: Atoms) -> BoolArray:
    """Return which atoms belong to ligands and spacers, drawn as sticks without hydrogen."""
    organic = np.isin(atoms.arrays[labels.SITE], (labels.Site.LIGAND, labels.Site.SPACER))
    thin: BoolArray = organic & (atoms.arrays[labels.MOLECULE] > 0)
    return thin


def _frame_edges(flat: FloatArray, points: FloatArray) -> FloatArray:
    """Return the edges of the cell on the screen, shape (k, 2, 3); none without periodicity."""
    if len(flat) == 0:
        return np.zeros((0, 2, 3))
    first = flat[0] * [1, 1, 0]
    if len(flat) == 2:
        start, second = np.zeros(3), flat[1] * [1, 1, 0]
    else:
        across = np.array([-first[1], first[0], 0.0]) / np.linalg.norm(first)
        reach = points @ across[:2]
        start = (reach.min() - 1.0) * across
        second = (np.ptp(reach) + 2.0) * across
    corners = start + np.array([np.zeros(3), first, first + second, second])
    return np.stack([corners, np.roll(corners, -1, axis=0)], axis=1)


def _require_some(inside: BoolArray, along: str, middle: float, places: FloatArray) -> None:
    if not inside.any():
        sign = -1.0 if along == "y" else 1.0
        low, high = sorted((sign * places[:, 2].min(), sign * places[:, 2].max()))
        raise UsageError(
            "no atom is in the cut",
            where="through",
            measured=f"{along} = {sign * middle:.1f} Å",
            allowed=f"{low:.1f} to {high:.1f} Å",
            next_step="move the point, or leave it out",
        )
