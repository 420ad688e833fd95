"""Spacers with two heads: both in pockets, one molecule a pair of pockets."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.chemistry.molecules import load_molecule
from heterobuild.errors import UsageError
from heterobuild.layered.gaps import lower_face, upper_face
from heterobuild.layered.sheets import make_sheet
from heterobuild.spacers.bodies import as_spacer
from heterobuild.spacers.bridging import SHALLOWEST, bridge_faces
from heterobuild.spacers.fits import FARTHEST_LEAN, coordinates
from heterobuild.spacers.galleries import make_gallery
from heterobuild.spacers.pose_search import Wishes, refine, roles_of

SHEET = make_sheet("Pb", "I", 1, length=6.26, bond=3.18)


def space(name, shift=(0.0, 0.0)):
    faces = upper_face(SHEET), lower_face(SHEET, np.array(shift) @ SHEET.square)
    return make_gallery(as_spacer(load_molecule(name)), SHEET.cell, *faces)


@pytest.mark.parametrize(("name", "shift"), [("4AMP", (0.0, 0.0)), ("3AMP", (0.5, 0.0))])
def test_both_heads_are_in_pockets(name, shift):
    gallery = space(name, shift)
    best = refine(gallery, bridge_faces(gallery, 3.9, Wishes())[0], 3.9, Wishes())
    pockets = SHEET.pockets_bottom[:, :2] + np.array(shift) @ SHEET.square
    for role in roles_of(gallery, best.beside, best.across):
        points = gallery.spacer.heads
        ends = coordinates(gallery, best.pose[None], role, 3.9, points=points)[0]
        assert -ends[0, 2] == pytest.approx(ends[1, 2] - 3.9)
        steps = (ends[1, :2] - pockets) @ np.linalg.inv(SHEET.cell)
        gaps = np.linalg.norm((steps - np.rint(steps)) @ SHEET.cell, axis=1)
        assert gaps.min() < FARTHEST_LEAN + 1e-6
        assert np.linalg.norm(ends[1] - ends[0]) == pytest.approx(gallery.spacer.length)


def test_a_wide_gallery_is_refused():
    gallery = space("4AMP")
    most = gallery.spacer.length - 2 * SHALLOWEST
    with pytest.raises(UsageError, match=f"up to {most:.2f}"):
        bridge_faces(gallery, most + 0.05, Wishes())


def test_depth_and_roll_are_kept():
    best = bridge_faces(space("4AMP"), 4.0, Wishes(depth=0.4, roll=70.0))[0]
    assert best.pose[5] == pytest.approx(0.4)
    assert best.pose[2] == 70.0
