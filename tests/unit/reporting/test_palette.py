"""Colours and radii."""

from __future__ import annotations

import numpy as np
import pytest
from ase.data import covalent_radii

from heterobuild.labels import Site
from heterobuild.reporting.palette import (
    REGIONS,
    drawn_radii,
    element_colours,
    region_colour,
    rgb,
)


def test_hexadecimal_colours_agree_with_matplotlib():
    from matplotlib.colors import to_rgb

    for colour in (*REGIONS, "#ffffff", "#0a1b2c"):
        assert np.allclose(rgb(colour), to_rgb(colour))


def test_each_element_has_a_colour():
    table = element_colours()
    assert table.shape == (119, 3)
    assert table.min() >= 0
    assert table.max() <= 1


def test_elements_of_a_halide_perovskite_can_be_told_apart():
    table = element_colours()[[1, 6, 7, 17, 35, 53, 55, 82]]
    distance = np.linalg.norm(table[:, None] - table[None], axis=-1)
    assert distance[np.triu_indices(len(table), 1)].min() > 0.15


def test_neighbouring_regions_differ():
    assert not np.allclose(region_colour(1), region_colour(2))
    assert np.allclose(region_colour(1), region_colour(1 + len(REGIONS)))


def test_radii_leave_the_bond_visible():
    numbers = np.array([55, 82, 35, 6, 1])
    site = np.array([Site.A, Site.B, Site.X, Site.A, Site.A])
    radii = drawn_radii(numbers, site, np.array([0, 0, 0, 1, 1]))
    assert radii[1] + radii[2] < 2.9
    assert radii[3] + radii[4] < 1.09
    assert np.all(radii < covalent_radii[numbers])
    assert radii[0] == pytest.approx(max(radii))
