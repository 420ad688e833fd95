"""Orientation, form and surface of shells on their own lattice."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.geometry.rotations import from_axis_angles
from heterobuild.incoherent.shell_parts import (
    IncoherentShells,
    covers_all,
    judge_one_policy,
    own_form,
    refuse_charging_ligands,
    shell_rotation,
)
from heterobuild.particles.forms import make_form
from heterobuild.particles.options import ParticleShape

CUBIC, TETRAGONAL = load_crystal("CsPbBr3_cubic"), load_crystal("CsPb2Br5")
ISOLATED = load_crystal("Cs4PbBr6")


def test_the_charge_is_not_left_to_ligands():
    refuse_charging_ligands("auto")
    with pytest.raises(UsageError, match=r"lattices of their own.*leave neutrality out"):
        refuse_charging_ligands("ligands")


def test_wall_and_surface_have_one_policy_where_they_meet():
    judge_one_policy(IncoherentShells(), "remove-A", "shell")
    judge_one_policy(IncoherentShells(wall_neutrality="remove-A"), "remove-A", "shell")
    with pytest.raises(UsageError, match=r"surface of shell.*found wall_neutrality refuse"):
        judge_one_policy(IncoherentShells(wall_neutrality="refuse"), "auto", "shell")


def test_what_a_shell_covers():
    assert covers_all(IncoherentShells(), 2)
    shells = IncoherentShells(covers=("cap 60", "all"))
    assert [covers_all(shells, k) for k in (1, 2)] == [False, True]


def test_the_known_relation_is_taken_unless_another_is_asked_for():
    known, turn = shell_rotation(CUBIC, np.eye(3), TETRAGONAL, IncoherentShells())
    assert known is not None
    assert np.degrees(np.arccos(turn[0, 0])) == pytest.approx(45.0)
    none, upright = shell_rotation(
        CUBIC, np.eye(3), TETRAGONAL, IncoherentShells(relation="aligned")
    )
    assert none is None
    np.testing.assert_allclose(upright, np.eye(3), atol=1e-9)


def test_a_shell_without_relation_turns_with_its_core():
    standing = from_axis_angles(np.array([[0, 0, 1, 20.0]]))[0]
    relation, turn = shell_rotation(CUBIC, standing, ISOLATED, IncoherentShells())
    assert relation is None
    np.testing.assert_allclose(turn, standing, atol=1e-9)


def test_the_room_of_another_crystal_is_smaller_than_its_outside():
    form = make_form(ParticleShape(octahedra=6), CUBIC)
    other = own_form(form, ISOLATED, np.eye(3))
    assert other.shape is form.shape
    point = np.array([[form.shape.half[0] - 0.5, 0.0, 0.0]])
    assert form.carving.distance(point)[0] < 0 < other.carving.distance(point)[0]
