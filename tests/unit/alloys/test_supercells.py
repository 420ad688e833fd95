from __future__ import annotations

import re

import numpy as np
import pytest

from heterobuild.alloys.supercells import alloy_supercell, fitting_repeats, smallest_repeat
from heterobuild.crystals import load_phase
from heterobuild.errors import UsageError


def test_the_smallest_exact_supercell(mix):
    assert smallest_repeat(mix("CsPb(Br0.5I0.5)3", phase="cubic")) == (1, 1, 2)
    assert smallest_repeat(mix("CsPb(Br0.25I0.75)3", phase="orthorhombic")) == (1, 1, 1)


def test_no_smaller_supercell_is_exact(mix):
    crystal = mix("FA0.875Cs0.125Pb(Br0.25I0.75)3")
    cells = int(np.prod(smallest_repeat(crystal)))
    for fewer in range(1, cells):
        amounts = np.array([0.875 * fewer, 0.75 * fewer])
        assert np.abs(amounts - np.rint(amounts)).max() > 1e-6
    assert cells == 8


def test_where_none_is_small_enough_rounding_is_accepted(mix):
    crystal = mix("FA0.853Cs0.147PbI3")
    repeat = smallest_repeat(crystal, max_atoms=300)
    total = int(np.prod(repeat))
    assert total * 12 <= 300
    assert abs(round(0.853 * total) / total - 0.853) <= 0.02
    assert "asked 0.853" in alloy_supercell(crystal, repeat).notices[-1]


def test_nothing_fits_into_too_few_atoms(mix):
    with pytest.raises(UsageError, match=r"no supercell of FA0.85.*raise max_atoms to 240"):
        smallest_repeat(mix("FA0.85Cs0.15PbI3"), max_atoms=30)


def test_a_repeat_that_is_too_small_names_the_smallest_that_fits(mix):
    with pytest.raises(
        UsageError, match=r"2x1x1 is too small.*changes by 0\.1500.*an ion is lost.*use 3x3x3"
    ):
        alloy_supercell(mix("FA0.85Cs0.15PbI3"), (2, 1, 1))


def test_a_pure_crystal_needs_no_supercell():
    with pytest.raises(UsageError, match="no mixed sites"):
        alloy_supercell(load_phase("CsPbBr3_cubic"))


def test_the_supercell_is_an_ordinary_crystal(mix):
    crystal = mix("FA0.85Cs0.15Pb(Br0.4I0.6)3")
    made = alloy_supercell(crystal, seed=3)
    assert made.mixtures == ()
    assert made.placed == ("FA",)
    assert made.z == 27
    assert (made.space_group, made.origin) == ("P1", "mixed")
    np.testing.assert_allclose(made.pseudocubic @ made.cell, 6.1984 * np.eye(3), atol=1e-3)
    assert made.atoms.get_chemical_formula() == "C23H115Br32Cs4I49N46Pb27"
    assert made.atoms.arrays["formal_charge"].sum() == pytest.approx(0, abs=1e-9)


def test_seeds_draw_ions_and_orient_molecules(mix):
    crystal = mix("FA0.75Cs0.25PbI3")
    first, again, other = (
        alloy_supercell(crystal, (2, 2, 2), cations="random", seed=seed).atoms for seed in (1, 1, 2)
    )
    assert first.positions.tobytes() == again.positions.tobytes()
    assert first.positions.tobytes() != other.positions.tobytes()


def test_rock_salt_follows_the_pseudocubic_axes(mix):
    # In Pbnm-like cells the B lattice is turned by 45 degrees against the cell.
    made = alloy_supercell(
        mix("CsPb0.5Sn0.5I3", phase="orthorhombic"), (1, 1, 1), rule="rock-salt"
    ).atoms
    tin, lead = made.positions[made.numbers == 50], made.positions[made.numbers == 82]
    box = np.asarray(made.cell)
    images = np.stack(np.meshgrid(*[range(-1, 2)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    for here in tin:
        for others, wanted in ((lead, 6), (tin, 0)):
            every = (others[None] + (images @ box)[:, None]).reshape(-1, 3)
            distance = np.linalg.norm(every - here, axis=1)
            assert ((distance > 0.1) & (distance < 7.5)).sum() == wanted


@pytest.mark.parametrize(
    "formula",
    [
        "FA0.83Cs0.17Pb(I0.6Br0.4)3",
        "CsPb(Br0.67I0.33)3",
        "FA0.85Cs0.15Pb(Br0.4I0.6)3",
        "MA0.37FA0.63PbI3",
        "CsPb(Br0.4I0.6)3",
    ],
)
def test_supercells_are_compact_and_round_little(mix, formula):
    made = alloy_supercell(mix(formula))
    edges = np.linalg.norm(made.cell, axis=1)
    assert edges.max() / edges.min() <= 2
    assert len(made.atoms) <= 400
    step = made.notices[-1]
    pairs = re.findall(r"asked ([\d.]+), got ([\d.]+)", step)
    assert all(abs(float(asked) - float(got)) <= 0.0101 for asked, got in pairs)


def test_no_ion_is_lost(mix):
    made = alloy_supercell(mix("MAPbI2.98Cl0.02"))
    assert (made.atoms.numbers == 17).sum() >= 1
    with pytest.raises(UsageError, match="an ion is lost"):
        alloy_supercell(mix("MAPbI2.98Cl0.02"), (1, 1, 1))


@pytest.mark.parametrize(
    ("formula", "rule"),
    [
        ("FAPb0.5Sn0.5I3", "rock-salt"),
        ("CsPb0.5Sn0.5Br3", "rock-salt"),
        ("FA0.75Cs0.25PbI3", "planes 001"),
        ("FA0.75Cs0.25PbI3", "planes 100"),
        ("FA0.75Cs0.25PbI3", "rows 100"),
    ],
)
def test_the_chosen_supercell_suits_the_rule(mix, formula, rule):
    assert rule in alloy_supercell(mix(formula), rule=rule).notices[-1]
    assert next(fitting_repeats(mix(formula), rule=rule)) == smallest_repeat(
        mix(formula), rule=rule
    )


def test_planes_of_a_chosen_supercell_are_whole(mix):
    made = alloy_supercell(mix("FA0.75Cs0.25PbI3"), rule="planes 001")
    heights = made.atoms.positions[made.atoms.numbers == 55, 2]
    assert len(set(np.round(heights, 3))) * 4 * 6.36 == pytest.approx(made.cell[2, 2], rel=0.01)


def test_patterns_that_never_fit_are_told(mix):
    with pytest.raises(UsageError, match=r"in the pattern 'rock-salt'.*rule random"):
        alloy_supercell(mix("FA0.8Cs0.2PbI3"), rule="rock-salt")
