"""Guests moved to their registry, and what is told of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from heterobuild.incoherent.openings import open_host
from heterobuild.incoherent.registered import registered, registered_centre, registry_step
from heterobuild.incoherent.trial_places import primitive_steps
from heterobuild.incoherent.wall_registry import UNSEARCHED, best_shift
from heterobuild.particles.forms import make_form
from heterobuild.particles.options import ParticleShape


def moved(host, guests, alike, *, fits=lambda _: True):
    framework, rotation = host.draft.sites.block.framework, host.draft.rotation
    return registered(guests, alike, framework, rotation, gap=0.0, fits=fits)


def test_dots_that_are_alike_find_equal_places(isolated_host, guest, far_guest):
    twin = replace(guest, name="dot 2", centre=far_guest.centre)
    found, step = moved(isolated_host, [guest, twin], ["same", "same"])
    steps = primitive_steps(isolated_host.draft.crystals[0]) @ isolated_host.draft.rotation
    apart = (found[1].centre - found[0].centre) @ np.linalg.inv(steps)
    np.testing.assert_allclose(apart, np.rint(apart), atol=1e-6)
    for before, after in zip([guest, twin], found, strict=True):
        assert np.linalg.norm(after.centre - before.centre) < np.linalg.norm(steps, axis=1).max()
    opened = open_host(isolated_host, found, gap=0.0)
    taken = np.bincount(opened.taken_for[..., opened_b(isolated_host)].ravel(), minlength=3)
    told = step.values["searches"][0]["octahedra_taken"]["shifted"]
    assert taken[1:].tolist() == [told, told]
    shifts = [found[0].centre - guest.centre, found[1].centre - twin.centre]
    np.testing.assert_allclose(step.values["shift_A"], np.round(shifts, 4))


def opened_b(host):
    return host.draft.sites.block.framework.b_units


def test_dots_without_room_stay(isolated_host, guest, far_guest):
    found, step = moved(isolated_host, [guest, far_guest], ["a", "b"], fits=lambda _: False)
    np.testing.assert_array_equal(found[0].centre, guest.centre)
    np.testing.assert_array_equal(found[1].centre, far_guest.centre)
    assert not np.any(step.values["shift_A"])


def test_the_centre_of_a_shell_moves_against_its_guest(shell_host, guest):
    inner = replace(guest, centre=np.array([1.0, -2.0, 0.5]))
    draft = shell_host.draft
    form = make_form(ParticleShape(kind="sphere", radius=32.0), draft.crystals[0])
    fractions, step = registered_centre(draft, inner, form, gap=0.0)
    framework = draft.sites.block.framework
    point = np.array(fractions) @ framework.conventional @ draft.rotation + inner.centre
    there = best_shift(framework, draft.rotation, point, inner, gap=0.0)
    told = step.values["searches"][0]["octahedra_taken"]
    assert there.unshifted <= told["shifted"] <= told["unshifted"]
    away = (point - draft.centre @ draft.rotation - inner.centre) + step.values["shift_A"][0]
    np.testing.assert_allclose(away, 0, atol=1e-3)


def test_no_search_is_said():
    step = registry_step([UNSEARCHED], np.zeros((1, 3)))
    assert "too large" in step.choice
    assert step.values["tried"] == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_words_name_shift_and_octahedra(count):
    one = replace(
        UNSEARCHED, shift=np.array([0, 3.0, 4.0]), tried=90, taken=7, unshifted=9, most=12
    )
    step = registry_step([one], np.tile(one.shift, (count, 1)))
    assert "5.00 Å" in step.choice
    assert "7 octahedra taken away, 9 unshifted, 12 at worst; 90 shifts tried" in step.choice
