import numpy as np
import pytest

from heterobuild.chemistry.elasticity import cubic_stiffness, isotropic_stiffness
from heterobuild.errors import UsageError
from heterobuild.relaxation.spring_constants import (
    GPA,
    MARGIN,
    MOST_EDGE,
    cubic_average,
    fit_constants,
)

EDGE = 5.9


def constants_of(found):
    """C11, C12, C44 by the closed sums over the bonds of the cubic lattice."""
    shear = (found.edge + found.cavity) / 2
    c12 = shear + found.breathing
    sums = (found.bond / 2 + 2 * shear + found.breathing, c12, shear)
    return [value / EDGE / GPA for value in sums]


@pytest.mark.parametrize(
    "asked",
    [(42, 7, 4), (32.2, 9.2, 3.4), (27.7, 11.5, 3.1), (21.8, 11.3, 7.3), (30, -8, 6), (10, 2, 7.7)],
)
def test_constants_within_the_stable_range_are_met(asked):
    found = fit_constants(cubic_stiffness(*asked), EDGE)
    assert found.missed == ()
    assert constants_of(found) == pytest.approx(asked)
    assert min(found.bond, found.edge, found.cavity) > 0
    assert found.bond + 6 * found.breathing + 4 * found.edge > 0


def test_the_gigapascal():
    charge = 1.602176634e-19
    assert pytest.approx(1e9 * 1e-30 / charge) == GPA


def test_bonds_carry_no_breathing_where_cauchy_holds():
    assert fit_constants(cubic_stiffness(20, 5, 5), EDGE).breathing == pytest.approx(0)


@pytest.mark.parametrize("asked", [(22, 11, 16), (20, 19, 5), (10, 3, -1), (10, -5, 4.9)])
def test_the_nearest_stable_constants_stand_in(asked):
    found = fit_constants(cubic_stiffness(*asked), EDGE)
    assert constants_of(found) == pytest.approx(found.met)
    assert found.missed
    assert f"instead of {asked[2]:.2f} GPa" in found.missed[-1]
    assert min(found.bond, found.edge, found.cavity) > 0
    grid = np.stack(
        np.meshgrid(*[np.linspace(c - 8, c + 8, 81) for c in asked], indexing="ij"), -1
    ).reshape(-1, 3)
    c11, c12, c44 = grid.T
    stable = (
        (c44 >= MARGIN * c11)
        & (c11 - c12 - c44 >= MARGIN * c11)
        & (c11 + 2 * c12 - 4 * (1 - MOST_EDGE) * c44 >= MARGIN * c11)
    )
    nearest = np.linalg.norm(grid[stable] - asked, axis=1).min()
    reached = np.linalg.norm(np.subtract(found.met, asked))
    assert reached <= nearest + 1e-9
    assert reached > nearest - 0.35


def test_a_crystal_that_is_not_cubic_is_averaged():
    matrix = np.diag([30.0, 33.0, 36.0, 3.0, 4.0, 5.0])
    for row, column, value in ((0, 1, 6.0), (0, 2, 8.0), (1, 2, 10.0)):
        matrix[row, column] = matrix[column, row] = value
    assert cubic_average(matrix) == pytest.approx((33, 8, 4))
    assert fit_constants(matrix, EDGE).met == pytest.approx((33, 8, 4))


def test_what_describes_no_solid_is_refused():
    with pytest.raises(UsageError, match="no solid"):
        fit_constants(-isotropic_stiffness(10, 0.3), EDGE)
    with pytest.raises(UsageError, match="numbers"):
        fit_constants(np.full((6, 6), np.nan), EDGE)
    with pytest.raises(UsageError, match="positive"):
        fit_constants(isotropic_stiffness(10, 0.3), 0.0)
