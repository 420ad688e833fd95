from __future__ import annotations

import pytest

from heterobuild.compounds import load_crystal
from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.slabs import cut_slab
from heterobuild.slabs.lamellae import fill_slab


@pytest.fixture(scope="module")
def slab():
    return cut_slab(load_crystal("CsPbI3_alpha"), "001", layers=3)


def test_the_slab_itself_stays_as_it_is(slab):
    lamella = fill_slab(slab, {"PTLA": 2}, expansion=0.02)
    assert lamella.inside == (("PTLA", 2),)
    assert lamella.expansion == 0.02
    assert (lamella.atoms.positions == slab.atoms.positions).all()


def test_the_order_in_which_molecules_are_named_does_not_matter(slab):
    first, second = fill_slab(slab, {"PTLA": 1, "BA": 2}), fill_slab(slab, {"BA": 2, "PTLA": 1})
    assert first.inside == second.inside


def test_nothing_is_widened_by_default(slab):
    assert fill_slab(slab).inside == ()
    assert fill_slab(slab).expansion == 0.0


@pytest.mark.parametrize(
    ("inside", "expansion", "place"),
    [
        ({"PTLA": 0}, 0.0, "inside"),
        (None, 1.5, "expansion"),
        (None, -0.2, "expansion"),
        (None, float("nan"), "expansion"),
    ],
)
def test_impossible_numbers_are_refused(slab, inside, expansion, place):
    with pytest.raises(UsageError) as caught:
        fill_slab(slab, inside, expansion=expansion)
    assert caught.value.where == place


def test_unknown_molecules_are_refused(slab):
    with pytest.raises(UnknownNameError):
        fill_slab(slab, {"PTLB-neutral": 1})
