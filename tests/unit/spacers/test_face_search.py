"""The grid search on one face and across the gallery."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.chemistry.molecules import load_molecule
from heterobuild.layered.gaps import lower_face, upper_face
from heterobuild.layered.sheets import make_sheet
from heterobuild.spacers.bodies import as_spacer
from heterobuild.spacers.face_search import FAR, grid_of_poses, join_faces, pack_faces
from heterobuild.spacers.fits import Role, fit_poses
from heterobuild.spacers.galleries import make_gallery
from heterobuild.spacers.pose_search import Wishes, roles_of

SHEET = make_sheet("Pb", "I", 1, length=6.26, bond=3.18)


@pytest.fixture(scope="module")
def space():
    faces = upper_face(SHEET), lower_face(SHEET, 0.5 * SHEET.square.sum(axis=0))
    return make_gallery(as_spacer(load_molecule("BA")), SHEET.cell, *faces)


@pytest.fixture(scope="module")
def packed(space):
    return pack_faces(space, Wishes())


def test_the_grid_covers_all_directions():
    poses = grid_of_poses(Wishes())
    assert len({tuple(pose) for pose in poses.tolist()}) == len(poses)
    assert sorted(set(poses[:, 0])) == list(range(0, 66, 8))
    assert len(set(poses[poses[:, 0] == 8, 1])) == len(set(poses[:, 2])) == 24
    assert set(poses[poses[:, 0] == 0, 1]) == {0.0}


@pytest.mark.parametrize(
    ("wish", "place"), [("tilt", 0), ("azimuth", 1), ("roll", 2), ("depth", 5)]
)
def test_the_grid_keeps_to_wishes(wish, place):
    poses = grid_of_poses(Wishes(**{wish: 33.0}))
    assert set(poses[:, place]) == {33.0}
    assert len(poses) > 100


def test_the_best_on_a_face_beat_random_poses(space, packed):
    """Nothing among 2000 random poses has more room beside its own image than the search found."""
    rng = np.random.default_rng(1)
    poses = rng.uniform([0, 0, 0, -1, -1, 0.55], [65, 360, 360, 1, 1, 0.55], (2000, 6))
    alone = fit_poses(space, poses, (Role(face=0, pocket=0),), FAR).score()
    assert packed[0].score > np.quantile(alone, 0.99) - 0.02
    scores = np.round([entry.score for entry in packed], 6)
    assert (np.diff(scores) <= 0).all()


def test_joined_faces_are_judged_by_all_contacts(space, packed):
    joined = join_faces(space, packed, 7.2)
    for entry in joined[:5]:
        roles = roles_of(space, entry.beside, entry.across)
        fit = fit_poses(space, entry.pose[None], roles, 7.2)
        assert fit.clearance[0] == pytest.approx(entry.clearance)
    assert joined[0].clearance > 1


def test_a_wider_gallery_has_no_less_room(space, packed):
    best = [join_faces(space, packed[:40], t)[0].score for t in (5.0, 7.2, 14.0)]
    assert best == sorted(best)
    assert best[2] == pytest.approx(packed[0].score, abs=0.15)
