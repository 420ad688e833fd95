import numpy as np
import pytest

from heterobuild.deposition.bodies import carved_body, face_down
from heterobuild.errors import UsageError
from heterobuild.labels import CHARGE, SITE, Site
from heterobuild.particles.options import ParticleShape


@pytest.mark.parametrize("facet", [(0, 0, 1), (1, 0, 0), (1, 1, 0), (1, 1, 1), (-1, 2, 1)])
def test_the_face_is_brought_down_by_a_proper_rotation(facet):
    axes = np.array([[5.8, 0.1, 0.0], [0.0, 5.9, 0.1], [0.1, 0.0, 6.1]])
    turn = face_down(axes, facet)
    assert turn @ turn.T == pytest.approx(np.eye(3))
    assert np.linalg.det(turn) == pytest.approx(1.0)
    normal = np.cross(*_in_plane(axes, facet)) @ turn
    assert np.abs(normal / np.linalg.norm(normal)) == pytest.approx([0, 0, 1], abs=1e-9)


def _in_plane(axes, facet):
    """Return two lattice vectors in the face."""
    found = []
    for u in np.ndindex(5, 5, 5):
        step = np.array(u) - 2
        if step.any() and step @ facet == 0:
            found.append(step @ axes)
    first = found[0]
    return first, next(v for v in found if np.linalg.norm(np.cross(first, v)) > 1e-6)


def test_a_particle_stands_as_its_shape_does():
    assert face_down(np.eye(3), None).tolist() == np.eye(3).tolist()


def test_a_face_of_zeros():
    with pytest.raises(UsageError, match=r"not all zero, in facet.*\[0, 0, 1\]"):
        face_down(np.eye(3), (0, 0, 0))


def test_a_body_is_neutral_and_about_its_metals(bromide, carving):
    body = carved_body(bromide, carving(facet=(1, 1, 0)), seed=0)
    assert body.atoms.arrays[CHARGE].sum() == 0
    metals = body.atoms.positions[body.atoms.arrays[SITE] == Site.B]
    assert metals.mean(axis=0) == pytest.approx(np.zeros(3), abs=1e-9)
    # neighbours of a metal along <100>, which a (110) face down puts at 45 degrees to the ground
    steps = metals - metals[0]
    near = steps[np.abs(np.linalg.norm(steps, axis=1) - 5.874) < 0.01]
    assert sorted(np.abs(near[:, 2] / 5.874).round(4)) == pytest.approx([0, 0.7071, 0.7071], 1e-3)


def test_the_azimuth_is_that_of_x(bromide, carving):
    turned = carving(shape=ParticleShape(octahedra=2, along_x=(1, 1, 0)))
    assert carved_body(bromide, turned, seed=0).azimuth == pytest.approx(0.0)
    down = carved_body(bromide, carving(facet=(1, 0, 0)), seed=0)
    assert abs(down.azimuth) == pytest.approx(90.0)
