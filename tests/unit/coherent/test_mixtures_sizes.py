import numpy as np
import pytest

from heterobuild.architectures.bulk import Bulk
from heterobuild.coherent.mixtures_sizes import (
    ball_volume,
    cube_for,
    grain_count,
    judge_grain_size,
    judge_numbers,
    mean_diameter,
    phase_names,
    refuse_for,
)
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError

HALVES = np.array([0.5, 0.5])
CUBE = load_crystal("CsPbBr3:cubic")


def test_count_size_and_cube_fit_together():
    edge = cube_for("grains", 20.0, 35.0, 11, HALVES)
    assert grain_count("grains", edge**3, 35.0, HALVES) == 11
    assert mean_diameter("grains", edge**3, 11, HALVES) == pytest.approx(35.0)
    few = np.array([0.1, 0.9])
    edge = cube_for("inclusions", 20.0, 35.0, 5, few)
    assert 5 * ball_volume(35.0) == pytest.approx(0.1 * edge**3)
    assert grain_count("inclusions", edge**3, 35.0, few) == 5
    assert cube_for("bicontinuous", 20.0, 35.0, None, HALVES) == 100.0


def test_at_least_one_grain_a_phase():
    assert grain_count("grains", 100.0, 40.0, np.full(3, 1 / 3)) == 3
    assert grain_count("inclusions", 100.0, 40.0, np.full(3, 1 / 3)) == 2


def test_an_octahedron_fits():
    judge_grain_size(6.0, [CUBE])
    with pytest.raises(UsageError, match=r"smaller than an octahedron.*5 Å.*5.87 Å or more"):
        judge_grain_size(5.0, [CUBE])
    with pytest.raises(UsageError, match=r"in grains; .*for 70 grains; .*use grains: 1, or"):
        judge_grain_size(5.0, [CUBE], count=70)


def test_names():
    assert phase_names([CUBE] * 3, ()) == ("phase 1", "phase 2", "phase 3")
    with pytest.raises(UsageError, match=r"two phases at least"):
        phase_names([CUBE], ())
    with pytest.raises(UsageError, match=r"1 names for 2 phases"):
        phase_names([CUBE] * 2, ("a",))


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({"cells": (4, 0, 4)}, r"cells; found 0; allowed 1 to"),
        ({"grains": -3}, r"grains; found -3"),
        ({"spread": 0.9}, r"spread.*found 0.9; allowed 0 to 0.6"),
    ],
)
def test_ranges(numbers, words):
    with pytest.raises(UsageError, match=words):
        judge_numbers(**{"cells": None, "grains": None, "spread": None} | numbers)


def test_options_of_another_morphology():
    with pytest.raises(UsageError, match=r"spectrum means nothing for grains.*spinodal"):
        Bulk(morphology="grains", spectrum="spinodal")
    refuse_for(Bulk(), "grains", ("spectrum",))
