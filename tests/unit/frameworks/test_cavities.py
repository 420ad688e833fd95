"""Halides around A cations."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial import cKDTree

from heterobuild.compounds import load_crystal
from heterobuild.frameworks.cavities import nearest_halides
from heterobuild.frameworks.framework import framework_of
from heterobuild.labels import Site


@pytest.mark.parametrize("name", ["CsPbBr3_cubic", "CsPbI3_gamma", "MAPbI3_tetragonal"])
def test_twelve_halides_are_the_nearest_ones(name):
    framework = framework_of(load_crystal(name))
    rows = nearest_halides(framework, 12)
    grid = np.array(list(np.ndindex(5, 5, 5))) - 2
    halides = framework.centres[framework.site == Site.X]
    cloud = (halides[:, None] + (grid @ framework.cell)[None]).reshape(-1, 3)
    for cation in np.flatnonzero(framework.site == Site.A):
        own = rows[rows[:, 0] == cation]
        ends = framework.centres[own[:, 1]] + own[:, 2:] @ framework.cell
        found = np.linalg.norm(ends - framework.centres[cation], axis=1)
        expected, _ = cKDTree(cloud).query(framework.centres[cation], 12)
        assert (framework.site[own[:, 1]] == Site.X).all()
        assert len(np.unique(own, axis=0)) == 12
        assert np.sort(found) == pytest.approx(expected, abs=1e-6)


def test_fewer_can_be_asked_for():
    framework = framework_of(load_crystal("CsPbI3_gamma"))
    assert len(nearest_halides(framework, 3)) == 3 * (framework.site == Site.A).sum()


def test_without_cations_there_are_no_rows():
    assert nearest_halides(framework_of(load_crystal("PbI2")), 12).shape == (0, 5)
