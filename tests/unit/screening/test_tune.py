import pytest

import heterobuild
from heterobuild.errors import NothingFitsError, UnknownNameError, UsageError
from heterobuild.screening.tune import tune

SERIES = "CsPb(Br_xI_1-x)3"


def test_it_is_public():
    assert heterobuild.tune is tune


def test_the_answer_is_consistent():
    found = tune(SERIES, 6.0, phase="cubic")
    shares = dict(zip([m.crystal.name for m in found.members], found.weights, strict=True))
    assert shares["CsPbBr3_cubic"] == pytest.approx(found.fractions["x"])
    assert found.length == pytest.approx(6.0)
    assert found.misfit == 0.0
    assert found.edges.gap == pytest.approx(1.78 + 0.58 * found.fractions["x"], abs=1e-5)
    assert found.member_misfits == pytest.approx((5.874 / 6 - 1, 6.2894 / 6 - 1), abs=1e-4)


def test_fitting_on_an_end_member_is_exact():
    found = tune(SERIES, "CsPbI3_gamma")
    assert (found.formula, found.misfit, found.misfit_uncertainty) == ("CsPbI3", 0.0, 0.0)


def test_the_alignment_is_kept_where_it_is_known():
    # The offsets grow as 0.30 x and 0.28 x, their uncertainty is 0.1 √2.
    found = tune(SERIES, "CsPbI3_gamma", alignment="type-I")
    assert found.fractions["x"] == pytest.approx(0.1 * 2**0.5 / 0.28, abs=0.002)
    assert found.alignment == "I"


def test_an_unknown_alignment_leaves_nothing_out():
    found = tune("CsPb_1-xSr_xBr3", 5.85, alignment="I")
    assert (found.alignment, found.misfit) == ("unknown", 0.0)
    assert "was not used" in found.notices[-1]


def test_an_alignment_that_no_composition_has():
    with pytest.raises(NothingFitsError, match=r"type-III.*CsPbBr3 I"):
        tune(SERIES, "CsPbI3_gamma", alignment="III")


def test_limits_are_kept_and_said():
    found = tune(SERIES, 5.9, bounds={"x": (0, 0.6)})
    assert found.fractions == {"x": 0.6}
    assert "within the limits" in found.notices[0]


def test_misfit_beyond_the_rule_of_the_field_is_said():
    assert "5 % rule" in tune(SERIES, "SrTiO3").notices[-1]


def test_several_equal_answers_are_said():
    found = tune("FA_yCs_1-yPb(Br_xI_1-x)3", 6.2)
    assert found.misfit == pytest.approx(0, abs=1e-9)
    assert "other compositions" in found.notices[0]
    assert not tune(SERIES, 6.1).notices


def test_the_same_every_time():
    first, second = (tune("FA_yCs_1-yPb(Br_xI_1-x)3", 6.2) for _ in range(2))
    assert first.fractions == second.fractions


@pytest.mark.parametrize(
    ("arguments", "options", "error"),
    [
        (("CsPbBr3", 6.0), {}, UsageError),
        ((SERIES, 6.0), {"bounds": {"q": (0, 1)}}, UnknownNameError),
        ((SERIES, 6.0), {"bounds": {"x": (0, 1.5)}}, UsageError),
        ((SERIES, 6.0), {"alignment": "IV"}, UnknownNameError),
        ((SERIES, 6.0), {"phase": "delta"}, UnknownNameError),
        (("CsPb(Br_xI_x)3", 6.0), {}, UsageError),
        (("CsPb_1-xPr_xBr3", 6.0), {}, UnknownNameError),
        (("CsSn(Cl_xI_1-x)3", 6.0), {}, UnknownNameError),
    ],
)
def test_bad_input(arguments, options, error):
    with pytest.raises(error):
        tune(*arguments, **options)
