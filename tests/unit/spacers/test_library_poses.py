"""Known poses: found, adapted, and left alone where they do not belong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from heterobuild.chemistry.molecules import load_molecule
from heterobuild.data_files import read_toml
from heterobuild.layered.building import layered_crystal
from heterobuild.layered.gaps import lower_face, upper_face
from heterobuild.layered.options import LayeredIons
from heterobuild.layered.sheets import make_sheet
from heterobuild.spacers import library_poses, packing
from heterobuild.spacers.arranging import MOST_ADDED
from heterobuild.spacers.bodies import as_spacer, turn_over
from heterobuild.spacers.fits import FARTHEST_LEAN, HEAD_DEPTH
from heterobuild.spacers.galleries import make_gallery
from heterobuild.spacers.library_poses import (
    FILE,
    adapt,
    halide_of,
    known_poses,
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


def keys():
    return sorted({(entry["spacer"], entry["halide"]) for entry in ENTRIES})


@pytest.mark.parametrize(("name", "halide"), keys())
def test_every_spacer_has_room_in_its_reference_gallery(name, halide):
    entries = [e for e in ENTRIES if (e["spacer"], e["halide"]) == (name, halide)]
    reference = min(entries, key=lambda e: abs(e["length"] - LENGTHS[halide][0]))
    gallery = space(as_spacer(load_molecule(name)), halide, reference["offset"])
    known = [pose.arrangement for pose in known_poses(gallery, reference["wanted"])]
    assert len(known) == len(entries)
    found = [adapt(gallery, pose, reference["thickness"]).clearance for pose in known]
    assert max(found) >= 1


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: f"{e['spacer']}-{e['halide']}")
def test_entries_are_within_what_is_allowed(entry):
    assert entry["clearance"] >= 1
    assert 0 <= entry["thickness"] - entry["wanted"] < MOST_ADDED
    assert np.hypot(*entry["pose"][3:5]) <= FARTHEST_LEAN + 1e-3
    if entry["spacer"] not in {"3AMP", "4AMP"}:
        assert 0.5 < entry["pose"][5] <= HEAD_DEPTH


@pytest.mark.parametrize(
    ("names", "layers"),
    [
        (("BA", "MA", "Pb", "Br"), 4),
        (("BA", "FA", "Sn", "I"), 4),
        (("5AVA", "MA", "Pb", "I"), 4),
        (("PEA", "MA", "Pb", "Cl"), 1),
        (("PEA", "Cs", "Sn", "Br"), 2),
        (("OA", "MA", "Pb", "I"), 1),
        (("PMA", "MA", "Sn", "I"), 3),
        (("pFPEA", "MA", "Pb", "Br"), 1),
        (("R-MBA", "MA", "Pb", "Cl"), 1),
        (("S-MBA", "MA", "Pb", "I"), 2),
        (("NMA", "MA", "Pb", "I"), 2),
    ],
)
def test_usual_phases_need_no_refinement(names, layers, monkeypatch):
    """The poses fit as they are, so that the first build is quick."""

    def refused(*_args, **_options):
        raise AssertionError("a pose was refined")

    monkeypatch.setattr(library_poses, "refine", refused)
    monkeypatch.setattr(packing, "arrange", refused)
    ions = LayeredIons(**dict(zip(("spacer", "a", "b", "x"), names, strict=True)))
    crystal = layered_crystal(ions, (layers,))
    assert crystal.z == 4


def test_entries_are_unique():
    rows = [tuple(map(str, entry.values())) for entry in ENTRIES]
    assert len(set(rows)) == len(rows)
    assert {"BA", "PEA", "PMA", "R-MBA", "S-MBA", "3AMP", "4AMP"} <= {row[0] for row in rows}


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
    assert known_poses(space(as_spacer(ba)), 7.0)
    assert known_poses(space(as_spacer(bent)), 7.0) == []
    assert known_poses(space(turn_over(as_spacer(load_molecule("4AMP")))), 4.2) == []


@pytest.mark.parametrize("shift", [(0.0, 0.0), (0.5, 0.5), (0.5, 0.0), (0.0, 0.5)])
def test_offset_of_a_gallery(shift):
    gallery = space(as_spacer(load_molecule("BA")), shift=shift)
    assert offset_of(gallery) == shift
    assert halide_of(gallery) == "I"


def test_an_odd_offset_is_none():
    assert offset_of(space(as_spacer(load_molecule("BA")), shift=(0.25, 0.1))) is None
