from __future__ import annotations

import math

import numpy as np
import pytest

from heterobuild.errors import UsageError
from heterobuild.matching import MatchLimits


def test_defaults() -> None:
    assert MatchLimits() == MatchLimits(max_strain=0.05, max_area=400.0)


@pytest.mark.parametrize("strain", [0.0, -0.01, 0.5, 5.0, math.nan, math.inf])
def test_strains_that_cannot_be_meant(strain: float) -> None:
    with pytest.raises(UsageError, match=r"fraction between 0 and 0\.5"):
        MatchLimits(max_strain=strain)


def test_percent_is_translated() -> None:
    with pytest.raises(UsageError, match=r"write 0\.03 for 3 percent"):
        MatchLimits(max_strain=3)


@pytest.mark.parametrize("area", [0.0, -1.0, math.nan, math.inf])
def test_areas_that_cannot_be_meant(area: float) -> None:
    with pytest.raises(UsageError, match="positive area"):
        MatchLimits(max_area=area)


@pytest.mark.parametrize(
    "limits",
    [
        {"max_strain": "3"},
        {"max_strain": None},
        {"max_area": "x"},
        {"max_area": True},
        {"max_atoms": 2.5},
        {"max_misfit_angle": "4"},
        {"rotation": "5"},
        {"rotation": True},
        {"rotation": (1,)},
        {"rotation": ("a", "b")},
        {"parallel": [1, 0, 0, 1, 1, 0]},
        {"parallel": [[1, 0, 0], [1, 0.5, 0]]},
    ],
)
def test_what_is_no_number_is_refused(limits: dict[str, object]) -> None:
    (name,) = limits
    with pytest.raises(UsageError, match=f"{name} cannot be used"):
        MatchLimits(**limits)  # type: ignore[arg-type]


def test_one_angle_is_a_window_of_half_a_degree() -> None:
    assert MatchLimits(rotation=23).rotation == (22.5, 23.5)  # type: ignore[arg-type]
    assert MatchLimits(rotation=-180.0).rotation == (-180.0, -179.5)  # type: ignore[arg-type]
    assert MatchLimits(rotation=(5.0, 9.0)).rotation == (5.0, 9.0)
    with pytest.raises(UsageError, match="rotation cannot be used"):
        MatchLimits(rotation=181.0)  # type: ignore[arg-type]


def test_numbers_of_numpy_are_numbers() -> None:
    limits = MatchLimits(max_area=np.float64(90), max_atoms=np.int64(7))  # type: ignore[arg-type]
    assert limits == MatchLimits(max_area=90.0, max_atoms=7)
