from __future__ import annotations

import numpy as np
import pytest
from ase.neighborlist import neighbor_list

from heterobuild.architectures.multilayer import Multilayer
from heterobuild.assembly.inserting import insert_molecules
from heterobuild.chemistry.molecules import load_molecule
from heterobuild.compounds import load_crystal
from heterobuild.errors import NothingFitsError, UsageError
from heterobuild.slabs import cut_slab
from heterobuild.slabs.lamellae import fill_slab
from heterobuild.validation import check


@pytest.fixture(scope="module")
def lamellae():
    crystal = load_crystal("CsPbI3_alpha")
    normal = cut_slab(crystal, "001", layers=2)
    wide = fill_slab(cut_slab(crystal, "001", layers=4), {"PTLA": 1}, expansion=0.015)
    stack = Multilayer(periodic="superlattice", repeat=(4, 4))
    return stack.build(normal, wide, names=("normal", "wide"), seed=1)


def test_every_octahedron_that_stays_has_six_halides(lamellae):
    atoms = lamellae.atoms
    i, j, d = neighbor_list("ijd", atoms, 3.6)
    bonds = np.bincount(
        i[(atoms.numbers[i] == 82) & (atoms.numbers[j] == 53)], minlength=len(atoms)
    )
    assert set(bonds[atoms.numbers == 82].tolist()) == {6}
    halides = np.bincount(
        i[(atoms.numbers[i] == 53) & (atoms.numbers[j] == 82)], minlength=len(atoms)
    )
    assert set(halides[atoms.numbers == 53].tolist()) == {1, 2}
    assert d.min() > 0.95


def test_the_grain_is_neutral_and_holds_one_whole_molecule(lamellae):
    atoms = lamellae.atoms
    assert atoms.arrays["formal_charge"].sum() == pytest.approx(0, abs=1e-9)
    molecule = load_molecule("PTLA")
    mine = atoms.positions[atoms.arrays["molecule"] > 0]
    assert len(mine) == len(molecule.numbers)
    left, size, right = np.linalg.svd(
        (molecule.positions - molecule.positions.mean(axis=0)).T @ (mine - mine.mean(axis=0))
    )
    assert np.linalg.det(left @ right) > 0
    assert size.sum() == pytest.approx(
        ((molecule.positions - molecule.positions.mean(axis=0)) ** 2).sum(), abs=1e-6
    )


def test_the_record_agrees_with_the_atoms(lamellae):
    step = next(step for step in lamellae.steps if step.name == "molecule inside")
    removed, added = step.values["removed"], step.values["added"]
    count = 4 * 4 * 6
    assert (lamellae.atoms.numbers == 82).sum() == count - removed["Pb"]
    assert (lamellae.atoms.numbers == 53).sum() == 3 * count - removed["I"]
    assert (lamellae.atoms.numbers == 55).sum() == count - removed["Cs"] + added["Cs"]
    charge = -2 * removed["Pb"] + removed["I"] - removed["Cs"] + added["Cs"] + 1
    assert charge == 0


def test_the_lamella_is_widened_along_the_normal_only(lamellae):
    strain = lamellae.regions[1].strain
    assert strain[2, 2] == pytest.approx(0.015)
    assert lamellae.regions[0].strain == pytest.approx(np.zeros((3, 3)), abs=1e-12)
    height = float(lamellae.atoms.cell[2, 2])
    length = load_crystal("CsPbI3_alpha").cell[0, 0]
    assert height == pytest.approx(length * (2 + 4 * 1.015), abs=0.01)


def test_all_checks_pass(lamellae):
    assert not [one for one in check(lamellae).findings if one.level == "error"]


def test_two_molecules_do_not_meet(bare):
    part = bare("CsPbI3_alpha", [[6, 0], [0, 3]], layers=4, symmetric=False)
    atoms, _, steps = insert_molecules(part, {"PTLA": 2})
    assert [step.values["charge_e"] for step in steps] == [1.0, 1.0]
    ids = atoms.arrays["molecule"]
    i, j, d = neighbor_list("ijd", atoms, 2.5)
    between = (ids[i] != ids[j]) & (ids[i] > 0) & (ids[j] > 0)
    assert d[between].min(initial=9.0) > 0.7 * 2.4
    assert atoms.arrays["formal_charge"].sum() == pytest.approx(0, abs=1e-9)


def test_the_same_seed_gives_the_same_place(bare):
    part = bare("CsPbI3_alpha", [[4, 0], [0, 4]], layers=4, symmetric=False)
    first, second = (insert_molecules(part, {"PTLA": 1})[0] for _ in range(2))
    assert (first.positions == second.positions).all()


def test_a_narrow_cell_is_refused(bare):
    with pytest.raises(UsageError, match="too narrow") as caught:
        insert_molecules(bare("CsPbI3_alpha", [[2, 0], [0, 4]], layers=3), {"PTLA": 1})
    assert caught.value.where == "repeat"


def test_a_thin_lamella_tells_how_many_fit(bare):
    part = bare("CsPbI3_alpha", [[4, 0], [0, 4]], layers=1)
    with pytest.raises(NothingFitsError, match="0 of 1"):
        insert_molecules(part, {"PTLA": 1})


@pytest.mark.parametrize("crystal", ["FAPbI3_alpha", "Cs4PbBr6"])
def test_crystals_without_a_network_of_single_ions_are_refused(bare, crystal):
    part = bare(crystal, [[4, 0], [0, 4]], symmetric=False, miller="001", layers=1)
    with pytest.raises(UsageError, match="only inside a perovskite"):
        insert_molecules(part, {"PEA": 1})
