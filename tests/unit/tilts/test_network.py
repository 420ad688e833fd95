"""Tilted networks: closed forms, regular octahedra, shared corners."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.tilts.glazer import TILT_SYSTEMS, parse_tilting
from heterobuild.tilts.network import CELLS, modes_of, tilted_network

SIZES = {"a": 11.0, "b": 8.0, "c": 5.0}
STRAINED = {4, 5, 6, 7}


def network(symbol, bond=3.0):
    tilting = parse_tilting(symbol)
    return tilted_network(tilting.signs, [SIZES[letter] for letter in tilting.letters], bond=bond)


def test_one_tilt_shortens_two_axes_by_its_cosine():
    for symbol in ("a0a0c+", "a0a0c-"):
        axes = network(symbol).axes
        short = 6.0 * np.cos(np.radians(SIZES["c"]))
        np.testing.assert_allclose(axes, np.diag([short, short, 6.0]), atol=1e-9)


def test_three_equal_antiphase_tilts_are_a_rotation_about_the_diagonal():
    """The diagonal keeps its length, and the plane across it shrinks by the cosine."""
    axes = network("a-a-a-").axes
    turn = np.radians(SIZES["a"] * np.sqrt(3))
    assert np.linalg.norm(axes.sum(axis=0)) == pytest.approx(6.0 * np.sqrt(3))
    assert np.linalg.norm(axes[0] - axes[1]) == pytest.approx(6.0 * np.sqrt(2) * np.cos(turn))


@pytest.mark.parametrize("system", TILT_SYSTEMS, ids=lambda system: system.symbol)
def test_octahedra_are_regular_where_they_can_be(system):
    found = network(system.symbol)
    if system.number in STRAINED:
        assert 1e-5 < found.length_spread < 0.01
        assert 1e-3 < found.angle_spread < 0.2
    else:
        assert found.length_spread < 1e-9
        assert found.angle_spread < 1e-7


@pytest.mark.parametrize("system", TILT_SYSTEMS, ids=lambda system: system.symbol)
def test_tilts_are_the_wanted_ones_and_no_others(system):
    tilting = parse_tilting(system.symbol)
    found = network(system.symbol)
    modes = modes_of(found.bonds, found.axes)
    rows = {"+": [3, 5, 6], "-": [7, 7, 7]}
    for axis, (sign, letter) in enumerate(zip(tilting.signs, tilting.letters, strict=True)):
        for pattern, numbers in rows.items():
            wanted = SIZES[letter] if sign == pattern else 0.0
            assert modes[numbers[axis], axis] == pytest.approx(wanted, abs=1e-8)


@pytest.mark.parametrize("system", TILT_SYSTEMS, ids=lambda system: system.symbol)
def test_every_corner_is_shared_and_the_mean_length_is_kept(system):
    found = network(system.symbol)
    lengths = np.linalg.norm(found.bonds, axis=-1)
    assert lengths.mean() == pytest.approx(3.0)
    for n, cell in enumerate(CELLS):
        for axis in range(3):
            step = (cell + np.eye(3, dtype=int)[axis]) % 2
            neighbour = int(step @ [4, 2, 1])
            both = found.bonds[n, axis] + found.bonds[neighbour, axis]
            np.testing.assert_allclose(both, found.axes[axis], atol=1e-9)


def test_axes_hide_no_rotation():
    for system in TILT_SYSTEMS:
        axes = network(system.symbol).axes
        np.testing.assert_allclose(axes, axes.T, atol=1e-12)
        assert np.linalg.det(axes) > 0


def test_it_scales_with_the_bond():
    np.testing.assert_allclose(network("a+b-c-", bond=6.0).bonds, 2 * network("a+b-c-").bonds)


def test_same_input_same_bytes():
    assert network("a+b+c-").bonds.tobytes() == network("a+b+c-").bonds.tobytes()
