from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from ase.geometry import cell_to_cellpar

from heterobuild.alloys.mixed_cell import cell_length, mixed_atoms, mixed_cell, same_setting
from heterobuild.crystals import load_phase


def parameters(cell):
    return cell_to_cellpar(cell)


def test_settings():
    orthorhombic = load_phase("CsPbBr3_orthorhombic")
    assert same_setting(orthorhombic, load_phase("CsPbI3_gamma"))
    assert not same_setting(orthorhombic, load_phase("CsPbBr3_delta"))
    assert not same_setting(load_phase("CsPbI3_beta"), load_phase("MAPbI3_tetragonal"))
    assert not same_setting(load_phase("PEA2PbI4"), load_phase("PEA2PbBr4"))


def test_lengths_and_angles_are_linear_in_one_setting():
    pair = [load_phase("Cs4PbBr6"), load_phase("Cs4PbI6")]
    cell = mixed_cell(pair[0], pair, np.array([0.7, 0.3]))
    wanted = 0.7 * parameters(pair[0].cell) + 0.3 * parameters(pair[1].cell)
    np.testing.assert_allclose(parameters(cell), wanted, atol=1e-6)
    assert np.linalg.det(cell) > 0


def test_a_pure_member_comes_back_unchanged():
    pair = [load_phase("CsPbBr3_orthorhombic"), load_phase("CsPbI3_gamma")]
    cell = mixed_cell(pair[1], pair, np.array([0.0, 1.0]))
    np.testing.assert_allclose(cell, pair[1].cell, atol=1e-9)
    atoms = mixed_atoms(pair[1], pair, np.array([0.0, 1.0]), cell)
    np.testing.assert_allclose(atoms.positions, pair[1].atoms.positions, atol=1e-9)


def test_other_settings_scale_the_parent_alike():
    pair = [load_phase("MAPbI3_tetragonal"), load_phase("CsPbI3_beta")]
    cell = mixed_cell(pair[0], pair, np.array([0.6, 0.4]))
    ratio = np.linalg.norm(cell, axis=1) / np.linalg.norm(pair[0].cell, axis=1)
    lengths = [cell_length(crystal) for crystal in pair]
    np.testing.assert_allclose(ratio, (0.6 + 0.4 * lengths[1] / lengths[0]), rtol=1e-9)


def test_layered_cells_keep_volume_and_plane_linear():
    pair = [load_phase("PEA2PbI4"), load_phase("PEA2PbBr4")]
    weights = np.array([0.8, 0.2])
    cell = mixed_cell(pair[0], pair, weights)
    volumes = [np.linalg.det(crystal.cell) / crystal.z for crystal in pair]
    assert np.linalg.det(cell) / pair[0].z == pytest.approx(weights @ volumes)
    plane = pair[0].pseudocubic[:2] @ cell
    mean = weights @ [cell_length(crystal) for crystal in pair]
    assert np.linalg.norm(plane, axis=1).mean() == pytest.approx(mean)


def test_molecules_stay_rigid():
    pair = [load_phase("PEA2PbI4"), load_phase("PEA2PbBr4")]
    weights = np.array([0.8, 0.2])
    cell = mixed_cell(pair[0], pair, weights)
    atoms = mixed_atoms(pair[0], pair, weights, cell)
    for number in (1, 5):
        chosen = atoms.arrays["molecule"] == number
        before, after = pair[0].atoms.positions[chosen], atoms.positions[chosen]
        first, second = (
            np.linalg.norm(points[:, None] - points[None], axis=2) for points in (before, after)
        )
        np.testing.assert_allclose(first, second, atol=1e-9)


def test_the_origin_may_differ_by_half_an_edge():
    pair = [load_phase("CsPbBr3_orthorhombic"), load_phase("CsPbI3_gamma")]
    weights = np.array([0.5, 0.5])
    cell = mixed_cell(pair[0], pair, weights)
    plain = mixed_atoms(pair[0], pair, weights, cell)
    moved = pair[1].atoms.copy()
    moved.positions += 0.5 * pair[1].cell[0] + 0.5 * pair[1].cell[2]
    other = mixed_atoms(pair[0], [pair[0], replace(pair[1], atoms=moved)], weights, cell)
    np.testing.assert_allclose(other.positions, plain.positions, atol=1e-9)


def test_members_without_atoms_do_not_move_the_sites():
    pair = [load_phase("CsPbBr3_orthorhombic"), load_phase("CsPbI3_gamma")]
    weights = np.array([0.5, 0.5])
    cell = mixed_cell(pair[0], pair, weights)
    atoms = mixed_atoms(pair[0], [pair[0], replace(pair[1], atoms=None)], weights, cell)
    np.testing.assert_allclose(
        atoms.get_scaled_positions(wrap=False), pair[0].atoms.get_scaled_positions(wrap=False)
    )
    assert mixed_atoms(replace(pair[0], atoms=None), pair, weights, cell) is None
