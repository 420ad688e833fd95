"""Known poses: found, adapted, and left alone where they do not belong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from heterobuild.chemistry.molecules import load_molecule
from heterobuild.data_files import read_toml
from heterobuild.layered.gaps import lower_face, upper_face
from heterobuild.layered.sheets import make_sheet
from heterobuild.spacers.bodies import as_spacer, turn_over
from heterobuild.spacers.fits import FARTHEST_LEAN, HEAD_DEPTH
from heterobuild.spacers.galleries import make_gallery
from heterobuild.spacers.library_poses import (
    FILE,
    adapt,
    halide_of,
    known_arrangement,
    library_arrangement,
    offset_of,
)

LENGTHS = {"I": (6.26, 3.18), "Br": (5.90, 2.98), "Cl": (5.60, 2.86)}
ENTRIES = read_toml(FILE)["poses"]


def space(spacer, halide="I", shift=(0.5, 0.5), length=None, bond=None):
    lengths = LENGTHS[halide]
    sheet = make_sheet("Pb", halide, 1, length=length or lengths[0], bond=bond or lengths[1])
    above = lower_face(sheet, np.array(shift) @ sheet.square)
    return make_gallery(spacer, sheet.cell, upper_face(sheet), above)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: f"{e['spacer']}-{e['halide']}")
def test_every_entry_has_room_in_its_reference_gallery(entry):
    gallery = space(as_spacer(load_molecule(entry["spacer"])), entry["halide"], entry["offset"])
    known = known_arrangement(gallery)
    found = adapt(gallery, known, entry["thickness"])
    assert found.clearance == pytest.approx(entry["clearance"], abs=0.03)
    assert found.clearance >= 1
    assert np.hypot(*entry["pose"][3:5]) <= FARTHEST_LEAN + 1e-3
    if not gallery.spacer.two_headed:
        assert entry["pose"][5] == HEAD_DEPTH


def test_entries_are_unique():
    keys = [(e["spacer"], e["halide"], *e["offset"]) for e in ENTRIES]
    assert len(set(keys)) == len(keys)
    assert {"BA", "PEA", "PMA", "R-MBA", "S-MBA", "3AMP", "4AMP"} <= {key[0] for key in keys}


@pytest.mark.parametrize("name", ["BA", "PEA"])
@pytest.mark.parametrize(("length", "bond"), [(6.17, 3.16), (6.4, 3.22)])
def test_poses_adapt_to_other_sheets(name, length, bond):
    gallery = space(as_spacer(load_molecule(name)), length=length, bond=bond)
    found, distance = library_arrangement(gallery, 10.0 if name == "PEA" else 7.2, grow=False)
    assert found.clearance >= 1
    assert distance == (10.0 if name == "PEA" else 7.2)


def test_where_there_is_no_room_there_is_no_answer():
    gallery = space(as_spacer(load_molecule("BA")))
    assert library_arrangement(gallery, 3.0, grow=False) is None
    assert library_arrangement(gallery, 3.0, grow=True) is None


def test_other_molecules_have_no_entry():
    ba = load_molecule("BA")
    bent = replace(ba, positions=ba.positions + np.random.default_rng(0).normal(0, 0.1, (17, 3)))
    assert known_arrangement(space(as_spacer(ba))) is not None
    assert known_arrangement(space(as_spacer(bent))) is None
    assert known_arrangement(space(turn_over(as_spacer(load_molecule("4AMP"))))) is None


@pytest.mark.parametrize("shift", [(0.0, 0.0), (0.5, 0.5), (0.5, 0.0), (0.0, 0.5)])
def test_offset_of_a_gallery(shift):
    gallery = space(as_spacer(load_molecule("BA")), shift=shift)
    assert offset_of(gallery) == shift
    assert halide_of(gallery) == "I"


def test_an_odd_offset_is_none():
    assert offset_of(space(as_spacer(load_molecule("BA")), shift=(0.25, 0.1))) is None
