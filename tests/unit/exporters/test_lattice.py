from __future__ import annotations

import numpy as np
import pytest
from ase.geometry import cell_to_cellpar

from heterobuild.errors import UsageError
from heterobuild.exporters.lattice import (
    cell_parameters,
    fractional,
    require_right_handed,
    restricted_triclinic,
)

TRICLINIC = np.array([[8.0, 0.5, 0], [6.9, 9.0, -1], [-5.5, 7.3, 10.0]])


def test_left_handed_and_flat_cells_are_refused():
    require_right_handed(TRICLINIC, "here")
    with pytest.raises(UsageError, match="not right-handed, in here"):
        require_right_handed(TRICLINIC[[1, 0, 2]], "here")
    with pytest.raises(UsageError, match="no volume"):
        require_right_handed(np.array([[1.0, 0, 0], [2.0, 0, 0], [0, 0, 1]]), "here")


def test_parameters_agree_with_ase():
    lengths, angles = cell_parameters(TRICLINIC)
    np.testing.assert_allclose([*lengths, *angles], cell_to_cellpar(TRICLINIC), rtol=1e-12)


def test_right_angles_are_exact_in_turned_cells():
    turned = np.diag([4.0, 5.0, 6.0])[:, [1, 2, 0]]
    assert cell_parameters(turned)[1].tolist() == [90.0, 90.0, 90.0]


def test_fractions_reproduce_positions():
    positions = np.array([[1.0, 2.0, 3.0], [-4.0, 0.0, 9.0]])
    np.testing.assert_allclose(fractional(TRICLINIC, positions) @ TRICLINIC, positions, atol=1e-12)


def test_box_is_the_same_lattice_after_a_proper_rotation():
    box, change = restricted_triclinic(TRICLINIC)
    assert not np.triu(box, 1).any()
    assert (np.diag(box) > 0).all()
    assert round(np.linalg.det(change)) == 1
    new = change @ TRICLINIC
    np.testing.assert_allclose(box @ box.T, new @ new.T, atol=1e-10)
    assert np.linalg.det(box) == pytest.approx(np.linalg.det(TRICLINIC))
    assert abs(box[1, 0]) <= box[0, 0] / 2
    assert abs(box[2, 0]) <= box[0, 0] / 2
    assert abs(box[2, 1]) <= box[1, 1] / 2


@pytest.mark.parametrize("sign", [1, -1])
def test_half_tilts_of_hexagonal_cells_stay(sign):
    cell = np.array([[9.0, 0, 0], [sign * 4.5, 4.5 * 3**0.5, 0], [0, 0, 12.0]])
    angle = 0.3
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]])
    box, change = restricted_triclinic(cell @ turn)
    np.testing.assert_allclose(box, cell, atol=1e-12)
    assert change.tolist() == np.eye(3).tolist()
    assert abs(box[1, 0]) <= 0.5 * box[0, 0]  # to the last bit: LAMMPS compares without tolerance


def test_right_angles_leave_no_tilt():
    turn, _ = np.linalg.qr(np.random.default_rng(3).normal(size=(3, 3)))
    turn *= np.linalg.det(turn)
    box, _ = restricted_triclinic(np.diag([4.0, 5.0, 6.0]) @ turn)
    assert not np.tril(box, -1).any()
