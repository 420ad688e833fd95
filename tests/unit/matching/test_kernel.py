"""The batched search against all re-bases of all pairs, tested by explicit singular values."""

import itertools

import numpy as np
import pytest

from heterobuild.matching.kernel import join_surfaces
from heterobuild.matching.limits import MatchLimits
from heterobuild.matching.superlattices import hermite_table

SQUARE, LARGER = np.diag([5.874, 5.874]), np.diag([6.289, 6.289])
HEXAGONAL = 5.0 * np.array([[1, 0], [-0.5, np.sqrt(3) / 2]])
OBLIQUE = np.array([[5.1, 0.0], [1.7, 6.3]])
NEARLY_SQUARE = np.array([[5.0, 0.0], [0.02, 5.05]])
PAIRS = [
    (SQUARE, LARGER),
    (HEXAGONAL, LARGER),
    (HEXAGONAL, 0.83 * HEXAGONAL),
    (OBLIQUE, NEARLY_SQUARE),
    (NEARLY_SQUARE, SQUARE),
]
REACH = range(-10, 11)
REBASES = np.array(
    [[[a, b], [c, d]] for a, b, c, d in itertools.product(REACH, repeat=4) if a * d - b * c == 1]
)


def brute_force(film, substrate, limits):
    """Count maps modulo sign by trying every re-base of every Hermite form."""
    pairs, maps = set(), 0
    tables = [
        hermite_table(int(limits.max_area / np.linalg.det(cell))) for cell in (film, substrate)
    ]
    for j, theirs in enumerate(tables[1]):
        target = theirs @ substrate
        for i, ours in enumerate(tables[0]):
            ratio = np.linalg.det(target) / np.linalg.det(ours @ film)
            if abs(np.log(ratio)) > 2 * limits.max_strain:
                continue
            deformation = np.linalg.solve(REBASES @ ours @ film, target[None])
            strain = np.abs(np.log(np.linalg.svd(deformation, compute_uv=False))).max(axis=1)
            fits = int((strain <= limits.max_strain + 1e-9).sum())
            maps += fits
            if fits:
                pairs.add((i, j))
    return len(pairs), maps


@pytest.mark.parametrize(("film", "substrate"), PAIRS)
@pytest.mark.parametrize("strain", [0.04, 0.12])
def test_all_pairs_and_maps_and_none_else(film, substrate, strain):
    limits = MatchLimits(max_strain=strain, max_area=130)
    raw = join_surfaces([film], [substrate], limits)
    pairs, maps = brute_force(film, substrate, limits)
    found = set(zip(raw.film_point.tolist(), raw.substrate_point.tolist(), strict=True))
    assert len(found) == pairs
    assert 2 * len(raw.film) == maps


def test_strains_are_those_of_the_deformation():
    raw = join_surfaces([OBLIQUE], [HEXAGONAL], MatchLimits(max_strain=0.1, max_area=200))
    maps = np.linalg.solve(raw.film_matrix @ OBLIQUE, raw.substrate_matrix @ HEXAGONAL)
    logs = np.abs(np.log(np.linalg.svd(maps, compute_uv=False))).max(axis=1)
    np.testing.assert_allclose(raw.log_strain, logs, atol=1e-9)
    assert (np.linalg.det(maps) > 0).all()


def test_a_batch_is_the_sum_of_its_pairs():
    limits = MatchLimits(max_area=300)
    cells = [SQUARE, LARGER, HEXAGONAL, OBLIQUE]
    raw = join_surfaces(cells, cells, limits)
    for i, film in enumerate(cells):
        for j, substrate in enumerate(cells):
            alone = join_surfaces([film], [substrate], limits)
            chosen = (raw.film == i) & (raw.substrate == j)
            assert chosen.sum() == len(alone.film)
            np.testing.assert_allclose(
                np.sort(raw.log_strain[chosen]), np.sort(alone.log_strain), atol=1e-12
            )


@pytest.mark.parametrize(("length", "strain"), [(135.0, 0.12), (400.0, 0.03), (60.0, 0.4)])
def test_all_shears_of_thin_cells(length, strain):
    """Along the short side a thin cell can be sheared by many of its short vectors."""
    cell = np.diag([3.0, length])
    shears = np.array([[[1, k], [0, 1]] for k in range(-60, 61)]).transpose(0, 2, 1)
    maps = np.linalg.solve(cell, shears @ cell)
    logs = np.abs(np.log(np.linalg.svd(maps, compute_uv=False))).max(axis=1)
    limits = MatchLimits(max_strain=strain, max_area=3.0 * length * 1.01)
    raw = join_surfaces([cell], [cell], limits)
    assert (logs <= strain).sum() > 13
    assert len(raw.film) == (logs <= strain).sum()


def test_nothing_fits():
    raw = join_surfaces([SQUARE], [LARGER], MatchLimits(max_strain=0.001, max_area=60))
    assert len(raw.film) == 0
