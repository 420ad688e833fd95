import numpy as np
import pytest

from heterobuild.alloys.end_members import end_members
from heterobuild.chemistry.bands import band_edges
from heterobuild.screening.mixed_edges import mixed_edges

HALF = np.array([0.5, 0.5])


def test_band_edges_are_linear_and_say_so():
    pair = end_members(["CsPbBr3", "CsPbI3"])
    found = mixed_edges(pair, np.array([0.25, 0.75]))
    bromide, iodide = band_edges("CsPbBr3"), band_edges("CsPbI3")
    assert found.vbm == pytest.approx(0.25 * bromide.vbm + 0.75 * iodide.vbm)
    assert found.cbm == pytest.approx(0.25 * bromide.cbm + 0.75 * iodide.cbm)
    assert (found.kind, "without bowing" in found.source) == ("interpolated", True)


def test_band_edges_need_only_those_that_take_part():
    pair = end_members(["CsPbBr3", "CsSrBr3"])
    assert mixed_edges(pair, HALF) is None
    assert mixed_edges(pair, np.array([1.0, 0.0])).gap == band_edges("CsPbBr3").gap
