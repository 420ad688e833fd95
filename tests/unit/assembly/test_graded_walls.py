"""Which planes a wall can use."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.assembly.contact import bring_together
from heterobuild.assembly.filling import Frame
from heterobuild.assembly.graded_walls import graded_walls, profile_at_each, stack_planes
from heterobuild.assembly.stack import stack_parts
from heterobuild.errors import UsageError
from heterobuild.model import WallProfile

GRADED, SHARP = WallProfile(kind="erf", width=6.0), WallProfile()


def stack(bring, layers=5, endless=True):
    film, substrate, cell = bring(
        ("CsPbBr3_cubic", "001", "CsBr"), ("CsPbCl3_cubic", "001", "PbCl2"), layers=layers
    )
    frame = Frame(cell=cell, repeats=(1, 1), seed=0)
    parts = [substrate, film]
    contacts = [bring_together(substrate, film, frame)]
    if endless:
        contacts.append(bring_together(film, substrate, frame))
    atoms, _ = stack_parts(parts, contacts, frame.whole)
    return stack_planes(atoms), parts, contacts


def test_planes_are_counted_upward(bring):
    planes, parts, _ = stack(bring, endless=False)
    assert (np.diff(planes.height) > 0).all()
    counts = [part.slab.count for part in parts]
    assert np.bincount(planes.region)[1:].tolist() == counts
    assert len(np.unique(planes.plane)) == sum(counts)


def test_one_wall_uses_both_parts(bring):
    planes, parts, contacts = stack(bring, endless=False)
    (wall,) = graded_walls(planes, parts, contacts, [GRADED])
    assert (wall.inner, wall.outer) == (0, 1)
    assert len(wall.planes) == len(planes.height)
    assert (np.diff(wall.distance) > 0).all()
    z = planes.height[wall.planes]
    middle = (z[wall.number == -1] + z[wall.number == 1]) / 2
    assert np.allclose(wall.distance, z - middle)
    assert wall.rooms[0] == pytest.approx(-wall.distance[0] + contacts[0].gap / 2)


@pytest.mark.parametrize("layers", [3, 4, 5])
def test_two_walls_share_their_parts_without_overlap(bring, layers):
    planes, parts, contacts = stack(bring, layers=layers)
    assert all(contact.continues for contact in contacts)
    walls = graded_walls(planes, parts, contacts, [GRADED, GRADED])
    used = np.concatenate([wall.planes for wall in walls])
    assert sorted(used.tolist()) == list(range(len(planes.height)))
    for wall in walls:
        assert (wall.inner, wall.outer) == (0, 1)
        assert set(planes.region[wall.planes[wall.number < 0]].tolist()) == {1}
        assert np.abs(np.diff(wall.distance)).max() < 3.5


def test_a_part_with_one_graded_wall_gives_it_all_planes(bring):
    planes, parts, contacts = stack(bring)
    (wall,) = graded_walls(planes, parts, contacts, [GRADED, SHARP])
    assert len(wall.planes) == len(planes.height)


def test_one_profile_is_for_the_walls_where_the_network_continues(bring):
    film, substrate, cell = bring(
        ("CsPbBr3_cubic", "001", "PbBr2"), ("CsPbCl3_cubic", "001", "CsCl")
    )
    frame = Frame(cell=cell, repeats=(1, 1), seed=0)
    whole = bring_together(substrate, film, frame)
    broken = bring_together(film, substrate, frame)
    assert (broken.continues, whole.continues) == (False, True)
    assert profile_at_each(GRADED, (), [broken, whole]) == [SHARP, GRADED]
    assert profile_at_each(SHARP, (GRADED, SHARP), [broken, whole]) == [GRADED, SHARP]
    with pytest.raises(UsageError, match="network that continues"):
        profile_at_each(GRADED, (), [broken])
    with pytest.raises(UsageError, match=r"1 entries.*2 entries"):
        profile_at_each(SHARP, (GRADED,), [broken, whole])
