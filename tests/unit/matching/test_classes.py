import numpy as np
import pytest

from heterobuild.geometry.strain import plane_rotation
from heterobuild.matching.classes import class_of_maps, turn_angles

ONE = np.eye(2, dtype=np.int64)
QUARTER = np.array([[0, 1], [-1, 0]])


def test_a_rebase_of_the_common_cell_changes_nothing():
    ours, theirs = np.array([[2, 1], [-1, 3]]), np.array([[1, 2], [-2, 1]])
    rebases = [np.array(m) for m in ([[1, 1], [0, 1]], [[0, -1], [1, 0]], [[3, 2], [4, 3]])]
    found = class_of_maps(
        np.array([ours, *(u @ ours for u in rebases)]),
        np.array([theirs, *(u @ theirs for u in rebases)]),
        ONE[None],
        ONE[None],
    )
    assert found.tolist() == [0] * 4


def test_larger_cells_of_one_map_are_the_same():
    ours, theirs = np.array([[2, 1], [-1, 3]]), np.array([[1, 2], [-2, 1]])
    grown = np.array([[1, 0], [0, 3]])
    found = class_of_maps(
        np.array([ours, grown @ ours]), np.array([theirs, grown @ theirs]), ONE[None], ONE[None]
    )
    assert len(set(found.tolist())) == 1


def test_mirror_images_stay_apart():
    quarters = np.array([ONE, QUARTER, -ONE, -QUARTER])
    left, right = np.array([[2, 1], [-1, 2]]), np.array([[2, -1], [1, 2]])
    found = class_of_maps(np.array([left, right]), np.array([2 * ONE] * 2), quarters, quarters)
    assert found[0] != found[1]


def test_the_half_turn_counts_only_where_the_surface_has_it():
    maps, same = np.array([ONE, -ONE]), np.array([ONE, ONE])
    alone, both = ONE[None], np.array([ONE, -ONE])
    assert len(set(class_of_maps(maps, same, alone, alone).tolist())) == 2
    assert len(set(class_of_maps(maps, same, alone, both).tolist())) == 1


@pytest.mark.parametrize("angle", [-150.0, -30.0, 0.0, 12.5, 90.0, 180.0])
def test_turns_are_those_of_the_polar_decomposition(angle):
    cell = np.array([[5.1, 0.0], [1.7, 6.3]])
    stretched = cell @ np.diag([1.03, 0.98]) @ plane_rotation(angle)[:2, :2]
    assert turn_angles(cell[None], stretched[None])[0] == pytest.approx(angle, abs=1e-6)
