"""What was taken away, counted."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from ase.data import chemical_symbols
from scipy.spatial.distance import cdist

from heterobuild.incoherent.opening_records import opening_record, shortest_contacts
from heterobuild.incoherent.openings import open_host


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
