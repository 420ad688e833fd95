from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from heterobuild.errors import HeterobuildError, UsageError
from heterobuild.geometry.size_distributions import draw_radii, radii_for_volume


def ball(radii: np.ndarray) -> np.ndarray:
    return 4 / 3 * np.pi * radii**3


@pytest.mark.parametrize(
    ("kind", "spread"), [("normal", 0.1), ("normal", 0.3), ("log-normal", 0.1), ("log-normal", 0.6)]
)
def test_mean_and_spread_after_the_cut_are_those_asked_for(kind: str, spread: float) -> None:
    radii = draw_radii(kind, 40.0, spread, 200_000, np.random.default_rng(3))
    error = spread * 40.0 / np.sqrt(len(radii))
    assert radii.mean() == pytest.approx(40.0, abs=4 * error)
    assert radii.std() == pytest.approx(40.0 * spread, rel=0.02)
    assert radii.min() > 0


def test_normal_radii_follow_the_truncated_normal_law_of_scipy() -> None:
    radii = draw_radii("normal", 30.0, 0.2, 20_000, np.random.default_rng(5))
    width = 0.2 * 30.0 / stats.truncnorm(-3, 3).std()
    law = stats.truncnorm(-3, 3, loc=30.0, scale=width)
    assert stats.kstest(radii, law.cdf).pvalue > 0.01


def test_logarithms_of_log_normal_radii_are_normal() -> None:
    logs = np.log(draw_radii("log-normal", 30.0, 0.4, 20_000, np.random.default_rng(5)))
    width = logs.std() / stats.truncnorm(-3, 3).std()
    law = stats.truncnorm(-3, 3, loc=logs.mean(), scale=width)
    assert stats.kstest(logs, law.cdf).pvalue > 0.01


def test_more_radii_begin_with_the_same_ones() -> None:
    few, many = (draw_radii("normal", 9.0, 0.1, n, np.random.default_rng(8)) for n in (5, 50))
    assert few.tolist() == many[:5].tolist()
    assert len(set(many.tolist())) == 50


def test_the_sum_of_volumes_is_the_nearest_that_a_count_can_give() -> None:
    wanted = 33.4 * ball(np.array([25.0]))[0]
    radii = radii_for_volume("log-normal", 25.0, 0.3, wanted, ball, rng=np.random.default_rng(2))
    longer = draw_radii("log-normal", 25.0, 0.3, 100, np.random.default_rng(2))
    assert longer[: len(radii)].tolist() == radii.tolist()
    off = [abs(ball(longer[:n]).sum() - wanted) for n in range(1, 100)]
    assert int(np.argmin(off)) + 1 == len(radii)


@pytest.mark.parametrize(
    ("kind", "mean", "spread", "count"),
    [
        ("uniform", 10.0, 0.1, 1),
        ("normal", -1.0, 0.1, 1),
        ("normal", np.nan, 0.1, 1),
        ("normal", 10.0, 0.4, 1),
        ("log-normal", 10.0, 15.0, 1),
        ("normal", 10.0, np.nan, 1),
        ("monodisperse", 10.0, 0.1, 1),
        ("normal", 10.0, 0.1, -1),
        ("normal", 10.0, 0.1, 10**9),
    ],
)
def test_senseless_distributions_are_refused(
    kind: str, mean: float, spread: float, count: int
) -> None:
    with pytest.raises(HeterobuildError):
        draw_radii(kind, mean, spread, count, np.random.default_rng(1))


@pytest.mark.parametrize("volume", [0.0, 100.0, 1e13, np.nan])
def test_volumes_that_dots_cannot_make_are_refused(volume: float) -> None:
    with pytest.raises(UsageError, match="cannot be made"):
        radii_for_volume("normal", 10.0, 0.1, volume, ball, rng=np.random.default_rng(1))
