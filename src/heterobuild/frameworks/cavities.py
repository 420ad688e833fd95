"""The halides around each A cation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.frameworks.links import CAGE, around
from heterobuild.labels import Site

if TYPE_CHECKING:
    from heterobuild.arrays import IntArray
    from heterobuild.frameworks.framework import Framework


def nearest_halides(framework: Framework, count: int) -> IntArray:
    """Find the halides next to each A cation.

    Parameters
    ----------
    framework : Framework
        The framework.
    count : int
        Halides of each.

    Returns
    -------
    (m, 5) int array
        Rows a, x, i, j, k: the halide x in the cell i, j, k beside the A cation a.
    """
    halides = np.flatnonzero(framework.site == Site.X)
    rows = [np.empty((0, 5), dtype=np.int64)]
    for a in np.flatnonzero(framework.site == Site.A).tolist():
        near, cells, distance = around(
            framework.centres[a], framework.centres[halides], framework.cell, CAGE * framework.bond
        )
        order = np.lexsort((near, np.round(distance, 6)))[:count]
        rows.append(np.column_stack([np.full(len(order), a), halides[near[order]], cells[order]]))
    found: IntArray = np.concatenate(rows)
    return found
