"""Rebuilt phases: which model stands for which phase, what is compared, what cannot be built."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.chemistry.compounds import parse_compound
from heterobuild.compounds.rebuilding import RebuiltLength, model_phase, rebuild
from heterobuild.crystals import load_phase
from heterobuild.crystals.phase_names import find_phase
from heterobuild.errors import UnknownNameError

CHOSEN = {
    "CsPbBr3_cubic": "cubic",
    "CsPbBr3_tetragonal": "tetragonal",
    "MAPbI3_tetragonal": "tetragonal-I4mcm",
    "CsPbI3_gamma": "orthorhombic",
    "CsPbI3_delta": "delta",
    "FAPbI3_delta": "2H",
    "CsMgBr3_hexagonal": "2H",
    "CsGeI3_trigonal": "cubic",
    "Cs4PbBr6": None,
    "PEA2PbI4": None,
    "Cs2SnI6_cubic": None,
}


@pytest.mark.parametrize(("name", "wanted"), CHOSEN.items())
def test_kind_of_model_follows_the_measured_phase(name, wanted):
    phase, _ = find_phase(name)
    assert model_phase(phase, parse_compound(phase.formula)) == wanted


def test_error_is_relative_to_what_was_measured():
    row = RebuiltLength(quantity="a", measured=8.0, predicted=8.2)
    assert row.error == pytest.approx(0.025)


def test_perovskite_is_compared_by_volume_edges_and_bonds():
    found = rebuild("CsPbBr3_orthorhombic")
    cell = load_phase("CsPbBr3_orthorhombic").cell
    assert (found.name, found.family, found.space_group) == ("CsPbBr3_orthorhombic", "abx3", "Pnma")
    assert [row.quantity for row in found.lengths] == ["length"]
    assert found.lengths[0].measured == pytest.approx((np.linalg.det(cell) / 4) ** (1 / 3))
    assert [row.quantity for row in found.edges] == ["a", "b", "c"]
    assert [row.measured for row in found.edges] == pytest.approx(np.diag(cell).tolist())
    assert [row.quantity for row in found.bonds] == ["shortest bond", "mean bond"]
    assert found.bonds[0].measured < found.bonds[1].measured


def test_measured_lengths_are_brought_to_room_temperature():
    """CsPbBr3 at 425 K; 3.8e-5 to 4e-5 per kelvin, 127 K too warm."""
    row = rebuild("CsPbBr3_cubic").lengths[0]
    measured = load_phase("CsPbBr3_cubic").cell[0, 0]
    assert 3e-5 < (1 - row.measured / measured) / 127 < 5e-5


def test_layered_phase_is_compared_by_plane_and_spacing():
    found = rebuild("PEA2PbI4")
    assert [row.quantity for row in found.lengths] == ["in-plane length", "layer spacing"]
    assert found.edges == ()
    assert [row.quantity for row in found.bonds] == ["shortest bond", "mean bond"]


def test_edges_are_compared_only_where_the_axes_mean_the_same():
    found = rebuild("CsGeBr3_trigonal")
    assert found.model is not None
    assert (found.space_group, found.model.space_group, found.edges) == ("R3m", "Pm-3m", ())


def test_bonds_of_coordinates_that_are_a_model_themselves_prove_nothing():
    assert find_phase("CsPbCl3_orthorhombic")[0].coordinates == "model"
    assert rebuild("CsPbCl3_orthorhombic").bonds == ()
    assert rebuild("RbPbI3_delta").bonds == ()


@pytest.mark.parametrize("name", ["CsPb2Br5", "CsPbI3_delta", "Cs2AgBiBr6_cubic"])
def test_each_b_has_the_halides_of_its_type_in_both_crystals(name):
    found = rebuild(name)
    assert [row.quantity for row in found.bonds] == ["shortest bond", "mean bond"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("CsCu2I3", "no measured phase of the type ab2x3 is left"),
        ("Cs3Cu2I5", "no measured phase of the type a3b2x5 is left"),
        ("PbI2", "no structure type here has its composition"),
        ("MgO", "O is no halide"),
    ],
)
def test_reason_is_given_where_nothing_can_be_built(name, words):
    found = rebuild(name)
    assert found.model is None
    assert words in found.reason
    assert found.lengths == found.edges == found.bonds == ()


def test_unknown_phase_is_refused():
    with pytest.raises(UnknownNameError):
        rebuild("CsPbBr4")
