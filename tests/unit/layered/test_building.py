"""Layered crystals from formulas: which are built, how they are named, what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from heterobuild.chemistry.compounds import parse_compound
from heterobuild.chemistry.molecules import load_molecule
from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.layered.building import build_layered, layered_crystal
from heterobuild.layered.options import LayeredIons, LayeredOptions

CESIUM = LayeredIons(spacer="Cs", a="Cs", b="Pb", x="Cl", terminal="I")
BUTYL = LayeredIons(spacer="BA", a="MA", b="Pb", x="I")


def test_names_and_trust_of_a_model() -> None:
    crystal = build_layered(parse_compound("BA2MA2Pb3I10"))
    assert (crystal.name, crystal.phase, crystal.z) == ("BA2MA2Pb3I10_rp", "RP n=3", 4)
    assert crystal.formula == "BA2MA2Pb3I10"
    assert (crystal.origin, crystal.placed) == ("model", ("MA",))
    assert {crystal.source.cell, crystal.source.coordinates} == {"low"}
    assert crystal.source.citation.startswith("estimated")
    assert 0 < crystal.length_error < 0.05
    assert [m.name for m in crystal.molecules] == ["MA", "BA"]


def test_axes_are_those_of_layered_phases_of_the_library() -> None:
    crystal = build_layered(parse_compound("BA2PbI4"))
    assert crystal.pseudocubic.tolist() == [[0.5, -0.5, 0], [0.5, 0.5, 0], [0, 0, 0.5]]
    assert crystal.cell == pytest.approx(np.diag(crystal.cell.diagonal()))
    straight = build_layered(parse_compound("(4AMP)PbI4"))
    assert straight.pseudocubic[2].tolist() == [0, 0, 1]
    assert (straight.name, straight.phase, straight.z) == ("4AMP_PbI4_dj", "DJ n=1", 2)


def test_the_same_input_gives_the_same_crystal() -> None:
    compound = parse_compound("BA2MAPb2I7")
    first, second = build_layered(compound), build_layered(compound)
    assert first.atoms is not second.atoms
    assert (first.atoms.positions == second.atoms.positions).all()
    first.atoms.positions += 1.0
    assert (build_layered(compound).atoms.positions == second.atoms.positions).all()


def test_rules_turn_the_molecules_in_the_cages_only() -> None:
    aligned = layered_crystal(BUTYL, (2,))
    random = layered_crystal(BUTYL, (2,), options=LayeredOptions(cations="random", seed=3))
    caged = aligned.atoms.arrays["kind"] == 1
    moved = np.abs(aligned.atoms.positions - random.atoms.positions).max(axis=1) > 1e-6
    assert moved[caged].any()
    assert not moved[~caged].any()


def test_lengths_and_turns_can_be_given() -> None:
    options = LayeredOptions(length=6.3, bond=3.25, rotation=5.0, gap=8.0)
    crystal = layered_crystal(BUTYL, (1,), options=options)
    assert crystal.cell[0, 0] == pytest.approx(6.3 * np.sqrt(2))
    assert crystal.length_error == 0.0
    tilted = layered_crystal(BUTYL, (1,), options=LayeredOptions(tilt=10.0))
    assert tilted.cell[0, 0] / tilted.cell[1, 1] == pytest.approx(np.cos(np.radians(10.0)))


def test_phases_of_other_compounds_only() -> None:
    compound = parse_compound("BA2PbI4")
    known = build_layered(compound)
    blind = build_layered(compound, without=("BA2PbI4",))
    assert known.cell[2, 2] / 2 == pytest.approx(13.80, abs=0.15)
    assert blind.cell[2, 2] != known.cell[2, 2]


def test_molecules_from_outside_the_library() -> None:
    own = replace(load_molecule("BA"), name="Mine")
    ions = replace(BUTYL, spacer="Mine")
    options = LayeredOptions(molecules=(own,), gap=8.0)
    crystal = layered_crystal(ions, (1,), options=options)
    assert crystal.name == "Mine2PbI4_rp"
    assert crystal.molecules == (own,)


def test_the_phase_may_be_named() -> None:
    compound = parse_compound("Cs2PbI2Cl2")
    assert build_layered(compound, "rp").phase == build_layered(compound, "RP n=1").phase
    with pytest.raises(UnknownNameError, match="rp"):
        build_layered(compound, "dj")


@pytest.mark.parametrize("formula", ["CsPbBr3", "PEA2Pb(Br0.5I0.5)4", "Cs4PbBr6"])
def test_other_compounds_are_refused(formula: str) -> None:
    with pytest.raises(UsageError, match="layered"):
        build_layered(parse_compound(formula))


@pytest.mark.parametrize("layers", [0, -2, 21])
def test_impossible_numbers_of_layers(layers: int) -> None:
    with pytest.raises(UsageError, match="n = "):
        layered_crystal(CESIUM, (layers,))


def test_what_does_not_belong_together() -> None:
    with pytest.raises(UsageError, match="charge"):
        layered_crystal(BUTYL, (1,), prototype="dion_jacobson")
    with pytest.raises(UsageError, match="charge"):
        layered_crystal(replace(BUTYL, spacer="4AMP"), (1,))
    with pytest.raises(UsageError, match="cages"):
        layered_crystal(replace(BUTYL, a=None), (2,))
    with pytest.raises(UsageError, match="sheet"):
        layered_crystal(BUTYL, ())
    with pytest.raises(UnknownNameError):
        layered_crystal(replace(BUTYL, spacer="PAE"), (1,))
    with pytest.raises(UnknownNameError):
        layered_crystal(BUTYL, (2,), options=LayeredOptions(cations="sideways"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"gap": -1.0},
        {"gap": float("inf")},
        {"gap": float("nan")},
        {"bond": 0.0},
        {"rotation": float("nan")},
        {"tilt": float("nan")},
        {"gap": 2.0},
        {"length": 0.0},
        {"rotation": 50.0},
        {"tilt": 40.0},
        {"offset": (float("nan"), 0.0)},
        {"depth": 9.0},
    ],
)
def test_impossible_options(wrong: dict) -> None:
    with pytest.raises(UsageError):
        layered_crystal(BUTYL, (1,), options=LayeredOptions(**wrong))
