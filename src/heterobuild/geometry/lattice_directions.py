"""How often a direction must be repeated until it ends on a lattice point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray

LONGEST_PERIOD = 12
"""Steps that are tried; pseudo-cubic axes of perovskites repeat after one, two or four."""

WHOLE = 1e-6
"""Fractions of a cell that differ by less are the same."""


def steps_to_lattice(fractions: FloatArray, *, most: int = LONGEST_PERIOD) -> int | None:
    """Return after how many steps a direction ends on a lattice point.

    Parameters
    ----------
    fractions : (3,) float array
        One step as fractions of the lattice vectors.
    most : int, optional
        Number of steps that are tried.

    Returns
    -------
    int or None
        The least number of steps; None where none of those tried ends on a lattice point.

    Examples
    --------
    >>> steps_to_lattice(np.array([0.5, 0.0, 0.5])), steps_to_lattice(np.array([0.1234, 0, 0]))
    (2, None)
    """
    multiples = np.arange(1, most + 1)[:, None] * np.asarray(fractions, dtype=np.float64)
    whole = np.flatnonzero(np.abs(multiples - np.rint(multiples)).max(axis=1) < WHOLE)
    return int(whole[0]) + 1 if len(whole) else None
