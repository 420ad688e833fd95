"""Sizes and phases of periodic grains: wanted volumes, wanted shares of each phase."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.geometry.tessellations import least_powers, sampling_points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.geometry.tessellations import Tessellation

ROUNDS, ENOUGH = 40, 0.01
"""Most steps towards wanted volumes, and the relative error of each at which they end."""

SAMPLES = 200
"""Sampling points for each grain while volumes are brought to what is wanted."""


def sized_grains(tessellation: Tessellation, volumes: FloatArray) -> Tessellation:
    """Change weights and seeds until the grains have wanted volumes.

    In each step the seeds go to the centroids of their grains, and the weights follow the missing
    volumes.

    Parameters
    ----------
    tessellation : Tessellation
        The grains at the start.
    volumes : (n,) float array
        Wanted volumes in any unit; they are scaled to fill the cell.

    Returns
    -------
    Tessellation
        Grains whose volumes are those wanted within a few percent.
    """
    whole = float(abs(np.linalg.det(tessellation.cell)))
    wanted = volumes / volumes.sum() * whole
    count = len(wanted)
    points = sampling_points(tessellation.cell, SAMPLES * count)
    grains = replace(tessellation, weights=(wanted * 3 / (4 * np.pi)) ** (2 / 3))
    best, least = grains, np.inf
    for _ in range(ROUNDS):
        owner, _, away = least_powers(grains, points)
        found = np.bincount(owner, minlength=count)
        volume = found / len(points) * whole
        off = float(np.abs(volume / wanted - 1).max())
        if off < least:
            best, least = grains, off
        if off < ENOUGH:
            break
        centroid = (
            np.stack(
                [np.bincount(owner, weights=away[:, k], minlength=count) for k in range(3)], axis=1
            )
            / np.maximum(found, 1)[:, None]
        )
        weights = grains.weights + 0.4 * (wanted - volume) / (3 * wanted ** (1 / 3))
        seeds = grains.seeds + 0.6 * centroid
        grains = replace(grains, seeds=seeds, weights=weights)
    return best


def phases_of_grains(volumes: FloatArray, shares: Sequence[float]) -> IntArray:
    """Give each grain to a phase so that the phases have nearly the wanted shares.

    From the largest grain on, each goes to the phase that lacks most; then single grains change
    their phase while that brings the shares nearer.

    Parameters
    ----------
    volumes : (n,) float array
        Volumes of the grains.
    shares : sequence of float
        Wanted share of each phase.

    Returns
    -------
    (n,) int array
        Phase of each grain, from 0; each has one grain at least, where there are enough.

    Examples
    --------
    >>> phases_of_grains(np.array([3.0, 2.0, 2.0, 1.0]), [0.5, 0.5]).tolist()
    [0, 1, 1, 0]
    """
    missing = np.asarray(shares, dtype=np.float64) * volumes.sum()
    phase = np.empty(len(volumes), dtype=np.int64)
    for k in np.argsort(-volumes.round(6), kind="stable").tolist():
        phase[k] = int(np.argmax(missing.round(6)))
        missing[phase[k]] -= volumes[k]
    for lacking in np.setdiff1d(np.arange(len(missing)), phase).tolist():
        counts = np.bincount(phase, minlength=len(missing))
        free = np.flatnonzero(counts[phase] > 1)
        if len(free):
            phase[free[np.argmin(volumes[free].round(6))]] = lacking
    return phase


def shifted_to_shares(
    tessellation: Tessellation, phase: IntArray, shares: Sequence[float], points: FloatArray
) -> Tessellation:
    """Add one number to all weights of each phase so that the phases have exact shares.

    Parameters
    ----------
    tessellation : Tessellation
        The grains.
    phase : (n,) int array
        Phase of each grain, from 0.
    shares : sequence of float
        Wanted share of each phase.
    points : (m, 3) float array
        Points that fill the cell evenly, by which shares are measured.

    Returns
    -------
    Tessellation
        The grains with other weights; between two phases the share is exact to one point.
    """
    count = len(shares)
    powers = np.stack(
        [least_powers(tessellation, points, np.flatnonzero(phase == k))[1] for k in range(count)]
    )
    offset = np.zeros(count)
    wanted = np.rint(np.asarray(shares) * len(points)).astype(int)
    for _ in range(1 if count == 2 else 40):
        for k in range(count - 1):
            rest = np.delete(powers - offset[:, None], k, axis=0).min(axis=0)
            behind = powers[k] - rest
            n = int(np.clip(wanted[k], 1, len(behind) - 1))
            offset[k] = np.partition(behind, [n - 1, n])[n - 1 : n + 1].mean()
    return replace(tessellation, weights=tessellation.weights + offset[phase])
