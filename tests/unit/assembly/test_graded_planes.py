"""Shares and whole numbers of ions in planes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import erfc

from heterobuild.assembly.graded_planes import mixed_planes, plane_shares, whole_ions
from heterobuild.geometry.profiles import WIDTH_IN_SIGMA
from heterobuild.model import SiteProfile


def numbers(inner: int, outer: int) -> np.ndarray:
    return np.concatenate([np.arange(-inner, 0), np.arange(1, outer + 1)])


@pytest.mark.parametrize("width", [4.0, 11.0, 17.0])
def test_shares_are_the_error_function_about_the_matano_plane(width: float) -> None:
    """Planes of one and two sites in turn: the wall itself is not where ions balance."""
    away = -36.0 + 3.0 * np.arange(25) - 1.5
    plane = np.where(away < 0, np.floor(away / 3), np.floor(away / 3) + 1).astype(int)
    sites = np.where(np.arange(25) % 2 == 0, 2, 1) * 9
    found = plane_shares(
        SiteProfile(kind="erf", width=width), away, plane, sites, depth=(400.0, 400.0)
    )
    sigma = width / WIDTH_IN_SIGMA

    def form(shift: float) -> np.ndarray:
        return 0.5 * erfc((away - shift) / (np.sqrt(2) * sigma))

    inside = sites[plane < 0].sum()
    shift = brentq(lambda s: form(s) @ sites - inside, -5, 5, xtol=1e-12)
    assert abs(shift) < 1.6
    assert np.allclose(found, form(shift), atol=1e-6)


@pytest.mark.parametrize(("inner", "outer"), [(4, 4), (3, 9), (7, 2)])
@pytest.mark.parametrize(("kind", "width"), [("linear", 10.0), ("erf", 10.0), ("erf", 40.0)])
def test_what_leaves_one_side_enters_the_other(
    kind: str, width: float, inner: int, outer: int
) -> None:
    plane = numbers(inner, outer)
    away = np.where(plane < 0, plane + 0.5, plane - 0.5) * 3.0
    sites = np.where(plane % 2 == 0, 16, 8)
    depth = (3.0 * inner, 3.0 * outer)
    profile = SiteProfile(kind=kind, width=width)  # type: ignore[arg-type]
    found = plane_shares(profile, away, plane, sites, depth=depth)
    assert found @ sites == pytest.approx(sites[plane < 0].sum(), abs=1e-5)
    assert (np.diff(found) <= 1e-9).all()


def test_listed_shares_are_taken_as_they_are() -> None:
    plane = numbers(3, 2)
    profile = SiteProfile(kind="layers", inside=(0.7, 0.9), outside=(0.25,))
    found = plane_shares(profile, plane * 3.0, plane, np.full(5, 8), depth=(9.0, 6.0))
    assert found.tolist() == [1.0, 0.9, 0.7, 0.25, 0.0]


def test_a_sharp_side_stays() -> None:
    plane = numbers(2, 2)
    found = plane_shares(SiteProfile(), plane * 3.0, plane, np.full(4, 8), depth=(6.0, 6.0))
    assert found.tolist() == [1, 1, 0, 0]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("ions", [2, 3, 4])
def test_whole_numbers_keep_planes_and_totals(ions: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    sites = rng.integers(1, 30, size=9)
    wanted = rng.dirichlet(np.ones(ions), size=9)
    totals = np.floor(wanted.T @ sites).astype(int)
    totals[0] += sites.sum() - totals.sum()
    counts = whole_ions(wanted, sites, totals)
    assert (counts >= 0).all()
    assert counts.sum(axis=1).tolist() == sites.tolist()
    assert counts.sum(axis=0).tolist() == totals.tolist()
    assert np.abs(counts - wanted * sites[:, None]).max() < ions


def test_two_ions_are_never_a_whole_one_off() -> None:
    share = 0.5 * erfc(np.linspace(-2, 2, 15))
    sites = np.full(15, 7)
    inner = round(float(share.sum()) * 7)
    wanted = np.column_stack([share, 1 - share])
    counts = whole_ions(wanted, sites, np.array([inner, 105 - inner]))
    assert np.abs(counts[:, 0] - 7 * share).max() < 1


def test_planes_that_are_asked_for_next_to_nothing_stay() -> None:
    share = np.array([1.0, 0.999, 0.7, 1.0, 0.4, 0.001, 0.0])
    assert (
        mixed_planes(share, np.full(7, 10)).tolist()
        == [False, False, True, True, True] + [False] * 2
    )
    assert mixed_planes(share, np.full(7, 1000)).tolist() == [False] + [True] * 5 + [False]
    assert not mixed_planes(np.array([1.0, 0.0]), np.array([4, 4])).any()
