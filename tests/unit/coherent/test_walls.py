import numpy as np
import pytest

from heterobuild.architectures.core_shell import CoreShell
from heterobuild.coherent.walls import outermost_halides, verdict
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.frameworks.block import Block
from heterobuild.frameworks.carving import complete
from heterobuild.frameworks.framework import framework_of
from heterobuild.labels import Site
from heterobuild.particles.forms import make_form
from heterobuild.particles.options import ParticleShape

IODIDE, BROMIDE = load_crystal("CsPbI3:cubic"), load_crystal("CsPbBr3:cubic")


@pytest.mark.parametrize(
    ("misfit", "words"),
    [
        (0.0, "nearly matched"),
        (-0.01, "nearly matched"),
        (0.011, "coherent growth"),
        (-0.05, "coherent growth"),
        (0.051, "large"),
        (-0.3, "large"),
    ],
)
def test_verdict(misfit, words):
    assert verdict(misfit).startswith(words)


def wall(shared="shell", **options):
    model = CoreShell(elastic=False, shared_plane=shared, **options).build(IODIDE, BROMIDE)
    return next(step for step in model.steps if step.name == "wall").values


@pytest.mark.parametrize("shared", ["core", "shell", "mixed"])
def test_shared_halides_do_not_depend_on_their_owner(shared):
    assert wall(shared, shape=ParticleShape(octahedra=3))["shared_halides"] == 54


@pytest.mark.parametrize("octahedra", [1, 2, 3, 5])
@pytest.mark.parametrize("layers", [1, 3])
def test_area_of_a_cube(octahedra, layers):
    """Edges and corners add nothing: 6 n² a², however thin the shell."""
    found = wall(shape=ParticleShape(octahedra=octahedra), layers=(layers,), lattice="shell")
    edge = np.linalg.norm(BROMIDE.cell[0])
    assert found["area_A2"] == pytest.approx(6 * octahedra**2 * edge**2, abs=0.01)


def test_area_of_balls_is_that_of_the_sphere_through_the_wall():
    """Mean over centres, against 4 pi r² of the ball that the B are chosen by, and its layers."""
    shares = []
    for centre in [(0.0, 0.0, 0.0), (0.5, 0.5, 0.5), (0.1, 0.2, 0.3), (0.05, 0.4, 0.33)]:
        shape = ParticleShape(kind="sphere", radius=30.0, centre=centre)
        found = wall(shape=shape, layers=(1,), lattice="shell")
        radius = -make_form(shape, BROMIDE).carving.distance(np.zeros((1, 3)))[0]
        shares.append(found["area_A2"] / (4 * np.pi * radius**2))
    assert np.mean(shares) == pytest.approx(1, abs=0.04)
    assert np.ptp(shares) < 0.1


def test_area_of_a_cover_is_that_of_its_face():
    """Of a plate of two octahedra on one face of a cube: n² a²."""
    found = wall(shape=ParticleShape(octahedra=6), layers=(2,), cover=("001",), lattice="shell")
    edge = np.linalg.norm(BROMIDE.cell[0])
    assert found["shared_halides"] == 36
    assert found["area_A2"] == pytest.approx(36 * edge**2, abs=0.01)


@pytest.mark.parametrize("planes", [0, 1, 2, 3])
def test_outermost_halides_of_a_cube(planes):
    """6 n² halides on the faces, then those by their depth below the nearest face."""
    n, framework = 5, framework_of(BROMIDE)
    block = Block(
        framework=framework, origin=(-2, -2, -2), cells=(n + 4,) * 3, periodic=(False,) * 3
    )
    octahedra = np.zeros(block.octahedra, bool)
    octahedra[2:-2, 2:-2, 2:-2] = True
    occupied = complete(block, octahedra, "AX")
    edge = float(BROMIDE.cell[0, 0])
    line = np.abs(np.arange(n + 4) - (n + 3) / 2)
    outside = np.maximum(np.maximum(line[:, None, None], line[None, :, None]), line[None, None])
    surface = ((outside - n / 2) * edge)[..., None]
    found = outermost_halides(block, occupied, surface, planes, edge)
    if planes == 0:
        assert found is None
        return
    assert not found[..., framework.site != Site.X].any()
    depths = []
    for unit in np.flatnonzero(framework.site == Site.X).tolist():
        chosen = found[..., unit].ravel()
        away = block.positions(unit) - block.positions(int(framework.b_units[0])).mean(axis=0)
        depth = n / 2 - np.abs(away).max(axis=1) / edge
        there = occupied[..., unit].ravel()
        assert (chosen[there] == (depth[there] < (planes - 0.5) / 2)).all()
        depths += depth[chosen].tolist()
    assert min(depths) == pytest.approx(0, abs=1e-9)
    if planes == 1:
        assert len(depths) == 6 * n**2


@pytest.mark.parametrize(("octahedra", "planes"), [(1, 1), (2, 3), (3, 4)])
def test_some_halides_of_the_core_are_left(octahedra, planes):
    """A cube of n octahedra has its deepest halides on plane n + 1 for odd n, n for even n."""
    shape = ParticleShape(octahedra=octahedra)
    with pytest.raises(UsageError, match=r"all halides.*halide_planes"):
        CoreShell(shape=shape, halide_planes=planes).build(IODIDE, BROMIDE)
    if planes > 1:
        built = CoreShell(shape=shape, halide_planes=1).build(IODIDE, BROMIDE)
        assert (built.atoms.numbers == 53).any()
