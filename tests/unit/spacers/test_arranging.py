"""The driver of the search: room found, spacing grown, tightness refused."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.chemistry.molecules import load_molecule
from heterobuild.errors import UsageError
from heterobuild.layered.gaps import lower_face, upper_face
from heterobuild.layered.sheets import make_sheet
from heterobuild.spacers.arranging import arrange, refined, too_wide
from heterobuild.spacers.bodies import as_spacer
from heterobuild.spacers.galleries import make_gallery
from heterobuild.spacers.pose_search import Wishes


def space(name, *, length=6.26, bond=3.18, shift=(0.5, 0.5), above=True, **options):
    sheet = make_sheet("Pb", "I", 1, length=length, bond=bond)
    upper = lower_face(sheet, np.array(shift) @ sheet.square) if above else None
    spacer = as_spacer(load_molecule(name))
    return make_gallery(spacer, sheet.cell, upper_face(sheet), upper, **options)


def test_room_at_the_wanted_spacing_leaves_it():
    found, distance = arrange(space("BA"), 7.3, Wishes(), grow=True)
    assert distance == 7.3
    assert found.clearance >= 1


def test_the_spacing_grows_to_the_least_one():
    gallery = space("BA")
    found, distance = arrange(gallery, 5.5, Wishes(), grow=True, tried=1)
    assert 5.5 < distance < 7.2
    assert found.clearance >= 1


def test_a_spacing_that_must_not_grow_is_refused():
    with pytest.raises(UsageError, match="does not fit between the sheets"):
        arrange(space("BA"), 5.0, Wishes(), grow=False, tried=1)


def test_without_interdigitation_layers_are_thicker():
    upright = Wishes(tilt=10.0)
    wide = arrange(space("BA", interdigitation=False), 8.4, upright, grow=True, tried=1)[1]
    narrow = arrange(space("BA"), 8.4, upright, grow=True, tried=1)[1]
    assert wide > narrow + 0.2


@pytest.mark.parametrize("name", ["TMPA"])
def test_a_wide_spacer_is_refused_with_numbers(name):
    with pytest.raises(UsageError, match=r"too wide .* 29\.\d Å² in a square of 39\.2 Å²"):
        arrange(space(name), 8.0, Wishes(), grow=True)


def test_in_a_small_square_more_spacers_are_too_wide():
    with pytest.raises(UsageError, match="too wide for the square"):
        arrange(space("PEA", length=4.4, bond=2.24), 10.0, Wishes(), grow=True)


def test_on_a_free_face_there_is_no_spacing():
    found, distance = arrange(space("PEA", above=False), 0.0, Wishes(), grow=True)
    assert distance == 0.0
    assert found.clearance >= 1


def test_nothing_hopeful_is_not_refined():
    assert refined(space("BA"), [], 7.0, Wishes()) is None


def test_the_shortest_contact_is_named():
    assert "0.72" in str(too_wide(space("BA"), 0.9, Wishes()))
    assert "far less" in str(too_wide(space("BA"), 0.0, Wishes()))


def test_a_given_pose_is_blamed_and_not_the_width():
    with pytest.raises(UsageError, match="in the pose that was given"):
        arrange(space("OA"), 12.0, Wishes(tilt=65.0, azimuth=45.0, roll=0.0), grow=True, tried=1)
