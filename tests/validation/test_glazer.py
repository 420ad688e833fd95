"""The 23 tilt systems against their published space groups, found by spglib from the atoms."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import spglib

from heterobuild.prototypes.abx3 import tilted_perovskite
from heterobuild.tilts.angles import tilt_angles
from heterobuild.tilts.glazer import TILT_SYSTEMS, parse_tilting
from heterobuild.tilts.network import CELLS, tilted_network

# Glazer's number, symbol, and number of the space group with the corrections since (see Woodward,
# 10.1107/S0108768196010713), as in 10.1088/0953-8984/25/17/175902, table 1; his settings beside.
PUBLISHED = [
    (1, "a+b+c+", 71),
    (2, "a+b+b+", 71),
    (3, "a+a+a+", 204),
    (4, "a+b+c-", 59),
    (5, "a+a+c-", 137),
    (6, "a+b+b-", 59),
    (7, "a+a+a-", 137),
    (8, "a+b-c-", 11),
    (9, "a+a-c-", 11),
    (10, "a+b-b-", 62),
    (11, "a+a-a-", 62),
    (12, "a-b-c-", 2),  # F-1
    (13, "a-b-b-", 15),  # I2/a
    (14, "a-a-a-", 167),
    (15, "a0b+c+", 71),
    (16, "a0b+b+", 139),
    (17, "a0b+c-", 63),  # Bmmb
    (18, "a0b+b-", 63),  # Bmmb
    (19, "a0b-c-", 12),  # F2/m11
    (20, "a0b-b-", 74),  # Imcm
    (21, "a0a0c+", 127),  # C4/mmb
    (22, "a0a0c-", 140),  # F4/mmc
    (23, "a0a0a0", 221),
]

# Howard and Stokes, 10.1107/S0108768198004200, table 1: the 15 that group theory tells apart.
HOWARD_STOKES = {
    "a0a0a0": 221,
    "a0a0c+": 127,
    "a0b+b+": 139,
    "a+a+a+": 204,
    "a+b+c+": 71,
    "a0a0c-": 140,
    "a0b-b-": 74,
    "a-a-a-": 167,
    "a0b-c-": 12,
    "a-b-b-": 15,
    "a-b-c-": 2,
    "a0b+c-": 63,
    "a+b-b-": 62,
    "a+b-c-": 11,
    "a+a+c-": 137,
}

# Woodward's abstract: no network of perfectly regular octahedra in these.
WOODWARD_STRAINED = {"a+a+a-", "a+b+b-", "a+a+c-", "a+b+c-", "a0b+b-", "a0b+c-"}

SIZES = {"a": 9.0, "b": 7.0, "c": 5.0}


def angles(symbol):
    tilting = parse_tilting(symbol)
    pairs = zip(tilting.letters, tilting.signs, strict=True)
    return tuple(0.0 if sign == "0" else SIZES[letter] for letter, sign in pairs)


def number_of(cell, positions, species, symprec=1e-4):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        fractions = positions @ np.linalg.inv(cell)
        return spglib.get_symmetry_dataset((cell, fractions, species), symprec=symprec).number


def crystal_number(crystal):
    atoms = crystal.require_atoms()
    return number_of(crystal.cell, atoms.positions, atoms.numbers)


@pytest.mark.parametrize(("number", "symbol", "group"), PUBLISHED)
def test_space_group_of_each_system(number, symbol, group):
    system = parse_tilting(symbol).system
    assert (system.number, system.space_group_number) == (number, group)
    crystal = tilted_perovskite("Cs", "Pb", "Br", system=symbol, angles=angles(symbol), length=5.9)
    assert crystal.space_group_number == group
    assert crystal.space_group == system.space_group
    assert crystal_number(crystal) == group


@pytest.mark.parametrize(("number", "symbol", "group"), PUBLISHED)
def test_bare_octahedra_have_the_space_group_too(number, symbol, group):
    """Without A, before any symmetry was used: the rotations alone make the space group."""
    network = tilted_network(parse_tilting(symbol).signs, angles(symbol), bond=3.0)
    positions = np.vstack([network.centres, network.corners])
    assert number_of(2 * network.axes, positions, [1] * 8 + [2] * 24) == group


def test_the_fifteen_of_group_theory_are_among_them():
    published = {symbol: group for _, symbol, group in PUBLISHED}
    assert {symbol: published[symbol] for symbol in HOWARD_STOKES} == HOWARD_STOKES


@pytest.mark.parametrize(("number", "symbol", "group"), PUBLISHED)
def test_any_order_of_the_axes_gives_the_same_group(number, symbol, group):
    turned = symbol[2:] + symbol[:2]
    crystal = tilted_perovskite("Cs", "Pb", "Br", system=turned, angles=angles(turned), length=5.9)
    assert crystal.space_group_number == group


@pytest.mark.parametrize(
    ("symbol", "sizes", "group"),
    [
        ("a-b-c-", (8, 8, 8), 167),
        ("a-b-c-", (8, 8, 6), 15),
        ("a+b+c+", (8, 8, 8), 204),
        ("a+b+c+", (8, 8, 6), 71),
        ("a+b-c-", (8, 6, 6), 62),
        ("a0b+c+", (0, 8, 8), 139),
        ("a0b-c-", (0, 8, 8), 74),
        ("a+b+c-", (8, 8, 6), 137),
        ("a+b+c-", (8, 6, 6), 59),
        ("a0b+c-", (0, 8, 8), 63),
    ],
)
def test_equal_angles_of_unequal_letters_give_the_higher_group(symbol, sizes, group):
    crystal = tilted_perovskite("Cs", "Pb", "Br", system=symbol, angles=sizes, length=5.9)
    assert crystal_number(crystal) == group


@pytest.mark.parametrize("system", TILT_SYSTEMS, ids=lambda system: system.symbol)
def test_octahedra_are_regular_where_woodward_says(system):
    """Two of his six close exactly once a second-order rotation about the axis a0 is let in."""
    network = tilted_network(parse_tilting(system.symbol).signs, angles(system.symbol), bond=3.0)
    strained = network.length_spread > 1e-9 or network.angle_spread > 1e-6
    closed = {"a0b+b-", "a0b+c-"}
    assert strained == (system.symbol in WOODWARD_STRAINED - closed)
    if system.symbol in closed:
        crystal = tilted_perovskite(
            "Cs", "Pb", "Br", system=system.symbol, angles=angles(system.symbol), length=5.9
        )
        tilts = tilt_angles(crystal)
        product = np.radians(tilts.angles[1]) * np.radians(tilts.angles[2])
        assert tilts.rest == pytest.approx(np.degrees(product / 2), rel=0.05)


@pytest.mark.parametrize("symbol", ["a0a0c-", "a-a-a-", "a+a+a+", "a+b-b-", "a-b-c-"])
def test_b_sits_on_centres_of_inversion(symbol):
    network = tilted_network(parse_tilting(symbol).signs, angles(symbol), bond=3.0)
    cell = 2 * network.axes
    halides = network.corners @ np.linalg.inv(cell)
    for cell_number in CELLS:
        inverted = cell_number - halides
        offsets = inverted[:, None] - halides
        offsets -= np.round(offsets)
        assert np.abs(offsets).sum(axis=2).min(axis=1).max() < 1e-9
