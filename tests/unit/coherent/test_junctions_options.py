"""Options of parts side by side that mean nothing."""

import pytest

from heterobuild.coherent.junctions_options import (
    judge_counts,
    judge_line,
    judge_range,
    side_names,
    stands_apart,
)
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError

BA, BA2, PEA = (load_crystal(name) for name in ("BA2PbI4", "BA2MAPb2I7", "PEA2PbI4"))
IODIDE, HEXAGONAL = load_crystal("CsPbI3:cubic"), load_crystal("Cs4PbI6")


def test_lines():
    assert judge_line("[100]pc", "core_crown") == (1, 0)
    assert judge_line("[1 -2 0]", "stripes") == (1, -2)
    for text in ("[001]pc", "[101]pc", "[220]pc", "[000]", "100", ""):
        with pytest.raises(UsageError, match=r"\[100\]pc"):
            judge_line(text, "stripes")
    with pytest.raises(UsageError, match="core and crown"):
        judge_line("[110]pc", "core_crown")


def test_who_stands_apart():
    assert not stands_apart((IODIDE, IODIDE), "auto", oriented=False)
    assert stands_apart((IODIDE, IODIDE), "incoherent", oriented=False)
    assert stands_apart((IODIDE, IODIDE), "auto", oriented=True)
    assert stands_apart((IODIDE, HEXAGONAL), "auto", oriented=False)
    assert stands_apart((BA, IODIDE), "auto", oriented=False)
    assert stands_apart((BA, BA2), "incoherent", oriented=False)


@pytest.mark.parametrize(
    ("pair", "wall", "words"),
    [
        ((BA, BA2), "auto", "layers in a sheet"),
        ((BA, PEA), "auto", "spacers"),
        ((BA, IODIDE), "coherent", "no common network"),
        ((IODIDE, HEXAGONAL), "coherent", "no common network"),
    ],
)
def test_networks_that_do_not_meet(pair, wall, words):
    with pytest.raises(UsageError, match=words) as caught:
        stands_apart(pair, wall, oriented=False)
    assert "incoherent" in str(caught.value)


def test_names():
    assert side_names(3, ("a", "b", "c")) == ("a", "b", "c")
    with pytest.raises(UsageError, match="two parts"):
        side_names(1, ())
    with pytest.raises(UsageError, match="1 names for 2 parts"):
        side_names(2, ("a",))


def test_numbers():
    judge_counts(octahedra=(1, 2), layers=())
    with pytest.raises(UsageError, match=r"layers: \[1, 2\]"):
        judge_counts(layers=(0, 2))
    judge_range("times", None, 1)
    with pytest.raises(UsageError, match="use 1"):
        judge_range("times", 0, 1)
    with pytest.raises(UsageError, match=r"use 0\.2"):
        judge_range("max_strain", 3.0, 0, 0.2)
