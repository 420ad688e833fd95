import pytest

from heterobuild.chemistry.compounds import parse_compound
from heterobuild.errors import UsageError
from heterobuild.model import Compound
from heterobuild.prototypes.builders import build_prototype


@pytest.mark.parametrize(
    ("formula", "phase", "space_group"),
    [
        ("RbSnBr3", "cubic", "Pm-3m"),
        ("RbSnBr3", "delta", "Pnma"),
        ("CsCoCl3", "2H", "P6_3/mmc"),
        ("CsCoCl3", "Hexagonal", "P6_3/mmc"),
        ("Rb4SnI6", None, "R-3c"),
        ("RbSn2Br5", None, "I4/mcm"),
        ("RbCu2Br3", "1D", "Cmcm"),
        ("Rb3Cu2Br5", None, "Pnma"),
        ("Cs2AgSbBr6", "cubic", "Fm-3m"),
        ("Cs2PtBr6", "vacancy-ordered", "Fm-3m"),
    ],
)
def test_each_structure_type_has_its_builder(formula, phase, space_group):
    crystal = build_prototype(parse_compound(formula), phase)
    assert (crystal.space_group, crystal.origin) == (space_group, "model")


@pytest.mark.parametrize("formula", ["BA2PbCl4", "PEA2MASn2Br7"])
def test_layered_compounds_go_to_their_model(formula):
    crystal = build_prototype(parse_compound(formula))
    assert crystal.origin == "model"
    assert crystal.molecules


@pytest.mark.parametrize("formula", ["Rb4PbBr6", "RbPbBr3"])
def test_unknown_phases_are_refused_with_the_known_ones(formula):
    with pytest.raises(UsageError, match="unknown phase 'wurtzite'") as caught:
        build_prototype(parse_compound(formula), "wurtzite")
    text = str(caught.value)
    assert "0D" in text or ("delta" in text and "2H" in text)


def test_foreign_structure_types_are_refused():
    with pytest.raises(UsageError, match="no model for the structure type spinel"):
        build_prototype(Compound(formula="MgAl2O4", prototype="spinel", sublattices=()))
