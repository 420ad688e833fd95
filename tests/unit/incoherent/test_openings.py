"""Crystals opened for particles: whole octahedra, and nothing inside or too near."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from heterobuild.errors import UsageError
from heterobuild.frameworks.block import links_of
from heterobuild.geometry.shapes import sphere
from heterobuild.incoherent.openings import around_guests, open_host, reaches_surface
from heterobuild.labels import Site


def test_the_opening_holds_nothing_and_octahedra_stay_whole(isolated_host, guest):
    opened = open_host(isolated_host, [guest], gap=0.0)
    block = isolated_host.draft.sites.block
    roles = block.framework.site
    kept = opened.kept.ravel()[isolated_host.site_of]
    there = isolated_host.atoms.positions[kept]
    numbers = isolated_host.atoms.numbers[kept]
    assert np.linalg.norm(there - guest.centre, axis=1).min() > guest.shape.half[0]
    lead, bromine = there[numbers == 82], there[numbers == 35]
    cell = isolated_host.cell
    shifts = np.array(list(np.ndindex(3, 3, 3))) - 1
    images = (bromine[:, None] + (shifts @ cell)[None]).reshape(-1, 3)
    assert ((cdist(lead, images) < 3.4).sum(axis=1) == 6).all()
    bonded = opened.kept[..., roles == Site.X]
    assert bonded.sum() == 6 * opened.octahedra.sum()
    cages = links_of(block, opened.octahedra)[..., roles == Site.A]
    assert (cages[opened.kept[..., roles == Site.A]] > 0).all()


def test_a_gap_is_kept_by_all_ions(isolated_host, guest):
    gap = 6.0
    opened = open_host(isolated_host, [guest], gap=gap)
    kept = opened.kept.ravel()[isolated_host.site_of]
    distance = cdist(
        isolated_host.atoms.positions[kept] - guest.centre, guest.atoms.positions
    ).min()
    touching = open_host(isolated_host, [guest], gap=0.0)
    assert distance >= gap
    assert opened.octahedra.sum() < touching.octahedra.sum()


def test_every_emptied_site_and_wall_site_has_its_guest(isolated_host, guest, far_guest):
    opened = open_host(isolated_host, [guest, far_guest], gap=0.0)
    there = isolated_host.draft.sites.species >= 0
    np.testing.assert_array_equal(opened.taken_for > 0, there & ~opened.kept)
    assert not (opened.wall_of > 0)[~opened.kept].any()
    assert set(np.unique(opened.taken_for)) == set(np.unique(opened.wall_of)) == {0, 1, 2}
    alone = open_host(isolated_host, [guest], gap=0.0)
    assert (opened.taken_for == 1).sum() == (alone.taken_for == 1).sum()


def test_atoms_around_a_guest_are_found_through_the_boundary(isolated_host, guest):
    corner = replace(guest, centre=np.zeros(3))
    ((number, index, points),) = around_guests(isolated_host, [corner], 2.0)
    reach = np.linalg.norm(guest.atoms.positions, axis=1).max() + 2.0
    shifts = (np.array(list(np.ndindex(5, 5, 5))) - 2) @ isolated_host.cell
    images = isolated_host.atoms.positions[:, None] + shifts[None]
    expected = (np.linalg.norm(images, axis=2) < reach).sum()
    assert (number, len(index)) == (0, expected)
    assert np.linalg.norm(points, axis=1).max() < reach


def test_a_matrix_that_vanishes_is_refused(isolated_host, guest):
    huge = replace(guest, shape=sphere(100.0))
    with pytest.raises(UsageError, match="no octahedron of the matrix is left"):
        open_host(isolated_host, [huge], gap=30.0)


def test_a_guest_outside_a_particle_is_refused(shell_host, guest):
    away = replace(guest, centre=np.array([500.0, 0, 0]))
    with pytest.raises(UsageError, match="takes the place of no octahedron"):
        open_host(shell_host, [away], gap=0.0)


def test_an_opening_in_the_middle_leaves_the_surface_alone(shell_host, guest):
    middle = replace(guest, centre=np.zeros(3))
    aside = replace(guest, centre=np.array([25.0, 0, 0]))
    assert not reaches_surface(shell_host, open_host(shell_host, [middle], gap=0.0))
    assert reaches_surface(shell_host, open_host(shell_host, [aside], gap=0.0))
