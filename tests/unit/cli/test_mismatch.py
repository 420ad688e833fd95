from __future__ import annotations

import json

import pytest


def test_the_first_line_is_the_verdict(heterobuild):
    outcome = heterobuild("mismatch", "CsPbBr3", "MAPbCl3")
    assert outcome.code == 0
    assert outcome.out.startswith("CsPbBr3_orthorhombic on MAPbCl3_cubic: fits\n")
    assert "misfit +2.82 %" in outcome.out


def test_chosen_faces(heterobuild):
    outcome = heterobuild(
        "mismatch", "Cs4PbBr6", "CsPbBr3_cubic", "--film-face", "001", "--substrate-face", "111"
    )
    assert "(001) on (111): −4.58 %" in outcome.out
    assert "(√3 × √3)R30°" in outcome.out


def test_all_faces_are_a_table(heterobuild):
    outcome = heterobuild("mismatch", "CsPbBr3_cubic", "NaCl", "--all-faces")
    assert "  faces           verdict" in outcome.out
    refused = heterobuild("mismatch", "CsPbBr3", "NaCl", "--all-faces", "--film-face", "001")
    assert refused.code == 2
    assert "leave out --film-face" in refused.err


def test_json_holds_numbers_and_nothing_else(heterobuild):
    outcome = heterobuild("mismatch", "CsPbBr3", "SrTiO3", "--temperature", "400", "--json")
    found = json.loads(outcome.out)
    edges = found["edge_coincidence"]
    assert (edges["film"], edges["substrate"]) == (2, 3)
    mean = (2 * (8.255**2 + 8.207**2) ** 0.5 / 2 + 11.759 / 2) / 3
    assert edges["misfit_percent"] == pytest.approx(100 * (2 * mean / (3 * 3.905) - 1), abs=1e-4)
    (a, b), (c, d) = found["faces"][0]["match"]["film"]
    assert a * d - b * c == 2  # 2 × 2 cubes are two primitive cells of the tilted crystal
    assert found["temperature"]["slope_percent_per_100_kelvin"] == pytest.approx(0.286)
    assert found["alignment"]["kind"] == "unknown"
    assert outcome.err == ""


def test_data_of_low_confidence_are_noted(heterobuild):
    outcome = heterobuild("mismatch", "BA2PbI4", "BA2PbBr4")
    assert "note: BA2PbBr4: low confidence in the cell" in outcome.err
    assert "note" not in outcome.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("CsPbB3", "NaCl"), "did you mean CsPbBr3"),
        (("absent.cif", "NaCl"), "absent.cif"),
        (("CsPbBr3", "NaCl", "--temperature", "-3"), "above zero kelvin"),
        (("CsPbBr3", "NaCl", "--temperature", "warm"), "not a valid float"),
        (("CsPbBr3", "NaCl", "--film-face", "0x1"), "no Miller indices"),
        (("Cs4PbBr6", "NaCl", "--film-face", "001pc"), "no pseudo-cubic axes"),
        (("CsPbBr3", "NaCl", "--max-area", "-1"), "positive area"),
        (("CsPbBr3",), "SUBSTRATE"),
    ],
)
def test_bad_input_is_one_line(heterobuild, arguments, said):
    outcome = heterobuild("mismatch", *arguments)
    assert outcome.code == 2
    assert said in outcome.err
    assert outcome.out == ""
    assert outcome.err.count("\n") == 1


def test_a_file_is_a_crystal(heterobuild):
    assert heterobuild("crystals", "export", "CsPbBr3_cubic", "-o", "cells").code == 0
    outcome = heterobuild("mismatch", "cells/CsPbBr3_cubic.cif", "MAPbCl3")
    assert outcome.code == 0
    assert "misfit +3.42 %" in outcome.out
    assert "type I" in outcome.out


def test_a_name_of_no_perovskite_is_said_at_the_verdict(heterobuild):
    outcome = heterobuild("mismatch", "CsPbBr3", "CsPbI3")
    second = outcome.out.splitlines()[1]
    assert second.startswith("note: CsPbI3 means CsPbI3_delta, stable at room temperature and not")
    assert "means" not in outcome.err


def test_the_gap_of_a_mixed_crystal_is_interpolated(heterobuild):
    lines = heterobuild("mismatch", "CsPb(Br0.5I0.5)3", "CsPbBr3").out.splitlines()
    assert lines[2].endswith("gap 2.07 eV interpolated")
    assert lines[3].endswith("gap 2.36 eV")
