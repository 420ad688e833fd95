"""Periodic images around the cell, against all images by brute force."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from heterobuild.validation.images import with_images


@pytest.mark.parametrize("pbc", list(product([True, False], repeat=3)))
@pytest.mark.parametrize("reach", [1.0, 7.0])
def test_every_image_within_reach_is_there_once(pbc, reach):
    rng = np.random.default_rng(5)
    cell = np.array([[5.0, 0, 0], [1.7, 4.0, 0], [-0.8, 1.1, 6.0]])
    points = rng.uniform(-2, 2, (12, 3)) @ cell
    images, source = with_images(points, cell, pbc, reach)
    inverse = np.linalg.inv(cell)
    margin = reach * np.linalg.norm(inverse, axis=0)
    wanted = []
    for turns in product(*(range(-9, 10) if flag else (0,) for flag in pbc)):
        fractions = points @ inverse + turns
        inside = (fractions > -margin) & (fractions < 1 + margin)
        wanted.append((points + turns @ cell)[(inside | ~np.array(pbc)).all(axis=1)])
    expected = np.concatenate(wanted)
    assert len(images) == len(expected)
    order, other = np.lexsort(images.round(6).T), np.lexsort(expected.round(6).T)
    assert images[order] == pytest.approx(expected[other], abs=1e-9)
    turns = (images - points[source]) @ inverse
    assert turns == pytest.approx(np.rint(turns), abs=1e-9)
