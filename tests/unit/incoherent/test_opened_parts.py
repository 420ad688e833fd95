"""From a host and its guests to labelled atoms."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.incoherent.opened_parts import at_place, merged_steps, nearest_wall, open_for
from heterobuild.labels import CHARGE, LAYER
from heterobuild.model import Step


def test_what_is_left_is_neutral_and_counted_outward(isolated_host, guest):
    left = open_for(isolated_host, [guest], gap=0.0, policy="auto", seed=1)
    assert left.atoms.arrays[CHARGE].sum() == pytest.approx(0, abs=1e-9)
    layer = left.atoms.arrays[LAYER]
    assert layer.min() == 1
    away = np.linalg.norm(left.atoms.positions - guest.centre, axis=1)
    means = [away[layer == k].mean() for k in (1, 2)]
    assert means[0] < means[1]
    assert len(left.atoms) + sum(e.count for e in left.ledger) == len(isolated_host.atoms)
    assert left.octahedra == (left.atoms.numbers == 82).sum()


def test_distances_from_the_nearest_wall_count_images(isolated_host, guest, far_guest):
    rng = np.random.default_rng(5)
    points = rng.random((400, 3)) @ isolated_host.cell
    found = nearest_wall(points, [guest, far_guest], isolated_host.cell, isolated_host.pbc)
    shifts = (np.array(list(np.ndindex(5, 5, 5))) - 2) @ isolated_host.cell
    expected = np.full(len(points), np.inf)
    for one in (guest, far_guest):
        for shift in shifts:
            expected = np.minimum(expected, one.shape.distance(points - one.centre - shift))
    np.testing.assert_allclose(found, expected, atol=1e-9)


def test_a_guest_is_put_in_its_place(guest):
    np.testing.assert_allclose(at_place(guest).positions, guest.atoms.positions + guest.centre)


def test_steps_of_one_name_become_one():
    steps = [Step(name="size", choice="one", values={"a": 1}), Step(name="other", choice="x")]
    steps.append(Step(name="size", choice="two", values={"a": 2}))
    merged = merged_steps(steps)
    assert [step.name for step in merged] == ["size", "other"]
    assert merged[0].values["each"] == [{"a": 1}, {"a": 2}]
    assert merged[1] is steps[1]
