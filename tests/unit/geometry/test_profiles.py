from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from heterobuild.alloys.counts import counts_by_bin
from heterobuild.errors import HeterobuildError
from heterobuild.geometry.profiles import (
    WIDTH_IN_SIGMA,
    blended,
    diffusion_width,
    inner_share,
    listed_shares,
    shares_by_shell,
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


def test_shares_by_shell_keep_the_sum_and_make_exact_counts() -> None:
    grid = np.stack(np.meshgrid(*[np.arange(-5, 6) * 6.0] * 3), axis=-1).reshape(-1, 3)
    distances = np.linalg.norm(grid, axis=1) - 20.0
    share = shares_by_shell(distances, 6.0, "erf", 15.0)
    assert share.sum() == pytest.approx(inner_share(distances, "erf", 15.0).sum())
    shell = shells(distances, 6.0)
    assert all(len(set(share[shell == n])) == 1 for n in np.unique(shell))
    rows = np.round(blended(share, [1.0, 0.0], [0.0, 1.0]), 9)
    _, bins = np.unique(rows, axis=0, return_inverse=True)
    counts = counts_by_bin(rows, bins.reshape(-1))
    assert abs(counts[:, 0].sum() - share.sum()) < 2
    asked = np.bincount(bins.reshape(-1), weights=share)
    assert np.abs(counts[:, 0] - asked).max() <= 1.5


def test_no_sites_have_no_shares() -> None:
    assert shares_by_shell(np.empty(0), 6.0, "erf", 15.0).shape == (0,)


def test_listed_shares_continue_as_pure() -> None:
    shell = np.array([-4, -2, -1, 1, 2, 3])
    found = listed_shares(shell, inside=[0.6, 0.9], outside=[0.3, 0.1])
    assert found.tolist() == [1.0, 0.9, 0.6, 0.3, 0.1, 0.0]


def test_blended_compositions_sum_to_one() -> None:
    rows = blended(inner_share(DISTANCES, "erf", 9.0), [0.2, 0.8, 0.0], [0.5, 0.0, 0.5])
    assert np.allclose(rows.sum(axis=1), 1.0)
    assert np.allclose(rows[0], [0.2, 0.8, 0.0])


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
