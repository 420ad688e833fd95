import numpy as np
import pytest

from heterobuild.coherent.mixtures_amounts import Amounts
from heterobuild.coherent.mixtures_fields import Morphology
from heterobuild.compounds import load_crystal
from heterobuild.incoherent.grains import IncoherentGrains, incoherent_grains

CELL = 75.0 * np.eye(3)
PAIR = load_crystal("Cs4PbBr6"), load_crystal("CsPbBr3")


@pytest.fixture(scope="module")
def built():
    morphology = Morphology(kind="grains", length=20.0, spectrum="smooth", count=7, spread=None)
    options = IncoherentGrains(
        morphology=morphology, amounts=Amounts(precursor_ratio=1.4), orientation="random"
    )
    return incoherent_grains(PAIR, options, CELL, names=("rich", "cube"), name="x", seed=3)


def test_record_is_what_the_atoms_say(built):
    values = built.steps[0].values
    numbers, region = built.atoms.numbers, built.atoms.arrays["region"]
    assert values["units"] == {
        "Br": (numbers == 35).sum(), "Cs": (numbers == 55).sum(), "Pb": (numbers == 82).sum()
    }  # fmt: skip
    lead = [int(((numbers == 82) & (region == k)).sum()) for k in (1, 2)]
    assert values["octahedra"] == {"rich": lead[0], "cube": lead[1]}
    ratio = (numbers == 55).sum() / (numbers == 82).sum()
    assert values["precursor_ratio_with_walls"] == pytest.approx(ratio, abs=1e-5)
    phases = (4 * lead[0] + lead[1]) / sum(lead)
    assert values["precursor_ratio_of_phases"] == pytest.approx(phases, abs=1e-5)
    assert phases == pytest.approx(1.4, rel=0.03)
    assert sum(values["octahedra_each"]) == sum(lead)


def test_wall_area_of_points(built):
    """Walls between phases and within them: a Voronoi tessellation of n grains in all."""
    values = built.steps[0].values
    total = values["wall_area_A2"]["1|2"] + values["wall_area_within_phases_A2"]
    # 2.91 n^(1/3) V^(2/3) of a Poisson process; seeds that keep apart have less.
    assert 2.5 < total / (7 ** (1 / 3) * 75.0**2) < 2.95


def test_walls_step(built):
    step = next(step for step in built.steps if step.name == "walls")
    assert 0.4 < step.values["filled"] < 0.9
    assert step.values["pairs_that_touched"] > 0
    assert step.values["shortest_contacts_A"]["opposite"] > 3.0
    assert step.values["empty_places"] == 0
