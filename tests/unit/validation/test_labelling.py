"""Labels: complete, known, used."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from ase import Atoms

from heterobuild.validation import check
from heterobuild.validation.labelling import check_labels
from heterobuild.validation.view import view_atoms


def test_complete_labels_are_silent(make_interface, levels_of):
    assert levels_of(check(make_interface()), "labels") == {"info"}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("region", 0, "no region"),
        ("layer", 0, "no layer"),
        ("site", 0, "no site"),
        ("site", 42, "unknown site"),
        ("region", 7, "not in the list of regions"),
        ("molecule", 3, "without a kind"),
        ("kind", 1, "without a molecule"),
    ],
)
def test_each_fault_fires(make_interface, change, name, value, words):
    built = make_interface()
    array = built.atoms.arrays[name].copy()
    array[[3, 5]] = value
    report = check(change(built, **{name: array}))
    fault = next(f for f in report.findings if f.check == "labels" and words in f.message)
    assert fault.level == "error"
    assert fault.value == 2
    assert fault.atoms == (3, 5)


def test_missing_array_fires(make_interface):
    built = make_interface()
    atoms = built.atoms.copy()
    del atoms.arrays["layer"]
    report = check(replace(built, atoms=atoms))
    assert any("layer" in f.message and f.level == "error" for f in report.findings)


def test_unused_region_fires(make_interface, change):
    built = make_interface()
    ones = np.ones(len(built.atoms), dtype=int)
    report = check(change(built, region=ones))
    assert any("no atom belongs to the region film" in f.message for f in report.findings)


def test_foreign_file_needs_no_labels():
    rock = Atoms("NaCl", [[0, 0, 0], [2.82, 0, 0]], cell=[5.64] * 3, pbc=True)
    assert [f.level for f in check_labels(view_atoms(rock, foreign=True))] == ["info"]
