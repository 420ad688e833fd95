from __future__ import annotations

import numpy as np
import pytest

from heterobuild.geometry.height_groups import group_heights


def test_flat_planes_are_counted_upward_from_the_origin() -> None:
    group, shift = group_heights(np.array([3.0, 0.0, 3.01, 0.02]), 6.0)
    assert group.tolist() == [1, 0, 1, 0]
    assert not shift.any()


def test_rumpled_planes_stay_together_across_the_period() -> None:
    heights = np.array([-0.4, 0.0, 0.4, 2.6, 3.0, 3.4])
    group, shift = group_heights(heights, 6.0)
    assert group.tolist() == [0, 0, 0, 1, 1, 1]
    lifted = heights + shift
    assert [np.ptp(lifted[group == plane]) for plane in (0, 1)] == pytest.approx([0.8, 0.8])


def test_even_spacings_are_planes_of_their_own() -> None:
    group, _ = group_heights(np.arange(6.0), 6.0)
    assert group.tolist() == [0, 1, 2, 3, 4, 5]


def test_tolerance_overrules_the_natural_break() -> None:
    heights = np.array([0.0, 0.5, 3.0, 3.5])
    assert group_heights(heights, 6.0, tolerance=0.1)[0].tolist() == [0, 1, 2, 3]
    assert group_heights(heights, 6.0, tolerance=1.0)[0].tolist() == [0, 0, 1, 1]


def test_one_plane_without_any_break() -> None:
    group, _ = group_heights(np.array([0.0, 1.0, 2.0]), 3.0, tolerance=2.0)
    assert group.tolist() == [0, 0, 0]


@pytest.mark.parametrize("offset", [0.3, 2.9, 5.95, -7.1])
def test_grouping_does_not_depend_on_the_origin(offset: float) -> None:
    heights = np.array([0.0, 0.3, 3.0, 3.4])
    group, _ = group_heights(heights + offset, 6.0)
    assert group[0] == group[1] != group[2] == group[3]
