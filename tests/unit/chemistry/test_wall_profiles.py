"""Widths of A, B and X sites across a wall."""

from __future__ import annotations

from math import erfc, sqrt

import numpy as np
import pytest

from heterobuild.chemistry.diffusion import diffusivity, interdiffusion
from heterobuild.chemistry.wall_profiles import (
    ions_by_role,
    profile_words,
    refuse_nothing,
    refuse_wide,
    wall_profiles,
)
from heterobuild.errors import UsageError
from heterobuild.geometry.profiles import inner_share
from heterobuild.model import SiteProfile, WallProfile

INNER = {"A": {"MA": 1.0}, "B": {"Pb": 1.0}, "X": {"Br": 1.0}}
OUTER = {"A": {"Cs": 1.0}, "B": {"Sn": 1.0}, "X": {"I": 1.0}}


@pytest.mark.parametrize(("time", "temperature"), [(1e4, 300.0), (36e4, 300.0), (600.0, 373.0)])
def test_diffusion_gives_the_closed_form_of_each_site(time: float, temperature: float) -> None:
    """The share at any distance is ½ erfc(d / 2√(Dt)) with the library's D."""
    profile = WallProfile(kind="diffusion", time=time, temperature=temperature)
    found = wall_profiles(profile, INNER, OUTER)
    away = np.linspace(-30.0, 30.0, 61)
    for role, first, second in (("X", "Br", "I"), ("A", "MA", "Cs")):
        length = 2 * sqrt(diffusivity(interdiffusion(role, first, second), temperature) * time)
        expected = [0.5 * erfc(d * 1e-8 / length) for d in away]
        site = found.sites[role]  # type: ignore[index]
        assert site.kind == "erf"
        assert np.allclose(inner_share(away, site.kind, site.width), expected, atol=1e-9)
    assert found.sites["B"].kind == "sharp"


def test_cations_mix_over_a_hundredth_of_the_halides() -> None:
    """D differs by about 1e-4, widths by its square root."""
    found = wall_profiles(WallProfile(kind="diffusion", time=1e4), INNER, OUTER)
    assert 1e-3 < found.sites["A"].width / found.sites["X"].width < 3e-2


def test_what_moves_less_than_a_hop_stays_sharp() -> None:
    found = wall_profiles(WallProfile(kind="diffusion", time=10.0), INNER, OUTER)
    assert (found.sites["X"].kind, found.sites["A"].kind) == ("erf", "sharp")
    assert "A sharp (D = 3.3e-20 cm²/s" in found.step("core | shell", "random").choice


def test_a_given_coefficient_replaces_that_of_the_library() -> None:
    profile = WallProfile(kind="diffusion", time=100.0, diffusivity={"X": 1e-16})
    found = wall_profiles(profile, INNER, OUTER)
    assert found.sites["X"].width == pytest.approx(36.248, abs=1e-3)
    assert "given" in found.words[-1]
    assert found.values["X"]["D_cm2_s"] == 1e-16  # type: ignore[index]


def test_source_and_confidence_are_told() -> None:
    found = wall_profiles(WallProfile(kind="diffusion", time=60.0), INNER, OUTER)
    step = found.step("core | shell", "random")
    assert "low confidence" in step.choice
    assert step.values["X"]["doi"] == "10.1021/acsenergylett.9b01280"  # type: ignore[index]
    assert step.values["X"]["temperature_K"] == 300.0  # type: ignore[index]


def test_only_sites_whose_ions_differ_mix() -> None:
    found = wall_profiles(WallProfile(kind="erf", width=9.0), INNER, INNER | {"X": {"I": 1.0}})
    assert found.differing == found.mixing == ("X",)
    assert len(found.words) == 1
    both = wall_profiles(WallProfile(kind="erf", width=9.0), INNER, OUTER)
    assert (both.differing, both.mixing) == (("A", "B", "X"), ("A", "X"))


def test_a_profile_without_effect_is_refused() -> None:
    profile = WallProfile(kind="erf", width=9.0)
    lead = wall_profiles(profile, INNER, INNER | {"B": {"Sn": 1.0}})
    with pytest.raises(UsageError, match=r"only B sites differ, which stay sharp.*sites: \{B:"):
        refuse_nothing(profile, [lead])
    with pytest.raises(UsageError, match="no ions do"):
        refuse_nothing(profile, [wall_profiles(profile, INNER, INNER)])
    refuse_nothing(profile, [lead, wall_profiles(profile, INNER, OUTER)])
    slow = WallProfile(kind="diffusion", time=1e-9)
    refuse_nothing(slow, [wall_profiles(slow, INNER, OUTER)])


def test_a_profile_wider_than_the_part_is_refused_with_the_widest() -> None:
    refuse_wide(SiteProfile(kind="erf", width=24.0), role="X", room=12.0, part="film", planes=4)
    wide = SiteProfile(kind="linear", width=24.5)
    with pytest.raises(UsageError, match=r"24\.5 Å wide.*film.*12 Å.*at most 24 Å"):
        refuse_wide(wide, role="X", room=12.0, part="film", planes=4)
    listed = SiteProfile(kind="layers", inside=(0.9,) * 5)
    with pytest.raises(UsageError, match=r"5 planes.*4 planes of the film"):
        refuse_wide(listed, role="X", room=12.0, part="film", planes=4)


def test_amounts_become_shares() -> None:
    found = ions_by_role(iter([("A", "FA", 3.0), ("A", "Cs", 1.0), ("SPACER", "PEA", 2.0)]))
    assert found == {"A": {"FA": 0.75, "Cs": 0.25}}
    assert profile_words(SiteProfile(kind="layers", inside=(0.5,))) == (
        "as given in 1 planes inside, 0 outside"
    )
