import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.screening.face_labels import face_label
from heterobuild.slabs import face_indices


@pytest.mark.parametrize("indices", ["001", "100", "110", "1-11"])
def test_the_pseudocubic_indices_name_the_same_face(indices):
    crystal = load_crystal("CsPbBr3_orthorhombic")
    face = face_indices(crystal, indices)
    label, _, along = face_label(crystal, face).partition(" = ")
    assert label == f"({indices})"
    normal = np.linalg.solve(crystal.cell, face)
    axes = crystal.pseudocubic @ crystal.cell
    h, k, m = face_indices(load_crystal("CsPbBr3_cubic"), along.removesuffix("pc").strip("()"))
    other = np.linalg.solve(axes, [h, k, m])
    assert np.cross(normal, other) == pytest.approx(0, abs=1e-9)


def test_faces_that_are_written_alike_are_written_once():
    assert face_label(load_crystal("CsPbBr3_cubic"), (0, 0, 1)) == "(001)"
    assert face_label(load_crystal("Cs4PbBr6"), (0, 0, -1)) == "(00-1)"
