from __future__ import annotations

from dataclasses import replace

import pytest

from heterobuild import load_crystal
from heterobuild.errors import UsageError
from heterobuild.screening.thermal import thermal_misfit


def test_the_misfit_is_that_of_the_grown_lengths():
    film, substrate = load_crystal("CsPbBr3_orthorhombic"), load_crystal("SrTiO3")
    found = thermal_misfit(film, substrate, 350.0)
    lengths = 8.207 * (1 + 38e-6 * 52), 7.81 * (1 + 9.4e-6 * 52)
    assert found.at_temperature(8.207 / 7.81 - 1) == pytest.approx(lengths[0] / lengths[1] - 1)
    assert found.slope == pytest.approx(28.6e-6)
    assert not found.unknown


def test_nothing_changes_at_the_temperature_of_the_cells():
    film, substrate = load_crystal("MAPbBr3_cubic"), load_crystal("NaCl")
    assert thermal_misfit(film, substrate, 298.0).at_temperature(0.03) == pytest.approx(0.03)


def test_cells_of_different_temperatures_are_brought_to_one():
    film, substrate = load_crystal("CsPbI3_alpha"), load_crystal("NaCl")
    assert film.temperature == 634
    found = thermal_misfit(film, substrate, 298.0)
    assert found.factor == pytest.approx(1 - 39e-6 * (634 - 298))


def test_unknown_is_said_and_not_guessed():
    film, substrate = load_crystal("CsPbBr3"), load_crystal("MAPbCl3")
    found = thermal_misfit(film, substrate, 300.0)
    assert found.unknown == ("the thermal expansion of MAPbCl3_cubic is not known",)
    assert found.slope is found.factor is None
    assert found.at_temperature(0.01) is None
    undated = replace(load_crystal("NaCl"), temperature=None)
    said = thermal_misfit(film, undated, 300.0)
    assert said.factor is None
    assert "temperature at which the cell of NaCl" in said.unknown[0]


def test_without_a_temperature_there_is_a_slope_only():
    found = thermal_misfit(load_crystal("CsPbBr3"), load_crystal("NaCl"))
    assert found.slope == pytest.approx(-2e-6)
    assert (found.factor, found.temperature, found.unknown) == (None, None, ())


@pytest.mark.parametrize("substrate", ["NaCl", "MAPbCl3"])
def test_impossible_temperature(substrate):
    with pytest.raises(UsageError, match="above zero"):
        thermal_misfit(load_crystal("CsPbBr3"), load_crystal(substrate), -1.0)
