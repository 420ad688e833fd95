"""Parts on one framework: who stands where, profiles, stretches, neutrality."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.architectures.particle import carve_particle
from heterobuild.coherent.draft import composition_steps, draft_parts, neutral
from heterobuild.coherent.parts import Parts
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.frameworks.block import Block
from heterobuild.frameworks.carving import block_around, complete, distances
from heterobuild.frameworks.framework import framework_of
from heterobuild.frameworks.scaling import cube_edge
from heterobuild.geometry.shapes import cuboid
from heterobuild.labels import Site
from heterobuild.model import WallProfile

EDGE = 5.874


def superlattice(inner, outer, cells=(12, 4, 4), profile=None, shared="outer"):
    """Return a closed block of cubic cells with a wall after half of its cells along x."""
    host = load_crystal("CsPbBr3_cubic")
    block = Block(
        framework=framework_of(host), origin=(0, 0, 0), cells=cells, periodic=(False, True, True)
    )
    place = np.arange(cells[0], dtype=float) - (cells[0] - 1) / 2
    wall = np.broadcast_to((place * EDGE)[:, None, None, None], block.octahedra)
    parts = Parts(
        names=("inner", "outer"),
        crystals=(load_crystal(inner), load_crystal(outer)),
        walls=(wall.astype(np.float32),),
        shared=shared,
        profile=profile or WallProfile(),
    )
    occupied = np.ones(block.grid, dtype=bool)
    return draft_parts(block, occupied, parts, rotation=np.eye(3), centre=np.zeros(3), seed=1)


def share_of(draft, name, role):
    """Return the share of a species on the sites of a role, by cell along x."""
    numbers = [k for k, entry in enumerate(draft.sites.table) if entry.name == name]
    units = draft.sites.block.framework.site == role
    return np.isin(draft.sites.species[..., units], numbers).mean(axis=(1, 2, 3))


def test_each_side_of_a_sharp_wall_has_its_own_ions():
    draft = superlattice("CsPbBr3_cubic", "MAPbI3_cubic")
    iodine, methyl = share_of(draft, "I", Site.X), share_of(draft, "MA", Site.A)
    assert (iodine[:5] == 0).all()
    assert (iodine[7:] == 1).all()
    assert (methyl[:5] == 0).all()
    assert (methyl[7:] == 1).all()
    assert draft.steps == ()


def test_stretches_are_the_lengths_of_the_phases():
    draft = superlattice("CsPbBr3_cubic", "CsPbI3_alpha")
    stretch = draft.stretch.reshape(draft.sites.block.grid)
    misfit = cube_edge(load_crystal("CsPbI3_alpha")) / EDGE - 1
    assert stretch[0].ravel() == pytest.approx(0, abs=1e-12)
    assert stretch[-1].ravel() == pytest.approx(misfit)
    assert draft.edge == pytest.approx(EDGE)


@pytest.mark.parametrize("kind", ["linear", "erf"])
def test_a_profile_falls_evenly_through_the_wall(kind):
    profile = WallProfile(kind=kind, width=30.0)
    draft = superlattice("CsPbBr3_cubic", "CsPbI3_alpha", profile=profile)
    bromine = share_of(draft, "Br", Site.X)
    assert (np.diff(bromine) <= 0.03).all()
    assert bromine[0] == 1.0
    assert bromine[-1] == 0.0
    assert bromine.mean() == pytest.approx(0.5, abs=0.05)
    assert 0.3 < bromine[5] < 0.75
    step = composition_steps(draft)[0]
    counted = sum(values.get("Br", 0) for values in step.values.values())
    numbers = [k for k, entry in enumerate(draft.sites.table) if entry.name == "Br"]
    assert counted == np.isin(draft.sites.species, numbers).sum()


def test_a_profile_between_cations_of_unlike_charge_keeps_every_site():
    draft = superlattice("CsPbBr3_cubic", "SrTiO3", profile=WallProfile(kind="linear", width=20.0))
    assert (draft.sites.species >= 0).all()
    strontium = share_of(draft, "Sr", Site.A)
    assert strontium[0] == 0
    assert strontium[-1] == 1
    assert 0.3 < strontium[5:7].mean() < 0.7


def test_mixed_parts_are_told():
    draft = superlattice("CsPbBr3_cubic", "CsPb(Br0.5I0.5)3")
    (step,) = composition_steps(draft)
    outer = step.values["outer X"]
    assert abs(outer["Br"] - outer["I"]) <= 1
    assert "outer X: Br 0.5" in step.choice


def cube(termination="AX", crystal="CsPbBr3_cubic"):
    host = load_crystal(crystal)
    framework = framework_of(host)
    centre = framework.centres[framework.b_units[0]]
    shape = cuboid((1.5 * EDGE,) * 3)
    block = block_around(framework, centre, shape, np.eye(3))
    surface = distances(block, centre, shape, np.eye(3))
    parts = Parts(
        names=("particle",), crystals=(host,), walls=(), shared="outer", profile=WallProfile()
    )
    return draft_parts(
        block,
        complete(block, surface <= 1e-6, termination),
        parts,
        rotation=np.eye(3),
        centre=centre,
        surface=surface,
        seed=0,
    )


def test_layers_of_a_cube_count_from_its_surface():
    draft = cube()
    lead = draft.sites.layer[..., draft.sites.block.framework.b_units]
    assert np.bincount(lead[lead > 0]).tolist() == [0, 26, 1]
    assert draft.sites.layer[draft.sites.region > 0].min() == 1


def test_neutral_records_what_it_did_and_keeps_the_draft():
    draft = cube()
    assert draft.sites.charge == 10
    after = neutral(draft, "auto", seed=0, where="surface")
    assert draft.sites.charge == 10
    assert after.sites.charge == 0
    assert [(e.action, e.count, e.charge) for e in after.ledger] == [("removed", 10, -10.0)]
    assert [step.name for step in after.steps] == ["neutrality"]
    with pytest.raises(UsageError):
        neutral(draft, "refuse", seed=0, where="surface")


def test_notices_of_the_data_are_passed_on():
    draft = superlattice("CsPbBr3_cubic", "MAPbI3_orthorhombic")
    for notice in load_crystal("MAPbI3_orthorhombic").notices:
        assert notice in draft.notices


def test_what_is_told_is_what_stands_after_neutrality():
    built = carve_particle("FA0.85Cs0.15Pb(I0.8Br0.2)3", octahedra=3)
    (step,) = [s for s in built.steps if s.name == "composition"]
    cations = step.values["particle A"]
    assert cations["Cs"] == (built.atoms.numbers == 55).sum()
    assert cations["FA"] == len(set(built.atoms.arrays["molecule"].tolist()) - {0})
