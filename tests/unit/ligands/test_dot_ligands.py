from __future__ import annotations

import numpy as np
import pytest

from heterobuild import Embedded, ParticleShape, check, load_crystal
from heterobuild.errors import NothingFitsError, UsageError
from heterobuild.labels import MOLECULE, REGION
from heterobuild.ligands.dot_ligands import REACH, judge_reach_used, ligands_at_walls


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
    with pytest.raises(NothingFitsError, match="leave PEA out"):
        options.build(load_crystal("CsPbI3_alpha"), load_crystal("CsPbBr3_cubic"))


def test_a_model_without_cations(bare):
    atoms = bare.atoms[np.isin(bare.atoms.numbers, (82, 53))]
    lead = type(bare)(name="lead", atoms=atoms, regions=bare.regions)
    with pytest.raises(UsageError, match="neither spacers nor A cations"):
        ligands_at_walls(lead, {"PEA": 0.5}, reach=8.0, seed=0)


@pytest.fixture(scope="module")
def opened():
    """Return a dot of CsPbBr3 in Cs4PbBr6: both sides hold Cs."""
    options = Embedded(shape=ParticleShape(octahedra=2), cells=(3, 3, 2))
    return options.build(load_crystal("CsPbBr3_cubic"), load_crystal("Cs4PbBr6"))


def test_cations_of_the_dot_stay(opened):
    found = ligands_at_walls(opened, {"MA": 0.5}, reach=8.0, seed=0)
    caesium = opened.atoms.numbers == 55
    inside = opened.atoms.arrays[REGION] == 1
    stayed = (found.atoms.numbers == 55) & (found.atoms.arrays[REGION] == 1)
    assert stayed.sum() == (caesium & inside).sum() > 0
    assert set(found.atoms.arrays[REGION][found.atoms.arrays[MOLECULE] > 0]) == {2}
    step = found.steps[-1]
    counted = step.values["candidates"]
    assert step.choice.endswith(
        f"of {counted} Cs at the surface of the matrix within 8 Å of another region"
    )
    gap = found.ledger[-1].count
    assert gap == round(counted / 2) or gap == counted // 2


def test_lower_shares_that_are_named_find_room(opened):
    with pytest.raises(NothingFitsError, match="lower the fractions to PEA") as caught:
        ligands_at_walls(opened, {"PEA": 0.5}, reach=8.0, seed=0)
    share = float(caught.value.next_step.split("PEA ")[1].split(",")[0])
    found = ligands_at_walls(opened, {"PEA": share}, reach=8.0, seed=0)
    assert found.ledger[-1].count > 0


def test_ligands_of_another_charge_name_the_option(opened):
    with pytest.raises(UsageError, match=r"oleate cannot replace Cs.*in ligands"):
        ligands_at_walls(opened, {"OLEATE": 0.5}, reach=8.0, seed=0)


def test_a_reach_that_counts_for_nothing():
    judge_reach_used(REACH, {})
    judge_reach_used(6.0, {"MA": 0.5})
    with pytest.raises(UsageError, match="without ligands, in ligand_reach; found 6"):
        judge_reach_used(6.0, {})
