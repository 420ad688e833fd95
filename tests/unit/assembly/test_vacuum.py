from __future__ import annotations

import numpy as np
import pytest
from ase import Atoms

from heterobuild.assembly.vacuum import add_vacuum


def test_half_of_the_vacuum_lies_on_either_side() -> None:
    atoms = Atoms("CsBr", positions=[[0, 0, 3.0], [1, 1, 8.0]], cell=np.eye(3) * 4, pbc=True)
    slab, step = add_vacuum(atoms, 15.0)
    assert slab.positions[:, 2].tolist() == [7.5, 12.5]
    assert slab.cell[2].tolist() == [0, 0, 20]
    assert slab.pbc.tolist() == [True, True, False]
    assert step.values == {"vacuum_A": 15.0, "thickness_A": 5.0}
    assert atoms.positions[0, 2] == 3.0


def test_a_tilted_stack_gets_an_upright_cell() -> None:
    cell = np.array([[4.0, 0, 0], [0, 4, 0], [2, 1, 9]])
    slab, _ = add_vacuum(Atoms("Cs", cell=cell), 10.0)
    assert slab.cell[2].tolist() == [0, 0, 10]
    assert slab.cell.volume == pytest.approx(160)
