from __future__ import annotations

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.slabs.orientation import cation_axes, crystal_to_slab
from heterobuild.slabs.stacking import stack_planes


@pytest.mark.parametrize("hkl", ["001", "110", "111", "2-13"])
@pytest.mark.parametrize("name", ["CsPbBr3_cubic", "SiO2_quartz", "MAPbI3_tetragonal"])
def test_rotation_is_proper_and_lifts_the_normal(name: str, hkl: str) -> None:
    crystal = load_crystal(name)
    stacking = stack_planes(crystal, hkl)
    rotation = crystal_to_slab(stacking)
    assert np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-9)
    assert np.linalg.det(rotation) == pytest.approx(1)
    normal = np.linalg.inv(crystal.cell) @ stacking.miller
    assert np.allclose(normal / np.linalg.norm(normal) @ rotation, [0, 0, 1], atol=1e-9)


def test_last_cation_axis_is_the_most_upright() -> None:
    crystal = load_crystal("MAPbI3_tetragonal")
    for hkl in ("001", "110", "112"):
        axes = cation_axes(crystal, crystal_to_slab(stack_planes(crystal, hkl)))
        assert np.allclose(axes @ axes.T, np.eye(3), atol=1e-9)
        assert np.linalg.det(axes) == pytest.approx(1)
        assert np.argmax(np.abs(axes[:, 2])) == 2
