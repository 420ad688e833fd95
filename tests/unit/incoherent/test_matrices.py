"""Matrices of any structure: size, contents, and dots on their octahedra."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.dots.arrangement import PlacedDots
from heterobuild.errors import UsageError
from heterobuild.incoherent.matrices import any_matrix, matrix_cells, on_octahedra
from heterobuild.labels import Site
from heterobuild.particles.forms import make_form
from heterobuild.particles.options import ParticleShape

ISOLATED, ORTHORHOMBIC = load_crystal("Cs4PbBr6"), load_crystal("CsPbBr3_orthorhombic")


def test_a_crystal_without_pseudocubic_axes_is_repeated_as_it_is():
    matrix = any_matrix(ISOLATED, (2, 3, 1), slab=False)
    assert abs(np.linalg.det(matrix.cell)) == pytest.approx(6 * abs(np.linalg.det(ISOLATED.cell)))
    assert matrix.occupied.sum() == 6 * len(ISOLATED.require_atoms())
    assert matrix.cell[0, 1] == pytest.approx(0)
    assert matrix.cell[2, 0] == pytest.approx(0)


def test_a_slab_ends_in_whole_octahedra_on_both_sides():
    matrix = any_matrix(ISOLATED, (1, 1, 2), slab=True)
    roles = matrix.block.framework.site
    counts = {role: int(matrix.occupied[..., roles == role].sum()) for role in (Site.B, Site.X)}
    assert counts == {Site.B: 12, Site.X: 72}
    assert not matrix.occupied[:, :, 0].any()
    assert not matrix.occupied[:, :, -1].any()


def test_sizes_are_counted_in_cells():
    around = np.full(3, 40.0)
    assert matrix_cells(ISOLATED, cells=None, box=(41.0, 41.0, 35.0), around=around) == (3, 3, 2)
    assert matrix_cells(ORTHORHOMBIC, cells=None, box="4.7 nm", around=around) == (8, 8, 8)
    assert matrix_cells(ORTHORHOMBIC, cells=6, box=None, around=around) == (6, 6, 6)
    found = matrix_cells(ISOLATED, cells=None, box=None, around=around)
    heights = np.abs(np.linalg.det(ISOLATED.cell)) / np.linalg.norm(
        np.cross(np.roll(ISOLATED.cell, -1, axis=0), np.roll(ISOLATED.cell, -2, axis=0)), axis=1
    )
    assert (np.array(found) * heights >= 40.0).all()
    assert ((np.array(found) - 1) * heights < 40.0).all()


def test_wrong_sizes_are_refused():
    with pytest.raises(UsageError, match="both cells and box"):
        matrix_cells(ISOLATED, cells=2, box=30.0, around=np.zeros(3))
    with pytest.raises(UsageError, match="at least one cell"):
        any_matrix(ISOLATED, (1, 0, 1), slab=False)


@pytest.mark.parametrize("octahedra", [3, 4])
def test_dots_come_to_lie_on_octahedra(octahedra):
    cubic = load_crystal("CsPbBr3_cubic")
    matrix = any_matrix(cubic, (8, 8, 8), slab=False)
    form = make_form(ParticleShape(octahedra=octahedra), cubic)
    dots = PlacedDots(
        centres=np.array([[20.1, 17.0, 25.3]]), forms=(form,), rotations=np.eye(3)[None]
    )
    moved = on_octahedra(matrix, dots)
    b_point = matrix.block.framework.centres[matrix.block.framework.b_units[0]]
    steps = (moved[0] - b_point) / 5.874 - (0.5 if octahedra == 4 else 0.0)
    np.testing.assert_allclose(steps, np.rint(steps), atol=1e-9)
    assert np.abs(moved - dots.centres).max() <= 5.874 / 2 + 1e-9
