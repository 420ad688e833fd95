from collections import Counter

import numpy as np
import pytest

from heterobuild.defects import Defect, add_defects, parse_defect
from heterobuild.errors import UsageError


def names(built):
    return Counter(entry["name"] for entry in built.steps[-1].values["defects"])


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        (["V_Br 1"], {"V_Br": 1, "V_Cs": 1}),
        (["V_Pb 2"], {"V_Pb": 1, "V_Br": 2}),
        (["V_MA -2"], {"V_MA": 1, "V_Cl": 1}),
        (["Br_i 3"], {"Br_i": 1, "V_Br": 1}),
        (["Pb_Br 2"], {"Pb_Br": 1, "V_Cs": 1, "V_Pb": 1}),
        (["Br_Pb 2"], {"Br_Pb": 1, "V_Br": 3}),
        (["Pb_Cs 3"], {"Pb_Cs": 1, "V_Cs": 1}),
        (["Pb_Cs 3", "Cs_Pb 2"], {"Pb_Cs": 1, "Cs_Pb": 1}),
        (["V_Br 2", "V_Cs 3"], {"V_Br": 1, "V_Cs": 1}),
        (["2x V_Br 2"], {"V_Br": 2, "V_Pb": 1}),
        (["Cl_Br 2"], {"Cl_Br": 1}),
    ],
)
def test_combinations_are_neutral_and_the_smallest(stack, texts, wanted):
    built = add_defects(stack, [parse_defect(text) for text in texts], seed=3)
    assert names(built) == wanted
    assert built.atoms.arrays["formal_charge"].sum() == pytest.approx(0, abs=1e-9)
    assert sum(entry.charge for entry in built.ledger) == pytest.approx(0)


def test_partners_are_the_nearest_ions(stack, table, shortest):
    units, _ = table(stack)
    built = add_defects(stack, [parse_defect("V_Br film 4")], seed=1)
    one, other = (np.array(e["position_A"]) for e in built.steps[-1].values["defects"])
    cesium = units.centres[units.species == units.names.index("Cs")]
    nearest = min(shortest(point - one, stack.atoms) for point in cesium)
    assert shortest(other - one, stack.atoms) == pytest.approx(nearest, abs=0.05)


@pytest.mark.parametrize("distance", [5.9, 8.5])
def test_partners_stand_at_a_wanted_distance(dot, shortest, distance):
    wanted = Defect(kind="vacancy", species="Br", region="matrix", partner_distance=distance)
    built = add_defects(dot, [wanted], seed=1)
    one, other = (np.array(e["position_A"]) for e in built.steps[-1].values["defects"])
    assert shortest(other - one, dot.atoms) == pytest.approx(distance, abs=1.6)


def test_a_frenkel_pair_does_not_close(dot, shortest):
    built = add_defects(dot, [parse_defect("Br_i matrix")], seed=1)
    one, other = (np.array(e["position_A"]) for e in built.steps[-1].values["defects"])
    assert shortest(other - one, dot.atoms) >= 6.0


def test_a_named_partner_is_taken(stack):
    wanted = Defect(kind="vacancy", species="Br", layer=4, count=2, compensate="V_Cs")
    assert names(add_defects(stack, [wanted])) == {"V_Br": 2, "V_Cs": 2}
    wanted = Defect(kind="vacancy", species="Br", layer=4, compensate="Br_i")
    assert names(add_defects(stack, [wanted])) == {"V_Br": 1, "Br_i": 1}


def test_what_cannot_compensate_is_refused(stack):
    wanted = Defect(kind="vacancy", species="Br", layer=4, compensate="V_Pb")
    with pytest.raises(UsageError, match="V_Pb cannot compensate"):
        add_defects(stack, [wanted])
    wanted = Defect(kind="vacancy", species="Br", layer=4, compensate="V_Rb")
    with pytest.raises(UsageError, match="too few Rb"):
        add_defects(stack, [wanted])
    every = Defect(kind="vacancy", species="Cs", region="film", layer=1, count=4)
    assert names(add_defects(stack, [every]))["V_Br"] == 4
