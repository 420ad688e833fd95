import numpy as np
import pytest

from heterobuild.coherent.matrix import lattice_origin, make_matrix, periods, whole_periods
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.frameworks.scaling import cube_edge
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
def test_a_slab_ends_in_whole_octahedra(crystal):
    """Of AX planes: each B keeps six X, and the outermost X lie half an edge beyond B."""
    matrix = make_matrix(crystal, (2, 2, 4), slab=True)
    block, edge = matrix.block, cube_edge(crystal)
    heights = {}
    for role in (Site.A, Site.B, Site.X):
        units = np.flatnonzero(block.framework.site == role).tolist()
        found = [
            (block.positions(u) @ matrix.rotation)[matrix.occupied[..., u].ravel()] for u in units
        ]
        heights[role] = np.vstack(found)[:, 2]
    spread = {role: np.ptp(z) / edge for role, z in heights.items()}
    assert spread[Site.B] == pytest.approx(3, abs=0.05)
    assert spread[Site.X] == pytest.approx(4, abs=0.15)
    assert spread[Site.A] == pytest.approx(4, abs=0.15)


@pytest.mark.parametrize("parity", ["BBB", "AAA", "ABB"])
def test_origin_of_the_lattice_of_dots(parity):
    """B itself; half a cell along the axes on which A is the centre."""
    matrix = make_matrix(BROMIDE, (3, 3, 3), slab=False)
    shift = np.array([0.5 if letter == "A" else 0.0 for letter in parity])
    lead = BROMIDE.atoms.positions[BROMIDE.atoms.arrays["site"] == Site.B]
    found = lattice_origin(matrix, parity) - lead[0] @ matrix.rotation
    off = found / cube_edge(BROMIDE) - shift
    assert off == pytest.approx(np.round(off), abs=1e-9)


def test_steps_of_a_matrix_are_its_pseudocubic_axes():
    matrix = make_matrix(TILTED, (2, 4, 2), slab=False)
    assert matrix.steps * np.array([[2.0], [4.0], [2.0]]) == pytest.approx(matrix.cell)
