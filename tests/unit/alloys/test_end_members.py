from dataclasses import replace

import pytest

from heterobuild import load_crystal
from heterobuild.alloys.end_members import (
    crystal_distance,
    end_members,
    length_uncertainty,
    phase_label,
)
from heterobuild.errors import UnknownNameError, UsageError


def names(*arguments, **options):
    return [member.crystal.name for member in end_members(*arguments, **options)]


def test_the_phase_known_nearest_to_room_temperature_is_taken():
    assert names(["CsPbBr3", "CsPbI3"]) == ["CsPbBr3_orthorhombic", "CsPbI3_gamma"]


def test_hot_crystals_are_taken_where_it_is_hot():
    assert names(["CsPbBr3", "CsPbI3"], temperature=600.0) == ["CsPbBr3_cubic", "CsPbI3_alpha"]


def test_the_phase_of_the_neighbour_is_preferred():
    like = load_crystal("CsPbI3_alpha")
    assert names(["CsPbBr3", "CsPbI3"], like=like) == ["CsPbBr3_cubic", "CsPbI3_alpha"]


def test_the_wanted_phase_wins():
    like = load_crystal("CsPbI3_alpha")
    found = names(["CsPbBr3", "CsPbI3"], like=like, phase="tetragonal")
    assert found == ["CsPbBr3_tetragonal", "CsPbI3_beta"]


def test_without_a_common_phase_each_takes_its_own():
    found = end_members(["CsSrBr3", "MAPbBr3"])
    assert [member.phase for member in found] == ["orthorhombic", "cubic"]


def test_structures_that_differ_are_not_mixed():
    assert names(["KCl", "NaCl"]) == ["KCl", "NaCl"]
    with pytest.raises(UsageError, match=r"KCl \(Fm-3m\), CsCl \(Pm-3m\)"):
        end_members(["KCl", "CsCl"])


def test_a_missing_end_member_is_named_with_what_there_is():
    with pytest.raises(UnknownNameError, match=r"CsSnCl3.*CsPbCl3, CsSnBr3, CsSnI3"):
        end_members(["CsSnCl3", "CsSnI3"])
    with pytest.raises(UnknownNameError, match=r"CsMnBr3 has no.*CsMnBr3_hexagonal"):
        end_members(["CsMnBr3", "CsPbBr3"])


def test_a_phase_that_not_all_have_is_refused_with_those_there_are():
    with pytest.raises(UnknownNameError, match=r"CsSrBr3 \(orthorhombic\)"):
        end_members(["CsPbBr3", "CsSrBr3"], phase="cubic")


def test_uncertainty_is_trust_and_expansion_in_quadrature():
    crystal = load_crystal("CsPbBr3_cubic")
    assert crystal.temperature == 425
    assert length_uncertainty(crystal, 5.874, 425.0) == pytest.approx(5.874 * 0.002)
    wanted = 5.874 * (0.002**2 + (4e-5 * 127) ** 2) ** 0.5
    assert length_uncertainty(crystal, 5.874, 298.0) == pytest.approx(wanted)


def test_phase_of_crystals_without_a_cube():
    assert phase_label(load_crystal("CsPbI3_delta")) is None
    assert phase_label(load_crystal("MAPbI3_tetragonal")) == "tetragonal"


def test_cells_that_are_not_measured_have_their_own_error():
    model = replace(load_crystal("CsPbBr3_cubic"), origin="model", length_error=0.008)
    assert length_uncertainty(model, 5.874, 425.0) == pytest.approx(5.874 * 0.008)


def test_nearer_temperatures_come_first_then_trust_then_name():
    names = ["CsPbBr3_cubic", "CsPbBr3_orthorhombic", "CsPbBr3_tetragonal"]
    crystals = [load_crystal(name) for name in names]
    found = sorted(crystals, key=lambda crystal: crystal_distance(crystal, 390.0))
    assert [crystal.phase for crystal in found] == ["tetragonal", "cubic", "orthorhombic"]
