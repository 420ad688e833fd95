import numpy as np
import pytest

from heterobuild.deposition.faces import hull_area, lowest_plane


def test_area_of_a_hexagon():
    angles = np.radians(60 * np.arange(6))
    points = 3.0 * np.column_stack([np.cos(angles), np.sin(angles)])
    assert hull_area(points) == pytest.approx(1.5 * np.sqrt(3) * 9)


def test_points_on_a_line_have_no_area():
    assert hull_area(np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]])) == 0.0
    assert hull_area(np.zeros((1, 2))) == 0.0


def test_the_face_of_a_cube(body):
    height, points = lowest_plane(body.atoms)
    assert height == pytest.approx(-5.874, abs=1e-3)
    down = body.atoms[body.atoms.positions[:, 2] < height + 0.1]
    assert sorted(map(tuple, points.round(6))) == sorted(map(tuple, down.positions[:, :2].round(6)))
    assert set(down.get_chemical_symbols()) == {"Cs", "Br"}
