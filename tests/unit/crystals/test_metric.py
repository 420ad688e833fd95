import numpy as np
import pytest

from heterobuild.crystals.metric import cell_vectors


@pytest.mark.parametrize(
    "parameters", [(8.7, 8.8, 33.0, 84.6, 84.7, 89.6), (4.9, 4.9, 5.4, 90, 90, 120)]
)
def test_parameters_come_back(parameters):
    cell = cell_vectors(parameters)
    lengths = np.linalg.norm(cell, axis=1)
    cosines = [cell[i] @ cell[j] / (lengths[i] * lengths[j]) for i, j in ((1, 2), (0, 2), (0, 1))]
    np.testing.assert_allclose([*lengths, *np.degrees(np.arccos(cosines))], parameters)
    assert np.linalg.det(cell) > 0
    assert cell[0, 1] == cell[0, 2] == cell[1, 2] == 0


def test_right_angles_are_exact():
    np.testing.assert_array_equal(cell_vectors((1, 2, 3, 90, 90, 90)), np.diag([1.0, 2.0, 3.0]))


@pytest.mark.parametrize(
    "parameters",
    [
        (1, 1, 1, 20, 20, 90),
        (1, 1, 1, 120, 120, 120),
        (1, 1, 1, 90, 90, 180),
        (1, 1, 1, 90, 90, 0),
        (1, 0, 1, 90, 90, 90),
        (1, -2, 1, 90, 90, 90),
        (1, 1, float("nan"), 90, 90, 90),
    ],
)
def test_what_is_no_cell_gives_none(parameters):
    assert cell_vectors(parameters) is None
