import numpy as np
import pytest

from heterobuild.crystals import load_phase
from heterobuild.errors import UsageError
from heterobuild.slabs import face_indices, surface_cell


@pytest.mark.parametrize(
    ("name", "face", "area"),
    [
        ("CsPbBr3_cubic", "001", 5.874**2),
        ("CsPbBr3_cubic", "110", 5.874**2 * np.sqrt(2)),
        ("CsPbBr3_cubic", "111", 5.874**2 * np.sqrt(3)),
        ("NaCl", "001", 5.6402**2 / 2),
        ("NaCl", "111", 5.6402**2 * np.sqrt(3) / 4),
        ("Cs4PbBr6", "001", 13.73**2 * np.sqrt(3) / 2),
        ("BA2PbI4", "001", 8.8764 * 8.6925),
        ("BA2MAPb2I7", "010", 8.947 * 8.8589),
        ("BA2MAPb2I7", "001pc", 8.947 * 8.8589),
    ],
)
def test_areas_by_hand(name, face, area):
    cell = surface_cell(load_phase(name), face)
    assert np.linalg.det(cell) == pytest.approx(area, rel=1e-6)
    assert cell[0, 1] == 0


def test_centring_of_a_phase_without_atoms_counts():
    cell = surface_cell(load_phase("BA2MAPb2I7"), "001")
    assert np.linalg.det(cell) == pytest.approx(39.347 * 8.947 / 2, rel=1e-6)


@pytest.mark.parametrize(
    ("name", "value", "face"),
    [
        ("CsPbBr3_orthorhombic", "001pc", (0, 1, 0)),
        ("CsPbBr3_orthorhombic", "100pc", (1, 0, 1)),
        ("CsPbBr3_orthorhombic", None, (0, 1, 0)),
        ("MAPbI3_tetragonal", "1 1 0 pc", (1, 0, 0)),
        ("CsPbBr3_cubic", "1-10pc", (1, -1, 0)),
        ("Cs4PbBr6", None, (0, 0, 1)),
    ],
)
def test_pseudocubic_faces(name, value, face):
    assert face_indices(load_phase(name), value) == face


def test_a_crystal_without_axes_says_so():
    with pytest.raises(UsageError, match="no pseudo-cubic axes"):
        face_indices(load_phase("Cs4PbBr6"), "001pc")
