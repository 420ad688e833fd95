"""The elastic estimate of sites against lattices whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.frameworks.block import Block
from heterobuild.frameworks.emission import site_positions
from heterobuild.frameworks.framework import framework_of
from heterobuild.frameworks.sites import EMPTY, Sites
from heterobuild.frameworks.species import wanted_shares
from heterobuild.relaxation.site_network import estimate_positions
from heterobuild.relaxation.spring_constants import fit_constants

STIFFNESS = np.diag([40.0, 40.0, 40.0, 8.0, 8.0, 8.0])
STIFFNESS[:3, :3] += 10.0 * (1 - np.eye(3))
CONSTANTS = fit_constants(STIFFNESS, 5.874)


def sites_of(name, cells, periodic, region=None, basis=None):
    crystal = load_crystal(name)
    block = Block(
        framework=framework_of(crystal, basis), origin=(2, -3, 1), cells=cells, periodic=periodic
    )
    shares = wanted_shares(block.framework, (crystal,))
    kinds = shares.shares[0].argmax(axis=1).astype(np.int16)
    species = np.broadcast_to(kinds, block.grid).copy()
    codes = np.ones(block.grid, dtype=np.int8) if region is None else region(block)
    return Sites(block=block, species=species, region=codes, layer=codes, table=shares.species)


def estimate(sites, stretch, rotation=None, parts=1, **options):
    rotation = np.eye(3) if rotation is None else rotation
    return estimate_positions(sites, [CONSTANTS] * parts, stretch, rotation=rotation, **options)


TILTED = ["CsPbBr3_cubic", "CsPbBr3_orthorhombic", "MAPbI3_tetragonal"]


@pytest.mark.parametrize("name", TILTED)
def test_a_closed_lattice_that_fits_does_not_move(name):
    sites = sites_of(name, (2, 1, 2), (True,) * 3)
    found = estimate(sites, np.zeros(sites.species.size))
    assert np.abs(found.moves).max() < 1e-8
    assert np.nanmax(np.abs(found.octahedra.volumetric)) < 1e-8


@pytest.mark.parametrize("name", TILTED)
def test_a_closed_cell_takes_the_length_of_its_phase(name):
    sites = sites_of(name, (2, 2, 1), (True,) * 3)
    found = estimate(sites, np.full(sites.species.size, 0.02), free_strain=(True,) * 6, rounds=6)
    assert found.relaxed.strain == pytest.approx(0.02 * np.eye(3), abs=1e-6)
    assert np.abs(found.moves).max() < 1e-4


@pytest.mark.parametrize("name", TILTED)
def test_a_free_body_swells_as_a_whole(name):
    sites = sites_of(name, (3, 3, 3), (False,) * 3)
    found = estimate(sites, np.full(sites.species.size, 0.015), rounds=8)
    points = site_positions(sites, found.index)
    new = points + found.moves[found.index]
    roles = sites.block.framework.site[found.index % len(sites.block.framework.site)]
    lead = roles == 2
    before = points[lead] - points[lead].mean(axis=0)
    after = new[lead] - new[lead].mean(axis=0)
    lengths = np.linalg.norm(before[:, None] - before[None], axis=2)
    found_lengths = np.linalg.norm(after[:, None] - after[None], axis=2)
    one_percent_of_the_growth = 0.01 * 0.015 * lengths.max()
    assert found_lengths == pytest.approx(1.015 * lengths, abs=one_percent_of_the_growth)
    assert np.nanmax(np.abs(found.lattice)) < 0.01 * 0.015


def test_empty_sites_have_no_springs():
    sites = sites_of("CsPbBr3_cubic", (4, 4, 4), (False,) * 3)
    sites.species[0] = EMPTY
    found = estimate(sites, np.full(sites.species.size, 0.01))
    assert len(found.index) == 3 * 4 * 4 * 5
    moves = found.moves.reshape(*sites.block.grid, 3)
    assert not moves[0].any()
    assert moves[1:].any()


def layered_parts(block):
    codes = np.ones(block.grid, dtype=np.int8)
    codes[block.cells[0] // 2 :] = 2
    return codes


def test_a_superlattice_takes_the_strain_of_poisson():
    sites = sites_of("CsPbBr3_cubic", (24, 1, 1), (True,) * 3, region=layered_parts)
    stretch = np.where(sites.region.ravel() == 1, 1e-3, -1e-3)
    found = estimate(sites, stretch, parts=2)
    code = sites.region.ravel()[found.centres]
    place = found.centres // (sites.species.size // 24)
    middle = np.isin(place % 12, (5, 6))
    inplane = np.where(code == 1, -1e-3, 1e-3)
    assert found.lattice[:, 1] == pytest.approx(inplane, rel=0.01)
    across = -2 * 10.0 / 40.0 * inplane
    assert found.lattice[middle, 0] == pytest.approx(across[middle], rel=0.02)


WIRES = [
    ("CsPbBr3_orthorhombic", [[1, 0, 0], [0, 1, 0], [1, 0, 1]]),
    ("CsPbBr3_cubic", [[1, 0, 0], [0, 1, 0], [0, 1, 1]]),
    ("CsPbBr3_cubic", [[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
]


@pytest.mark.parametrize(("name", "basis"), WIRES)
def test_the_cell_of_a_wire_relaxes_along_its_axis_only(name, basis):
    sites = sites_of(name, (3, 3, 2), (False, False, True), basis=np.array(basis))
    axis = sites.block.framework.cell[2] / np.linalg.norm(sites.block.framework.cell[2])
    other = np.linalg.svd(axis[None])[2][1]
    rotation = np.array([other, np.cross(axis, other), axis]).T
    free = (False, False, True, False, False, False)
    found = estimate(sites, np.full(sites.species.size, 0.01), rotation, free_strain=free, rounds=8)
    assert found.relaxed.strain[2, 2] == pytest.approx(0.01, rel=1e-3)
    with pytest.raises(UsageError, match="xx"):
        estimate(
            sites,
            np.full(sites.species.size, 0.01),
            rotation,
            free_strain=(True, False, False, False, False, False),
        )


def test_frameworks_without_cations_have_no_cavities():
    sites = sites_of("CsPbBr3_cubic", (3, 3, 3), (True,) * 3)
    cations = sites.block.framework.site == 1
    sites.species[..., cations] = EMPTY
    found = estimate(sites, np.zeros(sites.species.size))
    assert np.abs(found.moves).max() < 1e-8
    spacers = sites_of("PEA2PbI4", (1, 1, 1), (True,) * 3)
    assert not (spacers.block.framework.site == 1).any()
