from __future__ import annotations

import numpy as np
import pytest

from heterobuild import load_crystal
from heterobuild.screening.cubes import cube_face, cube_of, cube_on_cube, misfits_of


# Cells: Pnma CsPbBr3 8.255 11.759 8.207; NaCl 5.6402.
@pytest.mark.parametrize(
    ("name", "kind", "edges"),
    [
        ("CsPbBr3_orthorhombic", "pseudo-cubic", (5.8202, 5.8202, 5.8795)),
        ("PEA2PbBr4", "in-plane pseudo-cubic", (5.8075, 5.81375)),
        ("Cs2PbI2Cl2", "in-plane pseudo-cubic", (5.6385, 5.6385)),
        ("NaCl", "cubic cell", (5.6402, 5.6402, 5.6402)),
    ],
)
def test_edges(name, kind, edges):
    found = cube_of(load_crystal(name))
    assert found.kind == kind
    assert found.edges == pytest.approx(edges, abs=1e-4)
    assert found.mean == pytest.approx(np.mean(edges), abs=1e-4)


@pytest.mark.parametrize("name", ["Cs4PbBr6", "GaN", "CsCu2I3", "CsPbI3_delta"])
def test_no_cube(name):
    crystal = load_crystal(name)
    assert cube_of(crystal) is None
    assert cube_face(crystal, (0, 0, 1)) is None


def test_faces_of_the_cube_of_a_tilted_crystal():
    crystal = load_crystal("CsPbBr3_orthorhombic")
    edges = cube_face(crystal, (0, 1, 0))
    assert np.linalg.norm(edges, axis=1) == pytest.approx([5.8202, 5.8202], abs=1e-4)
    upright = np.linalg.norm(cube_face(crystal, (1, 0, 1)), axis=1)
    assert sorted(upright) == pytest.approx([5.8202, 5.8795], abs=1e-4)
    assert cube_face(crystal, (0, 0, 1)) is None
    assert np.linalg.det(edges) > 0


def test_only_the_layer_of_a_layered_phase_is_a_face():
    crystal = load_crystal("Cs2PbI2Cl2")
    assert cube_face(crystal, (0, 0, 1)) is not None
    assert cube_face(crystal, (1, 0, 0)) is None


def test_edges_are_laid_the_less_strained_way():
    found = cube_on_cube(np.diag([5.0, 6.0]), np.diag([6.0, 5.0]))
    assert found == pytest.approx((0, 0), abs=1e-12)


def test_misfit_has_the_denominator_of_the_substrate():
    strains = np.array([5.68 / 5.874 - 1, 0.0])
    assert misfits_of(strains) == pytest.approx((5.874 / 5.68 - 1, 0))
    assert misfits_of(np.array([0.01, -0.02]))[0] == pytest.approx(1 / 0.98 - 1)
