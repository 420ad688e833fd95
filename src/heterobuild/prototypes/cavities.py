"""Where A cations belong among tilted octahedra: where their bond-valence vectors cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray

SOFTNESS = 0.37
"""Å; the valence of a bond falls as exp(−r / b), with b = 0.37 Å for nearly all pairs of ions
(Brown and Altermatt, 10.1107/S0108768185002063)."""

_LONGEST_STEP = 0.2
_FARTHEST = 1.0
_LEVEL = 1e-8
_SOFTEST = 0.02
_ROUNDS = 100


def cavity_centres(places: FloatArray, anions: FloatArray, cell: FloatArray) -> FloatArray:
    """Move cations to where the vectors of their bond valences add up to zero.

    The vectors add up to nearly zero around ions without lone pairs (Harvey, Baggio and Baggio,
    10.1107/S0108768106026553). With one kind of anion the place does not depend on the ion. It is
    found by Newton steps from the start; where these come to no rest within 1 Å, it is the next
    valley of the bond-valence sum downhill from the start.

    Parameters
    ----------
    places : (m, 3) float array
        Starting points in Å, such as the middle of eight B.
    anions : (n, 3) float array
        Anions of one cell in Å.
    cell : (3, 3) float array
        Periods in Å, rows, each longer than 8 Å, so that the next cells are enough.

    Returns
    -------
    (m, 3) float array
        The places in Å.

    Examples
    --------
    >>> halides = np.array([[4.5, 0, 0], [-4.5, 0, 0], [0, 4.5, 0], [0, -4.5, 0], [0, 0, 4.5]])
    >>> halides = np.vstack([halides, [[0, 0, -4.5]]])
    >>> cavity_centres(np.array([[0.1, 0.0, -0.2]]), halides, 30 * np.eye(3)).round(6) + 0.0
    array([[0., 0., 0.]])
    """
    steps = np.stack(np.meshgrid(*[[-1, 0, 1]] * 3, indexing="ij"), axis=-1).reshape(27, 3)
    around = (anions[:, None] + steps @ cell).reshape(-1, 3)
    found, settled = _settle(places, around, downhill=False)
    settled &= np.linalg.norm(found - places, axis=1) < _FARTHEST
    if not settled.all():
        found[~settled], _ = _settle(places[~settled], around, downhill=True)
    return found


def _settle(
    places: FloatArray, around: FloatArray, *, downhill: bool
) -> tuple[FloatArray, BoolArray]:
    """Repeat steps until they vanish; also tell which places came to rest."""
    step = np.zeros_like(places)
    for _ in range(_ROUNDS):
        step = _step(places, around, downhill=downhill)
        places = places + step
        if np.abs(step).max() < _LEVEL:
            break
    return places, np.abs(step).max(axis=1) < _LEVEL


def _step(places: FloatArray, around: FloatArray, *, downhill: bool) -> FloatArray:
    """Return Newton's step of limited length towards where the slope of the valence sum vanishes.

    Along directions without a slope there is no step, so that a place that symmetry holds on a
    ridge stays there.
    """
    vectors = places[:, None] - around
    length = np.linalg.norm(vectors, axis=-1)
    units = vectors / length[..., None]
    valence = np.exp((length.min(axis=1, keepdims=True) - length) / SOFTNESS)
    slope = -np.einsum("mn,mni->mi", valence, units)
    outer = np.einsum("mn,mni,mnj->mij", valence / SOFTNESS + valence / length, units, units)
    curvature = outer - np.eye(3) * (valence / length).sum(axis=1)[:, None, None]
    values, directions = np.linalg.eigh(curvature)
    down = -np.einsum("mik,mi->mk", directions, slope)
    down[np.abs(down) < _LEVEL] = 0.0
    sense = np.where((values < 0) & (not downhill), -1.0, 1.0)
    softest = _SOFTEST * np.abs(values).max(axis=1, keepdims=True)
    stiff = sense * np.maximum(np.abs(values), softest)
    step = np.einsum("mik,mk->mi", directions, down / stiff)
    size = np.linalg.norm(step, axis=1, keepdims=True)
    limited: FloatArray = step * (_LONGEST_STEP / np.maximum(size, _LONGEST_STEP))
    return limited
