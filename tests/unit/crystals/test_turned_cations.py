import numpy as np
import pytest

from heterobuild.crystals.library import load_phase
from heterobuild.crystals.turned_cations import turn_cations
from heterobuild.errors import UnknownNameError


def test_the_crystal_given_stays_as_it_is():
    crystal = load_phase("MAPbI3_tetragonal")
    before = crystal.atoms.positions.copy()
    turned = turn_cations(crystal, "random", seed=3)
    assert (crystal.atoms.positions == before).all()
    heavy = turned.atoms.numbers > 50
    assert (turned.atoms.positions[heavy] == before[heavy]).all()
    assert np.abs(turned.atoms.positions - before).max() > 0.5


def test_the_seed_decides():
    crystal = load_phase("MAPbI3_tetragonal")
    one, same, other = (turn_cations(crystal, "random", seed=seed) for seed in (1, 1, 2))
    assert (one.atoms.positions == same.atoms.positions).all()
    assert (one.atoms.positions != other.atoms.positions).any()


def test_an_unknown_rule():
    with pytest.raises(UnknownNameError):
        turn_cations(load_phase("MAPbI3_tetragonal"), "sideways")
