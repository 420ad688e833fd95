import numpy as np
import pytest

from heterobuild.defects import room
from heterobuild.defects.room import largest_voids, room_at, room_of_images, surroundings
from heterobuild.defects.units import rigid_table
from heterobuild.validation import CheckLimits


def test_what_has_room_passes_the_check_of_contacts():
    limits = CheckLimits()
    assert limits.anions_error <= room.ANIONS
    assert limits.cations_error <= room.CATIONS
    assert limits.unlike_error <= room.UNLIKE
    assert limits.interface_unlike_error <= room.UNLIKE_ACROSS
    assert limits.vdw_error <= room.MOLECULAR


def test_surroundings_are_all_images_in_reach(stack):
    units = rigid_table(stack)
    centre = units.centres[[40]]
    around = surroundings(units, centre, charge=-1.0)
    steps = np.stack(np.meshgrid([-2, -1, 0, 1, 2], [-2, -1, 0, 1, 2], [0]), -1).reshape(-1, 3)
    images = (units.positions[None] + (steps @ units.cell)[:, None]).reshape(-1, 3)
    near = np.linalg.norm(images - centre, axis=1) <= 9.0
    assert len(around.points) == near.sum()


def test_room_is_the_distance_over_what_is_allowed(stack):
    units = rigid_table(stack)
    lead = int(np.flatnonzero((units.layer == 4) & (units.charge == 2))[0])
    around = surroundings(units, units.centres[[lead]], [lead], charge=-1.0, region=2)
    length = np.linalg.norm(around.points - units.centres[lead], axis=1).min()
    found = room_at(units.centres[[lead]], np.array([1.96]), around)[0]
    assert found == pytest.approx(length / (2 * 1.96) / 0.7)


def test_the_largest_void_is_where_a_fine_grid_finds_it(stack):
    units = rigid_table(stack)
    hosts = np.flatnonzero((units.region == 2) & (np.abs(units.layer - 4) <= 1))
    around = surroundings(units, units.centres[hosts], charge=-1.0)
    points, found = largest_voids(1.96, around, units.centres[hosts])
    heights = units.centres[hosts, 2]
    inside = (points[:, 2] > heights.min()) & (points[:, 2] < heights.max())
    x = np.arange(0, 5.68, 0.142)
    z = np.arange(heights.min(), heights.max(), 0.1)
    grid = np.stack(np.meshgrid(x, x, z), axis=-1).reshape(-1, 3)
    best = room_at(grid, np.full(len(grid), 1.96), around).max()
    assert found[inside].max() >= best - 0.005
    assert found[inside].max() <= best * 1.03


def test_the_vacuum_is_no_void(stack):
    units = rigid_table(stack)
    top = np.flatnonzero(units.layer == units.layer.max())
    points, _ = largest_voids(
        1.96, surroundings(units, units.centres[top], charge=-1.0), units.centres[top]
    )
    assert points[:, 2].max() < units.centres[top, 2].max() + 1.0


def test_an_ion_sees_its_own_images(stack):
    units = rigid_table(stack)
    own = room_of_images(units, np.zeros((1, 3)), 10.0, 0.9)[0]
    assert own == pytest.approx(np.linalg.norm(units.cell[0]) / 9.0)
    pair = room_of_images(units, np.array([[2.0, 0, 0]]), 4.0, 1.0)[0]
    assert pair == pytest.approx(0.5)
