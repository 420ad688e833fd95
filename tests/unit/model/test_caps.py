from __future__ import annotations

import pytest

from heterobuild.model.caps import Cap


@pytest.mark.parametrize(
    ("cap", "words"),
    [
        (Cap(shares=(("PEA", 1.0),)), "PEA on 100 % of the sites"),
        (
            Cap(shares=(("PEA", 0.25), ("BA", 0.75)), coverage=0.5),
            "25 % PEA, 75 % BA on 50 % of the sites",
        ),
    ],
)
def test_a_cap_in_words(cap, words):
    assert cap.words == words
