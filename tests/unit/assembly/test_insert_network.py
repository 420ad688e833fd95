from __future__ import annotations

import numpy as np
import pytest

from heterobuild.assembly.insert_network import (
    flat_shift,
    height_range,
    octahedra_of,
    plane_images,
)


def test_a_stoichiometric_slab_lacks_one_halide_at_each_outer_metal(bare):
    part = bare("CsPbI3_alpha", [[3, 0], [0, 4]], layers=3, symmetric=False)
    network = octahedra_of(part.atoms, part.whole)
    assert [len(network.metals), len(network.halides), len(network.cations)] == [36, 108, 36]
    assert np.bincount(network.bonds.sum(axis=0)).tolist() == [0, 0, 0, 0, 0, 12, 24]
    assert network.complete.sum() == 24
    assert network.bonds.sum(axis=1).max() == 2


def test_shortest_vectors_agree_with_ase(bare):
    atoms = bare("CsPbI3_alpha", [[3, 0], [1, 4]]).atoms
    whole = np.asarray(atoms.cell)[:2, :2]
    ours = np.linalg.norm(flat_shift(atoms.positions[:5], atoms.positions, whole), axis=2)
    theirs = np.array([atoms.get_distances(k, range(len(atoms)), mic=True) for k in range(5)])
    near = theirs < 9
    assert ours[near] == pytest.approx(theirs[near], abs=1e-9)


def test_nine_images_in_order():
    points, owner = plane_images(np.zeros(3), np.array([[9.0, 0, 1], [0, 4, 2]]), np.eye(2) * 10)
    assert owner.tolist() == [0] * 9 + [1] * 9
    assert sorted({tuple(row) for row in points[:9].round(6).tolist()})[4] == (-1.0, 0.0, 1.0)


def test_heights_leave_molecules_out(bare):
    part = bare("CsPbI3_alpha", [[1, 0], [0, 1]])
    part.atoms.arrays["molecule"][part.atoms.positions[:, 2].argmax()] = 1
    low, high = height_range(part.atoms)
    assert low == pytest.approx(part.atoms.positions[:, 2].min())
    assert high == pytest.approx(part.atoms.positions[:, 2].max())
