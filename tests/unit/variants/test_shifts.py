import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heterobuild.variants.shifts import distinct_shifts, shift_lattice

QUARTERS = np.array([[[1, 0], [0, 1]], [[0, 1], [-1, 0]], [[-1, 0], [0, -1]], [[0, -1], [1, 0]]])
SQUARE = np.concatenate([QUARTERS, QUARTERS @ np.diag([1, -1])]).astype(float)


def _shifts(match, turns, origin=(0.0, 0.0), *, edge=6.0, places=2):
    return distinct_shifts(
        np.array(match, dtype=float),
        edge * np.eye(2),
        origin=np.array(origin),
        operations=(turns, np.zeros((len(turns), 2))),
        places=places,
    )


@pytest.mark.parametrize("count", [1, 2, 3, 4, 6])
def test_places_of_a_square_are_counted_by_burnside(count):
    """The number of orbits is the mean number of fixed points of the operations."""
    grid = np.stack(np.meshgrid(np.arange(count), np.arange(count)), -1).reshape(-1, 2)
    fixed = [sum(not np.any((place @ turn - place) % count) for place in grid) for turn in SQUARE]
    found = _shifts(np.eye(2), SQUARE, places=count, edge=7.0)
    assert len(found) == sum(fixed) / len(SQUARE)
    assert sum(shift.multiplicity for shift in found) == count**2


def test_the_registry_comes_first_and_the_longest_last():
    found = [shift.fractions for shift in _shifts(np.eye(2), SQUARE)]
    assert found == [(0.0, 0.0), (0.5, 0.0), (0.5, 0.5)]


def test_without_symmetry_all_places_differ():
    assert len(_shifts(np.eye(2), np.eye(2)[None])) == 4


def test_a_registry_on_an_edge_of_the_square_is_not_like_its_centre():
    """From (1/2, 0) the others are (0, 0), (1/2, 1/2) and (0, 1/2), which is its image."""
    found = _shifts(np.eye(2), SQUARE, origin=(0.5, 0.0))
    assert [shift.multiplicity for shift in found] == [2, 1, 1]


def test_places_nearer_than_one_angstrom_are_left_out():
    fifths = np.array([[0.2, 0.0], [0.0, 0.2]])
    assert len(_shifts(fifths, np.eye(2)[None], edge=6.0, places=4)) == 1
    assert len(_shifts(fifths, np.eye(2)[None], edge=12.0, places=4)) == 4


@given(
    st.lists(st.integers(-4, 4), min_size=4, max_size=4).filter(
        lambda m: m[0] * m[3] - m[1] * m[2] != 0
    ),
    st.integers(1, 5),
    st.lists(st.integers(-3, 3), min_size=4, max_size=4),
)
def test_the_lattice_of_shifts_holds_the_vectors_of_both_sides(rows, whole, steps):
    match = np.array(rows).reshape(2, 2) / whole
    basis = shift_lattice(match)
    sums = np.array(steps[:2]) @ match + np.array(steps[2:])
    coordinates = sums @ np.linalg.inv(basis)
    assert np.abs(coordinates - np.rint(coordinates)).max() < 1e-6
    inside = np.vstack([match, np.eye(2)])
    weights = np.array([[np.linalg.det(inside[[i, j]]) for j in range(4)] for i in range(4)])
    areas = np.abs(weights[np.abs(weights) > 1e-9])
    unit = areas.min()
    while (rest := np.abs(areas - unit * np.rint(areas / unit))).max() > 1e-6:
        unit = rest[rest > 1e-6].min()
    assert abs(np.linalg.det(basis)) == pytest.approx(unit, abs=1e-6)
