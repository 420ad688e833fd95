from __future__ import annotations

import numpy as np
import pytest

from heterobuild.assembly.insert_cavity import Cavity, cavity_reach, find_cavities, grown
from heterobuild.assembly.insert_network import height_range, octahedra_of
from heterobuild.chemistry.molecules import load_molecule


@pytest.fixture(scope="module")
def slab(bare):
    part = bare("CsPbI3_alpha", [[4, 0], [0, 4]], layers=4, symmetric=False)
    return part, octahedra_of(part.atoms, part.whole)


def test_a_halide_goes_with_both_of_its_metals_only(slab):
    part, network = slab
    found = find_cavities(part.atoms, network, load_molecule("PEA"), np.random.default_rng(1))
    assert len(found) > 20
    sizes = [int(one.metals.sum()) for one in found]
    assert sizes == sorted(sizes)
    for one in found[:20]:
        stay = network.bonds[:, ~one.metals]
        assert not stay[one.halides].any()
        left = np.flatnonzero(~one.halides)
        assert (network.bonds[left][:, ~one.metals].sum(axis=0) >= 5).all()
        assert network.complete[one.metals].all()
        assert one.shortage == 2 * one.metals.sum() - one.halides.sum()


def test_poses_lie_inside_the_slab_and_touch_no_ion_that_stays(slab):
    part, network = slab
    low, high = height_range(part.atoms)
    molecule = load_molecule("PEA")
    found = find_cavities(part.atoms, network, molecule, np.random.default_rng(1))
    for one in found[:5]:
        assert low < one.points[:, 2].min()
        assert one.points[:, 2].max() < high
        kept = network.halides[~one.halides]
        for step in np.array([[i, j, 0] for i in (-1, 0, 1) for j in (-1, 0, 1)]):
            images = part.atoms.positions[kept] + step @ np.asarray(part.atoms.cell)
            gaps = np.linalg.norm(one.points[:, None] - images[None], axis=2)
            carbon = molecule.numbers == 6
            assert gaps[carbon].min() > 0.8 * (1.70 + 1.98)


def test_blocks_free_as_many_halides_as_the_closed_form(slab):
    _, network = slab
    seed = int(np.flatnonzero(network.complete)[0])
    metals = np.zeros(len(network.metals), dtype=bool)
    metals[seed] = True
    nothing = np.zeros(len(network.halides), dtype=bool)
    cavity = Cavity(
        points=np.zeros((1, 3)),
        metals=metals,
        halides=nothing,
        cations=np.zeros(len(network.cations), dtype=bool),
    )
    assert cavity_reach(cavity, network).sum() == 6
    assert cavity.shortage == 2
    for _ in range(7):
        cavity = grown(cavity, network)
    assert cavity.metals.sum() == 8
    assert cavity.halides.sum() in {10, 12}
    shared = network.bonds[:, cavity.metals].sum(axis=1) == 2
    assert (cavity.halides == shared).all()
