"""Labelled atoms of a stack."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.chemistry.molecules import load_molecule
from heterobuild.geometry.rigid import unit_centres
from heterobuild.labels import Site, units
from heterobuild.layered.atoms import molecule_table, stack_atoms
from heterobuild.layered.sheets import Sheet, make_sheet
from heterobuild.layered.stacking_sequence import Interlayer, Stack, stack_sheets

BA = load_molecule("BA")


def upright(lower: Sheet, upper: Sheet, shift: np.ndarray) -> Interlayer:
    """One molecule straight up in each pocket of either face, enough for labels."""
    below = lower.pockets_top * [1, 1, 0]
    above = (upper.pockets_bottom + [*shift, 0]) * [1, 1, 0] + [0, 0, 9]
    bodies = np.concatenate([below, above])[:, None, :] + BA.positions
    return Interlayer(numbers=np.tile(BA.numbers, 4), positions=bodies.reshape(-1, 3), distance=9.0)


def stack(layers: int) -> Stack:
    return stack_sheets([make_sheet("Pb", "I", layers, length=6.2, bond=3.18)], (0.5, 0.5), upright)


def test_counts_charges_and_roles() -> None:
    atoms = stack_atoms(stack(3), load_molecule("MA"), BA)
    site, molecule = atoms.arrays["site"], atoms.arrays["molecule"]
    assert np.bincount(site, minlength=5)[1:5].tolist() == [8 * 8, 12, 40, 8 * 17]
    assert atoms.arrays["formal_charge"].sum() == pytest.approx(0.0)
    assert (molecule[site == Site.X] == 0).all()
    assert sorted(set(molecule.tolist())) == list(range(17))
    assert set(atoms.arrays["kind"][site == Site.A].tolist()) == {1}
    assert set(atoms.arrays["kind"][site == Site.SPACER].tolist()) == {2}


def test_ions_come_first_and_molecules_stay_in_one_run() -> None:
    molecule = stack_atoms(stack(2), load_molecule("MA"), BA).arrays["molecule"]
    assert (np.diff(molecule) >= 0).all()


def test_centres_lie_inside_and_molecules_stay_whole() -> None:
    atoms = stack_atoms(stack(2), "Cs", BA)
    centres = unit_centres(atoms.positions, atoms.numbers, units(atoms))
    fractions = centres @ np.linalg.inv(np.asarray(atoms.cell))
    assert fractions.min() > -1e-5
    assert fractions.max() < 1.0
    for number in range(1, 9):
        body = atoms.positions[atoms.arrays["molecule"] == number]
        assert body - body.mean(axis=0) == pytest.approx(BA.positions - BA.positions.mean(axis=0))


def test_table_of_molecules() -> None:
    ma = load_molecule("MA")
    assert molecule_table(ma, BA) == (ma, BA)
    assert molecule_table("Cs", BA) == (BA,)
    assert molecule_table(None, "Cs") == ()
