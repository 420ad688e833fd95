"""Small structures made by hand: what other programs must read back as the same matter."""

from __future__ import annotations

import numpy as np
import pytest
from ase import Atoms
from ase.data import atomic_numbers

from heterobuild import labels
from heterobuild.exporters import write
from heterobuild.model import Heterostructure, Molecule, Region, Source
from heterobuild.provenance import make_provenance

TETRAHEDRON = np.array([[0, 0, 0], [1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) / 3**0.5
LENGTHS = np.array([0.0, 1.09, 1.36, 1.76, 1.94])[:, None]
CHIRAL = ("C", "H", "F", "Cl", "Br")

CELLS = {
    "orthorhombic": np.diag([7.0, 8.0, 11.0]),
    "hexagonal": np.array([[9.0, 0, 0], [-4.5, 4.5 * 3**0.5, 0], [0, 0, 12.0]]),
    "triclinic": np.array([[8.0, 0, 0], [6.9, 9.0, 0], [-5.5, 7.3, 10.0]]),
    "turned": np.array([[2.0, 7.5, 1.0], [-8.0, 3.0, 4.0], [1.5, -4.0, 13.0]]),
    "slab": np.array([[7.0, 0, 0], [2.0, 8.0, 0], [0, 0, 24.0]]),
    "wire": np.diag([22.0, 23.0, 8.0]),
    "particle": np.diag([21.0, 22.0, 24.0]),
}
PERIODIC = {
    "slab": (True, True, False),
    "wire": (False, False, True),
    "particle": (False, False, False),
}


def sample(name: str, *, hand: int = 1) -> Heterostructure:
    """Ions and one chiral molecule that crosses the cell's border, elements mixed in order."""
    cell = CELLS[name]
    molecule = hand * TETRAHEDRON * LENGTHS + np.array([0.02, 0.97, 0.45]) @ cell
    ions = np.array([[0.1, 0.1, 0.0], [0.6, 0.5, 0.1], [0.1, 0.5, 0.15], [0.6, 0.1, 0.8]])
    symbols = ["Cs", "Br", *CHIRAL, "Pb", "Br"]
    positions = np.concatenate([ions[:2] @ cell, molecule, ions[2:] @ cell])
    pbc = PERIODIC.get(name, (True, True, True))
    positions -= np.where(pbc, 0.0, 1.0)  # the lowest ion lies below the origin
    n = len(symbols)
    inside = np.array([0, 0, 1, 1, 1, 1, 1, 0, 0])
    atoms = labels.label(
        Atoms(symbols, positions=positions, cell=cell, pbc=pbc),
        site=np.array([1, 3, 1, 1, 1, 1, 1, 2, 3]),
        molecule=inside,
        kind=inside,
        charge=np.array([1.0, -1.0, 0.5, 0.0, 0.0, 0.0, 0.5, 2.0, -1.0]),
        region=1,
        layer=1,
    )
    source = Source(citation="made by hand")
    kind = Molecule(
        name="chiral",
        formula="CHFClBr",
        charge=1.0,
        numbers=np.array([atomic_numbers[symbol] for symbol in CHIRAL]),
        positions=hand * TETRAHEDRON * LENGTHS,
        charges=np.array([0.5, 0, 0, 0, 0.5]),
        head=(0,),
        source=source,
    )
    region = Region(
        code=1, name="film", crystal="made", formula="X", cell=cell, strain=np.zeros((3, 3))
    )
    assert len(atoms) == n
    return Heterostructure(name=name, atoms=atoms, regions=(region,), molecules=(kind,))


@pytest.fixture(params=[(name, hand) for name in CELLS for hand in (1, -1)], ids=str)
def built(request):
    name, hand = request.param
    return sample(name, hand=hand)


@pytest.fixture
def written(built, tmp_path):
    """The folder with all files of the structure."""
    write(
        built,
        tmp_path / "out",
        provenance=make_provenance({"name": built.name}, seed=1),
        recipe_text=f"name: {built.name}\n",
    )
    return tmp_path / "out"


def _same_matter(built, cell, positions, *, whole=True):
    """Same volume, hand, periodic distances and chirality, all measured by ASE."""
    from ase.geometry import get_distances

    here = built.atoms
    cell, positions = np.asarray(cell), np.asarray(positions)
    assert np.linalg.det(cell) == pytest.approx(np.linalg.det(here.cell.array), rel=1e-9)
    vectors, distances = get_distances(positions, cell=cell, pbc=True)
    expected_vectors, expected = get_distances(here.positions, cell=here.cell, pbc=True)
    np.testing.assert_allclose(distances, expected, atol=2e-9)
    np.testing.assert_allclose(
        np.linalg.det(vectors[2, 3:6]), np.linalg.det(expected_vectors[2, 3:6]), atol=1e-8
    )
    if whole:
        bonds = np.linalg.norm(positions[2:7] - positions[2], axis=1)
        np.testing.assert_allclose(bonds, LENGTHS[:, 0], atol=1e-8)


@pytest.fixture
def same_matter():
    """A function that compares what a program read with what was built."""
    return _same_matter
