from __future__ import annotations

import pytest

from heterobuild.assembly.option_ranges import is_length, require, require_word
from heterobuild.errors import UsageError


def test_what_is_fine_passes() -> None:
    require(1, "times", 1, "1 or more", "use 1")
    require_word("periodic", "slab", ("slab", "superlattice"))


def test_a_word_names_the_choices() -> None:
    with pytest.raises(UsageError, match="slab or superlattice") as caught:
        require_word("periodic", "wire", ("slab", "superlattice"))
    assert "'wire'" in str(caught.value)
    assert "use slab" in str(caught.value)


@pytest.mark.parametrize(
    ("value", "fine"),
    [(0.1, True), (10, True), (10.1, False), (-1, False), (None, False), ("3", False)],
)
def test_lengths(value: object, fine: bool) -> None:
    assert is_length(value, most=10) is fine
