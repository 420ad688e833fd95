"""Labelled atoms of sites against copies made one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.distance import pdist
from scipy.spatial.transform import Rotation

from heterobuild import labels
from heterobuild.compounds import load_crystal
from heterobuild.frameworks.block import Block
from heterobuild.frameworks.emission import site_atoms, site_positions
from heterobuild.frameworks.framework import framework_of
from heterobuild.frameworks.occupancy import occupy
from heterobuild.frameworks.sites import EMPTY, Sites
from heterobuild.frameworks.species import wanted_shares

TURN = Rotation.from_euler("xyz", [31, -17, 64], degrees=True).as_matrix()


def sites_of(name, cells=(2, 3, 2), origin=(-4, 7, 1), holes=0.0):
    crystal = load_crystal(name)
    block = Block(
        framework=framework_of(crystal), origin=origin, cells=cells, periodic=(False,) * 3
    )
    rng = np.random.default_rng(5)
    region = (rng.random(block.grid) >= holes).astype(np.int8)
    shares = wanted_shares(block.framework, (crystal,))
    species = occupy(block, region, shares, rng=rng)
    layer = np.arange(1, region.size + 1, dtype=np.int16).reshape(block.grid)
    return Sites(block=block, species=species, region=region, layer=layer, table=shares.species)


def emitted(sites, rotation=TURN, **options):
    return site_atoms(
        sites,
        rotation=rotation,
        shift=np.array([1.0, 2.0, 3.0]),
        cell=np.eye(3) * 99,
        pbc=(False, True, False),
        **options,
    )


def test_positions_of_chosen_sites_are_those_of_all():
    sites = sites_of("CsPbBr3_orthorhombic")
    whole = site_positions(sites, rotation=TURN, shift=np.ones(3))
    index = np.random.default_rng(0).permutation(sites.species.size)[:50]
    assert site_positions(sites, index, rotation=TURN, shift=np.ones(3)) == pytest.approx(
        whole[index]
    )
    framework = sites.block.framework
    for flat in index[:10].tolist():
        *cell, unit = np.unravel_index(flat, sites.block.grid)
        point = framework.centres[unit] + (np.array(cell) + sites.block.origin) @ framework.cell
        assert whole[flat] == pytest.approx(point @ TURN + 1)
    assert site_positions(sites)[0] == pytest.approx(
        framework.centres[0] + np.array(sites.block.origin) @ framework.cell
    )


@pytest.mark.parametrize("name", ["CsPbBr3_orthorhombic", "4AMP_PbI4", "RMBA2PbI4"])
def test_atoms_are_those_of_the_repeated_crystal(name):
    sites = sites_of(name, cells=(2, 1, 2))
    atoms, molecules = emitted(sites)
    crystal = sites.block.framework.crystal
    assert not crystal.placed
    steps = np.array(list(np.ndindex(2, 1, 2))) + sites.block.origin
    points = (crystal.atoms.positions[None] + (steps @ crystal.cell)[:, None]).reshape(-1, 3)
    expected = points @ TURN + (1, 2, 3)
    numbers = np.tile(crystal.atoms.numbers, len(steps))
    charge = np.tile(crystal.atoms.arrays[labels.CHARGE], len(steps))
    roles = np.tile(crystal.atoms.arrays[labels.SITE], len(steps))
    ours = np.lexsort(atoms.positions.round(5).T)
    theirs = np.lexsort(expected.round(5).T)
    assert atoms.positions[ours] == pytest.approx(expected[theirs], abs=1e-6)
    assert np.array_equal(atoms.numbers[ours], numbers[theirs])
    assert np.array_equal(atoms.arrays[labels.CHARGE][ours], charge[theirs])
    assert np.array_equal(atoms.arrays[labels.SITE][ours], roles[theirs])
    assert [m.name for m in molecules] == [m.name for m in crystal.molecules]
    assert set(labels.NAMES) <= set(atoms.arrays)
    assert atoms.pbc.tolist() == [False, True, False]


@pytest.mark.parametrize("name", ["MAPbI3_tetragonal", "RMBA2PbI4", "FA0.85Cs0.15Pb(I0.8Br0.2)3"])
def test_molecules_have_ids_without_gaps_and_all_their_atoms(name):
    sites = sites_of(name, holes=0.4)
    atoms, molecules = emitted(sites)
    ids = atoms.arrays[labels.MOLECULE]
    kind = atoms.arrays[labels.KIND]
    assert ids.min() == 0
    found = np.unique(ids[ids > 0])
    assert np.array_equal(found, np.arange(1, len(found) + 1))
    expected = sum(
        int((sites.species == k).sum())
        for k, entry in enumerate(sites.table)
        if entry.molecule is not None
    )
    assert len(found) == expected
    assert ((ids > 0) == (kind > 0)).all()
    crystal = sites.block.framework.crystal
    own = crystal.atoms.arrays[labels.MOLECULE]
    shapes = [np.sort(pdist(crystal.atoms.positions[own == n])) for n in range(1, own.max() + 1)]
    for number in found.tolist():
        members = np.flatnonzero(ids == number)
        body = molecules[kind[members[0]] - 1]
        assert (np.diff(members) == 1).all()
        assert np.array_equal(atoms.numbers[members], body.numbers)
        shape = np.sort(pdist(atoms.positions[members]))
        assert any(len(s) == len(shape) and np.allclose(s, shape, atol=1e-6) for s in shapes)


def test_every_array_follows_its_site():
    sites = sites_of("MAPbI3_tetragonal", holes=0.5)
    size = sites.species.size
    values, moves = np.arange(size, dtype=float), np.zeros((size, 3))
    moves[:, 0] = np.arange(size) / 10
    plain, _ = emitted(sites)
    atoms, _ = emitted(sites, extra={"mark": values}, moves=moves)
    assert np.array_equal(atoms.arrays["mark"] + 1, atoms.arrays[labels.LAYER])
    assert atoms.positions[:, 0] - plain.positions[:, 0] == pytest.approx(atoms.arrays["mark"] / 10)
    assert atoms.positions[:, 1:] == pytest.approx(plain.positions[:, 1:])
    assert atoms.arrays[labels.REGION].all()
    assert len(np.unique(atoms.arrays["mark"])) == (sites.species != EMPTY).sum()


def test_molecules_keep_their_shape_in_a_strained_model():
    sites = sites_of("MAPbI3_tetragonal", cells=(1, 1, 1))
    strain = np.diag([0.03, -0.02, 0.01])
    plain, _ = emitted(sites)
    atoms, _ = emitted(sites, rotation=TURN @ (np.eye(3) + strain))
    ids = atoms.arrays[labels.MOLECULE]
    lead = atoms.numbers == 82
    moved = (plain.positions[lead] - (1, 2, 3)) @ (np.eye(3) + strain) + (1, 2, 3)
    assert atoms.positions[lead] == pytest.approx(moved)
    for number in range(1, ids.max() + 1):
        before, after = plain.positions[ids == number], atoms.positions[ids == number]
        assert pdist(after) == pytest.approx(pdist(before), abs=1e-9)
        assert np.sign(np.linalg.det((after - after[0])[1:4])) == np.sign(
            np.linalg.det((before - before[0])[1:4])
        )


def test_sites_that_are_all_empty_give_no_atoms():
    sites = sites_of("CsPbBr3_cubic")
    empty = replace(sites, species=np.full_like(sites.species, EMPTY))
    atoms, molecules = emitted(empty)
    assert len(atoms) == 0
    assert molecules == ()
