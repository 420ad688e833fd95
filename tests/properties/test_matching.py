"""What must hold for the matches of any two surfaces."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from heterobuild.geometry.strain import plane_rotation
from heterobuild.matching import MatchLimits, find_matches
from heterobuild.model import Match

LIMITS = MatchLimits(max_strain=0.08, max_area=160)
CELLS = st.tuples(st.floats(3.5, 9.0), st.floats(3.5, 9.0), st.floats(65, 115))
SHEARS = st.lists(st.integers(-2, 2), min_size=1, max_size=3)


def cell_of(parameters: tuple[float, float, float]) -> np.ndarray:
    a, b, angle = parameters
    return np.array([[a, 0.0], [b * np.cos(np.radians(angle)), b * np.sin(np.radians(angle))]])


def rebase(shears: list[int]) -> np.ndarray:
    change = np.eye(2, dtype=int)
    for shear in shears:
        change = np.array([[0, 1], [-1, shear]]) @ change
    return change


def numbers(matches: tuple[Match, ...]) -> np.ndarray:
    rows = sorted(
        (round(m.area, 5), round(m.log_strain, 7), round(m.film_area, 5)) for m in matches
    )
    return np.array(rows).reshape(-1, 3)


def far_from_limits(film: np.ndarray, substrate: np.ndarray) -> bool:
    """Whether no match lies so near a limit that rounding decides."""
    wide = MatchLimits(max_strain=0.0801, max_area=160.1)
    slim = MatchLimits(max_strain=0.0799, max_area=159.9)
    return len(find_matches(film, substrate, wide)) == len(find_matches(film, substrate, slim))


@settings(max_examples=25, deadline=None)
@given(film=CELLS, substrate=CELLS, shears=SHEARS, angle=st.floats(0, 360))
def test_basis_and_orientation_do_not_matter(
    film: tuple, substrate: tuple, shears: list[int], angle: float
) -> None:
    ours, theirs = cell_of(film), cell_of(substrate)
    assume(far_from_limits(ours, theirs))
    turn = plane_rotation(angle)[:2, :2]
    plain = find_matches(ours, theirs, LIMITS)
    other = find_matches(rebase(shears) @ ours @ turn, rebase(shears[::-1]) @ theirs, LIMITS)
    assert np.allclose(numbers(plain), numbers(other), atol=1e-4)


@settings(max_examples=25, deadline=None)
@given(film=CELLS, substrate=CELLS)
def test_film_and_substrate_are_treated_alike(film: tuple, substrate: tuple) -> None:
    ours, theirs = cell_of(film), cell_of(substrate)
    assume(far_from_limits(ours, theirs))
    there = numbers(find_matches(ours, theirs, LIMITS))
    back = numbers(find_matches(theirs, ours, LIMITS))
    swapped = back[:, [2, 1, 0]]
    assert np.allclose(there, swapped[np.lexsort(swapped.T[::-1])], atol=1e-4)


@settings(max_examples=25, deadline=None)
@given(film=CELLS, substrate=CELLS)
def test_every_match_is_what_it_says(film: tuple, substrate: tuple) -> None:
    ours, theirs = cell_of(film), cell_of(substrate)
    for match in find_matches(ours, theirs, LIMITS):
        assert np.allclose(match.film @ ours @ match.deformation, match.substrate @ theirs)
        singular = np.linalg.svd(match.deformation, compute_uv=False)
        assert np.allclose(match.strains, singular - 1)
        assert np.isclose(match.log_strain, np.abs(np.log(singular)).max())
        assert match.log_strain <= LIMITS.max_strain + 1e-9
        assert max(match.area, match.film_area) <= LIMITS.max_area + 1e-6
        assert np.linalg.det(match.deformation) > 0
