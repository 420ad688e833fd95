"""Composition of the whole and of the regions."""

from __future__ import annotations

from ase import Atoms

from heterobuild.validation.composition import check_composition
from heterobuild.validation.view import view_atoms, view_structure


def test_hand_count_of_the_interface(make_interface):
    """Three CsPbCl3 layers and three CsPbBr3 layers with one more CsBr plane, 2 × 2 cells."""
    findings = check_composition(view_structure(make_interface()))
    assert [f.value for f in findings] == ["Cs28Pb24Br40Cl36", "Cs12Pb12Cl36", "Cs16Pb12Br40"]
    assert "128 atoms" in findings[0].message


def test_molecules_are_counted_as_units(make_crowd, hand):
    findings = check_composition(view_structure(make_crowd(hand)))
    assert "(hand)6" in str(findings[0].value)
    assert "Cl6" in str(findings[0].value)


def test_empty_structure_fires():
    findings = check_composition(view_atoms(Atoms(cell=[5] * 3, pbc=True), foreign=True))
    assert [f.level for f in findings] == ["error"]
