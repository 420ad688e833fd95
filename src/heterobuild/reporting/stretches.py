"""Whether and where regions follow one another along the stacking axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heterobuild.arrays import CodeArray, FloatArray, IntArray

_MOST = 24
_PLANE = 2.0
_LAYER = 4.0  # Å; thinner than a layer of octahedra, thicker than the step between shifted planes

Spans = dict[int, tuple[tuple[float, float], ...]]


def find_stretches(
    heights: FloatArray, region: IntArray, period: float | None = None
) -> tuple[Mapping[int, tuple[tuple[float, float], ...]], tuple[float, ...]]:
    """Find the stretches of each region and the interfaces between them.

    Parameters
    ----------
    heights : (n,) float array
        Height of each atom's rigid unit in Å.
    region : (n,) int array
        Code of its region.
    period : float, optional
        Repeat along the axis in Å; none, the default, for a slab with vacuum.

    Returns
    -------
    spans : mapping of int to tuple of (float, float)
        Lower and upper end of each stretch in Å, by region.
    interfaces : tuple of float
        Midway between the stretches that meet, in Å, upward. Empty where the regions do not
        follow one another in stretches, as in a lateral structure.

    Examples
    --------
    >>> find_stretches(np.array([0.0, 1.0, 4.0, 5.0]), np.array([1, 1, 2, 2]))
    ({1: ((0.0, 1.0),), 2: ((4.0, 5.0),)}, (2.5,))
    """
    order = np.lexsort((region, np.round(heights, 3)))
    codes, levels = region[order], heights[order]
    changes = np.diff(codes, prepend=0) != 0  # codes count from 1
    starts: IntArray = np.flatnonzero(changes)
    ends = np.append(starts[1:], len(codes)) - 1 if len(starts) else starts
    if len(starts) > _MOST:
        return {}, ()
    spans: Spans = {}
    for start, end in zip(starts, ends, strict=True):
        code = int(codes[start])
        spans[code] = (*spans.get(code, ()), (float(levels[start]), float(levels[end])))
    met = [float(levels[e] + levels[e + 1]) / 2 for e in ends[:-1]]
    if period is not None and len(codes) and codes[0] != codes[-1]:
        seam = float(levels[0] + levels[-1] - period) / 2
        met = [seam, *met, seam + period] if seam >= 0 else [*met, seam + period]
    return dict(sorted(spans.items())), tuple(met)


def follow_one_another(heights: FloatArray, region: CodeArray) -> bool:
    """Tell whether regions are stacked along an axis, rather than beside or inside one another.

    Parameters
    ----------
    heights : (n,) float array
        Heights of the ions in Å; B ions are best, since their planes lie further apart.
    region : (n,) int array
        Code of the region of each.

    Returns
    -------
    bool
        True where each region has most of its ions in planes of its own, 2 Å thick, and these
        come in stretches: grains beside one another, whose planes alternate, do not.

    Examples
    --------
    >>> follow_one_another(np.array([0.0, 6.0, 12.0]), np.array([1, 1, 2]))
    True
    >>> follow_one_another(np.array([0.0, 6.0, 0.0]), np.array([1, 1, 2]))
    False
    >>> follow_one_another(np.array([0.0, 3.0, 6.0, 9.0]), np.array([1, 2, 1, 2]))
    False
    """
    codes, inverse = np.unique(region, return_inverse=True)
    planes = np.unique(np.floor(heights / _PLANE), return_inverse=True)[1]
    held = np.unique(np.stack([planes, inverse], axis=1), axis=0)
    shared = np.bincount(held[:, 0])[planes] > 1
    share = np.bincount(inverse, weights=shared) / np.bincount(inverse)
    if len(codes) < 2 or bool(np.any(share >= 0.5)):
        return len(codes) < 2
    met = find_stretches(heights, inverse + 1)[1]
    return len(met) > 0 and bool(np.all(np.diff(np.array(met)) >= _LAYER))
