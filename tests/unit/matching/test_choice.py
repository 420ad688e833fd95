from __future__ import annotations

import re

import numpy as np
import pytest

from heterobuild.errors import NothingFitsError
from heterobuild.matching import MatchLimits, find_matches
from heterobuild.matching.advice import Advice
from heterobuild.matching.choice import choose_match, no_match
from heterobuild.matching.surfaces import surface_of

FILM, SUBSTRATE = np.diag([5.874, 5.874]), np.diag([6.289, 6.289])


def test_rank_counts_the_matches() -> None:
    limits = MatchLimits(max_strain=0.07, max_area=400)
    matches = find_matches(FILM, SUBSTRATE, limits)
    assert len(matches) > 2
    for rank, expected in enumerate(matches):
        match, every = choose_match(FILM, SUBSTRATE, limits, rank=rank)
        assert match.film.tolist() == expected.film.tolist()
        assert len(every) == len(matches)


def test_a_rank_too_high_names_the_ranks() -> None:
    limits = MatchLimits(max_strain=0.07, max_area=50)
    with pytest.raises(NothingFitsError, match="ranks 0 to 0"):
        choose_match(FILM, SUBSTRATE, limits, rank=1)


@pytest.mark.parametrize(
    ("film", "substrate", "limits"),
    [
        (FILM, SUBSTRATE, MatchLimits(max_strain=0.02, max_area=50)),
        (np.diag([5.0, 7.0]), np.diag([6.1, 6.1]), MatchLimits(max_strain=0.03, max_area=60)),
        (
            np.array([[7.1, 0.0], [1.7, 7.7]]),
            np.array([[6.4, 0.0], [0.6, 8.2]]),
            MatchLimits(max_strain=0.01, max_area=70),
        ),
    ],
)
def test_either_limit_of_the_message_admits_a_match(
    film: np.ndarray, substrate: np.ndarray, limits: MatchLimits
) -> None:
    with pytest.raises(NothingFitsError) as caught:
        choose_match(film, substrate, limits)
    assert caught.value.exit_code == 3
    alternatives = caught.value.next_step.split("; or ")
    assert alternatives
    for text in alternatives:
        changed = dict(re.findall(r"(max_strain|max_area): ([\d.]+)", text))
        assert changed
        wider = {"max_strain": limits.max_strain, "max_area": limits.max_area}
        wider |= {key: float(value) for key, value in changed.items()}
        assert find_matches(film, substrate, MatchLimits(**wider)), text


def test_the_advice_of_the_command_line_names_options() -> None:
    with pytest.raises(NothingFitsError) as caught:
        choose_match(FILM, SUBSTRATE, MatchLimits(max_strain=0.02, max_area=50))
    advice = caught.value.next_step
    assert isinstance(advice, Advice)
    assert advice.startswith("set max_strain: 0.0683; or set max_area: ")
    assert advice.options.startswith("set --max-strain 0.0683; or set --max-area ")


def test_the_nearest_pair_of_faces_is_named() -> None:
    far, near = surface_of(np.diag([4.0, 9.0])), surface_of(FILM)
    other = surface_of(SUBSTRATE)
    limits = MatchLimits(max_strain=0.02, max_area=50)
    error = no_match([(far, other), (near, other)], limits, ["far", "near"])
    assert "near strain 6.83 %" in str(error)
