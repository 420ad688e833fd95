import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.crystals import load_phase
from heterobuild.screening.materials import Material
from heterobuild.screening.surfaces import lower_confidence, surfaces_of


def test_cubic_faces_have_the_cells_of_a_primitive_cubic_lattice():
    found = surfaces_of(Material(name="CsPbBr3_cubic"))
    a = load_crystal("CsPbBr3_cubic").cell[0, 0]
    assert found.faces == ((0, 0, 1), (1, 1, 0), (1, 1, 1))
    areas = np.linalg.det(found.cells) / a**2
    assert areas == pytest.approx([1, 2**0.5, 3**0.5])
    assert found.density == pytest.approx(5 / a**3)
    assert found.has_band_edges


def test_a_cell_without_atoms_has_faces_and_counts_its_molecules_atom_by_atom():
    found = surfaces_of(Material(name="BA2PbI4"))
    crystal = load_phase("BA2PbI4")
    assert crystal.atoms is None
    atoms = 4 * (2 * 17 + 5)  # butylammonium C4H12N has 17 atoms
    assert found.density == pytest.approx(atoms / np.linalg.det(crystal.cell))
    assert len(found.faces) == len(found.cells) > 3


def test_cells_are_those_that_slabs_have():
    from heterobuild.slabs import cut_slab

    found = surfaces_of(Material(name="CsPbBr3_orthorhombic"))
    for face, cell in zip(found.faces, found.cells, strict=True):
        slab = cut_slab(found.crystal, list(face), layers=1)
        np.testing.assert_allclose(slab.stacking.cell[:2, :2], cell, atol=1e-9)


def test_trust_is_that_of_the_weaker_link():
    assert lower_confidence("high", "low") == lower_confidence("low", "medium") == "low"
    assert lower_confidence("high", "high") == "high"


def test_mixed_sites_count_the_atoms_of_all_their_ions():
    crystal = load_crystal("MA0.75Cs0.25PbBr3")
    found = surfaces_of(Material(name="MA0.75Cs0.25PbBr3"))
    atoms = crystal.z * (0.75 * 8 + 0.25 + 1 + 3)  # methylammonium CH6N has 8 atoms
    assert found.density == pytest.approx(atoms / np.linalg.det(crystal.cell))


def test_mixed_crystals_have_the_edges_of_their_end_members():
    assert surfaces_of(Material(name="CsPb(Br0.5I0.5)3")).has_band_edges
    assert not surfaces_of(Material(name="CsPb0.5Sr0.5Br3")).has_band_edges


MIXED = """data_mine
_cell_length_a 6.08
_cell_length_b 6.08
_cell_length_c 6.08
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_symmetry_space_group_name_H-M 'P m -3 m'
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_occupancy
Cs1 Cs 0.5 0.5 0.5 1
Pb1 Pb 0 0 0 1
Br1 Br 0.5 0 0 0.4
I1 I 0.5 0 0 0.6
"""


def test_a_users_mixed_crystal_is_one_like_any_other(tmp_path):
    path = tmp_path / "mine.cif"
    path.write_text(MIXED)
    found = surfaces_of(Material(name="mine.cif", path=str(path)))
    assert found.crystal.mixtures
    assert found.density == pytest.approx(5 / 6.08**3)
    assert found.has_band_edges
    assert found.elastic_constants == "mixed"
