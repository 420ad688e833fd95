"""What must hold for any particle: whole octahedra, no charge, no loose ions, whole molecules."""

from __future__ import annotations

from functools import cache
from hashlib import sha256

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

from heterobuild.architectures.particle import Particle
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.frameworks.block import halides_of, links_of
from heterobuild.frameworks.carving import block_around, complete, inside
from heterobuild.frameworks.framework import framework_of
from heterobuild.geometry.shapes import Shape
from heterobuild.labels import CHARGE, KIND, MOLECULE, SITE, Site
from heterobuild.particles.options import ParticleShape

BONDS = {
    "CsPbBr3_cubic": 3.4,
    "CsPbI3_gamma": 3.6,
    "MAPbI3_tetragonal": 3.6,
    "FAPbBr3_cubic": 3.4,
    "Cs4PbBr6": 3.4,
    "FA0.85Cs0.15Pb(I0.8Br0.2)3": 3.6,
    "BA2PbI4_LT": 3.7,
}
NAMES = st.sampled_from(sorted(BONDS))
CORNER = st.sampled_from(["CsPbBr3_cubic", "CsPbI3_gamma", "MAPbI3_tetragonal", "FAPbBr3_cubic"])
DIRECTIONS = st.sampled_from(
    [
        ((0, 0, 1), (1, 0, 0)),
        ((1, 1, 0), (0, 0, 1)),
        ((1, 1, 1), (1, -1, 0)),
        ((1, 0, 0), (0, 1, 0)),
    ]
)


@cache
def crystal_of(name):
    return load_crystal(name)


@st.composite
def particles(draw, names=NAMES):
    name = draw(names)
    kind = draw(st.sampled_from(["sphere", "ellipsoid", "cuboid", "rod"]))
    sizes = draw(st.tuples(*[st.floats(11.0, 24.0)] * 3))
    shape = {"kind": kind}
    if kind == "sphere":
        shape["radius"] = sizes[0] / 1.7
    elif kind == "rod":
        shape |= {"lengths": sizes[:2], "section": "round"}
    else:
        shape["lengths"] = sizes
    if crystal_of(name).pseudocubic is not None and kind != "rod":
        shape["along_z"], shape["along_x"] = draw(DIRECTIONS)
    if draw(st.booleans()):
        shape["centre"] = draw(st.tuples(*[st.floats(-1, 1)] * 3))
    return name, shape, draw(st.integers(0, 1000))


def made(name, shape, seed, **options):
    try:
        particle = Particle(shape=ParticleShape(**shape), **options)
        return particle.build(crystal_of(name), seed=seed)
    except UsageError:
        return None


@settings(max_examples=40, deadline=None)
@given(case=particles())
def test_finished_particles_are_whole_and_neutral(case):
    name, _, _ = case
    built = made(*case)
    assume(built is not None)
    atoms = built.atoms
    roles, points = atoms.arrays[SITE], atoms.positions
    assert atoms.arrays[CHARGE].sum() == 0
    lead, halides = points[roles == Site.B], points[roles == Site.X]
    count = cKDTree(halides).query_ball_point(lead, BONDS[name], return_length=True)
    assert (count == 6).all()
    near = cKDTree(lead).query(halides)[0]
    assert near.max() < BONDS[name]
    heavy = (roles == Site.A) & (atoms.numbers > 1)
    if heavy.any():
        assert cKDTree(lead).query(points[heavy])[0].max() < 2.4 * BONDS[name]
    for kind, molecule in enumerate(built.molecules, 1):
        chosen = atoms.arrays[KIND] == kind
        ids, sizes = np.unique(atoms.arrays[MOLECULE][chosen], return_counts=True)
        assert (sizes == len(molecule.numbers)).all()
        assert np.array_equal(
            np.sort(atoms.numbers[chosen]), np.sort(np.tile(molecule.numbers, len(ids)))
        )
    assert (cKDTree(points).query(points, 2)[0][:, 1] > 0.9).all()


@settings(max_examples=25, deadline=None)
@given(case=particles())
def test_the_ledger_accounts_for_the_charge(case):
    built = made(*case)
    assume(built is not None)
    step = next(step for step in built.steps if step.name == "neutrality")
    before = step.values["charge_before_e"]
    assert before + sum(entry.charge for entry in built.ledger) == 0
    changed = step.values["removed"] + step.values["added"]
    assert sum(entry.count for entry in built.ledger) == changed
    whole = made(case[0], case[1], case[2], neutrality="refuse")
    assert (whole is None) == (before != 0)


@settings(max_examples=15, deadline=None)
@given(case=particles())
def test_the_same_seed_gives_the_same_bytes(case):
    first, again = made(*case), made(*case)
    assume(first is not None)

    def digest(built):
        arrays = sorted(built.atoms.arrays.items())
        return [(name, sha256(values.tobytes()).hexdigest()) for name, values in arrays]

    assert digest(first) == digest(again)
    assert first.ledger == again.ledger


def polyhedron(rng, size):
    """Return the faces of a random convex body around the origin."""
    normals = np.concatenate([rng.normal(size=(8, 3)), np.eye(3), -np.eye(3)])
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return normals, size * rng.uniform(0.6, 1.0, len(normals))


def body(normals, heights):
    return Shape(
        name="body",
        distance=lambda p: (p @ normals.T - heights).max(axis=1),
        half=(1.5 * heights.max(),) * 3,
    )


def kept(framework, shape, centre, turn, termination):
    block = block_around(framework, centre, shape, turn)
    try:
        return block, complete(block, inside(block, centre, shape, turn), termination)
    except UsageError:
        return None


def places(found):
    """Return the positions of all kept units, sorted."""
    block, occupied = found
    units = range(len(block.framework.site))
    points = [block.positions(u)[occupied[..., u].ravel()] for u in units]
    joined = np.concatenate(points)
    return joined[np.lexsort(joined.round(4).T)]


SEEDS = st.integers(0, 10**6)
ENDS = st.sampled_from(["AX", "BX2"])


@settings(max_examples=40, deadline=None)
@given(name=CORNER, seed=SEEDS, termination=ENDS)
def test_terminations_keep_their_word(name, seed, termination):
    rng = np.random.default_rng(seed)
    framework = framework_of(crystal_of(name))
    shape = body(*polyhedron(rng, 13.0))
    turn = Rotation.random(random_state=rng).as_matrix()
    found = kept(framework, shape, rng.uniform(-90, 90, 3), turn, termination)
    assume(found is not None)
    block, occupied = found
    chosen = occupied[..., framework.b_units]
    halides, bonds = halides_of(block, occupied)[chosen], links_of(block, chosen)
    others = framework.site != Site.B
    if termination == "AX":
        assert (halides == 6).all()
        assert np.array_equal(occupied[..., others], bonds[..., others] > 0)
    else:
        assert (halides >= 3).all()
        assert np.array_equal(occupied[..., others], (bonds == framework.full)[..., others])


@settings(max_examples=25, deadline=None)
@given(name=CORNER, seed=SEEDS, termination=ENDS)
def test_turning_the_shape_and_the_crystal_changes_nothing(name, seed, termination):
    rng = np.random.default_rng(seed)
    framework = framework_of(crystal_of(name))
    normals, heights = polyhedron(rng, 13.0)
    turn = Rotation.random(random_state=rng).as_matrix()
    centre = rng.uniform(-9, 9, 3)
    first = kept(framework, body(normals, heights), centre, np.eye(3), termination)
    second = kept(framework, body(normals @ turn, heights), centre, turn, termination)
    assert (first is None) == (second is None)
    assume(first is not None)
    assert np.allclose(places(first), places(second))


@settings(max_examples=25, deadline=None)
@given(name=CORNER, seed=SEEDS, termination=ENDS, steps=st.tuples(*[st.integers(-300, 300)] * 3))
def test_moving_by_a_lattice_vector_moves_all_sites(name, seed, termination, steps):
    rng = np.random.default_rng(seed)
    framework = framework_of(crystal_of(name))
    shape, centre = body(*polyhedron(rng, 12.0)), rng.uniform(-9, 9, 3)
    turn = Rotation.random(random_state=rng).as_matrix()
    shift = np.array(steps) @ framework.cell
    first = kept(framework, shape, centre, turn, termination)
    second = kept(framework, shape, centre + shift, turn, termination)
    assert (first is None) == (second is None)
    assume(first is not None)
    near, _ = cKDTree(places(first)).query(places(second) - shift)
    assert len(places(first)) == len(places(second))
    assert near.max() < 1e-6


@settings(max_examples=20, deadline=None)
@given(name=CORNER, seed=SEEDS, larger=st.floats(1.0, 1.5))
def test_a_larger_body_holds_the_smaller_one(name, seed, larger):
    rng = np.random.default_rng(seed)
    framework = framework_of(crystal_of(name))
    normals, heights = polyhedron(rng, 10.0)
    centre = rng.uniform(-9, 9, 3)
    small = kept(framework, body(normals, heights), centre, np.eye(3), "AX")
    assume(small is not None)
    large = kept(framework, body(normals, larger * heights), centre, np.eye(3), "AX")
    near, _ = cKDTree(places(large)).query(places(small))
    assert near.max() < 1e-6
