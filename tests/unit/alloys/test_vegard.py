from dataclasses import replace

import numpy as np
import pytest

from heterobuild.alloys.end_members import end_members
from heterobuild.alloys.vegard import (
    lattice_rule,
    mixed_length,
    mixing_uncertainty,
)

HALF = np.array([0.5, 0.5])


def test_length_is_linear():
    pair = end_members(["CsPbBr3", "CsPbI3"], phase="cubic")
    assert mixed_length(pair, np.array([0.25, 0.75])) == pytest.approx(
        0.25 * 5.874 + 0.75 * 6.2894, abs=1e-4
    )


def test_errors_of_the_end_members_add_in_quadrature():
    pair = end_members(["CsPbBr3", "CsPbI3"])
    wanted = 0.5 * 0.002 * np.hypot(pair[0].length, pair[1].length)
    assert mixing_uncertainty(pair, HALF, 295.0) == pytest.approx(wanted, rel=0.02)


def test_an_error_on_both_sides_cancels():
    pair = end_members(["CsPbBr3", "CsPbI3"])
    pure = np.array([0.0, 1.0])
    assert mixing_uncertainty(pair, pure, 293.0, "CsPbI3_gamma", 1.0) == 0.0
    assert mixing_uncertainty(pair, pure, 293.0) == pytest.approx(0.002 * pair[1].length)


def test_different_phases_are_less_certain():
    mixed = end_members(["CsSrBr3", "MAPbBr3"])
    length = mixed_length(mixed, HALF)
    own = 0.5 * np.hypot(0.01 * mixed[0].length, 0.002 * mixed[1].length)
    found = mixing_uncertainty(mixed, HALF, 298.0)
    assert found == pytest.approx(np.hypot(own, 0.003 * length), rel=1e-6)
    pure = mixing_uncertainty(mixed, np.array([0.0, 1.0]), 298.0)
    assert pure == pytest.approx(0.002 * mixed[1].length)
    assert "different phases (CsSrBr3 orthorhombic, MAPbBr3 cubic)" in lattice_rule(mixed)


def test_estimated_members_err_together():
    pair = [
        replace(member, crystal=replace(member.crystal, origin="model", length_error=0.01))
        for member in end_members(["CsPbBr3", "CsPbI3"])
    ]
    at = [member.crystal.temperature for member in pair]
    own = [
        0.5 * member.length * np.hypot(0.01, 4e-5 * abs(temperature - 295.0))
        for member, temperature in zip(pair, at, strict=True)
    ]
    assert mixing_uncertainty(pair, HALF, 295.0) == pytest.approx(sum(own))
