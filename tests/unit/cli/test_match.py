import json

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.slabs import surface_cell


def test_the_smallest_cell_of_each_pair_of_faces(heterobuild):
    text = heterobuild("match", "CsPbBr3_cubic", "MAPbCl3").out
    assert "28 matches on 9 pairs of faces" in text
    assert "(001)  (001)      32.3     3.36      −3.30  −3.30  0.00" in text


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
    assert "set max_strain" in done.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["CsPbBr3_cubc", "MAPbCl3"], "did you mean"),
        (["CsPbBr3", "MAPbCl3", "--max-strain", "5"], "write 0.05 for 5 percent"),
        (["CsPbBr3", "MAPbCl3", "--film-face", "000"], "name no plane"),
        (["CsPbBr3", "MAPbCl3", "--max-index", "0"], "out of range"),
    ],
)
def test_bad_input(heterobuild, arguments, words):
    done = heterobuild("match", *arguments)
    assert done.code == 2
    assert words in done.err
