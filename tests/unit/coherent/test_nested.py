import numpy as np
import pytest

from heterobuild.coherent.nested import ShellSize, nested_forms, part_names
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.frameworks.scaling import cube_edge
from heterobuild.particles.options import ParticleShape

CRYSTALS = load_crystal("CsPbI3:cubic"), load_crystal("CsPbBr3:cubic")
I_EDGE, BR_EDGE = (cube_edge(crystal) for crystal in CRYSTALS)


def size(**options):
    return ShellSize(**({"layers": 1, "thickness": None, "outer": "", "cover": "all"} | options))


def nest(shape=None, lattice="shell", crystals=CRYSTALS, **options):
    shape = shape or ParticleShape(octahedra=3)
    shells = (size(**options),) * (len(crystals) - 1)
    return nested_forms(shape, crystals, lattice=lattice, shells=shells)


def test_names():
    assert part_names(2) == ("core", "shell")
    assert part_names(4) == ("core", "shell 1", "shell 2", "shell 3")


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_a_box_grows_by_whole_octahedra(layers):
    plan = nest(layers=layers)
    inner, outer = (np.array(form.shape.half) for form in plan.forms)
    assert inner == pytest.approx(1.5 * BR_EDGE)
    assert outer == pytest.approx((1.5 + layers) * BR_EDGE)
    assert cube_edge(plan.host) == pytest.approx(BR_EDGE)


@pytest.mark.parametrize(
    ("asked", "taken"), [(5.0, 1), (8.9, 2), (8.0, 1), ("1.2 nm", 2), (1.0, 1)]
)
def test_a_box_takes_the_nearest_number_of_octahedra(asked, taken):
    plan = nest(layers=None, thickness=asked)
    assert np.array(plan.forms[1].shape.half) == pytest.approx((1.5 + taken) * BR_EDGE)
    assert plan.forms[1].asked["thickness_A"] == pytest.approx(taken * BR_EDGE, abs=1e-4)


def test_a_ball_keeps_the_exact_thickness():
    plan = nest(ParticleShape(kind="sphere", radius=13.0), layers=None, thickness=7.3)
    surface = np.array([[20.3, 0, 0], [0, -20.3, 0]])
    assert plan.forms[1].shape.distance(surface) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("lattice", "edge"), [("core", I_EDGE), ("shell", BR_EDGE), (6.0, 6.0)])
def test_named_lattices(lattice, edge):
    assert cube_edge(nest(lattice=lattice).host) == pytest.approx(edge)


def test_mean_lattice_of_a_ball_in_a_cube():
    """Weights are volumes: (4/3) π r³ of the ball against the rest of the cube."""
    shape = ParticleShape(kind="sphere", radius=12.0)
    found = cube_edge(nest(shape, lattice="mean", outer="cube").host)
    outer = 12.0 + BR_EDGE
    share = 4 / 3 * np.pi * 12.0**3 / (2 * outer) ** 3
    assert found == pytest.approx(share * I_EDGE + (1 - share) * BR_EDGE, abs=0.02)


def test_the_mean_lattice_has_the_tilts_of_the_largest_part():
    tilted = load_crystal("CsPbBr3_orthorhombic")
    assert nest(lattice="mean", crystals=(CRYSTALS[0], tilted)).host.name == tilted.name
    assert nest(lattice="core", crystals=(CRYSTALS[0], tilted)).host.name == CRYSTALS[0].name


@pytest.mark.parametrize(
    ("outer", "reach"),
    [
        ("sphere", 1.5 * np.sqrt(3)),
        ("cube", 1.5),
        ("octahedron", 4.5 / np.sqrt(3)),
        ("rhombic-dodecahedron", 3.0 / np.sqrt(2)),
    ],
)
def test_another_form_is_a_step_away_at_the_closest_place(outer, reach):
    form = nest(outer=outer).forms[1]
    normal = {"octahedron": (1, 1, 1), "rhombic-dodecahedron": (1, 1, 0)}.get(outer, (1, 0, 0))
    unit = np.array(normal) / np.linalg.norm(normal)
    point = unit[None] * (reach + 1) * BR_EDGE
    assert form.shape.distance(point) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"layers": 0}, r"at least one layer.*layers; found 0.*halide_planes"),
        ({"layers": None, "thickness": -2.0}, r"out of range.*thickness"),
        ({"cover": "10"}, r"covers all"),
        ({"outer": "pear"}, r"cannot be a pear.*allowed cube, sphere"),
        ({"lattice": 9.0}, r"far from those of the parts.*9 Å; allowed 5\.\d+ to 6\.\d+ Å"),
    ],
)
def test_refusals(options, words):
    with pytest.raises(UsageError, match=words):
        nest(**options)
