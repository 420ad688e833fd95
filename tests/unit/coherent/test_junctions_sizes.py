"""Sizes of parts side by side."""

import pytest

from heterobuild.coherent.junctions_sizes import (
    asked_widths,
    film_layers,
    part_heights,
    part_orientations,
    stripe_owners,
)
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError

IODIDE, BA = load_crystal("CsPbI3:cubic"), load_crystal("BA2PbI4")


def test_widths():
    assert asked_widths((3, 4), (), 1, parts=2, edges=[6.0]) == [18.0, 24.0]
    assert asked_widths((), ("3 nm", 20.0), 1, parts=2, edges=[6.0, 5.0]) == [30.0, 20.0]
    assert asked_widths((), (), 1, parts=3, edges=[6.0]) == [24.0] * 3
    with pytest.raises(UsageError, match=r"use 6\.00"):
        asked_widths((), (2.9, 20.0), 1, parts=2, edges=[6.0])
    with pytest.raises(UsageError, match="give 4 widths"):
        asked_widths((3, 3, 3), (), 2, parts=2, edges=[6.0])


def test_heights():
    each = [(6.0, 3), (5.0, 3)]
    assert part_heights((), (), each) == (18.0, 15.0)
    assert part_heights((), (), [(14.0, 1), (5.0, 3)]) == (14.0, 15.0)
    assert part_heights((2,), (), each) == (12.0, 10.0)
    assert part_heights((2, 4), (), each) == (12.0, 20.0)
    assert part_heights((), ("3 nm", 19.0), each) == (30.0, 19.0)
    assert part_heights((), (19.0,), each) == (19.0, 19.0)
    with pytest.raises(UsageError, match="3 heights for 2 parts"):
        part_heights((1, 2, 3), (), each)


def test_layers():
    assert film_layers((), (IODIDE, IODIDE)) == 3
    assert film_layers((), (BA, BA)) == 1
    assert film_layers((2, 2), (BA, BA)) == 2
    with pytest.raises(UsageError, match="one height"):
        film_layers((2, 3), (BA, BA))


def test_owners_and_orientations():
    assert stripe_owners(3, 2) == (0, 1, 0)
    with pytest.raises(UsageError, match="give 3"):
        stripe_owners(2, 3)
    assert part_orientations((), 2) == ("", "")
    assert part_orientations(("[100] (001)", ""), 2) == ("[100] (001)", "")
    with pytest.raises(UsageError, match="1 orientations for 2 parts"):
        part_orientations(("[100] (001)",), 2)
