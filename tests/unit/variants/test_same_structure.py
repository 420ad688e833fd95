import numpy as np
import pytest
from ase import Atoms

from heterobuild.variants.same_structure import superpose


@pytest.fixture
def slab():
    """Return a slab without any symmetry on a square cell."""
    places = np.array([[0.3, 0.4, 5.0], [2.1, 3.3, 6.2], [4.6, 1.2, 7.9], [1.1, 4.9, 9.3]])
    return Atoms("CsPbBrI", places, cell=np.diag([6.0, 6.0, 20.0]), pbc=(True, True, False))


def moved(slab, motion, shift):
    other = slab.copy()
    other.positions = slab.positions @ motion + shift
    order = np.random.default_rng(1).permutation(len(other))
    return other[order]


QUARTER = np.array([[0.0, 1, 0], [-1, 0, 0], [0, 0, 1]])


@pytest.mark.parametrize(
    "motion", [np.eye(3), QUARTER, np.diag([1.0, -1, 1]), np.diag([1.0, 1, -1]), -np.eye(3)]
)
def test_moved_and_mirrored_models_are_the_same(slab, motion):
    other = moved(slab, motion, [1.7, -0.4, 0.0])
    other.positions[:, 2] += 10 - other.positions[:, 2].mean()
    other.wrap(pbc=(True, True, False))
    assert superpose(slab, other)


def test_another_turn_of_one_layer_is_another_model(slab):
    other = slab.copy()
    other.positions[2, :2] += [0.5, 0.0]
    assert not superpose(slab, other)


def test_other_elements_are_another_model(slab):
    other = slab.copy()
    other.numbers[2:] = other.numbers[[3, 2]]
    assert not superpose(slab, other)


def test_other_cells_are_another_model(slab):
    other = slab.copy()
    other.set_cell(np.diag([6.0, 6.1, 20.0]))
    assert not superpose(slab, other)


def test_each_atom_falls_on_an_atom_of_its_own():
    one = Atoms("OHH", [[0, 0, 1], [1, 0, 1], [-1, 0, 1]], cell=[9, 9, 9], pbc=True)
    two = Atoms("OHH", [[0, 0, 1], [1, 0, 1], [1, 0, 1.01]], cell=[9, 9, 9], pbc=True)
    assert not superpose(two, one)
