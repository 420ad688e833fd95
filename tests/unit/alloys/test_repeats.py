from __future__ import annotations

import numpy as np
import pytest

from heterobuild.alloys.repeats import (
    compact_repeats,
    finished_supercell,
    most_cubic,
    pseudocubic_axes,
    repeat_crystal,
    repeat_label,
)
from heterobuild.crystals import load_phase
from heterobuild.errors import UsageError
from heterobuild.model import Step


def test_a_repeat_has_the_same_density_and_axes():
    crystal = load_phase("CsPbBr3_orthorhombic")
    larger = repeat_crystal(crystal, (2, 1, 3))
    assert len(larger.atoms) == 6 * 20
    assert larger.z == 24
    np.testing.assert_allclose(np.linalg.det(larger.cell), 6 * np.linalg.det(crystal.cell))
    np.testing.assert_allclose(pseudocubic_axes(larger), pseudocubic_axes(crystal), atol=1e-12)
    assert (larger.name, larger.space_group) == ("CsPbBr3_orthorhombic_2x1x3", "P1")


def test_the_repeat_is_that_of_ase():
    crystal = load_phase("Cs4PbBr6")
    larger = repeat_crystal(crystal, (1, 2, 2))
    from ase.build import make_supercell

    other = make_supercell(crystal.atoms, np.diag([1, 2, 2]))
    first, second = (
        np.round(np.mod(atoms.get_scaled_positions(wrap=False) + 1e-9, 1), 6)
        for atoms in (larger.atoms, other)
    )
    assert sorted(map(tuple, first.tolist())) == sorted(map(tuple, second.tolist()))


def test_no_repeat_below_one():
    with pytest.raises(UsageError, match="at least one cell"):
        repeat_crystal(load_phase("CsPbBr3_cubic"), (1, 0, 1))


def test_the_most_cubic_repeat_by_brute_force():
    cell = np.diag([8.2, 11.7, 8.3])
    best = most_cubic(cell, 12)
    choices = [
        (a, b, c)
        for a in range(1, 13)
        for b in range(1, 13)
        for c in range(1, 13)
        if a * b * c == 12
    ]

    def ratio(choice):
        edges = np.diag(cell) * choice
        return edges.max() / edges.min()

    assert ratio(best) == pytest.approx(min(map(ratio, choices)))


def test_needles_are_refused_unless_the_cell_is_one():
    assert most_cubic(6 * np.eye(3), 5) is None
    assert most_cubic(np.diag([8.0, 8.0, 33.0]), 1) == (1, 1, 1)


def test_molecules_are_oriented_and_counts_told():
    larger = repeat_crystal(load_phase("MAPbI3_cubic"), (2, 2, 2))
    done = finished_supercell(
        larger, (), Step(name="composition", choice="all MA"), cations="dipole-cancelled", seed=0
    )
    nitrogen = done.atoms.positions[done.atoms.numbers == 7]
    carbon = done.atoms.positions[done.atoms.numbers == 6]
    np.testing.assert_allclose((nitrogen - carbon).sum(axis=0), 0, atol=1e-9)
    assert done.notices[-1] == "MAPbI3_cubic_2x2x2: all MA"


def test_labels():
    assert repeat_label((2, 3, 4)) == "2x3x4"


def test_compact_repeats_are_all_of_them():
    cell = np.diag([5.0, 6.0, 11.0])
    found = compact_repeats(cell, 20, 2.0)
    brute = {
        (a, b, c)
        for a in range(1, 21)
        for b in range(1, 21)
        for c in range(1, 21)
        if a * b * c <= 20 and max(5 * a, 6 * b, 11 * c) <= 2.2 * min(5 * a, 6 * b, 11 * c) + 1e-9
    }
    assert set(found) == brute
    sizes = [a * b * c for a, b, c in found]
    assert sizes == sorted(sizes)
