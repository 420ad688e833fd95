"""Organic layers: heads in pockets, hands kept, options obeyed, bad input refused."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from heterobuild.chemistry.molecules import load_molecule
from heterobuild.errors import UsageError
from heterobuild.layered.gaps import lower_face, upper_face
from heterobuild.layered.sheets import make_sheet
from heterobuild.spacers.fits import FARTHEST_LEAN, HEAD_DEPTH
from heterobuild.spacers.galleries import Face
from heterobuild.spacers.packing import pack_spacers

SHEET = make_sheet("Pb", "I", 1, length=6.26, bond=3.18)


def faces(shift=(0.5, 0.5), sheet=SHEET):
    return {
        "cell": sheet.cell,
        "below": upper_face(sheet),
        "above": lower_face(sheet, np.array(shift) @ sheet.square),
    }


@pytest.fixture(scope="module")
def layer():
    return pack_spacers(load_molecule("R-MBA"), **faces())


def test_one_molecule_a_pocket(layer):
    assert layer.positions.shape == (4, 21, 3)
    assert sorted(zip(layer.face, layer.pocket, strict=True)) == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_heads_lie_in_their_pockets_at_the_documented_depth(layer):
    head = load_molecule("R-MBA").head[0]
    given = faces()
    for points, side, pocket in zip(layer.positions, layer.face, layer.pocket, strict=True):
        centre = (given["below"], given["above"])[side].pockets[pocket]
        depth = points[head, 2] - layer.thickness if side else -points[head, 2]
        assert depth == pytest.approx(HEAD_DEPTH)
        assert np.linalg.norm(points[head, :2] - centre[:2]) <= FARTHEST_LEAN + 1e-6


def test_each_molecule_is_the_rigid_one_of_the_same_hand(layer):
    molecule = load_molecule("R-MBA")
    quads = np.array(list(combinations(range(8), 4)))
    a, b, c, d = (molecule.positions[quads[:, k]] for k in range(4))
    wanted = np.einsum("ij,ij->i", b - a, np.cross(c - a, d - a))
    for points in layer.positions:
        gaps = np.linalg.norm(points[:, None] - points, axis=2)
        reference = molecule.positions
        assert gaps == pytest.approx(np.linalg.norm(reference[:, None] - reference, axis=2))
        a, b, c, d = (points[quads[:, k]] for k in range(4))
        assert np.einsum("ij,ij->i", b - a, np.cross(c - a, d - a)) == pytest.approx(wanted)


def test_contacts_are_allowed_and_predicted_spacing_is_kept(layer):
    assert layer.contacts.allowed
    assert layer.estimate is not None
    assert layer.added == pytest.approx(layer.thickness - layer.estimate.value)


def test_ammonium_hydrogens_point_to_halides():
    packed = pack_spacers(load_molecule("BA"), **faces(), spacing=7.3)
    given = faces()
    grid = np.array([(i, j, 0) for i in range(-2, 3) for j in range(-2, 3)])
    shifts = grid[:, :2] @ SHEET.cell
    iodides = []
    for face, height in ((given["below"], 0.0), (given["above"], 7.3)):
        points = face.positions[face.numbers == 53] - [0, 0, face.pockets[:, 2].mean() - height]
        iodides.append(points[None] + np.column_stack([shifts, np.zeros(25)])[:, None])
    iodides = np.concatenate([block.reshape(-1, 3) for block in iodides])
    nitrogen = load_molecule("BA").head[0]
    for points in packed.positions:
        near = np.linalg.norm(points - points[nitrogen], axis=1)
        hydrogens = points[(near > 0.5) & (near < 1.2)]
        assert len(hydrogens) == 3
        gaps = np.linalg.norm(hydrogens[:, None] - iodides, axis=2).min(axis=1)
        assert gaps.mean() < 3.0  # 2.7 to 2.9 in crystals


def test_the_same_input_gives_the_same_layer():
    pose = {"spacing": 7.4, "tilt": 30.0, "azimuth": 170.0}
    first, second = (pack_spacers(load_molecule("BA"), **faces(), **pose) for _ in range(2))
    assert (first.positions == second.positions).all()


def test_a_given_pose_is_kept():
    packed = pack_spacers(load_molecule("BA"), **faces(), spacing=8.5, tilt=20.0, depth=0.4)
    assert packed.tilt == pytest.approx(20.0)
    assert packed.depth == pytest.approx(0.4)
    chain = packed.positions[0][0] - packed.positions[0][3]  # along the all-trans chain
    assert np.degrees(np.arccos(chain[2] / np.linalg.norm(chain))) == pytest.approx(20, abs=8)


def test_layers_without_interdigitation():
    packed = pack_spacers(load_molecule("BA"), **faces(), interdigitation=False)
    assert packed.overlap <= 1e-6
    assert packed.contacts.allowed


def test_flip_turns_the_layer_by_half_a_turn():
    plain, turned = (pack_spacers(load_molecule("PEA"), **faces(), flip=f) for f in (False, True))
    assert turned.contacts.allowed
    lean = [p.positions[0][:, :2] - p.positions[0][0, :2] for p in (plain, turned)]
    assert lean[1] == pytest.approx(-lean[0], abs=1e-6)


def test_flip_turns_spacers_with_two_heads_over():
    molecule = load_molecule("3AMP")
    plain, turned = (pack_spacers(molecule, **faces((0, 0)), flip=f) for f in (False, True))
    heads = np.array(molecule.head)
    lowest = [heads[p.positions[0][heads, 2].argmin()] for p in (plain, turned)]
    assert sorted(lowest) == sorted(heads)
    assert turned.contacts.allowed


def test_one_molecule_with_two_heads_a_pair_of_pockets():
    packed = pack_spacers(load_molecule("4AMP"), **faces((0, 0)))
    assert packed.positions.shape == (2, 24, 3)
    heads = packed.positions[:, list(load_molecule("4AMP").head), 2]
    assert heads.min(axis=1) == pytest.approx([-packed.depth] * 2)
    assert heads.max(axis=1) == pytest.approx([packed.thickness + packed.depth] * 2)
    assert np.isnan(packed.overlap)


def test_less_deep_heads_need_a_wider_gallery():
    packed = pack_spacers(load_molecule("4AMP"), **faces((0, 0)), depth=0.4)
    assert packed.depth == pytest.approx(0.4)
    assert packed.thickness == pytest.approx(5.30 - 0.8, abs=0.02)


@pytest.mark.parametrize("side", ["below", "above"])
def test_free_faces(side):
    given = faces() | {"above" if side == "below" else "below": None}
    packed = pack_spacers(load_molecule("PEA"), **given)
    assert len(packed.positions) == 2
    assert packed.thickness == 0.0
    assert packed.contacts.allowed
    outward = packed.positions[:, :, 2].mean() * (1 if side == "below" else -1)
    assert outward > 1


def test_supercells_are_filled_like_the_cell():
    given = faces()
    double = {
        key: Face(
            positions=np.concatenate([f.positions, f.positions + [*SHEET.cell[1], 0]]),
            numbers=np.tile(f.numbers, 2),
            pockets=np.concatenate([f.pockets, f.pockets + [*SHEET.cell[1], 0]]),
        )
        for key, f in given.items()
        if key != "cell"
    }
    packed = pack_spacers(load_molecule("BA"), cell=SHEET.cell * [[1], [2]], **double)
    single = pack_spacers(load_molecule("BA"), **given)
    assert len(packed.positions) == 2 * len(single.positions)
    assert packed.contacts.contact == pytest.approx(single.contacts.contact)


@pytest.mark.parametrize("tilt", [6.0, 12.0])
def test_tilted_sheets(tilt):
    tilted = make_sheet("Pb", "I", 1, length=6.21, bond=3.18, tilt=tilt)
    packed = pack_spacers(load_molecule("BA"), **faces(sheet=tilted), spacing=7.5)
    assert packed.contacts.allowed
    assert packed.thickness == 7.5


def test_one_square_a_cell():
    small = make_sheet("Pb", "I", 1, length=6.36, bond=3.18, rotation=0.0, smallest=True)
    packed = pack_spacers(load_molecule("BA"), **faces(sheet=small), spacing=8.0)
    assert len(packed.positions) == 2
    assert packed.contacts.allowed


def test_a_tight_spacing_that_must_not_grow_is_refused():
    with pytest.raises(UsageError, match="does not fit between the sheets"):
        pack_spacers(load_molecule("BA"), **faces(), spacing=3.5, grow=False)


def test_a_molecule_of_ones_own_is_searched_for():
    own = replace(load_molecule("BA"), name="mine")
    packed = pack_spacers(own, **faces(), spacing=7.4)
    assert packed.contacts.allowed
    assert packed.thickness == 7.4
