"""How ions are distributed over the sites of one plane: at random, evenly, or quasirandom."""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray, IntArray

MOST_SITES = 2000
"""Sites of a plane that a search compares; beyond, it takes minutes and memory of many GB."""

_SWAPS = 400  # sites up to which an even pattern is improved by exchanges
_CHOICES = 20_000  # arrangements up to which all are compared
_RANGE = 4  # power of the distance with which like ions repel: near neighbours decide


def arrange_in_plane(
    pattern: str,
    counts: IntArray,
    centres: FloatArray,
    *,
    cell: FloatArray,
    pbc: tuple[bool, bool, bool],
    rng: np.random.Generator,
) -> IntArray:
    """Return the ion of each site of a plane, or of a shell.

    Parameters
    ----------
    pattern : {"random", "ordered", "quasirandom"}
        At random; evenly spread, so that ions of one kind are as far apart as the plane allows;
        or with pair correlations as near to those of infinitely many random sites as the
        plane allows, see `heterobuild.alloys.quasirandom`.
    counts : (k,) int array
        Number of sites of each ion.
    centres : (m, 3) float array
        Where the sites are, in Å.
    cell : (3, 3) float array
        Cell in Å, rows.
    pbc : tuple of bool
        Along which vectors it repeats.
    rng : numpy.random.Generator
        Generator of the draw; an ordered pattern does not use it.

    Returns
    -------
    (m,) int array
        Ion 0 … k − 1 of each site; every ion has its number of sites.

    Raises
    ------
    UsageError
        If there are more than `MOST_SITES` sites for a search.
    MissingExtraError
        If a quasirandom pattern lacks its package.

    Examples
    --------
    >>> square = np.array([[0, 0, 0], [4, 0, 0], [0, 4, 0], [4, 4, 0]], dtype=float)
    >>> arrange_in_plane("ordered", np.array([2, 2]), square, cell=np.diag([8.0, 8, 9]),
    ...                  pbc=(True, True, False), rng=np.random.default_rng(0)).tolist()
    [0, 1, 1, 0]
    """
    if pattern == "random" or np.count_nonzero(counts) < 2:
        return rng.permutation(np.repeat(np.arange(len(counts)), counts))
    if len(centres) > MOST_SITES:
        raise UsageError(
            f"a {pattern} pattern is searched in planes of few sites",
            where="in_plane",
            measured=f"{len(centres)} sites that share one composition",
            allowed=f"{MOST_SITES} sites",
            next_step="use in_plane: random, or a smaller model",
        )
    if pattern == "quasirandom":
        from ase import Atoms

        from heterobuild.alloys.quasirandom import quasirandom

        return quasirandom(counts, centres, Atoms(cell=cell, pbc=pbc), rng)
    return _even(counts, _repulsion(centres, cell, pbc))


def _repulsion(centres: FloatArray, cell: FloatArray, pbc: tuple[bool, bool, bool]) -> FloatArray:
    """Return how strongly two like ions repel on each pair of sites, images included."""
    steps = [range(-1, 2) if periodic else range(1) for periodic in pbc]
    images = np.stack(np.meshgrid(*steps, indexing="ij"), axis=-1).reshape(-1, 3) @ cell
    total = np.zeros((len(centres), len(centres)))
    between = centres[:, None] - centres[None]
    for image in images:
        square = ((between + image) ** 2).sum(axis=-1)
        np.maximum(square, 1e-6, out=square)
        itself = square < 1e-3
        total += np.where(itself, 0.0, square ** (-_RANGE / 2))
    scale = total.max()
    result: FloatArray = np.round(total / scale, 9) if scale > 0 else total
    return result


def _even(counts: IntArray, repulsion: FloatArray) -> IntArray:
    """Give sites to ions, the rarest first, each as far from its like as may be."""
    found = np.full(len(repulsion), -1, dtype=np.int64)
    kinds = np.lexsort((np.arange(len(counts)), counts))
    for kind in kinds[:-1].tolist():
        free = np.flatnonzero(found < 0)
        chosen = _apart(int(counts[kind]), repulsion[np.ix_(free, free)])
        found[free[chosen]] = kind
    found[found < 0] = kinds[-1]
    return found


def _apart(count: int, repulsion: FloatArray) -> BoolArray:
    """Choose the sites that repel least: of all choices, or by a search where those are many."""
    if comb(len(repulsion), count) <= _CHOICES:
        return _best_of_all(count, repulsion)
    chosen = np.zeros(len(repulsion), dtype=bool)
    felt = np.zeros(len(repulsion))
    for _ in range(count):
        site = int(np.argmin(np.where(chosen, np.inf, np.round(felt, 7))))
        chosen[site] = True
        felt += repulsion[site]
    if len(repulsion) <= _SWAPS:
        _exchange(chosen, felt, repulsion)
    return chosen


def _best_of_all(count: int, repulsion: FloatArray) -> BoolArray:
    """Compare all choices; of equal ones the first is taken."""
    every = np.array(list(combinations(range(len(repulsion)), count)), dtype=np.int64)
    total = np.zeros(len(every))
    for i in range(count):
        for j in range(count):
            total += repulsion[every[:, i], every[:, j]]
    chosen = np.zeros(len(repulsion), dtype=bool)
    chosen[every[int(np.argmin(np.round(total, 7)))]] = True
    return chosen


def _exchange(chosen: BoolArray, felt: FloatArray, repulsion: FloatArray) -> None:
    """Exchange chosen sites for others, in place, while that lowers the sum."""
    for _ in range(len(repulsion)):
        ours, others = np.flatnonzero(chosen), np.flatnonzero(~chosen)
        if not len(ours) or not len(others):
            break
        own = np.diag(repulsion)
        change = (felt[others] + own[others] / 2)[None] - (felt[ours] - own[ours] / 2)[:, None]
        change = np.round(change - repulsion[np.ix_(ours, others)], 9)
        best = int(np.argmin(change))
        if change.flat[best] >= -1e-7:
            break
        out, into = ours[best // len(others)], others[best % len(others)]
        chosen[out], chosen[into] = False, True
        felt += repulsion[into] - repulsion[out]
