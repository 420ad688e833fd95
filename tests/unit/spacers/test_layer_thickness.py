"""Predicted thickness of organic layers, without the phase that is predicted."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.chemistry.molecules import load_molecule
from heterobuild.errors import UsageError
from heterobuild.spacers.bodies import as_spacer
from heterobuild.spacers.layer_thickness import organic_thickness


def test_error_and_rule_are_stated():
    estimate = organic_thickness(load_molecule("PEA"), 38.2)
    assert 0.005 < estimate.error < 0.05
    assert "phases of the library" in estimate.rule


def test_left_out_phases_change_the_fit():
    pea = load_molecule("PEA")
    whole = organic_thickness(pea, 38.2)
    less = organic_thickness(pea, 38.2, without=["PEA2PbI4", "PEA2PbBr4"])
    assert whole.value != less.value
    assert less.value == pytest.approx(whole.value, rel=0.06)
    assert organic_thickness(pea, 38.2, without=["BA2PbI4"]).value != whole.value


def test_longer_spacers_and_smaller_squares_make_thicker_layers():
    values = [organic_thickness(load_molecule(n), 39.0).value for n in ("BA", "PEA", "2T", "3T")]
    assert (np.diff(values) > 1).all()
    ba = load_molecule("BA")
    assert organic_thickness(ba, 34.0).value > organic_thickness(ba, 39.0).value


def test_enantiomers_are_alike():
    hands = [organic_thickness(load_molecule(n), 41.0).value for n in ("R-MBA", "S-MBA")]
    assert hands[0] == pytest.approx(hands[1], rel=0.005)


@pytest.mark.parametrize("name", ["3AMP", "4AMP"])
def test_two_heads_stand_upright_between_pockets(name):
    molecule = load_molecule(name)
    value = organic_thickness(molecule, 39.0).value
    assert value == pytest.approx(as_spacer(molecule).length - 1.1)
    assert value == organic_thickness(molecule, 34.0).value


def test_the_area_must_be_positive():
    with pytest.raises(UsageError, match="positive"):
        organic_thickness(load_molecule("BA"), 0.0)


def test_too_few_phases():
    kept = "BA2PbI4"
    from heterobuild.estimates.organic_layers import spaced_phases

    others = [p.formula for p in spaced_phases() if p.formula != kept]
    with pytest.raises(UsageError, match="too few"):
        organic_thickness(load_molecule("BA"), 39.0, without=others)
