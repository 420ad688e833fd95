from fractions import Fraction

import pytest

from heterobuild.chemistry.notation import read_units
from heterobuild.chemistry.valences import balanced_charges, net_charge, possible_charges
from heterobuild.errors import UnknownNameError


@pytest.mark.parametrize(
    ("formula", "metals"),
    [
        ("CsSnI3", {"Sn": 2}),
        ("Cs2SnI6", {"Sn": 4}),
        ("Cs2TeI6", {"Te": 4}),
        ("Cs2PtI6", {"Pt": 4}),
        ("Cs2AgBiBr6", {"Ag": 1, "Bi": 3}),
        ("Cs2AgInCl6", {"Ag": 1, "In": 3}),
        ("Cs2InBiCl6", {"In": 1, "Bi": 3}),
        ("CsCu2I3", {"Cu": 1}),
        ("CsCuCl3", {"Cu": 2}),
        ("Cs2SnGeI6", {"Sn": 2, "Ge": 2}),
    ],
)
def test_charges_that_balance(formula, metals):
    charges = balanced_charges(read_units(formula))
    assert {metal: charges[metal] for metal in metals} == metals


def test_the_charges_agree_with_pymatgen():
    from pymatgen.core import Composition

    for formula in ("Cs2SnI6", "Cs2AgBiBr6", "CsCu2I3", "CsPb2Br5", "Cs3Cu2I5"):
        theirs = Composition(formula).oxi_state_guesses()[0]
        assert balanced_charges(read_units(formula)) == pytest.approx(theirs)


def test_nothing_balances_an_impossible_formula():
    assert balanced_charges(read_units("CsPbBr4")) is None
    assert balanced_charges(read_units("CsPb0.9Bi0.1Br3")) is None
    assert net_charge(read_units("CsPb0.9Bi0.1Br3")) == Fraction(1, 10)


def test_an_element_without_a_charge_is_named():
    with pytest.raises(UnknownNameError, match="Xe"):
        possible_charges("Xe")
