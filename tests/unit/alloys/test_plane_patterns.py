"""Patterns inside one plane."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from heterobuild.alloys.plane_patterns import MOST_SITES, arrange_in_plane
from heterobuild.errors import UsageError

EDGE = 4.0
PBC = (True, True, False)


def square(n: int) -> tuple[np.ndarray, np.ndarray]:
    grid = np.stack(np.meshgrid(np.arange(n), np.arange(n), indexing="ij"), axis=-1)
    centres = np.column_stack([grid.reshape(-1, 2) * EDGE, np.zeros(n * n)])
    return centres, np.diag([n * EDGE, n * EDGE, 20.0])


def arranged(pattern: str, n: int, few: int, seed: int = 0) -> np.ndarray:
    centres, cell = square(n)
    counts = np.array([few, n * n - few])
    found = arrange_in_plane(
        pattern, counts, centres, cell=cell, pbc=PBC, rng=np.random.default_rng(seed)
    )
    assert np.bincount(found, minlength=2).tolist() == counts.tolist()
    return found.reshape(n, n)


def like_neighbours(plane: np.ndarray, steps: list[tuple[int, int]]) -> float:
    """Return the correlation of ±1 on neighbours, less that of independent sites."""
    spin = 1.0 - 2.0 * plane
    pairs = [np.mean(spin * np.roll(spin, step, axis=(0, 1))) for step in steps]
    return float(np.mean(pairs) - spin.mean() ** 2)


@pytest.mark.parametrize("pattern", ["random", "ordered", "quasirandom"])
@pytest.mark.parametrize("few", [0, 1, 5, 8, 16])
def test_every_ion_has_its_number(pattern: str, few: int) -> None:
    arranged(pattern, 4, few)


def test_half_and_half_is_a_chessboard() -> None:
    for n in (2, 4, 6, 8):
        plane = arranged("ordered", n, n * n // 2)
        assert (plane != np.roll(plane, 1, axis=0)).all()
        assert (plane != np.roll(plane, 1, axis=1)).all()


@pytest.mark.parametrize("few", [2, 3, 4, 5])
def test_an_ordered_plane_repels_as_little_as_any(few: int) -> None:
    """All arrangements on 4 × 4 sites, compared by the distances of the rare ions."""
    centres, cell = square(4)
    between = centres[:, None] - centres[None]
    images = [np.array([a, b, 0]) @ cell for a in (-1, 0, 1) for b in (-1, 0, 1)]
    energy = np.zeros((16, 16))
    for image in images:
        distance = np.linalg.norm(between + image, axis=-1)
        energy += np.where(distance > 0.1, np.maximum(distance, 0.1) ** -4.0, 0.0)

    def total(sites: tuple[int, ...]) -> float:
        return float(energy[np.ix_(sites, sites)].sum())

    least = min(total(sites) for sites in combinations(range(16), few))
    chosen = tuple(np.flatnonzero(arranged("ordered", 4, few).ravel() == 0).tolist())
    assert total(chosen) == pytest.approx(least, rel=1e-6)


def test_an_ordered_plane_does_not_depend_on_the_seed() -> None:
    assert (arranged("ordered", 6, 9, seed=1) == arranged("ordered", 6, 9, seed=2)).all()


def test_a_quasirandom_plane_has_correlations_nearer_to_random_than_draws() -> None:
    near, next_near = [(1, 0), (0, 1)], [(1, 1), (1, -1)]
    found = arranged("quasirandom", 6, 18)
    drawn = [arranged("random", 6, 18, seed) for seed in range(40)]
    for steps in (near, next_near):
        typical = np.mean([abs(like_neighbours(plane, steps)) for plane in drawn])
        assert abs(like_neighbours(found, steps)) < 0.6 * typical
        assert abs(like_neighbours(found, steps)) <= 0.06


@pytest.mark.parametrize("pattern", ["ordered", "quasirandom"])
def test_large_planes_are_refused_but_drawn_at_random(pattern: str) -> None:
    side = int(np.sqrt(MOST_SITES)) + 1
    with pytest.raises(UsageError, match=rf"{side * side} sites.*{MOST_SITES} sites.*random"):
        arranged(pattern, side, side)
    arranged("random", side, side)


def test_three_ions() -> None:
    centres, cell = square(6)
    found = arrange_in_plane(
        "ordered",
        np.array([4, 20, 12]),
        centres,
        cell=cell,
        pbc=PBC,
        rng=np.random.default_rng(0),
    )
    assert np.bincount(found).tolist() == [4, 20, 12]
    rare = (found == 0).reshape(6, 6)
    assert not (rare & np.roll(rare, 1, axis=0)).any()
