"""A small structure with known geometry: cubic ABX3, two regions of two layers each."""

from __future__ import annotations

import numpy as np
import pytest
from ase import Atoms

from heterobuild import labels

EDGE = 6.0


@pytest.fixture
def slab():
    """Return four cubic cells in a stack, B on the corners, 10 Å of vacuum above."""
    basis = np.array([[0.5, 0.5, 0.5], [0, 0, 0], [0.5, 0, 0], [0, 0.5, 0], [0, 0, 0.5]])
    positions = np.concatenate([basis + np.array([0, 0, i]) for i in range(4)]) * EDGE
    atoms = Atoms(
        "CsPbBr3" * 4, positions=positions, cell=[EDGE, EDGE, 4 * EDGE + 10], pbc=(1, 1, 0)
    )
    region = np.repeat([1, 2], 10)
    arrays = {
        labels.SITE: np.tile([1, 2, 3, 3, 3], 4),
        labels.REGION: region,
        labels.LAYER: np.where(region == 1, -1, 1),
        labels.MOLECULE: np.zeros(20, dtype=int),
        labels.KIND: np.zeros(20, dtype=int),
        labels.CHARGE: np.tile([1.0, 2.0, -1.0, -1.0, -1.0], 4),
    }
    atoms.arrays.update(arrays)
    return atoms
