"""The axes in which the geometry of a molecule is kept: x from its tail to its head."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import BoolArray, FloatArray, IntArray

_HYDROGEN = 1
_ON_AXIS = 0.05


def in_body_frame(numbers: IntArray, positions: FloatArray, head: Sequence[int]) -> FloatArray:
    """Turn a molecule so that x is its long axis, with the head nearer to the positive end.

    The axes are the principal ones of the non-hydrogen atoms; y is the next longest, its sign
    that of the first atom off the axis, and z completes a right-handed frame, so the molecule is
    never mirrored. Where there are two non-hydrogen atoms, x is their bond; where there is one,
    the principal axes are those of all atoms.

    Parameters
    ----------
    numbers : (n,) int array
        Atomic numbers.
    positions : (n, 3) float array
        Cartesian coordinates in Å.
    head : sequence of int
        Atoms of the head group.

    Returns
    -------
    (n, 3) float array
        Coordinates in Å; the centroid of the non-hydrogen atoms is the origin.

    Examples
    --------
    >>> numbers = np.array([6, 7, 1])
    >>> positions = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, -1.5], [0.0, 0.9, -1.8]])
    >>> in_body_frame(numbers, positions, [1]).round(2).tolist()
    [[-0.75, 0.0, 0.0], [0.75, 0.0, 0.0], [1.05, 0.9, 0.0]]
    """
    heavy = np.asarray(numbers) != _HYDROGEN
    if not heavy.any():
        heavy = ~heavy
    moved = np.asarray(positions, dtype=np.float64)
    moved = moved - moved[heavy].mean(axis=0)
    axes = _axes(moved, heavy, list(head))
    turned: FloatArray = moved @ axes.T
    return turned


def _axes(moved: FloatArray, heavy: BoolArray, head: list[int]) -> FloatArray:
    """Return the rows x, y, z of a right-handed frame."""
    _, _, axes = np.linalg.svd(moved if heavy.sum() < 3 else moved[heavy])
    if heavy.sum() == 2:
        _along_the_bond(axes, moved, heavy, head)
    elif moved[head].mean(axis=0) @ axes[0] < 0:
        axes[0] *= -1.0
    first = moved[np.abs(moved @ axes[1]) > _ON_AXIS][:1] @ axes[1]
    axes[1] *= -1.0 if first.size and first[0] < 0 else 1.0
    axes[2] = np.cross(axes[0], axes[1])
    return axes


def _along_the_bond(axes: FloatArray, moved: FloatArray, heavy: BoolArray, head: list[int]) -> None:
    """Lay x along the bond of two atoms, and y across it toward a third."""
    tail, tip = np.flatnonzero(heavy) if heavy[head[0]] and head[0] else (1, 0)
    axes[0] = (moved[tip] - moved[tail]) / np.linalg.norm(moved[tip] - moved[tail])
    across = moved[~heavy] - np.outer(moved[~heavy] @ axes[0], axes[0])
    off = np.linalg.norm(across, axis=1)
    if (off > _ON_AXIS).any():
        side = int(np.argmax(off > _ON_AXIS))
        axes[1] = across[side] / off[side]
    else:
        axes[1] = np.linalg.svd(axes[:1])[2][1]
