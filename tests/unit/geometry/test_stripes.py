"""Stripes and rectangles against brute force over their edges; common lengths against all pairs."""

from math import gcd, log

import numpy as np
import pytest

from heterobuild.geometry.stripes import common_lengths, rectangle_distance, stripe_distance


@pytest.mark.parametrize("periodic", [True, False])
def test_stripes_against_a_walk_over_all_walls(periodic):
    rng = np.random.default_rng(3)
    for _ in range(20):
        widths = rng.uniform(1, 5, size=5)
        edges = np.append(0, np.cumsum(widths)) + rng.uniform(-3, 3)
        inside = rng.random(5) < 0.5
        if inside.all() or not inside.any():
            continue
        points = rng.uniform(edges[0], edges[-1], size=50)
        found = stripe_distance(points, edges, inside, periodic=periodic)
        period = edges[-1] - edges[0]
        fine = np.linspace(edges[0], edges[-1], 20001)[:-1] + period / 40002
        code = inside[np.searchsorted(edges, fine, side="right") - 1]
        for point, distance in zip(points, found, strict=True):
            own = inside[np.searchsorted(edges, point, side="right") - 1]
            away = np.abs(fine - point)
            if periodic:
                away = np.minimum(away, period - away)
            nearest = away[code != own].min()
            assert abs(distance) == pytest.approx(nearest, abs=2e-3)
            assert (distance < 0) == own


def test_stripes_of_one_kind_have_no_wall():
    found = stripe_distance(
        np.array([1.0]), np.array([0, 2, 4.0]), np.array([True] * 2), periodic=True
    )
    assert found[0] == -np.inf


def test_rectangles_of_equal_distance_have_sharp_corners():
    corner = np.array([[3.0, 2.0], [-3.0, -2.0], [3.0, 0.0], [0.0, 2.0]])
    assert np.allclose(rectangle_distance(corner, (1.5, 0.5)), 1.5)
    assert rectangle_distance(np.zeros((1, 2)), (1.5, 0.5))[0] == -0.5


@pytest.mark.parametrize(("first", "second"), [(14.527, 6.35), (8.876, 6.35), (6.0, 6.0)])
def test_common_lengths_against_all_pairs(first, second):
    counts, strains = common_lengths((first, second), most_strain=0.04, longest=60.0)
    brute = {
        (p, q)
        for p in range(1, int(60 / first) + 1)
        for q in range(1, 60)
        if gcd(p, q) == 1 and abs(log(p * first / (q * second))) <= 0.04
    }
    # Below 60 Å no two q can both be within 4 % for one p.
    assert {tuple(row) for row in counts.tolist()} == brute
    assert (np.diff(counts[:, 0]) > 0).all()
    for (p, q), strain in zip(counts.tolist(), strains, strict=True):
        assert strain == pytest.approx(abs(log(p * first / (q * second))))


def test_common_lengths_of_three():
    counts, strains = common_lengths((3.0, 4.0, 6.0), most_strain=1e-9, longest=50.0)
    assert counts.tolist() == [[4, 3, 2]]
    assert strains[0] == pytest.approx(0, abs=1e-12)
