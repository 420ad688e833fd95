from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from heterobuild.alloys.repeats import pseudocubic_axes, repeat_crystal
from heterobuild.crystals import load_phase, pseudocubic_directions
from heterobuild.errors import UsageError
from heterobuild.particles.options import ParticleShape
from heterobuild.particles.orientation import lattice_translation, orient

PHASES = ["CsPbBr3_cubic", "CsPbI3_gamma", "CsGeBr3_trigonal", "MAPbI3_tetragonal", "Cs2PbI2Cl2"]


@pytest.mark.parametrize("name", PHASES)
def test_default_has_pseudocubic_axes_along_x_y_z(name):
    crystal = load_phase(name)
    placed = orient(ParticleShape(), crystal)
    frame = pseudocubic_directions(crystal.cell, crystal.pseudocubic)
    assert frame @ placed.rotation == pytest.approx(np.eye(3), abs=1e-12)
    assert placed.axes == pytest.approx(pseudocubic_axes(crystal) @ placed.rotation)
    assert placed.along == (0, 1, 2)
    off = placed.axes / np.linalg.norm(placed.axes, axis=1, keepdims=True) - np.eye(3)
    assert np.abs(off).max() < 0.02


@pytest.mark.parametrize("name", [*PHASES, "Cs4PbBr6", "PbI2", "Cs3Cu2I5"])
@pytest.mark.parametrize(
    ("x", "z"),
    [
        ((1, 0, 0), (0, 0, 1)),
        ((1, -1, 0), (0, 0, 1)),
        ((0, 0, 1), (1, 1, 0)),
        ((0, 1, 0), (0, 0, 1)),
    ],
)
def test_directions_lie_where_they_were_asked_for(name, x, z):
    crystal = load_phase(name)
    options = ParticleShape(along_x=x, along_z=z)
    axes = pseudocubic_axes(crystal)
    cosine = (np.array(x) @ axes) @ (np.array(z) @ axes)
    cosine /= np.linalg.norm(np.array(x) @ axes) * np.linalg.norm(np.array(z) @ axes)
    if abs(cosine) > 0.07:
        with pytest.raises(UsageError, match="not perpendicular"):
            orient(options, crystal)
        return
    placed = orient(options, crystal)
    assert np.linalg.det(placed.rotation) == pytest.approx(1)
    assert placed.rotation @ placed.rotation.T == pytest.approx(np.eye(3), abs=1e-12)
    for direction, axis in ((x, 0), (z, 2)):
        vector = np.array(direction) @ placed.axes
        assert vector[axis] / np.linalg.norm(vector) > 0.998


@pytest.mark.parametrize("axis", [(0, 0, 1), (1, 0, 0), (0, 1, 0), (1, 1, 0), (1, 1, 1), (2, 1, 0)])
@pytest.mark.parametrize("name", PHASES[:4])
def test_wire_has_its_translation_along_z(name, axis):
    crystal = load_phase(name)
    placed = orient(ParticleShape(kind="wire", axis=axis), crystal)
    step = lattice_translation(placed.direction, crystal)
    period = step @ crystal.cell @ placed.rotation
    assert period[:2] == pytest.approx([0, 0], abs=1e-8)
    assert period[2] > 0
    vector = np.array(axis) @ placed.axes
    multiple = period[2] / np.linalg.norm(vector)
    assert multiple == pytest.approx(round(multiple), abs=1e-8)
    shorter = [
        m for m in range(1, round(multiple)) if near_whole(m * np.array(axis) @ crystal.pseudocubic)
    ]
    assert not shorter


def near_whole(fractions):
    return np.allclose(fractions, np.rint(fractions), atol=1e-5)


def test_translations_known_by_hand():
    steps = {
        ("CsPbBr3_cubic", (0, 0, 1)): [0, 0, 1],
        ("CsPbBr3_cubic", (0, 0, -2)): [0, 0, -1],
        ("CsPbBr3_orthorhombic", (0, 0, 1)): [0, 1, 0],
        ("CsPbBr3_orthorhombic", (1, 0, 0)): [1, 0, 1],
        ("CsPbBr3_orthorhombic", (1, 1, 0)): [1, 0, 0],
        ("CsPbBr3_orthorhombic", (1, 1, 1)): [2, 1, 0],
        ("Cs4PbBr6", (2, 0, 0)): [1, 0, 0],
    }
    for (name, direction), step in steps.items():
        assert lattice_translation(direction, load_phase(name)).tolist() == step


def test_translation_of_a_supercell():
    crystal = repeat_crystal(load_phase("CsPbBr3_cubic"), (5, 1, 1))
    assert lattice_translation((1, 0, 0), crystal).tolist() == [1, 0, 0]
    assert lattice_translation((1, 1, 0), crystal).tolist() == [1, 5, 0]
    odd = replace(crystal, pseudocubic=np.diag([0.1234567, 1, 1]))
    with pytest.raises(UsageError, match="no lattice translation"):
        lattice_translation((1, 0, 0), odd)


def test_square_section_finds_its_own_sides():
    crystal = load_phase("CsPbI3_gamma")
    for axis, along in (((1, 0, 0), {1, 2}), ((0, 1, 0), {0, 2}), ((0, 0, 1), {0, 1})):
        placed = orient(ParticleShape(kind="rod", axis=axis), crystal)
        assert set(placed.along[:2]) == along
        assert placed.along[2] == axis.index(1)
    placed = orient(ParticleShape(kind="rod", axis=(1, 1, 0)), crystal)
    assert placed.along is None
    assert placed.axes[2] @ [1, 0, 0] == pytest.approx(np.linalg.norm(placed.axes[2]), rel=1e-3)


def test_crystal_without_cube_stands_on_its_ab_plane():
    placed = orient(ParticleShape(), load_phase("Cs4PbBr6"))
    assert placed.along is None
    assert placed.axes[0] == pytest.approx([13.73, 0, 0])
    assert placed.axes[2] == pytest.approx([0, 0, 17.32])


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"along_x": (0, 0, 0)}, "in along_x"),
        ({"along_z": (0, 0, 0)}, "in along_z"),
        ({"kind": "wire", "axis": (0, 0, 0)}, "in axis"),
        ({"kind": "wire", "axis": (0, 0.5, 0)}, "in axis"),
        ({"kind": "wire", "axis": (0, 1)}, "in axis"),
        ({"along_x": (1, 0, 1)}, "45.0° apart"),
        ({"along_z": (1, 1, 1)}, r"take \[1, 0, -1\] along x"),
        ({"kind": "rod", "axis": (1, 1, 0), "along_x": (0, 1, 1)}, "not perpendicular"),
        ({"kind": "rod", "axis": (1, 1, 0), "along_z": (1, 0, 0)}, "axis of a rod lies along z"),
    ],
)
def test_directions_that_are_refused(given, says):
    with pytest.raises(UsageError, match=says):
        orient(ParticleShape(**given), load_phase("CsPbBr3_cubic"))
