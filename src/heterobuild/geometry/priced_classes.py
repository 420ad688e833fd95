"""What points are worth when a vector sum must vanish at the least cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray

_PRICE = 100.0  # for what is left of the sum, in the largest costs per length
_EQUAL = 1e-7


def price_points(
    vectors: FloatArray,
    *,
    cost: FloatArray,
    kind: FloatArray,
    chosen: BoolArray,
    residual: FloatArray,
) -> FloatArray:
    """Return the cost of each point less what it is worth for a sum that vanishes.

    The worth is the dual answer of the linear programme that takes fractions of points, as many
    of each kind as are chosen, so that the vectors sum to zero with the rest at the least cost.
    In the best choice stand all points below zero, none above, and some of those at zero.

    Parameters
    ----------
    vectors : (m, 3) float array
        What each point adds to the sum.
    cost : (m,) float array
        Cost of each point.
    kind : (m,) float array
        The number chosen of each kind stays.
    chosen : (m,) bool array
        Points chosen now.
    residual : (3,) float array
        The part of the sum that stays.

    Returns
    -------
    (m,) float array
        The costs, those nearly zero exactly zero.

    Examples
    --------
    The cheap points lie on the wrong side; the nearer the others, the less they help:

    >>> line = np.array([[1.0, 0, 0], [2, 0, 0], [-1, 0, 0], [-3, 0, 0]])
    >>> price_points(line, cost=np.array([1.0, 1, 2, 2]), kind=np.zeros(4),
    ...              chosen=np.array([True, True, False, False]), residual=np.zeros(3)).round(3)
    array([-0.2,  0. ,  0.4,  0. ])
    """
    from scipy.optimize import linprog

    kinds = np.unique(kind)
    rows = (kind == kinds[:, None]).astype(float)
    slack = np.hstack([np.eye(3), -np.eye(3)])
    left = np.hstack([np.zeros((len(kinds), 6)), rows])
    full = np.vstack([left, np.hstack([slack, vectors.T])])
    price = _PRICE * max(float(np.ptp(cost)), 1.0)
    bounds: list[tuple[float, float]] = [(0.0, np.inf)] * 6
    solved = linprog(
        np.concatenate([np.full(6, price), cost]),
        A_eq=full,
        b_eq=np.concatenate([rows @ chosen, -residual]),
        bounds=bounds + [(0.0, 1.0)] * len(cost),
        method="highs-ds",
    )
    left_over: FloatArray = cost - solved.eqlin.marginals @ full[:, 6:]
    return np.where(np.abs(left_over) <= _EQUAL * price, 0.0, left_over)
