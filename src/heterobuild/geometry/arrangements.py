"""Place many dots in a periodic cell at random, none nearer to another than wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import NothingFitsError, UsageError
from heterobuild.geometry.lattice_sites import snap_to_lattice
from heterobuild.geometry.periodic_pairs import face_heights, near_pairs
from heterobuild.geometry.pushing_apart import pushed_apart
from heterobuild.geometry.size_distributions import MOST_DOTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heterobuild.arrays import BoolArray, FloatArray, IntArray

_AT_ONCE = 8
"""Places that each dot tries at once."""

_FIRST_BATCH = 16
"""Dots placed together at the start; later as many as half of those that are in place."""

_STARTS = (2, 16)
"""Times that very many and few dots are pushed apart from a new beginning."""

_EFFORT = 20_000
"""Dots times beginnings, within these limits."""

_DENSEST = {100: 0.78, MOST_DOTS: 0.68}
"""Volume fractions that no pushing reaches, by the number of dots: few may find the order of a
lattice, 0.74 for equal balls; many jam at about 0.64."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Task:
    """What is to be placed where; the dots sorted, largest first."""

    cell: FloatArray
    pbc: tuple[bool, bool, bool]
    radii: FloatArray
    order: IntArray
    separation: float
    margin: float
    lattice: FloatArray | None
    origin: FloatArray
    pair_gap: Callable[[IntArray, IntArray, FloatArray], FloatArray] | None


def random_sequential(
    cell: FloatArray,
    pbc: Sequence[bool],
    radii: FloatArray,
    separation: float,
    rng: np.random.Generator,
    *,
    tries: int = 400,
    margin: float = 0.0,
    lattice: FloatArray | None = None,
    origin: Sequence[float] = (0.0, 0.0, 0.0),
    pair_gap: Callable[[IntArray, IntArray, FloatArray], FloatArray] | None = None,
) -> FloatArray:
    """Place dots at random in a cell, the largest first.

    Each dot is put where it keeps its distance from all others and their images. That fills
    about 0.38 of the volume with equal balls (random sequential addition). Where a dot finds no
    place, all are put at random and pushed apart, which reaches about 0.6.

    Parameters
    ----------
    cell : (3, 3) float array
        Cell in Å, rows; any shape.
    pbc : sequence of three bool
        Whether the cell repeats along each of its vectors. Along the others dots stay within
        the cell.
    radii : (n,) float array
        Radii in Å; of dots that are no balls those of the circumscribed balls.
    separation : float
        Least distance from wall to wall in Å.
    rng : numpy.random.Generator
        Source of randomness.
    tries : int, optional
        Places that each dot tries at most.
    margin : float, optional
        Least distance in Å from the wall of a dot to a face of the cell that does not repeat.
    lattice : (3, 3) float array or None, optional
        Vectors in Å, rows, of which all centres are whole sums, for coherent dots. The cell
        must be a supercell of them along its periodic vectors.
    origin : sequence of three float, optional
        Point of the lattice in Å.
    pair_gap : callable or None, optional
        For dots that are no balls: takes numbers of dots (p,), (p,) and vectors (p, 3) in Å
        from the first to the second, and returns their true distances from wall to wall (p,).
        It is asked where circumscribed balls are too near. Pushing apart takes the balls.

    Returns
    -------
    (n, 3) float array
        Centres in Å within the cell, in the order of the radii.

    Raises
    ------
    UsageError
        If a length is negative or not finite, or a dot is larger than the cell.
    NothingFitsError
        If the dots cannot be placed, with what was reached and what would fit.

    Examples
    --------
    >>> box, rng = 100.0 * np.eye(3), np.random.default_rng(1)
    >>> random_sequential(box, (True,) * 3, np.full(5, 15.0), 10.0, rng).shape
    (5, 3)
    """
    sizes = np.asarray(radii, dtype=np.float64)
    order = np.lexsort((np.arange(len(sizes)), -sizes))
    task = _Task(
        cell=np.asarray(cell, dtype=np.float64), pbc=(bool(pbc[0]), bool(pbc[1]), bool(pbc[2])),
        radii=sizes[order], order=order, separation=separation, margin=margin,
        lattice=lattice, origin=np.asarray(origin, dtype=np.float64), pair_gap=pair_gap,
    )  # fmt: skip
    _check(task)
    points, placed = _add_one_by_one(task, rng, tries)
    if placed < len(sizes):
        points = _push(task, points, placed, rng)
    result = np.empty_like(points)
    result[order] = points
    return result


def _check(task: _Task) -> None:
    """Refuse lengths that are no lengths, and a dot that does not fit by itself."""
    if len(task.radii) > MOST_DOTS:
        raise UsageError("too many dots", measured=len(task.radii), allowed=MOST_DOTS)
    lengths = [*task.radii.tolist(), task.separation, task.margin]
    if not np.isfinite(lengths).all() or min(lengths) < 0 or not np.all(task.radii > 0):
        raise UsageError(
            "radii are positive lengths in Å; separation and margin are not negative",
            measured=f"radii from {task.radii.min(initial=np.inf):g} Å, separation "
            f"{task.separation:g} Å, margin {task.margin:g} Å",
        )
    if task.lattice is not None:
        repeats = (task.cell @ np.linalg.inv(task.lattice))[np.array(task.pbc)]
        if np.abs(repeats - np.rint(repeats)).max(initial=0.0) > 1e-6:
            raise UsageError(
                "the cell is no supercell of the lattice of the dots",
                measured=f"repeats {np.round(repeats, 4).tolist()}",
                allowed="whole numbers along the periodic vectors",
                next_step="take whole repeats of the crystal as the matrix",
            )
    if not len(task.radii):
        return
    widest = 2 * float(task.radii[0])
    walls = np.where(task.pbc, np.inf, face_heights(task.cell) - 2 * task.margin)
    room = float(walls.min())
    limit, _, vectors = near_pairs(np.zeros((1, 3)), task.cell, task.pbc, widest + task.separation)
    if len(limit) and not _all_apart(task, limit, limit, vectors):
        room = min(room, float(np.linalg.norm(vectors, axis=1).min()) - task.separation)
    if widest > room:
        raise UsageError(
            "a dot is larger than its matrix",
            measured=f"{widest:.6g} Å across",
            allowed=f"at most {room:.6g} Å, to keep {task.separation:g} Å from its own image and "
            f"{task.margin:g} Å from the faces of the cell",
            next_step="raise cells or box, or take smaller dots (radius, octahedra)",
        )


def _all_apart(task: _Task, first: IntArray, second: IntArray, vectors: FloatArray) -> bool:
    """Return whether no pair is nearer than the separation."""
    return not _too_near(task, first, second, vectors).any()


def _too_near(task: _Task, first: IntArray, second: IntArray, vectors: FloatArray) -> BoolArray:
    """Return which pairs are nearer than the separation, to 1e-9 Å."""
    gaps = np.linalg.norm(vectors, axis=1) - task.radii[first] - task.radii[second]
    near: BoolArray = gaps < task.separation - 1e-9
    if task.pair_gap is not None and near.any():
        true = task.pair_gap(task.order[first[near]], task.order[second[near]], vectors[near])
        near[near] = true < task.separation - 1e-9
    return near


def _add_one_by_one(task: _Task, rng: np.random.Generator, tries: int) -> tuple[FloatArray, int]:
    """Place dots in batches, the largest first; return centres and how many are in place."""
    points = np.zeros((len(task.radii), 3))
    placed = 0
    while placed < len(points):
        batch = np.arange(placed, min(len(points), placed + max(_FIRST_BATCH, placed // 2)))
        waiting = batch
        for _ in range(-(-tries // _AT_ONCE)):
            settled = np.setdiff1d(np.arange(batch[-1] + 1), waiting)
            taken, centres = _proposals(task, waiting, settled, points, rng)
            points[taken] = centres
            waiting = np.setdiff1d(waiting, taken)
            if not len(waiting):
                break
        else:
            kept = np.setdiff1d(np.arange(batch[-1] + 1), waiting)
            points[: len(kept)] = points[kept]
            return points, len(kept)
        placed = int(batch[-1]) + 1
    return points, placed


def _proposals(
    task: _Task, waiting: IntArray, settled: IntArray, points: FloatArray, rng: np.random.Generator
) -> tuple[IntArray, FloatArray]:
    """Try places for the waiting dots; return those that found one, and where."""
    dots = np.repeat(waiting, _AT_ONCE)
    places, free = _random_places(task, dots, rng)
    reach = float(task.radii[waiting].max() + task.radii[0] + task.separation)
    first, second, vectors = near_pairs(places, task.cell, task.pbc, reach, points[settled])
    near = _too_near(task, dots[first], settled[second], vectors)
    free[first[near]] = False
    chosen = np.flatnonzero(free)
    chosen = chosen[np.unique(dots[chosen], return_index=True)[1]]
    first, second, vectors = near_pairs(places[chosen], task.cell, task.pbc, reach)
    between = first != second
    near = _too_near(task, dots[chosen][first], dots[chosen][second], vectors) & between
    kept = np.ones(len(chosen), dtype=bool)
    order = np.lexsort((first[near], second[near]))
    for early, late in zip(first[near][order].tolist(), second[near][order].tolist(), strict=True):
        kept[late] &= not kept[early]
    return dots[chosen[kept]], places[chosen[kept]]


def _random_places(
    task: _Task, dots: IntArray, rng: np.random.Generator
) -> tuple[FloatArray, BoolArray]:
    """Return random centres within the cell, and whether they keep off its faces."""
    heights = face_heights(task.cell)
    rim = np.where(task.pbc, 0.0, (task.radii[dots, None] + task.margin) / heights)
    fractions = rim + rng.random((len(dots), 3)) * (1 - 2 * rim)
    return _snapped(task, fractions @ task.cell, rim)


def _snapped(task: _Task, places: FloatArray, rim: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Move centres onto the lattice where there is one, and into the cell."""
    if task.lattice is not None:
        places = snap_to_lattice(places, task.lattice, task.origin)
    fractions = np.round(places @ np.linalg.inv(task.cell), 12)
    inside: BoolArray = (
        (fractions >= rim - 1e-9) & (fractions <= 1 - rim + 1e-9) | np.asarray(task.pbc)
    ).all(axis=1)
    whole = np.where(task.pbc, np.floor(fractions), 0.0)
    return places - whole @ task.cell, inside


def _push(task: _Task, points: FloatArray, placed: int, rng: np.random.Generator) -> FloatArray:
    """Push all dots apart from several beginnings, or tell what would fit."""
    volume = float(abs(np.linalg.det(task.cell)))
    kept_apart = float((4 / 3 * np.pi * (task.radii + task.separation / 2) ** 3).sum())
    heights = face_heights(task.cell)
    rim = np.where(task.pbc, 0.0, (task.radii[:, None] + task.margin) / heights)
    slack = 0.0 if task.lattice is None else float(np.linalg.norm(task.lattice))
    best = -np.inf
    starts = int(np.clip(_EFFORT // len(points), *_STARTS))
    densest = next(share for most, share in _DENSEST.items() if len(points) <= most)
    room = volume * float(np.prod(1 + np.where(task.pbc, 0.0, task.separation / heights)))
    for start in range(starts if kept_apart < densest * room else 0):
        begin = rng.random(points.shape)
        begin = (rim + begin * (1 - 2 * rim)) @ task.cell
        if start == 0:
            begin[:placed] = points[:placed]
        extra = slack * (1 - start / (starts - 1)) + 1e-3 * float(task.radii[-1])
        moved = pushed_apart(
            begin, task.radii, task.cell, task.pbc, task.separation + extra, margin=task.margin
        )
        centres, inside = _snapped(task, moved, rim)
        first, second, vectors = near_pairs(
            centres, task.cell, task.pbc, 2 * float(task.radii[0]) + task.separation
        )
        if inside.all() and _all_apart(task, first, second, vectors):
            return centres
        spans = np.linalg.norm(vectors, axis=1) - task.separation
        shrink = spans / (task.radii[first] + task.radii[second])
        best = max(best, float(shrink.min(initial=1.0)) if inside.all() else -np.inf)
    raise _cannot_be_placed(task, placed, volume, best)


def _cannot_be_placed(task: _Task, placed: int, volume: float, best: float) -> NothingFitsError:
    """Tell how many dots found a place, and what would fit."""
    balls = 4 / 3 * np.pi * task.radii**3
    advice = [f"ask for at most {placed} dots"]
    if 0 < best < 1:
        advice.append(f"for radii of at most {np.floor(best * 1000) / 1000:g} of these")
    return NothingFitsError(
        f"{len(task.radii)} dots cannot be placed {task.separation:g} Å apart",
        where="the arrangement of dots",
        measured=f"{placed} placed, a volume fraction of {balls[:placed].sum() / volume:.3f} "
        f"where {balls.sum() / volume:.3f} is asked",
        allowed="about 0.38 of the volume at random and 0.6 after pushing apart, for equal balls "
        "with half the separation around them",
        next_step=", or ".join([*advice, "take less separation, or a lattice such as fcc"]),
    )
