"""Clearances against sums over pairs written out, and lattice translations against counting."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.spacers.clearances import clearances, nearest, plane_shifts, with_images

RNG = np.random.default_rng(3)
FIRST = RNG.uniform(-5, 5, (40, 6, 3))
SECOND = RNG.uniform(-5, 5, (40, 9, 3))
FLOORS = RNG.uniform(1, 3, (6, 9))


@pytest.mark.parametrize("second", [SECOND, SECOND[:1]])
def test_the_least_ratio_of_all_pairs(second):
    gaps = np.linalg.norm(FIRST[:, :, None] - second[:, None], axis=3)
    assert clearances(FIRST, second, FLOORS) == pytest.approx((gaps / FLOORS).min(axis=(1, 2)))
    assert nearest(FIRST, second) == pytest.approx(gaps.min(axis=2))


def test_batches_do_not_matter(monkeypatch):
    whole = clearances(FIRST, SECOND, FLOORS), nearest(FIRST, SECOND)
    monkeypatch.setattr("heterobuild.spacers.clearances._BATCH", 60)
    assert (clearances(FIRST, SECOND, FLOORS) == whole[0]).all()
    assert (nearest(FIRST, SECOND) == whole[1]).all()


def test_nothing_to_touch():
    assert np.isinf(clearances(FIRST, np.zeros((1, 0, 3)), np.zeros((6, 0)))).all()


@pytest.mark.parametrize(
    "cell", [[[6.2, 0], [0, 6.2]], [[8.7, 0.3], [-2.0, 9.1]], [[3, 0], [5, 1]]]
)
@pytest.mark.parametrize("reach", [5.0, 13.0])
def test_all_translations_within_reach(cell, reach):
    cell = np.array(cell, dtype=float)
    counted = [
        (i, j)
        for i in range(-40, 41)
        for j in range(-40, 41)
        if np.linalg.norm([i, j] @ cell) <= reach
    ]
    shifts = plane_shifts(cell, reach)
    assert len(shifts) == len(counted)
    assert not shifts[0].any()
    assert len(plane_shifts(cell, reach, origin=False)) == len(counted) - 1


def test_images_of_one_translation_stand_together():
    shifts = plane_shifts(6.0 * np.eye(2), 6.0)
    images = with_images(FIRST, shifts)
    assert images.shape == (40, 5 * 6, 3)
    assert images[:, 6:12] == pytest.approx(FIRST + shifts[1])
