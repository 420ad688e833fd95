"""Refinement and ranking of arrangements."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from heterobuild.chemistry.molecules import load_molecule
from heterobuild.layered.gaps import lower_face, upper_face
from heterobuild.layered.sheets import make_sheet
from heterobuild.spacers.bodies import as_spacer
from heterobuild.spacers.fits import FARTHEST_LEAN
from heterobuild.spacers.galleries import make_gallery
from heterobuild.spacers.pose_search import (
    Arrangement,
    Wishes,
    best_of,
    bound_poses,
    judge_poses,
    refine,
    roles_of,
)
from heterobuild.spacers.poses import Image

SHEET = make_sheet("Pb", "I", 1, length=6.26, bond=3.18)
POSE = np.array([25.0, 180.0, 165.0, 1.0, 0.0, 0.55])


def gallery(name, shift=(0.5, 0.5)):
    faces = upper_face(SHEET), lower_face(SHEET, np.array(shift) @ SHEET.square)
    return make_gallery(as_spacer(load_molecule(name)), SHEET.cell, *faces)


def start(space, thickness):
    template = Arrangement(pose=POSE, beside=Image(quarter=1), across=Image(quarter=2))
    roles = roles_of(space, template.beside, template.across)
    return judge_poses(space, POSE[None], roles, thickness, template)[0]


@pytest.mark.parametrize(("name", "count"), [("BA", 4), ("4AMP", 2)])
def test_places_filled(name, count):
    roles = roles_of(gallery(name), Image(quarter=1), Image(quarter=2))
    assert len(roles) == count
    assert roles[0].images == (Image(),)


def test_refinement_gains_and_is_reproducible():
    space = gallery("BA")
    first = start(space, 7.3)
    better = [refine(space, first, 7.3, Wishes()) for _ in range(2)]
    assert better[0].score > first.score + 0.05
    assert (better[0].pose == better[1].pose).all()


def test_the_refined_score_is_that_of_its_pose():
    space = gallery("PEA")
    found = refine(space, start(space, 10.0), 10.0, Wishes(), rounds=4)
    roles = roles_of(space, found.beside, found.across)
    again = judge_poses(space, found.pose[None], roles, 10.0, found)[0]
    assert again.score == pytest.approx(found.score)


@pytest.mark.parametrize(("wish", "place"), [("tilt", 0), ("azimuth", 1), ("roll", 2)])
def test_what_is_fixed_stays(wish, place):
    space = gallery("BA")
    found = refine(space, start(space, 7.3), 7.3, Wishes(**{wish: POSE[place]}), rounds=4)
    assert found.pose[place] == POSE[place]
    assert found.pose[5] == POSE[5]
    assert (found.pose[:3] != POSE[:3]).sum() == 2


def test_a_start_from_another_spacing_is_judged_anew():
    space = gallery("BA")
    proud = replace(start(space, 7.3), score=99.0, clearance=9.0)
    assert refine(space, proud, 5.0, Wishes(), rounds=2, fresh=True).score < 2


def test_bounds_of_tilt_and_displacement():
    poses = np.array([[-80.0, 0, 0, 3.0, 4.0, 0.5], [10.0, 0, 0, 0.3, 0.4, 0.5]])
    bounded = bound_poses(gallery("BA"), poses, 7.0)
    assert bounded[0, :3] == pytest.approx([65.0, 0, 0])
    assert np.hypot(*bounded[0, 3:5]) == pytest.approx(FARTHEST_LEAN)
    assert bounded[1] == pytest.approx(poses[1])


def test_both_heads_of_a_bridge_are_equally_deep():
    space = gallery("4AMP", shift=(0.0, 0.0))
    bounded = bound_poses(space, np.array([[20.0, 0, 0, 0, 0, 0]]), 4.2)
    ends = space.spacer.length * np.cos(np.radians(20))
    assert bounded[0, 5] == pytest.approx((ends - 4.2) / 2)


def test_ties_go_to_the_simpler_image():
    plain = Arrangement(pose=POSE, score=1.0)
    turned = replace(plain, beside=Image(quarter=1))
    worse = replace(plain, score=0.5)
    assert best_of([worse, turned, plain], 2) == [plain, turned]
