"""Solids: sets, distances and forms, whatever their sizes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from heterobuild.crystals import load_phase
from heterobuild.geometry.polyhedra import closes, polyhedron, solid
from heterobuild.geometry.shape_algebra import capped, grown, moved, turned
from heterobuild.geometry.shapes import cuboid, cylinder, ellipsoid, parallelepiped, sphere
from heterobuild.particles.forms import make_form
from heterobuild.particles.options import ParticleShape
from heterobuild.particles.sizes import length_in_angstrom

lengths = st.floats(2.0, 40.0)
triples = st.tuples(lengths, lengths, lengths)
seeds = st.integers(0, 2**32 - 1)
counts = st.integers(1, 12)


@st.composite
def solids(draw):
    a, b, c = draw(triples)
    seed = draw(seeds)
    rng = np.random.default_rng(seed)
    skew = np.diag([a, b, c]) @ (np.eye(3) + rng.uniform(-0.15, 0.15, (3, 3)))
    normals = np.vstack([rng.normal(size=(8, 3)), np.eye(3), -np.eye(3)])
    makers = [
        lambda: sphere(a),
        lambda: cuboid((a, b, c)),
        lambda: ellipsoid((a, b, c)),
        lambda: cylinder(a, b, axis=rng.normal(size=3)),
        lambda: parallelepiped(skew),
        lambda: capped(cylinder(a), b),
        lambda: solid(polyhedron(normals, rng.uniform(a, a + b, 14)), name="form"),
    ]
    return draw(st.sampled_from(makers))()


@settings(deadline=None, max_examples=60)
@given(solids(), seeds)
def test_no_distance_outside_is_larger_than_the_true_one(shape, seed):
    """Steps of the distance towards any point inside never overshoot the face."""
    rng = np.random.default_rng(seed)
    points = rng.uniform(-2, 2, (400, 3)) * shape.half
    distance = shape.distance(points)
    inside = points[distance <= 0]
    outside, claimed = points[distance > 0], distance[distance > 0]
    if len(inside) and len(outside):
        nearest = np.linalg.norm(outside[:, None] - inside, axis=2).min(axis=1)
        assert (claimed <= nearest + 1e-9).all()
    assert (np.abs(inside) <= np.array(shape.half) + 1e-9).all()


@settings(deadline=None, max_examples=60)
@given(solids(), seeds, triples)
def test_turning_and_moving_keep_the_distance(shape, seed, step):
    rng = np.random.default_rng(seed)
    rotation = Rotation.random(random_state=seed % 2**31).as_matrix()
    points = rng.uniform(-1.5, 1.5, (200, 3)) * shape.half
    there = moved(turned(shape, rotation), step)
    assert there.distance(points @ rotation + step) == pytest.approx(
        shape.distance(points), abs=1e-8
    )
    inside = (points @ rotation + step)[shape.distance(points) <= 0]
    assert (np.abs(inside) <= np.array(there.half) + 1e-9).all()


@settings(deadline=None, max_examples=60)
@given(solids(), seeds, st.floats(0, 5))
def test_growing_nests(shape, seed, by):
    points = np.random.default_rng(seed).uniform(-1.5, 1.5, (300, 3)) * shape.half
    small, large = grown(shape, -by).distance(points) <= 0, grown(shape, by).distance(points) <= 0
    own = shape.distance(points) <= 0
    assert (own | ~small).all()
    assert (large | ~own).all()


@settings(deadline=None, max_examples=60)
@given(seeds, st.integers(4, 20))
def test_polyhedra_are_consistent(seed, number):
    rng = np.random.default_rng(seed)
    normals = rng.normal(size=(number, 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    if not closes(normals):
        with pytest.raises(ValueError, match="do not close"):
            polyhedron(normals, np.ones(number))
        return
    body = polyhedron(normals, rng.uniform(1, 2, number))
    reach = body.vertices @ body.normals.T - body.distances
    size = np.abs(body.vertices).max()
    assert reach.max() <= 1e-6 * size
    # The vectors of all faces of a closed body add up to zero.
    assert body.areas @ body.normals == pytest.approx([0, 0, 0], abs=1e-6 * body.areas.sum())
    assert (np.abs(reach[:, body.areas > 0]).min(axis=0) <= 1e-6 * size).all()


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from(["CsPbBr3_cubic", "CsPbI3_gamma", "CsGeBr3_trigonal", "MAPbI3_tetragonal"]),
    st.tuples(counts, counts, counts),
)
def test_boxes_have_the_octahedra_that_were_asked_for(name, numbers):
    form = make_form(ParticleShape(kind="cuboid", octahedra=numbers), load_phase(name))
    offset = np.array([0.5 * (letter == "A") for letter in form.parity])
    steps = np.array(list(np.ndindex(17, 17, 17))) - 8 + offset
    assert (form.carving.distance(steps @ form.axes) <= 1e-6).sum() == np.prod(numbers)


@settings(deadline=None, max_examples=40)
@given(st.floats(6.0, 60.0), st.floats(6.0, 60.0))
def test_larger_spheres_hold_the_smaller(one, other):
    crystal = load_phase("CsPbBr3_cubic")
    small, large = (
        make_form(ParticleShape(kind="sphere", radius=r), crystal) for r in sorted((one, other))
    )
    points = np.random.default_rng(0).uniform(-60, 60, (2000, 3))
    inner, outer = small.carving.distance(points) <= 0, large.carving.distance(points) <= 0
    assert (outer | ~inner).all()


@given(st.floats(1e-3, 1e4), st.sampled_from(["", " Å", " A", " angstrom", " nm"]))
def test_lengths_read_back(value, unit):
    read = length_in_angstrom(f"{value!r}{unit}", "radius")
    assert read == pytest.approx(value * (10 if unit == " nm" else 1), rel=1e-9, abs=1e-8)
