"""Estimated tilts against those of the library, each compound left out."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.crystals import load_phase
from heterobuild.errors import UsageError
from heterobuild.tilts.angles import tilt_angles
from heterobuild.tilts.trends import estimate_tilts

ORTHORHOMBIC = [
    ("CsPbBr3_orthorhombic", ("Cs", "Pb", "Br")),
    ("CsPbI3_gamma", ("Cs", "Pb", "I")),
    ("CsSnI3_gamma", ("Cs", "Sn", "I")),
]


@pytest.mark.parametrize(("name", "ions"), ORTHORHOMBIC)
def test_each_is_predicted_from_the_others(name, ions):
    formula = "".join(ions) + "3"
    found = estimate_tilts(*ions, "a-a-c+", without=[formula])
    measured = tilt_angles(load_phase(name)).angles
    np.testing.assert_allclose(found.angles, measured, atol=2.0)
    assert formula not in found.rule


def test_the_stated_error_is_that_of_leaving_out():
    totals = []
    for name, ions in ORTHORHOMBIC:
        found = estimate_tilts(*ions, "a-a-c+", without=["".join(ions) + "3"])
        measured = np.linalg.norm(tilt_angles(load_phase(name)).angles)
        totals.append(abs(np.linalg.norm(found.angles) - measured))
    fit = estimate_tilts("Cs", "Pb", "Br", "a-a-c+")
    if all(name in fit.rule for name, _ in ORTHORHOMBIC) and fit.rule.count("Cs") == 3:
        assert fit.error == pytest.approx(np.mean(totals))
    assert 0.2 < fit.error < 3.0


def test_smaller_cations_tilt_more():
    rb, cs = (np.linalg.norm(estimate_tilts(a, "Pb", "I", "a-a-c+").angles) for a in ("Rb", "Cs"))
    assert rb > cs + 2


def test_axes_follow_the_symbol():
    one = estimate_tilts("Cs", "Pb", "Br", "a-a-c+").angles
    assert estimate_tilts("Cs", "Pb", "Br", "a-b+a-").angles == pytest.approx(
        (one[0], one[2], one[0])
    )
    assert estimate_tilts("Cs", "Pb", "Br", "a0b+c0").angles[1] > 4


def test_no_tilts_need_no_fit():
    found = estimate_tilts("FA", "Pb", "I", "a0a0a0")
    assert found.angles == (0.0, 0.0, 0.0)
    assert found.rule == ""


def test_compounds_that_should_be_cubic_get_the_smallest_tilt():
    fa, ma = (estimate_tilts(a, "Pb", "I", "a0a0c-").angles[2] for a in ("FA", "MA"))
    assert fa == pytest.approx(tilt_angles(load_phase("CsPbBr3_tetragonal")).angles[2], abs=2)
    assert ma >= fa


@pytest.mark.parametrize("symbol", ["a-a-a-", "a+a+a+", "a0b-b-"])
def test_systems_that_no_halide_has_are_refused(symbol):
    with pytest.raises(UsageError, match="give the angles"):
        estimate_tilts("Cs", "Pb", "Br", symbol)


def test_too_few_phases_left():
    with pytest.raises(UsageError, match="too few phases"):
        estimate_tilts("Cs", "Pb", "Br", "a-a-c+", without=[name for name, _ in ORTHORHOMBIC])
