"""What was taken away, counted."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from ase.data import chemical_symbols
from scipy.spatial.distance import cdist

from heterobuild.incoherent.opening_records import (
    beside_words,
    opening_record,
    shortest_contacts,
)
from heterobuild.incoherent.openings import open_host
from heterobuild.incoherent.wall_neutrality import neutral_walls


def test_the_ledger_counts_what_is_gone(isolated_host, guest, far_guest):
    guests = [guest, far_guest]
    opened = open_host(isolated_host, guests, gap=0.0)
    entries, step = opening_record(isolated_host, opened, guests)
    kept = opened.kept.ravel()[isolated_host.site_of]
    gone = Counter(chemical_symbols[z] for z in isolated_host.atoms.numbers[~kept])
    counted: Counter[str] = Counter()
    for entry in entries:
        counted[entry.species] += entry.count
        assert entry.action == "removed"
        assert entry.charge == -entry.count * {"Cs": 1, "Pb": 2, "Br": -1}[entry.species]
    assert counted == gone
    assert {entry.where for entry in entries} == {"opening for dot 1", "opening for dot 2"}
    assert step.values["formula_unit"] == "Cs4PbBr6"


def test_formula_units_and_the_rest_make_the_whole(isolated_host, guest):
    opened = open_host(isolated_host, [guest], gap=0.0)
    entries, step = opening_record(isolated_host, opened, [guest])
    told = step.values["guests"]["dot 1"]
    for entry in entries:
        per_unit = {"Cs": 4, "Pb": 1, "Br": 6}[entry.species]
        rest = told["beside_them"].get(entry.species, 0)
        assert entry.count == told["formula_units"] * per_unit + rest
    assert f"{told['formula_units']} Cs4PbBr6" in step.choice


def test_shortest_contacts_are_those_of_all_pairs(isolated_host, guest):
    opened = open_host(isolated_host, [guest], gap=0.0)
    kept = opened.kept.ravel()[isolated_host.site_of]
    found = shortest_contacts(isolated_host, [guest], kept)
    host, own = isolated_host.atoms[kept], guest.atoms
    distance = cdist(host.positions - guest.centre, own.positions)
    bromide = (host.numbers == 35)[:, None] & (own.numbers == 35)[None]
    opposite = (host.numbers == 35)[:, None] != (own.numbers == 35)[None]
    assert found["anions"] == pytest.approx(distance[bromide].min(), abs=1e-3)
    assert found["opposite"] == pytest.approx(distance[opposite].min(), abs=1e-3)
    assert np.isfinite(list(found.values())).all()


def test_what_is_gone_and_what_is_left_make_the_whole(isolated_host, guest):
    before = open_host(isolated_host, [guest], gap=0.0)
    left, _, _ = neutral_walls(isolated_host, before, [guest], "auto", seed=1)
    _, step = opening_record(isolated_host, before, [guest], left)
    kept = left.kept.ravel()[isolated_host.site_of]
    counts = Counter(chemical_symbols[z] for z in isolated_host.atoms.numbers[kept])
    whole = Counter(chemical_symbols[z] for z in isolated_host.atoms.numbers)
    units = step.values["formula_units"]
    assert {k: whole[k] - counts[k] for k in whole} == {
        "Cs": 4 * units,
        "Pb": units,
        "Br": 6 * units,
    }
    assert step.values["beside_them"] == {}
    assert "no B left with fewer halides" in step.choice


def test_halides_that_are_missing_are_counted(cubic_host, guest):
    before = open_host(cubic_host, [guest], gap=0.0)
    left, entries, _ = neutral_walls(cubic_host, before, [guest], "remove-X", seed=1)
    _, step = opening_record(cubic_host, before, [guest], left)
    assert step.values["B_with_fewer_halides"] == sum(entry.count for entry in entries)
    rest = step.values["beside_them"]
    assert rest["Cs"] == rest["Br"]
    assert f"{abs(rest['Cs'])} CsBr fewer" in step.choice


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ({}, ""),
        ({"Cs": -2, "Br": -2}, " and 2 CsBr fewer"),
        ({"Pb": 1, "Br": 2}, " and 1 PbBr2 more"),
        ({"Cs": 2, "Br": 1}, " and 2 Cs more, 1 Br more"),
        ({"Cs": 2, "Br": 1, "I": 1}, " and 2 Cs more, 1 Br more, 1 I more"),
    ],
)
def test_salts_are_named_where_the_rest_is_some(rest, words):
    charges = {"Cs": 1.0, "Pb": 2.0, "Br": -1.0, "I": -1.0}
    assert beside_words(rest, charges) == words
