from __future__ import annotations

import numpy as np
import pytest

from heterobuild.crystals import load_phase
from heterobuild.errors import UsageError
from heterobuild.geometry.shape_algebra import shell
from heterobuild.geometry.shapes import Shape, cylinder, sphere
from heterobuild.particles.forms import form_of_shape, make_form
from heterobuild.particles.octahedron_room import SLACK
from heterobuild.particles.options import ParticleShape

CUBIC = load_phase("CsPbBr3_cubic")
EDGE = 5.874
PHASES = [
    "CsPbBr3_cubic",
    "CsPbI3_gamma",
    "CsGeBr3_trigonal",
    "MAPbI3_tetragonal",
    "FASnI3_orthorhombic",
]


def form_of(crystal="CsPbBr3_cubic", **given):
    return make_form(ParticleShape(**given), load_phase(crystal))


def metals(form, reach=26):
    """Count B on the automatic centre, with the form's own axes."""
    offset = np.array([0.5 * (letter == "A") for letter in form.parity])
    steps = np.array(list(np.ndindex(2 * reach, 2 * reach, 2 * reach))) - reach + offset
    kept = form.carving.distance(steps @ form.axes) <= 1e-6
    return steps[kept]


def halides(form, steps):
    corners = np.vstack([form.axes, -form.axes]) / 2
    return ((steps @ form.axes)[:, None] + corners).reshape(-1, 3)


@pytest.mark.parametrize("crystal", PHASES)
@pytest.mark.parametrize("counts", [(1, 1, 1), (3, 3, 3), (2, 3, 4), (5, 2, 40)])
def test_cuboids_have_exactly_their_octahedra(crystal, counts):
    form = form_of(crystal, kind="cuboid", octahedra=counts)
    steps = metals(form)
    assert len(steps) == np.prod(counts)
    assert (np.ptp(steps, axis=0) + 1).tolist() == list(counts)
    assert form.parity == tuple("BA"[n % 2 == 0] for n in counts)
    ends = halides(form, steps)
    assert form.shape.distance(ends).max() == pytest.approx(0, abs=1e-9)
    assert (np.abs(ends) <= np.array(form.shape.half) + 1e-9).all()


@pytest.mark.parametrize("crystal", ["CsPbI3_gamma", "CsGeBr3_trigonal"])
def test_long_cuboids_of_skew_phases_keep_their_octahedra(crystal):
    form = form_of(crystal, kind="cuboid", octahedra=(151, 1, 151))
    corners = np.array([[x, 0, z] for x in (75, -75) for z in (75, -75)])
    beyond = np.array([[76, 0, 75], [75, 0, 76], [75, 1, 75]])
    assert (form.carving.distance(corners @ form.axes) < -2).all()
    assert (form.carving.distance(beyond @ form.axes) > 2).all()


@pytest.mark.parametrize(
    ("length", "counts"),
    [
        (30, [5] * 3),
        ("6.6 nm", [11] * 3),
        (1, [1] * 3),
        (2.6 * EDGE, [3] * 3),
        (2.4 * EDGE, [2] * 3),
    ],
)
def test_lengths_of_a_cube_take_the_nearest_octahedra(length, counts):
    asked = form_of(lengths=length).asked
    assert asked["taken_octahedra"] == counts
    assert asked["taken_A"] == pytest.approx([n * EDGE for n in counts])
    assert "asked_octahedra" not in asked
    assert len(asked["asked_A"]) == 3


def test_radius_of_a_cube_is_half_its_edge():
    assert form_of(radius=2.5 * EDGE).asked["taken_octahedra"] == [5, 5, 5]


@pytest.mark.parametrize("crystal", PHASES)
@pytest.mark.parametrize(
    "given",
    [
        {"kind": "sphere", "radius": 30},
        {"kind": "sphere", "octahedra": 5},
        {"kind": "ellipsoid", "lengths": (40, 50, 60)},
        {"kind": "octahedron", "lengths": 60},
        {"kind": "octahedron", "octahedra": 7},
        {"kind": "rhombic-dodecahedron", "octahedra": 7},
        {"kind": "truncated-cube", "octahedra": 7},
        {"kind": "truncated-octahedron", "radius": "2.5 nm"},
        {"kind": "wulff", "facets": {"100": 1.0, "111": 1.1, "110": 1.05}, "radius": 28},
        {"kind": "rod", "section": "round", "radius": 20, "lengths": 50, "axis": (1, 1, 0)},
        {"kind": "cube", "lengths": 40, "along_x": (1, -1, 0), "along_z": (1, 1, 0)},
    ],
    ids=lambda given: "-".join(map(str, given.values())),
)
def test_all_octahedra_that_fit_are_kept_and_no_others(crystal, given):
    form = form_of(crystal, **given)
    steps = metals(form)
    edge = np.linalg.norm(form.axes, axis=1).mean()
    ends = form.shape.distance(halides(form, steps))
    assert len(steps) > 10
    assert ends.max() <= SLACK * edge + 0.05
    around = np.unique((steps[:, None] + np.vstack([np.eye(3), -np.eye(3)])).reshape(-1, 3), axis=0)
    left = around[form.carving.distance(around @ form.axes) > 1e-6]
    worst = form.shape.distance(halides(form, left)).reshape(-1, 6).max(axis=1)
    assert worst.min() > SLACK * edge - 0.05
    assert np.abs(steps.mean(axis=0)) == pytest.approx([0] * 3, abs=1e-9)


def test_outermost_halides_of_a_sphere_are_at_its_radius():
    for radius in (15, 20, 30, 45, 60):
        form = form_of(kind="sphere", radius=radius)
        far = np.linalg.norm(halides(form, metals(form)), axis=1).max()
        assert radius - 0.25 * EDGE < far <= radius + SLACK * EDGE


@pytest.mark.parametrize("kind", ["sphere", "octahedron", "rhombic-dodecahedron", "truncated-cube"])
@pytest.mark.parametrize("count", [3, 5, 7, 9])
def test_odd_numbers_of_octahedra_fit_across(kind, count):
    form = form_of(kind=kind, octahedra=count)
    assert form.parity == ("B", "B", "B")
    assert (np.ptp(metals(form), axis=0) + 1).tolist() == [count] * 3


def test_octahedra_of_b_are_those_of_octahedral_numbers():
    # Points of a simple cubic lattice within |x| + |y| + |z| <= k: 1, 7, 25, 63, 129.
    for count, number in ((1, 1), (3, 7), (5, 25), (7, 63), (9, 129)):
        assert len(metals(form_of(kind="octahedron", octahedra=count))) == number


def test_platelets_rods_and_wires():
    plate = form_of(kind="platelet", octahedra=8, monolayers=3)
    assert plate.asked["taken_octahedra"] == [8, 8, 3]
    assert len(metals(plate)) == 192
    rod = form_of("CsPbI3_gamma", kind="rod", octahedra=(3, 9), axis=(1, 0, 0))
    assert (np.ptp(metals(rod), axis=0) + 1).tolist() == [9, 3, 3]
    assert np.abs(rod.axes[0][:2]).max() < 1e-9
    wire = form_of("CsPbI3_gamma", kind="wire", octahedra=(3, 4))
    assert wire.periodic == (False, False, True)
    assert wire.translation.tolist() == [0, 1, 0]
    assert wire.asked["period_A"] == pytest.approx(12.472)
    assert wire.asked["taken_A"][2] is None
    assert wire.shape.half[2] == np.inf
    assert len(metals(wire, 6)) == 12 * 12
    assert wire.parity == ("B", "A", "B")
    assert plate.translation is None
    assert plate.periodic == (False, False, False)


@pytest.mark.parametrize("crystal", PHASES)
@pytest.mark.parametrize("axis", [(0, 0, 1), (1, 0, 0)])
def test_round_rods_end_with_whole_octahedra(crystal, axis):
    form = form_of(crystal, kind="rod", section="round", octahedra=(5, 9), axis=axis)
    steps = metals(form)
    extent = np.ptp(steps, axis=0) + 1
    assert extent[axis.index(1)] == 9
    assert sorted(extent.tolist()) == [5, 5, 9]
    assert len(steps) == 9 * 13
    inside = form.shape.distance(halides(form, steps))
    assert inside.max() <= SLACK * 6.4 + 0.05


@pytest.mark.parametrize("axis", [(0, 0, 1), (1, 1, 0), (1, 1, 1)])
@pytest.mark.parametrize("section", ["square", "round"])
def test_wires_repeat_with_their_translation(axis, section):
    for crystal in PHASES[:3]:
        form = form_of(crystal, kind="wire", section=section, radius=14, axis=axis)
        period = form.translation @ load_phase(crystal).cell @ form.rotation
        points = np.random.default_rng(0).uniform(-25, 25, (2000, 3))
        for solid in (form.shape, form.carving):
            assert solid.distance(points + period) == pytest.approx(solid.distance(points))


def test_even_sphere_takes_the_centre_that_fits_most():
    assert form_of(kind="sphere", radius=30).parity == ("A", "A", "A")
    form = form_of(kind="ellipsoid", octahedra=(5, 12, 5))
    assert (np.ptp(metals(form), axis=0) + 1).tolist() == [5, 12, 5]
    assert form.parity == ("B", "A", "B")


def test_crystals_without_cube():
    form = form_of("Cs4PbBr6", kind="sphere", radius=30)
    assert form.parity == ("B", "B", "B")
    assert form.carving.distance(np.array([[0, 0, 26.9], [0, 0, 27.4]])) == pytest.approx(
        [-0.378, 0.122], abs=0.01
    )
    box = form_of("Cs4PbBr6", kind="cuboid", lengths=(30, 40, 50))
    assert box.shape.half == (15, 20, 25)
    wire = form_of("Cs4PbBr6", kind="wire", lengths=30)
    assert wire.translation.tolist() == [0, 0, 1]
    with pytest.raises(UsageError, match="octahedra of Cs4PbBr6 are not counted"):
        form_of("Cs4PbBr6")


def test_layered_platelet_counts_layers():
    form = form_of("Cs2PbI2Cl2", kind="platelet", octahedra=6, monolayers=2)
    assert form.asked["taken_A"] == pytest.approx([6 * 5.6385, 6 * 5.6385, 2 * 9.44], abs=0.01)


@pytest.mark.parametrize("crystal", [*PHASES, "Cs4PbBr6", "BA2PbI4"])
def test_rotation_is_proper(crystal):
    rotation = form_of(crystal, kind="sphere", radius=25).rotation
    assert np.linalg.det(rotation) == pytest.approx(1)
    assert rotation @ rotation.T == pytest.approx(np.eye(3), abs=1e-12)


TORUS = Shape(
    name="torus",
    distance=lambda p: np.hypot(np.hypot(p[:, 0], p[:, 1]) - 30, p[:, 2]) - 15,
    half=(45, 45, 15),
)


def test_a_shape_of_your_own():
    form = form_of_shape(TORUS, load_phase("CsPbI3_gamma"))
    steps = metals(form)
    assert form.kind == "torus"
    assert form.shape is TORUS
    assert TORUS.distance(halides(form, steps)).max() <= SLACK * 6.2 + 1e-6
    assert np.linalg.norm((steps @ form.axes)[:, :2], axis=1).min() > 15
    assert len(steps) * 6.2**3 == pytest.approx(2 * np.pi**2 * 30 * 12.5**2, rel=0.1)
    assert not any(form.periodic)


def test_a_shape_of_your_own_is_the_same_as_a_kind():
    points = np.random.default_rng(0).uniform(-25, 25, (2000, 3))
    for crystal in ("CsPbI3_gamma", "Cs4PbBr6"):
        own = form_of_shape(sphere(20.0), load_phase(crystal))
        kind = form_of(crystal, kind="sphere", radius=20)
        assert own.parity == kind.parity
        assert own.carving.distance(points) == pytest.approx(kind.carving.distance(points))


def test_an_endless_shape_of_your_own_is_a_wire():
    crystal = load_phase("CsPbBr3_orthorhombic")
    tube = shell(cylinder(25.0), cylinder(10.0))
    options = ParticleShape(along_z=(1, 0, 0), along_x=(0, 0, 1))
    form = form_of_shape(tube, crystal, options)
    assert form.periodic == (False, False, True)
    assert form.translation.tolist() == [1, 0, 1]
    period = form.translation @ crystal.cell @ form.rotation
    assert period == pytest.approx([0, 0, form.asked["period_A"]], abs=1e-6)
    with pytest.raises(UsageError, match="endless along z only"):
        form_of_shape(cylinder(20.0, axis=(1, 0, 0)), crystal)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"octahedra": 0}, "whole numbers"),
        ({"octahedra": 3, "radius": 20}, "one size"),
        ({"kind": "cuboid", "octahedra": (2, 3)}, "number of sizes"),
        ({"kind": "wire", "axis": (0, 0, 0)}, "not all zero"),
        ({"kind": "truncated-cube", "truncation": 1.5}, "truncation"),
        ({"kind": "wulff"}, "needs its faces"),
        ({"along_z": (1, 1, 0)}, "not perpendicular"),
        (
            {"kind": "platelet", "octahedra": 5, "monolayers": 2, "axis": (1, 1, 0)},
            "pseudo-cubic axes only",
        ),
        ({"monolayers": 2}, "means nothing"),
        ({"lengths": "-3 nm"}, "out of range"),
    ],
)
def test_bad_input(given, says):
    with pytest.raises(UsageError, match=says):
        form_of(**given)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"kind": "platelet", "lengths": 30.0, "monolayers": 2}, "three lengths and no monolayers"),
        ({"kind": "cuboid", "octahedra": 3}, "lengths$"),
        ({"kind": "cube"}, "lengths or radius"),
        ({"kind": "octahedron"}, "use wulff"),
    ],
)
def test_sizes_that_a_crystal_without_octahedra_takes(options, words):
    with pytest.raises(UsageError, match=f"are not counted.*{words}"):
        make_form(ParticleShape(**options), load_phase("Cs4PbBr6"))
