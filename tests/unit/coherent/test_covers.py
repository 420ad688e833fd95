import numpy as np
import pytest

from heterobuild.coherent.covers import covered
from heterobuild.coherent.nested import ShellSize, shell_form
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.particles.forms import make_form
from heterobuild.particles.options import ParticleShape

BROMIDE = load_crystal("CsPbBr3:cubic")
EDGE = float(BROMIDE.cell[0, 0])
SIX = np.vstack([np.eye(3), -np.eye(3)])


def cover_of(cover, layers=2, **shape):
    inner = make_form(ParticleShape(**(shape or {"octahedra": 3})), BROMIDE)
    size = ShellSize(layers=layers, thickness=None, outer="", cover="all")
    full = shell_form(inner, BROMIDE, size, edge=EDGE)
    return covered(inner, full, cover, layers * EDGE, EDGE)


def inside(form, points):
    return (form.shape.distance(np.asarray(points, dtype=float)) <= 0).tolist()


@pytest.mark.parametrize("angle", [50, 90, 130])
def test_cap(angle):
    form = cover_of(f"cap {angle}", kind="sphere", radius=13.0)
    angles = np.radians([0, angle - 3, angle + 3, 180])
    line = np.column_stack([np.sin(angles), 0 * angles, np.cos(angles)])
    assert inside(form, (12.9 + 2 * EDGE) * line) == [True, True, False, False]
    assert inside(form, 12.9 * line) == [True] * 4
    assert inside(form, (13.1 + 2 * EDGE) * line) == [False] * 4


def test_volume_of_a_cap():
    """That of a spherical sector beside the ball: 2/3 π (R³ − r³)(1 − cos)."""
    form = cover_of("cap 60", layers=1, kind="sphere", radius=13.0)
    outer = 13.0 + EDGE
    line = np.linspace(-outer, outer, 81)
    grid = np.stack(np.meshgrid(line, line, line, indexing="ij"), -1).reshape(-1, 3)
    found = (form.shape.distance(grid) <= 0).sum() * (line[1] - line[0]) ** 3
    ball, sector = 4 / 3 * np.pi * 13.0**3, 2 / 3 * np.pi * (outer**3 - 13.0**3) * 0.5
    assert found == pytest.approx(ball + sector, rel=0.01)


def test_faces_are_continued_outward():
    form = cover_of("100 0-10")
    assert inside(form, SIX * 3.4 * EDGE) == [True, False, False, False, True, False]
    assert inside(form, SIX * 3.6 * EDGE) == [False] * 6
    assert inside(form, [[3.4 * EDGE, 1.4 * EDGE, 1.4 * EDGE]]) == [True]
    assert inside(form, [[3.4 * EDGE, 1.6 * EDGE, 0], [2 * EDGE, -2 * EDGE, 0]]) == [False] * 2


def test_a_face_of_another_orientation():
    """Along the pseudo-cubic axes, wherever these point."""
    form = cover_of("001", octahedra=3, along_z=(1, 0, 0), along_x=(0, 1, 0))
    outward = form.axes[2] / np.linalg.norm(form.axes[2])
    assert np.abs(outward[2]) < 1e-6
    assert inside(form, np.array([1, -1])[:, None] * outward * 3.4 * EDGE) == [True, False]


def test_a_crown_lies_around_the_side_faces():
    form = cover_of("crown", kind="platelet", octahedra=(4, 4), monolayers=3)
    sides = SIX * np.array([3.9, 3.9, 1.4]) * EDGE
    assert inside(form, sides) == [True] * 6
    assert inside(form, SIX * 4.1 * EDGE) == [False] * 6
    assert inside(form, [[0, 0, 1.6 * EDGE], [3 * EDGE, 0, 1.6 * EDGE]]) == [False] * 2
    assert inside(form, [[3.9 * EDGE, -3.9 * EDGE, -1.4 * EDGE]]) == [True]


def test_what_was_asked_for_is_that_of_the_full_shell():
    form = cover_of("100")
    assert form.asked == {"asked_octahedra": 2, "thickness_A": pytest.approx(2 * EDGE, abs=1e-4)}


@pytest.mark.parametrize("words", ["cap 180", "cap 0", "cap -20", "cap wide", "cap", "cap nan"])
def test_caps_that_mean_nothing(words):
    with pytest.raises(UsageError, match=rf"half angle.*'{words}'.*less than 180"):
        cover_of(words)


@pytest.mark.parametrize("words", ["000", "10", "1001", "top", "100 all", "1.00"])
def test_faces_that_mean_nothing(words):
    with pytest.raises(UsageError, match=rf"covers all.*'{words}'.*crown"):
        cover_of(words)
