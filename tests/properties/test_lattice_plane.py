"""Reduction of plane lattices, compared with a search over all short vectors."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from heterobuild.geometry.lattice_plane import reduce_plane

LENGTH = st.floats(3.0, 12.0)
SHEARS = st.lists(st.integers(-4, 4), min_size=1, max_size=5)


def cell_of(a: float, b: float, angle: float, turn: float) -> np.ndarray:
    first, second = np.radians(turn), np.radians(turn + angle)
    return np.array(
        [[a * np.cos(first), a * np.sin(first)], [b * np.cos(second), b * np.sin(second)]]
    )


def rebase(shears: list[int]) -> np.ndarray:
    change = np.eye(2, dtype=int)
    for shear in shears:
        change = np.array([[0, 1], [-1, shear]]) @ change
    return change


@given(a=LENGTH, b=LENGTH, angle=st.floats(30, 150), turn=st.floats(0, 360), shears=SHEARS)
def test_reduced_vectors_are_the_shortest(
    a: float, b: float, angle: float, turn: float, shears: list[int]
) -> None:
    cell = cell_of(a, b, angle, turn)
    change = reduce_plane(rebase(shears) @ cell) @ rebase(shears)
    assert round(float(np.linalg.det(change))) == 1
    reduced = np.linalg.norm(change @ cell, axis=1)
    points = np.array([p for p in product(range(-8, 9), repeat=2) if p != (0, 0)])
    size = np.linalg.norm(points @ cell, axis=1)
    shortest = points[np.argmin(size)]
    independent = np.abs(points @ [shortest[1], -shortest[0]]) > 0
    assert np.allclose(reduced, [size.min(), size[independent].min()])


@given(a=LENGTH, b=LENGTH, angle=st.floats(40, 140), turn=st.floats(0, 360), shears=SHEARS)
def test_reduced_cell_of_a_general_lattice_does_not_depend_on_the_basis(
    a: float, b: float, angle: float, turn: float, shears: list[int]
) -> None:
    cell = cell_of(a, b, angle, turn)
    change = reduce_plane(cell)
    first, second = change @ cell
    gap = abs(first @ first - second @ second), abs(2 * abs(first @ second) - first @ first)
    assume(min(gap) > 1e-3 and abs(first[0]) > 1e-3)
    mixed = rebase(shears) @ cell
    assert np.allclose(reduce_plane(mixed) @ mixed, change @ cell)


@given(
    a=LENGTH,
    angle=st.sampled_from([60.0, 120.0, 90.0, 80.0, 100.0, 70.0]),
    turn=st.sampled_from([0.0, 7.0, 22.0, 33.0]),
    shears=SHEARS,
)
def test_reduced_cell_of_equal_lengths_does_not_depend_on_the_basis(
    a: float, angle: float, turn: float, shears: list[int]
) -> None:
    cell = cell_of(a, a, angle, turn)
    mixed = rebase(shears) @ cell
    expected, found = reduce_plane(cell) @ cell, reduce_plane(mixed) @ mixed
    assert np.allclose(found, expected)
    assert found[0] @ found[1] < 1e-6
