from __future__ import annotations

import pytest

from heterobuild.chemistry.expansion import (
    check_temperature,
    expansion_factor,
    thermal_expansion,
)
from heterobuild.errors import UsageError


# Rock salt: 40e-6 1/K; CsPbBr3: Rodova et al. 2003, 10.1023/A:1022836800820.
@pytest.mark.parametrize(
    ("phase", "per_million"), [("NaCl", 40), ("CsPbBr3_orthorhombic", 38), ("SrTiO3", 9.4)]
)
def test_published_coefficients(phase, per_million):
    found = thermal_expansion(phase)
    assert found.linear == pytest.approx(per_million * 1e-6)
    assert found.source


@pytest.mark.parametrize("phase", ["CsPbBr3_cubic", "CsPbBr3", "MAPbCl3_cubic", "", "nothing"])
def test_nothing_is_borrowed(phase):
    assert thermal_expansion(phase) is None


def test_length_grows_linearly():
    salt = thermal_expansion("NaCl")
    assert expansion_factor(salt, 298, 298) == 1
    assert 5.6402 * expansion_factor(salt, 298, 398) == pytest.approx(5.6402 + 0.0225608)
    assert expansion_factor(salt, 298, 198) < 1


@pytest.mark.parametrize("temperature", [0, -3, float("nan"), float("inf")])
def test_what_is_no_temperature(temperature):
    with pytest.raises(UsageError, match="above zero kelvin"):
        check_temperature(temperature)
    with pytest.raises(UsageError):
        expansion_factor(thermal_expansion("NaCl"), 298, temperature)
