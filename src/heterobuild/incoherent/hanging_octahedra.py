"""Octahedra that hang at the wall of a grain by a corner or two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.frameworks.block import halides_of, links_of
from heterobuild.labels import Site

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray
    from heterobuild.frameworks.block import Block

HALF = 0.5
"""Least part of the halides it shares inside that an octahedron at a wall shares."""


def well_bound(block: Block, octahedra: BoolArray) -> BoolArray:
    """Drop octahedra that share less than half of the halides with others that they share inside.

    They would hang at the surface by a corner or two, each with a charge of its own.

    Parameters
    ----------
    block : Block
        The block.
    octahedra : (nx, ny, nz, b) bool array
        Octahedra that are there.

    Returns
    -------
    (nx, ny, nz, b) bool array
        Those that stay.
    """
    framework = block.framework
    inside = framework.full > 1
    bonded = framework.site[framework.links[:, 1]] == Site.X
    shared = bonded & inside[framework.links[:, 1]]
    usual = np.bincount(framework.links[shared, 0], minlength=len(framework.b_units))
    while True:
        shares = halides_of(block, links_of(block, octahedra) > 1)
        kept = octahedra & (shares >= HALF * usual)
        if (kept == octahedra).all():
            return kept
        octahedra = kept
