"""Areas and depths of what is painted, against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.reporting.canvas import (
    blank,
    blend_triangles,
    halved,
    outline,
    paint_spheres,
    paint_sticks,
)

RED = np.array([[1.0, 0.0, 0.0]])
BLUE = np.array([[0.0, 0.0, 1.0]])


def painted(canvas):
    return np.isfinite(canvas.depth)


def test_sphere_is_a_disc_with_the_depth_of_a_ball():
    canvas = blank(200, 200)
    paint_spheres(canvas, np.array([[100.5, 80.5, 5.0]]), np.array([40.0]), RED)
    assert painted(canvas).sum() == pytest.approx(np.pi * 40**2, rel=0.01)
    assert canvas.depth[80, 100] == pytest.approx(45.0)
    assert canvas.depth[80, 124] == pytest.approx(5 + np.sqrt(40**2 - 24**2))


def test_near_sphere_hides_the_far_one_whatever_the_order():
    near, far = np.array([[50.0, 50.0, 10.0]]), np.array([[50.0, 50.0, -10.0]])
    pictures = []
    for first, second, colours in ((near, far, (RED, BLUE)), (far, near, (BLUE, RED))):
        canvas = blank(100, 100)
        paint_spheres(canvas, first, np.array([20.0]), colours[0])
        paint_spheres(canvas, second, np.array([20.0]), colours[1])
        pictures.append(canvas.colour)
    assert np.array_equal(*pictures)
    assert pictures[0][50, 50, 0] > pictures[0][50, 50, 2]


@pytest.mark.parametrize("slope", [0.0, 30.0, -30.0])
def test_stick_has_the_area_of_its_shadow_and_the_depth_of_its_front(slope):
    canvas = blank(200, 200)
    start, end = np.array([[40.0, 100.0, 0.0]]), np.array([[160.0, 100.0, slope]])
    paint_sticks(canvas, start, end, 10.0, RED)
    length = np.hypot(120.0, slope)
    front = slope / 2 + 10.0 * length / 120.0
    assert painted(canvas).sum() == pytest.approx(120 * 20, rel=0.06)
    assert canvas.depth[100, 100] == pytest.approx(front, abs=0.3)


def test_stick_towards_the_viewer_is_left_to_its_spheres():
    canvas = blank(50, 50)
    paint_sticks(canvas, np.array([[25.0, 25.0, 0.0]]), np.array([[25.0, 25.0, 9.0]]), 3.0, RED)
    assert not painted(canvas).any()


def test_triangle_tints_only_what_lies_behind_it():
    canvas = blank(100, 100)
    paint_spheres(canvas, np.array([[50.0, 50.0, 60.0]]), np.array([5.0]), RED)
    before = canvas.colour.copy()
    triangle = np.array([[[10.0, 10.0, 0.0], [90.0, 10.0, 0.0], [10.0, 90.0, 0.0]]])
    blend_triangles(canvas, triangle, BLUE, 0.5)
    changed = np.any(canvas.colour != before, axis=-1)
    assert not changed[50, 47]
    hidden = painted(canvas) & (np.add.outer(np.arange(100), np.arange(100)) + 1 <= 100)
    assert changed.sum() == pytest.approx(80 * 80 / 2 - hidden.sum(), rel=0.03)


def test_opacity_is_the_share_of_the_triangle():
    mixtures = []
    for opacity in (0.0, 0.4, 1.0):
        canvas = blank(40, 40)
        triangle = np.array([[[-50.0, -50.0, 0.0], [200.0, -50.0, 0.0], [-50.0, 200.0, 0.0]]])
        blend_triangles(canvas, triangle, BLUE, opacity)
        mixtures.append(canvas.colour[20, 20])
    white, mixed, full = mixtures
    assert np.allclose(white, 1.0)
    assert np.allclose(mixed, 0.6 * white + 0.4 * full)


def test_what_lies_outside_is_cut_off():
    canvas = blank(20, 20)
    paint_spheres(canvas, np.array([[-100.0, 5.0, 0.0]]), np.array([10.0]), RED)
    paint_sticks(canvas, np.array([[-9.0, 400.0, 0]]), np.array([[9.0, 400.0, 0]]), 1.0, RED)
    assert np.array_equal(canvas.colour, np.ones((20, 20, 3)))


def test_rim_is_darkened_and_the_middle_is_not():
    canvas = blank(60, 60)
    paint_spheres(canvas, np.array([[30.0, 30.0, 0.0]]), np.array([20.0]), RED)
    before = canvas.colour.copy()
    outline(canvas, step=5.0, strength=0.5)
    darker = np.any(canvas.colour < before, axis=-1)
    assert darker.any()
    assert not darker[20:40, 20:40].any()


def test_half_size_is_the_mean_of_four():
    canvas = blank(2, 4)
    canvas.colour[0, 0] = 0.0
    assert np.allclose(halved(canvas), [[[0.75] * 3, [1.0] * 3]])
