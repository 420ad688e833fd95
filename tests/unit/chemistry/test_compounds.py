from fractions import Fraction

import pytest

from heterobuild.chemistry.compounds import (
    compound_key,
    layered_series,
    parse_compound,
    parse_layered_series,
    same_compound,
)
from heterobuild.data_files import list_data, read_toml
from heterobuild.errors import UsageError


def sublattices(compound):
    return {
        entry.name: {ion: str(amount) for ion, amount in entry.amounts}
        for entry in compound.sublattices
    }


@pytest.mark.parametrize(
    ("text", "formula", "prototype", "layers"),
    [
        ("CsPbBr3", "CsPbBr3", "abx3", 0),
        ("FA0.85Cs0.15Pb(Br0.4I0.6)3", "FA0.85Cs0.15Pb(I0.6Br0.4)3", "abx3", 0),
        ("MAPb0.5Sn0.5I3", "MAPb0.5Sn0.5I3", "abx3", 0),
        ("MA2PbSnI6", "MAPb0.5Sn0.5I3", "abx3", 0),
        ("CsPb0.9Sr0.1Br3", "CsPb0.9Sr0.1Br3", "abx3", 0),
        ("MAPbI2.4Br0.6", "MAPb(I0.8Br0.2)3", "abx3", 0),
        ("CsPbIBr2", "CsPbBr2I", "abx3", 0),
        ("CH3NH3PbI3", "MAPbI3", "abx3", 0),
        ("Cs4PbBr6", "Cs4PbBr6", "a4bx6", 0),
        ("CsPb2Br5", "CsPb2Br5", "ab2x5", 0),
        ("CsCu2I3", "CsCu2I3", "ab2x3", 0),
        ("Cs3Cu2I5", "Cs3Cu2I5", "a3b2x5", 0),
        ("Cs2SnI6", "Cs2SnI6", "a2bx6", 0),
        ("Cs2AgBiBr6", "Cs2AgBiBr6", "double_perovskite", 0),
        ("Cs2NaBiCl6", "Cs2NaBiCl6", "double_perovskite", 0),
        ("CsAg0.5Bi0.5Br3", "Cs2AgBiBr6", "double_perovskite", 0),
        ("CsPb0.8Ag0.1Bi0.1Br3", "CsPb0.8Ag0.1Bi0.1Br3", "abx3", 0),
        ("PEA2PbI4", "PEA2PbI4", "ruddlesden_popper", 1),
        ("(PEA)2Cs2Pb3I10", "PEA2Cs2Pb3I10", "ruddlesden_popper", 3),
        ("BA2MA3Pb4I13", "BA2MA3Pb4I13", "ruddlesden_popper", 4),
        ("5AVA2FA3Pb4I13", "(5AVA)2FA3Pb4I13", "ruddlesden_popper", 4),
        ("(R-MBA)2PbI4", "(R-MBA)2PbI4", "ruddlesden_popper", 1),
        ("pFPEA2Pb(Br0.5Cl0.5)4", "(pFPEA)2PbBr2Cl2", "ruddlesden_popper", 1),
        ("(PEA0.5BA0.5)2PbI4", "(BA0.5PEA0.5)2PbI4", "ruddlesden_popper", 1),
        ("Cs2PbI2Cl2", "Cs2PbI2Cl2", "ruddlesden_popper", 1),
        ("EA4Pb3Cl10", "EA4Pb3Cl10", "ruddlesden_popper", 3),
        ("Cs3Pb2I7", "Cs3Pb2I7", "ruddlesden_popper", 2),
        ("(4AMP)MAPb2I7", "(4AMP)MAPb2I7", "dion_jacobson", 2),
        ("3AMP_PbI4", "(3AMP)PbI4", "dion_jacobson", 1),
        ("pFPEA2Csn-1PbnI3n+1, n = 2", "(pFPEA)2CsPb2I7", "ruddlesden_popper", 2),
    ],
)
def test_the_notation_of_the_field(text, formula, prototype, layers):
    compound = parse_compound(text)
    assert (compound.formula, compound.prototype, compound.layers) == (formula, prototype, layers)
    assert same_compound(compound, parse_compound(compound.formula))


def test_sublattices_hold_exact_amounts_of_one_formula_unit():
    assert sublattices(parse_compound("Cs0.15FA0.85Pb(Br0.4I0.6)3")) == {
        "A": {"FA": "17/20", "Cs": "3/20"},
        "B": {"Pb": "1"},
        "X": {"I": "9/5", "Br": "6/5"},
    }


def test_metals_of_a_double_perovskite_by_their_charge():
    for text in ("Cs2AgBiBr6", "Cs2BiAgBr6", "Cs4Bi2Ag2Br12"):
        found = sublattices(parse_compound(text))
        assert (found["B"], found["B'"]) == ({"Ag": "1"}, {"Bi": "1"})


def test_the_larger_halide_ends_an_inorganic_sheet():
    found = sublattices(parse_compound("Cs2PbCl2I2"))
    assert found == {"spacer": {"Cs": "2"}, "B": {"Pb": "1"}, "X": {"Cl": "2"}, "X'": {"I": "2"}}
    assert "X'" not in sublattices(parse_compound("BA2PbI2Cl2"))


def test_equal_compounds_written_differently():
    texts = ("MAPbI2Br", "CH3NH3PbBrI2", "MAPb(I2/3Br1/3)3", "Br2I4(MA)2Pb2", "MAPbI₂Br")
    keys = {compound_key(parse_compound(text)) for text in texts}
    assert len(keys) == 1
    assert compound_key(parse_compound("MAPbIBr2")) not in keys


def test_order_within_a_sublattice_is_share_then_name():
    (entry,) = (s for s in parse_compound("MA0.4FA0.4Cs0.2PbI3").sublattices if s.name == "A")
    assert [ion for ion, _ in entry.amounts] == ["FA", "MA", "Cs"]


@pytest.mark.parametrize(
    ("text", "what", "found", "step"),
    [
        ("CsPbBr4", "not neutral", "-1 e", "CsPbBr3, CsPb2Br5, Cs4PbBr6"),
        ("BA3PbI4", "not neutral", "+1 e", "BA2PbI4"),
        ("Cs2SnI5", "not neutral", "-1 e", "Cs2SnI6"),
        ("(4AMP)2PbI4", "not neutral", "+2 e", "(4AMP)PbI4"),
        ("FA0.8Cs0.1PbI3", "do not sum", "the A site holds 0.9 of 1", "correct"),
        ("CsPb0.9Sr0.2Br3", "do not sum", "the B site holds 1.1 of 1", "correct"),
        ("CsPb(Br0.4I0.5)3", "do not sum", "the X site holds 2.7 of 3", "correct"),
        ("CsPb0.33Sn0.66I3", "do not sum", "0.99 of 1", "1/3"),
        ("PEA1.5MAPb2I7", "do not sum", "the spacer site holds 1.5 of 2", "correct"),
        ("CsPb0.9Bi0.1Br3", "not neutral", "+0.1 e", "Ag or Na"),
        ("CsPb0.9Na0.1Br3", "not neutral", "-0.1 e", "Bi or Sb"),
        ("Cs2Au2I6", "not neutral", "-2 e", "Au of two charges"),
        ("Cs3Bi2I9", "no structure type", "A3B2X9", "CIF"),
        ("PEAPbI3", "no structure type", "A'BX3", "PEA2PbI4"),
        ("PbI2", "no structure type", "BX2", "CIF"),
        ("BA4AgBiBr8", "different charge", "Ag +1, Bi +3", "CIF"),
        ("Cs3Ag2SnCl9", "different charge", "Ag +1, Sn +4", "CIF"),
        ("BA2MAn-1PbnI3n+1, n = 0", "1 to 20 octahedra", "n = 0", "n from 1"),
    ],
)
def test_impossible_formulas_say_what_is_wrong(text, what, found, step):
    with pytest.raises(UsageError) as caught:
        parse_compound(text)
    assert what in caught.value.what
    assert found in str(caught.value.measured)
    assert step in caught.value.next_step


def test_single_tetrahedra_are_no_sheets():
    with pytest.raises(UsageError, match="tetrahedra"):
        parse_compound("Cs2ZnCl4")
    assert parse_compound("K2ZnF4").layers == 1


def test_a_series_in_n():
    formulas = ["BA2PbI4", "BA2MAPb2I7", "BA2MA2Pb3I10", "BA2MA3Pb4I13"]
    for text in ("BA2MAn-1PbnI3n+1", "BA2MA(n-1)Pb(n)I(3n+1)", "(C4H9NH3)2MAₙ₋₁PbₙI₃ₙ₊₁"):
        assert [layered_series(text, n).formula for n in (1, 2, 3, 4)] == formulas
        found = parse_layered_series(f"{text}, n = 1..4")
        assert [compound.formula for compound in found] == formulas


def test_the_series_of_the_literature():
    found = parse_layered_series("PEA2FAn-1SnnI3n+1, n = 1 and 2")
    assert [compound.formula for compound in found] == ["PEA2SnI4", "PEA2FASn2I7"]
    assert parse_layered_series("(4AMP)MAn-1PbnI3n+1, n = 2")[0].prototype == "dion_jacobson"
    assert parse_layered_series("CsPbBr3") == (parse_compound("CsPbBr3"),)


@pytest.mark.parametrize("text", ["BA2MAn-1PbnI3n, n = 2", "CsnPbnBr3n, n = 2", "BA2PbI4, n = 1"])
def test_series_that_are_not_layered_or_not_neutral(text):
    with pytest.raises(UsageError):
        parse_layered_series(text)


def test_several_compounds_are_not_one():
    with pytest.raises(UsageError, match="4 compounds"):
        parse_compound("BA2MAn-1PbnI3n+1, n = 1..4")


FAMILIES = {
    "abx3": {"abx3"},
    "a4bx6": {"a4bx6"},
    "ab2x5": {"ab2x5"},
    "a2bx6": {"a2bx6"},
    "copper_halide": {"ab2x3", "a3b2x5"},
    "double_perovskite": {"double_perovskite"},
    "ruddlesden_popper": {"ruddlesden_popper"},
    "dion_jacobson": {"dion_jacobson"},
}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_library_formula_has_the_structure_type_of_its_family(family):
    paths = list_data(f"phases/{family}")
    for path in paths:
        formula = read_toml(path)["formula"]
        compound = parse_compound(formula)
        assert compound.prototype in FAMILIES[family], formula
        assert all(isinstance(n, Fraction) for s in compound.sublattices for _, n in s.amounts)


@pytest.mark.parametrize("text", ["BA2MA99999Pb100000I300001", "PEA0.01MA0.99PbI3"])
def test_sheets_beyond_the_thickest_are_refused_at_once(text):
    with pytest.raises(UsageError, match=r"too few spacers.*n from 1 to 20"):
        parse_compound(text)
