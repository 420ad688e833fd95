"""Contacts: limits by kind of pair, interfaces, hydrogen bonds, molecules and their images."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from ase import Atoms
from ase.neighborlist import neighbor_list

from heterobuild.validation import check
from heterobuild.validation.contacts import check_contacts
from heterobuild.validation.view import view_atoms, view_structure


def rock_salt(distance):
    a = 2 * distance
    return Atoms(
        "Na4Cl4",
        scaled_positions=[
            (0, 0, 0), (0, 0.5, 0.5), (0.5, 0, 0.5), (0.5, 0.5, 0),
            (0.5, 0, 0), (0, 0.5, 0), (0, 0, 0.5), (0.5, 0.5, 0.5),
        ],
        cell=[a, a, a],
        pbc=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("distance", "level"),
    [(2.82, "info"), (0.84 * 2.83, "warning"), (0.76 * 2.83, "warning"), (0.74 * 2.83, "error")],
)
def test_opposite_ions_against_shannon_radii(distance, level):
    """r(Na, VI) = 1.02 Å and r(Cl, VI) = 1.81 Å sum to 2.83 Å."""
    findings = check_contacts(view_atoms(rock_salt(distance), foreign=True))
    pair = next(f for f in findings if "Na" in f.message and "Cl" in f.message)
    assert pair.level == level
    assert pair.value == pytest.approx(distance)
    if level == "error":
        assert pair.limit == pytest.approx(0.75 * 2.83)


def test_shortest_contacts_agree_with_ase(make_interface):
    built = make_interface()
    i, j, d = neighbor_list("ijd", built.atoms, 4.5)
    symbols = np.array(built.atoms.get_chemical_symbols())
    found = {f.message.split()[1]: f.value for f in check(built).findings if f.check == "contacts"}
    for pair, value in found.items():
        a, b = pair.split("–")
        mask = ((symbols[i] == a) & (symbols[j] == b)) | ((symbols[i] == b) & (symbols[j] == a))
        assert value == pytest.approx(d[mask].min(), abs=1e-9)
    assert len(found) == len(
        {tuple(sorted((symbols[a], symbols[b]))) for a, b in zip(i, j, strict=True)}
    )


def test_good_interface_is_silent(make_interface, levels_of):
    report = check(make_interface())
    assert levels_of(report, "contacts") == {"info"}
    assert levels_of(report, "contacts across interface") == {"info"}


def test_interface_limit_is_stricter(make_interface, levels_of):
    """2.6 Å for Pb–Br is 0.825 of 3.15 Å: too short for an interface, tolerable in a crystal."""
    report = check(make_interface(gap=2.6))
    assert levels_of(report, "contacts across interface") == {"error"} | {"info"}
    assert "error" not in levels_of(report, "contacts")
    wrong = next(f for f in report.findings if f.level == "error")
    assert wrong.value == pytest.approx(2.6)
    assert wrong.limit == pytest.approx(0.85 * 3.15)


def test_coinciding_atoms(make_interface, change, levels_of):
    built = make_interface()
    positions = built.atoms.positions.copy()
    positions[1] = positions[0] + [0.05, 0, 0]
    report = check(change(built, positions=positions))
    assert any("same place" in f.message and f.atoms == (0, 1) for f in report.findings)


def test_coinciding_atoms_of_one_molecule(make_crowd, hand, change):
    built = make_crowd(hand)
    positions = built.atoms.positions.copy()
    positions[5] = positions[4]
    report = check(change(built, positions=positions))
    assert any("same place" in f.message for f in report.findings)


def test_two_cations(make_interface, change, levels_of):
    """Cs set 2.5 Å above Pb: 0.87 of the sum of radii, a warning; 2.2 Å an error."""
    built = make_interface(vacuum=20.0)
    for distance, level in ((2.6, "warning"), (2.2, "error")):
        atoms = built.atoms.copy()
        top = int(np.argmax(atoms.positions[:, 2]))
        del top
        extra = Atoms("Cs", [[0.0, 0.0, 0.0]])
        extra.positions[0] = atoms.positions[atoms.numbers == 82].min(axis=0) - [0, 0, distance]
        for name, value in atoms.arrays.items():
            if name not in ("numbers", "positions"):
                extra.arrays[name] = value[:1].copy()
        report = check(replace(built, atoms=atoms + extra))
        pair = [f for f in report.findings if f.check == "contacts" and "Cs–Pb" in f.message]
        assert [f.level for f in pair] == [level]


def test_molecule_is_not_in_contact_with_itself_but_with_its_image(make_crowd, hand):
    built = make_crowd(hand, count=1, side=8.0)
    assert all(f.level == "info" for f in check_contacts(view_structure(built)))
    tight = make_crowd(hand, count=1, side=8.0)
    tight.atoms.set_cell([3.0, 8.0, 8.0])
    tight.atoms.positions[-1] = [1.5, 4.0, 6.5]
    assert any(f.level == "error" for f in check_contacts(view_structure(tight)))


def test_hydrogen_bond_is_allowed_where_a_plain_contact_is_not(make_crowd, hand):
    """H···Cl at 2.1 Å: 0.70 of 3.02 Å; fine for N–H, short for C–H."""

    def place(built, hydrogen, bearer):
        atoms = built.atoms
        axis = atoms.positions[hydrogen] - atoms.positions[bearer]
        tip = atoms.positions[hydrogen] + 2.13 * axis / np.linalg.norm(axis)
        atoms.positions[-1] = tip
        findings = check_contacts(view_structure(built))
        return [f for f in findings if f.message.startswith("shortest H") and "Cl" in f.message]

    donor = place(make_crowd(hand, count=1, side=14.0), 6, 3)
    plain = place(make_crowd(hand, count=1, side=14.0), 1, 0)
    assert next(f for f in donor if "N–H" in f.message).level == "info"
    assert next(f for f in plain if "molecule" in f.message).level == "warning"


def test_an_antisite_at_a_wall_is_judged_as_inside_a_crystal(make_interface):
    """0.81 of the sum of radii is an error across an interface, elsewhere a warning."""
    built = make_interface(gap=0.81 * (1.19 + 1.96))

    def levels():
        found = check_contacts(view_structure(built))
        pairs = [f for f in found if "Br" in f.message and "Pb" in f.message]
        return {f.level for f in pairs}

    assert "error" in levels()
    facing = (built.atoms.arrays["layer"] == 1) & (built.atoms.numbers == 35)
    built.atoms.arrays["defect"] = facing.astype(int)
    assert "error" not in levels()
    built.atoms.arrays["defect"] = -facing.astype(int)  # beside a vacancy: as ever
    assert "error" in levels()
