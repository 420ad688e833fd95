from __future__ import annotations

import numpy as np
import pytest

from heterobuild.crystals import load_phase
from heterobuild.crystals.cubes import cube_face, cube_of


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
    found = cube_of(load_phase(name))
    assert found.kind == kind
    assert found.edges == pytest.approx(edges, abs=1e-4)
    assert found.mean == pytest.approx(np.mean(edges), abs=1e-4)


@pytest.mark.parametrize("name", ["Cs4PbBr6", "GaN", "CsCu2I3", "CsPbI3_delta"])
def test_no_cube(name):
    crystal = load_phase(name)
    assert cube_of(crystal) is None
    assert cube_face(crystal, (0, 0, 1)) is None


def test_faces_of_the_cube_of_a_tilted_crystal():
    crystal = load_phase("CsPbBr3_orthorhombic")
    edges = cube_face(crystal, (0, 1, 0))
    assert np.linalg.norm(edges, axis=1) == pytest.approx([5.8202, 5.8202], abs=1e-4)
    upright = np.linalg.norm(cube_face(crystal, (1, 0, 1)), axis=1)
    assert sorted(upright) == pytest.approx([5.8202, 5.8795], abs=1e-4)
    assert cube_face(crystal, (0, 0, 1)) is None
    assert np.linalg.det(edges) > 0


def test_only_the_layer_of_a_layered_phase_is_a_face():
    crystal = load_phase("Cs2PbI2Cl2")
    assert cube_face(crystal, (0, 0, 1)) is not None
    assert cube_face(crystal, (1, 0, 0)) is None
