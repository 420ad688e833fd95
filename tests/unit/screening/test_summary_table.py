import pytest

from heterobuild.screening.screen import screen
from heterobuild.screening.summary_table import narrowed, smallest_rows, summary_rows


@pytest.fixture(scope="module")
def found():
    return screen(["CsPbBr3_cubic"], ["CsPbI3_alpha", "MAPbCl3", "CsPbCl3_cubic"])


def columns(rows, **options):
    shared, lines = summary_rows(smallest_rows(rows), **options)
    return shared, [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def test_the_summary_shows_the_smallest_cell_of_each_pair(found):
    pairs = smallest_rows(found.rows)
    assert len(pairs) == len({row[2] for row in found.rows}) > 1
    for row in pairs:
        same = [other for other in found.rows if other[2] == row[2]]
        sizes = [max(float(other[10]), float(other[11])) for other in same]
        assert max(float(row[10]), float(row[11])) == pytest.approx(min(sizes), abs=0.01)
    _, lines = columns(found.rows)
    assert [line["no."] for line in lines] == [str(i + 1) for i in range(len(pairs))]
    assert [line["substrate"] for line in lines] == [row[2] for row in pairs]
    assert [line["area Å²"] for line in lines] == [f"{float(row[11]):.1f}" for row in pairs]
    assert [float(line["misfit %"].replace("−", "-")) for line in lines] == pytest.approx(
        [100 * float(row[14]) for row in pairs], abs=0.0051
    )


def test_what_all_rows_have_in_common_is_said_once(found):
    shared, lines = columns(found.rows)
    assert "film CsPbBr3_cubic" in shared
    assert all("film" not in line and "substrate" in line for line in lines)
    only = [row for row in found.rows if row[2] == "MAPbCl3_cubic"]
    assert columns(only)[0] == []


def test_faces_are_written_with_their_pseudocubic_indices():
    rows = screen(["CsPbBr3_orthorhombic"], ["MAPbCl3_cubic", "NaCl"]).rows
    pairs = smallest_rows(rows)
    shared, lines = summary_rows(pairs)
    faces = {row[1] for row in pairs}
    assert faces <= {"0 1 0", "1 0 1"}
    for face, label in (("0 1 0", "(010) = (001)pc"), ("1 0 1", "(101) = (100)pc")):
        assert (label in f"{shared}{lines}") == (face in faces)


def test_energies_of_assumed_constants_are_marked():
    both = screen(["Cs4PbBr6", "CsPbBr3_cubic"], ["SrTiO3"]).rows
    energies = {line["film"]: line["meV/Å³"] for line in columns(both)[1]}
    assert energies["Cs4PbBr6"].startswith("~")
    assert float(energies["CsPbBr3_cubic"]) > 0


def test_a_file_that_is_gone_leaves_the_plain_face(found, tmp_path):
    row = ("mine/a.cif", "0 1 0", *found.rows[0][2:])
    files = {"mine/a.cif": str(tmp_path / "a.cif")}
    assert summary_rows([row], files)[1][1][2] == "(010)"


def test_wide_tables_lose_turn_and_then_trust():
    head = ("film", "turn °", "trust")
    assert narrowed([head, ("x" * 80, "1.0", "high")])[0] == head
    assert narrowed([head, ("x" * 90, "1.0", "high")])[0] == ("film", "trust")
    assert narrowed([head, ("x" * 99, "1.0", "high")]) == [("film",), ("x" * 99,)]
