"""What a wall profile may ask for."""

from __future__ import annotations

import pytest

from heterobuild.errors import UsageError
from heterobuild.model import SiteProfile, WallProfile


def test_b_cations_stay_sharp_unless_named() -> None:
    profile = WallProfile(kind="erf", width=12.0)
    assert [profile.asked(role).kind for role in ("A", "B", "X")] == ["erf", "sharp", "erf"]  # type: ignore[arg-type]
    own = WallProfile(kind="erf", width=12.0, sites={"B": SiteProfile(kind="linear", width=3.0)})
    assert (own.asked("B").kind, own.asked("B").width, own.asked("X").width) == ("linear", 3, 12)


def test_one_site_alone_makes_a_wall_graded() -> None:
    assert not WallProfile().graded
    assert WallProfile(sites={"X": SiteProfile(kind="erf", width=4.0)}).graded
    assert not WallProfile(sites={"X": SiteProfile()}).graded


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"width": 5.0}, "a sharp wall has no width"),
        ({"kind": "layers", "width": 5.0}, "plane by plane have no width"),
        ({"kind": "erf", "width": 5.0, "inside": (0.5,)}, "inside and outside mean nothing"),
        ({"kind": "layers", "inside": (1.5,)}, "a share of the inner composition is a fraction"),
        ({"kind": "erf", "width": 5.0, "time": 10.0}, "time and diffusivity mean nothing"),
        ({"kind": "diffusion"}, "needs a time in s"),
        ({"kind": "diffusion", "time": -1.0}, "needs a time in s"),
        ({"kind": "diffusion", "time": 1.0, "width": 3.0}, "width, inside and outside mean"),
        ({"kind": "layers"}, "needs shares plane by plane"),
        ({"kind": "diffusion", "time": 1.0, "diffusivity": {"X": -1e-15}}, "is not negative"),
        ({"in_plane": "chequered"}, "unknown pattern"),
    ],
)
def test_what_cannot_be_meant_is_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        WallProfile(**options)  # type: ignore[arg-type]
