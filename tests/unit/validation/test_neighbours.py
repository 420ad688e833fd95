"""The neighbour list against ASE's."""

from __future__ import annotations

import numpy as np
import pytest
from ase import Atoms
from ase.neighborlist import neighbor_list

from heterobuild.validation.neighbours import neighbours
from heterobuild.validation.view import view_atoms


@pytest.mark.parametrize("pbc", [(True, True, True), (True, True, False), (False, False, False)])
def test_pairs_agree_with_ase(make_interface, pbc):
    atoms = make_interface().atoms.copy()
    atoms.set_cell(atoms.cell.array + np.array([[0, 0, 0], [1.7, 0, 0], [0.9, -0.6, 0]]))
    atoms.rattle(0.3, seed=3)
    atoms.set_pbc(pbc)
    mine = np.sort(view_atoms(atoms, foreign=True).pairs.distance)
    theirs = np.sort(neighbor_list("d", atoms, 4.5))[::2]
    assert mine == pytest.approx(theirs)


def test_a_bond_across_the_border_is_inside_the_molecule_and_an_image_is_not():
    """H2 cut by the border of a cell of 2.5 Å: 0.74 Å inside, 1.76 Å to the image."""
    atoms = Atoms("H2", [[0.1, 0, 0], [2.5 - 0.64, 0, 0]], cell=[2.5, 9, 9], pbc=True)
    pairs, whole = neighbours(atoms, np.array([1, 1]), 2.0)
    assert sorted(pairs.distance.tolist()) == pytest.approx([0.74, 1.76])
    assert pairs.inside[pairs.distance.argsort()].tolist() == [True, False]
    assert np.linalg.norm(whole[1] - whole[0]) == pytest.approx(0.74)
