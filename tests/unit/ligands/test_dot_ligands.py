from __future__ import annotations

import numpy as np
import pytest

from heterobuild import Embedded, ParticleShape, check, load_crystal
from heterobuild.errors import NothingFitsError, UsageError
from heterobuild.labels import MOLECULE
from heterobuild.ligands.dot_ligands import ligands_at_walls


@pytest.fixture(scope="module")
def bare():
    shape = ParticleShape(kind="cuboid", octahedra=(2, 2, 2))
    options = Embedded(shape=shape, cells=(6, 6, 2), orientation="aligned")
    return options.build(load_crystal("CsPbI3_alpha"), load_crystal("PEA2CsPb2I7"), seed=7)


def test_spacers_around_a_dot_become_ligands(bare):
    found = ligands_at_walls(bare, {"Br-PEA": 0.3}, reach=8.0, seed=7)
    (step,) = [step for step in found.steps if step.name == "exchanged molecules"]
    count = step.values["counts"]["BrPEA"]
    assert count == round(0.3 * step.values["candidates"])
    bromine = found.atoms.numbers == 35
    assert bromine.sum() == count  # nothing else of the model holds bromine
    assert (found.atoms.arrays[MOLECULE][bromine] > 0).all()
    assert len(found.atoms) == len(bare.atoms)  # one H of the ring becomes Br
    assert found.ledger[-1].species == "PEA → BrPEA"
    assert check(found).passed


def test_none_leaves_the_model(bare):
    assert ligands_at_walls(bare, {}, reach=8.0, seed=0) is bare


def test_shares_that_round_to_nothing(bare):
    with pytest.raises(UsageError, match="round to none"):
        ligands_at_walls(bare, {"Br-PEA": 0.001}, reach=8.0, seed=0)


def test_cations_at_a_coherent_wall_have_no_room():
    sphere = ParticleShape(kind="sphere", radius=9.0)
    options = Embedded(shape=sphere, cells=6, ligands={"PEA": 0.5})
    with pytest.raises(NothingFitsError, match="do not all find room"):
        options.build(load_crystal("CsPbI3_alpha"), load_crystal("CsPbBr3_cubic"))


def test_a_model_without_cations(bare):
    atoms = bare.atoms[np.isin(bare.atoms.numbers, (82, 53))]
    lead = type(bare)(name="lead", atoms=atoms, regions=bare.regions)
    with pytest.raises(UsageError, match="neither spacers nor A cations"):
        ligands_at_walls(lead, {"PEA": 0.5}, reach=8.0, seed=0)
