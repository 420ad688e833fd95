from __future__ import annotations

import numpy as np
import pytest

from heterobuild.crystals import load_phase
from heterobuild.geometry.polyhedra import polyhedron, solid
from heterobuild.geometry.shapes import cuboid, sphere
from heterobuild.particles.octahedron_room import SLACK, octahedron_of, room, room_in_polyhedron

CUBIC = load_phase("CsPbBr3_cubic")
EDGE = 5.874
BODY = octahedron_of(CUBIC, CUBIC.cell)


def test_corners_are_the_halides_of_the_cubic_phase():
    atoms = CUBIC.atoms
    vectors = atoms.get_distances(
        int(np.flatnonzero(atoms.numbers == 82)[0]),
        np.flatnonzero(atoms.numbers == 35),
        mic=True,
        vector=True,
    )
    assert np.sort(np.abs(BODY.corners).max(axis=1)) == pytest.approx(np.full(6, EDGE / 2))
    for vector in vectors:
        assert np.linalg.norm(np.abs(BODY.corners) - np.abs(vector), axis=1).min() < 1e-9
    assert BODY.radius == pytest.approx(EDGE / 2)


def test_layered_phase_has_no_tall_octahedron():
    crystal = load_phase("Cs2PbI2Cl2")
    body = octahedron_of(crystal, crystal.pseudocubic @ crystal.cell)
    assert np.linalg.norm(body.corners, axis=1) == pytest.approx(np.full(6, 5.6385 / 2), abs=1e-4)


@pytest.mark.parametrize("name", ["Cs4PbBr6", "Cs4PbI6", "Cs2SnCl6_cubic", "CsPbI3_delta"])
def test_bond_of_a_crystal_without_network_against_ase(name):
    crystal = load_phase(name)
    atoms = crystal.atoms
    site = atoms.arrays["site"]
    first = int(np.flatnonzero(site == 2)[0])
    bonds = np.sort((atoms * (3, 3, 3)).get_distances(first, range(27 * len(atoms)), mic=True))
    numbers = np.tile(site, 27)
    far = (atoms * (3, 3, 3)).get_distances(first, np.flatnonzero(numbers == 3), mic=True)
    assert len(bonds)
    body = octahedron_of(crystal, crystal.cell)
    assert body.radius == pytest.approx(np.sort(far)[:6].mean(), rel=1e-9)
    assert not len(body.corners)


def test_crystal_without_metal_sites_has_no_octahedron():
    assert octahedron_of(load_phase("NaCl"), np.eye(3)).radius >= 0


def test_room_keeps_whole_octahedra():
    points = np.random.default_rng(5).uniform(-20, 20, (20_000, 3))
    for shape in (sphere(18.0), cuboid((10.0, 12.0, 14.0))):
        kept = points[room(shape, BODY).distance(points) <= 0]
        ends = (kept[:, None] + BODY.corners).reshape(-1, 3)
        assert shape.distance(ends).max() <= SLACK * EDGE + 1e-9
        left = points[room(shape, BODY).distance(points) > 0]
        most = shape.distance((left[:, None] + BODY.corners).reshape(-1, 3)).reshape(-1, 6)
        assert (most.max(axis=1) > SLACK * EDGE - 1e-9).all()


def test_both_ways_agree_on_a_polyhedron():
    signs = np.array([[x, y, z] for x in (1, -1) for y in (1, -1) for z in (1, -1)])
    faces = polyhedron(np.vstack([signs, np.eye(3), -np.eye(3)]), [15.0] * 8 + [18.0] * 6)
    shape = solid(faces, name="form")
    points = np.random.default_rng(6).uniform(-20, 20, (5000, 3))
    expected = room(shape, BODY).distance(points)
    assert room_in_polyhedron(faces, shape, BODY).distance(points) == pytest.approx(expected)
