"""Rolls of molecular cations about their axes: ammonium hydrogens to halides, without touching."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.elements import covalent_table, vdw_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Molecule

    BoolArray = NDArray[np.bool_]

ROLLS = 24
"""Rolls tried, every 15°: they contain the symmetric ones of three- and fourfold surroundings."""

NH_LIMIT = 0.75
CH_LIMIT = 0.85
"""Shortest allowed distance between a hydrogen and a halide as a fraction of the sum of their
van der Waals radii, for hydrogens of the head group and for others: hydrogen bonds of ammonium
to halides are as short as 0.75, contacts of C-H are not."""

_REACH = 7.0
_NEIGHBOURS = 24
_BOND = 1.3
_BATCH = 1024
_BRUTE_FORCE = 1_000_000


def roll_molecules(
    body: Molecule,
    centres: FloatArray,
    chosen: IntArray,
    *,
    directions: FloatArray,
    frame: FloatArray,
    obstacles: tuple[FloatArray, IntArray],
    cell: FloatArray,
    pbc: BoolArray,
    rng: np.random.Generator | None,
) -> FloatArray:
    """Lay molecules along given directions and choose the roll of each.

    Among the rolls without a short contact the one is taken that brings the hydrogens of the
    head group nearest to halides, or any of them by lot; where every roll has a short contact,
    the one with the widest. Ties go to the smallest roll.

    Parameters
    ----------
    body : Molecule
        Library geometry; its +x axis is the molecular axis.
    centres : (m, 3) float array
        Centres of the molecules in Å.
    chosen : (m,) int array
        Direction of each molecule, a row of `directions`.
    directions : (d, 3) float array
        Unit vectors.
    frame : (3, 3) float array
        Orthonormal pseudo-cubic axes, from which rolls are counted.
    obstacles : (p, 3) float array, (p,) int array
        Positions in Å and atomic numbers of the halides.
    cell : (3, 3) float array
        Cell in Å.
    pbc : (3,) bool array
        Periodic directions.
    rng : numpy.random.Generator or None
        Generator that draws among the allowed rolls; None takes the best.

    Returns
    -------
    (m, n, 3) float array
        Coordinates of the n atoms relative to the centres.
    """
    rotations = _rotations(directions, frame)
    shapes = np.einsum("ni,dkij->dknj", body.positions, rotations)
    lot = None if rng is None else rng.random((len(centres), ROLLS))
    near, radii = _halides_near(centres, obstacles, cell, pbc)
    rolls = np.empty(len(centres), dtype=np.int64)
    for start in range(0, len(centres), _BATCH):
        part = slice(start, start + _BATCH)
        rolls[part] = _best_rolls(
            shapes[chosen[part]], body, near[part], radii[part], None if lot is None else lot[part]
        )
    laid: FloatArray = shapes[chosen, rolls]
    return laid


def _rotations(directions: FloatArray, frame: FloatArray) -> FloatArray:
    """Return the rotation of the body axes for every direction and roll, rows are images."""
    across = np.abs(np.round(directions @ frame.T, 6)).argmin(axis=1)
    second = frame[across]
    second = second - np.sum(second * directions, axis=1, keepdims=True) * directions
    second /= np.linalg.norm(second, axis=1, keepdims=True)
    third = np.cross(directions, second)
    angles = np.arange(ROLLS) * (2 * np.pi / ROLLS)
    cosine, sine = np.cos(angles)[None, :, None], np.sin(angles)[None, :, None]
    rolled = cosine * second[:, None, :] + sine * third[:, None, :]
    first = np.broadcast_to(directions[:, None, :], rolled.shape)
    rotations: FloatArray = np.stack([first, rolled, np.cross(first, rolled)], axis=2)
    return rotations


def _best_rolls(
    shapes: FloatArray,
    body: Molecule,
    near: FloatArray,
    radii: FloatArray,
    lot: FloatArray | None,
) -> IntArray:
    """Choose among the rolls of a batch, from shapes (m, k, n, 3) and halides (m, p, 3)."""
    hydrogen = np.flatnonzero(body.numbers == 1)
    if not len(hydrogen) or not near.shape[1]:
        return np.zeros(len(shapes), dtype=np.int64)
    head = _on_head(body, hydrogen)
    m, k = shapes.shape[:2]
    points = shapes[:, :, hydrogen, :].reshape(m, -1, 3)
    squares = np.sum(points**2, axis=2)[:, :, None] + np.sum(near**2, axis=2)[:, None, :]
    distances = np.sqrt(np.maximum(squares - 2 * points @ near.transpose(0, 2, 1), 0.0))
    distances = distances.reshape(m, k, len(hydrogen), -1)
    limits = np.where(head, NH_LIMIT, CH_LIMIT)
    width = (distances / radii[:, None, None, :]).min(axis=3) / limits
    width = np.round(width.min(axis=2), 6)
    nearest = distances.min(axis=3)
    bonding = nearest[:, :, head].mean(axis=2) if head.any() else -width
    wish = -np.round(bonding, 6) if lot is None else lot
    score: FloatArray = np.where(width >= 1, 1e3 + wish, width)
    best: IntArray = score.argmax(axis=1)
    return best


def _on_head(body: Molecule, hydrogen: IntArray) -> BoolArray:
    """Tell which hydrogens are bound to the nitrogen atoms of the head group."""
    head = np.array(body.head, dtype=np.int64)
    between = body.positions[hydrogen][:, None, :] - body.positions[head][None, :, :]
    reach = _BOND * (covalent_table()[1] + covalent_table()[body.numbers[head]])
    bound: BoolArray = (np.linalg.norm(between, axis=2) < reach).any(axis=1)
    return bound


def _halides_near(
    centres: FloatArray,
    obstacles: tuple[FloatArray, IntArray],
    cell: FloatArray,
    pbc: BoolArray,
) -> tuple[FloatArray, FloatArray]:
    """Return the nearest halides of each centre, relative to it, and their contact radii."""
    inside, ghosts, numbers = _with_images(centres, obstacles, cell, pbc)
    count = min(_NEIGHBOURS, len(ghosts))
    if not count:
        return np.empty((len(centres), 0, 3)), np.empty((len(centres), 0))
    index = _nearest(inside, ghosts, count)
    contact = vdw_table()[1] + vdw_table()[numbers]
    return ghosts[index] - inside[:, None, :], contact[index]


def _nearest(points: FloatArray, others: FloatArray, count: int) -> IntArray:
    """Return the `count` nearest of the others for each point; small sets need no tree."""
    if len(points) * len(others) <= _BRUTE_FORCE:
        squares = np.sum((points[:, None, :] - others[None, :, :]) ** 2, axis=2)
        return np.argsort(squares, axis=1, kind="stable")[:, :count]
    from scipy.spatial import cKDTree

    index = cKDTree(others).query(points, k=count)[1]
    return np.asarray(index, dtype=np.int64).reshape(len(points), count)


def _with_images(
    centres: FloatArray,
    obstacles: tuple[FloatArray, IntArray],
    cell: FloatArray,
    pbc: BoolArray,
) -> tuple[FloatArray, FloatArray, IntArray]:
    """Bring the centres into the cell and surround it with images of the halides in reach."""
    positions, numbers = obstacles
    if not np.any(pbc) or not len(positions):
        return centres, positions, numbers
    from ase.geometry import complete_cell

    full = np.asarray(complete_cell(cell))
    inverse = np.linalg.inv(full)
    shift = np.floor(centres @ inverse) * pbc
    base = positions @ inverse
    base -= np.floor(base) * pbc
    margin = _REACH * np.linalg.norm(inverse, axis=0)
    most = np.ceil(margin).astype(int) * pbc
    grid = np.stack(np.meshgrid(*[np.arange(-n, n + 1) for n in most], indexing="ij"), axis=-1)
    images = (base[None, :, :] + grid.reshape(-1, 1, 3)).reshape(-1, 3)
    kept = np.all(np.logical_not(pbc) | ((images >= -margin) & (images <= 1 + margin)), axis=1)
    return centres - shift @ full, images[kept] @ full, np.tile(numbers, grid.size // 3)[kept]
