"""Contacts of a finished layer against contacts placed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.chemistry.molecules import load_molecule
from heterobuild.spacers.bodies import as_spacer
from heterobuild.spacers.galleries import Face
from heterobuild.spacers.layer_contacts import Contacts, shortest_contacts

SPACER = as_spacer(load_molecule("BA"))
CELL = np.array([[20.0, 0.0], [0.0, 20.0]])


def face(position, number):
    """One ion, with a pocket at z = 0."""
    return Face(
        positions=np.array([position], dtype=float),
        numbers=np.array([number]),
        pockets=np.zeros((1, 3)),
    )


def measured(ion=None, number=53, positions=None, cell=CELL):
    positions = SPACER.body[None] if positions is None else positions
    faces = (None if ion is None else face(ion, number), None)
    return shortest_contacts(SPACER, positions, cell, faces, 0.0)


def test_a_free_molecule_touches_nothing():
    assert measured() == Contacts(contact=np.inf, hydrogen_bond=np.inf)
    assert measured().allowed


def test_an_iodide_under_an_ammonium_hydrogen():
    hydrogen = np.flatnonzero(SPACER.head)[0]
    nitrogen = SPACER.molecule.head[0]
    along = SPACER.body[hydrogen] - SPACER.body[nitrogen]
    along /= np.linalg.norm(along)
    found = measured(SPACER.body[hydrogen] + 2.4 * along)
    assert found.hydrogen_bond == pytest.approx(2.4 / 3.24)
    assert found.allowed
    close = measured(SPACER.body[hydrogen] + 2.2 * along)
    assert close.hydrogen_bond == pytest.approx(2.2 / 3.24)
    assert not close.allowed


def test_an_iodide_above_the_tail():
    top = SPACER.body[:, 2].argmax()
    near = SPACER.body[top] + [0, 0, 2.5]
    lifted = Face(positions=near[None], numbers=np.array([53]), pockets=np.array([[0, 0, near[2]]]))
    found = shortest_contacts(SPACER, SPACER.body[None], CELL, (None, lifted), near[2])
    assert found.contact == pytest.approx(2.5 / 3.24, abs=0.01)
    assert not found.allowed


def test_lead_counts_with_its_ionic_radius():
    head = SPACER.molecule.head[0]
    lowest = SPACER.body[:, 2].argmin()
    assert head != lowest
    found = measured(SPACER.body[lowest] - [0, 0, 2.0], number=82)
    assert found.contact == pytest.approx(2.0 / (1.20 + 1.19), abs=0.01)


def test_images_of_one_molecule_in_a_narrow_cell():
    wide = np.ptp(SPACER.body[:, 0])
    cell = np.array([[wide + 1.9, 0.0], [0.0, 30.0]])
    low, high = (SPACER.body[:, 0] == f(SPACER.body[:, 0]) for f in (np.min, np.max))
    found = measured(cell=cell)
    gaps = SPACER.body[low][:, None] + [cell[0, 0], 0, 0] - SPACER.body[high]
    assert found.contact <= np.linalg.norm(gaps, axis=2).min() / 2.4 + 1e-9
    assert np.isfinite(found.contact)


def test_two_molecules():
    pair = np.stack([SPACER.body, SPACER.body + [0, 4.6, 0]])
    gaps = np.linalg.norm(pair[0][:, None] - pair[1], axis=2)
    assert measured(positions=pair).contact == pytest.approx(gaps.min() / 2.4)  # H and H
