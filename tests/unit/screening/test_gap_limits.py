import numpy as np
import pytest

from heterobuild.alloys.end_members import end_members
from heterobuild.chemistry.series import parse_series
from heterobuild.errors import NothingFitsError, UsageError
from heterobuild.screening.gap_limits import gap_window, within_gaps
from heterobuild.screening.tune import tune

SERIES = "CsPb(Br_xI_1-x)3"


def test_the_widest_matrix_of_a_dot():
    # The gap is 1.78 + 0.58 x, and the misfit to the iodide grows with x.
    found = tune(SERIES, "CsPbI3", min_gap=2.0)
    assert found.fractions["x"] == pytest.approx(0.22 / 0.58, abs=1e-3)
    assert 2.0 <= found.edges.gap < 2.001


def test_a_bowed_gap_needs_more_bromide_than_a_straight_one():
    found = tune("MAPb(Br_xI_1-x)3", "MAPbI3_cubic", min_gap=1.9)
    x = found.fractions["x"]
    root = (-0.45 + np.sqrt(0.45**2 + 4 * 0.33 * 0.33)) / (2 * 0.33)  # 1.57 + 0.45 x + 0.33 x²
    assert x == pytest.approx(root, abs=1e-3)
    assert x > (1.9 - 1.57) / (2.35 - 1.57)


def test_both_limits_and_the_alignment_together():
    found = tune(SERIES, "CsPbI3_gamma", min_gap=1.9, max_gap=2.2, alignment="I")
    assert found.alignment == "I"
    assert 1.9 <= found.edges.gap <= 2.2
    assert tune(SERIES, "CsPbBr3", max_gap=2.2).fractions["x"] == pytest.approx(
        0.42 / 0.58, abs=1e-3
    )


def test_compositions_of_unknown_gap_are_left_out_and_that_is_said():
    found = tune("MAPb_1-xSn_xI3", "CsPbI3_gamma", min_gap=1.4)
    assert found.formula == "MAPbI3"
    assert "not known were left out" in found.notices[-1]


def test_no_such_gap():
    with pytest.raises(NothingFitsError, match=r"1\.78 to 2\.36 eV"):
        tune(SERIES, 6.0, min_gap=3.0)
    with pytest.raises(NothingFitsError):
        tune(SERIES, 6.0, min_gap=2.0, bounds={"x": (0, 0.2)})


def test_a_series_without_any_gap():
    series = parse_series("CsPb_1-xSr_xBr3")
    members = end_members(series.members)
    with pytest.raises(UsageError, match="CsSrBr3"):
        within_gaps(np.array([[0.5], [1.0]]), series, members, (1.0, 2.0))


@pytest.mark.parametrize("limits", [(-1, None), (float("nan"), None), (None, 2000), (3, 2)])
def test_limits_that_cannot_be_meant(limits):
    with pytest.raises(UsageError):
        gap_window(*limits)


def test_end_members_without_a_gap_are_named():
    from heterobuild.screening.tune import tune

    with pytest.raises(NothingFitsError, match="not known as soon as CsSrBr3_orthorhombic"):
        tune("CsPb_1-xSr_xBr3", 5.85, min_gap=2.5)
