import warnings

import numpy as np
import pytest
import spglib

from heterobuild.chemistry.compounds import parse_compound
from heterobuild.errors import UsageError
from heterobuild.labels import units
from heterobuild.prototypes.families import build_family
from heterobuild.prototypes.family_members import FAMILIES, family_members, typical_error

BY_TYPE = {(family.prototype, family.phase): family for family in FAMILIES}

MADE = [
    ("Rb4PbBr6", "0D", 167, 66),
    ("Cs4SnI6", "0D", 167, 66),
    ("RbPb2Cl5", "2D", 140, 32),
    ("RbCu2I3", "1D", 63, 24),
    ("Rb3Cu2I5", "0D", 62, 40),
    ("RbSnI3", "delta", 62, 20),
    ("CsNiBr3", "2H", 194, 10),
    ("Cs2AgSbCl6", "double-perovskite", 225, 40),
    ("Rb2PtI6", "vacancy-ordered", 225, 36),
    ("MA2AgBiBr6", "double-perovskite", 225, 96),
    ("FA2SnI6", "vacancy-ordered", 225, 92),
]


def built(formula, phase, **options):
    compound = parse_compound(formula)
    return build_family(compound, BY_TYPE[compound.prototype, phase], **options)


def number_found_by_spglib(crystal):
    cell = (crystal.cell, crystal.atoms.get_scaled_positions(), crystal.atoms.numbers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return spglib.get_symmetry_dataset(cell, symprec=1e-3).number


@pytest.mark.parametrize(("formula", "phase", "number", "atoms"), MADE)
def test_symmetry_charge_and_composition(formula, phase, number, atoms):
    crystal = built(formula, phase)
    compound = parse_compound(formula)
    assert len(crystal.atoms) == atoms
    assert abs(crystal.atoms.arrays["formal_charge"].sum()) < 1e-9
    _, first = np.unique(units(crystal.atoms), return_index=True)
    kinds = crystal.atoms.arrays["kind"][first]
    names = [
        crystal.molecules[k - 1].name if k else str(crystal.atoms.symbols[i])
        for k, i in zip(kinds, first, strict=True)
    ]
    for site in compound.sublattices:
        for ion, amount in site.amounts:
            assert names.count(ion) == amount * crystal.z
    if not crystal.molecules:
        assert number_found_by_spglib(crystal) == number
    assert crystal.space_group_number == number


@pytest.mark.parametrize(("formula", "phase", "number", "atoms"), MADE)
def test_estimates_are_told_as_such(formula, phase, number, atoms):
    crystal = built(formula, phase)
    assert crystal.origin == "model"
    assert 0.003 < crystal.length_error < (0.06 if crystal.molecules else 0.04)
    assert crystal.source.cell == crystal.source.coordinates == "low"
    assert "estimated" in crystal.source.citation
    told = " ".join(crystal.notices)
    assert f"error of {100 * crystal.length_error:.1f} %" in told
    assert "coordinates estimated" in told
    assert crystal.temperature == 298
    assert crystal.rests_on[0] in crystal.source.citation


@pytest.mark.parametrize(("formula", "phase", "number", "atoms"), MADE)
def test_no_atoms_are_too_close(formula, phase, number, atoms):
    crystal = built(formula, phase).atoms
    distances = crystal.get_all_distances(mic=True)
    molecule = crystal.arrays["molecule"]
    inside = (molecule[:, None] == molecule) & (molecule[:, None] > 0)
    np.fill_diagonal(distances, np.inf)
    hydrogen = crystal.numbers == 1
    heavy = ~hydrogen[:, None] & ~hydrogen
    assert distances[~inside].min() > 1.9
    assert distances[~inside & heavy].min() > 2.2


def test_names_carry_the_phase_only_where_there_are_several():
    assert built("RbSnI3", "delta").name == "RbSnI3_delta"
    assert built("Rb4PbBr6", "0D").name == "Rb4PbBr6"


def test_the_nearest_member_gives_the_coordinates_and_can_be_left_out():
    assert "CsPbBr3_delta" in built("RbPbBr3", "delta").source.citation
    fewer = built("RbPbBr3", "delta", without=["CsPbBr3_cubic", "CsPbBr3_delta"])
    assert "CsPbBr3_delta" not in fewer.source.citation


def test_members_of_one_compound_leave_together():
    delta = BY_TYPE["abx3", "delta"]
    names = {member.name for member in family_members(delta)}
    assert {"CsPbI3_delta", "RbPbI3_delta", "KMnCl3_delta"} <= names
    assert "KMnCl3_orthorhombic" not in names
    rest = {member.name for member in family_members(delta, without=["CsPbI3"])}
    assert names - rest == {"CsPbI3_delta"}


def test_an_empty_family_is_told():
    with pytest.raises(UsageError, match="no measured phase of the type a3b2x5 is left"):
        built("Rb3Cu2I5", "0D", without=["Cs3Cu2I5"])


def test_mixed_and_foreign_compounds_are_refused():
    with pytest.raises(UsageError, match="no pure compound"):
        built("Cs4Pb(Br0.5I0.5)6", "0D")
    with pytest.raises(UsageError, match="no pure compound"):
        build_family(parse_compound("CsPbBr3"), BY_TYPE["a4bx6", "0D"])


def test_a_single_member_takes_the_typical_error():
    assert built("Rb3Cu2I5", "0D").length_error >= typical_error() > 0.005
