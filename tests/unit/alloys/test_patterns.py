from __future__ import annotations

import numpy as np
import pytest
from ase import Atoms

from heterobuild.alloys.patterns import parse_rule, spread
from heterobuild.errors import UnknownNameError, UsageError

CELL = Atoms(cell=[6.0, 6.0, 6.0], pbc=True)


def test_rules_with_and_without_directions():
    assert parse_rule("rock-salt") == ("rock-salt", (0, 0, 1))
    assert parse_rule(" planes [1 -1 0] ") == ("planes", (1, -1, 0))
    assert parse_rule("rows 010") == ("rows", (0, 1, 0))


@pytest.mark.parametrize("rule", ["random 001", "rows 110", "planes 000"])
def test_directions_that_do_not_fit_are_refused(rule):
    with pytest.raises(UsageError, match="do not fit"):
        parse_rule(rule)


def test_unknown_rules_have_a_suggestion():
    with pytest.raises(UnknownNameError, match="did you mean random"):
        parse_rule("randon")


def test_random_has_exact_counts_and_follows_the_generator():
    counts = np.array([17, 3])
    drawn = [
        spread("random", counts, np.zeros((20, 3)), CELL, lattice=None, rng=generator)
        for generator in (np.random.default_rng(seed) for seed in (4, 4, 5))
    ]
    assert np.bincount(drawn[0]).tolist() == [17, 3]
    assert drawn[0].tolist() == drawn[1].tolist()
    assert drawn[0].tolist() != drawn[2].tolist()


def test_random_draws_every_site_equally_often():
    counts, generator = np.array([15, 5]), np.random.default_rng(1)
    hits = sum(
        spread("random", counts, np.zeros((20, 3)), CELL, lattice=None, rng=generator)
        for _ in range(4000)
    )
    # Binomial with p = 1/4: mean 1000, standard deviation 27.
    assert np.abs(hits - 1000).max() < 5 * 27.4
