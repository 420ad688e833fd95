import numpy as np
import pytest

from heterobuild.chemistry.compounds import parse_compound
from heterobuild.compounds import load_crystal
from heterobuild.compounds.completing import complete
from heterobuild.crystals import load_phase

LAYERED = ["BA2PbI4", "BA2MAPb2I7", "BA2MA3Pb4I13", "PMA2PbI4", "4AMP_MAPb2I7"]


@pytest.mark.parametrize("name", LAYERED)
def test_a_layered_phase_keeps_its_measured_lattice(name):
    measured, completed = load_phase(name), load_crystal(name)
    axes = [crystal.pseudocubic @ crystal.cell for crystal in (measured, completed)]
    for rows in zip(*(np.linalg.norm(entry[:2], axis=1) for entry in axes), strict=True):
        assert rows[1] == pytest.approx(rows[0], rel=2e-3)
    first, second = (abs(np.linalg.det(entry)) for entry in axes)
    assert second == pytest.approx(first, rel=1e-6)
    assert completed.source.coordinates == "low"
    assert any("atoms are a model" in notice for notice in completed.notices)


@pytest.mark.parametrize("name", LAYERED)
def test_the_formula_is_that_of_the_phase(name):
    crystal = load_crystal(name)
    whole = crystal.atoms.get_masses().sum() * 1.66053906660 / np.linalg.det(crystal.cell)
    from heterobuild.crystals.phase_files import phase_files

    (file,) = [phase for phase in phase_files() if phase.name == name]
    if file.density is not None:
        assert whole == pytest.approx(file.density, rel=5e-3)
    assert crystal.atoms.arrays["formal_charge"].sum() == pytest.approx(0, abs=1e-9)


def test_another_phase_keeps_its_whole_cell():
    crystal = load_crystal("KMnCl3_delta")
    assert crystal.cell == pytest.approx(load_phase("KMnCl3_delta").cell, abs=1e-9)
    assert crystal.atoms.get_chemical_formula() == "Cl12K4Mn4"


def test_the_space_group_is_that_of_all_atoms():
    import warnings

    import spglib

    crystal = load_crystal("PEA2PbBr4")
    cell = (crystal.cell, crystal.atoms.get_scaled_positions(), crystal.atoms.numbers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = spglib.get_symmetry_dataset(cell, symprec=0.01)
    assert found.number == crystal.space_group_number
    assert crystal.cell[0, 1:] == pytest.approx([0, 0])


def test_a_model_of_another_shape_is_not_forced_into_the_cell():
    from dataclasses import replace

    phase = load_phase("KMnCl3_delta")
    wrong = replace(phase, cell=np.diag([3.0, 40.0, 5.0]))
    assert complete(wrong, parse_compound("KMnCl3")).atoms is None
