from __future__ import annotations

import numpy as np
import pytest

from heterobuild.dots.places import Dots, check_places, dot_gaps
from heterobuild.errors import UsageError
from heterobuild.geometry.rotations import from_axis_angles

BOX = 100.0 * np.eye(3)


def dots(centres: list, radii: list, shapes: list, turns: list | None = None) -> Dots:
    angles = np.array([[0.0, 0.0, 1.0, turn] for turn in turns or [0.0] * len(radii)])
    return Dots(
        centres=np.array(centres, dtype=float),
        radii=np.array(radii, dtype=float),
        rotations=from_axis_angles(angles),
        shapes=tuple(shapes),
    )


def gap(pair: Dots) -> float:
    vector = (pair.centres[1] - pair.centres[0])[None]
    return float(dot_gaps(pair, np.array([0]), np.array([1]), vector)[0])


@pytest.mark.parametrize(
    ("other", "shapes", "turns", "expected"),
    [
        ([25, 0, 0], ["sphere", "sphere"], [0, 0], 5.0),
        ([15, 0, 0], ["sphere", "sphere"], [0, 0], -5.0),
        ([25, 3, 0], ["cube", "cube"], [0, 0], 5.0),
        ([30, 30, 0], ["cube", "cube"], [0, 0], 200**0.5),
        ([30, 30, 30], ["cube", "sphere"], [0, 0], 1200**0.5 - 10),
        ([40, 0, 0], ["cube", "cube"], [45, 45], 40 - 20 * 2**0.5),
        ([40, 0, 0], ["octahedron", "octahedron"], [0, 0], 40 - 20 * 3**0.5),
        ([15, 2, 1], ["cube", "cube"], [0, 0], -5.0),
        ([18, 0, 0], ["cube", "sphere"], [0, 0], -2.0),
        ([20, 0, 0], ["cube", "cube"], [0, 0], 0.0),
        ([0, 0, 0], ["cube", "cube"], [0, 30], -20.0),
    ],
)
def test_gaps_of_balls_and_polyhedra(
    other: list, shapes: list, turns: list, expected: float
) -> None:
    pair = dots([[0, 0, 0], other], [10, 10], shapes, turns)
    assert gap(pair) == pytest.approx(expected, abs=2e-4)


def check(given: Dots, pbc: tuple = (True, True, True), separation: float = 0.0) -> None:
    places = [f"table, line {n}" for n in range(2, 2 + len(given.radii))]
    check_places(given, cell=BOX, pbc=pbc, separation=separation, places=places)


def test_cubes_may_touch_face_to_face() -> None:
    grid = np.stack(np.meshgrid(*[[25.0, 75.0]] * 3), axis=-1).reshape(-1, 3)
    touching = dots(grid.tolist(), [25.0] * 8, ["cube"] * 8)
    check(touching)
    with pytest.raises(UsageError, match="too near"):
        check(touching, separation=1.0)
    with pytest.raises(UsageError, match="overlap"):
        check(dots(grid.tolist(), [25.1] + [25.0] * 7, ["cube"] * 8))


def test_overlap_through_the_faces_of_the_cell_is_seen() -> None:
    pair = dots([[5, 50, 50], [95, 50, 50]], [8, 7], ["sphere"] * 2)
    with pytest.raises(UsageError, match=r"dots 1 and 2 overlap.*line 3.*-5\.000 Å.*10\.000 Å"):
        check(pair)
    check_places(pair, cell=None, pbc=(True,) * 3, separation=0.0, places=["a", "b"])
    with pytest.raises(UsageError, match="its periodic image"):
        check(dots([[50, 50, 50]], [51], ["sphere"]))


def test_dots_outside_the_cell_are_named() -> None:
    single = dots([[50, 50, 5]], [8], ["sphere"])
    check(single)
    with pytest.raises(UsageError, match=r"dot 1 lies outside the cell along c.*line 2"):
        check(single, pbc=(True, True, False))
    check(dots([[50, 50, 20]], [15], ["cube"]), pbc=(False,) * 3)
    check(dots([[20, 50, 50]], [15], ["cube"], [0.0]), pbc=(False,) * 3)
    with pytest.raises(UsageError, match="along a"):
        check(dots([[20, 50, 50]], [15], ["cube"], [45.0]), pbc=(False,) * 3)
    with pytest.raises(UsageError, match="outside the cell along b"):
        check(dots([[0, 500, 0]], [8], ["sphere"]))


def test_too_much_volume_is_refused_before_pairs_are_counted() -> None:
    many = dots([[50, 50, 50]] * 20_000, [5.0] * 20_000, ["sphere"] * 20_000)
    with pytest.raises(UsageError, match="more volume"):
        check(many)
