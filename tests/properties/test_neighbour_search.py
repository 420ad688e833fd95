"""The neighbour search slice by slice against brute force: skew cells, all periodic directions."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heterobuild.validation.pair_search import find_pairs

CUTOFF = 4.48719  # no simple edge or tilt is as long


def brute_force(points, cell, pbc):
    """Return all pairs by going through every image that can be in reach, each pair once."""
    fractions = points @ np.linalg.inv(cell)
    heights = 1 / np.linalg.norm(np.linalg.inv(cell), axis=0)
    most = np.ceil(np.ptp(fractions, axis=0) + CUTOFF / heights).astype(int)
    found = []
    for turns in product(
        *(range(-m, m + 1) if flag else (0,) for m, flag in zip(most, pbc, strict=True))
    ):
        apart = points[None] + np.array(turns) @ cell - points[:, None]
        distance = np.linalg.norm(apart, axis=2)
        chosen = distance < CUTOFF
        if turns < (0, 0, 0):
            continue
        if turns == (0, 0, 0):
            chosen &= np.triu(np.ones_like(chosen), 1)
        found += [
            (min(i, j), max(i, j), round(float(distance[i, j]), 6))
            for i, j in np.argwhere(chosen).tolist()
        ]
    return sorted(found)


edge = st.floats(2.5, 22.0)
tilt = st.floats(-6.0, 6.0)


@settings(max_examples=150, deadline=None)
@given(
    edges=st.tuples(edge, edge, edge),
    tilts=st.tuples(tilt, tilt, tilt),
    pbc=st.tuples(st.booleans(), st.booleans(), st.booleans()),
    count=st.integers(1, 40),
    most=st.sampled_from([1, 5, 13, 10_000]),
    squeezed=st.sampled_from([1.0, 0.1]),
    seed=st.integers(0, 1000),
)
def test_pairs_are_those_of_brute_force(  # noqa: PLR0917
    edges, tilts, pbc, count, most, squeezed, seed
):
    cell = np.diag(edges)
    cell[[1, 2, 2], [0, 0, 1]] = tilts
    rng = np.random.default_rng(seed)
    points = (rng.uniform(-1.2, 1.8, (count, 3)) * [1, 1, squeezed]) @ cell
    i, j, distance = find_pairs(points, cell, np.array(pbc), CUTOFF, most=most)
    mine = sorted(
        (min(a, b), max(a, b), round(d, 6))
        for a, b, d in zip(i.tolist(), j.tolist(), distance.tolist(), strict=True)
    )
    theirs = brute_force(points, cell, pbc)
    assert [pair[:2] for pair in mine] == [pair[:2] for pair in theirs]
    assert [pair[2] for pair in mine] == pytest.approx([pair[2] for pair in theirs], abs=2e-6)
