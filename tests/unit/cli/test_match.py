import json
import re
import shlex

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.matching import find_matches
from heterobuild.slabs import surface_cell

FACE = [0, 0, 1]


def test_the_smallest_cell_of_each_pair_of_faces(heterobuild):
    text = heterobuild("match", "CsPbBr3_cubic", "MAPbCl3").out
    assert "28 matches on 9 pairs of faces" in text
    assert "(001)  (001)      32.3   3.36    −3.30 and −3.30   0.00 " in text


def test_json_holds_what_a_build_needs(heterobuild):
    data = json.loads(heterobuild("match", "CsPbBr3", "MAPbCl3", "--json").out)
    assert data["film"] == "CsPbBr3_orthorhombic"
    areas = [entry["area_angstrom2"] for entry in data["matches"] if entry["pareto"]]
    assert areas == sorted(areas)
    for entry in data["matches"]:
        cells = [
            np.array(entry[side]) @ surface_cell(load_crystal(data[side]), entry[f"{side}_face"])
            for side in ("film", "substrate")
        ]
        strains = np.linalg.svd(np.linalg.solve(*cells), compute_uv=False) - 1
        np.testing.assert_allclose(strains, entry["strains"], atol=1e-9)
        assert np.abs(np.log1p(strains)).max() == pytest.approx(entry["log_strain"])


def test_tilted_phases_show_the_faces_of_the_cubic_one(heterobuild):
    text = heterobuild("match", "CsPbBr3", "Cs4PbBr6", "--film-face", "111pc").out
    assert "(110)  (001)" in text  # 111 of the pseudo-cubic axes is 110 of Pnma


def test_nothing_fits(heterobuild):
    done = heterobuild(
        "match", "CsPbBr3_cubic", "GaN", "--film-face", "001", "--substrate-face", "001",
        "--max-strain", "0.001",
    )  # fmt: skip
    assert done.code == 3
    assert "nearest misses" in done.err
    assert "set --max-strain" in done.err


def test_nearest_misses_are_those_of_all_faces(heterobuild):
    done = heterobuild("match", "CsPbBr3", "Cs4PbBr6", "--max-strain", "0.001")
    assert done.code == 3
    assert "(100) on (110) strain 3.47 %" in done.err
    (strain,) = re.findall(r"set --max-strain ([\d.]+);", done.err)
    assert (
        "2 matches on 56 pairs"
        in heterobuild("match", "CsPbBr3", "Cs4PbBr6", "--max-strain", strain).out
    )
    done = heterobuild("match", "CsPbBr3", "Cs4PbBr6", "--max-area", "20")
    assert "(011) on (010) strain 4.79 % at 237.8 Å²" in done.err
    assert "set --max-area 238;" in done.err


def test_the_table_explains_itself(heterobuild):
    text = heterobuild("match", "CsPbBr3_cubic", "MAPbCl3", "--rows", "5").out
    assert max(map(len, text.splitlines())) <= 100
    heads = text.splitlines()[3:5]
    assert re.split(r"\s{2,}", heads[0].strip()) == [
        "film", "substrate", "area", "misfit", "film strained by", "turn", "film", "substrate",
    ]  # fmt: skip
    assert re.split(r"\s{2,}", heads[1].strip())[2:6] == ["Å²", "log. %", "eng. %", "°"]
    assert "log.: largest |ln σ| of either side" in text
    assert "5 of 28 matches shown: 3 that none beats" in text
    assert "6 more with --rows 11; all with --json" in text


def hinted(text):
    return shlex.split(text[text.index("heterobuild build") :].replace("\\\n", " "))


@pytest.mark.parametrize(
    "arguments",
    [
        ["CsPbBr3", "Cs4PbBr6"],
        ["CsPbBr3_cubic", "MAPbCl3_cubic", "--rotation", "-20,-10", "--substrate-face", "111"],
        ["CsPbBr3_cubic", "MAPbCl3", "--film-face", "001", "--parity", "even"],
        ["CsPbBr3", "Cs4PbBr6", "--substrate-face", "-1 -1 0"],
    ],
)
def test_the_hint_builds_the_first_row(heterobuild, arguments):
    text = heterobuild("match", *arguments).out
    data = json.loads(heterobuild("match", *arguments, "--json").out)
    command = hinted(text)
    assert command[0] == "heterobuild"
    assert command[-2:] == ["-o", "DIR"]
    done = heterobuild(*command[1:-2], "--dry-run", "--json")
    assert done.code in (0, 4), done.err
    built = next(step for step in json.loads(done.out)["steps"] if step["name"] == "match")
    row = data["matches"][0]
    assert built["values"]["film"] == row["film"]
    assert built["values"]["substrate"] == row["substrate"]
    assert built["choice"].startswith("rank 0 of 1:")


def test_limits_of_orientation(heterobuild):
    def matches(*options):
        done = heterobuild("match", "CsPbBr3_cubic", "MAPbCl3", *options, "--json")
        return json.loads(done.out)["matches"]

    every = matches()
    turned = matches("--rotation", "10,20")
    assert turned
    assert all(10 <= entry["rotation_deg"] <= 20 for entry in turned)
    along = matches("--parallel", "[[1,0,0],[1,1,0]]")
    assert {round(abs(entry["rotation_deg"])) % 90 for entry in along} == {45}
    right = matches("--max-misfit-angle", "0.01")
    assert 0 < len(right) < len(every)
    for entry in right:
        assert entry["strains"][0] == pytest.approx(entry["strains"][1], abs=2e-4)
    even = matches("--parity", "even")
    square = [e["area_angstrom2"] for e in even if e["film_face"] == e["substrate_face"] == FACE]
    assert min(square) == pytest.approx(2 * 32.26, abs=0.1)


def test_multiplicity_is_that_of_the_search(heterobuild):
    data = json.loads(heterobuild("match", "CsPbBr3", "Cs4PbBr6", "--json").out)
    for entry in data["matches"]:
        sides = [(load_crystal(data[s]), entry[f"{s}_face"]) for s in ("film", "substrate")]
        (same,) = [
            match
            for match in find_matches(*sides)
            if match.film.tolist() == entry["film"]
            and match.substrate.tolist() == entry["substrate"]
        ]
        assert entry["multiplicity"] == same.multiplicity


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["CsPbBr3_cubc", "MAPbCl3"], "did you mean"),
        (["CsPbBr3", "MAPbCl3", "--max-strain", "5"], "write 0.05 for 5 percent"),
        (["CsPbBr3", "MAPbCl3", "--film-face", "000"], "name no plane"),
        (["CsPbBr3", "MAPbCl3", "--max-index", "0"], "out of range"),
        (["CsPbBr3", "MAPbCl3", "--rotation", "x"], "two angles"),
        (["CsPbBr3", "MAPbCl3", "--parallel", "1 0 0 1 1 0"], "two directions"),
        (["CsPbBr3", "MAPbCl3", "--max-area", "1e7"], "lower --max-area to"),
    ],
)
def test_bad_input(heterobuild, arguments, words):
    done = heterobuild("match", *arguments)
    assert done.code == 2
    assert words in done.err
