"""What a scene shows of a cubic slab, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild import labels
from heterobuild.reporting.scene import make_scene, unit_places, view_frame


@pytest.mark.parametrize("look", [0, 1])
@pytest.mark.parametrize("turn", [0.0, 14.0, -30.0])
def test_frame_is_a_proper_rotation_with_the_normal_to_the_right(look, turn):
    cell = np.array([[5.0, 0, 0], [-2.0, 6.0, 0], [1.0, 1.0, 20.0]])
    frame = view_frame(cell, look=look, turn=turn)
    assert np.allclose(frame.T @ frame, np.eye(3))
    assert np.linalg.det(frame) == pytest.approx(1.0)
    assert np.allclose(frame[:, 0], [0, 0, 1])
    assert (cell[look] @ frame)[2] > 0


def test_counts_of_a_cubic_slab(slab):
    scene = make_scene(slab, along="b", height=12.0, depth=6.0, turn=0.0)
    site = scene.atoms.arrays[labels.SITE]
    # two cells high: B on three rows of corners, A in the two rows between, four layers
    assert (site == labels.Site.B).sum() == 3 * 4
    assert (site == labels.Site.A).sum() == 2 * 4
    # whole octahedra but in the lowest layer, where the sixth ion is missing
    assert len(scene.polyhedra.faces) == 3 * (3 * 8 + 6)
    assert scene.interfaces == pytest.approx((10.5,))
    assert set(scene.spans) == {1, 2}


@pytest.mark.parametrize("along", ["a", "b"])
def test_distances_along_the_stacking_axis_stay_true(slab, along):
    scene = make_scene(slab, along=along, height=6.0, depth=6.0, turn=20.0)
    x = scene.atoms.positions[scene.atoms.numbers == 82, 0]
    assert np.unique(np.round(x, 9)).tolist() == [0.0, 6.0, 12.0, 18.0]
    assert np.ptp(scene.outline[..., 0]) == pytest.approx(34.0)


def test_large_cell_shows_its_front(slab):
    wide = labels.repeat(
        slab, np.array([[0, 6.0 * i, 0] for i in range(8)]), slab.cell.array * [[1], [8], [1]]
    )
    scene = make_scene(wide, along="b", height=12.0, depth=6.0, turn=0.0)
    few = make_scene(slab, along="b", height=12.0, depth=6.0, turn=0.0)
    assert len(scene.atoms) == pytest.approx(len(few.atoms), rel=0.5)
    assert scene.atoms.positions[:, 2].min() > 35.0
    assert scene.outline.shape == (4, 2, 3)
    assert np.allclose(scene.outline[..., 2], 48.0)


def test_superlattice_is_a_block_also_where_its_vector_leans(slab):
    slab.pbc = True
    slab.cell[2] = [2.5, 0.0, 24.0]
    scene = make_scene(slab, along="b", height=12.0, depth=6.0, turn=0.0)
    caesium = scene.atoms.positions[scene.atoms.numbers == 55]
    assert np.unique(np.round(caesium[:, 0], 6)).tolist() == [3.0, 9.0, 15.0, 21.0]
    assert np.unique(np.round(caesium[:, 1], 6)).tolist() == [3.0, 9.0]
    assert len(scene.interfaces) == 2


def test_molecules_stay_whole_and_bonded(slab):
    atoms = slab.copy()
    atoms.arrays[labels.MOLECULE][[0, 2]] = 1
    atoms.numbers[[0, 2]] = 6, 7
    atoms.positions[2] = atoms.positions[0] + [1.45, 0.0, 0.0]
    scene = make_scene(atoms, along="b", height=12.0, depth=6.0, turn=0.0)
    lengths = np.linalg.norm(np.diff(scene.atoms.positions[scene.bonds], axis=1), axis=-1)
    assert lengths == pytest.approx(1.45)
    assert len(lengths) == (scene.atoms.numbers == 7).sum() > 0


def test_ligand_is_where_its_charge_is_and_a_cation_in_its_centre(slab):
    slab.arrays[labels.MOLECULE][[0, 2, 3]] = 1
    slab.numbers[[0, 2, 3]] = 7, 6, 1
    slab.arrays[labels.CHARGE][[2, 3]] = 0.0
    for site, place in ((labels.Site.LIGAND, 0), (labels.Site.A, (0, 2))):
        slab.arrays[labels.SITE][[0, 2, 3]] = site
        wanted = np.atleast_2d(slab.positions[list(np.atleast_1d(place))]).mean(axis=0)
        assert np.allclose(unit_places(slab)[[0, 2, 3]], wanted)
    assert np.allclose(unit_places(slab)[4:], slab.positions[4:])
