"""Structure files, also of other programs."""

from __future__ import annotations

import numpy as np
import pytest
from ase import Atoms
from ase.io import write

from heterobuild.errors import StructureFileError
from heterobuild.validation import check_file


def perovskite(a=5.874, halide="Br"):
    return Atoms(
        f"PbCs{halide}3",
        scaled_positions=[(0, 0, 0), (0.5, 0.5, 0.5), (0.5, 0, 0), (0, 0.5, 0), (0, 0, 0.5)],
        cell=[a, a, a],
        pbc=True,
    )


def write_with(atoms, folder, name):
    path = folder / name
    if name.endswith(".data"):
        write(path, atoms, format="lammps-data", masses=True, atom_style="atomic")
    else:
        write(path, atoms)
    return path


@pytest.mark.parametrize("name", ["a.cif", "POSCAR", "a.vasp", "a.extxyz", "a.data"])
def test_good_file_of_another_program_passes(tmp_path, name):
    report = check_file(write_with(perovskite(), tmp_path, name))
    assert report.passed
    pair = next(f for f in report.findings if f.check == "contacts" and "Br–Pb" in f.message)
    assert pair.value == pytest.approx(5.874 / 2, abs=1e-4)
    assert any(f.check == "charge" and f.value == 0.0 for f in report.findings)
    assert any(f.check == "labels" and f.level == "info" for f in report.findings)


@pytest.mark.parametrize("name", ["a.cif", "POSCAR", "a.extxyz", "a.data"])
def test_squeezed_file_fails(tmp_path, name):
    report = check_file(write_with(perovskite(a=4.4), tmp_path, name))
    assert not report.passed
    assert {f.check for f in report.findings if f.level == "error"} == {"contacts"}


def test_left_handed_file_is_a_finding(tmp_path):
    atoms = perovskite()
    atoms.set_cell(atoms.cell.array[[1, 0, 2]])
    report = check_file(write_with(atoms, tmp_path, "POSCAR"))
    assert any(f.check == "handedness" and f.level == "error" for f in report.findings)


def test_coinciding_atoms_are_a_finding(tmp_path):
    atoms = perovskite() + Atoms("Br", [[0.05, 0.0, 5.874 / 2]])
    report = check_file(write_with(atoms, tmp_path, "POSCAR"))
    assert any("same place" in f.message for f in report.findings)


def test_slab_in_a_file(tmp_path):
    atoms = perovskite()
    atoms.set_cell([5.874, 5.874, 25.0])
    report = check_file(write_with(atoms, tmp_path, "POSCAR"))
    vacuum = next(f for f in report.findings if f.check == "vacuum")
    assert vacuum.value == pytest.approx(25.0 - 5.874 / 2)
    assert vacuum.level == "info"


def test_molecules_are_found_in_a_file(tmp_path):
    from heterobuild.chemistry.molecules import load_molecule

    ma = load_molecule("MA")
    atoms = perovskite(a=6.3, halide="I")
    del atoms[1]
    atoms += Atoms(numbers=ma.numbers, positions=ma.positions + 6.3 / 2)
    for name in ("POSCAR", "a.cif"):
        report = check_file(write_with(atoms, tmp_path, name))
        assert report.passed
        assert any("MAPbI3" in str(f.value) for f in report.findings)
    atoms.positions[-1] += 0.4 * (atoms.positions[-1] - atoms.positions[-8])
    assert not check_file(write_with(atoms, tmp_path, "POSCAR")).passed


def test_labelled_file_keeps_regions(tmp_path, make_interface):
    built = make_interface()
    atoms = built.atoms.copy()
    atoms.info = {"regions": {"1": "substrate", "2": "film"}, "kinds": {}}
    path = tmp_path / "a.extxyz"
    write(path, atoms, format="extxyz")
    report = check_file(path)
    assert report.passed
    assert any(f.check == "contacts across interface" for f in report.findings)
    assert any(f.message.startswith("film: Cs16Pb12Br40") for f in report.findings)


@pytest.mark.parametrize("name", ["a.cif", "POSCAR", "a.extxyz", "a.data", "a.unknown"])
@pytest.mark.parametrize("content", ["", "nonsense\n1 2 3\n", None])
def test_unusable_file_is_one_clear_error(tmp_path, name, content):
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    with pytest.raises(StructureFileError):
        check_file(path)


def test_lammps_without_masses_is_refused(tmp_path):
    path = tmp_path / "a.data"
    write(path, perovskite(), format="lammps-data", masses=False)
    with pytest.raises(StructureFileError, match="masses"):
        check_file(path)


def test_check_file_does_not_need_wrapped_atoms(tmp_path):
    atoms = perovskite()
    atoms.positions += np.array([20.0, -13.0, 7.0])
    assert check_file(write_with(atoms, tmp_path, "POSCAR")).passed
