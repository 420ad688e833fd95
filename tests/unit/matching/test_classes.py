import numpy as np

from heterobuild.matching.classes import class_of_maps

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
    assert len(set(found.tolist())) == 1


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


def test_names_of_different_maps_differ():
    steps = np.arange(-6, 7)
    maps = np.stack(np.meshgrid(steps, steps, steps, steps), axis=-1).reshape(-1, 2, 2)
    maps = maps[np.linalg.det(maps).round() > 0]
    same = np.tile(ONE, (len(maps), 1, 1))
    assert len(np.unique(class_of_maps(same, maps, ONE[None], ONE[None]))) == len(maps)
