import numpy as np
import pytest

from heterobuild import labels
from heterobuild.defects.units import apart, contact_radii, rigid_table


def test_the_table_counts_ions_and_molecules(model):
    units = rigid_table(model)
    atoms = model.atoms
    molecules = atoms.arrays["molecule"]
    assert len(units.first) == (molecules == 0).sum() + len(set(molecules[molecules > 0]))
    assert units.charge.sum() == pytest.approx(atoms.arrays[labels.CHARGE].sum())
    for number, name in enumerate(units.names):
        chosen = atoms[units.first[units.species == number]]
        alone = [kind.name for kind in model.molecules]
        assert name in alone or set(chosen.symbols) == {name}


def test_a_molecule_cut_by_the_border_is_one_piece(stack):
    wrapped = stack.atoms.copy()
    wrapped.positions += [3.0, 1.0, 0.0]
    wrapped.wrap()
    from dataclasses import replace

    here, there = rigid_table(stack), rigid_table(replace(stack, atoms=wrapped))
    moved = apart(there.centres - here.centres - [3.0, 1.0, 0.0], here)
    assert np.abs(moved).max() < 1e-9
    for number in range(len(here.first)):
        assert np.ptp(there.positions[there.unit == number], axis=0).max() < 4


def test_radii_are_ionic_outside_of_molecules():
    radii = contact_radii(np.array([82, 35, 1]), np.array([False, False, True]))
    assert radii.tolist() == pytest.approx([1.19, 1.96, 1.1], abs=0.11)
    assert radii[:2].tolist() == [1.19, 1.96]


def test_vectors_are_the_shortest_images(stack, shortest):
    units = rigid_table(stack)
    vectors = np.random.default_rng(0).uniform(-30, 30, (50, 3))
    found = np.linalg.norm(apart(vectors, units), axis=1)
    in_cell = vectors - np.rint(vectors @ np.linalg.inv(units.cell)) * units.pbc @ units.cell
    assert found == pytest.approx([shortest(v, stack.atoms) for v in in_cell])
