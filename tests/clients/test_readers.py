"""gemmi, pymatgen and ASE read every file back as the structure that was built."""

from __future__ import annotations

import json

import numpy as np
import pytest


def test_ase_reads_extxyz_bit_for_bit(built, written):
    from ase.io import read

    got = read(written / f"{built.name}.extxyz", format="extxyz")
    here = built.atoms
    assert got.positions.tobytes() == here.positions.tobytes()
    assert got.cell.array.tobytes() == here.cell.array.tobytes()
    assert got.pbc.tolist() == here.pbc.tolist()
    assert got.numbers.tolist() == here.numbers.tolist()
    for name in ("region", "layer", "site", "molecule", "kind", "formal_charge"):
        assert got.arrays[name].dtype.kind == here.arrays[name].dtype.kind, name
        assert got.arrays[name].tolist() == here.arrays[name].tolist(), name
    assert got.info["name"] == built.name
    assert got.info["regions"] == {"1": "film"}
    assert got.info["kinds"] == {"1": "chiral"}
    assert got.info["sites"]["2"] == "B"


def test_gemmi_reads_cif(built, written, same_matter):
    import gemmi

    small = gemmi.read_small_structure(str(written / f"{built.name}.cif"))
    cell = np.array(small.cell.orth.mat.tolist()).T
    fractions = [site.fract.tolist() for site in small.sites]
    assert small.spacegroup.number == 1
    assert [site.element.name for site in small.sites] == built.atoms.get_chemical_symbols()
    assert len({site.label for site in small.sites}) == len(built.atoms)
    assert [small.sites[i].charge for i in (0, 1, 3, 7)] == [1, -1, 0, 2]
    assert {site.occ for site in small.sites} == {1.0}
    same_matter(built, cell, np.array(fractions) @ cell)


def test_pymatgen_reads_cif_with_formal_charges(built, written):
    from pymatgen.io.cif import CifParser

    parser = CifParser(written / f"{built.name}.cif", occupancy_tolerance=1.0)
    (structure,) = parser.parse_structures(primitive=False, check_occu=True)
    assert len(structure) == len(built.atoms)
    assert structure.charge == pytest.approx(built.atoms.arrays["formal_charge"].sum())
    assert structure.volume == pytest.approx(built.atoms.get_volume())
    np.testing.assert_allclose(_all_distances(structure), _expected(built), atol=1e-8)


def _all_distances(structure):
    """Distances in ascending order, because pymatgen sorts the atoms."""
    return np.sort(structure.distance_matrix, axis=None)


def _expected(built):
    from ase.geometry import get_distances

    return np.sort(get_distances(built.atoms.positions, cell=built.atoms.cell, pbc=True)[1], None)


def test_ase_reads_cif(built, written, same_matter):
    from ase.io import read

    got = read(written / f"{built.name}.cif")
    assert got.get_chemical_symbols() == built.atoms.get_chemical_symbols()
    same_matter(built, got.cell.array, got.positions, whole=False)  # ASE wraps what it reads


@pytest.mark.parametrize("program", ["ase", "pymatgen"])
def test_poscar_and_its_permutation(built, written, same_matter, program):
    path = written / f"{built.name}.vasp"
    cell, positions, symbols = (_ase_poscar if program == "ase" else _pymatgen_poscar)(path)
    record = json.loads((written / "heterobuild.json").read_bytes())
    permutation = record["files"]["poscar"]["permutation"]
    original = np.empty_like(positions)
    original[permutation] = positions
    np.testing.assert_allclose(original, built.atoms.positions, atol=1e-10)
    here = built.atoms.get_chemical_symbols()
    assert symbols == [here[i] for i in permutation]
    assert list(dict.fromkeys(symbols)) == ["Cs", "Pb", "F", "Cl", "Br", "C", "H"]
    same_matter(built, cell, original)


def _ase_poscar(path):
    from ase.io import read

    got = read(path)
    return got.cell.array, got.positions, got.get_chemical_symbols()


def _pymatgen_poscar(path):
    from pymatgen.io.vasp import Poscar

    structure = Poscar.from_file(path).structure
    symbols = [site.specie.symbol for site in structure]
    return structure.lattice.matrix, structure.cart_coords, symbols


def test_ase_reads_lammps_data(built, written, same_matter):
    from ase.io import read

    got = read(written / f"{built.name}.data", format="lammps-data", atom_style="full")
    assert got.get_chemical_symbols() == built.atoms.get_chemical_symbols()
    assert got.get_initial_charges() == pytest.approx(built.atoms.arrays["formal_charge"])
    assert got.arrays["mol-id"].tolist() == built.atoms.arrays["molecule"].tolist()
    same_matter(built, got.cell.array, _unwrapped(written / f"{built.name}.data", got))


def _unwrapped(path, got):
    """Positions with the image flags of the file undone, whatever the reader does with them."""
    rows = path.read_text().split("Atoms # full")[1].split("\n")
    table = np.array([row.split() for row in rows if row.strip()], dtype=float)
    return table[:, 4:7] + table[:, 7:10] @ got.cell.array


def test_pymatgen_reads_lammps_data(built, written):
    from pymatgen.io.lammps.data import LammpsData

    data = LammpsData.from_file(str(written / f"{built.name}.data"), atom_style="full")
    assert len(data.atoms) == len(built.atoms)
    assert data.atoms["molecule-ID"].tolist() == built.atoms.arrays["molecule"].tolist()
    assert data.atoms["q"].sum() == pytest.approx(built.atoms.arrays["formal_charge"].sum())
    assert data.structure.volume == pytest.approx(built.atoms.get_volume())
    formula = data.structure.composition.get_el_amt_dict()
    assert formula == dict(built.atoms.symbols.formula.count())
    np.testing.assert_allclose(_all_distances(data.structure), _expected(built), atol=1e-8)


def test_recorded_rotation_maps_structure_onto_lammps_box(built, written):
    from ase.io import read

    record = json.loads((written / "heterobuild.json").read_bytes())["files"]["lammps"]
    change, rotation = np.array(record["cell_change"]), np.array(record["rotation"])
    got = read(written / f"{built.name}.data", format="lammps-data", atom_style="full")
    assert np.linalg.det(rotation) == pytest.approx(1.0)
    assert round(np.linalg.det(change)) == 1
    np.testing.assert_allclose(change @ built.atoms.cell.array @ rotation, got.cell, atol=1e-9)
    unwrapped = _unwrapped(written / f"{built.name}.data", got)
    np.testing.assert_allclose(built.atoms.positions @ rotation, unwrapped, atol=1e-9)
