"""The checks find no fault in published crystals, and find it in the same crystals spoilt."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.crystals.library import list_crystals
from heterobuild.labels import Site
from heterobuild.validation.contacts import check_contacts
from heterobuild.validation.coordination import check_coordination
from heterobuild.validation.table import judge
from heterobuild.validation.view import view_atoms

NAMES = [entry.name for entry in list_crystals() if entry.has_atoms]

COORDINATION = {
    "CsPbBr3_cubic": 6,
    "CsPbI3_delta": 6,
    "MAPbI3_tetragonal": 6,
    "FAPbI3_delta": 6,
    "Cs4PbBr6": 6,
    "CsMnBr3_hexagonal": 6,
    "PEA2PbI4": 6,
    "Cs2PbI2Cl2": 6,
    "CuI": 4,
    "CsCu2I3": 4,
}
"""Halides around the B cation, as published for these structure types."""


def view(name, scale=1.0):
    crystal = load_crystal(name)
    atoms = crystal.require_atoms().copy()
    if scale != 1.0:
        atoms.set_cell(atoms.cell.array * scale, scale_atoms=True)
    return view_atoms(atoms, foreign=True, molecules=crystal.molecules)


@pytest.mark.parametrize("name", NAMES)
def test_no_phase_of_the_library_has_errors(name):
    report = judge(view(name))
    assert [f.message for f in report.findings if f.level == "error"] == []
    contacts = [f for f in report.findings if f.check == "contacts"]
    assert {f.level for f in contacts} == {"info"}


@pytest.mark.parametrize("name", NAMES)
def test_every_phase_squeezed_to_seven_tenths_has(name):
    assert any(f.level == "error" for f in check_contacts(view(name, scale=0.7)))


@pytest.mark.parametrize(("name", "number"), sorted(COORDINATION.items()))
def test_published_coordination(name, number):
    findings = check_coordination(view(name))
    assert f"{number:.2f} bonds to halides each" in findings[0].message


@pytest.mark.parametrize("name", NAMES)
def test_bond_lengths_agree_with_ase(name):
    """The B-X bonds reported, against distances of ASE within the same radius."""
    from ase.neighborlist import neighbor_list

    from heterobuild.chemistry.ions import ionic_radius

    structure = view(name)
    findings = [f for f in check_coordination(structure) if f.unit == "Å"]
    i, j, d = neighbor_list("ijd", structure.atoms, 4.5)
    symbols = np.array(structure.atoms.get_chemical_symbols())
    bonds = (structure.site[i] == Site.B) & (structure.site[j] == Site.X)
    for finding in findings:
        symbol = finding.message.split()[0]
        chosen = bonds & (symbols[i] == symbol)
        reach = np.array(
            [1.2 * (ionic_radius(symbol) + ionic_radius(s)) for s in symbols[j][chosen]]
        )
        lengths = d[chosen][d[chosen] < reach]
        assert finding.value == pytest.approx(lengths.mean(), abs=1e-9)
