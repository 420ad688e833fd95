"""Surface sites and normals of cubes and wires, against the directions of faces, edges, corners."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild import labels
from heterobuild.errors import UsageError
from heterobuild.ligands.anchors import (
    periodic_shifts,
    place_names,
    surface_anchors,
    surface_normals,
    with_periodic_images,
)

EDGE = 5.874


@pytest.mark.parametrize("n", [(3, 3, 3), (2, 3, 4)])
def test_counts_are_those_of_the_closed_forms(n, cuboid):
    anchors = surface_anchors(cuboid(n))
    a, b, c = n
    outer = (a + 1) * (b + 1) * (c + 1) - (a - 1) * (b - 1) * (c - 1)
    assert (anchors.role == "A").sum() == outer
    assert (anchors.role == "X").sum() == 2 * (a * b + b * c + c * a)
    assert anchors.present.all()
    assert set(anchors.charge[anchors.role == "A"].tolist()) == {1.0}


def test_normals_of_a_cube_are_exact(cuboid):
    anchors = surface_anchors(cuboid((4, 4, 4)))
    scaled = np.round(anchors.positions / EDGE, 6)
    outward = (scaled == 4).astype(float) - (scaled == 0)
    expected = outward / np.linalg.norm(outward, axis=1)[:, None]
    assert np.abs(anchors.normals - expected).max() < 1e-9


def test_places_of_a_cube(cuboid):
    anchors = surface_anchors(cuboid((4, 4, 4)))
    mine = anchors.role == "A"
    names = np.array(place_names(anchors.exposure))[mine]
    scaled = np.round(anchors.positions[mine] / EDGE, 6)
    walls = ((scaled == 4) | (scaled == 0)).sum(axis=1)
    assert names.tolist() == [("", "face", "edge", "corner")[k] for k in walls.tolist()]


def test_a_periodic_wire_has_no_ends(cuboid):
    anchors = surface_anchors(cuboid((3, 3, 2), periodic=True))
    assert np.abs(anchors.normals[:, 2]).max() < 1e-9
    assert (anchors.role == "A").sum() == 12 * 2
    assert set(place_names(anchors.exposure)) == {"face", "edge"}


def test_a_point_between_balanced_neighbours_looks_farther(grid):
    # A halide of a BX2 face has one B on either side in the face, and others only below.
    b = grid(np.arange(4), np.arange(4), np.arange(-3, 1)) * EDGE
    normals, exposure = surface_normals(np.array([[1.5, 1.0, 0.0]]) * EDGE, b)
    assert exposure[0] < 1e-9
    assert normals[0] @ [0.0, 0.0, 1.0] > 0.95


def test_images_are_all_points_within_reach(grid):
    cell = np.array([[9.0, 0.0, 0.0], [3.0, 8.0, 0.0], [0.0, 0.0, 50.0]])
    shifts = periodic_shifts(cell, (True, True, False), 20.0)
    wide = grid(np.arange(-9, 10), np.arange(-9, 10), [0]) @ cell
    near = wide[np.linalg.norm(wide, axis=1) <= 20.0]
    assert {tuple(row) for row in near.round(6) + 0.0} <= {
        tuple(row) for row in shifts.round(6) + 0.0
    }
    assert (shifts[0] == 0).all()
    points = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
    images = with_periodic_images(points, cell, (True, True, False), 20.0)
    assert (images[:2] == points).all()
    assert len(images) == 2 * len(shifts)


def test_a_surface_without_b_is_refused(cuboid):
    atoms = cuboid((1, 1, 1))
    with pytest.raises(UsageError, match="without B"):
        surface_anchors(labels.take(atoms, np.flatnonzero(atoms.numbers != 82)))
