from __future__ import annotations

import pytest

from heterobuild.alloys.doping_plans import Dopant, dopant_count, plan_doping, relative_rounding
from heterobuild.crystals import load_phase
from heterobuild.errors import UnknownNameError, UsageError


def plan(name="CsPbBr3_orthorhombic", **options):
    crystal = load_phase(name)
    return plan_doping(
        crystal.require_atoms(), crystal.molecules, Dopant(**{"fraction": 0.25, **options})
    )


@pytest.mark.parametrize(
    ("ion", "site", "compensation", "excess", "relief"),
    [
        ("Bi", "B", "vacancy-A", 1, 1),
        ("Bi", "B", "vacancy-B", 1, 2),
        ("Bi", "B", "co-dopant:Ag", 1, 1),
        ("Ag", "B", "vacancy-X", -1, -1),
        ("Ag", "B", "co-dopant:Bi", -1, -1),
        ("Mn", "B", "", 0, 0),
        ("Rb", "A", "", 0, 0),
        ("Cl", "X", "", 0, 0),
    ],
)
def test_charges(ion, site, compensation, excess, relief):
    found = plan(ion=ion, site=site, compensation=compensation)
    assert (found.excess, found.relief) == (excess, relief)


def test_hosts_are_the_ions_of_the_site():
    assert plan(ion="Rb", site="A").host == "Cs"
    assert len(plan(ion="Cl", site="X").hosts) == 12
    assert plan("MAPbI3_cubic", ion="FA", site="A").host == "MA"


def test_numbers_suit_whole_vacancies():
    # One vacancy of Pb takes the charge of two Bi.
    found = plan(ion="Bi", compensation="vacancy-B", fraction=0.1)
    assert [dopant_count(found, cells) for cells in (1, 5, 15)] == [0, 2, 6]
    assert relative_rounding(found, 5) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ion": "Bi"}, r"not compensated.*\+1 e for each Bi.*vacancy-A"),
        ({"ion": "Ag"}, r"not compensated.*-1 e for each Ag.*vacancy-X"),
        ({"ion": "Bi", "compensation": "vacancy-X"}, "not compensated by vacancy-X"),
        ({"ion": "Bi", "compensation": "co-dopant:In"}, "not compensated by co-dopant:In"),
        ({"ion": "Mn", "compensation": "vacancy-A"}, "Mn has the charge of Pb"),
        ({"ion": "Bi", "compensation": "magic"}, "unknown compensation 'magic'"),
        ({"ion": "Bi", "compensation": "vacancy-Q"}, "on A, B or X sites"),
        ({"ion": "Bi", "site": "C"}, "on A, B or X sites"),
        ({"ion": "Bi", "host": "Sn"}, "Sn is not one kind of ion"),
        ({"ion": "Bi", "charge": 2}, r"does not occur with \+2"),
        ({"ion": "MA"}, "does not fit on B sites"),
        ({"ion": "Mn", "fraction": 1.0}, "between 0 and 1"),
    ],
)
def test_what_cannot_be(options, message):
    with pytest.raises(UsageError, match=message):
        plan(**options)


def test_unknown_ions():
    with pytest.raises(UnknownNameError, match="Qq"):
        plan(ion="Qq")


def test_a_charge_can_be_chosen():
    assert plan(ion="Sn", charge=4, compensation="vacancy-B").excess == 2
    assert plan(ion="Sn").excess == 0


def test_the_host_is_no_dopant():
    with pytest.raises(UsageError, match="Pb cannot be a dopant on its own sites"):
        plan(ion="Pb")
