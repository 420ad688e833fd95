"""Boxes, ligands, orientations and regions of finished models."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from ase import Atoms

from heterobuild import check
from heterobuild.coherent.carved import carve, wire_cell
from heterobuild.coherent.draft import neutral
from heterobuild.coherent.finishing import Finish, finish, in_box
from heterobuild.compounds import load_crystal
from heterobuild.frameworks.scaling import cube_edge, stretched
from heterobuild.labels import CHARGE, KIND, LAYER, MOLECULE, REGION, SITE, Site
from heterobuild.model import WallProfile
from heterobuild.particles.forms import make_form
from heterobuild.particles.options import ParticleShape


def drafted(names, shapes, *, host=None, factor=1.0):
    crystals = [load_crystal(name) for name in names]
    lattice = stretched(load_crystal(host or names[0]), factor)
    forms = [make_form(shape, lattice) for shape in shapes]
    labels = ["core", "shell"] if len(names) > 1 else ["particle"]
    draft = carve(
        lattice,
        forms,
        labels,
        crystals,
        shape=shapes[-1],
        offset=np.zeros(3),
        termination="AX",
        shared="outer",
        profile=WallProfile(),
        seed=0,
    )
    directions = ~np.array(forms[-1].periodic)
    return neutral(draft, "auto", seed=0, where="surface", directions=directions)


OPTIONS = Finish(
    name="model",
    seed=0,
    cell=None,
    periodic=(False,) * 3,
    vacuum=12.0,
    cations="random",
    elastic=False,
    free_strain=None,
    ligands={},
    coverage=1.0,
)


def test_a_free_model_stands_in_the_middle_of_its_box():
    points = np.array([[100.0, -7.0, 3.0], [104.0, -1.0, 3.0], [101.0, -5.0, 11.0]])
    atoms, step = in_box(Atoms("H3", positions=points), 10.0)
    assert np.asarray(atoms.cell).tolist() == np.diag([14.0, 16.0, 18.0]).tolist()
    assert atoms.positions.min(axis=0) == pytest.approx([5.0, 5.0, 5.0])
    assert atoms.positions - atoms.positions[0] == pytest.approx(points - points[0])
    assert step.values == {"vacuum_A": 10.0, "directions": [True, True, True]}


def test_a_wire_keeps_its_period_and_its_place_along_it():
    cell = np.zeros((3, 3))
    cell[2, 2] = 8.0
    atoms = Atoms("H2", positions=[[-50, 20, 7.5], [-46, 23, 0.5]], cell=cell, pbc=(0, 0, 1))
    atoms, step = in_box(atoms, 6.0)
    assert np.asarray(atoms.cell).tolist() == np.diag([10.0, 9.0, 8.0]).tolist()
    assert atoms.positions.tolist() == [[3, 3, 7.5], [7, 6, 0.5]]
    assert step.values["directions"] == [True, True, False]
    assert step.choice == "6 Å along x, y"


def test_the_same_lattice_needs_no_elastic_estimate():
    draft = drafted(["CsPbBr3_cubic"], [ParticleShape(octahedra=2)])
    model = finish(draft, replace(OPTIONS, elastic=True))
    assert "elastic" not in [step.name for step in model.steps]
    assert model.regions[0].strain == pytest.approx(np.zeros((3, 3)))
    assert model.regions[0].name == "particle"
    assert set(model.atoms.arrays[REGION].tolist()) == {1}


def test_regions_tell_the_strain_of_each_part():
    shapes = [ParticleShape(octahedra=2), ParticleShape(octahedra=4)]
    draft = drafted(["CsPbI3_alpha", "CsPbBr3_cubic"], shapes, host="CsPbBr3_cubic", factor=1.02)
    model = finish(draft, OPTIONS)
    edge = 1.02 * cube_edge(load_crystal("CsPbBr3_cubic"))
    for region, name in zip(model.regions, ("CsPbI3_alpha", "CsPbBr3_cubic"), strict=True):
        own = cube_edge(load_crystal(name))
        assert region.crystal == name
        assert abs(np.linalg.det(region.cell)) == pytest.approx(own**3)
        assert region.strain == pytest.approx(np.eye(3) * (edge / own - 1), abs=1e-9)
    step = next(step for step in model.steps if step.name == "elastic")
    assert step.values == {"relaxed": False}


def test_the_elastic_estimate_brings_both_parts_nearer_to_their_own_length():
    shapes = [ParticleShape(octahedra=2), ParticleShape(octahedra=4)]
    draft = drafted(["CsPbI3_alpha", "CsPbBr3_cubic"], shapes, host="CsPbBr3_cubic", factor=1.02)
    held, free = finish(draft, OPTIONS), finish(draft, replace(OPTIONS, elastic=True))
    for before, after in zip(held.regions, free.regions, strict=True):
        assert abs(np.trace(after.strain)) < abs(np.trace(before.strain))
    step = next(step for step in free.steps if step.name == "elastic")
    assert step.values["energy_after_eV"] < step.values["energy_before_eV"]
    assert np.array_equal(held.atoms.numbers, free.atoms.numbers)
    assert check(free).passed


def test_free_molecules_are_turned_and_stay_whole():
    draft = drafted(["MAPbI3_cubic"], [ParticleShape(octahedra=3)])
    models = [finish(draft, replace(OPTIONS, seed=seed)) for seed in (0, 0, 1)]
    first, same, other = (model.atoms for model in models)
    assert np.array_equal(first.positions, same.positions)
    assert not np.allclose(first.positions, other.positions)
    ids = first.arrays[MOLECULE]
    bonds = []
    for number in range(1, ids.max() + 1):
        members = ids == number
        assert members.sum() == 8
        heavy = first.positions[members & (first.numbers > 1)]
        bonds.append(np.linalg.norm(heavy[0] - heavy[1]))
    assert np.ptp(bonds) < 1e-9
    assert "cations" in [step.name for step in models[0].steps]


@pytest.mark.parametrize("name", ["OLA", "OLEATE"])
def test_ligands_are_labelled_and_keep_the_charge(name):
    draft = drafted(["CsPbBr3_cubic"], [ParticleShape(octahedra=3)])
    bare = finish(draft, OPTIONS)
    model = finish(draft, replace(OPTIONS, ligands={name: 1.0}, coverage=0.3))
    atoms = model.atoms
    assert bare.atoms.arrays[CHARGE].sum() == 0
    assert atoms.arrays[CHARGE].sum() == pytest.approx(0, abs=1e-9)
    members = atoms.arrays[SITE] == Site.LIGAND
    assert members.any()
    assert (atoms.arrays[KIND][members] > 0).all()
    assert atoms.arrays[LAYER].all()
    assert model.ledger[-1].action == "exchanged"
    low, high = atoms.positions.min(axis=0), atoms.positions.max(axis=0)
    assert np.diag(np.asarray(atoms.cell)) - (high - low) == pytest.approx(np.full(3, 12.0))


def test_the_ledger_and_steps_are_in_the_order_of_work():
    draft = drafted(["CsPbBr3_cubic"], [ParticleShape(octahedra=3)])
    model = finish(draft, replace(OPTIONS, ligands={"OLA": 1.0}, coverage=0.2))
    assert [step.name for step in model.steps] == ["size", "neutrality", "ligands", "vacuum"]
    assert [entry.action for entry in model.ledger] == ["removed", "exchanged"]


def test_a_wire_is_periodic_along_z():
    shape = ParticleShape(kind="wire", octahedra=2, axis=(1, 0, 0))
    draft = drafted(["CsPbBr3_orthorhombic"], [shape])
    options = replace(OPTIONS, cell=wire_cell(draft), periodic=(False, False, True))
    model = finish(draft, options)
    assert model.atoms.pbc.tolist() == [False, False, True]
    off = np.asarray(model.atoms.cell) - np.diag(np.diag(np.asarray(model.atoms.cell)))
    assert np.abs(off).max() < 1e-9
    assert check(model).passed


@pytest.mark.parametrize("periods", [1, 2, 3])
def test_a_wire_of_any_crystal_has_the_lattice_of_its_crystal(periods):
    """The cell of a wire is a multiple of the conventional one; that is no strain."""
    crystal = load_crystal("Cs4PbBr6")
    shape = ParticleShape(kind="wire", radius=12.0, periods=periods)
    draft = drafted(["Cs4PbBr6"], [shape])
    assert draft.own_stretches == pytest.approx([0.0], abs=1e-12)
    given = replace(OPTIONS, cell=wire_cell(draft), periodic=(False, False, True))
    built = finish(draft, given)
    (region,) = built.regions
    assert np.abs(region.strain).max() < 1e-12
    assert abs(np.linalg.det(region.cell)) == pytest.approx(
        periods * abs(np.linalg.det(crystal.cell)), rel=1e-9
    )
