from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from heterobuild.dots.tables import read_dots
from heterobuild.errors import HeterobuildError, UsageError
from heterobuild.geometry.orientation_relations import relation_rotation

BOX = np.array([[90.0, 0.0, 0.0], [10.0, 80.0, 0.0], [0.0, 0.0, 70.0]])
DOT = {"x": 20.0, "y": 30.0, "z": 25.0, "radius": 9.0}


def test_a_file_becomes_dots(tmp_path: Path) -> None:
    path = tmp_path / "dots.csv"
    path.write_text("z,X,y,radius,shape\n25,20,30,9,Sphere\n50,60,30,1.1e1,cube\n")
    found = read_dots(path, cell=BOX)
    assert found.centres.tolist() == [[20, 30, 25], [60, 30, 50]]
    assert found.radii.tolist() == [9.0, 11.0]
    assert found.shapes == ("sphere", "cube")
    assert np.allclose(found.rotations, np.eye(3))


def test_fractions_and_sizes() -> None:
    rows = [{"f_x": 0.5, "f_y": 0.25, "f_z": "0.1", "size": np.float64(12.0)}]
    found = read_dots(rows, cell=BOX, shape="cube")
    assert np.allclose(found.centres, [0.5 * BOX[0] + 0.25 * BOX[1] + 0.1 * BOX[2]])
    assert found.radii.tolist() == [6.0]
    with pytest.raises(UsageError, match="fractions need a cell"):
        read_dots(rows)


def test_orientations() -> None:
    turn = Rotation.from_euler("ZXZ", [20, 40, 60], degrees=True)
    x, y, z, w = turn.as_quat().tolist()
    by_quaternion = read_dots([DOT | {"q0": w, "q1": x, "q2": y, "q3": z}])
    by_angles = read_dots([DOT | {"phi1": 20, "Phi": 40, "phi2": 60}])
    assert np.allclose(by_quaternion.rotations[0], turn.as_matrix().T)
    assert np.allclose(by_angles.rotations[0], turn.as_matrix().T)


def test_orientation_relations_are_turned_into_rotations() -> None:
    cube = 6.0 * np.eye(3)
    rows = [DOT | {"relation": "[100]||[110], (001)||(001)"}]

    def rotation(relation):
        return relation_rotation(cube, cube, relation.directions, relation.planes)

    found = read_dots(rows, rotation_of=rotation)
    assert np.allclose(np.array([1, 1, 0]) @ found.rotations[0], [2**0.5, 0, 0])
    with pytest.raises(UsageError, match="cannot be used here, in the table of dots, dot 1"):
        read_dots(rows)
    wrong = [DOT | {"relation": "[100]||[101], (001)||(001)"}]
    with pytest.raises(UsageError, match=r"contradicts itself.*dot 1, column relation.*45\.00"):
        read_dots(wrong, rotation_of=rotation)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"x": "1,5"}, "no number.*dot 1, column x.*'1,5'"),
        ({"x": ""}, "no number"),
        ({"x": None}, "no number"),
        ({"x": True}, "no number"),
        ({"x": "1_0"}, "no number"),
        ({"x": "nan"}, "no number"),
        ({"x": float("nan")}, "not finite"),
        ({"x": "1e999"}, "not finite"),
        ({"x": 10**400}, "not finite"),
        ({"radius": -1}, "positive.*dot 1.*-1"),
        ({"radius": 0}, "positive"),
        ({"colour": "red"}, "unknown columns.*header.*'colour'"),
        ({"f_x": 0.1}, "one of a place"),
        ({"size": 5}, "one of a size"),
        ({"q0": 1.0}, "no column q1"),
        ({"q0": 1, "q1": 1, "q2": 0, "q3": 0}, "length 1.*columns q0"),
        ({"shape": "cone"}, "unknown shape.*cone.*sphere, cube"),
        ({"x": 200.0}, "outside the cell"),
    ],
)
def test_wrong_cells_are_named(row: dict, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_dots([DOT | row], cell=BOX)


def test_missing_columns_are_named() -> None:
    with pytest.raises(UsageError, match="no column z"):
        read_dots([{"x": 1, "y": 2, "radius": 3}])
    with pytest.raises(UsageError, match="one of a size"):
        read_dots([{"x": 1, "y": 2, "z": 3}])


def test_dots_that_overlap_are_named_with_their_distance(tmp_path: Path) -> None:
    path = tmp_path / "dots.csv"
    path.write_text("x,y,z,radius\n20,30,25,9\n60,30,25,9\n75,30,25,8\n")
    with pytest.raises(UsageError, match=r"dots 2 and 3 overlap.*line 4.*-2\.000 Å.*15\.000 Å"):
        read_dots(path, cell=BOX)


CELLS = st.one_of(
    st.text(max_size=8), st.floats(), st.integers(), st.none(), st.booleans(),
    st.sampled_from(["1", "20", " 5.5 ", "1e3", "-0.2", "cube", "[100]||[100], (001)||(001)"]),
)  # fmt: skip
NAMES = st.sampled_from(
    ["x", "y", "z", "radius", "size", "shape", "f_x", "f_y", "f_z", "q0", "q1", "q2", "q3",
     "phi1", "phi", "phi2", "relation", "X ", "other", ""]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(st.dictionaries(NAMES, CELLS, max_size=9), max_size=3))
def test_any_list_is_read_or_refused(rows: list) -> None:
    try:
        found = read_dots(rows, cell=BOX)
    except HeterobuildError:
        return
    assert np.isfinite(found.centres).all()


GOOD = st.one_of(st.floats(-200, 200), st.floats(), st.sampled_from(["1", "30", "7 ", "cube", ""]))


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_numbers_in_the_right_columns_are_read_or_refused(data: st.DataObject) -> None:
    places = data.draw(st.sampled_from([("x", "y", "z"), ("f_x", "f_y", "f_z")]))
    turns = data.draw(st.sampled_from([(), ("q0", "q1", "q2", "q3"), ("phi1", "phi", "phi2")]))
    columns = [*places, data.draw(st.sampled_from(["radius", "size"])), *turns]
    rows = data.draw(st.lists(st.fixed_dictionaries(dict.fromkeys(columns, GOOD)), max_size=4))
    solid = data.draw(st.sampled_from(["sphere", "cube", "octahedron"]))
    pbc = data.draw(st.tuples(*[st.booleans()] * 3))
    cell = data.draw(st.sampled_from([BOX, None]))
    try:
        found = read_dots(rows, cell=cell, pbc=pbc, shape=solid)
    except HeterobuildError:
        return
    assert (found.radii > 0).all()
    assert np.allclose(np.linalg.det(found.rotations), 1.0)


@settings(max_examples=200, deadline=None)
@given(
    content=st.one_of(
        st.binary(max_size=80),
        st.text(alphabet='xyzradius,;"\n\r#0123456789.-e \t', max_size=80).map(str.encode),
        st.text(alphabet='0123456789.-e,\n"', max_size=60).map(
            lambda text: ("x,y,z,radius\n" + text).encode()
        ),
    )
)
def test_any_file_is_read_or_refused(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "dots.csv"
        path.write_bytes(content)
        try:
            found = read_dots(path, cell=BOX)
        except HeterobuildError:
            return
        assert len(found.radii)
