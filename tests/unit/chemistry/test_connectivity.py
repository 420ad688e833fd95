from __future__ import annotations

import numpy as np
import pytest

from heterobuild.chemistry.connectivity import (
    find_molecules,
    identify_molecule,
    identify_molecules,
    molecule_from_fragment,
)
from heterobuild.chemistry.molecules import load_molecule
from heterobuild.errors import StructureFileError

PERIODIC = (True, True, True)


def cubic_mapbi3(repeat=1, a=6.3):
    """A box of MAPbI3 with the cations astride the boundaries, in a shuffled order."""
    ma = load_molecule("MA")
    numbers = np.concatenate([ma.numbers, [82, 53, 53, 53]])
    ions = a * np.array([[0.5, 0.5, 0.5], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])
    unit = np.vstack([ma.positions, ions])
    shifts = np.stack(np.meshgrid(*[np.arange(repeat)] * 3, indexing="ij"), -1).reshape(-1, 3) * a
    positions = (shifts[:, None] + unit).reshape(-1, 3) % (repeat * a)
    numbers = np.tile(numbers, len(shifts))
    order = np.random.default_rng(5).permutation(len(numbers))
    return numbers[order], positions[order], repeat * a * np.eye(3)


@pytest.mark.parametrize("repeat", [1, 2, 3])
def test_molecules_of_mapbi3(repeat):
    numbers, positions, cell = cubic_mapbi3(repeat)
    ids, whole = find_molecules(numbers, positions, cell, PERIODIC)
    assert ids.max() == repeat**3
    assert (ids[np.isin(numbers, (82, 53))] == 0).all()
    assert (np.bincount(ids)[1:] == 8).all()
    for number in range(1, ids.max() + 1):
        member = ids == number
        ends = [whole[member & (numbers == z)][0] for z in (6, 7)]
        assert np.linalg.norm(ends[0] - ends[1]) == pytest.approx(1.49, abs=1e-4)
    moves = (whole - positions) / cell[0, 0]
    assert np.abs(moves - moves.round()).max() < 1e-12


def test_first_atom_stays_and_ids_follow_it():
    numbers, positions, cell = cubic_mapbi3(2)
    ids, whole = find_molecules(numbers, positions, cell, PERIODIC)
    _, first = np.unique(ids[ids > 0], return_index=True)
    assert (np.diff(first) > 0).all()
    heads = np.flatnonzero(ids > 0)[first]
    assert (whole[heads] == positions[heads]).all()
    assert (whole[ids == 0] == positions[ids == 0]).all()


def test_input_is_left_unchanged():
    numbers, positions, cell = cubic_mapbi3()
    before = positions.copy()
    find_molecules(numbers, positions, cell, PERIODIC)
    assert (positions == before).all()


def crystal(name):
    from ase import Atoms
    from ase.spacegroup import crystal as build

    if name == "silica":
        return build(
            ["Si", "O"],
            [(0.4697, 0, 0), (0.4133, 0.2672, 0.1188)],
            spacegroup=154,
            cellpar=[4.916, 4.916, 5.405, 90, 90, 120],
        )
    if name == "gallium nitride":
        sites = [(1 / 3, 2 / 3, 0), (1 / 3, 2 / 3, 0.377)]
        return build(["Ga", "N"], sites, spacegroup=186, cellpar=[3.189, 3.189, 5.185, 90, 90, 120])
    if name == "graphene":
        cell = [[2.46, 0, 0], [-1.23, 2.1304, 0], [0, 0, 10]]
        return Atoms("C2", scaled_positions=[[0, 0, 0.5], [1 / 3, 2 / 3, 0.5]], cell=cell, pbc=True)
    if name == "diamond":
        return build(["C"], [(0, 0, 0)], spacegroup=227, cellpar=[3.567] * 3 + [90] * 3)
    return build(
        ["Sr", "Ti", "O"],
        [(0.5, 0.5, 0.5), (0, 0, 0), (0.5, 0, 0)],
        spacegroup=221,
        cellpar=[3.905] * 3 + [90] * 3,
    )


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
@pytest.mark.parametrize("repeat", [1, 2])
@pytest.mark.parametrize(
    "name", ["silica", "gallium nitride", "graphene", "diamond", "strontium titanate"]
)
def test_networks_are_no_molecules(name, repeat):
    atoms = crystal(name).repeat(repeat)
    ids, _ = find_molecules(atoms.numbers, atoms.positions, atoms.cell[:], PERIODIC)
    assert not ids.any()


def test_molecules_between_networks_are_still_found():
    carbon = crystal("graphene").repeat((4, 4, 1))
    ma = load_molecule("MA")
    numbers = np.concatenate([carbon.numbers, ma.numbers])
    positions = np.vstack([carbon.positions, ma.positions + np.array([3, 3, 0.2])])
    ids, _ = find_molecules(numbers, positions, carbon.cell[:], PERIODIC)
    assert (ids[:32] == 0).all()
    assert (ids[32:] == 1).all()


def test_water_and_carbonate_are_molecules():
    water = [[0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0]]
    carbonate = np.array([[0, 0, 0], [1.29, 0, 0], [-0.645, 1.117, 0], [-0.645, -1.117, 0]]) + 6
    numbers = np.array([8, 1, 1, 6, 8, 8, 8, 20])
    ids, _ = find_molecules(numbers, np.vstack([water, carbonate, [[9.0, 0, 0]]]))
    assert ids.tolist() == [1, 1, 1, 2, 2, 2, 2, 0]


def test_no_atoms():
    ids, whole = find_molecules(np.zeros(0, dtype=int), np.zeros((0, 3)))
    assert ids.shape == (0,)
    assert whole.shape == (0, 3)


def test_identified_molecule_keeps_order_and_geometry_given():
    pea = load_molecule("PEA")
    order = np.random.default_rng(0).permutation(len(pea.numbers))
    found = identify_molecule(pea.numbers[order], pea.positions[order] + [7, 8, 9])
    assert found.name == "PEA"
    assert (found.numbers == pea.numbers[order]).all()
    assert np.abs(found.positions - pea.positions[order]).max() < 1e-3
    assert (found.charges == pea.charges[order]).all()
    assert [found.numbers[i] for i in found.head] == [7]


def test_another_conformer_is_recognised():
    ba = load_molecule("BA")
    positions = ba.positions.copy()
    axis = ba.positions[2] - ba.positions[1]  # the second C-C bond; the head lies beyond
    tail = ba.positions[:, 0] > 0
    positions[tail] = turned(positions[tail] - ba.positions[2], axis, 115.0) + ba.positions[2]
    assert np.abs(positions - ba.positions).max() > 0.5
    assert identify_molecule(ba.numbers, positions).name == "BA"


def turned(vectors, axis, degrees):
    from scipy.spatial.transform import Rotation

    return Rotation.from_rotvec(axis / np.linalg.norm(axis) * np.radians(degrees)).apply(vectors)


def test_isomers_are_told_apart():
    para, meta = load_molecule("pFPEA"), load_molecule("mFPEA")
    assert para.formula == meta.formula
    assert identify_molecule(meta.numbers, meta.positions).name == "mFPEA"
    assert identify_molecule(para.numbers, para.positions).name == "pFPEA"


def test_unknown_molecules_are_none():
    ma = load_molecule("MA")
    assert identify_molecule(ma.numbers[:-1], ma.positions[:-1]) is None
    assert identify_molecule(np.array([8, 1, 1]), np.eye(3)) is None
    trp = load_molecule("Trp")
    assert identify_molecule(trp.numbers, trp.positions * [1, 1, -1]) is None


def test_racemic_entries_accept_both_hands():
    amp = load_molecule("3AMP")
    assert "@" not in amp.smiles
    for mirror in ([1, 1, 1], [1, 1, -1]):
        assert identify_molecule(amp.numbers, amp.positions * mirror).name == "3AMP"


def test_all_molecules_of_a_structure_at_once():
    parts = [load_molecule(name) for name in ("R-MBA", "FA", "S-MBA", "R-MBA")]
    numbers = np.concatenate([part.numbers for part in parts] + [[53], [8, 1, 1]])
    positions = np.vstack(
        [part.positions + np.array([0, 0, 12 * k]) for k, part in enumerate(parts)]
        + [[[0, 20, 0]], [[0, 40, 0], [0.96, 40, 0], [-0.24, 40.93, 0]]]
    )
    ids, whole = find_molecules(numbers, positions)
    names, charges = identify_molecules(numbers, whole, ids)
    assert names == ("R-MBA", "FA", "S-MBA", "R-MBA", "")
    known = len(numbers) - 4
    expected = np.concatenate([part.charges for part in parts])
    assert charges[:known] == pytest.approx(expected)
    assert np.isnan(charges[known:]).all()


def test_no_molecules_at_once():
    names, charges = identify_molecules(np.array([55]), np.zeros((1, 3)), np.array([0]))
    assert names == ()
    assert np.isnan(charges).all()


def test_fragment_with_ammonium_puts_the_charge_there():
    oa = load_molecule("OA")
    made = molecule_from_fragment("mine", oa.numbers, oa.positions + 3, 1)
    assert (made.name, made.formula, made.charge) == ("mine", oa.formula, 1.0)
    assert made.head == oa.head
    assert (made.charges == oa.charges).all()
    assert np.abs(made.positions - oa.positions).max() < 1e-3


@pytest.mark.parametrize(
    ("numbers", "charge", "head"), [((6, 8, 8), -1.0, (1, 2)), ((6, 6), 1.0, (0, 1))]
)
def test_fragment_without_ammonium_spreads_the_charge(numbers, charge, head):
    positions = np.array([[0, 0, 0], [1.25, 0, 0], [-0.6, 1.1, 0]])[: len(numbers)]
    made = molecule_from_fragment("mine", np.array(numbers), positions, charge)
    assert made.head == head
    assert made.charges.sum() == charge


def test_fragment_without_atoms_is_refused():
    with pytest.raises(StructureFileError, match="no atoms"):
        molecule_from_fragment("mine", np.zeros(0, dtype=int), np.zeros((0, 3)), 0)
