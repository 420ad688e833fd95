"""What bad input gets: one clear line, the right exit code, and nothing written."""

import json

import pytest

DISORDERED = """\
data_x
_cell_length_a 5.87
_cell_length_b 5.87
_cell_length_c 5.87
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_space_group_name_H-M_alt 'P m -3 m'
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_occupancy
Cs1 Cs 0.5 0.5 0.5 1.0
Pb1 Pb 0 0 0 1.0
Br1 Br 0.5 0 0 0.5
"""

LEFT_HANDED = """\
CsPbBr3
1.0
0 5.87 0
5.87 0 0
0 0 5.87
Cs Pb Br
1 1 3
Direct
0.5 0.5 0.5
0 0 0
0.5 0 0
0 0.5 0
0 0 0.5
"""

FREE = ("--set", "parts.film.top=null", "--set", "parts.film.bottom=null")

# settings, exit code, pieces of the message in their order
CASES = {
    "unknown crystal": (
        ["parts.film.crystal=CsPbBr3_cubc"],
        2,
        ["parts.film.crystal", "unknown crystal 'CsPbBr3_cubc'", "did you mean CsPbBr3_cubic"],
    ),
    "misspelt key": (["build.gpa=3"], 2, ["build.gpa: unknown key", "did you mean gap?"]),
    "percent": (["build.limits.max_strain=5"], 2, ["a percentage", "found 5", "write 0.05"]),
    "bare integer": (["parts.film.miller=001"], 2, ["a bare integer", "read as 1", "[0, 0, 1]"]),
    "no plane": (["parts.film.miller=[0, 0, 0]"], 2, ["parts.film.miller", "name no plane"]),
    "no such termination": (
        ["parts.film.top=PbI2"],
        2,
        ["parts.film.top", "'PbI2'", "(001)", "PbBr2", "CsBr", "index or formula"],
    ),
    "no such plane": (["parts.film.bottom=7"], 2, ["parts.film.bottom", "7", "PbBr2", "CsBr"]),
    "strain too small": (
        ["build.limits.max_strain=0.001"],
        3,
        ["build.limits", "no common", "found nearest misses", "allowed strain 0.1 %", "max_strain"],
    ),
    "area too small": (
        ["build.limits.max_area=20"],
        3,
        ["build.limits", "no common", "found nearest misses", "area 20 Å²", "max_area"],
    ),
    "no such match": (["build.match=90"], 3, ["build.match", "rank 90", "found", "allowed ranks"]),
    "missing file": (["parts.film.crystal=no.cif"], 2, ["parts.film.crystal", "no.cif"]),
    "atoms too close": (["build.gap=0.4"], 4, ["Å", "failed check", "--allow-failed-checks"]),
}


def assert_refused(outcome, code, pieces, folder, before):
    assert outcome.code == code, outcome.err
    assert outcome.out == ""
    errors = [line for line in outcome.err.splitlines() if not line.startswith("note: ")]
    assert len(errors) == 1
    assert errors[0].startswith("error: ")
    assert "Traceback" not in outcome.err
    position = 0
    for piece in pieces:
        assert piece in errors[0][position:], errors[0]
        position = errors[0].index(piece, position)
    assert {path.name for path in folder.iterdir()} == before


@pytest.mark.parametrize("case", CASES)
def test_a_mistake_in_the_recipe(heterobuild, recipe, tmp_path, case):
    settings, code, pieces = CASES[case]
    flags = [word for setting in settings for word in ("--set", setting)]
    outcome = heterobuild("run", "r.yaml", "-o", "o", *flags)
    assert_refused(outcome, code, pieces, tmp_path, {"r.yaml"})


@pytest.mark.parametrize(
    ("content", "pieces"),
    [
        ("", ["empty", "x.cif"]),
        (DISORDERED[:150], ["x.cif"]),
        (DISORDERED[: DISORDERED.index("Pb1")] + "Pb1 Pb 0", ["x.cif"]),
        (DISORDERED, ["disordered", "x.cif", "Br1 (0.5)", "occupied"]),
        ("This is not a structure.\n", ["x.cif"]),
    ],
    ids=["empty", "truncated head", "truncated atoms", "disordered", "no CIF"],
)
def test_a_bad_structure_file(heterobuild, recipe, tmp_path, content, pieces):
    (tmp_path / "x.cif").write_text(content)
    outcome = heterobuild("run", "r.yaml", "-o", "o", "--set", "parts.film.crystal=x.cif", *FREE)
    assert_refused(outcome, 2, pieces, tmp_path, {"r.yaml", "x.cif"})


def test_a_left_handed_file_is_refused_or_turned_without_mirroring(heterobuild, recipe, tmp_path):
    import numpy as np
    from ase.io import read

    (tmp_path / "x.vasp").write_text(LEFT_HANDED)
    outcome = heterobuild("run", "r.yaml", "-o", "o", "--set", "parts.film.crystal=x.vasp", *FREE)
    if outcome.code == 2:
        assert "handed" in outcome.err
    else:
        assert "left-handed" in outcome.err
        assert np.linalg.det(read(tmp_path / "o/pair.vasp", format="vasp").cell) > 0


def test_bad_output_folders(heterobuild, recipe, tmp_path):
    (tmp_path / "file").write_text("mine")
    before = {"r.yaml", "file"}
    outcome = heterobuild("run", "r.yaml", "-o", "file")
    assert_refused(outcome, 2, ["output folder is a file", "file"], tmp_path, before)
    outcome = heterobuild("run", "r.yaml", "-o", "not/there")
    assert_refused(outcome, 2, ["parent", "not/there", "mkdir"], tmp_path, before)
    assert (tmp_path / "file").read_text() == "mine"


def test_errors_as_json(heterobuild, recipe):
    outcome = heterobuild("run", "r.yaml", "-n", "--json", "--set", "build.limits.max_strain=0.001")
    error = json.loads(outcome.out)
    assert error["error"] == "NothingFitsError"
    assert error["exit_code"] == outcome.code == 3
    assert {"what", "measured", "allowed", "next_step"} <= set(error)
