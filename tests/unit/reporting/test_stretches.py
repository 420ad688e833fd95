"""Stretches and interfaces of stacks whose order is known."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.reporting.stretches import find_stretches, follow_one_another

HEIGHTS = np.array([1.0, 2.0, 3.0, 6.0, 7.0, 9.0])


def test_sandwich_has_two_interfaces():
    spans, interfaces = find_stretches(HEIGHTS, np.array([1, 1, 2, 2, 1, 1]))
    assert spans == {1: ((1.0, 2.0), (7.0, 9.0)), 2: ((3.0, 6.0),)}
    assert interfaces == (2.5, 6.5)


def test_order_of_the_atoms_does_not_matter():
    region = np.array([1, 1, 1, 2, 2, 2])
    mixed = np.array([4, 1, 5, 0, 3, 2])
    assert find_stretches(HEIGHTS[mixed], region[mixed]) == find_stretches(HEIGHTS, region)


def test_superlattice_has_a_second_interface_on_the_border():
    _, interfaces = find_stretches(HEIGHTS, np.array([1, 1, 1, 2, 2, 2]), 11.0)
    assert interfaces == pytest.approx((4.5, 10.5))
    _, interfaces = find_stretches(HEIGHTS, np.array([1, 1, 1, 2, 2, 2]), 10.0)
    assert interfaces == pytest.approx((0.0, 4.5, 10.0))


def test_one_region_has_no_interface():
    assert find_stretches(HEIGHTS, np.ones(6, dtype=int), 20.0) == ({1: ((1.0, 9.0),)}, ())


def test_lateral_structure_is_not_split():
    heights = np.arange(60.0)
    assert find_stretches(heights, np.arange(60) % 2 + 1) == ({}, ())


def test_nothing_gives_nothing():
    assert find_stretches(np.zeros(0), np.zeros(0, dtype=int)) == ({}, ())


def test_layers_follow_one_another_and_dots_do_not():
    grid = np.array([[x, z] for x in range(8) for z in range(8)]) * 6.0
    heights = grid[:, 1]
    assert follow_one_another(heights, np.ones(64, dtype=int))
    assert follow_one_another(heights, np.where(heights > 20, 2, 1))
    rough = np.where(heights > 20 + 6 * (grid[:, 0] > 20), 2, 1)
    assert follow_one_another(heights, rough)
    dot = np.where(np.abs(grid - 20).max(axis=1) < 8, 1, 2)
    assert not follow_one_another(heights, dot)
    assert not follow_one_another(heights, np.where(grid[:, 0] > 20, 2, 1))


def test_grains_beside_one_another_are_no_stack():
    """Planes of 6.2 and 4.4 Å that fill the same height: most are apart, but they alternate."""
    left, right = np.arange(0.5, 40.0, 6.2), np.arange(2.6, 40.0, 4.4)
    region = np.repeat([1, 2], [len(left), len(right)])
    assert not follow_one_another(np.concatenate([left, right]), region)
    assert follow_one_another(np.concatenate([left, right + 42.0]), region)
