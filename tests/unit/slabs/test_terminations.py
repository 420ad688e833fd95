from __future__ import annotations

import numpy as np
import pytest

from heterobuild.alloys.mixing import mixed_crystal
from heterobuild.chemistry.compounds import parse_compound
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.slabs.cut import cut_slab
from heterobuild.slabs.stacking import stack_planes
from heterobuild.slabs.terminations import (
    default_bottom,
    find_termination,
    list_terminations,
    plane_label,
)


@pytest.mark.parametrize("hkl", ["001", "110", "111", "210", "211"])
def test_both_terminations_of_cubic_perovskite_are_listed(hkl: str) -> None:
    assert len(list_terminations(load_crystal("CsPbBr3_cubic"), hkl)) == 2


def test_planes_related_by_a_screw_axis_are_listed_once() -> None:
    found = list_terminations(load_crystal("SiO2_quartz"), "001")
    assert [plane.formula for plane in found] == ["Si", "O", "O"]


def test_planes_of_equal_formula_that_differ_are_both_listed() -> None:
    found = list_terminations(load_crystal("CaF2"), "111")
    assert sorted(plane.formula for plane in found) == ["Ca", "F", "F"]


@pytest.mark.parametrize("wanted", ["CsBr", "BrCs", "Cs2Br2", 1])
def test_a_plane_is_found_by_formula_or_index(wanted: str | int) -> None:
    stacking = stack_planes(load_crystal("CsPbBr3_cubic"), "001")
    assert find_termination(stacking, wanted).formula == "CsBr"


def test_the_formula_of_a_larger_surface_cell_is_found() -> None:
    stacking = stack_planes(load_crystal("CsPbBr3_orthorhombic"), "010")
    assert find_termination(stacking, "CsBr").formula == "Cs2Br2"


@pytest.mark.parametrize("wanted", ["CsCl", "Cs", 2, -1, "nonsense", ""])
def test_the_message_lists_the_planes(wanted: str | int) -> None:
    stacking = stack_planes(load_crystal("CsPbBr3_cubic"), "001")
    with pytest.raises(UsageError, match="0: PbBr2; 1: CsBr"):
        find_termination(stacking, wanted)


def test_an_ambiguous_formula_is_not_guessed() -> None:
    stacking = stack_planes(load_crystal("CaF2"), "111")
    with pytest.raises(UsageError, match="several different planes"):
        find_termination(stacking, "F")


@pytest.mark.parametrize(
    ("name", "hkl", "formula"),
    [
        ("CsPbBr3_cubic", "001", "CsBr"),
        ("CsPbBr3_cubic", "111", "CsBr3"),
        ("MAPbCl3_cubic", "001", "MACl"),
        ("CsPbBr3_cubic", "110", "CsPbBr"),
    ],
)
def test_default_bottom(name: str, hkl: str, formula: str) -> None:
    assert default_bottom(stack_planes(load_crystal(name), hkl)).formula == formula


def test_layered_phases_are_cut_between_their_spacers() -> None:
    stacking = stack_planes(load_crystal("RMBA2PbI4"), "001")
    first = default_bottom(stacking)
    period = len(stacking.terminations)
    below = stacking.terminations[(first.index - 1) % period]
    assert "R-MBA" in first.formula
    assert "R-MBA" in below.formula


@pytest.mark.parametrize(
    "name", ["BA2MAPb2I7", "PEA2MA3Pb4I13", "Cs2PbI2Cl2", "4AMP_PbI4", "(S-MBA)2PbBr4"]
)
def test_slabs_of_layered_phases_hold_whole_octahedra(name: str) -> None:
    atoms = cut_slab(load_crystal(name), "001", layers=2).atoms.repeat((2, 2, 1))
    lead = np.flatnonzero(atoms.numbers == 82)
    halides = np.flatnonzero(np.isin(atoms.numbers, [17, 35, 53]))
    for centre in lead:
        lengths = atoms.get_distances(centre, halides, mic=True)
        assert (lengths < 3.6).sum() == 6


def test_labels_show_the_ions_that_share_sites() -> None:
    crystal = mixed_crystal(parse_compound("FA0.85Cs0.15Pb(Br0.4I0.6)3"))
    labels = [plane_label(plane, crystal) for plane in list_terminations(crystal, "001")]
    assert labels == ["Pb(I0.6Br0.4)2", "(FA0.85Cs0.15)(I0.6Br0.4)"]
    pure = load_crystal("RMBA2PbI4")
    planes = list_terminations(pure, "001")
    assert [plane_label(plane, pure) for plane in planes] == [plane.formula for plane in planes]


@pytest.mark.parametrize("wanted", ["FAI", "CsBr", "IFA", "FABr"])
def test_any_ion_of_a_shared_site_names_its_plane(wanted: str) -> None:
    crystal = mixed_crystal(parse_compound("FA0.85Cs0.15Pb(Br0.4I0.6)3"))
    stacking = stack_planes(crystal, "001")
    assert find_termination(stacking, wanted).formula == "FAI"
    with pytest.raises(UsageError, match=r"0: Pb\(I0\.6Br0\.4\)2; 1: \(FA0\.85Cs0\.15\)"):
        find_termination(stacking, "RbBr")
