import numpy as np
import pytest
from ase.neighborlist import neighbor_list

from heterobuild.chemistry.ions import radius_table
from heterobuild.defects import Defect, add_defects
from heterobuild.defects.interstitials import find_spot
from heterobuild.errors import UsageError
from heterobuild.validation import check


@pytest.mark.parametrize("text", [("Br", "film", 3), ("Cl", "substrate", -2), ("Br", "film", 1)])
def test_no_contact_is_below_the_limit(stack, text):
    species, region, layer = text
    wanted = Defect(kind="interstitial", species=species, region=region, layer=layer)
    built = add_defects(stack, [wanted], seed=2)
    atoms = built.atoms
    ions = atoms.arrays["molecule"] == 0
    i, j, length = neighbor_list("ijd", atoms, 4.5)
    chosen = ions[i] & ions[j] & (atoms.arrays["defect"][i] == 1)
    radii = radius_table()[atoms.numbers]
    assert (length[chosen] / (radii[i] + radii[j])[chosen]).min() >= 0.7
    assert check(built).passed
    (ledger,) = (entry for entry in built.ledger if entry.action == "added")
    assert ledger.charge == -1


def test_several_keep_clear_of_one_another(dot):
    wanted = Defect(kind="interstitial", species="Br", region="matrix", count=4)
    built = add_defects(dot, [wanted], seed=0)
    assert check(built).passed
    assert len(built.atoms) == len(dot.atoms)  # four come, four go
    assert sum(built.atoms.arrays["defect"] > 0) == 8  # each with the ion that makes room


def test_small_cations_find_voids(dot, table):
    units, wall = table(dot)
    wanted = Defect(kind="interstitial", species="Li", region="matrix")
    spot = find_spot(dot, units, wanted, charge=1.0, wall=wall, rng=np.random.default_rng(0))
    assert spot.shift is None
    assert spot.room >= 1
    assert dot.regions[1].code == units.region[spot.host]


def test_no_room_is_said(stack):
    with pytest.raises(UsageError, match="no room for Cs_i"):
        add_defects(stack, [Defect(kind="interstitial", species="Cs", layer=3)])
    with pytest.raises(UsageError, match="is a molecule"):
        add_defects(stack, [Defect(kind="interstitial", species="MA")])
    with pytest.raises(UsageError, match="no ion that can be put in"):
        add_defects(stack, [Defect(kind="interstitial", species="Xe")])


def test_a_vacancy_is_not_filled_again(dot, shortest):
    wanted = [
        Defect(kind="vacancy", species="Br", region="matrix", compensate="none"),
        Defect(kind="interstitial", species="Li", region="matrix"),
    ]
    built = add_defects(dot, wanted, seed=1)
    one, other = (np.array(e["position_A"]) for e in built.steps[-1].values["defects"][:2])
    assert shortest(other - one, dot.atoms) >= 2.5


def test_a_layer_that_is_not_there_is_named(stack):
    with pytest.raises(UsageError, match=r"no ion for Li_i in that layer.*write layer: 7"):
        add_defects(stack, [Defect(kind="interstitial", species="Li", layer=40)])
