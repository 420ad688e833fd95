import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.matching import MatchLimits, find_matches
from heterobuild.matching.surfaces import lattice_turns, surface_of
from heterobuild.slabs import cut_slab, surface_cell

HEXAGONAL = np.array([[1, 0], [-0.5, np.sqrt(3) / 2]])


@pytest.mark.parametrize(
    ("cell", "count"),
    [(np.eye(2), 4), (HEXAGONAL, 6), (np.diag([1.0, 1.2]), 2), (np.array([[1, 0], [0.3, 1.4]]), 2)],
)
def test_turns_of_plane_lattices(cell, count):
    turns = lattice_turns(cell)
    assert len(turns) == count
    metric = cell @ cell.T
    np.testing.assert_allclose(turns @ metric @ turns.transpose(0, 2, 1), [metric] * count)


def test_a_slab_a_face_and_its_cell_agree():
    crystal = load_crystal("CsPbBr3_cubic")
    slab = cut_slab(crystal, "001", layers=1)
    sides = [slab, (crystal, "001"), surface_cell(crystal, "001")]
    for side in sides:
        np.testing.assert_allclose(surface_of(side).cell, 5.874 * np.eye(2), atol=1e-9)
        assert len(surface_of(side).turns) == 4
    counts = {len(find_matches(side, (crystal, "110"), MatchLimits())) for side in sides}
    assert len(counts) == 1


def test_the_threefold_face_has_no_half_turn():
    surface = surface_of((load_crystal("CsPbBr3_cubic"), "111"))
    assert len(surface.turns) == 3
    assert not surface.has_half_turn


def test_a_phase_without_atoms_can_be_matched():
    matches = find_matches((load_crystal("PEA2PbBr4"), "001"), (load_crystal("CsPbBr3"), "010"))
    assert matches


@pytest.mark.parametrize(
    "side",
    [np.zeros((2, 2)), np.diag([1.0, -1.0]), np.full((2, 2), np.nan), np.eye(3), "CsPbBr3", None],
)
def test_cells_that_are_none(side):
    with pytest.raises(UsageError, match="surface cell"):
        surface_of(side)


@pytest.mark.parametrize("skew", [1, 32, -700])
def test_a_skew_basis_is_not_flat(skew):
    square, other = np.diag([5.874, 5.874]), np.diag([5.68, 5.68])
    found = find_matches(np.array([[1, skew], [0, 1]]) @ square, other)
    assert [m.log_strain for m in found] == pytest.approx(
        [m.log_strain for m in find_matches(square, other)]
    )


@pytest.mark.parametrize(
    "cell",
    [
        np.diag([1e200, 1e200]),
        np.diag([1e-200, 1e-200]),
        np.array([[1, 1], [1, 1 + 1e-10]]),
        np.array([[3.0, 4.0], [6.0, 8.0 + 1e-12]]),
        np.diag([1.0, 5000.0]),
    ],
)
def test_cells_that_no_crystal_has(cell):
    with pytest.raises(UsageError, match=r"too large|not flat"):
        surface_of(cell)
