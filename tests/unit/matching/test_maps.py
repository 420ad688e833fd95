"""Complex parts of maps against polar and singular value decompositions."""

import numpy as np
import pytest

from heterobuild.geometry.strain import plane_rotation, polar
from heterobuild.matching.maps import maps_between

CELL = np.array([[5.1, 0.0], [1.7, 6.3]])
ONE = np.eye(2, dtype=np.int64)[None]
RNG = np.random.default_rng(3)
MATRICES = np.array([m for m in RNG.integers(-6, 7, (200, 2, 2)) if round(np.linalg.det(m)) > 0])


@pytest.mark.parametrize("angle", [-150.0, -30.0, 0.0, 12.5, 90.0, 180.0])
def test_turns_are_those_of_the_polar_decomposition(angle):
    stretched = CELL @ np.diag([1.03, 0.98]) @ plane_rotation(angle)[:2, :2]
    assert maps_between(ONE, ONE, CELL, stretched).rotation[0] == pytest.approx(angle, abs=1e-6)


def test_deformations_stretches_and_rotations():
    other = np.array([[4.4, 0.3], [-1.0, 6.1]])
    pairs = MATRICES[:40], MATRICES[-40:]
    maps = maps_between(*pairs, CELL, other)
    wanted = np.linalg.solve(pairs[0] @ CELL, pairs[1] @ other)
    np.testing.assert_allclose(maps.deformation, wanted, atol=1e-9)
    singular = np.linalg.svd(wanted, compute_uv=False)
    np.testing.assert_allclose(np.transpose(maps.stretches), singular, atol=1e-9)
    for angle, deformation in zip(maps.rotation, wanted, strict=True):
        np.testing.assert_allclose(plane_rotation(angle)[:2, :2], polar(deformation)[1], atol=1e-7)


def test_a_half_turn_of_the_film():
    maps = maps_between(MATRICES, MATRICES[::-1], CELL, CELL)
    turned = maps.turned(np.full(len(MATRICES), -1))
    assert (turned.film == -MATRICES).all()
    np.testing.assert_allclose(turned.deformation, -maps.deformation)
    assert set(np.abs(turned.rotation - maps.rotation).round(6).tolist()) == {180.0}
