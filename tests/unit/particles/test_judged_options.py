import pytest

from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.particles.judged_options import judge_three, judge_word


def test_three_entries():
    for values in (None, 4, "3 nm", (1, 2, 3), [1.0, 2.0, 3.0]):
        judge_three(values, "box")
    with pytest.raises(UsageError, match=r"2 entries for three axes, in box; found \[1, 2\]"):
        judge_three((1, 2), "box")


def test_words():
    judge_word("core", "shared_plane", ("core", "shell"))
    with pytest.raises(UnknownNameError, match=r"'corr', in shared_plane; allowed core, shell"):
        judge_word("corr", "shared_plane", ("core", "shell"))
