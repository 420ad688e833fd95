from __future__ import annotations

import numpy as np
import pytest

from heterobuild.errors import UsageError
from heterobuild.particles.options import ParticleShape
from heterobuild.particles.sizes import Extent, Size, length_in_angstrom, size_of


@pytest.mark.parametrize(
    ("value", "length"),
    [
        (30, 30.0),
        (30.5, 30.5),
        (np.float64(12), 12.0),
        ("30", 30.0),
        ("6.6 nm", 66.0),
        ("6.6nm", 66.0),
        (".5 nm", 5.0),
        ("30 Å", 30.0),
        ("30 \u212b", 30.0),
        ("30 A\u030a", 30.0),
        ("30 A", 30.0),
        (" 30 angstrom ", 30.0),
        ("3e1 Å", 30.0),
        (1e5, 1e5),
    ],
)
def test_lengths(value, length):
    assert length_in_angstrom(value, "radius") == length


@pytest.mark.parametrize(
    "value", ["", "nm", "30 pm", "30 mm", "3 0", "1,5", "--3", True, None, [3]]
)
def test_no_lengths(value):
    with pytest.raises(UsageError, match="this is no length, in radius"):
        length_in_angstrom(value, "radius")


@pytest.mark.parametrize(
    "value", [0, -3.0, "-3 nm", float("nan"), float("inf"), "1e6", "2e4 nm", "1e999"]
)
def test_lengths_out_of_range(value):
    with pytest.raises(UsageError, match="out of range, in core"):
        length_in_angstrom(value, "core")


def counted(*numbers):
    return tuple(Extent(octahedra=n) for n in numbers)


def long(*lengths):
    return tuple(Extent(length=x) for x in lengths)


@pytest.mark.parametrize(
    ("given", "extents"),
    [
        ({}, counted(3, 3, 3)),
        ({"kind": "sphere"}, counted(3, 3, 3)),
        ({"kind": "octahedron"}, counted(3)),
        ({"kind": "wulff"}, ()),
        ({"lengths": "2 nm"}, long(20, 20, 20)),
        ({"radius": 20}, long(40, 40, 40)),
        ({"kind": "cuboid", "octahedra": (2, 3, 4)}, counted(2, 3, 4)),
        ({"kind": "cuboid", "octahedra": [2, 3, 4]}, counted(2, 3, 4)),
        ({"kind": "ellipsoid", "lengths": (20, "3 nm", 40)}, long(20, 30, 40)),
        ({"kind": "platelet", "monolayers": 2}, counted(3, 3, 2)),
        ({"kind": "platelet", "octahedra": 8, "monolayers": 2}, counted(8, 8, 2)),
        (
            {"kind": "platelet", "lengths": (50, 80), "monolayers": 2},
            (*long(50, 80), *counted(2)),
        ),
        ({"kind": "platelet", "lengths": (50, 80, 20)}, long(50, 80, 20)),
        ({"kind": "rod", "octahedra": (3, 9)}, counted(3, 3, 9)),
        ({"kind": "rod", "octahedra": (3, 4, 9)}, counted(3, 4, 9)),
        ({"kind": "rod", "radius": 10, "octahedra": 9}, (*long(20, 20), *counted(9))),
        ({"kind": "rod", "radius": 10, "lengths": 90, "section": "round"}, long(20, 20, 90)),
        ({"kind": "wire"}, (*counted(3, 3), Extent())),
        ({"kind": "wire", "octahedra": (3, 4)}, (*counted(3, 4), Extent())),
        ({"kind": "wire", "radius": 10, "section": "round"}, (*long(20, 20), Extent())),
    ],
)
def test_extents(given, extents):
    assert size_of(ParticleShape(**given)).extents == extents


def test_radius_of_a_polyhedron_is_that_of_its_inscribed_sphere():
    size = size_of(ParticleShape(kind="truncated-cube", radius="2 nm"))
    assert size == Size(extents=(), inscribed=20.0)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"octahedra": 3, "lengths": 20}, "octahedra and lengths"),
        ({"radius": 3, "lengths": 20}, "lengths and radius"),
        ({"kind": "rod", "octahedra": 3, "lengths": 20}, "one size"),
        ({"octahedra": (2, 3)}, "found 2"),
        ({"kind": "cuboid", "octahedra": (2, 3)}, "found 2"),
        ({"kind": "sphere", "lengths": (20, 30, 40)}, "found 3"),
        ({"kind": "rod"}, "size of a rod is missing"),
        ({"kind": "rod", "octahedra": 3}, "diameter and length"),
        ({"kind": "rod", "radius": 3}, "length"),
        ({"kind": "rod", "section": "round", "octahedra": (3, 4, 9)}, "found 3"),
        ({"kind": "wire", "section": "round", "octahedra": (3, 4)}, "found 2"),
        ({"kind": "wire", "octahedra": (3, 4, 5)}, "found 3"),
        ({"kind": "platelet"}, "monolayers"),
        ({"kind": "platelet", "octahedra": 8}, "monolayers"),
        ({"kind": "platelet", "octahedra": (8, 8, 2), "monolayers": 2}, "found 3"),
        ({"kind": "platelet", "radius": 8}, "no radius"),
        ({"kind": "cuboid", "radius": 8}, "no radius"),
        ({"octahedra": 0}, "found 0"),
        ({"octahedra": -2}, "found -2"),
        ({"octahedra": 2.5}, "found 2.5"),
        ({"octahedra": True}, "found True"),
        ({"octahedra": 10**9}, "1 to 20000"),
        ({"octahedra": ()}, "found 0"),
        ({"kind": "platelet", "monolayers": 0}, "in monolayers; found 0"),
        ({"lengths": "3 feet"}, "3 feet"),
    ],
)
def test_sizes_that_are_refused(given, says):
    with pytest.raises(UsageError, match=says):
        size_of(ParticleShape(**given))
