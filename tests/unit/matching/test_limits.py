from __future__ import annotations

import math

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
