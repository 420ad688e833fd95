"""Formal charge, its balance, and the dipole of slabs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from ase import Atoms

from heterobuild import labels
from heterobuild.model import Step
from heterobuild.validation.charge import check_charge
from heterobuild.validation.view import view_atoms, view_structure


def test_neutral_interface_is_silent(make_interface):
    findings = check_charge(view_structure(make_interface()))
    assert {f.level for f in findings} == {"info"}
    assert [f.value for f in findings] == pytest.approx([0.0] * 4)


def test_missing_halides_fire_and_are_named(make_interface):
    """Three missing Br leave +3 e, in the film."""
    built = make_interface()
    bromides = np.flatnonzero(built.atoms.numbers == 35)[:3]
    kept = np.setdiff1d(np.arange(len(built.atoms)), bromides)
    findings = check_charge(view_structure(replace(built, atoms=labels.take(built.atoms, kept))))
    assert findings[0].level == "error"
    assert findings[0].value == pytest.approx(3.0)
    assert "remove 3 Cs or add 3 Br" in findings[0].message or "add 3 Cl" in findings[0].message
    assert [f.value for f in findings[1:]] == pytest.approx([0.0, 3.0])


def test_odd_charge_of_divalent_ions_names_only_what_divides_it():
    """One fluoride too many on CaF2: -1 e is balanced by removing one F, not by half a Ca."""
    atoms = Atoms("CaF3", [[0, 0, 0], [2, 2, 0], [2, 0, 2], [0, 2, 2]], cell=[5] * 3, pbc=True)
    finding = check_charge(view_atoms(atoms, foreign=True))[0]
    assert finding.value == -1.0
    assert "remove 1 F" in finding.message
    assert "Ca" not in finding.message


def test_polar_slab_fires():
    """A Na plane 3 Å below a Cl plane: dipole -3 e·Å whichever way the border cuts it."""
    area = 16.0
    for height in (2.0, 18.5):
        atoms = Atoms("NaCl", [[0, 0, height], [2, 2, height + 3]], cell=[4, 4, 20], pbc=True)
        dipole = check_charge(view_atoms(atoms, foreign=True))[-1]
        assert dipole.check == "dipole"
        assert dipole.level == "warning"
        assert dipole.value == pytest.approx(-3.0 / area)
        assert "33.9 V" in dipole.message  # 4 pi k e / area times 3 Å, with k = 14.39964 V Å


def test_symmetric_slab_has_no_dipole():
    atoms = Atoms(
        "NaClClNa", [[0, 0, 0], [2, 2, 0], [0, 0, 3], [2, 2, 3]], cell=[4, 4, 20], pbc=True
    )
    dipole = check_charge(view_atoms(atoms, foreign=True))[-1]
    assert dipole.level == "info"
    assert dipole.value == pytest.approx(0.0)


@pytest.mark.parametrize(("said", "level"), [(1.0, "warning"), (2.0, "error"), (0.0, "error")])
def test_a_charge_that_defects_were_asked_to_leave_is_no_error(make_interface, said, level):
    built = make_interface()
    kept = np.delete(np.arange(len(built.atoms)), np.flatnonzero(built.atoms.numbers == 35)[0])
    step = Step(name="defects", choice="by hand", values={"charge_e": said})
    cut = replace(built, atoms=labels.take(built.atoms, kept), steps=(*built.steps, step))
    assert check_charge(view_structure(cut))[0].level == level
