"""Planes of mixed composition along the normal."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from heterobuild.assembly.contact import bring_together
from heterobuild.assembly.filling import Frame
from heterobuild.assembly.graded_ions import Exchange
from heterobuild.assembly.graded_spacing import (
    graded_heights,
    plane_stretches,
    region_as_spaced,
    space_planes,
)
from heterobuild.assembly.graded_walls import graded_walls, stack_planes
from heterobuild.assembly.stack import region_of, stack_parts
from heterobuild.model import WallProfile


@pytest.fixture
def stack(bring):
    film, substrate, cell = bring(
        ("CsPbBr3_cubic", "001", "PbBr2"), ("CsPbCl3_cubic", "001", "CsCl"), layers=4
    )
    frame = Frame(cell=cell, repeats=(1, 1), seed=0)
    contact = bring_together(substrate, film, frame)
    atoms, _ = stack_parts([substrate, film], [contact], frame.whole)
    planes = stack_planes(atoms)
    profile = WallProfile(kind="erf", width=10.0)
    (wall,) = graded_walls(planes, [substrate, film], [contact], [profile])
    return atoms, planes, wall, [substrate, film]


def exchanged(wall, share):
    n = len(wall.planes)
    return Exchange(
        role="X",
        ions=("Cl", "Br"),
        charge=-1.0,
        changed=np.empty(0, dtype=int),
        chosen=np.empty(0, dtype=int),
        share=share,
        sites=np.ones(n, dtype=int),
        asked=np.zeros((n, 2)),
        reached=np.zeros((n, 2)),
        mixed=np.ones(n, dtype=bool),
    )


def spacings(planes, region):
    return np.diff(planes.height[planes.region == region])


def test_a_part_made_of_the_other_has_its_spacing(stack):
    """Vegard's end: a substrate of film everywhere is spaced as the film is, and the reverse."""
    atoms, planes, wall, parts = stack
    film = spacings(planes, 2).mean()
    everywhere = plane_stretches(wall, [exchanged(wall, np.zeros(len(wall.planes)))], parts)
    moved, height, (step,) = space_planes(atoms, planes, everywhere)
    now = replace(planes, height=height)
    assert spacings(now, 1) == pytest.approx(np.full(len(spacings(now, 1)), film))
    assert spacings(now, 2) == pytest.approx(spacings(planes, 2))
    grown = step.values["change_of_thickness_A"]
    assert moved.cell[2, 2] - atoms.cell[2, 2] == pytest.approx(grown, abs=1e-5)
    assert grown == pytest.approx(
        len(spacings(now, 1)) * (film - spacings(planes, 1).mean()), abs=1e-5
    )


def test_half_and_half_is_spaced_halfway(stack):
    atoms, planes, wall, parts = stack
    half = plane_stretches(wall, [exchanged(wall, np.full(len(wall.planes), 0.5))], parts)
    _, height, _ = space_planes(atoms, planes, half)
    now = replace(planes, height=height)
    mean = (spacings(planes, 1).mean() + spacings(planes, 2).mean()) / 2
    for region in (1, 2):
        assert spacings(now, region) == pytest.approx(np.full(len(spacings(now, region)), mean))


def test_the_strain_declared_is_that_of_the_repeats(stack):
    _, planes, _, parts = stack
    region = region_of(parts[0], 1)
    same = region_as_spaced(region, parts[0], planes, planes.height)
    assert same.strain == pytest.approx(region.strain)
    longer = region_as_spaced(region, parts[0], planes, 1.02 * planes.height)
    assert longer.strain[2, 2] == pytest.approx((1 + region.strain[2, 2]) * 1.02 - 1)
    assert longer.strain[0, 0] == region.strain[0, 0]


def test_sharp_walls_move_nothing(stack):
    atoms, planes, wall, parts = stack
    assert not plane_stretches(wall, [], parts).any()
    moved, height, steps = space_planes(atoms, planes, np.zeros(len(planes.height)))
    assert moved is atoms
    assert (height == planes.height).all()
    assert steps == ()


def test_gaps_between_parts_stay():
    height, change = graded_heights(
        np.array([0.0, 3.0, 6.5, 9.5]), np.array([1, 1, 2, 2]), np.array([0.1, 0.1, 0.0, 0.0])
    )
    assert np.diff(height) == pytest.approx([3.3, 3.5, 3.0])
    assert change == pytest.approx(0.3)
