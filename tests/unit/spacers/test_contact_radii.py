"""Radii and limits against the published tables and the limits of the check of contacts."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.spacers.contact_radii import (
    CONTACT,
    HYDROGEN_BOND,
    contact_floors,
    contact_radii,
    contact_sums,
)
from heterobuild.validation.limits import CheckLimits


def test_limits_are_those_at_which_the_check_warns():
    assert CheckLimits().vdw_warning == CONTACT
    assert CheckLimits().hydrogen_bond_warning == HYDROGEN_BOND


def test_radii_of_non_metals_and_metals():
    radii = contact_radii(np.array([1, 7, 53, 82, 50]))
    assert radii[:3] == pytest.approx([1.20, 1.66, 2.04])  # Alvarez 2013, table 1
    assert radii[3] == pytest.approx(1.19)  # Shannon, Pb2+ with six neighbours
    assert radii[4] < 1.3


def test_floors_of_hydrogen_bonds_and_other_contacts():
    numbers, donors = (
        (np.array([1, 1]), np.array([53])),
        (np.array([True, False]), np.array([False])),
    )
    sums, bridge = contact_sums(numbers, donors)
    assert sums[:, 0] == pytest.approx([3.24, 3.24])
    assert bridge[:, 0].tolist() == [True, False]
    assert contact_floors(numbers, donors)[:, 0] == pytest.approx([0.7 * 3.24, 0.8 * 3.24])
