from __future__ import annotations

import time

import numpy as np
import pytest

from heterobuild.alloys.counts import Composition
from heterobuild.alloys.decoration import composition_step, decorate, largest_rounding
from heterobuild.alloys.mixed_sites import mixed_sites
from heterobuild.alloys.repeats import repeat_crystal
from heterobuild.crystals import load_phase
from heterobuild.errors import UsageError
from heterobuild.model import Mixture


def draw(crystal, repeat, *, seed=0, **options):
    larger = repeat_crystal(crystal, repeat)
    return decorate(
        larger.require_atoms(),
        larger.molecules,
        larger.mixtures,
        rng=np.random.default_rng(seed),
        **options,
    )


def test_counts_are_exact_on_all_sites_at_once(mix):
    atoms, molecules, placed, step = draw(mix("FA0.85Cs0.15Pb(Br0.4I0.6)3"), (2, 2, 5))
    numbers = atoms.numbers
    assert [(numbers == z).sum() for z in (6, 55, 82, 35, 53)] == [17, 3, 20, 24, 36]
    assert [molecule.name for molecule in molecules] == ["FA"]
    assert placed == ()
    assert step.values["A FA+Cs"]["counts"] == {"FA": 17, "Cs": 3}
    assert step.values["largest_rounding"] == 0.0
    assert atoms.arrays["formal_charge"].sum() == pytest.approx(0, abs=1e-9)


def test_rounding_is_told(mix):
    _, _, _, step = draw(mix("FA0.85Cs0.15PbI3"), (1, 2, 3))
    assert step.choice == (
        "6 A sites: FA 5 (asked 0.85, got 0.8333), Cs 1 (asked 0.15, got 0.1667); random"
    )
    assert largest_rounding(step) == pytest.approx(0.85 - 5 / 6)


def test_molecules_put_in_are_to_be_oriented(mix):
    atoms, molecules, placed, _ = draw(mix("Cs0.75MA0.25PbBr3", phase="cubic"), (2, 2, 2))
    assert placed == ("MA",)
    assert [molecule.name for molecule in molecules] == ["MA"]
    assert len(np.unique(atoms.arrays["molecule"])) == 1 + 2


def test_pairs_of_other_charges_stay_neutral(mix):
    atoms, _, _, _ = draw(mix("CsPb0.8Ag0.1Bi0.1Br3", phase="cubic"), (2, 2, 4))
    counts = [int((atoms.numbers == z).sum()) for z in (82, 47, 83)]
    # 16 B sites: 12.8 Pb and 1.6 pairs, so two pairs.
    assert counts == [12, 2, 2]
    assert atoms.arrays["formal_charge"].sum() == 0


def test_an_ion_of_two_mixtures_is_not_drawn_twice():
    # The halide that enters the X sites is the parent of the X' sites.
    crystal = load_phase("Cs2PbI2Cl2")
    mixtures = (
        Mixture(site="X", parent="I", shares=(("I", 0.5), ("Cl", 0.5))),
        Mixture(site="X", parent="Cl", shares=(("Cl", 0.75), ("Br", 0.25))),
    )
    atoms, _, _, _ = decorate(
        crystal.atoms, crystal.molecules, mixtures, rng=np.random.default_rng(0)
    )
    # 4 I sites: 2 stay; 4 Cl sites: 3 stay; 2 Cl come from the I sites.
    assert [int((atoms.numbers == z).sum()) for z in (53, 17, 35)] == [2, 5, 1]


def test_the_same_seed_gives_the_same_bytes(mix):
    crystal = mix("FA0.85Cs0.15Pb(Br0.4I0.6)3")
    first, again, other = (draw(crystal, (2, 2, 3), seed=seed)[0] for seed in (1, 1, 2))
    assert first.positions.tobytes() == again.positions.tobytes()
    assert first.numbers.tobytes() == again.numbers.tobytes()
    assert first.numbers.tolist() != other.numbers.tolist()


def test_a_profile_in_space(mix):
    crystal = repeat_crystal(mix("CsPb(Br0.5I0.5)3", phase="cubic"), (2, 2, 8))
    (mixture,) = crystal.mixtures
    sites = mixed_sites(crystal.atoms, crystal.molecules, mixture)
    height = np.round(sites.centres[:, 2] / crystal.cell[2, 2], 6)
    bromine = np.clip(2 * height - 0.5, 0, 1)
    names = [ion for ion, _ in mixture.shares]
    targets = np.column_stack([bromine if ion == "Br" else 1 - bromine for ion in names])
    atoms, _, _, step = decorate(
        crystal.atoms,
        crystal.molecules,
        crystal.mixtures,
        rng=np.random.default_rng(0),
        targets=[targets],
    )
    halide = np.isin(atoms.numbers, (35, 53))
    found = atoms.numbers[halide] == 35
    z = atoms.positions[halide, 2] / crystal.cell[2, 2]
    assert not found[z < 0.24].any()
    assert found[z > 0.76].all()
    assert abs(found.sum() - bromine.sum()) < 1
    middle = (z > 0.45) & (z < 0.55)
    assert abs(found[middle].mean() - 0.5) < 0.15
    assert step.values["X Br+I"]["asked"]["Br"] == pytest.approx(bromine.mean())


def test_a_profile_holds_ions_of_one_charge(mix):
    crystal = mix("CsPb0.8Ag0.1Bi0.1Br3")
    with pytest.raises(UsageError, match="ions of one charge"):
        decorate(
            crystal.atoms,
            crystal.molecules,
            crystal.mixtures,
            rng=np.random.default_rng(0),
            targets=[np.array([[0.8, 0.1, 0.1]])],
        )


def test_a_million_atoms_take_seconds(mix):
    crystal = repeat_crystal(mix("FA0.85Cs0.15Pb(Br0.4I0.6)3"), (30, 30, 30))
    start = time.process_time()
    atoms, _, _, _ = decorate(
        crystal.atoms, crystal.molecules, crystal.mixtures, rng=np.random.default_rng(0)
    )
    # 27 000 cells take 0.3 s on one core of 2020, so a million atoms 1 s.
    assert time.process_time() - start < 5
    assert (atoms.numbers == 55).sum() == round(0.15 * 27000)


def test_the_step_of_a_composition():
    step = composition_step(
        [Composition(site="B", ions=("Pb", "Sn"), asked=(0.5, 0.5), counts=(4, 4))], "rock-salt"
    )
    assert step.choice == "8 B sites: Pb 4, Sn 4; rock-salt"
    assert step.values["B Pb+Sn"]["rule"] == "rock-salt"
