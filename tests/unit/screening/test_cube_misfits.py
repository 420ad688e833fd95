from __future__ import annotations

import numpy as np
import pytest

from heterobuild.screening.cube_misfits import cube_on_cube, misfits_of


def test_edges_are_laid_the_less_strained_way():
    found = cube_on_cube(np.diag([5.0, 6.0]), np.diag([6.0, 5.0]))
    assert found == pytest.approx((0, 0), abs=1e-12)


def test_misfit_has_the_denominator_of_the_substrate():
    strains = np.array([5.68 / 5.874 - 1, 0.0])
    assert misfits_of(strains) == pytest.approx((5.874 / 5.68 - 1, 0))
    assert misfits_of(np.array([0.01, -0.02]))[0] == pytest.approx(1 / 0.98 - 1)
