from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.matching import MatchLimits, find_matches, misfit_angle, nearest_misses
from heterobuild.matching.misses import cells
from heterobuild.matching.surfaces import surface_of
from heterobuild.slabs import cut_slab

if TYPE_CHECKING:
    from heterobuild.matching.misses import Miss
    from heterobuild.matching.surfaces import Surface

FILM, SUBSTRATE = np.diag([5.874, 5.874]), np.diag([5.68, 5.68])
MISFIT = float(np.log(5.874 / 5.68))


def widened(limits: MatchLimits, miss: Miss) -> MatchLimits:
    return replace(limits, **dict(miss.changes))


def slabs() -> tuple[Surface, Surface]:
    film, substrate = (
        surface_of(cut_slab(load_crystal(name), "001", layers=layers))
        for name, layers in (("CsPbBr3_cubic", 3), ("CsPbCl3_cubic", 2))
    )
    return film, substrate


def test_the_strain_miss_is_the_least_strained_one() -> None:
    larger = np.diag([6.289, 6.289])
    pair = surface_of(FILM), surface_of(larger)
    miss = nearest_misses([pair], MatchLimits(max_strain=0.02, max_area=50))[0]
    assert miss.match.log_strain == pytest.approx(np.log(6.289 / 5.874))
    assert miss.changes == (("max_strain", 0.0683),)


@pytest.mark.parametrize(
    "limits",
    [
        MatchLimits(rotation=(20, 21), max_area=100),
        MatchLimits(rotation=(-12, -10), max_area=60, max_strain=0.01),
        MatchLimits(parity="even", max_area=40),
        MatchLimits(max_misfit_angle=0.5, max_area=160, max_strain=0.01),
        MatchLimits(max_strain=0.01, max_area=33),
        MatchLimits(max_area=20),
        MatchLimits(max_strain=0.001),
        MatchLimits(max_strain=0.01, max_area=33, rotation=(10, 12), parity="even"),
    ],
)
@pytest.mark.parametrize("film", [FILM, np.array([[5.1, 0.0], [1.7, 6.3]])])
def test_every_miss_is_admitted_by_its_changes_and_needs_each(
    film: np.ndarray, limits: MatchLimits
) -> None:
    pair = surface_of(film), surface_of(SUBSTRATE)
    if find_matches(*pair, limits):
        pytest.skip("the oblique film fits")
    misses = nearest_misses([pair], limits)
    assert misses
    for miss in misses:
        assert find_matches(*pair, widened(limits, miss)), miss.changes
        for name, _ in miss.changes:
            fewer = tuple(change for change in miss.changes if change[0] != name)
            strict = widened(limits, replace(miss, changes=fewer))
            kept = [(m.film.tolist(), m.rotation) for m in find_matches(*pair, strict)]
            assert (miss.match.film.tolist(), miss.match.rotation) not in kept, name


def test_only_what_is_in_the_way_is_relaxed() -> None:
    pair = surface_of(FILM), surface_of(SUBSTRATE)
    miss = nearest_misses([pair], MatchLimits(rotation=(20, 21), max_area=100))[0]
    assert miss.changes == (("rotation", (0.0, 21)),)
    assert miss.match.log_strain == pytest.approx(MISFIT)


def test_strain_and_area_together_where_neither_is_enough() -> None:
    pair = surface_of(FILM), surface_of(SUBSTRATE)
    misses = nearest_misses([pair], MatchLimits(max_strain=0.01, max_area=33))
    assert (("max_strain", 0.0336), ("max_area", 35)) in [miss.changes for miss in misses]


def test_atoms_are_counted_over_both_slabs() -> None:
    film, substrate = slabs()
    (miss,) = nearest_misses([(film, substrate)], MatchLimits(max_atoms=10, max_area=40))
    assert miss.changes == (("max_atoms", 25),)


def test_the_best_of_all_pairs_is_taken() -> None:
    square = surface_of(SUBSTRATE)
    pairs = [(surface_of(np.diag([4.0, 9.0])), square), (surface_of(FILM), square)]
    limits = MatchLimits(max_strain=0.02, max_area=50)
    strained, larger = nearest_misses(pairs, limits)[:2]
    assert strained.pair == 1
    assert strained.match.log_strain == pytest.approx(MISFIT)
    alone = [
        min(max(m.area, m.film_area) for m in found)
        for pair in pairs
        if (found := find_matches(*pair, replace(limits, max_area=1500)))
    ]
    assert max(larger.match.area, larger.match.film_area) == pytest.approx(min(alone))


def test_misfit_angle_of_a_known_strain() -> None:
    match = find_matches(np.diag([4.0, 4.0]), np.diag([4.2, 4.0]), MatchLimits(max_area=20))[0]
    # The diagonals of a square turned into a rectangle: tan of half the angle is 4.0/4.2.
    expected = 90 - 2 * np.degrees(np.arctan(4.0 / 4.2))
    assert misfit_angle(match) == pytest.approx(expected)


def test_cells_in_a_common_cell() -> None:
    assert cells(np.array([[1, -1], [1, 1]])) == 2
