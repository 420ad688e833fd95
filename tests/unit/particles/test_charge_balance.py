"""Candidates and the entries of the ledger."""

from __future__ import annotations

import numpy as np

from heterobuild.labels import Site
from heterobuild.particles.charge_balance import Candidates, ledger_entries


def mixed(**changes):
    fields = {
        "points": np.zeros((5, 3)),
        "charge": np.array([1.0, 1, 2, -1, -1]),
        "species": np.array([0, 1, 2, 3, 3]),
        "names": ("Cs", "FA", "Sr", "Br"),
        "site": np.array([Site.A, Site.A, Site.A, Site.X, Site.X]),
        "bonds": np.array([1, 2, 4, 1, 1]),
        "present": np.array([True, True, True, True, False]),
    }
    return Candidates(**{**fields, **changes})


def test_removal_takes_the_charge_away_and_addition_brings_it():
    assert mixed().effect.tolist() == [-1, -1, -2, 1, -1]


def test_neighbours_inside_follow_the_role_unless_given():
    site = np.array([Site.A, Site.X, Site.SPACER, Site.A, Site.X])
    assert mixed(site=site).bonds_inside.tolist() == [8, 2, 4, 8, 2]
    assert mixed(full=np.arange(5)).bonds_inside.tolist() == [0, 1, 2, 3, 4]


def test_entries_count_by_action_site_and_species():
    entries = ledger_entries(mixed(), np.arange(5), where="wall of dot 3", policy="remove-A")
    told = [(e.action, e.species, e.site, e.count, e.charge) for e in entries]
    assert told == [
        ("added", "Br", "X", 1, -1.0),
        ("removed", "Cs", "A", 1, -1.0),
        ("removed", "FA", "A", 1, -1.0),
        ("removed", "Sr", "A", 1, -2.0),
        ("removed", "Br", "X", 1, 1.0),
    ]
    assert {(e.where, e.why) for e in entries} == {("wall of dot 3", "neutrality: remove-A")}


def test_another_reason_takes_the_place_of_neutrality():
    entries = ledger_entries(mixed(), np.array([0]), where="x", policy="remove-A", why="for amines")
    assert [entry.why for entry in entries] == ["for amines: remove-A"]


def test_no_change_makes_no_entries():
    assert ledger_entries(mixed(), np.empty(0, dtype=int), where="surface", policy="none") == ()


def test_sums_of_charges_in_molecules_count_as_whole():
    charge = np.array([1.0, 0.1 * 3 + 0.7, 2, -1, -1 + 1e-9])
    assert set(mixed(charge=charge).effect.tolist()) == {-1.0, -2.0, 1.0}
