from dataclasses import replace
from fractions import Fraction

import pytest

from heterobuild.chemistry.molecules import extra_molecules, load_molecule
from heterobuild.chemistry.notation import read_units, written_amount
from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.labels import Site


def amounts(formula):
    return {unit: str(amount) for unit, amount in read_units(formula).items()}


@pytest.mark.parametrize(
    "formula",
    ["CsPb(Br0.4I0.6)3", "CsPb(Br₀.₄I₀.₆)₃", "CsPb(Br_{0.4}I_{0.6})_3", "Cs Pb [Br0.4 I0.6]3"],
)
def test_subscripts_of_any_kind_are_exact(formula):
    assert amounts(formula) == {"Cs": "1", "Pb": "1", "Br": "6/5", "I": "9/5"}


def test_thirds_are_exact():
    assert amounts("CsPb(Br1/3I2/3)3") == {"Cs": "1", "Pb": "1", "Br": "1", "I": "2"}


@pytest.mark.parametrize(
    ("formula", "unit"),
    [
        ("CH3NH3PbI3", "MA"),
        ("CH(NH2)2PbI3", "FA"),
        ("HC(NH2)2PbI3", "FA"),
        ("C(NH2)3PbI3", "GUA"),
        ("(CH3)2NH2PbI3", "DMA"),
        ("(C4H9NH3)2PbI4", "BA"),
        ("(n-BA)2PbI4", "BA"),
        ("(C6H5C2H4NH3)2PbI4", "PEA"),
        ("(C6H5(CH2)2NH3)2PbI4", "PEA"),
        ("p-FPEA2PbI4", "pFPEA"),
        ("(4-FPEA)2PbI4", "pFPEA"),
        ("5AVA2PbI4", "5AVA"),
        ("(5-AVA)2PbI4", "5AVA"),
        ("2T2PbI4", "2T"),
        ("4AMPPbI4", "4AMP"),
        ("TeFBTT2PbI4", "TeFBTT"),
        ("RMBA2PbI4", "R-MBA"),
        ("(S-MBA)2PbI4", "S-MBA"),
    ],
)
def test_molecules_by_all_their_names(formula, unit):
    assert next(iter(read_units(formula))) == unit


def test_nested_groups_multiply():
    found = read_units("Cs0.05(MA0.17FA0.83)0.95Pb(I0.83Br0.17)3")
    assert found["FA"] == Fraction(83, 100) * Fraction(95, 100)
    assert found["Br"] == Fraction(51, 100)


def test_a_sum_of_compounds_is_read_as_one():
    assert amounts("(FAPbI3)0.85(MAPbBr3)0.15")["I"] == "51/20"


@pytest.mark.parametrize(
    ("formula", "reason", "step"),
    [
        ("CsPb(BrxI1-x)3", "x has no value", "give x a value"),
        ("CsPbIxBr3-x", "x has no value", "x = 0.4"),
        ("CsPbBr3 nanocrystals", "'nanocrystals' is no part", "formula alone"),
        ("CsPbI3 (Mn-doped)", "'Mn-doped' is no part", "formula alone"),
        ("FA/Cs alloy layer", "'alloy' is no part", "formula alone"),
        ("FA0.83Cs0.17PbI3yBr3-3y", "y has no value", "give y a value"),
        ("CsPb1-xSrxBr3", "x has no value", "give x a value"),
        ("PEA2Csn-1PbnI3n+1", "n has no value", "n = 2"),
        ("pFPEA2Pb(Br/Cl)4", "Br/Cl mix", "Br0.5Cl0.5"),
        ("CsPbX3", "any halide", "F, Cl, Br, I"),
        ("CsPbBr1/0", "divides by zero", "CsPbBr3"),
        ("cspbbr3", "cspbbr3", "capital"),
        ("(C8H12N)2PbI4", "PEA, R-MBA, S-MBA", "short name"),
        ("CsPb(Br3", "not closed", "CsPbBr3"),
        ("", "no element", "CsPbBr3"),
        ("Cs0Pb0", "no element", "CsPbBr3"),
    ],
)
def test_unreadable_formulas_say_why_and_what_to_do(formula, reason, step):
    with pytest.raises(UsageError) as caught:
        read_units(formula)
    assert reason in caught.value.what
    assert step in caught.value.next_step


@pytest.mark.parametrize(
    ("formula", "meant"),
    [("PEE2PbI4", "PEA"), ("PAE2PbI4", "PEA"), ("pFPAE2PbI4", "pFPEA"), ("CsPbBt3", "Br")],
)
def test_did_you_mean(formula, meant):
    with pytest.raises(UnknownNameError) as caught:
        read_units(formula)
    assert "did you mean" in caught.value.next_step
    assert meant in caught.value.next_step


def test_molecules_that_the_user_adds_are_read_while_they_are_there():
    mine = replace(load_molecule("BA"), name="Mine", formula="C99H3")
    for _ in range(2):
        with extra_molecules([(mine, Site.SPACER)]):
            assert next(iter(read_units("Mine2PbI4"))) == "Mine"
            assert next(iter(read_units("(C99H3)2PbI4"))) == "Mine"
        assert next(iter(read_units("(C99H3)2PbI4"))) == "C"
        with pytest.raises(UnknownNameError):
            read_units("Mine2PbI4")


@pytest.mark.parametrize("text", ["1", "2", "0.85", "0.7885", "1/3", "5/9", "0.000001", "13"])
def test_written_amounts_read_back(text):
    amount = Fraction(text)
    assert Fraction(written_amount(amount) or 1) == amount


@pytest.mark.parametrize(
    ("formula", "ion"),
    [("HA2PbI4", "HA"), ("BDAPbI4", "BDA"), ("(BDA)PbI4", "BDA"), ("HAPbI3", "HA")],
)
def test_unknown_ions_are_named(formula, ion):
    with pytest.raises(UnknownNameError, match=f"unknown ion {ion}: .*--molecule {ion}=SMILES"):
        read_units(formula)
