"""Contact distances against the limits of the checks, clashes against brute force."""

from __future__ import annotations

import numpy as np
import pytest
from ase import Atoms

from heterobuild.chemistry.ions import ionic_radius, vdw_radius
from heterobuild.incoherent.touching import (
    Kind,
    clashes,
    kinds_of,
    nearest_pairs,
    surface_of_atoms,
    touching,
)
from heterobuild.labels import CHARGE, MOLECULE
from heterobuild.validation import CheckLimits

LIMITS = CheckLimits()


def ion(number: int, charge: float) -> Kind:
    return Kind(number=number, charge=charge, molecular=False, donor=False)


@pytest.mark.parametrize(
    ("first", "second", "names", "fraction"),
    [
        (ion(82, 2), ion(35, -1), ("Pb", "Br"), LIMITS.unlike_warning),
        (ion(55, 1), ion(53, -1), ("Cs", "I"), LIMITS.interface_unlike_error),
        (ion(35, -1), ion(53, -1), ("Br", "I"), LIMITS.anions_warning),
        (ion(55, 1), ion(82, 2), ("Cs", "Pb"), LIMITS.cations_warning),
    ],
)
def test_ions_keep_farther_apart_than_the_checks_warn_below(first, second, names, fraction):
    radii = ionic_radius(names[0]) + ionic_radius(names[1])
    assert touching(first, second) == touching(second, first)
    assert fraction * radii < touching(first, second) < 1.25 * radii


def test_molecules_touch_by_van_der_waals_radii():
    hydrogen = Kind(number=1, charge=0.0, molecular=True, donor=False)
    acid = Kind(number=1, charge=0.0, molecular=True, donor=True)
    carbon = Kind(number=6, charge=0.0, molecular=True, donor=False)
    bromide, lead = ion(35, -1), ion(82, 2)
    assert touching(hydrogen, bromide) == pytest.approx(
        LIMITS.vdw_warning * (vdw_radius("H") + vdw_radius("Br"))
    )
    assert touching(acid, bromide) == pytest.approx(
        LIMITS.hydrogen_bond_warning * (vdw_radius("H") + vdw_radius("Br"))
    )
    assert touching(lead, carbon) == pytest.approx(
        LIMITS.vdw_warning * (ionic_radius("Pb") + vdw_radius("C"))
    )


def test_a_charge_that_is_not_the_usual_one_has_its_own_radius():
    assert touching(ion(50, 4), ion(35, -1)) < touching(ion(50, 2), ion(35, -1))


def labelled(numbers, positions, charges, molecule) -> Atoms:
    atoms = Atoms(numbers=numbers, positions=positions)
    atoms.arrays[CHARGE] = np.asarray(charges, dtype=float)
    atoms.arrays[MOLECULE] = np.asarray(molecule)
    return atoms


def test_hydrogens_on_nitrogen_are_told_from_those_on_carbon():
    atoms = labelled(
        [7, 1, 6, 1, 35],
        [[0, 0, 0], [1.02, 0, 0], [-1.5, 0, 0], [-2.59, 0, 0], [3.4, 0, 0]],
        [1, 0, 0, 0, -1],
        [1, 1, 1, 1, 0],
    )
    kinds, code = kinds_of(atoms)
    assert [kinds[k].donor for k in code.tolist()] == [False, True, False, False, False]
    assert [kinds[k].charge for k in code.tolist()] == [0, 0, 0, 0, -1]


def test_clashes_are_those_of_all_pairs():
    rng = np.random.default_rng(3)
    numbers = rng.choice([55, 82, 35], size=160)
    charge = {55: 1.0, 82: 2.0, 35: -1.0}
    points = rng.uniform(0, 22, (160, 3))
    atoms = labelled(numbers, points, [charge[int(z)] for z in numbers], np.zeros(160, dtype=int))
    guest, host = atoms[:60], atoms[60:]
    kinds, code = kinds_of(host)
    surface = surface_of_atoms(guest)
    found = clashes(surface, host.positions, kinds, code, gap=0.0)
    distance = np.linalg.norm(host.positions[:, None] - guest.positions[None], axis=2)
    limit = np.array(
        [
            [
                touching(ion(int(a), charge[int(a)]), ion(int(b), charge[int(b)]))
                for b in guest.numbers
            ]
            for a in host.numbers
        ]
    )
    expected = (distance < limit).any(axis=1)
    assert 0 < expected.sum() < len(expected)
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(
        clashes(surface, host.positions, kinds, code, gap=5.0), (distance < 5.0).any(axis=1)
    )
    shortest = nearest_pairs(surface, host.positions, kinds, code)
    anions = (host.numbers == 35)[:, None] & (guest.numbers == 35)[None]
    assert shortest["anions"] == pytest.approx(distance[anions].min())
