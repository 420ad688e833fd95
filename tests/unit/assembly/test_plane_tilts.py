from dataclasses import replace

import numpy as np
import pytest

from heterobuild.assembly.contact import bring_together
from heterobuild.assembly.filling import Frame
from heterobuild.assembly.plane_tilts import plane_tilts
from heterobuild.assembly.stack import stack_parts
from heterobuild.compounds import load_crystal
from heterobuild.tilts.angles import tilt_angles


@pytest.fixture
def planes_of(bring):
    def planes(film, substrate, face="001pc", **options):
        ours, theirs, cell = bring((film, face, None), (substrate, face, None), **options)
        frame = Frame(cell=cell, repeats=(1, 1), seed=0)
        contacts = [bring_together(theirs, ours, frame)]
        atoms, _ = stack_parts([theirs, ours], contacts, frame.whole)
        return plane_tilts(atoms, [theirs, ours], contacts)[0], contacts[0]

    return planes


@pytest.mark.parametrize("name", ["CsPbBr3_orthorhombic", "CsPbI3_gamma", "CsSnI3_beta"])
def test_inner_planes_have_the_tilts_of_the_crystal(planes_of, name):
    planes, _ = planes_of(name, name, layers=2)
    wanted = tilt_angles(load_crystal(name))
    for plane in planes[:-1]:
        assert sorted(np.abs(plane.amplitudes)) == pytest.approx(sorted(wanted.angles), abs=0.02)
        assert sorted(plane.signs) == sorted(wanted.signs)


def test_planes_are_counted_from_below_in_each_part(planes_of):
    planes, _ = planes_of("CsPbBr3_cubic", "CsPbBr3_orthorhombic", layers=3)
    assert [(plane.part, plane.plane) for plane in planes] == [
        ("substrate", 1),
        ("substrate", 2),
        ("substrate", 3),
        ("film", 1),
        ("film", 2),
        ("film", 3),
    ]
    assert [plane.signs for plane in planes[-3:]] == ["000"] * 3


def test_the_axes_have_the_same_names_on_both_sides(planes_of):
    """The amplitudes of a crystal grown on itself have the same sense below and above."""
    planes, contact = planes_of("CsPbBr3_orthorhombic", "CsPbBr3_orthorhombic", layers=2)
    assert contact.continues
    senses = {tuple(np.sign(plane.amplitudes).astype(int)) for plane in planes}
    assert len(senses) == 1


def test_nothing_is_told_where_no_network_runs_on(planes_of):
    planes, contact = planes_of("CsPbBr3_cubic", "CsCl", face="001", strain=0.2)
    assert not contact.continues
    assert planes == []


def test_halides_far_from_a_part_change_nothing(planes_of, monkeypatch):
    names = ("CsPbBr3_cubic", "CsPbBr3_orthorhombic")
    found, _ = planes_of(*names, layers=2)
    monkeypatch.setattr("heterobuild.assembly.plane_tilts.REACHED", 50.0)
    wide, _ = planes_of(*names, layers=2)
    for plane, other in zip(found, wide, strict=True):
        assert plane.amplitudes == pytest.approx(other.amplitudes, abs=1e-9)


def test_corners_are_not_borrowed_across_a_wall_where_the_network_ends(bring):
    ours, theirs, cell = bring(*(("CsPbBr3_orthorhombic", "001pc", None),) * 2, layers=2)
    frame = Frame(cell=cell, repeats=(1, 1), seed=0)
    contact = bring_together(theirs, ours, frame)
    parts = [theirs, ours, theirs]
    atoms, _ = stack_parts(parts, [contact, contact], frame.whole)
    whole = plane_tilts(atoms, parts, [contact, contact])[0]
    ended = plane_tilts(atoms, parts, [contact, replace(contact, continues=False)])[0]
    assert [plane.octahedra for plane in ended[:3]] == [plane.octahedra for plane in whole[:3]]
    assert {plane.part for plane in ended} == {"substrate", "film"}
    assert len(ended) == 4  # the third part has no wall that continues
