"""Spacers in their own frame: turned, never mirrored; radii; volumes against closed forms."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from heterobuild.chemistry.molecules import load_molecule
from heterobuild.errors import UsageError
from heterobuild.model import Molecule, Source
from heterobuild.spacers.bodies import POCKET, as_spacer, cross_section, outer_volume, turn_over

NAMES = ["BA", "PEA", "R-MBA", "S-MBA", "3AMP", "4AMP", "NMA", "5AVA"]


def made(symbols, positions, head, charge=1.0):
    """Molecule made by hand."""
    numbers = np.array([{"H": 1, "C": 6, "N": 7}[s] for s in symbols])
    return Molecule(
        name="made",
        formula="",
        charge=charge,
        numbers=numbers,
        positions=np.array(positions, dtype=float),
        charges=np.zeros(len(numbers)),
        head=head,
        source=Source(citation="made by hand"),
    )


def volumes(points):
    """Signed volumes of all quadruples of the first ten points: they change sign in a mirror."""
    quads = np.array(list(combinations(range(10), 4)))
    a, b, c, d = (points[quads[:, k]] for k in range(4))
    return np.einsum("ij,ij->i", b - a, np.cross(c - a, d - a))


@pytest.mark.parametrize("name", NAMES)
def test_the_body_is_a_proper_rotation_of_the_molecule(name):
    spacer = as_spacer(load_molecule(name))
    assert volumes(spacer.body) == pytest.approx(volumes(spacer.molecule.positions), abs=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_head_at_the_origin_and_tail_up(name):
    spacer = as_spacer(load_molecule(name))
    first = next(h for h in spacer.molecule.head if np.allclose(spacer.body[h], 0, atol=1e-9))
    assert spacer.molecule.numbers[first] == 7
    assert spacer.body[spacer.heavy, 2].mean() > 0
    assert spacer.two_headed == (spacer.molecule.charge == 2)


def test_the_second_head_is_on_the_axis_and_turning_over_swaps_them():
    spacer = as_spacer(load_molecule("3AMP"))
    other = turn_over(spacer)
    ends = [np.flatnonzero(np.linalg.norm(s.body, axis=1) < 1e-9)[0] for s in (spacer, other)]
    assert ends[0] != ends[1]
    assert spacer.body[ends[1]] == pytest.approx([0, 0, spacer.length], abs=1e-9)
    assert volumes(other.body) == pytest.approx(volumes(spacer.body), abs=1e-9)
    assert other.heads == pytest.approx(spacer.heads)


def test_hydrogens_on_heads_and_other_donors():
    acid = as_spacer(load_molecule("5AVA"))
    assert (acid.donor.sum(), acid.head.sum()) == (4, 3)  # NH3, and the OH of the acid
    assert as_spacer(load_molecule("TMPA")).donor.sum() == 0


@pytest.mark.parametrize(("name", "charge"), [("oleate", "-1"), ("DFPPO", "+0"), ("NH4", "+1")])
def test_what_is_no_spacer_is_refused(name, charge):
    with pytest.raises(UsageError, match=f"charge \\{charge}"):
        as_spacer(load_molecule(name))


def test_two_charges_on_near_heads_are_refused():
    near = made("NCN", [(0, 0, 0), (1.4, 0, 0), (2.4, 1, 0)], (0, 2), charge=2.0)
    with pytest.raises(UsageError, match="too near"):
        as_spacer(near)


def test_volume_beyond_the_pocket_is_that_of_spheres():
    alone = as_spacer(made("NC", [(0, 0, 0), (10, 0, 0)], (0,)))
    assert outer_volume(alone) == pytest.approx(4 / 3 * np.pi * 1.77**3, rel=0.02)
    cut = as_spacer(made("NC", [(0, 0, 0), (POCKET, 0, 0)], (0,)))
    r, d = 1.77, POCKET
    cap = (
        np.pi * (d + r - d) ** 2 * (d**2 + 2 * d * r - 3 * r**2 + 2 * d * d + 6 * r * d - 3 * d**2)
    )
    lens = cap / (12 * d)  # overlap of two spheres, radii d and r, centres d apart
    assert outer_volume(cut) == pytest.approx(4 / 3 * np.pi * r**3 - lens, rel=0.02)


def test_cross_section_of_one_atom_is_its_great_circle():
    alone = as_spacer(made("NC", [(0, 0, 0), (10, 0, 0)], (0,)))
    assert cross_section(alone) == pytest.approx(np.pi * 1.77**2, rel=0.03)


def test_a_quaternary_head_is_wider_than_a_chain():
    sections = [cross_section(as_spacer(load_molecule(n))) for n in ("BA", "PEA", "TMPA")]
    assert sections == sorted(sections)
    assert sections[0] < 20
    assert sections[2] > 25
