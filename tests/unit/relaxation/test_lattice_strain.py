import numpy as np
import pytest
from scipy.linalg import polar

from heterobuild.relaxation.lattice_strain import lattice_strain, mean_strain

STEPS = 6.0 * np.vstack([np.eye(3), -np.eye(3)])
STAR = np.zeros(6, int), np.arange(1, 7)


def tensor(row):
    xx, yy, zz, yz, xz, xy = row
    return np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])


@pytest.mark.parametrize("seed", range(5))
def test_strain_is_the_symmetric_stretch_of_the_deformation(seed):
    """Against the polar decomposition of scipy, in spite of any turn."""
    rng = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    turn *= np.linalg.det(turn)
    gradient = (np.eye(3) + 0.05 * rng.normal(size=(3, 3))) @ turn
    found = lattice_strain(STAR, STEPS, STEPS @ gradient, np.zeros(7))[0]
    _, stretch = polar(gradient, side="left")
    assert tensor(found) == pytest.approx(stretch - np.eye(3), abs=1e-12)
    assert mean_strain(STEPS, STEPS @ gradient) == pytest.approx(stretch - np.eye(3), abs=1e-12)


def test_strain_is_relative_to_the_own_phase():
    found = lattice_strain(STAR, STEPS, STEPS, np.full(7, 0.03))[0]
    assert found[:3] == pytest.approx(1 / 1.03 - 1)
    half = np.full(7, 0.0)
    half[0] = 0.04
    found = lattice_strain(STAR, STEPS, STEPS, half)[0]
    assert found[:3] == pytest.approx(1 / 1.02 - 1)


def test_neighbours_in_a_plane_tell_nothing():
    flat = STEPS[[0, 1, 3, 4]]
    pairs = np.zeros(4, int), np.arange(1, 5)
    assert np.isnan(lattice_strain(pairs, flat, flat, np.zeros(5))).all()
    assert mean_strain(flat, flat) is None
    assert mean_strain(np.empty((0, 3)), np.empty((0, 3))) is None


def test_each_pair_counts_at_both_ends():
    """Three steps are enough, wherever they start."""
    pairs = np.array([1, 2, 0]), np.array([0, 0, 3])
    steps = np.vstack([-6 * np.eye(3)[:2], 6 * np.eye(3)[2:]])
    found = lattice_strain(pairs, steps, 1.01 * steps, np.zeros(4))
    assert found[0, :3] == pytest.approx(0.01)
    assert np.isnan(found[1:]).all()
