"""The painted scene: scale, field of view, radii."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from heterobuild.reporting.cut import make_cut
from heterobuild.reporting.painting import bounds, render
from heterobuild.reporting.scene import make_scene


def test_scale_is_true(slab):
    scene = make_scene(slab, along="b", height=6.0, depth=6.0, turn=0.0)
    painted = render(scene, np.array([-2.0, -5.0]), np.array([38.0, 10.0]), scale=5.0)
    assert painted.shape == (75, 200, 3)
    columns = np.flatnonzero(np.any(painted < 0.98, axis=(0, 2)))
    right = (columns[-1] + 1) / 5.0 - 2.0
    # the highest plane, at 21 Å, holds Cs, the largest sphere: 0.36 × 2.44 Å
    assert right == pytest.approx(21.0 + 0.36 * 2.44, abs=0.25)


def test_field_of_view_holds_the_whole_particle(slab):
    slab.pbc = False
    slab.positions[slab.numbers == 55] += [40.0, 0.0, 0.0]
    low, high = bounds(make_cut(slab, through=(0.0, 0.0, 0.0), depth=1.0))
    assert low[0] < 0.0
    assert high[0] > 43.0


def test_tall_pictures_are_widened_about_their_middle(slab):
    scene = make_scene(slab, along="b", height=6.0, depth=6.0, turn=0.0)
    tall = replace(scene, extent=np.array([[0.0, -100.0], [34.0, 100.0]]))
    low, high = bounds(tall)
    assert (high - low)[1] == pytest.approx(203.0)
    assert (high - low)[0] == pytest.approx(203.0 / 1.2)
    assert (low + high)[0] / 2 == pytest.approx(sum(b[0] for b in bounds(scene)) / 2, abs=0.01)


def test_thin_atoms_are_joints_of_sticks(slab):
    scene = make_cut(slab)
    low, high = bounds(scene)
    thin = replace(scene, thin=np.ones(len(scene.atoms), dtype=bool))
    full, sticks = (render(s, low, high, scale=6.0) for s in (scene, thin))
    assert (full < 0.3).any(axis=2).sum() > (sticks < 0.3).any(axis=2).sum()
