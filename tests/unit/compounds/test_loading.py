import numpy as np
import pytest

from heterobuild.chemistry.compounds import parse_compound
from heterobuild.compounds.loading import library_name, load_crystal, split_phase
from heterobuild.crystals import list_crystals
from heterobuild.errors import HeterobuildError, UnknownNameError, UsageError


def test_every_name_of_the_library_is_a_measured_phase():
    for entry in list_crystals():
        crystal = load_crystal(entry.name)
        assert (crystal.name, crystal.origin, crystal.length_error) == (entry.name, "library", 0)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I3PbCs:gamma", "CsPbI3_gamma"),
        ("CH3NH3PbCl3", "MAPbCl3_cubic"),
        ("(PEA)2PbI4", "PEA2PbI4"),
        ("(C4H9NH3)2PbI4", "BA2PbI4"),
        ("BA2MAn-1PbnI3n+1, n = 3", "BA2MA2Pb3I10"),
        ("BiAgCs2Br6", "Cs2AgBiBr6_cubic"),
    ],
)
def test_any_way_to_write_a_formula_finds_the_measured_phase(text, name):
    assert load_crystal(text).name == name


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("CsPb(Br0.5I0.5)3:cubic", ("CsPb(Br0.5I0.5)3", "cubic")),
        ("γ-CsPb(Br0.5I0.5)3", ("CsPb(Br0.5I0.5)3", "gamma")),
        ("R-MBA2PbI4", ("R-MBA2PbI4", None)),
        ("CsPb(Br_0.5I_0.5)3", ("CsPb(Br_0.5I_0.5)3", None)),
        ("PEA2MAPb2I7_RP n=2", ("PEA2MAPb2I7", "RP n=2")),
    ],
)
def test_formula_and_phase_are_told_apart(text, pieces):
    assert split_phase(text) == pieces


# Cubic cells of the library: CsPbI3 6.2894 Å, CsPbBr3 5.874 Å.
def test_a_mixed_compound_lies_between_its_end_members():
    mixed = load_crystal("CsPb(Br0.25I0.75)3:cubic")
    assert mixed.cell == pytest.approx(np.eye(3) * (0.25 * 5.874 + 0.75 * 6.2894), abs=1e-3)
    assert (mixed.origin, mixed.mixtures[0].parent) == ("mixed", "I")
    assert mixed.length_error > 0


@pytest.mark.parametrize(
    "text", ["FA0.85Cs0.15Pb(Br0.4I0.6)3", "MAPb0.5Sn0.5I3", "CsPb0.9Sr0.1Br3", "CsGeCl3"]
)
def test_the_name_of_a_crystal_loads_it_again(text):
    crystal = load_crystal(text)
    again = load_crystal(crystal.name)
    assert again.name == crystal.name
    assert again.atoms.positions == pytest.approx(crystal.atoms.positions)
    assert (again.cell == crystal.cell).all()


def test_a_library_name_needs_the_phase_to_exist():
    compound = parse_compound("CsPbBr3")
    assert library_name(compound, None) == "CsPbBr3"
    assert library_name(compound, "quartz") is None
    assert library_name(parse_compound("CsPb(Br0.5I0.5)3"), None) is None


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("CsPbBr3_cubc", UnknownNameError, "did you mean CsPbBr3_cubic"),
        ("CsXbBr3", UnknownNameError, "did you mean"),
        ("nothing", UnknownNameError, "unknown crystal"),
        ("CsPbBr4", UsageError, "not neutral"),
        ("FA0.8Cs0.1PbI3", UsageError, "0.9 of 1"),
        ("CsPb(Br_xI_1-x)3", UsageError, "x has no value"),
        ("BA2MAn-1PbnI3n+1, n = 0", HeterobuildError, "n = 0|from 1|at least 1"),
    ],
)
def test_names_and_formulas_that_mean_nothing(text, error, said):
    with pytest.raises(error, match=said):
        load_crystal(text)


@pytest.mark.parametrize(
    "text",
    ["(4AMP)FAPb2Br7", "PEA2MAPb2I7", "CsNiBr3:2H", "Rb2SnI6", "CsGeF3:Pnma", "Cs4SnBr6"],
)
def test_the_name_of_a_model_loads_it_again(text):
    crystal = load_crystal(text)
    assert crystal.origin == "model"
    again = load_crystal(crystal.name)
    assert (again.name, again.cell.tolist()) == (crystal.name, crystal.cell.tolist())


def test_unequal_spacers_mix_their_cells_but_not_their_atoms():
    mixed = load_crystal("(PEA0.5BA0.5)2PbI4")
    assert mixed.atoms is None
    assert any("packed differently" in notice for notice in mixed.notices)
