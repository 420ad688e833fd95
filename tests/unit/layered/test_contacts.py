"""Contacts of spacers in whole crystals."""

from __future__ import annotations

import numpy as np
import pytest
from ase import Atoms

from heterobuild.crystals import load_phase
from heterobuild.errors import UsageError
from heterobuild.labels import label
from heterobuild.layered.contacts import require_room, shortest_contact
from heterobuild.validation.contacts import check_contacts
from heterobuild.validation.limits import CheckLimits
from heterobuild.validation.view import view_atoms


def pair(symbols: str, positions: list[list[float]], molecule: list[int], box: float) -> Atoms:
    """Atoms of spacers (molecule above 0) and halides in a cubic box."""
    ids = np.array(molecule)
    atoms = Atoms(symbols, positions=positions, cell=box * np.eye(3), pbc=True)
    site = np.where(ids > 0, 4, 3)
    return label(atoms, site=site, molecule=ids, kind=ids.clip(0, 1), charge=np.zeros(len(ids)))


def test_ratios_by_hand() -> None:
    """Van der Waals radii of Alvarez or Bondi: C 1.70 or 1.77, I 1.98 or 2.04 Å."""
    near = pair("CI", [[0, 0, 0], [0, 0, 2.8]], [1, 0], 20.0)
    ratio, first, second = shortest_contact(near)
    assert 2.8 / 0.8 / (1.77 + 2.04) - 0.01 < ratio < 2.8 / 0.8 / (1.70 + 1.98) + 0.01
    assert {first, second} == {0, 1}


def test_hydrogen_bonds_may_be_shorter() -> None:
    donor = pair("NHI", [[0, 0, 0], [0, 0, 1.02], [0, 0, 3.42]], [1, 1, 0], 20.0)
    plain = pair("CHI", [[0, 0, 0], [0, 0, 1.09], [0, 0, 3.49]], [1, 1, 0], 20.0)
    assert shortest_contact(donor)[0] == pytest.approx(shortest_contact(plain)[0] * 0.8 / 0.7)


def test_a_molecule_meets_its_own_image() -> None:
    alone = pair("CC", [[0, 0, 0], [1.5, 0, 0]], [1, 1], 4.0)
    ratio, _, _ = shortest_contact(alone)
    assert ratio == pytest.approx(2.5 / (0.8 * 3.4), rel=0.05)
    wide = pair("CC", [[0, 0, 0], [1.5, 0, 0]], [1, 1], 20.0)
    assert shortest_contact(wide) == (np.inf, -1, -1)


@pytest.mark.parametrize("name", ["PEA2PbI4", "RMBA2PbI4", "BA2PbI4_LT"])
def test_refined_crystals_agree_with_the_checks(name: str) -> None:
    """The check of contacts with the same limits passes where the ratio is 1 or more."""
    atoms = load_phase(name).require_atoms()
    limits = CheckLimits(vdw_error=0.8, hydrogen_bond_error=0.7)
    found = check_contacts(view_atoms(atoms, limits=limits))
    passed = all(finding.level != "error" for finding in found)
    assert passed == (shortest_contact(atoms)[0] >= 1)


def test_too_near_is_refused() -> None:
    near = pair("CI", [[0, 0, 0], [0, 0, 2.5]], [1, 0], 20.0)
    with pytest.raises(UsageError, match="no room"):
        require_room(near, "close")
    require_room(pair("CI", [[0, 0, 0], [0, 0, 3.3]], [1, 0], 20.0), "wide")
