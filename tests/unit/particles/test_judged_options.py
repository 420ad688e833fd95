import math
from dataclasses import dataclass, field

import pytest

from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.particles.judged_options import (
    judge_coverage,
    judge_distance,
    judge_either,
    judge_three,
    judge_word,
    refuse_at_wall,
)


def test_three_entries():
    for values in (None, 4, "3 nm", (1, 2, 3), [1.0, 2.0, 3.0]):
        judge_three(values, "box")
    with pytest.raises(UsageError, match=r"2 entries for three axes, in box; found \[1, 2\]"):
        judge_three((1, 2), "box")


def test_words():
    judge_word("core", "shared_plane", ("core", "shell"))
    with pytest.raises(UnknownNameError, match=r"'corr', in shared_plane; allowed core, shell"):
        judge_word("corr", "shared_plane", ("core", "shell"))


@dataclass(frozen=True, kw_only=True)
class Two:
    layers: tuple[int, ...] = ()
    thickness: float | None = None


def test_the_same_in_two_ways():
    for one in (Two(), Two(layers=(1,)), Two(thickness=3.0)):
        judge_either(one, ("layers", "thickness"))
    with pytest.raises(UsageError, match=r"both layers and thickness are given, in thickness"):
        judge_either(Two(layers=(1,), thickness=3.0), ("layers", "thickness"))


@pytest.mark.parametrize("gap", [-0.1, -math.inf, math.inf, math.nan])
def test_gaps_below_zero(gap):
    with pytest.raises(UsageError, match=r"not negative, in gap"):
        judge_distance(gap, "gap", "use auto")


def test_gaps():
    for gap in ("auto", 0.0, 0, 3.2):
        judge_distance(gap, "gap", "use auto")


def test_a_coverage_needs_ligands():
    judge_coverage(1.0, {})
    judge_coverage(0.3, {"OLA": 1.0})
    with pytest.raises(UsageError, match=r"no ligands.*in coverage; found 0.3"):
        judge_coverage(0.3, {})


@dataclass(frozen=True, kw_only=True)
class Walls:
    gap: float | str = "auto"
    sizes: dict[str, float] = field(default_factory=dict)


def test_options_of_the_other_kind_of_wall():
    refuse_at_wall(Walls(), "coherent", ("gap", "sizes"))
    refuse_at_wall(Walls(gap=3.0), "coherent", ("sizes",))
    with pytest.raises(UsageError, match=r"gap means nothing.*one lattice.*found 3.0.*incoherent"):
        refuse_at_wall(Walls(gap=3.0), "coherent", ("gap",))
    with pytest.raises(UsageError, match=r"sizes means nothing.*of their own.*are coherent"):
        refuse_at_wall(Walls(sizes={"a": 1.0}), "incoherent", ("sizes",))
