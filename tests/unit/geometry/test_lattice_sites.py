from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from heterobuild.errors import HeterobuildError, NothingFitsError
from heterobuild.geometry.lattice_sites import lattice_arrangement, snap_to_lattice
from heterobuild.geometry.periodic_pairs import near_pairs

SKEW = np.array([[6.0, 0.0, 0.0], [9.5, 3.0, 0.0], [-11.0, 7.0, 5.0]])


def shortest(sites: np.ndarray, cell: np.ndarray) -> tuple[float, np.ndarray]:
    """Least distance and number of neighbours at it, by site."""
    first, second, vectors = near_pairs(sites, cell, (True,) * 3, np.ptp(cell))
    lengths = np.linalg.norm(vectors, axis=1)
    near = lengths < lengths.min() + 1e-6
    other = first[near] != second[near]
    ends = np.concatenate([first[near], second[near][other]])
    return float(lengths.min()), np.bincount(ends, minlength=len(sites))


@pytest.mark.parametrize(
    ("kind", "cell", "count", "neighbours", "filling"),
    [
        ("sc", 30.0 * np.eye(3), 27, 6, np.pi / 6),
        ("bcc", 30.0 * np.eye(3), 16, 8, np.pi * 3**0.5 / 8),
        ("fcc", 30.0 * np.eye(3), 32, 12, np.pi / 18**0.5),
        ("hcp", np.diag([20.0, 10 * 3**0.5, 20 * (8 / 3) ** 0.5]), 16, 12, np.pi / 18**0.5),
    ],
)
def test_lattices_have_their_neighbours_and_fill_space_as_known(
    kind: str, cell: np.ndarray, count: int, neighbours: int, filling: float
) -> None:
    sites = lattice_arrangement(kind, cell, count=count)
    distance, coordination = shortest(sites, cell)
    assert len(sites) == count
    assert set(coordination.tolist()) == {neighbours}
    balls = count * np.pi / 6 * distance**3
    assert balls / np.linalg.det(cell) == pytest.approx(filling)


def test_layers_lie_in_the_middle() -> None:
    cell = np.diag([40.0, 40.0, 90.0])
    sites = lattice_arrangement("square", cell, count=16)
    assert set(sites[:, 2].tolist()) == {45.0}
    assert shortest(sites, cell)[0] == pytest.approx(10.0)
    cell = np.diag([30.0, 30 * 3**0.5, 90.0])
    sites = lattice_arrangement("hexagonal", cell, count=18)
    distance, coordination = shortest(sites, cell)
    assert distance == pytest.approx(10.0)
    assert set(coordination.tolist()) == {6}


@pytest.mark.parametrize("kind", ["sc", "bcc", "fcc", "hcp", "square", "hexagonal"])
def test_sites_are_centred_and_inside(kind: str) -> None:
    sites = lattice_arrangement(kind, SKEW, spacing=3.0) @ np.linalg.inv(SKEW)
    assert (sites >= 0).all()
    assert (sites < 1).all()
    assert np.allclose(sites.min(axis=0) + sites.max(axis=0), 1.0)


def test_spacing_takes_the_nearest_whole_numbers() -> None:
    sites = lattice_arrangement("sc", np.diag([31.0, 20.0, 4.0]), spacing=10.0)
    assert len(sites) == 6


def test_a_long_box_is_divided_along_its_length() -> None:
    sites = lattice_arrangement("sc", np.diag([10.0, 20.0, 60.0]), count=12)
    assert shortest(sites, np.diag([10.0, 20.0, 60.0]))[0] == pytest.approx(10.0)


def test_numbers_that_do_not_fill_the_cell_name_the_next_ones() -> None:
    with pytest.raises(NothingFitsError, match=r"take 4 or 8 dots"):
        lattice_arrangement("sc", 30.0 * np.eye(3), count=7)
    assert len(lattice_arrangement("sc", 30.0 * np.eye(3), count=8)) == 8
    assert len(lattice_arrangement("sc", 30.0 * np.eye(3), count=4)) == 4


@pytest.mark.parametrize(
    "options", [{}, {"count": 8, "spacing": 3.0}, {"count": 0}, {"spacing": np.nan}]
)
def test_bad_numbers_are_refused(options: dict) -> None:
    with pytest.raises(HeterobuildError):
        lattice_arrangement("sc", 30.0 * np.eye(3), **options)


def test_unknown_lattices_are_refused() -> None:
    with pytest.raises(HeterobuildError, match="unknown lattice"):
        lattice_arrangement("diamond", 30.0 * np.eye(3), count=8)


def test_snapping_finds_the_nearest_point_of_a_skew_lattice() -> None:
    points = np.random.default_rng(2).uniform(-20, 20, (200, 3))
    origin = np.array([1.0, 2.0, -0.5])
    snapped = snap_to_lattice(points, SKEW, origin)
    base = np.floor((points - origin) @ np.linalg.inv(SKEW))
    wide = np.array(list(product(range(-9, 10), repeat=3))) @ SKEW
    brute = (base @ SKEW + origin)[:, None] + wide - points[:, None]
    assert np.allclose(
        np.linalg.norm(snapped - points, axis=1), np.linalg.norm(brute, axis=2).min(axis=1)
    )
    whole = (snapped - origin) @ np.linalg.inv(SKEW)
    assert np.allclose(whole, np.rint(whole))
