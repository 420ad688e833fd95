from __future__ import annotations

import numpy as np
import pytest

from heterobuild.architectures.multilayer import Multilayer
from heterobuild.architectures.vertical import Vertical
from heterobuild.assembly.gap import touching_distance
from heterobuild.assembly.organic_contact import (
    has_cap,
    interlock_stack,
    interlocked,
    interlocking,
    organic_gap,
    organic_step,
)
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.matching import MatchLimits
from heterobuild.slabs import cut_slab
from heterobuild.slabs.caps import cap_slab
from heterobuild.spacers.layer_thickness import organic_thickness


@pytest.fixture(scope="module")
def slab():
    return cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=1, symmetric=True)


@pytest.fixture(scope="module")
def bilayer(facing, slab):
    film, substrate = cap_slab(slab, bottom={"BA": 1.0}), cap_slab(slab, top={"BA": 1.0})
    return facing(film, substrate, repeats=(2, 2))


def planes(atoms, region, number, out):
    """Height of the outermost plane of an element of a region."""
    mine = (atoms.arrays["region"] == region) & (atoms.numbers == number)
    return float((atoms.positions[mine, 2] * out).max() * out)


def test_faces_with_caps_are_told_apart(bilayer):
    lower, upper, _ = bilayer
    assert has_cap(lower, top=True)
    assert has_cap(upper, top=False)
    assert not has_cap(lower, top=False)
    assert not has_cap(upper, top=True)


def test_interlocking_is_deeper_than_a_fine_grid_less_its_step(bilayer):
    lower, upper, frame = bilayer
    found = interlocking(lower, upper, frame)
    assert found.touching == pytest.approx(
        touching_distance(lower, upper, frame.whole, found.shift), abs=1e-6
    )
    steps = (np.stack(np.meshgrid(*[np.arange(16) / 16] * 2), -1).reshape(-1, 2)) @ frame.whole
    brute = [touching_distance(lower, upper, frame.whole, step) for step in steps]
    assert found.touching < min(brute) + 0.15
    assert found.median == pytest.approx(np.median(brute), abs=0.5)
    assert found.touching < found.median - 1.0


def test_the_gap_of_equal_spacers_is_that_of_their_crystals(bilayer):
    lower, upper, frame = bilayer
    lower, upper = interlocked(lower, upper, frame)
    gap, reason = organic_gap(lower, upper, frame, interlocking(lower, upper, frame).shift)
    molecule = next(one for one in lower.molecules if one.name == "BA")
    assert gap == pytest.approx(organic_thickness(molecule, 5.874**2).value, abs=1e-6)
    assert "layered crystals of BA" in reason


def test_where_tails_have_no_room_they_touch(bilayer):
    lower, upper, frame = bilayer
    distances = {
        shift: touching_distance(lower, upper, frame.whole, np.array(shift))
        for shift in [(x, y) for x in (0.0, 1.5, 3.0, 4.5) for y in (0.0, 1.5, 3.0, 4.5)]
    }
    worst = max(distances, key=lambda shift: distances[shift])
    gap, reason = organic_gap(lower, upper, frame, np.array(worst))
    assert gap == pytest.approx(distances[worst])
    assert "touch" in reason


def test_distances_of_planes_are_those_of_the_atoms(slab):
    film, substrate = cap_slab(slab, bottom={"BA": 1.0}), cap_slab(slab, top={"BA": 1.0})
    built = Vertical(repeat=(2, 2)).build(film, substrate)
    step = next(step for step in built.steps if step.name == "organic layer")
    halides = planes(built.atoms, 2, 35, -1) - planes(built.atoms, 1, 35, 1)
    metals = planes(built.atoms, 2, 82, -1) - planes(built.atoms, 1, 82, 1)
    assert step.values["halide_planes_A"] == pytest.approx(halides, abs=1e-5)
    assert step.values["metal_planes_A"] == pytest.approx(metals, abs=1e-5)
    assert built.atoms.arrays["formal_charge"].sum() == pytest.approx(0, abs=1e-9)


def test_bare_faces_have_no_organic_step(facing, slab):
    lower, upper, frame = facing(slab, slab)
    assert organic_step(lower, upper, 3.0) is None
    assert interlocked(lower, upper, frame) == (lower, upper)
    assert interlock_stack([lower, upper], frame, endless=True) == [lower, upper]


def test_a_capped_face_never_continues_the_network(slab):
    bare = cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=1, bottom="PbBr2", top="CsBr")
    built = Vertical().build(bare, cap_slab(slab, top={"BA": 1.0}))
    gap = next(step for step in built.steps if step.name == "gap")
    assert not gap.values["network_continues"]
    assert gap.values["gap_A"] > 4


def test_one_monolayer_has_its_heads_on_the_side_that_is_asked_for(slab):
    below = Vertical().build(slab, cap_slab(slab, top={"BA": 1.0}))
    above = Vertical().build(cap_slab(slab, bottom={"BA": 1.0}), slab)
    for built, sense in ((below, 1), (above, -1)):
        atoms, mine = built.atoms, built.atoms.arrays["molecule"] > 0
        head = atoms.positions[mine & (atoms.numbers == 7), 2].mean()
        tail = atoms.positions[mine & (atoms.numbers == 6), 2].mean()
        assert (tail - head) * sense > 1


def test_a_fixed_gap_that_is_too_narrow_names_the_least(slab):
    capped = cap_slab(slab, top={"BA": 1.0})
    with pytest.raises(UsageError, match="at least") as caught:
        Vertical(gap=3.0).build(slab, capped)
    least = float(str(caught.value.next_step).split("set gap to ")[1].split(" ")[0])
    built = Vertical(gap=least).build(slab, capped)
    assert built.atoms.arrays["region"].max() == 2


def test_every_contact_of_an_endless_multilayer_interlocks(slab):
    capped = cap_slab(slab, top={"BA": 1.0}, bottom={"BA": 1.0})
    built = Multilayer(
        sequence=("well", "well"), periodic="superlattice", limits=MatchLimits()
    ).build(capped, names=("well",))
    gaps = [s.values["halide_planes_A"] for s in built.steps if s.name == "organic layer"]
    assert len(gaps) == 2
    assert gaps[0] == pytest.approx(gaps[1], abs=1e-6)
