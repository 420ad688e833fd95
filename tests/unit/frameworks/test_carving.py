"""Whole octahedra and what belongs to them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.frameworks.block import halides_of, links_of
from heterobuild.frameworks.carving import block_around, complete, distances, inside, trimmed
from heterobuild.frameworks.framework import framework_of
from heterobuild.geometry.shapes import cuboid, cylinder, sphere
from heterobuild.labels import Site

EDGE = 5.874


def box_of(counts, termination, name="CsPbBr3_cubic"):
    framework = framework_of(load_crystal(name))
    half = np.array(counts) * EDGE / 2
    centre = framework.centres[framework.b_units[0]] + (np.array(counts) - 1) * EDGE / 2
    shape = cuboid(half)
    block = block_around(framework, centre, shape, np.eye(3))
    chosen = inside(block, centre, shape, np.eye(3))
    return block, chosen, complete(block, chosen, termination)


def by_role(block, occupied):
    return [int(occupied[..., block.framework.site == role].sum()) for role in (1, 2, 3)]


@pytest.mark.parametrize("counts", [(1, 1, 1), (2, 3, 4), (5, 1, 2)])
def test_boxes_hold_the_sites_of_their_closed_form(counts):
    n = np.array(counts)
    a, b = np.prod(n + 1), np.prod(n)
    x = sum(np.prod(n + np.eye(3, dtype=int)[k]) for k in range(3))
    block, chosen, occupied = box_of(counts, "AX")
    assert by_role(block, occupied) == [a, b, x]
    assert a + 2 * b - x == sum(counts) + 1
    assert (halides_of(block, occupied)[chosen] == 6).all()


@pytest.mark.parametrize("counts", [(2, 2, 2), (2, 3, 4), (5, 3, 2)])
def test_open_boxes_hold_the_sites_of_their_closed_form(counts):
    n = np.array(counts)
    a, b = np.prod(n - 1), np.prod(n)
    x = sum(np.prod(n - np.eye(3, dtype=int)[k]) for k in range(3))
    block, _, occupied = box_of(counts, "BX2")
    assert by_role(block, occupied) == [a, b, x]
    assert a + 2 * b - x == sum(counts) - 1


def test_dangling_cations_go_from_open_surfaces():
    block, chosen, _ = box_of((3, 3, 3), "AX")
    tips = np.argwhere(chosen)
    high = tips.max(axis=0)
    tip = chosen.copy()
    tip[high[0] + 1, high[1] - 1, high[2] - 1, 0] = True
    assert tip.sum() == 28
    whole = complete(block, tip, "AX")
    assert whole[..., block.framework.b_units].sum() == 28
    assert np.array_equal(complete(block, tip, "BX2"), complete(block, chosen, "BX2"))


@pytest.mark.parametrize("counts", [(1, 1, 1), (4, 1, 1), (5, 5, 1)])
def test_open_surfaces_need_octahedra_that_share_halides(counts):
    with pytest.raises(UsageError, match="no octahedron") as caught:
        box_of(counts, "BX2")
    assert "share halides" in caught.value.allowed


def test_a_sheet_that_unravels_is_sent_to_the_other_termination():
    """Pb of CsPb2Br5 has eight halides in sheets, whose rims lose theirs row by row."""
    framework = framework_of(load_crystal("CsPb2Br5"))
    centre, ball = framework.centres[framework.b_units[0]], sphere(20.0)
    block = block_around(framework, centre, ball, np.eye(3))
    chosen = inside(block, centre, ball, np.eye(3))
    with pytest.raises(UsageError, match="termination BX2 leaves no octahedron") as caught:
        complete(block, chosen, "BX2")
    assert caught.value.measured.startswith(f"{chosen.sum()} B cations inside")
    assert "termination: AX" in caught.value.next_step
    assert complete(block, chosen, "AX").sum() > chosen.sum()


def test_nothing_inside_is_refused():
    framework = framework_of(load_crystal("CsPbBr3_cubic"))
    centre = framework.centres[framework.b_units[0]] + EDGE / 2
    block = block_around(framework, centre, sphere(2.0), np.eye(3))
    with pytest.raises(UsageError, match="no octahedron"):
        complete(block, inside(block, centre, sphere(2.0), np.eye(3)), "AX")


BASES = [
    [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    [[1, 0, 0], [0, 1, 0], [-1, 2, 2]],
    [[1, 0, 0], [5, 1, 0], [0, -4, 1]],
]


@pytest.mark.parametrize(
    "name", ["CsPbBr3_orthorhombic", "MAPbI3_cubic", "RMBA2PbI4", "CsPbI3_delta"]
)
@pytest.mark.parametrize("basis", BASES)
def test_the_block_holds_all_that_belongs_to_the_shape(name, basis):
    basis = np.array(basis)
    if round(np.linalg.det(basis)) != 1:
        basis = np.array([[1, 0, 0], [0, 0, -1], [-1, 1, 2]])
    framework = framework_of(load_crystal(name), basis)
    turn = Rotation.from_euler("xyz", [20, -50, 110], degrees=True).as_matrix()
    shape, centre = sphere(9.0), np.array([103.0, -41.0, 77.7])
    block = block_around(framework, centre, shape, turn)
    chosen = inside(block, centre, shape, turn)
    occupied = complete(block, chosen, "AX")
    counts = np.bincount(framework.links[framework.site[framework.links[:, 1]] == Site.X, 0])
    expected = np.broadcast_to(counts, block.octahedra)[chosen]
    assert chosen.any()
    assert np.array_equal(halides_of(block, occupied)[chosen], expected)
    total = np.bincount(framework.links[:, 0])
    every = np.broadcast_to(total, block.octahedra)[chosen].sum()
    assert links_of(block, chosen).sum() == every
    edge = np.zeros(block.cells, dtype=bool)
    edge[0], edge[-1], edge[:, 0], edge[:, -1], edge[..., 0], edge[..., -1] = (True,) * 6
    assert not chosen[edge].any()


def test_distances_are_those_of_turned_points():
    framework = framework_of(load_crystal("CsPbBr3_orthorhombic"))
    turn = Rotation.from_euler("zyx", [33, 71, -12], degrees=True).as_matrix()
    shape, centre = cuboid((8.0, 12.0, 16.0)), np.array([3.0, 2.0, 1.0])
    block = block_around(framework, centre, shape, turn)
    found = distances(block, centre, shape, turn)
    for b, unit in enumerate(framework.b_units.tolist()):
        points = (block.positions(unit) - centre) @ turn
        expected = (np.abs(points) - (8.0, 12.0, 16.0)).max(axis=1)
        assert found[..., b].ravel() == pytest.approx(expected, abs=1e-4)


def test_endless_shapes_close_along_the_third_vector():
    framework = framework_of(load_crystal("CsPbBr3_cubic"))
    centre = framework.centres[framework.b_units[0]]
    shape = cylinder(2.5 * EDGE)
    block = block_around(framework, centre, shape, np.eye(3))
    assert block.periodic == (False, False, True)
    assert block.cells[2] == 1
    chosen = inside(block, centre, shape, np.eye(3))
    grid = np.array(list(np.ndindex(7, 7))) - 3
    assert chosen.sum() == (np.linalg.norm(grid, axis=1) <= 2.5).sum()
    occupied = complete(block, chosen, "AX")
    assert (halides_of(block, occupied)[chosen] == 6).all()


@pytest.mark.parametrize("name", ["CsPbBr3_cubic", "CsPbBr3_orthorhombic", "Cs4PbBr6"])
@pytest.mark.parametrize("termination", ["AX", "BX2"])
def test_a_trimmed_block_loses_no_site(name, termination):
    framework = framework_of(load_crystal(name))
    centre, shape = framework.centres[framework.b_units[0]], sphere(16.0)
    block = block_around(framework, centre, shape, np.eye(3))
    chosen = inside(block, centre, shape, np.eye(3))
    smaller, part = trimmed(block, chosen)
    assert np.prod(smaller.cells) < np.prod(block.cells)
    assert inside(smaller, centre, shape, np.eye(3)).sum() == chosen.sum()
    whole = complete(block, chosen, termination)
    kept = complete(smaller, chosen[part], termination)
    assert kept.sum() == whole.sum()
    assert np.array_equal(whole[part], kept)
    assert (links_of(smaller, chosen[part]) > 0).sum() == (links_of(block, chosen) > 0).sum()


def test_a_trimmed_wire_keeps_its_period():
    framework = framework_of(load_crystal("CsPbBr3_cubic"))
    shape = cylinder(12.0)
    block = block_around(framework, np.zeros(3), shape, np.eye(3))
    smaller, part = trimmed(block, inside(block, np.zeros(3), shape, np.eye(3)))
    assert smaller.periodic == (False, False, True)
    assert smaller.cells[2] == block.cells[2]
    assert part[2] == slice(0, block.cells[2])
