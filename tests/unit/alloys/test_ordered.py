from __future__ import annotations

import numpy as np
import pytest
from ase import Atoms

from heterobuild.alloys.ordered import ordered
from heterobuild.errors import UsageError

A = 6.0


def grid(repeat, *, pbc=True, shear=0):
    """Return a primitive cubic lattice of sites, with their integer coordinates."""
    steps = np.stack(np.meshgrid(*map(np.arange, repeat), indexing="ij"), axis=-1).reshape(-1, 3)
    cell = A * np.diag(repeat).astype(float)
    cell[0, 1] = shear * A
    return steps, A * steps, Atoms(cell=cell, pbc=pbc)


def place(name, indices, counts, repeat, **options):
    steps, centres, atoms = grid(repeat, **options)
    ion = ordered(name, indices, np.array(counts), centres, atoms=atoms, axes=A * np.eye(3))
    return steps, ion


def test_rock_salt_is_the_parity_of_the_cells():
    steps, ion = place("rock-salt", (0, 0, 1), [32, 32], (4, 4, 4))
    assert np.array_equal(ion, steps.sum(axis=1) % 2)


def test_rock_salt_in_a_sheared_cell():
    steps, ion = place("rock-salt", (0, 0, 1), [6, 6], (3, 2, 2), shear=1)
    assert np.array_equal(ion, steps.sum(axis=1) % 2)


def test_rock_salt_does_not_fit_an_odd_cell():
    with pytest.raises(UsageError, match="number of sites is odd"):
        place("rock-salt", (0, 0, 1), [9, 9], (3, 3, 2))


def test_rock_salt_fits_an_odd_number_without_period():
    steps, ion = place("rock-salt", (0, 0, 1), [6, 6], (2, 2, 3), pbc=(True, True, False))
    assert np.array_equal(ion, steps.sum(axis=1) % 2)


def test_rock_salt_takes_equal_numbers_only():
    with pytest.raises(UsageError, match="equal numbers"):
        place("rock-salt", (0, 0, 1), [6, 2], (2, 2, 2))


@pytest.mark.parametrize("indices", [(0, 0, 1), (1, 0, 0), (1, 1, 0), (1, 1, 1), (1, -1, 0)])
def test_whole_planes_alternate(indices):
    steps, ion = place("planes", indices, [32, 32], (4, 4, 4))
    height = steps @ np.array(indices)
    # One ion on each plane, and the other one on the next.
    assert np.array_equal(ion, (ion[0] + height) % 2)


def test_planes_of_one_in_four_are_far_apart():
    steps, ion = place("planes", (0, 0, 1), [24, 8], (2, 2, 8))
    planes = sorted(set(steps[ion == 1, 2].tolist()))
    assert len(planes) == 2
    assert planes[1] - planes[0] == 4


def test_tilts_do_not_break_planes():
    steps, centres, atoms = grid((2, 2, 4))
    moved = centres + np.random.default_rng(0).uniform(-0.4, 0.4, centres.shape)
    ion = ordered("planes", (0, 0, 1), np.array([8, 8]), moved, atoms=atoms, axes=A * np.eye(3))
    assert np.array_equal(ion, (ion[0] + steps[:, 2]) % 2)


def test_planes_that_do_not_hold_the_shares_are_refused():
    with pytest.raises(UsageError, match=r"3 planes of 4 sites.*6 \+ 6.*1/3.*2 planes"):
        place("planes", (0, 0, 1), [6, 6], (2, 2, 3))


def test_rows_alternate_like_a_chessboard():
    steps, ion = place("rows", (0, 0, 1), [24, 24], (4, 4, 3))
    assert np.array_equal(ion, steps[:, :2].sum(axis=1) % 2)


def test_rows_of_other_shares_are_whole():
    steps, ion = place("rows", (1, 0, 0), [12, 4], (4, 2, 2))
    rows = {tuple(row) for row in steps[ion == 1, 1:].tolist()}
    assert len(rows) == 1
