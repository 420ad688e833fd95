from __future__ import annotations

import numpy as np
import pytest

from heterobuild.assembly.insert_cavity import Cavity
from heterobuild.assembly.insert_lining import lining_places, removed_atoms
from heterobuild.assembly.insert_network import flat_shift, octahedra_of
from heterobuild.chemistry.molecules import load_molecule


@pytest.fixture(scope="module")
def hole(bare):
    """A block of 2 × 2 × 2 octahedra in the middle of four layers, methylammonium in it."""
    part = bare("CsPbI3_alpha", [[4, 0], [0, 4]], layers=4, symmetric=False)
    network = octahedra_of(part.atoms, part.whole)
    points = part.atoms.positions[network.metals]
    levels = [np.unique(points[:, axis].round(3)) for axis in range(3)]
    metals = np.logical_and.reduce(
        [np.isin(points[:, axis].round(3), levels[axis][1:3]) for axis in range(3)]
    )
    keep = network.bonds[:, ~metals].any(axis=1)
    halides = ~keep & network.bonds.any(axis=1)
    middle = points[metals].mean(axis=0)
    molecule = load_molecule("MA")
    cavity = Cavity(
        points=molecule.positions + middle,
        metals=metals,
        halides=halides,
        cations=np.zeros(len(network.cations), dtype=bool),
    )
    return part, network, cavity, molecule


def test_the_block_is_the_one_of_the_closed_form(hole):
    _, _, cavity, _ = hole
    assert [cavity.metals.sum(), cavity.halides.sum(), cavity.shortage] == [8, 12, 4]


def test_added_cations_keep_their_distances(hole):
    part, network, cavity, molecule = hole
    places = lining_places(part.atoms, network, cavity, molecule, 2)
    assert places.shape == (2, 3)
    rest = np.setdiff1d(np.arange(len(part.atoms)), removed_atoms(network, cavity))
    gaps = np.linalg.norm(flat_shift(places, part.atoms.positions[rest], part.whole), axis=2)
    numbers = part.atoms.numbers[rest]
    assert gaps[:, numbers == 53].min() >= 0.92 * (1.88 + 2.20) - 0.01
    assert gaps[:, numbers == 55].min() >= 2 * 1.88 - 0.01
    assert np.linalg.norm(places[0] - places[1]) >= 2 * 1.88 - 0.01


def test_the_first_place_has_the_lowest_potential_of_both(hole):
    part, network, cavity, molecule = hole
    one = lining_places(part.atoms, network, cavity, molecule, 1)
    two = lining_places(part.atoms, network, cavity, molecule, 2)
    assert one[0] == pytest.approx(two[0])


def test_too_many_or_negative_numbers_have_no_places(hole):
    part, network, cavity, molecule = hole
    assert lining_places(part.atoms, network, cavity, molecule, 100) is None
    assert lining_places(part.atoms, network, cavity, molecule, -1) is None
    assert lining_places(part.atoms, network, cavity, molecule, 0).shape == (0, 3)
