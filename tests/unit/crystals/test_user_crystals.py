import numpy as np
import pytest
from ase import Atoms

from heterobuild.crystals.library import load_phase
from heterobuild.crystals.user_crystals import load_user_crystal
from heterobuild.errors import StructureFileError

NAMES = ["CsPbBr3", "MAPbI3", "FAPbI3", "PEA2PbI4", "RMBA2PbI4", "CsSnI3", "CuI", "GaN", "SrTiO3"]


def stripped(crystal):
    atoms = crystal.atoms.copy()
    for name in set(atoms.arrays) - {"numbers", "positions"}:
        del atoms.arrays[name]
    atoms.wrap()
    return atoms


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ending", ["cif", "vasp", "extxyz"])
def test_crystals_of_the_library_are_recognised_in_files(tmp_path, name, ending):
    known = load_phase(name)
    stripped(known).write(tmp_path / f"mine.{ending}")
    crystal = load_phase(tmp_path / f"mine.{ending}")
    assert (crystal.name, crystal.z, crystal.placed) == ("mine", known.z, ())
    assert crystal.space_group_number == known.space_group_number
    assert {m.name for m in crystal.molecules} == {m.name for m in known.molecules}
    order = np.lexsort((crystal.atoms.arrays["site"], crystal.atoms.numbers))
    expected = np.lexsort((known.atoms.arrays["site"], known.atoms.numbers))
    np.testing.assert_array_equal(
        crystal.atoms.arrays["formal_charge"][order], known.atoms.arrays["formal_charge"][expected]
    )
    assert "formal charges assigned" in crystal.notices[-1]
    assert str(tmp_path) not in repr((crystal.name, crystal.source, crystal.notices))


def test_molecules_cut_by_the_cell_are_made_whole(tmp_path):
    known = load_phase("RMBA2PbI4")
    stripped(known).write(tmp_path / "x.vasp", direct=True)
    atoms = load_user_crystal(tmp_path / "x.vasp").atoms
    for i in range(1, 9):
        part = atoms.positions[atoms.arrays["molecule"] == i]
        assert len(part) == 21
        assert np.linalg.norm(part[:, None] - part[None], axis=2).max() < 9


def test_hand_of_molecules_is_told_apart(tmp_path):
    mirrored = stripped(load_phase("RMBA2PbI4"))
    mirrored.positions[:, 0] *= -1
    mirrored.wrap()
    mirrored.write(tmp_path / "x.cif")
    assert [m.name for m in load_user_crystal(tmp_path / "x.cif").molecules] == ["S-MBA"]


def test_labels_of_the_file_are_kept(tmp_path):
    known = load_phase("MAPbI3", cations="random", seed=3)
    atoms = known.atoms.copy()
    atoms.arrays["formal_charge"] *= 0.5
    atoms.arrays["region"][:] = 2
    atoms.write(tmp_path / "x.extxyz")
    crystal = load_user_crystal(tmp_path / "x.extxyz")
    for name in ("site", "molecule", "kind"):
        np.testing.assert_array_equal(crystal.atoms.arrays[name], known.atoms.arrays[name])
    np.testing.assert_allclose(
        crystal.atoms.arrays["formal_charge"], known.atoms.arrays["formal_charge"] / 2
    )
    assert (crystal.atoms.arrays["region"] == 0).all()
    assert "those of the file" in crystal.notices[-1]


@pytest.mark.parametrize(("array", "value"), [("site", 9), ("kind", 0), ("molecule", -1)])
def test_labels_that_contradict_one_another_are_refused(tmp_path, array, value):
    atoms = load_phase("MAPbI3").atoms.copy()
    atoms.arrays[array][:] = value
    atoms.write(tmp_path / "x.extxyz")
    with pytest.raises(StructureFileError, match="labels"):
        load_user_crystal(tmp_path / "x.extxyz")


@pytest.mark.parametrize("ending", ["vasp", "extxyz"])
def test_left_handed_cells_are_reversed_not_mirrored(tmp_path, ending):
    quartz = stripped(load_phase("SiO2_quartz"))
    before = quartz.copy()
    quartz.set_cell(-quartz.cell.array, scale_atoms=False)
    assert np.linalg.det(quartz.cell) < 0
    quartz.write(tmp_path / f"x.{ending}")
    crystal = load_user_crystal(tmp_path / f"x.{ending}")
    assert np.linalg.det(crystal.cell) > 0
    assert crystal.space_group_number == 154
    assert any("left-handed" in notice for notice in crystal.notices)
    offsets = crystal.atoms.positions[:, None] - before.positions[None]
    fractional = offsets @ np.linalg.inv(crystal.cell)
    fractional -= np.round(fractional)
    assert np.linalg.norm(fractional @ crystal.cell, axis=2).min(axis=1).max() < 1e-6


def test_swapped_axes_keep_the_hand(tmp_path):
    quartz = stripped(load_phase("SiO2_quartz"))
    quartz.set_cell(quartz.cell.array[[1, 0, 2]], scale_atoms=False)
    quartz.write(tmp_path / "x.vasp")
    assert load_user_crystal(tmp_path / "x.vasp").space_group_number == 154


def refused(tmp_path, atoms):
    atoms.write(tmp_path / "x.extxyz")
    with pytest.raises(StructureFileError) as caught:
        load_user_crystal(tmp_path / "x.extxyz")
    return str(caught.value)


def test_impossible_cells_and_positions_are_refused(tmp_path):
    def salt(cell=(5, 5, 5), second=(2.5, 2.5, 2.5)):
        return Atoms("CsBr", positions=[[0, 0, 0], second], cell=cell, pbc=True)

    assert "too close" in refused(tmp_path, salt(second=(0.1, 0, 0)))
    assert "Cs 0 and Br 1 0.200 Å" in refused(tmp_path, salt(second=(4.8, 0, 0)))
    flat = [[5, 0, 0], [0, 5, 0], [5, 5, 0]]
    assert "no volume" in refused(tmp_path, salt(cell=flat))
    assert "too thin" in refused(tmp_path, salt(cell=(5, 5, 0.3)))
    assert "too long" in refused(tmp_path, salt(cell=(5, 5, 1e7)))
    assert "far outside" in refused(tmp_path, salt(second=(1e9, 0, 0)))
    assert "not a number" in refused(tmp_path, salt(second=(float("nan"), 0, 0)))
    assert "no chemical element" in refused(
        tmp_path, Atoms("CsX", positions=[[0, 0, 0], [2, 2, 2]], cell=(5, 5, 5), pbc=True)
    )


def test_disturbed_crystal_is_p1_at_a_tight_tolerance_and_found_at_a_wide_one(tmp_path):
    atoms = stripped(load_phase("CsPbBr3_cubic"))
    atoms.positions[0] += 0.05
    atoms.write(tmp_path / "x.vasp")
    assert load_user_crystal(tmp_path / "x.vasp").space_group_number != 221
    assert load_user_crystal(tmp_path / "x.vasp", symprec=0.3).space_group_number == 221


def test_large_cells_skip_the_search_and_say_so(tmp_path, monkeypatch):
    monkeypatch.setattr("heterobuild.crystals.user_crystals.MOST_UNITS", 10)
    monkeypatch.setattr("heterobuild.crystals.symmetry.MOST_UNITS", 10)
    stripped(load_phase("CsPbBr3")).write(tmp_path / "x.vasp")
    crystal = load_user_crystal(tmp_path / "x.vasp")
    assert (crystal.space_group, crystal.space_group_number) == ("P1", 1)
    assert "not searched" in crystal.notices[-1]
