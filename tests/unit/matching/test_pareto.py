"""The front against a comparison of all with all."""

import numpy as np
import pytest

from heterobuild.matching import MatchLimits, find_matches, pareto_front, pareto_indices
from heterobuild.matching.pareto import front_of, on_front

FILM, SUBSTRATE = np.diag([5.874, 5.874]), np.diag([6.289, 6.289])


def beaten(size, strain, group):
    """Return which entries another one of their group beats, one pair after the other."""
    return np.array(
        [
            any(
                g == group[k] and a <= size[k] and s <= strain[k] and (a < size[k] or s < strain[k])
                for a, s, g in zip(size, strain, group, strict=True)
            )
            for k in range(len(size))
        ],
        dtype=bool,
    )


@pytest.mark.parametrize("seed", range(6))
def test_groups(seed):
    rng = np.random.default_rng(seed)
    size, strain = rng.integers(0, 12, (2, 150))
    group = rng.integers(0, 5, 150)
    np.testing.assert_array_equal(on_front(group, size, strain), ~beaten(size, strain, group))


@pytest.mark.parametrize("seed", range(6))
def test_one_of_equal_entries(seed):
    size, strain = np.random.default_rng(seed).integers(0, 15, (2, 100))
    front = front_of(size, strain)
    kept = np.flatnonzero(~beaten(size, strain, np.zeros(100)))
    first = {}
    for k in kept.tolist():
        first.setdefault((size[k], strain[k]), k)
    assert front.tolist() == [first[key] for key in sorted(first)]
    assert (np.diff(size[front]) > 0).all()
    assert (np.diff(strain[front]) < 0).all()


def test_nothing():
    none = np.zeros(0, dtype=np.int64)
    assert len(front_of(none, none)) == 0
    assert len(on_front(none, none, none)) == 0
    assert pareto_front(()) == ()


def test_front_of_matches_comes_first_and_needs_no_order():
    matches = find_matches(FILM, SUBSTRATE, MatchLimits(max_strain=0.07, max_area=700))
    front = pareto_front(matches)
    assert 1 < len(front) < len(matches)
    assert front == matches[: len(front)]
    assert pareto_indices(matches) == list(range(len(front)))
    again = pareto_front(matches[::-1])
    keys = [[(round(m.area, 4), round(m.log_strain, 8)) for m in ms] for ms in (front, again)]
    assert keys[0] == keys[1]
    best = min(match.log_strain for match in matches)
    assert front[-1].log_strain == pytest.approx(best, abs=1e-8)
