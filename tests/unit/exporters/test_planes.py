from __future__ import annotations

import numpy as np
import pytest

from heterobuild.errors import UsageError
from heterobuild.exporters.planes import lowest_planes


@pytest.mark.parametrize(
    ("count", "frozen"), [(0, []), (1, [0, 1]), (2, [0, 1, 2, 3, 4]), (4, list(range(10)))]
)
def test_lowest_planes(built, count, frozen):
    assert np.flatnonzero(lowest_planes(built.atoms, count)).tolist() == frozen


def test_a_molecule_is_frozen_whole(built):
    built.atoms.positions[7:, 2] -= 10.0  # centre lowest of all, its top atom above the first plane
    assert np.flatnonzero(lowest_planes(built.atoms, 1)).tolist() == [7, 8, 9]


def test_planes_that_share_a_label_are_told_apart_by_height(built):
    built.atoms.arrays["layer"][:7] = [1, 1, 2, 2, 2, 1, 1]  # a sandwich counts from both sides
    assert np.flatnonzero(lowest_planes(built.atoms, 1)).tolist() == [0, 1]


def test_height_is_measured_along_the_normal(built):
    built.atoms.set_cell(built.atoms.cell.array[:, [1, 2, 0]], scale_atoms=True)
    assert np.flatnonzero(lowest_planes(built.atoms, 1)).tolist() == [0, 1]


@pytest.mark.parametrize("count", [-1, 5])
def test_impossible_numbers_are_refused(built, count):
    with pytest.raises(UsageError, match="allowed 0 to 4"):
        lowest_planes(built.atoms, count)
