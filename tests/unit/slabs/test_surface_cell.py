from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from heterobuild.crystals import load_crystal
from heterobuild.errors import UsageError
from heterobuild.slabs.stacking import stack_planes
from heterobuild.slabs.surface_cell import surface_cell


@pytest.mark.parametrize("hkl", ["001", "110", "111", "012", "2-11"])
@pytest.mark.parametrize(
    "name", ["NaCl", "CsPbBr3_cubic", "CsPb2Br5", "Cs4PbBr6", "CsCu2I3", "MAPbI3_tetragonal"]
)
def test_cell_without_atoms_is_that_of_the_stacking(name: str, hkl: str) -> None:
    crystal = load_crystal(name)
    expected = stack_planes(crystal, hkl).cell[:2, :2]
    for known in (crystal, replace(crystal, atoms=None)):
        cell = surface_cell(known, hkl)
        change = cell @ np.linalg.inv(expected)
        assert np.linalg.det(cell) == pytest.approx(np.linalg.det(expected))
        assert np.allclose(np.linalg.norm(cell, axis=1), np.linalg.norm(expected, axis=1))
        assert np.linalg.det(change) == pytest.approx(1)


def test_bad_indices_are_refused() -> None:
    with pytest.raises(UsageError, match="name no plane"):
        surface_cell(load_crystal("NaCl"), [0, 0, 0])
