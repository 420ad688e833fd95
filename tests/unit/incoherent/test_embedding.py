"""Dots in a matrix of another structure: regions, layers, record, errors."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.dots.sizes import Placement
from heterobuild.errors import HeterobuildError, NothingFitsError, UsageError
from heterobuild.incoherent.embedding import incoherent_embedded
from heterobuild.incoherent.places import IncoherentDots
from heterobuild.labels import CHARGE, LAYER, REGION
from heterobuild.particles.options import ParticleShape

CUBIC, ISOLATED = load_crystal("CsPbBr3_cubic"), load_crystal("Cs4PbBr6")
BALL = ParticleShape(kind="sphere", radius=12.0)


def built(dot=CUBIC, matrix=ISOLATED, *, seed=1, **given):
    options = {
        "shape": BALL,
        "placement": Placement(),
        "cells": (4, 4, 3),
        "registry": False,
        **given,
    }
    return incoherent_embedded(dot, matrix, IncoherentDots(**options), seed=seed)


def test_dots_are_region_one_and_layers_count_from_the_wall():
    found = built()
    region, layer = found.atoms.arrays[REGION], found.atoms.arrays[LAYER]
    assert [(r.code, r.name) for r in found.regions] == [(1, "dot"), (2, "matrix")]
    assert layer[region == 1].max() == -1
    assert layer[region == 2].min() == 1
    assert found.atoms.pbc.all()
    for code in (1, 2):
        assert found.atoms.arrays[CHARGE][region == code].sum() == pytest.approx(0, abs=1e-9)


def test_the_record_names_every_choice():
    found = built(placement=Placement(count=2), cells=(6, 6, 4), orientation="random")
    names = {step.name for step in found.steps}
    assert {"dots", "orientation", "wall", "opening", "neutrality", "size"} <= names
    steps = {step.name: step for step in found.steps}
    assert steps["dots"].values["count"] == 2
    dot = found.atoms.arrays[REGION] == 1
    assert steps["dots"].values["octahedra"] == (found.atoms.numbers[dot] == 82).sum()
    assert {entry.where for entry in found.ledger} >= {
        "surface of dot 1", "surface of dot 2", "opening for dot 1", "wall of dot 2"
    }  # fmt: skip
    assert abs(np.linalg.det(found.regions[0].cell)) < 1e-9


def test_the_same_seed_gives_the_same_bytes():
    first, again = (built(orientation="random") for _ in range(2))
    assert first.atoms.positions.tobytes() == again.atoms.positions.tobytes()
    assert first.atoms.positions.shape != ()
    assert first.ledger == again.ledger


def test_a_slab_is_in_vacuum():
    found = built(slab=True, vacuum=20.0)
    height = np.ptp(found.atoms.positions[:, 2])
    assert found.atoms.pbc.tolist() == [True, True, False]
    assert found.atoms.cell[2, 2] == pytest.approx(height + 20.0)
    assert found.steps[-1].name == "vacuum"


def test_dots_of_a_table(tmp_path):
    table = tmp_path / "dots.csv"
    table.write_text('x,y,z,radius,relation\n10,20,20,11,"[100]||[110], (001)||(001)"\n')
    found = built(placement=Placement(table=str(table)))
    steps = {step.name: step for step in found.steps}
    assert steps["orientation"].values["asked"] == "table"
    np.testing.assert_allclose(steps["dots"].values["centres_A"], [[10, 20, 20]])


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"cells": (1, 1, 1)}, UsageError, "larger than its matrix"),
        ({"placement": Placement(count=30)}, NothingFitsError, "cannot be placed"),
        ({"neutrality": "refuse"}, UsageError, "refuse"),
        ({"shape": ParticleShape(kind="sphere", radius=2.0)}, UsageError, "no octahedron"),
        ({"orientation": "upside down"}, UsageError, "no orientation relation"),
    ],
)
def test_what_cannot_be_built_is_refused(given, error, words):
    with pytest.raises(HeterobuildError, match=words) as caught:
        built(**given)
    assert isinstance(caught.value, error)


def test_walls_have_a_policy_of_their_own():
    """BX2 dots lack halides, while the matrix around them has A cations too many."""
    cube = ParticleShape(octahedra=2)
    given = {"shape": cube, "termination": "BX2", "neutrality": "add-X"}
    found = built(**given, wall_neutrality="remove-A")
    why = {entry.where: entry.why for entry in found.ledger if "neutrality" in entry.why}
    assert why == {"surface of dot 1": "neutrality: add-X", "wall of dot 1": "neutrality: remove-A"}
    assert found.atoms.arrays[CHARGE].sum() == pytest.approx(0, abs=1e-9)
    with pytest.raises(UsageError, match=r"policy add-X leaves.*in wall of dot 1"):
        built(**given, wall_neutrality="add-X")


def test_a_registered_dot_costs_no_more_octahedra_and_keeps_all_others():
    plain, found = built(), built(registry=True)
    steps = {step.name: step for step in found.steps}
    told = steps["registry"].values["searches"][0]["octahedra_taken"]
    whole = 4 * 4 * 3 * 6
    for model, key in ((plain, "unshifted"), (found, "shifted")):
        matrix = model.atoms.arrays[REGION] == 2
        assert (model.atoms.numbers[matrix] == 82).sum() == whole - told[key]
    assert told["shifted"] < told["unshifted"]
    moved = np.subtract(
        steps["dots"].values["centres_A"],
        {step.name: step for step in plain.steps}["dots"].values["centres_A"],
    )
    np.testing.assert_allclose(moved, steps["registry"].values["shift_A"], atol=2e-4)
    assert steps["wall"].values["area_A2"] == pytest.approx(4 * np.pi * 12**2, rel=0.02)
