"""What the checks look at."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.validation.view import view_atoms, view_structure


def test_molecules_are_put_together(make_crowd, hand, change):
    built = make_crowd(hand)
    whole = view_structure(built)
    atoms = built.atoms.copy()
    atoms.wrap()
    wrapped = view_structure(change(built, positions=atoms.positions))
    fractions = (wrapped.centres - whole.centres) @ np.linalg.inv(whole.cell)
    assert fractions == pytest.approx(np.rint(fractions))
    assert wrapped.pairs.inside.sum() == whole.pairs.inside.sum() == 6 * 9 * 8 // 2
    assert wrapped.unit_charge.tolist() == pytest.approx([1.0] * 6 + [-1.0] * 6)


def test_units_of_unlabelled_atoms_are_single(make_interface):
    from ase import Atoms

    plain = make_interface().atoms
    view = view_atoms(Atoms(plain.numbers, plain.positions, cell=plain.cell, pbc=True))
    assert len(view.first) == len(plain)
    assert view.lacking == ("region", "layer", "site", "molecule", "kind", "formal_charge")
    assert view.charge.sum() == pytest.approx(0.0)
