import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.screening.rows import COLUMNS, face_text, task_rows
from heterobuild.screening.specification import plan_screen


def records(films, substrates, **options):
    spec = plan_screen(films, substrates, **options)
    skipped = {}
    rows = list(task_rows(spec, (0, 0), skipped))
    assert not skipped
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def test_cube_on_cube_in_numbers_of_the_two_edges():
    found = records(["CsPbBr3_cubic"], ["MAPbCl3_cubic"])
    first = next(r for r in found if (r["film_face"], r["substrate_face"]) == ("0 0 1", "0 0 1"))
    ours, theirs = (load_crystal(n).cell[0, 0] for n in ("CsPbBr3_cubic", "MAPbCl3_cubic"))
    assert (first["film_matrix"], first["substrate_matrix"]) == ("1 0; 0 1", "1 0; 0 1")
    assert float(first["strain_1"]) == pytest.approx(theirs / ours - 1, abs=1e-6)
    assert float(first["log_strain"]) == pytest.approx(abs(np.log(theirs / ours)), abs=1e-6)
    assert float(first["mismatch"]) == pytest.approx((ours - theirs) / theirs, abs=1e-6)
    assert float(first["area_A2"]) == pytest.approx(theirs**2, abs=1e-3)
    assert float(first["film_area_A2"]) == pytest.approx(ours**2, abs=1e-3)
    assert float(first["film_atoms_per_A"]) == pytest.approx(5 / ours, abs=1e-3)
    assert float(first["substrate_atoms_per_A"]) == pytest.approx(12 / theirs, abs=1e-3)
    assert (first["alignment"], first["confidence"], first["atoms_known"]) == ("I", "high", "both")


def test_the_mismatch_is_that_along_the_worse_direction():
    for record in records(["CsPbBr3"], ["SrTiO3"]):
        both = [1 / (1 + float(record[f"strain_{n}"])) - 1 for n in (1, 2)]
        worse = max(both, key=abs)
        assert abs(float(record["mismatch"])) == pytest.approx(abs(worse), abs=2e-6)


def test_a_crystal_on_itself_is_left_out():
    assert records(["CsPbBr3_cubic"], ["CsPbBr3_cubic"]) == []
    both = records(["CsPbBr3_cubic"], ["CsPbBr3_cubic", "CsPbI3_alpha"])
    assert {record["substrate"] for record in both} == {"CsPbI3_alpha"}


def test_cells_without_atoms_take_part_and_are_marked():
    found = records(["CsPbBr3_cubic"], ["BA2PbI4", "CsPbI3_alpha"])
    assert {(r["substrate"], r["atoms_known"]) for r in found} == {
        ("BA2PbI4", "film"),
        ("CsPbI3_alpha", "both"),
    }


def test_faces_are_text_for_spreadsheets_and_for_recipes():
    from heterobuild.slabs import parse_miller

    assert face_text((1, -1, 0)) == "1 -1 0"
    assert parse_miller(face_text((1, -1, 12))) == (1, -1, 12)
