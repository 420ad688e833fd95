import numpy as np
import pytest

from heterobuild.defects import Defect, parse_defect
from heterobuild.defects.requests import charge_of, requested_changes, taken_units, vacancy
from heterobuild.errors import UsageError


def request(built, table, wanted, before=(), seed=0):
    units, wall = table(built)
    rng = np.random.default_rng(seed)
    return units, *requested_changes(built, units, wanted, wall=wall, before=before, rng=rng)


@pytest.mark.parametrize(
    ("text", "charge"),
    [
        ("V_Br 2", 1),
        ("V_Cs 3", -1),
        ("V_Pb 2", -2),
        ("V_MA -2", -1),
        ("Pb_Br 2", 3),
        ("Br_Pb 2", -3),
        ("Pb_Cs 3", 1),
        ("Cs_Pb 2", -1),
        ("Cl_Br 2", 0),
        ("Br_i 3", -1),
        ("Sn_Pb 2", 0),
        ("Bi_Pb 2", 1),
    ],
)
def test_the_charge_of_a_defect_is_that_of_kroger_and_vink(stack, table, text, charge):
    _, (change,), _ = request(stack, table, parse_defect(text))
    assert change.charge == charge
    assert change.name == text.split()[0]


def test_the_kinds_of_sites_are_counted(stack, table):
    _, _, kinds = request(stack, table, parse_defect("V_Br film 2"))
    assert kinds == (8,)
    assert request(stack, table, parse_defect("Br_i film 3"))[2] == ()


def test_a_site_is_taken_only_once(stack, table):
    units, first, _ = request(stack, table, parse_defect("4x V_Cs film 1"))
    assert len(set(taken_units(first))) == 4
    with pytest.raises(UsageError, match="already taken"):
        request(stack, table, parse_defect("V_Cs film 1"), before=first)
    free = parse_defect("V_Cs")
    other = request(stack, table, free, before=first)[1]
    assert units.layer[other[0].removed] == 3  # the next plane of Cs


def test_a_molecule_goes_as_a_whole(stack, table):
    units, _ = table(stack)
    unit = int(np.flatnonzero(units.species == units.names.index("MA"))[0])
    change = vacancy(units, unit)
    assert (units.unit == change.removed).sum() == 8
    assert (change.name, change.charge) == ("V_MA", -1)


def test_ions_that_are_not_there_have_their_usual_charge(stack, table):
    units, _ = table(stack)
    assert charge_of(stack, units, "Bi") == 3
    assert charge_of(stack, units, "MA") == 1
    with pytest.raises(UsageError):
        charge_of(stack, units, "FA")  # a molecule without a geometry here


def test_the_seed_draws_among_equal_sites(stack, table):
    wanted = Defect(kind="vacancy", species="Br", layer=2)
    drawn = {request(stack, table, wanted, seed=k)[1][0].removed for k in range(30)}
    assert len(drawn) > 4
    assert request(stack, table, wanted, seed=3)[1][0].removed in drawn
