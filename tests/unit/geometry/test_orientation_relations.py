from __future__ import annotations

import gemmi
import numpy as np
import pytest

from heterobuild.errors import UsageError
from heterobuild.geometry.orientation_relations import (
    OrientationRelation,
    parse_relation,
    relation_label,
    relation_rotation,
)

CUBE = 5.87 * np.eye(3)


def cell(*parameters: float) -> np.ndarray:
    """Rows of the cell as gemmi orients it."""
    return np.array(gemmi.UnitCell(*parameters).orth.mat.tolist()).T


HEXAGONAL = cell(13.7, 13.7, 17.3, 90, 90, 120)
TRICLINIC = cell(7.1, 8.2, 9.3, 81, 97, 108)


def angle(first: np.ndarray, second: np.ndarray) -> float:
    cosine = first @ second / np.linalg.norm(first) / np.linalg.norm(second)
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def normal(crystal: np.ndarray, plane: tuple[int, int, int]) -> np.ndarray:
    """The normal from the reciprocal vectors of gemmi, in its frame."""
    lengths = np.linalg.norm(crystal, axis=1)
    angles = [angle(crystal[i], crystal[j]) for i, j in ((1, 2), (0, 2), (0, 1))]
    fractional = np.array(gemmi.UnitCell(*lengths, *angles).frac.mat.tolist())
    return np.array(plane) @ fractional


@pytest.mark.parametrize(
    ("first", "second", "directions", "planes"),
    [
        (CUBE, CUBE, ((1, 0, 0), (1, 1, 0)), ((0, 0, 1), (0, 0, 1))),
        (CUBE, 4.0 * np.eye(3), ((1, -1, 0), (0, 1, 0)), ((1, 1, 1), (0, 0, 1))),
        (CUBE, HEXAGONAL, ((1, -1, 0), (1, 0, 0)), ((1, 1, 1), (0, 0, 1))),
        (HEXAGONAL, CUBE, ((1, 2, 0), (1, 1, 0)), ((0, 0, 1), (0, 0, 1))),
        (TRICLINIC, CUBE, ((1, 0, 0), (0, 0, 1)), ((0, 1, 2), (1, 1, 0))),
    ],
)
def test_directions_and_normals_become_parallel(
    first: np.ndarray, second: np.ndarray, directions: tuple, planes: tuple
) -> None:
    turn = relation_rotation(first, second, directions, planes)
    assert np.linalg.det(turn) == pytest.approx(1.0)
    assert np.allclose(turn @ turn.T, np.eye(3))
    turned = np.array(directions[1]) @ second @ turn
    assert angle(np.array(directions[0]) @ first, turned) < 1e-5
    assert angle(normal(first, planes[0]), normal(second, planes[1]) @ turn) < 1e-5


def test_cube_on_cube_is_no_turn() -> None:
    same = ((1, 1, 0), (1, 1, 0)), ((0, 0, 1), (0, 0, 1))
    assert np.allclose(relation_rotation(CUBE, 6.3 * np.eye(3), *same), np.eye(3))


def test_the_relation_of_kurdjumov_and_sachs() -> None:
    """(111)||(011), [-101]||[-1-11]: a turn of 42.85° after the symmetry of the cube."""
    from scipy.spatial.transform import Rotation

    from heterobuild.geometry.rotations import misorientation_angle

    turn = relation_rotation(CUBE, CUBE, ((-1, 0, 1), (-1, -1, 1)), ((1, 1, 1), (0, 1, 1)))
    cubes = Rotation.create_group("O").as_matrix()
    assert misorientation_angle(np.eye(3), turn, cubes) == pytest.approx(42.85, abs=0.01)


def test_a_relation_that_contradicts_itself_names_both_angles_and_a_way_out() -> None:
    with pytest.raises(UsageError) as caught:
        relation_rotation(CUBE, CUBE, ((1, 0, 0), (1, 0, 1)), ((0, 0, 1), (0, 0, 1)))
    assert "90.00°" in str(caught.value)
    assert "45.00°" in str(caught.value)
    assert "[100]" in caught.value.next_step
    relation_rotation(CUBE, CUBE, ((1, 0, 0), (1, 0, 0)), ((0, 0, 1), (0, 0, 1)))


def test_small_distortions_pass_and_keep_the_planes_exact() -> None:
    bent = cell(5.8, 5.9, 5.87, 90, 90.3, 90)
    turn = relation_rotation(CUBE, bent, ((1, 0, 0), (0, 0, 1)), ((0, 0, 1), (1, 0, 0)))
    assert angle(normal(CUBE, (0, 0, 1)), normal(bent, (1, 0, 0)) @ turn) < 1e-5
    sheared = cell(5.8, 5.9, 5.87, 90, 95, 90)
    with pytest.raises(UsageError, match="contradicts"):
        relation_rotation(CUBE, sheared, ((1, 0, 1), (1, 0, 1)), ((0, 0, 1), (0, 0, 1)))


def test_a_direction_along_the_normal_leaves_the_turn_open() -> None:
    with pytest.raises(UsageError, match="stays open"):
        relation_rotation(CUBE, CUBE, ((0, 0, 1), (0, 0, 1)), ((0, 0, 1), (0, 0, 1)))


@pytest.mark.parametrize(
    "text",
    [
        "[100]||[110], (001)||(001)",
        " [1 0 0] ∥ [1,1,0] ; (001) // (0 0 2) ",
        "(001)||(001), [100]||[110]",
    ],
)
def test_spellings_of_one_relation(text: str) -> None:
    expected = OrientationRelation(directions=((1, 0, 0), (1, 1, 0)), planes=((0, 0, 1), (0, 0, 1)))
    assert parse_relation(text) == expected


def test_four_indices_and_pseudocubic_marks() -> None:
    relation = parse_relation("[-1100]||[1-10]pc, (0001)||(111)pc")
    assert relation.directions == ((-1, 1, 0), (1, -1, 0))
    assert relation.planes == ((0, 0, 1), (1, 1, 1))
    assert relation.pseudocubic == (False, True)
    assert parse_relation(relation_label(relation)) == relation


def test_four_indices_of_a_direction_point_where_four_vectors_lead() -> None:
    (direction, _) = parse_relation("[2-1-10]||[100], (0001)||(001)").directions
    axes = np.vstack([HEXAGONAL[:2], -HEXAGONAL[0] - HEXAGONAL[1]])
    assert angle(np.array([2, -1, -1]) @ axes, np.array(direction) @ HEXAGONAL) < 1e-5


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cube on cube",
        "[100]||[110]",
        "[100]||(110), (001)||[001]",
        "[100]||[110], [001]||[001]",
        "[100]pc||[110], (001)||(001)",
        "[000]||[110], (001)||(001)",
        "[10]||[110], (001)||(001)",
        "[1000]||[110], (001)||(001)",
        "[1-]||[110], (001)||(001)",
        "[]||[110], (001)||(001)",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_relation(text)
