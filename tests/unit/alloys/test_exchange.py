from __future__ import annotations

import numpy as np
import pytest

from heterobuild.alloys.exchange import VACANCY, exchange_units, ion_charge, units_of
from heterobuild.alloys.repeats import repeat_crystal
from heterobuild.crystals import load_phase
from heterobuild.errors import UnknownNameError
from heterobuild.geometry.rigid import unit_centres
from heterobuild.labels import LAYER, MOLECULE, NAMES, REGION, units


def supercell(name: str = "MAPbI3_cubic"):
    crystal = repeat_crystal(load_phase(name), (2, 2, 1))
    atoms = crystal.require_atoms()
    atoms.arrays[REGION][:] = 3
    atoms.arrays[LAYER][:] = np.arange(len(atoms))
    return atoms, crystal.molecules


def test_units_are_found_by_role_and_name():
    atoms, molecules = supercell()
    assert len(units_of(atoms, molecules, "A", "MA")) == 4
    assert len(units_of(atoms, molecules, "X", "I")) == 12
    assert len(units_of(atoms, molecules, "B", "I")) == 0
    assert len(units_of(atoms, molecules, "A", "Cs")) == 0


def test_a_molecule_becomes_an_ion_at_its_centre():
    atoms, molecules = supercell()
    sites = units_of(atoms, molecules, "A", "MA")[[1, 3]]
    centres = unit_centres(atoms.positions, atoms.numbers, units(atoms))[units(atoms)[sites]]
    made, table = exchange_units(
        atoms, molecules, sites, species=["Cs"], choice=np.zeros(2, int), charges=[1.0]
    )
    assert len(made) == len(atoms) - 2 * 7
    caesium = made.numbers == 55
    np.testing.assert_allclose(made.positions[caesium], centres)
    assert made.arrays["formal_charge"][caesium].tolist() == [1.0, 1.0]
    assert made.arrays["formal_charge"].sum() == pytest.approx(0)
    assert made.arrays[REGION].tolist() == [3] * len(made)
    assert made.arrays[LAYER][caesium].tolist() == atoms.arrays[LAYER][sites].tolist()
    assert [molecule.name for molecule in table] == ["MA"]


def test_an_ion_becomes_a_molecule_with_an_id_of_its_own():
    atoms, molecules = supercell("CsPbBr3_cubic")
    sites = units_of(atoms, molecules, "A", "Cs")
    made, table = exchange_units(
        atoms, molecules, sites, species=["FA", "MA"], choice=np.array([0, 1, 0, 1]), charges=[1, 1]
    )
    assert [molecule.name for molecule in table] == ["FA", "MA"]
    assert made.get_chemical_formula() == "C4H22Br12N6Pb4"
    ids = made.arrays[MOLECULE]
    assert sorted(set(ids.tolist())) == [0, 1, 2, 3, 4]
    assert np.bincount(ids)[1:].tolist() == [8, 8, 8, 8]
    centres = unit_centres(made.positions, made.numbers, units(made))
    places = atoms.positions[sites]
    nearest = np.linalg.norm(centres[:, None] - places[None], axis=2).min(axis=0)
    np.testing.assert_allclose(nearest, 0, atol=1e-9)


def test_what_is_not_exchanged_stays_atom_by_atom():
    atoms, molecules = supercell()
    sites = units_of(atoms, molecules, "X", "I")[:5]
    made, _ = exchange_units(
        atoms, molecules, sites, species=["Br"], choice=np.zeros(5, int), charges=[-1.0]
    )
    assert len(made) == len(atoms)
    changed = made.numbers != atoms.numbers
    assert np.flatnonzero(changed).tolist() == sites.tolist()
    np.testing.assert_array_equal(made.positions, atoms.positions)
    for name in NAMES:
        np.testing.assert_array_equal(made.arrays[name], atoms.arrays[name])


def test_a_vacancy_takes_the_whole_molecule():
    atoms, molecules = supercell()
    sites = units_of(atoms, molecules, "A", "MA")[:1]
    made, _ = exchange_units(
        atoms, molecules, sites, species=[VACANCY], choice=np.zeros(1, int), charges=[0.0]
    )
    assert len(made) == len(atoms) - 8
    assert len(units_of(made, molecules, "A", "MA")) == 3
    assert made.arrays["formal_charge"].sum() == pytest.approx(-1)


def test_the_original_is_left_alone():
    atoms, molecules = supercell()
    before = atoms.positions.copy(), atoms.numbers.copy()
    sites = units_of(atoms, molecules, "A", "MA")
    exchange_units(atoms, molecules, sites, species=["Cs"], choice=np.zeros(4, int), charges=[1.0])
    np.testing.assert_array_equal(atoms.positions, before[0])
    np.testing.assert_array_equal(atoms.numbers, before[1])


def test_charges_suit_the_site_where_the_ion_can():
    assert ion_charge("Sn", 4) == 4
    assert ion_charge("Ag", 2) == 1
    assert ion_charge("FA", 1) == 1


def test_unknown_ions_are_named():
    with pytest.raises(UnknownNameError, match="Zz"):
        ion_charge("Zz", 2)
