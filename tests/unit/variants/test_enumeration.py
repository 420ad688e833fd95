import pytest

from heterobuild.errors import UsageError
from heterobuild.variants import Enumeration


def test_the_defaults_are_a_small_study():
    asked = Enumeration()
    assert (asked.terminations, asked.matches, asked.faces, asked.shifts) == ("all", 3, "both", 2)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"matches": 0}, "matches"),
        ({"shifts": 9}, "shifts"),
        ({"terminations": "some"}, "terminations"),
        ({"faces": "many"}, "faces"),
        ({"faces": {}}, "faces"),
        ({"faces": {"film": ()}}, "faces"),
        ({"faces": {"layer": ((0, 0, 1),)}}, "faces"),
    ],
)
def test_impossible_wishes_are_refused(options, why):
    with pytest.raises(UsageError, match=why) as caught:
        Enumeration(**options)
    assert caught.value.where == "enumerate"
