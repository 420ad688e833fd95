import pytest

from heterobuild.chemistry.compounds import parse_compound
from heterobuild.chemistry.free_fractions import with_fractions
from heterobuild.errors import UsageError


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("CsPb(BrxI1-x)3, x = 0.4", "CsPb(I0.6Br0.4)3"),
        ("CsPb(Br_xI_{1-x})3, x = 1/3", "CsPbI2Br"),
        ("CsPbIxBr3-x (x = 1.2)", "CsPb(Br0.6I0.4)3"),
        ("CsPbBr₃₋ₓClₓ; x=3", "CsPbCl3"),
        ("CsPb1-xSrxBr3, x = 0.1", "CsPb0.9Sr0.1Br3"),
        ("FA0.83Cs0.17PbI3yBr3-3y, y = 0.6", "FA0.83Cs0.17Pb(I0.6Br0.4)3"),
        ("FAyCs1-yPb(BrxI(1-x))3, x = 0.4 and y = 0.85", "FA0.85Cs0.15Pb(I0.6Br0.4)3"),
        ("Cs1-x-yMAxFAyPbI3, x = 0, y = .25", "Cs0.75FA0.25PbI3"),
    ],
)
def test_values_take_the_place_of_the_fractions(text, formula):
    assert parse_compound(text).formula == formula


def test_a_formula_without_values_stays_as_it_is():
    assert with_fractions("CsPb(BrxI1-x)3") == "CsPb(BrxI1-x)3"
    assert with_fractions("Cs Pb Br3") == "Cs Pb Br3"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("CsPb(BrxI1-x)3, x = 1.4", "1-x is negative"),
        ("CsPb(BrxI1-x)3, x = some", "no number"),
        ("CsPb(BrxI1-x)3, x = 1/0", "no number"),
        ("FAyCs1-yPbBr3, x = 0.4", "y has no value"),
    ],
)
def test_values_that_do_not_fit(text, reason):
    with pytest.raises(UsageError, match=reason):
        parse_compound(text)
