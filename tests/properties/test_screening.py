"""Statements about screens that hold for all cells and all ways of dealing out the work."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from heterobuild.matching import MatchLimits
from heterobuild.matching.pareto import on_front
from heterobuild.screening.materials import Material
from heterobuild.screening.pairs import match_surfaces
from heterobuild.screening.specification import ScreenSpec, shard_tasks, tasks

LENGTHS = st.floats(4.0, 9.0)


@st.composite
def cells(draw):
    a, b = draw(LENGTHS), draw(LENGTHS)
    angle = np.radians(draw(st.floats(60.0, 120.0)))
    return np.array([[a, 0.0], [b * np.cos(angle), b * np.sin(angle)]])


def front(film, substrate, limits):
    found = match_surfaces(film[None], substrate[None], limits)
    return found.area, found.film_area, found.log_strain, found.strains


@settings(max_examples=30, deadline=None)
@given(cells(), cells(), st.floats(0, 360), st.integers(-2, 2), st.integers(-2, 2))
def test_bases_and_orientations_do_not_count(film, substrate, turn, upper, lower):
    limits = MatchLimits(max_area=200, max_strain=0.05)
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    rebase = np.array([[1, upper], [0, 1]]) @ np.array([[1, 0], [lower, 1]])
    other = rebase @ film @ np.array([[c, s], [-s, c]])
    for one, two in zip(
        front(film, substrate, limits), front(other, substrate, limits), strict=True
    ):
        np.testing.assert_allclose(one, two, atol=2e-6, rtol=1e-6)


@settings(max_examples=30, deadline=None)
@given(cells(), cells())
def test_film_and_substrate_may_be_exchanged(film, substrate):
    limits = MatchLimits(max_area=200, max_strain=0.05)
    area, film_area, strain, _ = front(film, substrate, limits)
    other_area, other_film_area, other_strain, _ = front(substrate, film, limits)
    np.testing.assert_allclose(strain, other_strain, atol=2e-6)
    np.testing.assert_allclose(
        np.maximum(area, film_area), np.maximum(other_area, other_film_area), atol=2e-3
    )


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 6), st.integers(0, 6)), max_size=40))
def test_the_front_is_what_nothing_beats(points):
    pair, size, strain = (
        np.array(points, dtype=np.int64).reshape(-1, 3).T if points else np.zeros((3, 0), int)
    )
    found = on_front(pair, size, strain)
    for i, (group, a, b) in enumerate(points):
        beaten = any(
            other == group and c <= a and d <= b and (c, d) != (a, b) for other, c, d in points
        )
        assert found[i] == (not beaten)


@given(st.integers(1, 6), st.integers(1, 70), st.integers(1, 50))
def test_every_task_is_dealt_out_once(films, substrates, count):
    spec = ScreenSpec(
        films=tuple(Material(name=f"f{n}") for n in range(films)),
        substrates=tuple(Material(name=f"s{n}") for n in range(substrates)),
    )
    dealt = [task for shard in range(1, count + 1) for task in shard_tasks(spec, shard, count)]
    assert dealt == list(tasks(spec))
