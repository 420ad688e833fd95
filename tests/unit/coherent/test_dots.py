import numpy as np
import pytest

from heterobuild.coherent.dots import asked_sizes, dots_on_lattice, draft_dots
from heterobuild.coherent.matrix import lattice_origin, make_matrix
from heterobuild.compounds import load_crystal
from heterobuild.dots.arrangement import PlacedDots, Placement
from heterobuild.errors import UsageError
from heterobuild.geometry.shapes import cuboid, sphere
from heterobuild.labels import Site
from heterobuild.model import WallProfile
from heterobuild.particles.forms import make_form
from heterobuild.particles.options import ParticleShape

IODIDE, BROMIDE = load_crystal("CsPbI3:cubic"), load_crystal("CsPbBr3:cubic")
EDGE = float(BROMIDE.cell[0, 0])


def turned_by(degrees):
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[cosine, sine, 0], [-sine, cosine, 0], [0, 0, 1.0]])


def dots_turned(*rotations):
    form = make_form(ParticleShape(kind="cuboid", octahedra=(1, 2, 3)), BROMIDE)
    count = len(rotations)
    return PlacedDots(
        centres=np.zeros((count, 3)), forms=(form,) * count, rotations=np.array(rotations)
    )


def test_forms_turn_with_the_matrix():
    turn = turned_by(90)
    (solid,) = dots_on_lattice(dots_turned(turn), turn, None)
    ends = np.diag([1.0, 0.5, 1.5]) * EDGE
    assert solid.distance(ends) == pytest.approx(0, abs=1e-6)
    (straight,) = dots_on_lattice(dots_turned(np.eye(3)), np.eye(3), None)
    assert straight.distance(ends[:, [1, 0, 2]][[1, 0, 2]]) == pytest.approx(0, abs=1e-6)


def test_a_table_cannot_turn_coherent_dots():
    with pytest.raises(UsageError, match=r"cannot be turned.*dots\.csv, dot 2.*incoherent"):
        dots_on_lattice(dots_turned(np.eye(3), turned_by(5)), np.eye(3), "dots.csv")


def drafted(shape, centres=((0, 0, 0),), cells=(6, 6, 6), profile=None):
    matrix = make_matrix(BROMIDE, cells, slab=False)
    places = lattice_origin(matrix, "BBB") + np.array(centres, dtype=float) * EDGE
    draft = draft_dots(
        matrix,
        places,
        [shape] * len(places),
        (IODIDE, BROMIDE),
        shared="outer",
        profile=profile or WallProfile(),
        asked="what was wanted",
        seed=0,
    )
    return draft, next(step for step in draft.steps if step.name == "dots").values


def test_two_cubes_one_across_a_border():
    """Of 27 and 8 octahedra in 216; the matrix owns the wall, so X between two B of a cube."""
    draft, told = drafted(cuboid((1.5 * EDGE,) * 3), ((0, 0, 0), (3, 3, 3)))
    assert told["count"] == 2
    assert (told["octahedra"], told["octahedra_of_all"]) == (54, 216)
    assert told["volume_fraction"] == pytest.approx(0.25)
    volume = 4 / 3 * np.pi * (told["equivalent_diameter_A"] / 2) ** 3
    assert volume == pytest.approx(27 * EDGE**3, rel=1e-3)
    site = draft.sites.block.framework.site
    iodine = [k for k, entry in enumerate(draft.sites.table) if entry.name == "I"]
    assert np.isin(draft.sites.species, iodine).sum() == 2 * 3 * 9 * 2
    assert (draft.sites.region[..., site == Site.B] == 1).sum() == 54
    assert draft.sites.charge == 0


def test_a_profile_of_a_ball_has_the_iodine_of_its_distances():
    """Against the ramp over the distance of every X from the ball, brute force."""
    radius, width = 9.0, 8.0
    draft, _ = drafted(sphere(radius), profile=WallProfile(kind="linear", width=width))
    block = draft.sites.block
    units = np.flatnonzero(block.framework.site == Site.X).tolist()
    centre = BROMIDE.atoms.positions[BROMIDE.atoms.arrays["site"] == Site.B][0]
    points = np.vstack([block.positions(unit) for unit in units]) - centre
    points -= np.round(points / (6 * EDGE)) * 6 * EDGE
    away = np.linalg.norm(points, axis=1) - radius
    wanted = np.clip(0.5 - away / width, 0, 1).sum()
    iodine = [k for k, entry in enumerate(draft.sites.table) if entry.name == "I"]
    assert np.isin(draft.sites.species, iodine).sum() == pytest.approx(wanted, abs=1)


@pytest.mark.parametrize(("height", "octahedra"), [(1.0, 1), (10.0, 3), (50.0, 6)])
def test_octahedra_are_counted_once(height, octahedra):
    """A needle through the whole matrix holds each Pb of its row, not its images."""
    _, told = drafted(cuboid((1.0, 1.0, height)))
    assert told["octahedra"] == octahedra


def test_dots_leave_some_of_the_matrix():
    words = r"fill the whole matrix.*cells; found 216 of 216.*larger matrix"
    with pytest.raises(UsageError, match=words):
        drafted(cuboid((50.0,) * 3))


def test_a_dot_between_octahedra_holds_none():
    with pytest.raises(UsageError, match=r"hold no octahedron.*shape; found 0 of 216.*larger dots"):
        drafted(sphere(1.0), ((0.5, 0.5, 0.5),))


def test_asked_sizes_are_those_of_the_options():
    shapes = [sphere(19.8), sphere(12.1), sphere(15.0)]
    mean = sphere(15.0).name
    assert asked_sizes(mean, Placement(), shapes) == "sphere of radius 15 Å"
    drawn = Placement(distribution="log-normal", spread=0.12)
    said = asked_sizes(mean, drawn, shapes)
    assert said == "sphere of radius 15 Å, log-normal with a spread of 12 %"
    table = Placement(table="dots.csv")
    said = asked_sizes(mean, table, shapes)
    assert said == "dots.csv: sphere of radius 12.1 Å to sphere of radius 19.8 Å"
    assert asked_sizes(mean, table, shapes[:1]) == "dots.csv: sphere of radius 19.8 Å"
