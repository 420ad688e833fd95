from __future__ import annotations

from fractions import Fraction
from math import lcm

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heterobuild.geometry.lattice_directions import LONGEST_PERIOD, steps_to_lattice

_THIRDS = st.fractions(-2, 2, max_denominator=LONGEST_PERIOD)


@given(st.tuples(_THIRDS, _THIRDS, _THIRDS))
def test_the_least_common_denominator(fractions: tuple[Fraction, Fraction, Fraction]):
    least = lcm(*(part.denominator for part in fractions))
    found = steps_to_lattice(np.array([float(part) for part in fractions]))
    assert found == (least if least <= LONGEST_PERIOD else None)


@pytest.mark.parametrize("most", [1, 3])
def test_no_more_steps_than_asked(most):
    assert steps_to_lattice(np.array([0.25, 0.0, 0.0]), most=most) is None
