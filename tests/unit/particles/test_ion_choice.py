"""The least dipole first, then the fewest bonds, against brute force and a linear programme."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import linprog

from heterobuild.particles.ion_choice import NEARLY_ZERO, choose_ions

EDGE = 5.9


def choose(points, cost, number, *, effect=-1.0, dipole=(0, 0, 0), directions=(1, 1, 1), seed=0):
    return choose_ions(
        np.asarray(points, dtype=float),
        effect=np.full(len(points), effect),
        cost=np.asarray(cost, dtype=float),
        counts={effect: number},
        dipole=floats(dipole),
        directions=np.array(directions, dtype=bool),
        axes=None,
        rng=np.random.default_rng(seed),
    )


def floats(values):
    return np.array(values, dtype=float)


def dipole_after(points, found, *, effect=-1.0, dipole=(0, 0, 0)):
    return np.linalg.norm(floats(dipole) + effect * points[found.index].sum(axis=0))


def lattice(rng, number):
    grid = np.indices((4, 4, 4)).reshape(3, -1).T
    return (grid[rng.choice(64, number, replace=False)] - 1.5) * EDGE


@pytest.mark.parametrize("seed", range(25))
def test_no_choice_has_less_dipole_or_with_it_fewer_bonds(seed):
    rng = np.random.default_rng(seed)
    points, number = lattice(rng, 14), int(rng.integers(1, 6))
    cost, dipole = rng.integers(1, 5, 14).astype(float), rng.integers(-2, 3, 3) * EDGE / 2
    found = choose(points, cost, number, dipole=dipole)
    subsets = np.array(list(combinations(range(14), number)))
    lengths = np.linalg.norm(dipole - points[subsets].sum(axis=1), axis=1)
    enough = max(NEARLY_ZERO, lengths.min() + NEARLY_ZERO)
    assert dipole_after(points, found, dipole=dipole) <= enough
    assert cost[found.index].sum() == cost[subsets].sum(axis=1)[lengths <= enough].min()
    assert found.extra == cost[found.index].sum() - np.sort(cost)[:number].sum()
    assert (found.exchanged > 0) == (found.extra > 0)


def test_directions_that_do_not_count_cost_nothing():
    points = np.array([[0.0, 0, 5], [0, 0, 5], [0, 0, -5], [3, 0, 0]])
    found = choose(points, [1, 1, 2, 2], 2, directions=(1, 1, 0))
    assert (found.index.tolist(), found.exchanged, found.extra) == ([0, 1], 0, 0.0)
    assert choose(points, [1, 1, 2, 2], 2).exchanged == 1


def test_charges_of_two_sizes_keep_their_numbers():
    rng = np.random.default_rng(5)
    points, effect = lattice(rng, 16), np.repeat([-1.0, -2.0], 8)
    found = choose_ions(
        points,
        effect=effect,
        cost=rng.integers(1, 4, 16).astype(float),
        counts={-2.0: 3, -1.0: 2},
        dipole=np.zeros(3),
        directions=np.ones(3, dtype=bool),
        axes=None,
        rng=rng,
    )
    assert sorted(effect[found.index]) == [-2, -2, -2, -1, -1]
    moment = (effect[:, None] * points)[found.index].sum(axis=0)
    assert np.linalg.norm(moment) < EDGE


def test_a_dipole_beyond_neighbours_is_paid_with_the_fewest_bonds():
    """Loose ions all below, tighter ones above: as a wall that breaks bonds on one side only."""
    grid = (np.indices((16, 16, 16)).reshape(3, -1).T - 7.5) * EDGE
    radius = np.linalg.norm(grid, axis=1) / EDGE
    shell = grid[(radius < 8) & (radius > 6.5)]
    cost = np.where(shell[:, 2] < 0, 1.0, 3.0)
    number = 60
    found = choose(shell, cost, number)
    cheapest = linprog(
        cost,
        A_eq=np.vstack([np.ones(len(shell)), shell.T]),
        b_eq=np.array([number, 0, 0, 0]),
        bounds=(0, 1),
    ).fun
    assert dipole_after(shell, found) <= NEARLY_ZERO
    assert cheapest - 1e-6 <= cost[found.index].sum() < cheapest + 1
    assert found.extra == cost[found.index].sum() - number > 0
    assert found.exchanged == (cost[found.index] > 1).sum()
