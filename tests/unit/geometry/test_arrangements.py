from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from heterobuild.errors import NothingFitsError, UsageError
from heterobuild.geometry.arrangements import random_sequential
from heterobuild.geometry.periodic_pairs import wall_gaps

CUBE = 100.0 * np.eye(3)
SKEW = np.array([[80.0, 0.0, 0.0], [60.0, 50.0, 0.0], [-50.0, 45.0, 70.0]])
ALL = (True, True, True)


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def equal(count: int, fraction: float, cell: np.ndarray) -> np.ndarray:
    volume = abs(np.linalg.det(cell))
    return np.full(count, (fraction * volume / count * 3 / 4 / np.pi) ** (1 / 3))


def least_gap(points: np.ndarray, radii: np.ndarray, cell: np.ndarray, pbc: tuple) -> float:
    """All images out to four cells, one by one."""
    steps = np.array(list(product(*[range(-4, 5) if p else (0,) for p in pbc]))) @ cell
    spans = points[None, :, None] + steps - points[:, None, None]
    gaps = np.linalg.norm(spans, axis=-1) - radii[:, None, None] - radii[None, :, None]
    own = np.einsum("iik->ik", gaps)
    own[:, np.linalg.norm(steps, axis=1) == 0] = np.inf
    return float(gaps.min())


@pytest.mark.parametrize("cell", [CUBE, SKEW])
@pytest.mark.parametrize("pbc", [ALL, (True, False, True), (False, False, False)])
@pytest.mark.parametrize("fraction", [0.1, 0.25])
def test_dots_keep_their_distance_and_stay_inside(
    cell: np.ndarray, pbc: tuple, fraction: float
) -> None:
    radii = equal(30, fraction, cell) * np.linspace(0.7, 1.2, 30)
    points = random_sequential(cell, pbc, radii, 1.0, rng(), margin=0.5)
    assert least_gap(points, radii, cell, pbc) >= 1.0 - 1e-6
    fractions = points @ np.linalg.inv(cell)
    assert (fractions > -1e-9).all()
    assert (fractions < 1 + 1e-9).all()
    for axis in np.flatnonzero(~np.array(pbc)):
        normal = np.cross(cell[(axis + 1) % 3], cell[(axis + 2) % 3])
        height = points @ normal / np.linalg.norm(normal)
        assert (height - radii > 0.5 - 1e-6).all()
        assert (height + radii < cell[axis] @ normal / np.linalg.norm(normal) - 0.5 + 1e-6).all()


@pytest.mark.parametrize("fraction", [0.45, 0.55])
def test_dense_arrangements_are_reached_by_pushing(fraction: float) -> None:
    radii = equal(60, fraction, SKEW)
    points = random_sequential(SKEW, ALL, radii, 0.0, rng())
    assert least_gap(points, radii, SKEW, ALL) >= -1e-6


def test_ten_thousand_dots() -> None:
    radii = equal(10_000, 0.25, CUBE)
    points = random_sequential(CUBE, ALL, radii, 0.1, rng())
    assert wall_gaps(points, radii, CUBE, ALL, 0.11)[2][0] >= 0.1 - 1e-6


def test_random_dots_fill_the_cell_evenly() -> None:
    points = random_sequential(CUBE, ALL, equal(2000, 0.05, CUBE), 0.0, rng())
    counts = np.histogramdd(points, bins=4, range=[(0, 100)] * 3)[0]
    assert counts.min() > 10
    assert counts.max() < 60
    assert np.allclose(points.mean(axis=0), 50.0, atol=3.0)


def test_same_seed_same_places_and_the_order_of_the_radii_is_kept() -> None:
    radii = np.array([5.0, 20.0, 9.0, 14.0])
    first, again = (random_sequential(CUBE, ALL, radii, 2.0, rng(4)) for _ in range(2))
    assert first.tolist() == again.tolist()
    assert least_gap(first, radii, CUBE, ALL) >= 2.0 - 1e-6
    other = random_sequential(CUBE, ALL, radii, 2.0, rng(5))
    assert first.tolist() != other.tolist()


@pytest.mark.parametrize("fraction", [0.15, 0.42])
def test_coherent_dots_are_centred_on_lattice_points(fraction: float) -> None:
    lattice, origin = 5.0 * np.eye(3), (2.5, 2.5, 2.5)
    radii = equal(24, fraction, CUBE)
    points = random_sequential(CUBE, ALL, radii, 0.0, rng(), lattice=lattice, origin=origin)
    steps = (points - 2.5) / 5.0
    assert np.allclose(steps, np.rint(steps))
    assert least_gap(points, radii, CUBE, ALL) >= -1e-6


def test_the_cell_has_to_repeat_the_lattice_of_coherent_dots() -> None:
    with pytest.raises(UsageError, match="no supercell"):
        random_sequential(CUBE, ALL, np.array([9.0]), 0.0, rng(), lattice=5.87 * np.eye(3))


def test_a_pair_function_lets_cubes_nearer_than_their_balls() -> None:
    """Upright cubes of edge 20: apart where any coordinate differs by 20 Å or more."""
    asked = []

    def gap(first: np.ndarray, second: np.ndarray, vectors: np.ndarray) -> np.ndarray:
        asked.append(len(first))
        return np.abs(vectors).max(axis=1) - 20.0

    count = 25
    radii = np.full(count, 10.0 * np.sqrt(3.0))
    points = random_sequential(CUBE, ALL, radii, 1.0, rng(), pair_gap=gap, tries=4000)
    vectors = points[None] - points[:, None]
    vectors -= 100.0 * np.rint(vectors / 100.0)
    apart = np.abs(vectors).max(axis=2)[np.triu_indices(count, 1)]
    assert apart.min() >= 21.0 - 1e-6
    assert np.linalg.norm(vectors, axis=2)[np.triu_indices(count, 1)].min() < 2 * radii[0]
    assert asked


def test_what_was_reached_and_what_would_fit_is_told() -> None:
    radii = equal(50, 0.70, CUBE)
    with pytest.raises(NothingFitsError) as caught:
        random_sequential(CUBE, ALL, radii, 0.0, rng(), tries=100)
    text = str(caught.value)
    assert "0.700 is asked" in text
    placed = int(str(caught.value.measured).split()[0])
    assert 10 < placed < 50
    assert f"at most {placed} dots" in text
    random_sequential(CUBE, ALL, radii[:placed], 0.0, rng(), tries=100)
    share = float(caught.value.next_step.split("radii of at most ")[1].split()[0])
    assert 0.7 < share < 1.0


def test_dots_larger_than_the_matrix_are_refused() -> None:
    for cell, pbc, radius in ((CUBE, ALL, 49.6), (SKEW, ALL, 40.0), (CUBE, (False,) * 3, 49.9)):
        with pytest.raises(UsageError, match="larger than its matrix"):
            random_sequential(cell, pbc, np.array([radius]), 1.0, rng(), margin=0.5)
    random_sequential(CUBE, ALL, np.array([49.4]), 1.0, rng())


@pytest.mark.parametrize(
    ("radius", "separation"), [(0.0, 1.0), (-2.0, 1.0), (np.nan, 1.0), (5.0, -1.0), (5.0, np.inf)]
)
def test_lengths_that_are_none_are_refused(radius: float, separation: float) -> None:
    with pytest.raises(UsageError):
        random_sequential(CUBE, ALL, np.array([8.0, radius]), separation, rng())


def test_two_dots_at_the_ends_of_a_closed_box() -> None:
    box, radii = np.diag([30.0, 30.0, 100.0]), np.array([14.0, 14.0])
    points = random_sequential(box, (False,) * 3, radii, 43.0, rng(), tries=8)
    assert np.linalg.norm(points[1] - points[0]) >= 71.0 - 1e-6


def test_no_dots_need_no_place() -> None:
    assert random_sequential(CUBE, ALL, np.empty(0), 1.0, rng()).shape == (0, 3)
