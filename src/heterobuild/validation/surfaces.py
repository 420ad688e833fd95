"""Which atoms lie at a free surface, whatever its shape: those with an open side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.labels import Site
from heterobuild.validation.images import with_images

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.validation.view import View

_DIRECTIONS = 64
_ATOMS = 1000
_PIECE = 1 << 18
_SAME_PLACE = 1e-6


@dataclass(frozen=True, kw_only=True, eq=False)
class _Grid:
    """Boxes along the cell vectors, none thinner than a range, around all atoms."""

    inverse: FloatArray
    pbc: BoolArray
    low: FloatArray
    extent: FloatArray
    count: IntArray


def at_free_surface(structure: View, atoms: IntArray) -> BoolArray:
    """Return which atoms have an open side: an empty cone around some direction.

    The cone is that of ``limits.open_range`` and ``limits.open_cone``. Atoms of ligands do not
    fill it, because the surface of a particle is the one under its ligands. A missing halide
    opens no cone, because the next B cation lies behind it.

    Parameters
    ----------
    structure : View
        The structure.
    atoms : (m,) int array
        The atoms in question, usually few.

    Returns
    -------
    (m,) bool array
        Whether each is at a free surface.
    """
    from scipy.spatial import cKDTree

    if len(atoms) == 0 or abs(np.linalg.det(structure.cell)) < _SAME_PLACE:
        return np.zeros(len(atoms), dtype=np.bool_)
    reach = structure.limits.open_range
    pbc = structure.atoms.pbc
    centres, _ = with_images(structure.positions[atoms], structure.cell, pbc, 0.0)
    near = _candidates(structure, centres, reach)
    points, _ = with_images(structure.positions[near], structure.cell, pbc, reach)
    tree = cKDTree(points)
    cosine = float(np.cos(np.radians(structure.limits.open_cone)))
    parts = [
        _open(centres[start : start + _ATOMS], points, tree, reach, cosine)
        for start in range(0, len(atoms), _ATOMS)
    ]
    return np.concatenate(parts)


def _open(
    centres: FloatArray, points: FloatArray, tree: cKDTree, reach: float, cosine: float
) -> BoolArray:
    """Return which centres have a direction whose cone is empty."""
    own = type(tree)(centres)
    found = own.sparse_distance_matrix(tree, reach, output_type="ndarray")
    found = found[found["v"] > _SAME_PLACE]
    found = found[np.argsort(found["i"], kind="stable")]
    towards = (points[found["j"]] - centres[found["i"]]) / found["v"][:, None]
    filled = towards @ _sphere(_DIRECTIONS).T > cosine
    blocked = np.zeros((len(centres), _DIRECTIONS), dtype=np.bool_)
    owner, begin = np.unique(found["i"], return_index=True)
    if len(owner):
        blocked[owner] = np.logical_or.reduceat(filled, begin, axis=0)
    return np.asarray(~blocked.all(axis=1))


def _sphere(count: int) -> FloatArray:
    """Return unit vectors spread evenly over the sphere, along a golden spiral."""
    k = np.arange(count) + 0.5
    height = 1 - 2 * k / count
    turn = np.pi * (1 + np.sqrt(5.0)) * k
    ring = np.sqrt(1 - height**2)
    return np.column_stack([ring * np.cos(turn), ring * np.sin(turn), height])


def _candidates(structure: View, centres: FloatArray, reach: float) -> IntArray:
    """Return the atoms in the boxes around the centres, those of ligands left out."""
    grid = _grid(structure, reach)
    hot = np.zeros(tuple(grid.count), dtype=np.bool_)
    hot[_boxes(grid, centres)] = True
    for axis in range(3):
        around = hot.copy()
        for step in (-1, 1):
            moved = np.roll(hot, step, axis=axis)
            if not structure.atoms.pbc[axis]:
                edge = [slice(None)] * 3
                edge[axis] = slice(0, 1) if step == 1 else slice(-1, None)
                moved[tuple(edge)] = False
            around |= moved
        hot = around
    found = []
    for start in range(0, len(structure.positions), _PIECE):
        place = _boxes(grid, structure.positions[start : start + _PIECE])
        found.append(np.flatnonzero(hot[place]) + start)
    near = np.concatenate(found)
    kept: IntArray = near[structure.site[near] != Site.LIGAND]
    return kept


def _grid(structure: View, reach: float) -> _Grid:
    """Lay the grid of boxes."""
    inverse, pbc = np.linalg.inv(structure.cell), np.array(structure.atoms.pbc)
    low, extent = np.zeros(3), np.ones(3)
    for k in np.flatnonzero(~pbc):
        along = structure.positions @ inverse[:, k]
        low[k], extent[k] = along.min(), max(float(np.ptp(along)), _SAME_PLACE)
    margin = reach * np.linalg.norm(inverse, axis=0)
    count = np.maximum(extent / margin, 1).astype(np.int64)
    return _Grid(inverse=inverse, pbc=pbc, low=low, extent=extent, count=count)


def _boxes(grid: _Grid, points: FloatArray) -> tuple[IntArray, ...]:
    """Return the box of each point along each vector."""
    fractions = (points @ grid.inverse - grid.low) / grid.extent
    fractions -= np.floor(fractions) * grid.pbc
    boxes = np.clip(fractions * grid.count, 0, grid.count - 1).astype(np.int64)
    return tuple(boxes.T)
