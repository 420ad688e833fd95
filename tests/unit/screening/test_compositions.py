import numpy as np
import pytest
from scipy.optimize import minimize

from heterobuild.chemistry.series import member_weights, parse_series
from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.screening.compositions import compositions, fraction_limits

ONE = parse_series("CsPb(Br_xI_1-x)3")
TWO = parse_series("FA_yCs_1-yPb(Br_xI_1-x)3")
THREE = parse_series("Cs_xMA_yFA_1-x-yPbI3")


@pytest.mark.parametrize("wanted", [5.9, 6.0123456, 6.2])
def test_closed_form_of_one_fraction(wanted):
    best = compositions(ONE, np.array([5.8, 6.3]), wanted, {"x": (0.0, 1.0)})[0]
    assert best == pytest.approx([(6.3 - wanted) / 0.5], abs=1e-11)


def test_the_nearer_limit_is_taken_where_nothing_fits():
    lengths = np.array([5.8, 6.3])
    assert compositions(ONE, lengths, 5.9, {"x": (0.1, 0.6)})[0] == pytest.approx([0.6])
    assert compositions(ONE, lengths, 7.0, {"x": (0.1, 0.6)})[0] == pytest.approx([0.1])


def test_equal_ends_give_the_middle():
    found = compositions(ONE, np.array([6.0, 6.0]), 6.1, {"x": (0.2, 0.6)})
    assert found[0] == pytest.approx([0.4])


def test_of_a_line_the_point_nearest_to_the_middle_is_taken():
    lengths, wanted = np.array([6.0, 6.4, 5.8, 6.3]), 6.2

    def misfit(point):
        return float(member_weights(TWO, point) @ lengths - wanted)

    nearest = minimize(
        lambda point: float(np.sum((point - 0.5) ** 2)),
        [0.5, 0.5],
        constraints={"type": "eq", "fun": misfit},
        method="SLSQP",
    ).x
    best = compositions(TWO, lengths, wanted, {"y": (0.0, 1.0), "x": (0.0, 1.0)})[0]
    assert misfit(best) == pytest.approx(0, abs=1e-9)
    assert best == pytest.approx(nearest, abs=0.005)


def test_amounts_of_three_ions_stay_positive():
    points = compositions(THREE, np.array([6.2, 6.3, 6.4]), 6.2, fraction_limits(THREE, {}))
    assert points.sum(axis=1).max() <= 1 + 1e-9
    assert points[0] == pytest.approx([1, 0])


def test_limits_that_leave_nothing():
    limits = fraction_limits(THREE, {"x": (0.7, 1.0), "y": (0.7, 1.0)})
    with pytest.raises(UsageError, match="no composition lies within"):
        compositions(THREE, np.array([6.2, 6.3, 6.4]), 6.3, limits)


def test_fixed_values():
    found = compositions(TWO, np.array([6.0, 6.4, 5.8, 6.3]), 6.2, {"y": (1, 1), "x": (0, 1)})
    assert found[0] == pytest.approx([1, 0.5])


@pytest.mark.parametrize(
    "pair", [(-0.1, 0.5), (0, 1.2), (0.6, 0.2), (0, float("nan")), (float("-inf"), 1)]
)
def test_limits_outside_the_series_are_refused(pair):
    with pytest.raises(UsageError, match="limits of x"):
        fraction_limits(ONE, {"x": pair})


def test_unknown_variables_are_refused():
    with pytest.raises(UnknownNameError, match=r"no variable 'q'.*x"):
        fraction_limits(ONE, {"q": (0, 1)})
