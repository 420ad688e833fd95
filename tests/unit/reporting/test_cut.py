"""What a cut shows of particles and periodic models, counted by hand and by brute force."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild import CoreShell, Embedded, ParticleShape, carve_particle, labels, load_crystal
from heterobuild.reporting.cut import FRAMES, make_cut

CUBE = carve_particle("CsPbBr3_cubic", "cube", octahedra=5, ligands={"OLA": 1.0})


def count(scene, site):
    return int((scene.atoms.arrays[labels.SITE] == site).sum())


@pytest.mark.parametrize("along", ["x", "y", "z"])
def test_frame_is_a_proper_rotation_with_its_axis_in_the_line_of_sight(along):
    frame = FRAMES[along]
    assert np.allclose(frame.T @ frame, np.eye(3))
    assert np.linalg.det(frame) == pytest.approx(1.0)
    assert np.abs(frame[:, 2]).tolist() == [float(axis == along) for axis in "xyz"]


@pytest.mark.parametrize("along", ["x", "y", "z"])
def test_one_layer_of_octahedra_of_a_cube(along):
    scene = make_cut(CUBE.atoms, along=along)
    assert count(scene, labels.Site.B) == 25
    assert scene.polyhedra.faces.shape == (25 * 8, 3, 3)
    # 2 × 5 × 6 bridging in the plane, one above and one below each B
    assert count(scene, labels.Site.X) == 60 + 50
    assert scene.outline.shape == (0, 2, 3)
    assert len(scene.walls) == 0


def test_ligands_of_the_cut_are_whole_but_for_hydrogen():
    atoms = CUBE.atoms
    scene = make_cut(atoms)
    lead = atoms.positions[atoms.numbers == 82, 2]
    level = np.unique(np.round(lead, 3))[2]
    nitrogen = (atoms.numbers == 7) & (np.abs(atoms.positions[:, 2] - level) < 3.25)
    wanted = np.isin(atoms.arrays[labels.MOLECULE], atoms.arrays[labels.MOLECULE][nitrogen])
    heavy = wanted & (atoms.numbers != 1)
    assert heavy.sum() > 100
    ligand = scene.atoms.arrays[labels.SITE] == labels.Site.LIGAND
    assert ligand.sum() == heavy.sum()
    assert np.array_equal(scene.thin, ligand)
    assert 1 not in scene.atoms.numbers
    # a chain of n atoms has n - 1 bonds
    assert len(scene.bonds) == heavy.sum() - nitrogen.sum()


def test_through_chooses_the_layer_and_depth_its_thickness():
    lead = CUBE.atoms.positions[CUBE.atoms.numbers == 82]
    top = lead[np.argmax(lead[:, 2])]
    scene = make_cut(CUBE.atoms, through=top)
    shown = scene.atoms.positions[scene.atoms.numbers == 82, 2]
    assert shown == pytest.approx(np.full(25, top[2]))
    assert count(make_cut(CUBE.atoms, depth=14.0), labels.Site.B) == 75


def test_cut_passes_through_the_middle_of_the_core():
    built = CoreShell(
        shape=ParticleShape(kind="cube", octahedra=3), layers=(2,), offset=(0.0, 0.0, 5.9)
    ).build(load_crystal("CsPbI3_cubic"), load_crystal("CsPbBr3_cubic"))
    atoms, scene = built.atoms, make_cut(built.atoms)
    core = (atoms.numbers == 82) & (atoms.arrays[labels.REGION] == 1)
    middle = atoms.positions[core, 2].mean()
    shown = scene.atoms.numbers == 82
    assert scene.atoms.positions[shown, 2].mean() == pytest.approx(middle, abs=0.5)
    assert (scene.atoms.arrays[labels.REGION][shown] == 1).sum() == 9
    assert len(scene.walls) == 12


def test_periodic_matrix_is_shown_from_border_to_border():
    built = Embedded(shape=ParticleShape(kind="cube", octahedra=3), cells=8).build(
        load_crystal("CsPbI3_cubic"), load_crystal("CsPbBr3_cubic"), seed=3
    )
    atoms = built.atoms
    shift = np.array([0.37, 0.61, 0.83]) @ atoms.cell.array
    for moved in (np.zeros(3), shift):
        copy = atoms.copy()
        copy.positions += moved
        for along, pair in (("z", (0, 1)), ("x", (1, 2))):
            scene = make_cut(copy, along=along)
            sites = scene.atoms.arrays[labels.SITE] == labels.Site.B
            points = scene.atoms.positions[sites, :2]
            lengths = np.diag(atoms.cell.array)[list(pair)]
            fraction = np.round((points / lengths) % 1 * 8, 0) % 8
            # each of the 8 × 8 columns of octahedra is there
            assert len(np.unique(fraction, axis=0)) >= 64
            assert scene.outline.shape == (4, 2, 3)
            assert np.ptp(scene.outline[..., 0]) == pytest.approx(lengths[0])
            inner = scene.polyhedra.face_region == 1
            assert inner.sum() >= 9 * 8
            assert len(scene.walls) >= 12


def test_dots_on_the_border_of_the_box_are_found():
    built = Embedded(shape=ParticleShape(kind="cube", octahedra=3), cells=8).build(
        load_crystal("CsPbI3_cubic"), load_crystal("CsPbBr3_cubic"), seed=3
    )
    inner = built.atoms.arrays[labels.REGION] == 1
    lead = inner & (built.atoms.numbers == 82)
    middle = built.atoms.positions[lead].mean(axis=0)
    for height in (0.0, 5.0, -40.0):
        copy = built.atoms.copy()
        copy.positions[:, 2] += height - middle[2]
        copy.positions[:, 2] %= copy.cell[2, 2]
        scene = make_cut(copy)
        assert (scene.polyhedra.face_region == 1).sum() == 9 * 8


def test_wire_is_repeated_along_its_axis():
    wire = carve_particle("CsPbBr3_cubic", "wire", octahedra=3).atoms
    scene = make_cut(wire, along="x")
    # 23 Å are four cells, five rows from border to border
    assert count(scene, labels.Site.B) == 3 * 5
    assert np.ptp(scene.outline[..., 1]) == pytest.approx(wire.cell[2, 2])
    assert count(make_cut(wire, along="z"), labels.Site.B) == 9


def test_plane_of_a_bulk_crystal():
    edge = 6.0
    crystal = load_crystal("CsPbBr3_cubic")
    atoms = crystal.atoms.copy()
    atoms.set_cell(np.eye(3) * edge, scale_atoms=True)
    atoms.arrays[labels.REGION][:] = 1
    atoms.arrays[labels.LAYER][:] = 1
    scene = make_cut(atoms, height=18.0)
    # three cells, Pb on the corners from border to border
    assert count(scene, labels.Site.B) == 16
    assert len(scene.polyhedra.faces) == 8 * 16


def test_exchanged_halides_give_their_octahedra_another_colour():
    built = CoreShell(shape=ParticleShape(kind="cube", octahedra=5), halide_planes=2).build(
        load_crystal("CsPbI3_cubic"), load_crystal("CsPbBr3_cubic")
    )
    before = built.atoms.arrays[labels.REGION].copy()
    scene = make_cut(built.atoms)
    assert np.array_equal(built.atoms.arrays[labels.REGION], before)
    # the outer ring of 5 × 5
    assert (scene.polyhedra.face_region == 2).sum() == 16 * 8
    assert len(scene.walls) == 12
