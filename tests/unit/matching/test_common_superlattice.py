from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from heterobuild.matching import MatchLimits, find_matches
from heterobuild.matching.common_superlattice import cell_front, common_cells, single_cell

BASE = np.array([[5.0, 0.0], [0.7, 5.6]])
MOST = 6


def sublattices(most: int) -> list[np.ndarray]:
    return [
        np.array([[a, b], [0, d]])
        for a in range(1, most + 1)
        for d in range(1, most // a + 1)
        for b in range(d)
    ]


def least_strain(film: np.ndarray, target: np.ndarray, reach: int) -> float:
    """Brute force: the least strained superlattice of a film on a given cell, not mirrored."""
    steps = np.array(list(product(range(-reach, reach + 1), repeat=4))).reshape(-1, 2, 2)
    size = steps[:, 0, 0] * steps[:, 1, 1] - steps[:, 0, 1] * steps[:, 1, 0]
    steps = steps[size > 0]
    maps = (np.linalg.inv(film) @ np.linalg.inv(steps)) @ target
    # Singular values of 2 × 2 matrices: their squares have the trace and the determinant.
    half = (maps**2).sum(axis=(1, 2)) / 2
    size = np.linalg.det(maps)
    larger = np.sqrt(half + np.sqrt(np.maximum(half**2 - size**2, 0)))
    values = np.abs(np.log(np.stack([larger, size / larger])))
    return float(values.max(axis=0).min())


def front(strains: dict[int, float]) -> dict[int, float]:
    best: dict[int, float] = {}
    for size in sorted(strains):
        if size <= MOST and strains[size] < min(best.values(), default=1.0) - 1e-9:
            best[size] = strains[size]
    return best


@pytest.mark.parametrize("seed", range(3))
def test_every_common_cell_is_found(seed: int) -> None:
    rng = np.random.default_rng(seed)
    films = [
        np.array([[6.1, 0.0], [0.4, 5.2]]) + 0.4 * rng.normal(size=(2, 2)),
        np.array([[5.4, 0.0], [1.1, 7.4]]) + 0.4 * rng.normal(size=(2, 2)),
    ]
    area, allowed = float(np.linalg.det(BASE)), 0.11
    expected: dict[int, float] = {}
    for matrix in sublattices(MOST):
        # Reduced vectors, so that small integers reach every superlattice of the film.
        target = min(
            (
                np.array([[1, k], [0, 1]]) @ np.array([[1, 0], [m, 1]]) @ matrix @ BASE
                for k, m in product(range(-3, 4), repeat=2)
            ),
            key=lambda rows: float((rows**2).sum()),
        )
        strains = [least_strain(film, target, 7) for film in films]
        if max(strains) <= allowed:
            size = int(matrix[0, 0] * matrix[1, 1])
            expected[size] = min(max(strains), expected.get(size, 1.0))
    # The limit of the area holds for films too, which may be larger by their strain.
    limits = MatchLimits(max_strain=allowed, max_area=MOST * area * np.exp(2 * allowed))
    found: dict[int, float] = {}
    for cell in common_cells(films, BASE, limits):
        size = round(float(np.linalg.det(cell.reference)))
        found[size] = min(cell.log_strain, found.get(size, 1.0))
        for film, matrix, match in zip(films, cell.films, cell.matches, strict=True):
            mapped = matrix @ film @ match.deformation
            assert np.allclose(mapped, cell.reference @ BASE, atol=1e-6)
    # A cell may repeat a smaller one, so the fronts of strain against size are compared.
    assert expected
    assert front(found) == pytest.approx(front(expected))


def test_closed_form_of_rows() -> None:
    limits = MatchLimits(max_strain=0.01, max_area=1000)
    films = [np.diag([10.0, 5.0]), np.diag([15.0, 5.0]), np.diag([20.0, 5.0])]
    best = common_cells(films, np.diag([5.0, 5.0]), limits)[0]
    # Rows of 2, 3 and 4 cells share 12.
    assert best.area == pytest.approx(12 * 25)
    assert best.log_strain == pytest.approx(0)


def test_images_of_a_match_meet_other_films() -> None:
    # On a square both films fit along either edge; the same edge gives the smaller cell.
    limits = MatchLimits(max_strain=0.01, max_area=400)
    films = [np.diag([10.0, 5.0]), np.diag([5.0, 10.0])]
    best = common_cells(films, np.diag([5.0, 5.0]), limits)[0]
    assert best.area == pytest.approx(50)


def test_one_film_has_the_cells_of_its_matches() -> None:
    film, base = np.diag([5.874, 5.874]), np.diag([6.289, 6.289])
    limits = MatchLimits(max_strain=0.07, max_area=400)
    matches = find_matches(film, base, limits)
    cells = common_cells([film], base, limits)
    assert cells[0].area == pytest.approx(matches[0].area)
    assert {round(cell.area, 3) for cell in cells} == {round(one.area, 3) for one in matches}
    assert single_cell(matches[1]).films.tolist() == [matches[1].film.tolist()]


def test_no_film_leaves_the_cell_of_the_reference() -> None:
    (cell,) = common_cells([], BASE, MatchLimits())
    assert cell.matches == ()
    assert cell.area == pytest.approx(float(np.linalg.det(BASE)))


def test_the_front_comes_first() -> None:
    films = [np.diag([5.2, 5.2]), np.diag([6.1, 6.1])]
    cells = common_cells(films, np.diag([5.0, 5.0]), MatchLimits(max_strain=0.25, max_area=400))
    front = cell_front(cells)
    assert front == list(range(len(front)))
    assert len(front) > 1
    areas = [cells[place].area for place in front]
    strains = [cells[place].log_strain for place in front]
    assert areas == sorted(areas)
    assert strains == sorted(strains, reverse=True)


def test_a_window_of_angles_holds_for_images() -> None:
    square, base = np.diag([5.2, 5.2]), np.diag([5.0, 5.0])
    limits = MatchLimits(max_strain=0.1, max_area=300, rotation=(30.0, 60.0))
    cells = common_cells([square, square], base, limits)
    assert cells
    for cell in cells:
        assert all(30 <= match.rotation <= 60 for match in cell.matches)
