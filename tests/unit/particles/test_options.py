from __future__ import annotations

import dataclasses
import typing

import pytest

from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.model import WallProfile
from heterobuild.particles.options import ParticleShape, ShapeKind, refuse_unused


def test_defaults_fit_every_kind():
    for kind in typing.get_args(ShapeKind):
        refuse_unused(ParticleShape(kind=kind))


@pytest.mark.parametrize(
    ("given", "kinds"),
    [
        ({"monolayers": 2}, {"platelet"}),
        ({"axis": (1, 1, 0)}, {"platelet", "rod", "wire"}),
        ({"section": "round"}, {"rod", "wire"}),
        ({"truncation": 0.3}, {"truncated-cube", "truncated-octahedron"}),
        ({"facets": {"100": 1.0}}, {"wulff"}),
    ],
)
def test_an_option_is_refused_where_it_means_nothing(given, kinds):
    (name,) = given
    for kind in typing.get_args(ShapeKind):
        options = ParticleShape(kind=kind, **given)
        if kind in kinds:
            refuse_unused(options)
        else:
            with pytest.raises(UsageError, match=f"{name} means nothing for a {kind}"):
                refuse_unused(options)


def test_lists_count_as_tuples():
    refuse_unused(ParticleShape(kind="cube", axis=[0, 0, 1]))


@pytest.mark.parametrize(
    ("given", "says"),
    [({"kind": "spere"}, "did you mean sphere"), ({"kind": "rod", "section": "oval"}, "round")],
)
def test_unknown_names(given, says):
    with pytest.raises(UnknownNameError, match=says):
        refuse_unused(ParticleShape(**given))


def test_every_option_is_described():
    text = ParticleShape.__doc__
    for field in dataclasses.fields(ParticleShape):
        assert field.name in text


def test_a_sharp_wall_has_no_width():
    assert WallProfile(kind="erf", width=5.0).width == 5.0
    with pytest.raises(UsageError, match=r"no width, in width; found 5 Å.*linear and erf"):
        WallProfile(width=5.0)
