from __future__ import annotations

import numpy as np
import pytest

from heterobuild.matching import MatchLimits, Miss, find_matches
from heterobuild.matching.miss_words import advice_for, describe_limits, describe_miss

MATCH = find_matches(np.diag([5.874, 5.874]), np.diag([5.68, 5.68]))[0]


def miss(**changes: object) -> Miss:
    return Miss(match=MATCH, pair=0, changes=tuple(changes.items()))


@pytest.mark.parametrize(
    ("changes", "key", "option"),
    [
        ({"max_area": 1234567}, "set max_area: 1234567", "set --max-area 1234567"),
        ({"rotation": (-3.5, 21)}, "set rotation: [-3.5, 21]", "set --rotation -3.5,21"),
        ({"parallel": None}, "leave out parallel", "leave out --parallel"),
        ({"parity": "any"}, "set parity: any", "set --parity any"),
        (
            {"max_strain": 0.0336, "max_area": 35},
            "set max_strain: 0.0336 and max_area: 35",
            "set --max-strain 0.0336 and --max-area 35",
        ),
    ],
)
def test_words_of_each_limit(changes: dict[str, object], key: str, option: str) -> None:
    advice = advice_for([miss(**changes)])
    assert advice == key
    assert advice.options == option


def test_one_alternative_a_miss() -> None:
    assert advice_for([miss(max_atoms=9), miss(max_area=7)]) == (
        "set max_atoms: 9; or set max_area: 7"
    )
    assert advice_for([]).options == "choose other faces or materials"


def test_a_miss_tells_the_larger_area_and_what_is_outside() -> None:
    text = describe_miss(miss(max_atoms=102, rotation=(0.0, 21.0)))
    assert text == "strain 3.36 % at 34.5 Å², 102 atoms, turned by 0.00°"


def test_all_limits_that_are_set_are_told() -> None:
    limits = MatchLimits(
        max_atoms=30,
        max_misfit_angle=1.5,
        rotation=(-5, 5),
        parallel=((1, 0, 0), (1, 1, 0)),
        parity="even",
    )
    assert describe_limits(limits) == (
        "strain 5 %, area 400 Å², 30 atoms, right angles off by 1.5°, turned by -5° to 5°, "
        "film [1, 0, 0] along substrate [1, 1, 0], even cells"
    )
