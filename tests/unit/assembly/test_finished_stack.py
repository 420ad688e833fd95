from __future__ import annotations

import numpy as np

from heterobuild.architectures.vertical import Vertical
from heterobuild.compounds import load_crystal
from heterobuild.matching import MatchLimits
from heterobuild.slabs import cut_slab


def built(**options):
    film = cut_slab(load_crystal("FA0.83Cs0.17PbI3"), "001", layers=2)
    base = cut_slab(load_crystal("CsPbI3_alpha"), "001", layers=2)
    return Vertical(limits=MatchLimits(max_area=50), **options).build(film, base)


def names(model):
    return [step.name for step in model.steps]


def test_steps_stand_in_the_order_of_the_work():
    found = names(built())
    order = ["slab", "match", "strain", "elastic energy", "registry", "gap"]
    order += ["composition", "vacuum"]
    assert [name for name in dict.fromkeys(found) if name in order] == order


def test_copies_that_were_turned_are_not_told_twice():
    once, twice = built(repeat=(2, 2)), built(periodic="sandwich", repeat=(2, 2))
    assert names(once).count("composition") == names(twice).count("composition") == 1
    assert names(twice).count("gap") == 2
    assert len(twice.regions) == 3


def test_notices_stand_once():
    notices = built(periodic="sandwich").notices
    assert len(notices) == len(set(notices))


def test_an_endless_stack_has_no_vacuum():
    model = built(periodic="superlattice")
    step = next(step for step in model.steps if step.name == "vacuum")
    assert step.choice.startswith("none")
    assert model.atoms.pbc.all()
    heights = model.atoms.get_scaled_positions(wrap=False)[:, 2]
    assert np.ptp(heights) < 1
