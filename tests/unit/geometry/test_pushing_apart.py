from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from heterobuild.geometry.periodic_pairs import wall_gaps
from heterobuild.geometry.pushing_apart import pushed_apart

SKEW = np.array([[60.0, 0.0, 0.0], [25.0, 50.0, 0.0], [-20.0, 22.0, 45.0]])


@pytest.mark.parametrize("pbc", [(True, True, True), (True, True, False), (False, False, False)])
def test_balls_keep_apart_and_off_the_faces(pbc: tuple[bool, bool, bool]) -> None:
    rng = np.random.default_rng(3)
    radii = rng.uniform(4.0, 8.0, 40)
    moved = pushed_apart(rng.random((40, 3)) @ SKEW, radii, SKEW, pbc, 1.0, margin=0.5)
    images = [np.array(n) @ SKEW for n in product(*[(-1, 0, 1) if p else (0,) for p in pbc])]
    for i, j in product(range(40), repeat=2):
        spans = [np.linalg.norm(moved[j] + s - moved[i]) for s in images if i < j]
        assert min(spans, default=np.inf) > radii[i] + radii[j] + 1.0 - 1e-3
    for axis in np.flatnonzero(~np.array(pbc)):
        normal = np.cross(SKEW[(axis + 1) % 3], SKEW[(axis + 2) % 3])
        height = moved @ normal / np.linalg.norm(normal)
        top = SKEW[axis] @ normal / np.linalg.norm(normal)
        assert (height - radii > 0.5 - 1e-3).all()
        assert (height + radii < top - 0.5 + 1e-3).all()


def test_more_than_the_densest_packing_keeps_its_overlap() -> None:
    cell, rng = 40.0 * np.eye(3), np.random.default_rng(1)
    radii = np.full(60, (0.8 * 40.0**3 / 60 * 3 / 4 / np.pi) ** (1 / 3))
    moved = pushed_apart(rng.random((60, 3)) @ cell, radii, cell, (True,) * 3, 0.0)
    densest = np.pi / np.sqrt(18.0)
    least_overlap = 2 * radii[0] * (1 - (densest / 0.8) ** (1 / 3))
    assert wall_gaps(moved, radii, cell, (True,) * 3, 0.0)[2][0] < -least_overlap
