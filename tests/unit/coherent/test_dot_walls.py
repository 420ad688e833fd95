import numpy as np
import pytest

from heterobuild.coherent.dot_walls import FAR, wall_of_dots
from heterobuild.coherent.matrix import make_matrix
from heterobuild.compounds import load_crystal
from heterobuild.frameworks.scaling import cube_edge
from heterobuild.geometry.shapes import cuboid, sphere

BROMIDE = load_crystal("CsPbBr3:cubic")
TILTED = load_crystal("CsPbBr3_orthorhombic")


@pytest.mark.parametrize("crystal", [BROMIDE, TILTED])
@pytest.mark.parametrize("solid", [sphere(10.0), cuboid((5.0, 9.0, 7.0))])
def test_wall_is_that_of_the_nearest_image(crystal, solid):
    """Against all 27 images of all dots, dots across every border."""
    matrix = make_matrix(crystal, (6, 6, 8), slab=False)
    rng = np.random.default_rng(3)
    centres = np.vstack([np.zeros(3), rng.random((3, 3)) @ matrix.cell])
    found = wall_of_dots(matrix, centres, [solid] * len(centres))
    block = matrix.block
    images = (np.array(list(np.ndindex(3, 3, 3))) - 1) @ matrix.cell
    for b, unit in enumerate(block.framework.b_units.tolist()):
        points = block.positions(unit) @ matrix.rotation
        nearest = np.full(len(points), np.inf)
        for centre in centres:
            for image in images:
                nearest = np.minimum(nearest, solid.distance(points - centre - image))
        assert found[..., b].ravel() == pytest.approx(nearest, abs=1e-4)


def test_far_octahedra_are_cut():
    matrix = make_matrix(BROMIDE, (3, 3, 40), slab=False)
    found = wall_of_dots(matrix, np.zeros((1, 3)), [sphere(3.0)])
    assert found.max() == pytest.approx(FAR * cube_edge(BROMIDE), rel=1e-6)
    assert found.min() < 0


def test_distances_of_all_sites():
    """Cs, Br and Pb alike: of a ball half a cell from the border, by its nearest image."""
    matrix = make_matrix(TILTED, (4, 4, 4), slab=False)
    units = range(matrix.block.grid[3])
    centre = np.array([[1.0, 2.0, 3.0]])
    found = wall_of_dots(matrix, centre, [sphere(6.0)], units)
    assert found.shape == matrix.block.grid
    images = (np.array(list(np.ndindex(3, 3, 3))) - 1) @ matrix.cell
    for unit in units:
        points = matrix.block.positions(unit) @ matrix.rotation - centre
        away = np.linalg.norm(points[:, None] - images[None], axis=2).min(axis=1)
        assert found[..., unit].ravel() == pytest.approx(away - 6.0, abs=1e-4)


def test_a_slab_has_no_images_along_z():
    matrix = make_matrix(BROMIDE, (3, 3, 4), slab=True)
    edge = cube_edge(BROMIDE)
    found = wall_of_dots(matrix, np.zeros((1, 3)), [cuboid((1e3, 1e3, edge / 4))])
    heights = (matrix.block.positions(int(matrix.block.framework.b_units[0])))[:, 2]
    assert found[..., 0].ravel() == pytest.approx(np.abs(heights) - edge / 4, abs=1e-4)
