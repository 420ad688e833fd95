import numpy as np
import pytest

from heterobuild.coherent.dot_walls import wall_of_dots
from heterobuild.coherent.matrix import make_matrix, periods, whole_periods
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.frameworks.scaling import cube_edge
from heterobuild.geometry.shapes import cuboid, sphere
from heterobuild.labels import Site

BROMIDE = load_crystal("CsPbBr3:cubic")
TILTED = load_crystal("CsPbBr3_orthorhombic")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("CsPbBr3:cubic", (1, 1, 1)),
        ("CsPbBr3_orthorhombic", (2, 2, 2)),
        ("CsPbI3_alpha", (1, 1, 1)),
        ("Cs2AgBiBr6", (2, 2, 2)),
    ],
)
def test_periods(name, expected):
    assert periods(load_crystal(name)) == expected


def test_a_crystal_without_pseudocubic_axes():
    with pytest.raises(UsageError, match=r"no pseudo-cubic axes.*matrix.*wall: incoherent"):
        periods(load_crystal("Cs4PbBr6"))


def test_sizes_are_whole_periods():
    assert whole_periods(BROMIDE, (1, 2, 3)) == (1, 2, 3)
    assert whole_periods(TILTED, (1, 7, 6)) == (2, 8, 6)


@pytest.mark.parametrize("crystal", [BROMIDE, TILTED])
@pytest.mark.parametrize("slab", [False, True])
def test_matrix(crystal, slab):
    matrix = make_matrix(crystal, (4, 2, 6), slab=slab)
    site = matrix.block.framework.site
    counts = [int(matrix.occupied[..., site == s].sum()) for s in (Site.A, Site.B, Site.X)]
    plane = 8 if slab else 0
    assert counts == [48 + plane, 48, 144 + plane]
    lengths = np.linalg.norm(matrix.cell, axis=1) / [4, 2, 6]
    assert lengths == pytest.approx(cube_edge(crystal), rel=0.02)
    assert np.linalg.det(matrix.cell) == pytest.approx(48 * cube_edge(crystal) ** 3)
    assert np.linalg.det(matrix.rotation) == pytest.approx(1)
    assert np.degrees(np.arccos(matrix.cell[0, 0] / np.linalg.norm(matrix.cell[0]))) < 2


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
    assert found.max() == pytest.approx(10 * cube_edge(BROMIDE), rel=1e-6)
    assert found.min() < 0
