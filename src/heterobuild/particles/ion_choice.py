"""Which ions change: those that leave the least dipole, of these the least bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.geometry.balanced_subsets import balanced_subset
from heterobuild.geometry.class_profiles import cheapest_balanced_subset
from heterobuild.geometry.lattice_bounds import least_length
from heterobuild.geometry.paid_exchanges import pay_for_balance
from heterobuild.geometry.priced_classes import price_points

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heterobuild.arrays import BoolArray, FloatArray, IntArray

NEARLY_ZERO = 0.1
"""e·Å, half a debye: dipoles that differ by less are equal where bonds are compared. The first
relaxation of the ions changes more, and across a particle of 2 nm it makes a step of 0.03 V."""

_TOLERANCE = 1e-3
_SMALL = 1000  # ions among which the search begins at several choices
_STARTS = 4
_FEW = 3
_TINY = 1e-9
_FAR = 12.0  # e·Å, about two exchanges of near neighbours; beyond it prices lead the way


@dataclass(frozen=True, kw_only=True, eq=False)
class IonChoice:
    """The ions that change.

    Parameters
    ----------
    index : (n,) int array
        The ions, ascending.
    exchanged : int
        How many of them are better bound than those left in their stead.
    extra : float
        Cost above that of the cheapest choice.
    """

    index: IntArray
    exchanged: int
    extra: float


@dataclass(frozen=True, kw_only=True, eq=False)
class _Task:
    """What there is to choose from, and what counts."""

    points: FloatArray
    vectors: FloatArray
    effect: FloatArray
    cost: FloatArray
    residual: FloatArray
    directions: BoolArray
    frame: FloatArray


def choose_ions(
    points: FloatArray,
    *,
    effect: FloatArray,
    cost: FloatArray,
    counts: Mapping[float, int],
    dipole: FloatArray,
    directions: BoolArray,
    axes: FloatArray | None,
    rng: np.random.Generator,
) -> IonChoice:
    """Choose given numbers of ions for the least dipole, of these choices the cheapest.

    The cheapest ions are taken first, whole classes of equal cost and of the last class a part
    without dipole. Where that leaves a dipole, ions of dearer classes are taken in their stead.
    If there are at most a million choices up to the cost needed, all of them are compared, so the
    answer is the best there is. Else the cheapest exchange of up to three ions is sought; for a
    dipole that exchanges of neighbours do not reach, from the answer of a linear programme.

    Parameters
    ----------
    points : (m, 3) float array
        Where they are, in Å.
    effect : (m,) float array
        Change of the total charge in e that each one makes.
    cost : (m,) float array
        What each one costs, such as the bonds that break.
    counts : mapping of float to int
        How many of each effect.
    dipole : (3,) float array
        Dipole in e·Å before the change.
    directions : (3,) bool array
        Components of the dipole that count.
    axes : (3, 3) float array or None
        Orthonormal rows: axes whose symmetry decides between equals; None for x, y and z.
    rng : numpy.random.Generator
        Decides between equals.

    Returns
    -------
    IonChoice
        The choice. Of dipoles that differ by less than `NEARLY_ZERO` that of least cost.

    Examples
    --------
    Two ions with one bond lie on one side; the one with two bonds does better beside them:

    >>> points = np.array([[3.0, 0, 0], [3, 1, 0], [-3, 0, 0]])
    >>> choose_ions(points, effect=-np.ones(3), cost=np.array([1.0, 1, 2]), counts={-1.0: 2},
    ...             dipole=np.zeros(3), directions=np.ones(3, dtype=bool), axes=None,
    ...             rng=np.random.default_rng(0))
    IonChoice(index=array([0, 2]), exchanged=1, extra=1.0)
    """
    involved = np.flatnonzero(np.isin(effect, list(counts)))
    centre = points[involved].mean(axis=0) if len(involved) else np.zeros(3)
    whole = sum(value * number for value, number in counts.items())
    task = _Task(
        points=points[involved] - centre,
        vectors=effect[involved, None] * (points[involved] - centre) * directions,
        effect=effect[involved],
        cost=cost[involved],
        residual=(dipole + whole * centre) * directions,
        directions=directions,
        frame=np.eye(3) if axes is None else axes,
    )
    found = first = _filled(task, task.cost, counts, rng)
    if _length(task, first) > NEARLY_ZERO:
        enough = NEARLY_ZERO + least_length(_total(task, first), task.vectors, task.effect)
        if _length(task, first) > enough:
            found = _better(task, first, counts, enough, rng)
    extra = float(task.cost[found].sum() - task.cost[first].sum())
    return IonChoice(
        index=np.sort(involved[found]), exchanged=_dearer(task, first, found), extra=extra
    )


def _total(task: _Task, chosen: IntArray) -> FloatArray:
    """Return the dipole after a choice."""
    total: FloatArray = task.residual + task.vectors[chosen].sum(axis=0)
    return total


def _length(task: _Task, chosen: IntArray) -> float:
    """Return the length of the dipole after a choice."""
    return float(np.linalg.norm(_total(task, chosen)))


def _dearer(task: _Task, first: IntArray, found: IntArray) -> int:
    """Count the ions of dearer classes than the cheapest choice has."""
    number = 0
    for value in np.unique(task.effect[first]).tolist():
        before, after = (np.sort(task.cost[c[task.effect[c] == value]]) for c in (first, found))
        levels = np.unique(np.concatenate([before, after]))
        more = [int((after == level).sum() - (before == level).sum()) for level in levels]
        number += sum(n for n in more if n > 0)
    return number


def _filled(
    task: _Task, worth: FloatArray, counts: Mapping[float, int], rng: np.random.Generator
) -> IntArray:
    """Take whole classes of equal worth, and of the last class of each charge a balanced part."""
    taken, pools = [np.empty(0, dtype=np.int64)], []
    for value, count in counts.items():
        own = np.flatnonzero(task.effect == value)
        last = np.partition(worth[own], count - 1)[count - 1]
        taken.append(own[worth[own] < last])
        pools.append((value, count - len(taken[-1]), own[worth[own] == last]))
    for value, count, pool in sorted(pools, key=lambda entry: -abs(entry[0])):
        done = np.concatenate(taken)
        chosen = balanced_subset(
            task.points[pool],
            count,
            weight=value,
            residual=task.residual + task.vectors[done].sum(axis=0),
            directions=task.directions,
            occupied=task.points[done],
            axes=task.frame,
            tolerance=_TOLERANCE,
            rng=rng,
        )
        taken.append(pool[chosen])
    return np.concatenate(taken)


def _better(
    task: _Task,
    first: IntArray,
    counts: Mapping[float, int],
    enough: float,
    rng: np.random.Generator,
) -> IntArray:
    """Take dearer ions where that shortens the dipole."""
    exact = cheapest_balanced_subset(
        task.points,
        task.vectors,
        cost=task.cost,
        kind=task.effect,
        chosen=first,
        residual=task.residual,
        nearly=enough,
        gain=NEARLY_ZERO,
        frame=task.frame,
        tolerance=_TOLERANCE,
        rng=rng,
    )
    if exact is not None:
        return _best(task, [first, exact], enough)
    trials = [first, _paid(task, first, enough, rng)]
    small, short = len(task.cost) <= _SMALL, _length(task, trials[1]) <= enough
    if _length(task, first) > _FAR or (small and not short):
        worth = price_points(
            task.vectors,
            cost=task.cost,
            kind=task.effect,
            chosen=np.isin(np.arange(len(task.cost)), first),
            residual=task.residual,
        )
        trials.append(_paid(task, _filled(task, worth, counts, rng), enough, rng))
    for _ in range(0 if short or not small else _STARTS):
        noise = rng.permutation(len(task.cost)) * _TINY
        trials.append(_paid(task, _filled(task, task.cost + noise, counts, rng), enough, rng))
        if sum(_length(task, trial) <= enough for trial in trials) >= _FEW:
            break
    return _best(task, trials, enough)


def _paid(task: _Task, chosen: IntArray, enough: float, rng: np.random.Generator) -> IntArray:
    """Exchange a few ions."""
    return pay_for_balance(
        task.vectors,
        cost=task.cost,
        kind=task.effect,
        chosen=chosen,
        residual=task.residual,
        nearly=enough,
        gain=NEARLY_ZERO,
        rng=rng,
    )


def _best(task: _Task, trials: list[IntArray], enough: float) -> IntArray:
    """Return the choice of least cost among those whose dipole is about the least."""
    lengths = [_length(task, trial) for trial in trials]
    enough = max(enough, min(lengths) + NEARLY_ZERO)
    short = [t for t, length in zip(trials, lengths, strict=True) if length <= enough]
    return min(short, key=lambda trial: round(float(task.cost[trial].sum()), 6))
