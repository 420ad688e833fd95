import time

import numpy as np
import pytest
from ase.io import read

from heterobuild.crystals.cif_files import read_cif
from heterobuild.crystals.library import load_phase
from heterobuild.errors import StructureFileError

HEAD = """data_test
_cell_length_a 8.255(1)
_cell_length_b 11.759
_cell_length_c 8.207
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
"""
SYMBOL = "_symmetry_space_group_name_H-M 'P n m a'\n"
LOOP = """loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_occupancy
"""
OPERATIONS = """loop_
_space_group_symop_operation_xyz
x,y,z
-x+1/2,-y,z+1/2
-x,y+1/2,-z
x+1/2,-y+1/2,-z+1/2
-x,-y,-z
x-1/2,y,-z-1/2
x,-y-1/2,z
-x-1/2,y-1/2,z-1/2
"""
ATOMS = """Cs1 Cs1+ 0.971(2) 0.25 0.99 1.0
Pb1 Pb2+ 0 0 0.5 1
Br1 Br 0.505 0.25 0.046 1
Br2 Br 0.205 0.025 0.793 .
"""


def written(tmp_path, text):
    path = tmp_path / "x.cif"
    path.write_text(text)
    return path


def assert_orthorhombic_cspbbr3(atoms):
    library = load_phase("CsPbBr3").atoms
    assert sorted(atoms.numbers) == sorted(library.numbers)
    offsets = atoms.get_scaled_positions()[:, None] - library.get_scaled_positions()[None]
    offsets -= np.round(offsets)
    distance = np.linalg.norm(offsets @ library.cell.array, axis=2)
    distance[atoms.numbers[:, None] != library.numbers[None]] = np.inf
    assert distance.min(axis=1).max() < 1e-9


def test_symbol_is_expanded_as_ase_does(tmp_path):
    path = written(tmp_path, HEAD + SYMBOL + LOOP + ATOMS)
    atoms, told = read_cif(path)
    assert told == ()
    assert_orthorhombic_cspbbr3(atoms)
    assert_orthorhombic_cspbbr3(read(path))


@pytest.mark.parametrize(
    "symmetry",
    [
        "_space_group_name_Hall '-P 2ac 2n'\n",
        "_space_group_IT_number 62\n",
        "_space_group_name_H-M_alt 'P n m a'\n_space_group_IT_number 62\n",
        OPERATIONS,
    ],
)
def test_every_way_to_state_symmetry_works(tmp_path, symmetry):
    atoms, told = read_cif(written(tmp_path, HEAD + symmetry + LOOP + ATOMS))
    assert told == ()
    assert_orthorhombic_cspbbr3(atoms)


def test_file_without_symmetry_is_p1_and_says_so(tmp_path):
    atoms, told = read_cif(written(tmp_path, HEAD + LOOP + ATOMS))
    assert len(atoms) == 4
    assert "read as P1" in told[0]


def test_too_few_operations_are_told(tmp_path):
    few = "loop_\n_symmetry_equiv_pos_as_xyz\nx,y,z\n-x,-y,-z\n"
    _, told = read_cif(written(tmp_path, HEAD + SYMBOL + few + LOOP + ATOMS))
    assert any("lists 2 symmetry operations" in text for text in told)


def test_atoms_that_contradict_the_formula_are_refused(tmp_path):
    text = HEAD + SYMBOL + "_chemical_formula_sum 'Br3 Cs Pb'\n" + LOOP
    assert len(read_cif(written(tmp_path, text + ATOMS))[0]) == 20
    shorter = "\n".join(ATOMS.splitlines()[:3]) + "\n"
    with pytest.raises(StructureFileError, match="may be truncated") as caught:
        read_cif(written(tmp_path, text + shorter))
    assert caught.value.measured == "Br4Cs4Pb4"
    for odd in ("'Br0 Cs1. Pb'", "'?'", "''", "'C2 H6'"):
        strange = text.replace("'Br3 Cs Pb'", odd)
        if odd in {"'?'", "''"}:
            assert len(read_cif(written(tmp_path, strange + ATOMS))[0]) == 20
        else:
            with pytest.raises(StructureFileError, match="formula"):
                read_cif(written(tmp_path, strange + ATOMS))


def test_other_encodings_are_read(tmp_path):
    path = tmp_path / "x.cif"
    text = HEAD + "_publ_author_name 'M\u00f8ller'\n" + SYMBOL + LOOP + ATOMS
    path.write_bytes(text.encode("latin-1"))
    assert len(read_cif(path)[0]) == 20


def test_deuterium_is_hydrogen_and_dummies_are_left_out(tmp_path):
    loop = LOOP.replace("_atom_site_occupancy", "_atom_site_calc_flag").replace(
        "_atom_site_type_symbol\n", ""
    )
    rows = "C1 0 0 0 d\nD1 0.1 0 0 d\nD2 0 0.1 0 calc\nX1 0.5 0.5 0.5 dum\n"
    with pytest.raises(StructureFileError, match="no chemical element in X1"):
        read_cif(written(tmp_path, HEAD + loop + rows))
    atoms, _ = read_cif(written(tmp_path, HEAD + loop + rows.replace("X1", "Cs9")))
    assert atoms.get_chemical_symbols() == ["C", "H", "H"]


def test_first_of_several_structures_is_used_and_said(tmp_path):
    text = HEAD + SYMBOL + LOOP + ATOMS
    both = text + text.replace("data_test", "data_other")
    atoms, told = read_cif(written(tmp_path, "data_global\n_audit_author me\n" + both))
    assert len(atoms) == 20
    assert "2 structures; the first, test" in told[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hello", "damaged"),
        (HEAD + SYMBOL, "no atoms"),
        (HEAD + SYMBOL + LOOP + ATOMS + "Br3 Br 0.5\n", "damaged"),
        (SYMBOL.join(["data_x\n", LOOP + ATOMS]), "cell is missing"),
        (HEAD.replace("8.255(1)", "?") + LOOP + ATOMS, "_cell_length_a"),
        (HEAD.replace("alpha 90", "alpha 180") + LOOP + ATOMS, "no volume"),
        (HEAD + LOOP + ATOMS.replace("0.505", "?"), "coordinates of Br1"),
        (HEAD + LOOP + ATOMS.replace("Pb1 Pb2+", "Q1 Q"), "no chemical element in Q"),
        (HEAD + "loop_\n_symmetry_equiv_pos_as_xyz\nx,y,q\n" + LOOP + ATOMS, "symmetry operation"),
        (HEAD + "loop_\n_symmetry_equiv_pos_as_xyz\n-x,-y,-z\n" + LOOP + ATOMS, "identity"),
    ],
)
def test_damage_is_refused_in_one_line(tmp_path, text, words):
    with pytest.raises(StructureFileError, match=words) as caught:
        read_cif(written(tmp_path, text))
    assert caught.value.where == "x.cif"
    assert "\n" not in str(caught.value)


def test_disorder_names_the_sites(tmp_path):
    text = HEAD + SYMBOL + LOOP + ATOMS.replace("0.046 1", "0.046 0.6")
    with pytest.raises(StructureFileError, match="disordered") as caught:
        read_cif(written(tmp_path, text))
    assert "Br1 (0.6)" in caught.value.measured


def test_positions_that_halides_share_become_a_mixture(tmp_path):
    shared = ATOMS.replace("0.046 1", "0.046 0.6").replace("0.793 .", "0.793 0.6")
    shared += "I1 I 0.505 0.25 0.046 0.4\nI2 I 0.205 0.025 0.793 0.4\n"
    atoms, _ = read_cif(written(tmp_path, HEAD + SYMBOL + LOOP + shared))
    assert_orthorhombic_cspbbr3(atoms)
    (mixture,) = atoms.info["mixtures"]
    assert (mixture.site, mixture.parent) == ("X", "Br")
    assert dict(mixture.shares) == {"Br": 0.6, "I": 0.4}


def test_left_handed_transformation_is_refused(tmp_path):
    rows = {"11": 0.1211, "22": 0.085, "33": -0.1218}
    matrix = "".join(
        f"_atom_sites_fract_tran_matrix_{i}{j} {rows.get(f'{i}{j}', 0)}\n"
        for i in (1, 2, 3)
        for j in (1, 2, 3)
    )
    with pytest.raises(StructureFileError, match="left-handed") as caught:
        read_cif(written(tmp_path, HEAD + matrix + SYMBOL + LOOP + ATOMS))
    assert "determinant -" in caught.value.measured
    right = matrix.replace("-0.1218", "0.1218")
    assert len(read_cif(written(tmp_path, HEAD + right + SYMBOL + LOOP + ATOMS))[0]) == 20


def test_thousands_of_atoms_take_seconds_at_most(tmp_path):
    rng = np.random.default_rng(0)
    rows = "".join(
        f"Cs{i} Cs {x:.6f} {y:.6f} {z:.6f} 1\n" for i, (x, y, z) in enumerate(rng.random((8000, 3)))
    )
    start = time.process_time()
    atoms, _ = read_cif(written(tmp_path, HEAD + LOOP + rows))
    assert len(atoms) == 8000
    assert time.process_time() - start < 10


def test_oxidation_numbers_of_the_file_are_kept(tmp_path):
    table = "loop_\n_atom_type_symbol\n_atom_type_oxidation_number\n"
    types = table + "Cs1+ 1\nPb2+ 2\nBr -1\n"
    atoms, _ = read_cif(written(tmp_path, HEAD + SYMBOL + types + LOOP + ATOMS))
    assert atoms.info["charges"] == {"Cs": 1, "Pb": 2, "Br": -1}
    several = table + "Pb2+ 2\nPb4+ 4\nBr -1\nCs ?\n"
    atoms, _ = read_cif(written(tmp_path, HEAD + SYMBOL + several + LOOP + ATOMS))
    assert atoms.info["charges"] == {"Br": -1}
    atoms, _ = read_cif(written(tmp_path, HEAD + SYMBOL + LOOP + ATOMS))
    assert atoms.info["charges"] == {}
