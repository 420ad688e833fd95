"""When the elastic estimate is made, and what it says."""

from __future__ import annotations

import json

import numpy as np
import pytest

from heterobuild.coherent.draft import draft_parts
from heterobuild.coherent.elastic_step import LOCAL_STRAIN, elastic_estimate
from heterobuild.coherent.parts import Parts
from heterobuild.compounds import load_crystal
from heterobuild.frameworks.block import Block
from heterobuild.frameworks.framework import framework_of
from heterobuild.frameworks.scaling import cube_edge, stretched
from heterobuild.model import WallProfile


def superlattice(inner, outer, factor=1.0, cells=16):
    """Return a closed block of two halves along x on a lattice stretched by a factor."""
    host = stretched(load_crystal("CsPbBr3_cubic"), factor)
    block = Block(
        framework=framework_of(host), origin=(0, 0, 0), cells=(cells, 1, 1), periodic=(True,) * 3
    )
    place = np.arange(cells, dtype=float) - (cells - 1) / 2
    wall = np.broadcast_to(place[:, None, None, None] * 6, block.octahedra).astype(np.float32)
    parts = Parts(
        names=("inner", "outer"),
        crystals=(load_crystal(inner), load_crystal(outer)),
        walls=(wall,),
        shared="outer",
        profile=WallProfile(),
    )
    return draft_parts(
        block,
        np.ones(block.grid, dtype=bool),
        parts,
        rotation=np.eye(3),
        centre=np.zeros(3),
        seed=0,
    )


MISFIT = cube_edge(load_crystal("CsPbI3_alpha")) / cube_edge(load_crystal("CsPbBr3_cubic")) - 1


def test_nothing_is_said_where_all_fits():
    found = elastic_estimate(
        superlattice("CsPbBr3_cubic", "CsPbBr3_cubic"), free_strain=None, wanted=True
    )
    assert found.moves is None
    assert found.steps == ()
    assert not found.strain.any()


def test_what_was_left_out_is_said():
    found = elastic_estimate(
        superlattice("CsPbBr3_cubic", "CsPbI3_alpha"), free_strain=None, wanted=False
    )
    (step,) = found.steps
    assert found.moves is None
    assert step.values == {"relaxed": False}
    assert f"{100 * MISFIT:.2f} %" in step.choice


def test_signs_of_the_strain_of_a_superlattice():
    draft = superlattice("CsPbBr3_cubic", "CsPbI3_alpha", factor=1 + MISFIT / 2)
    found = elastic_estimate(draft, free_strain=None, wanted=True)
    inner, outer = found.region_strain[1], found.region_strain[2]
    assert inner[1, 1] == pytest.approx(MISFIT / 2, rel=0.05)
    assert outer[1, 1] == pytest.approx((1 + MISFIT / 2) / (1 + MISFIT) - 1, rel=0.05)
    assert inner[0, 0] < 0 < outer[0, 0]
    local = np.asarray(found.extra[LOCAL_STRAIN]).reshape(draft.sites.block.grid)
    assert (local[2:6] > 0).all()
    assert (local[10:14] < 0).all()
    (step,) = found.steps
    assert json.loads(json.dumps(step.values)) == step.values
    parts = step.values["parts"]
    assert parts["inner"]["volumetric_mean"] > 0 > parts["outer"]["volumetric_mean"]


def test_a_free_cell_takes_the_mean_length():
    draft = superlattice("CsPbBr3_cubic", "CsPbI3_alpha")
    free = (True, True, True, False, False, False)
    found = elastic_estimate(draft, free_strain=free, wanted=True)
    assert 0 < found.strain[1, 1] < MISFIT
    assert found.strain[1, 1] == pytest.approx(found.strain[2, 2], rel=1e-3)
    assert found.strain[0, 0] == pytest.approx(MISFIT / 2, rel=0.15)
    inner, outer = found.region_strain[1], found.region_strain[2]
    assert outer[1, 1] < 0 < inner[1, 1]
    held = elastic_estimate(draft, free_strain=None, wanted=True)
    energies = [e.steps[0].values["energy_after_eV"] for e in (found, held)]
    assert energies[0] < energies[1]
