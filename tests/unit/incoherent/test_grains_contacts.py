"""Pairs across walls against ASE's neighbour list."""

import numpy as np
import pytest
from ase import Atoms
from ase.neighborlist import neighbor_list

from heterobuild.coherent.mixtures_fields import Morphology
from heterobuild.compounds import load_crystal
from heterobuild.frameworks.framework import framework_of
from heterobuild.geometry.rotations import random_rotations
from heterobuild.incoherent.grains_contacts import (
    distances_allowed,
    find_contacts,
    shortest_contacts,
)
from heterobuild.incoherent.grains_filling import Filling, chosen_sites, filled
from heterobuild.incoherent.grains_layout import grain_layout
from heterobuild.incoherent.touching import kinds_of

CELL = np.diag([46.0, 44.0, 48.0])


def grains_of(names, count, seed=2):
    frameworks = [framework_of(load_crystal(name)) for name in names]
    morphology = Morphology(kind="grains", length=20.0, spectrum="smooth", count=count, spread=None)
    layout = grain_layout(morphology, CELL, [0.5, 0.5], seed=seed)([0.5, 0.5])
    turns = random_rotations(count, np.random.default_rng(seed))
    filling = Filling(gap=0.0, cations="random", seed=seed)
    chosen = [
        chosen_sites(place, frameworks[place.phase], turns[k], filling, number=k + 1)
        for k, place in enumerate(layout.places)
    ]
    return [filled(each, filling) for each in chosen if each is not None]


@pytest.mark.parametrize(
    ("names", "count"),
    [(("Cs4PbBr6", "CsPbBr3"), 4), (("Cs4PbBr6", "MAPbBr3:cubic"), 3), (("CsPbBr3",) * 2, 2)],
)
def test_touching_pairs_are_those_of_ase(names, count):
    """Two grains fill the cell: many walls are between a grain and its own image."""
    grains = grains_of(names, count)
    contacts = find_contacts(grains, CELL, [False] * len(grains), 0.0)
    owner = np.concatenate([np.full(len(g.atoms), k) for k, g in enumerate(grains)])
    points = np.concatenate([g.atoms.positions for g in grains])
    numbers = np.concatenate([g.atoms.numbers for g in grains])
    everything = Atoms(numbers, points, cell=CELL, pbc=True)
    i, j, vectors = neighbor_list("ijD", everything, 4.6)
    direct = np.abs(points[j] - points[i] - vectors).max(axis=1) < 1e-6
    across = (owner[i] != owner[j]) | ~direct
    kinds = [kinds_of(g.atoms) for g in grains]
    table = list(dict.fromkeys(kind for own, _ in kinds for kind in own))
    code = np.concatenate([[table.index(own[k]) for k in codes] for own, codes in kinds])
    allowed = distances_allowed(table, 0.0)
    length = np.linalg.norm(vectors, axis=1)
    near = across & (length < allowed[code[i], code[j]])
    assert near.sum() > 20
    assert 2 * contacts.near.sum() == near.sum()
    assert np.sort(np.repeat(contacts.length[contacts.near], 2)) == pytest.approx(
        np.sort(length[near]), abs=1e-6
    )


def test_shortest_contacts_of_what_stays():
    grains = grains_of(("Cs4PbBr6", "CsPbBr3"), 4)
    contacts = find_contacts(grains, CELL, [False] * 4, 0.0)
    every = [np.ones(g.draft.sites.species.size, dtype=bool) for g in grains]
    found = shortest_contacts(contacts, every)
    assert min(found.values()) == pytest.approx(contacts.length.min(), abs=1e-3)
    nothing = [np.zeros_like(sites) for sites in every]
    assert shortest_contacts(contacts, nothing) == {}


def test_gap_is_kept_by_all():
    grains = grains_of(("Cs4PbBr6", "CsPbBr3"), 4)
    kinds = kinds_of(grains[0].atoms)[0]
    assert distances_allowed(kinds, 5.0).min() == 5.0
    wide = find_contacts(grains, CELL, [False] * 4, 5.0)
    close = find_contacts(grains, CELL, [False] * 4, 0.0)
    assert wide.near.sum() > close.near.sum()
