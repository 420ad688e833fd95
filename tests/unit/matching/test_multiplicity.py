from __future__ import annotations

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.matching import MatchLimits, find_matches, stream_matches
from heterobuild.matching.multiplicity import pair_counts
from heterobuild.matching.surfaces import lattice_turns

SQUARE, OBLIQUE = np.diag([5.874, 5.874]), np.array([[5.1, 0.0], [1.7, 6.3]])
HEXAGONAL = np.array([[4.0, 0.0], [-2.0, 2 * 3**0.5]])
CUBIC, HEXABROMIDE = load_crystal("CsPbBr3_cubic"), load_crystal("Cs4PbBr6")
PAIRS = [
    (SQUARE, np.diag([6.289, 6.289])),
    (OBLIQUE, np.array([[6.0, 0.0], [-0.9, 7.1]])),
    (HEXAGONAL, 1.02 * HEXAGONAL),
    (SQUARE, HEXAGONAL),
    (HEXAGONAL, OBLIQUE),
    ((CUBIC, "111"), (HEXABROMIDE, "001")),
    ((load_crystal("CsPbBr3"), "100"), (HEXABROMIDE, "110")),
]
LIMITS = [
    MatchLimits(max_area=700),
    MatchLimits(max_area=500, rotation=(-10, 40)),
    MatchLimits(max_area=500, parity="even"),
    MatchLimits(max_area=500, max_misfit_angle=1.0),
]


@pytest.mark.parametrize(("film", "substrate"), PAIRS)
@pytest.mark.parametrize("limits", LIMITS)
def test_the_stream_agrees_with_the_search(film, substrate, limits):
    def found(search):
        return sorted(
            (round(m.area, 4), round(m.log_strain, 8), round(m.rotation, 4), m.multiplicity)
            for m in search(film, substrate, limits)
        )

    assert found(stream_matches) == found(find_matches)


def test_superlattices_of_a_lattice_on_itself():
    # The sum over n up to N of the sum of the divisors of n.
    one = np.eye(2, dtype=np.int64)[None]
    for most in (1, 2, 6, 12):
        expected = sum(d for n in range(1, most + 1) for d in range(1, n + 1) if n % d == 0)
        assert pair_counts(one, one, one, one, np.array([most])).tolist() == [expected]


def test_equivalent_settings_count_once():
    # [[2, 1], [-1, 2]] and its mirror are two lattices of five cells; a turn by 90° keeps each.
    turns = lattice_turns(np.eye(2))
    cell, one = np.array([[[2, 1], [-1, 2]]]), np.eye(2, dtype=np.int64)[None]
    assert pair_counts(cell, cell, turns, turns, np.array([1])).tolist() == [1]
    oblong = np.array([[[2, 0], [0, 1]]])
    assert pair_counts(oblong, oblong, turns, turns, np.array([1])).tolist() == [4]
    assert pair_counts(oblong, oblong, turns, one, np.array([1])).tolist() == [2]
