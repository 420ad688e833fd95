import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.matching import MatchLimits, find_matches
from heterobuild.slabs import cut_slab, stack_planes, turn_slab
from heterobuild.slabs.caps import cap_slab
from heterobuild.variants.surface_operations import (
    facing_operations,
    kept_operations,
    lattice_map,
    mirrored,
    same_faces,
    surface_operations,
)


@pytest.mark.parametrize(
    ("name", "face", "count"),
    [
        ("CsPbBr3_cubic", "001", 8),  # p4mm
        ("CsPbBr3_cubic", "110", 4),  # p2mm
        ("CsPbBr3_cubic", "111", 6),  # p3m1
        ("RMBA2PbI4", "001", 1),  # the two-fold screw moves planes along the normal
        ("CsPbBr3_orthorhombic", "001pc", 2),  # Pbnm: a glide plane stands on (001)
    ],
)
def test_the_operations_are_those_of_the_plane_group(name, face, count):
    assert len(surface_operations(stack_planes(load_crystal(name), face)).turns) == count


@pytest.mark.parametrize("face", ["001pc", "110pc", [0, 1, 0]])
def test_each_operation_maps_the_planes_onto_themselves(face):
    """Brute force: every atom falls on one of its own kind and height."""
    stacking = stack_planes(load_crystal("CsPbBr3_orthorhombic"), face)
    operations = surface_operations(stacking)
    positions = stacking.atoms.positions
    fractions = positions @ np.linalg.inv(stacking.cell)
    cell = stacking.cell[:2, :2]
    for turn, shift in zip(operations.turns, operations.shifts, strict=True):
        lateral = positions[:, :2] @ np.linalg.inv(cell)
        moved = lateral @ turn + shift
        for number, height, place in zip(
            stacking.atoms.numbers, positions[:, 2], moved, strict=True
        ):
            rest = positions[:, None, :2] @ np.linalg.inv(cell) - place
            rest = np.squeeze(rest - np.rint(rest), axis=1) @ cell
            rise = positions[:, 2] - height
            apart = np.hypot(np.linalg.norm(rest, axis=1), rise)
            assert apart[stacking.atoms.numbers == number].min() < 0.05
    assert np.isfinite(fractions).all()


def test_faces_are_compared_by_rotations_only():
    cubic, chiral = load_crystal("CsPbBr3_cubic"), load_crystal("SiO2_quartz")
    assert same_faces(cubic, (1, 1, 0), (0, -1, 1))
    assert not same_faces(cubic, (1, 1, 0), (1, 1, 1))
    assert same_faces(chiral, (0, 0, 1), (0, 0, -1))
    assert not same_faces(chiral, (1, 0, 1), (0, 1, 1))


def _matches(film, substrate, **limits):
    stackings = [stack_planes(load_crystal(name), "001") for name in (film, substrate)]
    found = find_matches(
        *((load_crystal(name), "001") for name in (film, substrate)), MatchLimits(**limits)
    )
    return [lattice_map(match) for match in found], [surface_operations(s) for s in stackings]


def _rotation(turn):
    return np.array([[0, 1], [-1, 0]]) if turn else np.eye(2)


def test_mirror_images_of_a_match_are_one_for_achiral_sides_only():
    """Reflect a match in the mirror of the square substrate and the film's own first axis."""
    reflection = np.diag([1.0, -1.0])
    turned = np.array([[1.5, 0.5], [-0.5, 1.5]])
    image = reflection @ turned @ reflection
    cubic = surface_operations(stack_planes(load_crystal("CsPbBr3_cubic"), "001"))
    chiral = surface_operations(stack_planes(load_crystal("RMBA2PbI4"), "001"))
    assert mirrored(turned, image, cubic, cubic)
    assert not mirrored(turned, image, chiral, cubic)
    assert mirrored(turned, turned @ _rotation(1), chiral, cubic)


def test_the_common_operations_of_a_simple_match_are_all():
    maps, sides = _matches("CsPbBr3_cubic", "CsPbI3_alpha", max_strain=0.08, max_area=50)
    turns, shifts = kept_operations(maps[0], *sides)
    assert len(turns) == 8
    assert np.abs(shifts - np.rint(shifts)).max() < 1e-9


def test_a_turned_match_keeps_rotations_only():
    cubic = surface_operations(stack_planes(load_crystal("CsPbBr3_cubic"), "001"))
    turned = np.array([[1.5, 0.5], [-0.5, 1.5]])
    turns, _ = kept_operations(turned, cubic, cubic)
    assert len(turns) == 4
    assert np.linalg.det(turns) == pytest.approx(np.ones(4))


def test_a_cap_on_the_facing_side_leaves_the_identity_only():
    slab = cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=1, bottom="CsBr")
    capped = cap_slab(slab, bottom={"RMBA": 1.0})
    assert len(facing_operations(slab, top=True, bottom=True).turns) == 8
    assert len(facing_operations(capped, top=True, bottom=False).turns) == 8
    assert len(facing_operations(turn_slab(capped), top=True, bottom=False).turns) == 1
    (found,) = facing_operations(capped, top=False, bottom=True).turns
    assert (found == np.eye(2)).all()
