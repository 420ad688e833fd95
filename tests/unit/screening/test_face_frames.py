import numpy as np
import pytest

from heterobuild.crystals import load_phase
from heterobuild.screening.face_frames import face_frames
from heterobuild.slabs.surface_cell import surface_cell

FACES = [(0, 0, 1), (1, 0, 0), (1, 1, 0), (1, -1, 0), (1, 1, 1), (2, 1, -1)]


@pytest.mark.parametrize("name", ["CsPbBr3_orthorhombic", "Cs4PbBr6", "BA2PbI4", "CaF2"])
def test_cells_are_those_of_single_faces(name):
    crystal = load_phase(name)
    cells, turns = face_frames(crystal, FACES)
    for face, cell, turn in zip(FACES, cells, turns, strict=True):
        assert cell == pytest.approx(surface_cell(crystal, face), abs=1e-9)
        assert turn @ turn.T == pytest.approx(np.eye(3), abs=1e-12)
        assert np.linalg.det(turn) == pytest.approx(1.0)
        normal = np.linalg.solve(crystal.cell, face)  # the reciprocal vector of the face
        assert normal @ turn == pytest.approx([0, 0, np.linalg.norm(normal)], abs=1e-12)
