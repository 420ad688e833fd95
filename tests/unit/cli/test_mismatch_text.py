from __future__ import annotations

import json

import pytest

from heterobuild import mismatch
from heterobuild.cli.mismatch_text import MOST_FACES, _percent, mismatch_as_dict, mismatch_lines


def line(lines, start):
    (found,) = [entry for entry in lines if entry.strip().startswith(start)]
    return found


def test_lines_stand_below_one_another():
    lines = mismatch_lines(mismatch("CsPbBr3", "MAPbCl3"))
    assert lines[1] == ""
    assert {(entry[:2], entry[12], entry[13] == " ") for entry in lines[2:]} == {("  ", " ", False)}


def test_carriers_and_offsets():
    lines = mismatch_lines(mismatch("CsPbBr3", "MAPbCl3"))
    assert "CBM 0.40 eV below and VBM 0.39 eV above" in line(lines, "bands")
    assert line(lines, "electrons").endswith("and holes go to CsPbBr3_orthorhombic")
    apart = mismatch_lines(mismatch("MASnI3", "CsPbI3_alpha"))
    assert "go to CsPbI3_alpha, holes to MASnI3" in line(apart, "electrons")


def test_unknown_is_said():
    lines = mismatch_lines(mismatch("Cs4PbBr6", "CsPbBr3"))
    assert line(lines, "bands").endswith("no band edges of Cs4PbBr6")
    assert "has no pseudo-cubic axes" in line(lines, "lattice")
    assert line(lines, "reported").endswith("section 3.3.2)")


@pytest.mark.parametrize(
    ("options", "start", "said"),
    [
        ({}, "heating", "changes the misfit by +0.29 % per 100 K"),
        ({"temperature": 398}, "at 398 K", "lattice −0.01 %"),
    ],
)
def test_temperature(options, start, said):
    assert said in line(mismatch_lines(mismatch("CsPbBr3", "SrTiO3", **options)), start)


def test_temperature_without_expansion():
    lines = mismatch_lines(mismatch("CsPbBr3", "MAPbCl3", temperature=350))
    assert "unknown: the thermal expansion of MAPbCl3_cubic" in line(lines, "at 350 K")


def test_long_tables_are_cut_and_json_is_not():
    found = mismatch("BA2PbI4", "PEA2PbBr4", "all")
    lines = mismatch_lines(found)
    head = next(i for i, entry in enumerate(lines) if "verdict" in entry)
    assert len(lines) == head + 1 + MOST_FACES + 1
    assert lines[-1].strip().startswith("and ")
    assert len({entry.partition(" on ")[2].partition(")")[2] for entry in lines[head + 1 : -1]}) > 1
    assert len(mismatch_as_dict(found)["faces"]) == len(found.faces) > MOST_FACES


@pytest.mark.parametrize("pair", [("CsPbBr3", "MAPbCl3"), ("CsCu2I3", "GaN"), ("BA2PbI4", "MgO")])
def test_json_is_plain(pair):
    found = mismatch_as_dict(mismatch(*pair, temperature=300))
    assert json.loads(json.dumps(found, allow_nan=False)) == json.loads(json.dumps(found))
    assert found["faces"][0]["film_cell_angstrom"][0][1] == 0


def test_pseudocubic_labels_are_shown_where_they_differ():
    lines = mismatch_lines(mismatch("CsPbBr3", "CsPbBr3_cubic"))
    assert "(010) = (001)pc on (001):" in line(lines, "faces")


@pytest.mark.parametrize(
    ("misfit", "shown"),
    [(-0.00004, "0.00 %"), (0.0, "0.00 %"), (0.00006, "+0.01 %"), (-0.0123, "−1.23 %")],
)
def test_no_misfit_has_no_sign(misfit, shown):
    assert _percent(misfit) == shown
