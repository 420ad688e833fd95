import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from heterobuild.chemistry.body_frame import in_body_frame
from heterobuild.chemistry.molecules import list_molecules, load_molecule

# MA and FA have axes of their own; the principal axes of the others are not defined by symmetry.
SPECIAL = {"MA", "FA", "NH4", "GUA", "DMA"}


@pytest.mark.parametrize("name", sorted(set(list_molecules()) - SPECIAL))
def test_library_molecules_stand_in_their_frame(name):
    molecule = load_molecule(name)
    turned = in_body_frame(molecule.numbers, molecule.positions, molecule.head)
    assert turned == pytest.approx(molecule.positions, abs=2e-3)


@given(seed=st.integers(0, 10_000))
def test_any_turn_gives_the_same_frame_and_the_same_hand(seed):
    molecule = load_molecule("R-MBA")
    turn = Rotation.random(rng=np.random.default_rng(seed)).as_matrix()
    turned = molecule.positions @ turn + [1.0, -2.0, 3.0]
    found = in_body_frame(molecule.numbers, turned, molecule.head)
    assert found == pytest.approx(molecule.positions, abs=2e-3)


def test_a_single_heavy_atom():
    numbers = np.array([7, 1, 1, 1, 1])
    corners = np.array([[0, 0, 0], [1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) * 0.6
    found = in_body_frame(numbers, corners, [0])
    assert found[0] == pytest.approx([0, 0, 0])
    volume = np.linalg.det(found[1:4])
    assert volume == pytest.approx(np.linalg.det(corners[1:4]))
