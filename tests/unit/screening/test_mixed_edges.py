import numpy as np
import pytest

from heterobuild.alloys.end_members import end_members
from heterobuild.chemistry.bands import band_edges
from heterobuild.screening.mixed_edges import mixed_edges, mixed_gaps, mixing_rule

HALF = np.array([0.5, 0.5])


def test_band_edges_are_linear_and_say_so():
    pair = end_members(["CsPbBr3", "CsPbI3"])
    found = mixed_edges(pair, np.array([0.25, 0.75]))
    bromide, iodide = band_edges("CsPbBr3"), band_edges("CsPbI3")
    assert found.vbm == pytest.approx(0.25 * bromide.vbm + 0.75 * iodide.vbm)
    assert found.cbm == pytest.approx(0.25 * bromide.cbm + 0.75 * iodide.cbm)
    assert (found.kind, "without bowing" in found.source) == ("interpolated", True)


def test_bowing_is_shared_by_both_edges_and_uncertain_by_as_much():
    pair = end_members(["MAPbBr3", "MAPbI3"])
    found = mixed_edges(pair, HALF)
    bromide, iodide = band_edges("MAPbBr3"), band_edges("MAPbI3")
    below = 0.33 / 4
    assert found.gap == pytest.approx((bromide.gap + iodide.gap) / 2 - below)
    assert found.vbm == pytest.approx((bromide.vbm + iodide.vbm) / 2 + below / 2)
    assert found.cbm == pytest.approx((bromide.cbm + iodide.cbm) / 2 - below / 2)
    assert found.uncertainty == pytest.approx(np.hypot(0.1, below / 2), abs=1e-6)
    assert "0.33 eV" in found.source


def test_band_edges_need_only_those_that_take_part():
    pair = end_members(["CsPbBr3", "CsSrBr3"])
    assert mixed_edges(pair, HALF) is None
    assert mixed_edges(pair, np.array([1.0, 0.0])).gap == band_edges("CsPbBr3").gap


def test_a_gap_that_bows_by_an_unknown_amount_is_unknown():
    pair = end_members(["MAPbI3", "MASnI3"])
    assert mixed_edges(pair, HALF) is None
    assert mixed_edges(pair, np.array([0.0, 1.0])).gap == band_edges("MASnI3").gap


def test_many_gaps_are_those_of_the_single_ones():
    members = end_members(["FAPbBr3", "FAPbI3", "CsPbBr3", "CsPbI3"])
    weights = np.random.default_rng(0).dirichlet(np.ones(4), 20)
    expected = [mixed_edges(members, row).gap for row in weights]
    assert mixed_gaps(members, weights) == pytest.approx(expected, abs=1e-6)


def test_what_is_known_of_each_pair_is_said():
    rule = mixing_rule(["MAPbCl3", "MAPbBr3", "MAPbI3"])
    assert "0.33 eV of MAPbI3–MAPbBr3" in rule
    assert "none known of other pairs" in rule
