from __future__ import annotations

import numpy as np
import pytest
from ase import Atoms

from heterobuild import labels
from heterobuild.compounds import load_crystal
from heterobuild.slabs.polarity import charge_and_dipole, layer_dipole, tasker_type
from heterobuild.slabs.stacking import stack_planes


def test_charge_and_dipole_by_hand() -> None:
    atoms = labels.label(
        Atoms("CsBrNH", positions=[[0, 0, 0], [0, 0, 3], [0, 0, 5], [0, 0, 6]]),
        site=np.array([1, 3, 1, 1]),
        molecule=np.array([0, 0, 1, 1]),
        kind=np.array([0, 0, 1, 1]),
        charge=np.array([1.0, -2.0, 0.5, 0.5]),
    )
    # The molecule is a charge +1 at its nitrogen: 1·(0−2.5) − 2·(3−2.5) + 1·(5−2.5) = −1.
    assert charge_and_dipole(atoms) == (0.0, -1.0)


def test_layer_dipole_of_the_polar_perovskite_face() -> None:
    stacking = stack_planes(load_crystal("CsPbBr3_cubic"), "111")
    a = 5.874
    expected = -2 / (a * a * 3**0.5) * (a / 3**0.5 / 2)
    assert layer_dipole(stacking, 0) == pytest.approx(expected, rel=1e-4)
    assert layer_dipole(stacking, 1) == pytest.approx(-expected, rel=1e-4)


def test_the_same_face_has_two_types() -> None:
    stacking = stack_planes(load_crystal("CaF2"), "111")
    formulas = [plane.formula for plane in stacking.terminations]
    types = {(formulas[i - 1], formulas[i]): tasker_type(stacking, i) for i in range(3)}
    assert types == {("F", "F"): "II", ("F", "Ca"): "III", ("Ca", "F"): "III"}
