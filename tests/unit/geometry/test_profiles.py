from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from heterobuild.errors import HeterobuildError
from heterobuild.geometry.profiles import (
    WIDTH_IN_SIGMA,
    closed_share,
    diffusion_width,
    inner_share,
    listed_shares,
    shells,
)

DISTANCES = np.linspace(-40.0, 40.0, 801)
KINDS = [("sharp", 0.0), ("linear", 12.0), ("erf", 12.0)]


@pytest.mark.parametrize(("kind", "width"), KINDS)
def test_profiles_fall_and_are_symmetric(kind: str, width: float) -> None:
    share = inner_share(DISTANCES, kind, width)
    assert (np.diff(share) <= 0).all()
    assert np.allclose(share + share[::-1], 1.0)
    assert share[0] == pytest.approx(1.0)
    assert share[-1] == pytest.approx(0.0, abs=1e-12)


def test_the_error_function_is_that_of_a_normal_law() -> None:
    sigma = 12.0 / (stats.norm.ppf(0.9) - stats.norm.ppf(0.1))
    expected = stats.norm.sf(DISTANCES, scale=sigma)
    assert np.allclose(inner_share(DISTANCES, "erf", 12.0), expected, atol=1e-12)
    assert pytest.approx(12.0 / sigma) == WIDTH_IN_SIGMA


def test_the_ramp_is_as_long_as_its_width() -> None:
    share = inner_share(np.array([-6.0, -3.0, 0.0, 6.0]), "linear", 12.0)
    assert share.tolist() == [1.0, 0.75, 0.5, 0.0]


def test_diffusion_of_a_step_solved_in_time() -> None:
    """An explicit solution of the diffusion equation, D = 1e-17 cm²/s for 100 s."""
    diffusivity, time = 1e-17, 100.0
    step, count = 0.5, 801
    x = (np.arange(count) - count // 2) * step
    composition = 0.5 - 0.5 * np.sign(x)
    scaled = diffusivity * 1e16 * time
    pieces = int(np.ceil(scaled / (0.2 * step**2)))
    for _ in range(pieces):
        second = np.diff(composition, 2) / step**2
        composition[1:-1] += scaled / pieces * second
    width = diffusion_width(diffusivity, time)
    assert np.abs(composition - inner_share(x, "erf", width)).max() < 2e-3


def test_shells_count_away_from_the_wall_on_both_sides() -> None:
    distances = np.array([-12.0, -6.1, -6.0, -0.1, 0.0, 5.9, 6.0])
    assert shells(distances, 6.0).tolist() == [-2, -2, -1, -1, 1, 1, 2]


def test_listed_shares_continue_as_pure() -> None:
    shell = np.array([-4, -2, -1, 1, 2, 3])
    found = listed_shares(shell, inside=[0.6, 0.9], outside=[0.3, 0.1])
    assert found.tolist() == [1.0, 0.9, 0.6, 0.3, 0.1, 0.0]


@pytest.mark.parametrize(
    ("kind", "width"),
    [("step", 1.0), ("sharp", 3.0), ("linear", 0.0), ("erf", -1.0), ("erf", np.nan)],
)
def test_profiles_that_cannot_be_meant_are_refused(kind: str, width: float) -> None:
    with pytest.raises(HeterobuildError):
        inner_share(DISTANCES, kind, width)


def test_other_bad_numbers_are_refused() -> None:
    for call in (
        lambda: diffusion_width(-1e-16, 1.0),
        lambda: diffusion_width(np.inf, 0.0),
        lambda: shells(DISTANCES, 0.0),
        lambda: listed_shares(np.array([1]), outside=[1.2]),
    ):
        with pytest.raises(HeterobuildError):
            call()


@pytest.mark.parametrize(("inner", "outer"), [(20.0, 20.0), (9.0, 31.0), (6.0, 14.0)])
@pytest.mark.parametrize("width", [5.0, 18.0, 60.0, 400.0])
def test_a_closed_double_layer_keeps_its_ions(width: float, inner: float, outer: float) -> None:
    """The integral of the share is the depth of the inner side at any time of diffusion."""
    away = np.linspace(-inner, outer, 4001)
    share = closed_share(away, "erf", width, depth=(inner, outer))
    assert np.trapezoid(share, away) == pytest.approx(inner, abs=1e-3)
    assert (np.diff(share) <= 1e-12).all()


def test_a_closed_double_layer_solved_in_time() -> None:
    """Crank–Nicolson with walls that nothing passes, against the sum of images."""
    inner, outer, width, count = 8.0, 22.0, 16.0, 600
    step = (inner + outer) / count
    x = -inner + (np.arange(count) + 0.5) * step
    composition = (x < 0).astype(float)
    flow = (np.diag(np.full(count - 1, 1.0), 1) + np.diag(np.full(count - 1, 1.0), -1)) / step**2
    flow -= np.diag(flow.sum(axis=1))
    scaled = (width / WIDTH_IN_SIGMA) ** 2 / 2
    pieces = 2000
    half = flow * scaled / pieces / 2
    move = np.linalg.solve(np.eye(count) - half, np.eye(count) + half)
    composition = np.linalg.matrix_power(move, pieces) @ composition
    found = closed_share(x, "erf", width, depth=(inner, outer))
    assert np.abs(found - composition).max() < 2e-3
    open_ends = inner_share(x, "erf", width)
    assert np.abs(open_ends - composition).max() > 0.05


def test_far_ends_change_nothing() -> None:
    found = closed_share(DISTANCES, "erf", 6.0, depth=(40.0, 40.0))
    assert np.allclose(found, inner_share(DISTANCES, "erf", 6.0), atol=1e-12)
