"""Bonds by the table of links against all pairs of positions within a distance."""

import numpy as np
import pytest
from ase import Atoms
from ase.neighborlist import neighbor_list

from heterobuild.compounds import load_crystal
from heterobuild.frameworks.block import Block
from heterobuild.frameworks.emission import site_positions
from heterobuild.frameworks.framework import framework_of
from heterobuild.frameworks.sites import Sites
from heterobuild.labels import Site
from heterobuild.relaxation.site_bonds import bridges_of, cavities_of, host_bonds, octahedra_of

NAMES = ["CsPbBr3:cubic", "CsPbBr3_orthorhombic"]


def lattice(name, cells=(3, 2, 2), periodic=(True, True, True)):
    """Return sites of a block, numbers of the occupied ones, and the same as atoms of ASE."""
    framework = framework_of(load_crystal(name))
    block = Block(framework=framework, origin=(0, 0, 0), cells=cells, periodic=periodic)
    ones = np.ones(block.grid, dtype=np.int16)
    sites = Sites(block=block, species=ones, region=ones, layer=ones, table=())
    number = np.arange(ones.size, dtype=np.int32)
    points = site_positions(sites, number, rotation=np.eye(3))
    roles = np.broadcast_to(framework.site, block.grid).ravel()
    cell = framework.cell * np.array(cells)[:, None]
    return sites, number, Atoms(roles, points, cell=cell, pbc=periodic)


def pairs(atoms, one, other, cutoff):
    i, j, vectors = neighbor_list("ijD", atoms, cutoff)
    chosen = (atoms.numbers[i] == one) & (atoms.numbers[j] == other)
    return rows(i[chosen], j[chosen], vectors[chosen])


def rows(i, j, vectors):
    return sorted(
        (int(a), int(b), *(float(x) + 0.0 for x in v.round(4)))
        for a, b, v in zip(i, j, vectors, strict=True)
    )


def close(found, expected):
    assert len(found) == len(expected)
    assert np.array(found) == pytest.approx(np.array(expected), abs=2e-4)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("periodic", [(True, True, True), (True, True, False)])
def test_octahedra(name, periodic):
    sites, number, atoms = lattice(name, periodic=periodic)
    centres, corners, arms = octahedra_of(sites, number, np.eye(3))
    there = corners >= 0
    found = rows(np.repeat(centres[:, None], 6, axis=1)[there], corners[there], arms[there])
    close(found, pairs(atoms, Site.B, Site.X, 3.5))
    assert there.all() == all(periodic)


def test_bridges_of_a_cubic_crystal():
    sites, number, atoms = lattice("CsPbBr3:cubic", (3, 3, 3))
    i, j, steps = bridges_of(sites, number, np.eye(3))
    both = rows(np.append(i, j), np.append(j, i), np.vstack([steps, -steps]))
    close(both, pairs(atoms, Site.B, Site.B, 6.5))


def test_a_bridge_needs_its_halide():
    sites, number, _ = lattice("CsPbBr3:cubic", (3, 3, 3))
    gone = number.copy()
    halide = int(
        np.flatnonzero(
            np.broadcast_to(sites.block.framework.site, sites.block.grid).ravel() == Site.X
        )[0]
    )
    gone[halide] = -1
    assert len(bridges_of(sites, number, np.eye(3))[0]) == 81
    assert len(bridges_of(sites, gone, np.eye(3))[0]) == 80


def test_cavities_of_a_cubic_crystal():
    sites, number, atoms = lattice("CsPbBr3:cubic", (3, 3, 3))
    close(rows(*cavities_of(sites, number, np.eye(3))), pairs(atoms, Site.A, Site.X, 4.5))


@pytest.mark.parametrize("name", NAMES)
def test_bonds_of_one_cell(name):
    framework = framework_of(load_crystal(name))
    turn = np.array([[0.0, 1, 0], [-1, 0, 0], [0, 0, 1]])
    bonds = host_bonds(framework, turn)
    count = len(framework.b_units)
    assert bonds.arms.shape == (count, 6, 3)
    assert len(bonds.cavity_bonds[0]) == 12 * count
    lengths = np.linalg.norm(bonds.arms, axis=2)
    assert lengths == pytest.approx(2.95, abs=0.1)
    assert bonds.arms.sum(axis=1) == pytest.approx(0, abs=1e-6)
