"""What is taken away ends all contacts, and not much more than the fewest units."""

import numpy as np
import pytest

from heterobuild.coherent.mixtures_fields import Morphology
from heterobuild.compounds import load_crystal
from heterobuild.frameworks.framework import framework_of
from heterobuild.geometry.rotations import random_rotations
from heterobuild.incoherent.grains_clashes import resolve
from heterobuild.incoherent.grains_contacts import find_contacts
from heterobuild.incoherent.grains_filling import Filling, chosen_sites, filled
from heterobuild.incoherent.grains_kept import site_charges, without_contacts
from heterobuild.incoherent.grains_layout import grain_layout
from heterobuild.labels import Site

CELL = 60.0 * np.eye(3)


@pytest.fixture(scope="module", params=[("Cs4PbBr6", "CsPbBr3"), ("CsPbI3:cubic", "CsPbI3_delta")])
def cleared(request):
    frameworks = [framework_of(load_crystal(name)) for name in request.param]
    morphology = Morphology(kind="grains", length=20.0, spectrum="smooth", count=5, spread=None)
    layout = grain_layout(morphology, CELL, [0.5, 0.5], seed=1)([0.5, 0.5])
    turns = random_rotations(5, np.random.default_rng(1))
    filling = Filling(gap=0.0, cations="random", seed=1)
    chosen = [
        chosen_sites(place, frameworks[place.phase], turns[k], filling, number=k + 1)
        for k, place in enumerate(layout.places)
    ]
    grains = [filled(each, filling) for each in chosen if each is not None]
    contacts = find_contacts(grains, CELL, [False] * len(grains), 0.0)
    removal = resolve(grains, contacts)
    return grains, contacts, removal, without_contacts(grains, removal)


def stays(contacts, kept):
    return np.array([kept[g].sites[s] for g, s in zip(contacts.grain, contacts.site, strict=True)])


def test_no_contact_is_left(cleared):
    _, contacts, removal, kept = cleared
    there = stays(contacts, kept)
    assert removal.pairs == contacts.near.sum() > 50
    assert not (there[contacts.first] & there[contacts.second])[contacts.near].any()


def test_octahedra_go_whole(cleared):
    """Every metal that stays has all its halides, none of a lost one is left alone."""
    grains, _, _, kept = cleared
    for grain, left in zip(grains, kept, strict=True):
        block = grain.draft.sites.block
        sites = left.sites.reshape(block.grid)
        for b, v, *step in block.framework.links.tolist():
            if block.framework.site[v] == Site.X:
                cells = np.argwhere(left.octahedra[..., b]) + step
                assert sites[(*cells.T, np.full(len(cells), v))].all()


def test_little_more_than_needed_goes(cleared):
    """A cover is at least as large as a matching: contacts that share no unit."""
    grains, contacts, removal, _ = cleared
    gone = sum(int(o.sum()) for o in removal.octahedra) + sum(int(s.sum()) for s in removal.sites)
    used, matching = set(), 0
    for first, second in zip(
        contacts.first[contacts.near], contacts.second[contacts.near], strict=True
    ):
        ends = set()
        for atom in (first, second):
            grain = grains[contacts.grain[atom]]
            site = contacts.site[atom]
            role = grain.draft.sites.block.framework.site[site % grain.draft.sites.block.grid[3]]
            # Halides of one octahedron are close together: their metal stands for them.
            ends.add((contacts.grain[atom], "X" if role == Site.X else "A", site))
        if not ends & used:
            used |= ends
            matching += 1
    assert matching / 3 <= gone <= 2 * matching


def test_charges_of_what_is_left(cleared):
    grains, _, _, kept = cleared
    for grain, left in zip(grains, kept, strict=True):
        atoms = grain.atoms[left.sites[grain.site_of]]
        assert left.charge == pytest.approx(atoms.arrays["formal_charge"].sum())
        assert left.charge == pytest.approx(site_charges(grain)[left.sites].sum())


def test_nothing_touches_nothing_goes(cleared):
    grains, contacts, _, _ = cleared
    lonely = find_contacts(grains[:1], 500 * np.eye(3), [False], 0.0)
    removal = resolve(grains[:1], lonely)
    assert removal.pairs == 0
    assert not removal.octahedra[0].any()
    assert len(contacts.first) > 0
