import numpy as np
import pytest

from heterobuild.compounds import load_crystal
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
    crystal = load_crystal("BA2PbI4")
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
