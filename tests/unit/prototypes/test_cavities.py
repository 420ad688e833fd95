"""Places where bond-valence vectors cancel."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from heterobuild.prototypes.cavities import SOFTNESS, cavity_centres
from heterobuild.tilts.network import CELLS, tilted_network


def halides_around(network):
    images = np.stack(np.meshgrid(*[[-2, 0, 2]] * 3, indexing="ij"), -1).reshape(-1, 3)
    return (network.corners[:, None] + images @ network.axes).reshape(-1, 3)


def centres(network):
    start = (CELLS + 0.5) @ network.axes
    return start, cavity_centres(start, network.corners, 2 * network.axes)


@pytest.mark.parametrize("signs", ["+--", "---", "++-", "0+-", "+++"])
def test_the_vectors_cancel_and_scipy_finds_the_same_place(signs):
    network = tilted_network(tuple(signs), (10, 7, 5), bond=3.0)
    start, found = centres(network)
    halides = halides_around(network)
    for place, first in zip(found, start, strict=True):
        vectors = place - halides
        length = np.linalg.norm(vectors, axis=1)
        valence = np.exp(-(length - length.min()) / SOFTNESS)
        np.testing.assert_allclose((valence / length) @ vectors, 0, atol=1e-8)
        best = minimize(
            lambda p: np.exp(-(np.linalg.norm(p - halides, axis=1) - 3) / SOFTNESS).sum(),
            first,
            tol=1e-12,
        )
        np.testing.assert_allclose(best.x, place, atol=1e-4)


def test_the_middle_stays_where_symmetry_holds_it():
    for signs in ("000", "00+", "00-"):
        start, found = centres(tilted_network(tuple(signs), (0, 0, 9), bond=3.0))
        np.testing.assert_allclose(found, start, atol=1e-9)


def test_cations_move_in_the_orthorhombic_system():
    start, found = centres(tilted_network(("-", "-", "+"), (5, 5, 10), bond=3.0))
    moved = np.linalg.norm(found - start, axis=1)
    assert moved.min() > 0.1
    np.testing.assert_allclose(moved, moved[0], atol=1e-9)
    np.testing.assert_allclose((found - start).sum(axis=0), 0, atol=1e-9)
