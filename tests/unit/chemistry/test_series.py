import numpy as np
import pytest

from heterobuild.chemistry.series import (
    fraction_range,
    member_weights,
    parse_series,
    series_formula,
)
from heterobuild.errors import UnknownNameError, UsageError


@pytest.mark.parametrize(
    ("formula", "members"),
    [
        ("CsPb(Br_xI_1-x)3", ("CsPbBr3", "CsPbI3")),
        ("CsPb(BrxI1-x)3", ("CsPbBr3", "CsPbI3")),
        ("CsPb₁₋ₓSrₓBr₃", ("CsPbBr3", "CsSrBr3")),
        ("Cs Pb_{1-x} Sr_{x} Br3", ("CsPbBr3", "CsSrBr3")),
        ("FA_xCs_1-xPbI3", ("FAPbI3", "CsPbI3")),
        ("(CH3NH3)_x(CH(NH2)2)_1-xPbI3", ("MAPbI3", "FAPbI3")),
        ("Cs_xMA_yFA_1-x-yPbI3", ("CsPbI3", "MAPbI3", "FAPbI3")),
        ("MAPbI_3-xBr_x", ("MAPbI3", "MAPbBr3")),
        ("FA0.8Cs0.2Pb(BrxI1-x)3", ("FAPbBr3", "FAPbI3", "CsPbBr3", "CsPbI3")),
        ("BA2Pb(BrxI1-x)4", ("BA2PbBr4", "BA2PbI4")),
    ],
)
def test_end_members(formula, members):
    assert parse_series(formula).members == members


def test_shares_are_products_over_the_sites():
    series = parse_series("FA_yCs_1-yPb(Br_xI_1-x)3")
    assert series.variables == ("y", "x")
    y, x = 0.3, 0.1
    wanted = [y * x, y * (1 - x), (1 - y) * x, (1 - y) * (1 - x)]
    assert member_weights(series, np.array([y, x])) == pytest.approx(wanted)


def test_amounts_that_sum_to_three_are_shares_of_three():
    series = parse_series("MAPbI_3-xBr_x")
    assert member_weights(series, np.array([1.2])) == pytest.approx([0.6, 0.4])


def test_fixed_fractions_weigh_as_written():
    series = parse_series("FA0.8Cs0.2Pb(BrxI1-x)3")
    assert member_weights(series, np.array([0.5])) == pytest.approx([0.4, 0.4, 0.1, 0.1])


def test_a_share_cannot_be_negative():
    series = parse_series("Cs_xMA_yFA_1-x-yPbI3")
    low, high = fraction_range(series, 0, np.array([[0.0, 0.3], [0.5, 0.8]]))
    assert low == pytest.approx([0, 0])
    assert high == pytest.approx([0.7, 0.2])


def test_the_composition_is_written_as_the_series_is():
    series = parse_series("FA_yCs_1-yPb(Br_xI_1-x)3")
    assert series_formula(series, {"y": 0.85, "x": 0.125}) == "FA0.85Cs0.15Pb(Br0.125I0.875)3"
    assert series_formula(series, {"y": 0.0, "x": 1.0}) == "CsPbBr3"


@pytest.mark.parametrize(
    ("formula", "error", "words"),
    [
        ("CsPbBr3", UsageError, "no variable"),
        ("", UsageError, "no variable"),
        ("FA0.8Cs0.2PbI3", UsageError, "no variable"),
        ("CsPb(Br_xI_x)3", UsageError, "do not sum to one.*x \\+ x"),
        ("CsPb(Br_xI_1-2x)3", UsageError, "do not sum to one"),
        ("CsPbBr_x", UsageError, "do not sum to one"),
        ("Br_1-xCsPbI_x", UsageError, "do not sum to one"),
        ("Cs_1-xMA_xPb_1-xSn_xI3", UsageError, "x occurs on two sites"),
        ("CsPb_1-xBi_xBr3", UsageError, "CsBiBr3 is not neutral.*\\+1 e"),
        ("CsPb_1-xPr_xBr3", UnknownNameError, "unknown ion 'Pr'"),
        ("CsPb_1-xQq_xBr3", UsageError, "nothing is known by the name 'Qq"),
        ("CsPb(Br_xI_1-x3", UsageError, "parenthesis is not closed"),
    ],
)
def test_what_is_no_series_is_refused(formula, error, words):
    with pytest.raises(error, match=words):
        parse_series(formula)
