from __future__ import annotations

import numpy as np
import pytest

from heterobuild.alloys.dopants import dope, dope_atoms
from heterobuild.alloys.doping_plans import Dopant
from heterobuild.crystals import load_phase
from heterobuild.errors import UsageError


def count(crystal, *numbers):
    return [int((crystal.atoms.numbers == number).sum()) for number in numbers]


@pytest.mark.parametrize(
    ("dopant", "numbers", "wanted"),
    [
        # Cs, Pb, Br, Bi, Ag, Mn of 2 x 2 x 2 cells
        (Dopant(ion="Bi", fraction=0.25, compensation="vacancy-A"), "Bi", [6, 6, 24, 2, 0, 0]),
        (Dopant(ion="Bi", fraction=0.25, compensation="vacancy-B"), "Bi", [8, 5, 24, 2, 0, 0]),
        (Dopant(ion="Bi", fraction=0.25, compensation="co-dopant:Ag"), "Bi", [8, 4, 24, 2, 2, 0]),
        (Dopant(ion="Ag", fraction=0.25, compensation="vacancy-X"), "Ag", [8, 6, 22, 0, 2, 0]),
        (Dopant(ion="Mn", fraction=0.25), "Mn", [8, 6, 24, 0, 0, 2]),
    ],
)
def test_neutral_to_the_last_charge(dopant, numbers, wanted):
    made = dope(load_phase("CsPbBr3_cubic"), dopant, repeat=(2, 2, 2))
    assert count(made, 55, 82, 35, 83, 47, 25) == wanted
    assert made.atoms.arrays["formal_charge"].sum() == 0
    assert numbers in made.notices[-1]
    assert made.formula == f"CsPbBr3:{numbers}"
    assert (made.origin, made.rests_on) == ("mixed", ("CsPbBr3_cubic",))


def test_charges_agree_with_oxidation_states_of_pymatgen():
    from pymatgen.core import Composition

    made = dope(
        load_phase("CsPbBr3_cubic"),
        Dopant(ion="Bi", fraction=0.25, compensation="vacancy-A"),
        repeat=(2, 2, 2),
    )
    states = {"Cs": 1, "Pb": 2, "Bi": 3, "Br": -1}
    composition = Composition(made.atoms.get_chemical_formula())
    assert sum(states[str(e)] * n for e, n in composition.items()) == 0


def test_vacancies_of_molecules_take_the_whole_molecule():
    made = dope(
        load_phase("MAPbI3_cubic"),
        Dopant(ion="Bi", fraction=0.125, compensation="vacancy-A"),
        repeat=(2, 2, 2),
    )
    assert count(made, 6, 7, 1, 83) == [7, 7, 42, 1]
    assert made.placed == ("MA",)


def test_the_smallest_supercell_holds_the_fraction():
    made = dope(load_phase("CsPbBr3_cubic"), Dopant(ion="Mn", fraction=0.02))
    (manganese,), (lead,) = count(made, 25), count(made, 82)
    assert abs(manganese / (manganese + lead) / 0.02 - 1) <= 0.1


def test_a_supercell_that_is_too_small_names_one_that_fits():
    with pytest.raises(UsageError, match=r"2x2x2 is too small.*use \dx\dx\d"):
        dope(load_phase("CsPbBr3_cubic"), Dopant(ion="Mn", fraction=0.02), repeat=(2, 2, 2))
    with pytest.raises(UsageError, match="raise max_atoms"):
        dope(load_phase("CsPbBr3_cubic"), Dopant(ion="Mn", fraction=1e-5))


def test_mixed_crystals_are_drawn_and_doped(mix):
    made = dope(mix("FA0.85Cs0.15PbI3"), Dopant(ion="Mn", fraction=0.1))
    manganese, lead, caesium, carbon, iodide = count(made, 25, 82, 55, 6, 53)
    assert abs(manganese / (manganese + lead) / 0.1 - 1) <= 0.1
    assert caesium + carbon == manganese + lead == iodide / 3
    assert abs(caesium / (caesium + carbon) - 0.15) <= 0.02
    assert made.mixtures == ()
    assert made.atoms.arrays["formal_charge"].sum() == pytest.approx(0, abs=1e-9)
    edges = np.linalg.norm(made.cell, axis=1)
    assert edges.max() / edges.min() < 3


def test_a_repeat_of_a_mixed_crystal_that_is_too_small(mix):
    bismuth = Dopant(ion="Bi", fraction=0.05, compensation="co-dopant:Ag")
    with pytest.raises(UsageError, match=r"1x1x1 is too small for Bi on 0.05 of Pb.*use \dx\dx\d"):
        dope(mix("CsPb(Br0.5I0.5)3"), bismuth, repeat=(1, 1, 1))


@pytest.mark.parametrize("host", ["MAPbI3", "CsPbBr3"])
def test_molecules_without_room_in_the_cage_are_refused(host):
    with pytest.raises(UsageError, match=f"PEA has no room in the A cage of {host}"):
        dope(load_phase(host), Dopant(ion="PEA", fraction=0.125, site="A"))
    made = dope(load_phase(host), Dopant(ion="FA", fraction=0.125, site="A"))
    assert {molecule.name for molecule in made.molecules} >= {"FA"}


def test_sites_that_do_not_suffice_are_told():
    crystal = load_phase("CsPbBr3_orthorhombic")
    dopant = Dopant(ion="Bi", fraction=0.75, compensation="co-dopant:Ag")
    with pytest.raises(
        UsageError, match=r"4 Pb do not hold Bi on 0.75.*3 to compensate, 1 possible"
    ):
        dope_atoms(crystal.atoms, crystal.molecules, dopant, rng=np.random.default_rng(0))


def test_places_follow_the_seed():
    dopant = Dopant(ion="Mn", fraction=0.25)
    first, again, other = (
        dope(load_phase("CsPbBr3_cubic"), dopant, repeat=(2, 2, 2), seed=seed).atoms.numbers
        for seed in (1, 1, 3)
    )
    assert first.tolist() == again.tolist()
    assert first.tolist() != other.tolist()


def test_the_step_holds_the_numbers():
    crystal = load_phase("CsPbBr3_orthorhombic")
    dopant = Dopant(ion="Ag", fraction=0.25, compensation="vacancy-X")
    _, _, placed, step = dope_atoms(
        crystal.atoms, crystal.molecules, dopant, rng=np.random.default_rng(0)
    )
    assert placed == ()
    assert step.choice == "1 Ag on 4 Pb; -1 e compensated by 1 vacancy-X"
    assert (step.values["excess_e"], step.values["compensating"]) == (-1, 1)
