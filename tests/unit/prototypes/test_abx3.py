"""Perovskites from a model."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from heterobuild.crystals import load_phase
from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.estimates.lengths import pseudocubic_length
from heterobuild.model import Compound, Sublattice
from heterobuild.prototypes.abx3 import PHASES, build_abx3, tilted_perovskite
from heterobuild.tilts.angles import mean_bond_length, tilt_angles


def compound(a, b, x, prototype="abx3"):
    rows = (("A", a, 1), ("B", b, 1), ("X", x, 3))
    return Compound(
        formula=f"{a}{b}{x}3",
        prototype=prototype,
        sublattices=tuple(
            Sublattice(name=name, amounts=((ion, Fraction(n)),)) for name, ion, n in rows
        ),
    )


RBPBBR3 = compound("Rb", "Pb", "Br")


@pytest.mark.parametrize(
    ("phase", "group", "z", "symbol"),
    [
        ("cubic", "Pm-3m", 1, "a0a0a0"),
        ("tetragonal", "P4/mbm", 2, "a0a0c+"),
        ("tetragonal-I4mcm", "I4/mcm", 4, "a0a0c-"),
        ("orthorhombic", "Pnma", 4, "a-a-c+"),
    ],
)
def test_phases(phase, group, z, symbol):
    crystal = build_abx3(RBPBBR3, phase)
    assert (crystal.name, crystal.phase) == (f"RbPbBr3_{phase}", phase)
    assert (crystal.space_group, crystal.z) == (group, z)
    assert tilt_angles(crystal).symbol == symbol
    assert len(crystal.require_atoms()) == 5 * z


@pytest.mark.parametrize(
    ("alias", "phase"),
    [
        ("alpha", "cubic"),
        ("pm-3m", "cubic"),
        ("beta", "tetragonal"),
        ("P4/mbm", "tetragonal"),
        ("I4/mcm", "tetragonal-I4mcm"),
        ("a0a0c-", "tetragonal-I4mcm"),
        ("gamma", "orthorhombic"),
        ("Pnma", "orthorhombic"),
        ("a-b+a-", "orthorhombic"),
    ],
)
def test_aliases(alias, phase):
    assert build_abx3(RBPBBR3, alias).phase == phase


def test_names_are_distinct():
    names = [name.lower() for kind in PHASES for name in (kind.name, kind.tilting, *kind.aliases)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("phase", [kind.name for kind in PHASES])
def test_the_volume_is_the_estimated_one(phase):
    crystal = build_abx3(RBPBBR3, phase)
    length = pseudocubic_length("Rb", "Pb", "Br")
    volume = np.linalg.det(crystal.cell) / crystal.z
    assert np.cbrt(volume) == pytest.approx(length.value)
    assert crystal.length_error == length.error


def test_all_is_labelled_as_estimated():
    crystal = build_abx3(RBPBBR3)
    assert crystal.origin == "model"
    assert crystal.source.citation.startswith("estimated: ")
    assert (crystal.source.cell, crystal.source.coordinates) == ("low", "low")
    assert any("the phase is a guess" in notice for notice in crystal.notices)
    assert any("cell estimated" in notice for notice in crystal.notices)
    assert any("tilts estimated" in notice for notice in crystal.notices)
    assert all(notice.startswith(f"{crystal.name}: ") for notice in crystal.notices)


def test_a_wanted_phase_is_no_guess():
    assert not any("guess" in notice for notice in build_abx3(RBPBBR3, "cubic").notices)


@pytest.mark.parametrize(
    ("ions", "phase"),
    [
        (("Cs", "Pb", "Br"), "orthorhombic"),
        (("Cs", "Sn", "I"), "orthorhombic"),
        (("MA", "Pb", "Br"), "cubic"),
        (("FA", "Sn", "I"), "cubic"),
    ],
)
def test_the_guess_is_the_room_temperature_phase(ions, phase):
    assert build_abx3(compound(*ions)).phase == phase


def test_the_loose_octahedra_of_germanium_are_pointed_out():
    notices = build_abx3(compound("Cs", "Ge", "Br")).notices
    assert any("B may leave the centre" in notice for notice in notices)


def test_a_compound_can_be_kept_out_of_its_own_estimate():
    crystal = build_abx3(compound("Cs", "Pb", "I"), "gamma", without=["CsPbI3"])
    assert "CsPbI3" not in crystal.source.citation
    known = build_abx3(compound("Cs", "Pb", "I"), "gamma")
    assert abs(np.linalg.det(crystal.cell) - np.linalg.det(known.cell)) > 1e-3


def test_molecules_lie_along_the_first_axis():
    crystal = build_abx3(compound("FA", "Pb", "Cl"), "gamma")
    atoms = crystal.require_atoms()
    assert crystal.placed == ("FA",)
    assert len(atoms) == 4 * (1 + 3 + 8)
    assert atoms.arrays["formal_charge"].sum() == pytest.approx(0)
    assert len(set(atoms.arrays["molecule"])) == 5


def test_sites_have_their_roles():
    crystal = build_abx3(compound("Cs", "Mn", "Cl"), "cubic")
    atoms = crystal.require_atoms()
    charges = dict(zip(atoms.symbols, atoms.arrays["formal_charge"], strict=True))
    assert charges == {"Cs": 1, "Mn": 2, "Cl": -1}
    sites = dict(zip(atoms.symbols, atoms.arrays["site"].tolist(), strict=True))
    assert sites == {"Cs": 1, "Mn": 2, "Cl": 3}


@pytest.mark.parametrize("phase", ["delta", "2H", "R3m", ""])
def test_other_phases_are_listed(phase):
    with pytest.raises(UsageError, match="orthorhombic, delta, 2H"):
        build_abx3(RBPBBR3, phase)


def test_mixed_and_other_prototypes_are_refused():
    with pytest.raises(UsageError, match="no pure perovskite"):
        build_abx3(compound("Cs", "Pb", "Br", prototype="ab2x5"))
    mixed = Sublattice(name="A", amounts=(("Cs", Fraction(1, 2)), ("FA", Fraction(1, 2))))
    other = compound("Cs", "Pb", "Br").sublattices[1:]
    with pytest.raises(UsageError, match="no pure perovskite"):
        build_abx3(Compound(formula="x", prototype="abx3", sublattices=(mixed, *other)))


def test_unknown_ion():
    with pytest.raises(UnknownNameError):
        build_abx3(compound("Xx", "Pb", "Br"))


def test_tilted_perovskite_keeps_the_bond_length():
    measured = load_phase("CsPbBr3_orthorhombic")
    length = 2 * mean_bond_length(measured)
    crystal = tilted_perovskite("Cs", "Pb", "Br", angles=(9, 7, 9), length=length)
    assert mean_bond_length(crystal) == pytest.approx(mean_bond_length(measured))
    assert crystal.name == "CsPbBr3_a-b+a-"
    assert crystal.length_error == 0


def test_without_a_length_it_is_estimated():
    crystal = tilted_perovskite("Cs", "Pb", "Br", system="a0a0c+", angles=(0, 0, 12))
    length = pseudocubic_length("Cs", "Pb", "Br")
    assert np.cbrt(np.linalg.det(crystal.cell) / crystal.z) == pytest.approx(length.value)
    assert any("estimated" in notice for notice in crystal.notices)


def test_strained_octahedra_are_reported():
    told = tilted_perovskite("Cs", "Pb", "Br", system="a+a+a-", angles=(12, 12, 12)).notices
    assert any("no regular octahedra" in notice for notice in told)
    told = tilted_perovskite("Cs", "Pb", "Br").notices
    assert not any("regular" in notice for notice in told)


def test_equal_angles_of_unequal_letters_are_reported():
    crystal = tilted_perovskite("Cs", "Pb", "Br", system="a-b-c-", angles=(8, 8, 8), length=5.9)
    assert crystal.space_group == "R-3c"
    assert any("a-a-a-" in notice for notice in crystal.notices)


@pytest.mark.parametrize("length", [0, -5.9, float("nan"), float("inf")])
def test_impossible_lengths(length):
    with pytest.raises(UsageError, match="must be positive"):
        tilted_perovskite("Cs", "Pb", "Br", length=length)


def test_contradictory_angles():
    with pytest.raises(UsageError, match="must have one angle"):
        tilted_perovskite("Cs", "Pb", "Br", angles=(9, 7, 8))
