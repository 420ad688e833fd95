from __future__ import annotations

import numpy as np
import pytest

from heterobuild import Mismatch, load_crystal, mismatch
from heterobuild.errors import StructureFileError, UnknownNameError, UsageError
from heterobuild.screening.mismatch import strained_sides


def test_names_and_crystals_mean_the_same():
    found = mismatch("CsPbBr3", load_crystal("MAPbCl3"))
    assert isinstance(found, Mismatch)
    assert (found.film.name, found.substrate.name) == ("CsPbBr3_orthorhombic", "MAPbCl3_cubic")
    assert found.verdict == "fits"
    assert found.strained == "the film is compressed, the substrate stretched"


def test_the_default_is_the_pseudocubic_face():
    assert mismatch("CsPbBr3", "Cs4PbBr6").faces[0].film_face == (0, 1, 0)
    chosen = mismatch("CsPbBr3", "MAPbCl3", ("110pc", [1, 1, 0])).faces[0]
    assert chosen.substrate_face == (1, 1, 0)


def test_all_faces_are_ranked():
    found = mismatch("CsPbBr3_cubic", "NaCl", "all")
    assert len(found.faces) == 9
    order = ["fits", "coincidence", "too large"]
    ranks = [(order.index(face.verdict), abs(face.misfits[0])) for face in found.faces]
    assert [rank[0] for rank in ranks] == sorted(rank[0] for rank in ranks)
    for kind in range(3):
        misfits = [misfit for rank, misfit in ranks if rank == kind]
        assert misfits == pytest.approx(sorted(misfits), abs=1e-6)


def test_opposite_pairs_are_compared_once():
    found = mismatch("PEA2PbBr4", "CsPbBr3_cubic", "all")
    pairs = {(face.film_face, face.substrate_face) for face in found.faces}
    opposite = {tuple(tuple(-i for i in face) for face in pair) for pair in pairs}
    assert not pairs & opposite


def test_phases_of_which_only_the_cell_is_known():
    found = mismatch("BA2PbI4", "BA2PbBr4")
    assert found.cube_misfit == pytest.approx(
        (8.6925**2 + 8.8764**2) ** 0.5 / (8.21**2 + 8.33**2) ** 0.5 - 1, abs=1e-4
    )
    assert any("low confidence" in notice for notice in found.notices)


@pytest.mark.parametrize(
    ("misfits", "said"),
    [
        ((-0.03, -0.01), "the film is stretched, the substrate compressed"),
        ((0.03, 0.0), "the film is compressed, the substrate stretched"),
        ((0.03, -0.01), "the film is compressed along one direction and stretched along the other"),
        ((0.0, 0.0), "neither is strained"),
        (None, "which side is strained is not known"),
    ],
)
def test_which_side_is_stretched(misfits, said):
    assert strained_sides(misfits) == said


def test_no_common_cell_is_an_answer():
    found = mismatch("CsPbBr3_tetragonal", "CsSnI3_delta")
    assert found.faces[0].misfits is found.faces[0].match is None
    assert found.verdict.startswith("(001) on (001) does not fit; other faces do: (110)")
    assert found.strained == "which side is strained is not known"
    assert mismatch("CsPbBr3_tetragonal", "CsSnI3_delta", ("001", "001")).verdict == (
        "too large for epitaxy by the field's 5 % rule, on these faces"
    )


def test_other_faces_that_fit_are_named_in_the_verdict():
    found = mismatch("CsPbBr3", "Cs4PbBr6", (None, None))
    assert found.verdict == (
        "(010) = (001)pc on (001) does not fit; other faces do: (011) = (1-11)pc on (010), "
        "see --all-faces"
    )
    every = mismatch("CsPbBr3", "Cs4PbBr6", "all").faces
    fitting = {(face.film_face, face.substrate_face) for face in every if face.verdict == "fits"}
    assert ((0, 1, 1), (0, 1, 0)) in fitting
    assert "only as a coincidence: (101)" in mismatch("CsPbBr3", "CsPbI3").verdict


def test_one_cell_on_many_is_a_coincidence():
    found = mismatch("CsPbI3_gamma", "MgO", "all")
    assert found.cube_misfit > 0.4
    assert {face.verdict for face in found.faces} == {"coincidence", "too large"}
    hexagonal = mismatch("Cs4PbBr6", "CsPbBr3_cubic", ("001", "111")).faces[0]
    cells = [
        round(abs(np.linalg.det(side)))
        for side in (hexagonal.match.film, hexagonal.match.substrate)
    ]
    assert (cells, hexagonal.verdict) == ([1, 3], "fits")


def test_cells_of_different_temperatures_are_noticed():
    found = mismatch("CsPbBr3_cubic", "MAPbCl3")
    assert any("measured at different temperatures" in notice for notice in found.notices)
    both_known = mismatch("CsPbI3_alpha", "NaCl", temperature=400)
    assert not any("different temperatures" in notice for notice in both_known.notices)


def test_temperature_moves_the_misfit():
    found = mismatch("CsPbBr3", "SrTiO3", temperature=398)
    edge = found.thermal.at_temperature(found.coincidence.misfit)
    grown = 2 * 5.83998 * (1 + 38e-4) / (3 * 3.905 * (1 + 9.4e-4)) - 1
    assert edge == pytest.approx(grown, abs=1e-5)


def test_a_file_is_a_crystal_too(tmp_path):
    lines = ["data_mine", "_cell_length_a 5.9", "_cell_length_b 5.9", "_cell_length_c 5.9"]
    lines += [f"_cell_angle_{angle} 90" for angle in ("alpha", "beta", "gamma")]
    lines += ["_symmetry_space_group_name_H-M 'P m -3 m'", "loop_", "_atom_site_label"]
    lines += [f"_atom_site_{name}" for name in ("type_symbol", "fract_x", "fract_y", "fract_z")]
    lines += ["Cs1 Cs 0.5 0.5 0.5", "Pb1 Pb 0 0 0", "Br1 Br 0.5 0 0"]
    path = tmp_path / "mine.cif"
    path.write_text("\n".join(lines) + "\n")
    found = mismatch(path, "CsPbBr3_cubic")
    assert found.cube_misfit == pytest.approx(5.9 / 5.874 - 1)
    assert found.alignment.kind == "I or II"
    assert found.thermal.unknown


def test_bad_input():
    with pytest.raises(UnknownNameError, match="did you mean CsPbBr3"):
        mismatch("CsPbB3", "NaCl")
    with pytest.raises(StructureFileError):
        mismatch("absent.cif", "NaCl")
    with pytest.raises(UsageError, match="face of the film and a face"):
        mismatch("CsPbBr3", "NaCl", ("001", "001", "001"))
    with pytest.raises(UsageError, match="Miller"):
        mismatch("CsPbBr3", "NaCl", ("0x1", None))
    with pytest.raises(UsageError, match="kelvin"):
        mismatch("CsPbBr3", "NaCl", temperature=-1)
