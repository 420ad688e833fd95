"""The judgement of poses against contacts counted by ASE in the whole cell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from ase import Atoms
from ase.neighborlist import neighbor_list

from heterobuild.chemistry.molecules import load_molecule
from heterobuild.layered.gaps import lower_face, upper_face
from heterobuild.layered.sheets import make_sheet
from heterobuild.spacers.bodies import as_spacer
from heterobuild.spacers.contact_radii import HEAD_CONTACT, contact_floors, contact_radii
from heterobuild.spacers.fits import Role, coordinates, fit_poses, head_depth
from heterobuild.spacers.galleries import make_gallery
from heterobuild.spacers.pose_search import roles_of
from heterobuild.spacers.poses import Image

SHEET = make_sheet("Pb", "I", 1, length=6.26, bond=3.18)
SHIFT = 0.5 * SHEET.square.sum(axis=0)
RNG = np.random.default_rng(11)
POSES = RNG.uniform([0, 0, 0, -1, -1, 0.4], [50, 360, 360, 1, 1, 0.7], (6, 6))


def gallery(name, **options):
    faces = upper_face(SHEET), lower_face(SHEET, SHIFT)
    return make_gallery(as_spacer(load_molecule(name)), SHEET.cell, *faces, **options)


def counted(space, pose, roles, thickness):
    """Least ratio of distance to floor, from ASE's neighbour list of the whole layer."""
    spacer = space.spacer
    placed = np.concatenate([coordinates(space, pose[None], r, thickness)[0] for r in roles])
    upper = SHEET.positions + [*SHIFT, thickness + SHEET.thickness]
    low = SHEET.positions[:, 2] > -0.1
    high = SHEET.positions[:, 2] < 0.1
    top = SHEET.thickness / 2
    sheet = np.concatenate([SHEET.positions[low] - [0, 0, top], upper[high] - [0, 0, top]])
    numbers = np.concatenate([SHEET.numbers[low], SHEET.numbers[high]])
    size = len(spacer.body)
    atoms = Atoms(
        np.concatenate([np.tile(spacer.molecule.numbers, len(roles)), numbers]),
        np.concatenate([placed, sheet]),
        cell=[[*SHEET.cell[0], 0], [*SHEET.cell[1], 0], [0, 0, 60]],
        pbc=[True, True, False],
    )
    donor = np.concatenate([np.tile(spacer.donor, len(roles)), np.zeros(len(numbers), bool)])
    unit = np.concatenate([np.repeat(np.arange(len(roles)), size), np.full(len(numbers), -1)])
    i, j, d, s = neighbor_list("ijdS", atoms, 5.0)
    other = (unit[i] >= 0) & ((unit[i] != unit[j]) | s.any(axis=1))
    i, j, d = i[other], j[other], d[other]
    floors = contact_floors((atoms.numbers, atoms.numbers), (donor, donor))
    least = (d / floors[i, j]).min()
    radii = contact_radii(atoms.numbers)
    bridge = (atoms.numbers[i] == 7) & (atoms.numbers[j] == 53)
    bridges = d[bridge] / (HEAD_CONTACT * (radii[i] + radii[j])[bridge])
    return min(least, bridges.min()) if bridges.min() < 1 else least


@pytest.mark.parametrize("name", ["BA", "PEA"])
@pytest.mark.parametrize("thickness", [9.0, 12.0])
def test_clearances_are_those_of_the_whole_layer(name, thickness):
    space = gallery(name)
    roles = roles_of(space, Image(quarter=1, mirrored=True), Image(quarter=2))
    assert len(roles) == 4
    fit = fit_poses(space, POSES, roles, thickness)
    wanted = [counted(space, pose, roles, thickness) for pose in POSES]
    assert fit.clearance == pytest.approx(np.array(wanted), rel=1e-6)


def test_known_contacts_of_the_lower_face_can_be_left_out():
    space = gallery("BA")
    roles = roles_of(space, Image(quarter=1), Image(quarter=2))
    below = tuple(role for role in roles if role.face == 0)
    whole = fit_poses(space, POSES, roles, 8.0).clearance
    rest = fit_poses(space, POSES, roles, 8.0, below_known=True).clearance
    own = fit_poses(space, POSES, below, 1e3).clearance
    assert np.minimum(rest, own) == pytest.approx(whole)


def test_overlap_is_zero_where_heavy_atoms_meet_at_one_height():
    space = gallery("PEA")
    roles = roles_of(space, Image(), Image())
    fit = fit_poses(space, POSES, roles, 15.0)
    tops = coordinates(space, POSES, roles[0], 15.0)[:, space.spacer.heavy, 2].max(axis=1)
    assert fit.overlap == pytest.approx(2 * tops - 15.0)


def test_forbidden_interdigitation_counts_as_a_contact():
    strict = gallery("BA", interdigitation=False)
    roles = roles_of(strict, Image(), Image())
    fit = fit_poses(strict, POSES, roles, 6.0)
    assert (fit.overlap > 0).all()
    assert (fit.clearance <= 1 - fit.overlap + 1e-12).all()


def test_shorter_hydrogen_bonds_score_higher_only_to_a_point():
    fit = fit_poses(gallery("BA"), POSES, (Role(face=0, pocket=0),), 1e3)
    free = replace(fit, clearance=np.full(6, 9.0), bonding=np.array([0.7, 0.84, 0.9, 1, 1.1, 1.2]))
    score = free.score()
    assert score[:2] == pytest.approx([1.2, 1.2])
    assert (np.diff(score[1:]) < 0).all()


def test_bonding_is_the_mean_relative_distance_to_halides():
    space = gallery("BA")
    role = Role(face=0, pocket=0)
    fit = fit_poses(space, POSES, (role,), 1e3)
    placed = coordinates(space, POSES, role, 1e3)[:, space.spacer.head]
    gaps = np.linalg.norm(placed[:, :, None] - space.walls[0].halides[0], axis=3).min(axis=2)
    assert fit.bonding == pytest.approx(gaps.mean(axis=1) / 3.24)


@pytest.mark.parametrize(
    ("metal", "halide", "length", "bond", "allowed"),
    [
        ("Pb", "I", 6.21, 3.16, (0.549, 0.551)),
        ("Pb", "Cl", 5.65, 2.84, (0.50, 0.53)),
        ("Cu", "Cl", 5.0, 2.5, (-0.2, 0.2)),
        ("Pb", "I", 4.4, 2.24, (-0.5, -0.5)),
    ],
)
def test_heads_are_less_deep_in_small_squares(metal, halide, length, bond, allowed):
    """The N in the middle of its square keeps 0.88 of the sum of radii, counted here again."""
    sheet = make_sheet(metal, halide, 1, length=length, bond=bond, rotation=8.0)
    spacer = as_spacer(load_molecule("BA"))
    shift = np.array([0.5, 0.5]) @ sheet.square
    space = make_gallery(spacer, sheet.cell, upper_face(sheet), lower_face(sheet, shift))
    depth = head_depth(space)
    assert allowed[0] <= depth <= allowed[1]
    halides = sheet.positions[sheet.site == 3]
    shifts = np.array([[i, j] for i in (-1, 0, 1) for j in (-1, 0, 1)]) @ sheet.cell
    around = (halides[:, None] + np.column_stack([shifts, np.zeros(9)])).reshape(-1, 3)
    head = sheet.pockets_top[0] - [0.0, 0.0, depth]
    nearest = np.linalg.norm(around - head, axis=1).min()
    radii = contact_radii(np.array([7, {"I": 53, "Cl": 17}[halide]])).sum()
    assert nearest > HEAD_CONTACT * radii or depth == -0.5
