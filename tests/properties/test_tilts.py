"""Any tilt system with any angles: what must hold whatever they are."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from heterobuild.prototypes.abx3 import tilted_perovskite
from heterobuild.tilts.angles import mean_bond_length, tilt_angles
from heterobuild.tilts.glazer import TILT_SYSTEMS, parse_tilting

LENGTH = 5.9


@st.composite
def tilted(draw):
    """A system with its axes in any order, and angles that fit it and are well apart."""
    symbol = draw(st.sampled_from([system.symbol for system in TILT_SYSTEMS]))
    pairs = draw(st.permutations([symbol[i : i + 2] for i in (0, 2, 4)]))
    first = draw(st.floats(1.0, 5.0))
    sizes = [first + 0.5 + draw(st.floats(0.0, 3.0)) + 3.5 * step for step in range(3)]
    sizes = dict(zip("abc", draw(st.permutations(sizes)), strict=True))
    angles = tuple(0.0 if sign == "0" else sizes[letter] for letter, sign in pairs)
    return "".join(pairs), angles


@settings(max_examples=60, deadline=None)
@given(tilted())
def test_the_angles_come_back(case):
    symbol, angles = case
    crystal = tilted_perovskite("Cs", "Pb", "Br", system=symbol, angles=angles, length=LENGTH)
    along = crystal.pseudocubic @ crystal.cell
    tilts = tilt_angles(crystal)
    np.testing.assert_allclose(tilts.angles, angles, atol=1e-6)
    assert tilts.signs == parse_tilting(symbol).signs
    assert parse_tilting(tilts.symbol).system == parse_tilting(symbol).system
    assert np.linalg.det(along) > 0


@settings(max_examples=40, deadline=None)
@given(tilted())
def test_a_crystal_is_whole_neutral_and_denser_than_the_cube(case):
    symbol, angles = case
    crystal = tilted_perovskite("Cs", "Pb", "Br", system=symbol, angles=angles, length=LENGTH)
    atoms = crystal.require_atoms()
    assert crystal.space_group_number == parse_tilting(symbol).system.space_group_number
    assert len(atoms) == 5 * crystal.z
    assert atoms.arrays["formal_charge"].sum() == 0
    assert np.linalg.det(crystal.cell) > 0
    assert np.linalg.det(crystal.cell) / crystal.z <= LENGTH**3 * (1 + 1e-9)
    np.testing.assert_allclose(mean_bond_length(crystal), LENGTH / 2, rtol=1e-6)
    whole = np.linalg.inv(crystal.pseudocubic)
    np.testing.assert_allclose(whole, np.round(whole), atol=1e-8)


@settings(max_examples=40, deadline=None)
@given(tilted())
def test_regular_octahedra_stay_regular(case):
    symbol, angles = case
    crystal = tilted_perovskite("Cs", "Pb", "Br", system=symbol, angles=angles, length=LENGTH)
    lengths = tilt_angles(crystal).octahedra.lengths
    spread = lengths.max() / lengths.min() - 1
    strained = parse_tilting(symbol).system.number in {4, 5, 6, 7}
    assert spread < (0.02 if strained else 1e-6)
