"""Walls without charge, and the least dipole of the whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from heterobuild.errors import UsageError
from heterobuild.incoherent.openings import open_host
from heterobuild.incoherent.wall_neutrality import neutral_walls
from heterobuild.labels import CHARGE


def charge_left(host, opened) -> float:
    kept = opened.kept.ravel()[host.site_of]
    return float(host.atoms.arrays[CHARGE][kept].sum())


def test_each_wall_becomes_neutral_by_itself(isolated_host, guest, far_guest):
    guests = [guest, far_guest]
    opened = open_host(isolated_host, guests, gap=0.0)
    before = charge_left(isolated_host, opened)
    assert before != 0
    left, entries, steps = neutral_walls(isolated_host, opened, guests, "auto", seed=1)
    assert charge_left(isolated_host, left) == pytest.approx(0, abs=1e-9)
    assert sum(entry.charge for entry in entries) == pytest.approx(-before)
    assert {entry.where for entry in entries} == {"wall of dot 1", "wall of dot 2"}
    changed = opened.kept & ~left.kept
    assert (opened.wall_of[changed] > 0).all()
    assert [wall["charge_after_e"] for wall in steps[0].values["walls"]] == [0, 0]


def test_the_dipole_in_the_record_is_that_of_the_atoms(shell_host, guest):
    inner = replace(guest, centre=np.zeros(3))
    opened = open_host(shell_host, [inner], gap=0.0)
    left, _, steps = neutral_walls(shell_host, opened, [inner], "auto", seed=1)

    def dipole(kept):
        there = kept.ravel()[shell_host.site_of]
        charge = shell_host.atoms.arrays[CHARGE][there]
        own = guest.atoms.arrays[CHARGE] @ guest.atoms.positions
        return charge @ shell_host.atoms.positions[there] + own

    whole = shell_host.atoms.arrays[CHARGE] @ shell_host.atoms.positions
    after = np.array(steps[0].values["dipole_after_eA"])
    np.testing.assert_allclose(dipole(left.kept) - whole, after, atol=2e-3)
    assert np.linalg.norm(after) < 4.0


def test_a_charged_shell_becomes_neutral_with_its_surface(charged_shell, guest):
    aside = replace(guest, centre=np.array([25.0, 0, 0]))
    opened = open_host(charged_shell, [aside], gap=0.0)
    left, entries, _ = neutral_walls(
        charged_shell, opened, [aside], "auto", seed=1, surface="shell"
    )
    assert charge_left(charged_shell, left) == pytest.approx(0, abs=1e-9)
    assert {entry.where for entry in entries} == {"wall of dot 1 and surface of shell"}


@pytest.mark.parametrize("policy", ["refuse", "add-X"])
def test_a_policy_that_cannot_help_says_so(isolated_host, guest, policy):
    opened = open_host(isolated_host, [guest], gap=0.0)
    with pytest.raises(UsageError, match="wall of dot 1") as caught:
        neutral_walls(isolated_host, opened, [guest], policy, seed=1)
    assert "remove-A" in str(caught.value)


def test_walls_are_taken_together_where_one_cannot_help_itself(isolated_host, guest, far_guest):
    guests = [guest, far_guest]
    opened = open_host(isolated_host, guests, gap=0.0)
    helpless = replace(opened, wall_of=np.where(opened.wall_of == 1, 2, opened.wall_of))
    left, entries, steps = neutral_walls(isolated_host, helpless, guests, "auto", seed=1)
    assert charge_left(isolated_host, left) == pytest.approx(0, abs=1e-9)
    assert {entry.where for entry in entries} == {"walls of all dots"}
    assert "wall of dot 1 cannot become neutral by itself" in steps[0].choice
