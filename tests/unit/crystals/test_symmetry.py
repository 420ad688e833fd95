import numpy as np
import pytest

from heterobuild.crystals.library import load_phase
from heterobuild.crystals.symmetry import rigid_unit_symmetry


@pytest.mark.parametrize("rule", ["aligned", "random"])
def test_molecules_count_as_points(rule):
    atoms = load_phase("MAPbI3_tetragonal", cations=rule).atoms
    assert rigid_unit_symmetry(atoms, symprec=1e-3) == ("I4/mcm", 140)


def test_ions_and_molecules_of_one_number_differ():
    atoms = load_phase("MAPbCl3").atoms.repeat((2, 1, 1))
    atoms.arrays["kind"][: len(atoms) // 2] *= 2
    atoms.arrays["molecule"][: len(atoms) // 2] *= 2
    assert rigid_unit_symmetry(atoms, symprec=1e-3)[1] == 123


def test_what_spglib_cannot_analyse_is_p1():
    atoms = load_phase("CsPbBr3_cubic").atoms.copy()
    atoms.positions[:] = 0
    assert rigid_unit_symmetry(atoms, symprec=0.1) == ("P1", 1)
    assert np.isfinite(atoms.positions).all()
