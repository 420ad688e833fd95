"""Dots in periodic cells of any shape, compared with all images counted one by one."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from heterobuild.errors import HeterobuildError
from heterobuild.geometry.arrangements import random_sequential
from heterobuild.geometry.lattice_sites import snap_to_lattice
from heterobuild.geometry.periodic_pairs import face_heights, near_pairs

SMALL = st.floats(-1.0, 1.0)
CELLS = st.tuples(*[st.floats(20.0, 60.0)] * 3, SMALL, SMALL, SMALL)
PBC = st.tuples(st.booleans(), st.booleans(), st.booleans())
SEEDS = st.integers(0, 2**32 - 1)


def cell_of(values: tuple[float, ...]) -> np.ndarray:
    a, b, c, xy, xz, yz = values
    return np.array([[a, 0, 0], [xy * a, b, 0], [xz * a, yz * b, c]])


def all_steps(cell: np.ndarray, pbc: tuple[bool, ...], reach: float) -> np.ndarray:
    most = np.ceil(reach / face_heights(cell)).astype(int) + 1
    spans = [range(-n, n + 1) if p else (0,) for n, p in zip(most, pbc, strict=True)]
    return np.array(list(product(*spans)))


@settings(max_examples=60, deadline=None)
@given(values=CELLS, pbc=PBC, seed=SEEDS, reach=st.floats(1.0, 45.0))
def test_no_pair_is_missed(
    values: tuple[float, ...], pbc: tuple[bool, ...], seed: int, reach: float
) -> None:
    cell = cell_of(values)
    points = np.random.default_rng(seed).random((5, 3)) @ cell
    steps = all_steps(cell, pbc, reach)
    spans = points[None, :, None] + steps @ cell - points[:, None, None]
    lengths = np.linalg.norm(spans, axis=-1)
    assume(np.abs(lengths - reach).min() > 1e-6)
    i, j, k = np.nonzero(lengths <= reach)
    half = (i < j) | ((i == j) & steps[k].any(axis=1))
    first, _, vectors = near_pairs(points, cell, pbc, reach)
    expected = np.sort(lengths[i[half], j[half], k[half]])
    assert len(first) == half.sum()
    assert np.allclose(np.sort(np.linalg.norm(vectors, axis=1)), expected)


@settings(max_examples=40, deadline=None)
@given(
    values=CELLS,
    pbc=PBC,
    seed=SEEDS,
    sizes=st.lists(st.floats(1.0, 9.0), min_size=1, max_size=12),
    separation=st.floats(0.0, 4.0),
)
def test_dots_are_apart_and_inside_or_refused(
    values: tuple[float, ...],
    pbc: tuple[bool, ...],
    seed: int,
    sizes: list[float],
    separation: float,
) -> None:
    cell, radii = cell_of(values), np.array(sizes)
    try:
        points = random_sequential(
            cell, pbc, radii, separation, np.random.default_rng(seed), tries=64
        )
    except HeterobuildError:
        assume(False)
    steps = all_steps(cell, pbc, 2 * radii.max() + separation)
    spans = points[None, :, None] + steps @ cell - points[:, None, None]
    gaps = np.linalg.norm(spans, axis=-1) - radii[:, None, None] - radii[None, :, None]
    gaps[np.eye(len(radii), dtype=bool)[..., None] & ~steps.any(axis=1)] = np.inf
    assert gaps.min() >= separation - 1e-6
    heights = points @ np.linalg.inv(cell) * face_heights(cell)
    for axis in np.flatnonzero(~np.array(pbc)):
        assert (heights[:, axis] >= radii - 1e-6).all()
        assert (heights[:, axis] <= face_heights(cell)[axis] - radii + 1e-6).all()


@settings(max_examples=60, deadline=None)
@given(values=CELLS, seed=SEEDS)
def test_snapped_points_are_the_nearest(values: tuple[float, ...], seed: int) -> None:
    lattice = cell_of(values) / 8
    points = np.random.default_rng(seed).uniform(-20, 20, (10, 3))
    snapped = snap_to_lattice(points, lattice)
    whole = snapped @ np.linalg.inv(lattice)
    assert np.allclose(whole, np.rint(whole), atol=1e-6)
    around = np.array(list(product(range(-4, 5), repeat=3))) @ lattice
    others = np.linalg.norm(snapped[:, None] + around - points[:, None], axis=2)
    assert (np.linalg.norm(snapped - points, axis=1) <= others.min(axis=1) + 1e-9).all()
