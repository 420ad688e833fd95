"""Filled grains: whole octahedra only, all inside."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from heterobuild.compounds import load_crystal
from heterobuild.frameworks.framework import framework_of
from heterobuild.geometry.rotations import random_rotations
from heterobuild.incoherent.grains_filling import OUT, Filling, chosen_sites, filled
from heterobuild.incoherent.grains_places import GrainPlace
from heterobuild.incoherent.matrices import any_matrix
from heterobuild.labels import Site

RADIUS = 22.0
CORNERS = RADIUS * (2.0 * np.array(list(np.ndindex(2, 2, 2))) - 1)


def ball(radius=RADIUS, centre=(100.0, 20.0, -30.0)):
    return GrainPlace(
        phase=1,
        centre=np.array(centre),
        corners=CORNERS,
        depth=lambda p: radius - np.linalg.norm(p, axis=1),
        beside={},
    )


def grain(name, gap=0.0, radius=RADIUS, seed=3):
    filling = Filling(gap=gap, cations="random", seed=seed)
    turn = random_rotations(1, np.random.default_rng(1))[0]
    chosen = chosen_sites(ball(radius), framework_of(load_crystal(name)), turn, filling, number=1)
    return chosen, filled(chosen, filling) if chosen else None


@pytest.mark.parametrize(
    ("name", "metal", "halide", "bonds"),
    [("CsPbBr3", 82, 35, 6), ("Cs4PbBr6", 82, 35, 6), ("CsPbI3_delta", 82, 53, 6),
     ("CsCu2I3", 29, 53, 4)],
)  # fmt: skip
def test_every_metal_has_all_its_halides(name, metal, halide, bonds):
    """Neighbours counted by a k-d tree of the finished atoms."""
    _, made = grain(name)
    numbers, points = made.atoms.numbers, made.atoms.positions
    tree = cKDTree(points[numbers == halide])
    longest = 1.2 * framework_of(load_crystal(name)).bond
    counts = [len(near) for near in tree.query_ball_point(points[numbers == metal], longest)]
    assert min(counts) >= bonds
    assert len(counts) > 20


@pytest.mark.parametrize("gap", [0.0, 3.0])
def test_halides_are_inside_and_cations_nearly(gap):
    chosen, made = grain("CsPbBr3", gap)
    away = np.linalg.norm(made.atoms.positions - chosen.place.centre, axis=1)
    halide = made.atoms.numbers == 35
    assert away[halide].max() <= RADIUS - gap / 2 + 1e-6
    assert away.max() <= RADIUS - gap / 2 + OUT + 1e-6
    assert away[halide].max() > RADIUS - gap / 2 - 2
    assert (made.atoms.arrays["region"] == 2).all()


def test_depth_of_sites_and_lattice():
    """Sites are those of the crystal, turned; depths those of the ball."""
    chosen, made = grain("Cs4PbBr6")
    away = np.linalg.norm(made.atoms.positions - chosen.place.centre, axis=1)
    assert made.depth[made.site_of] == pytest.approx(RADIUS - away, abs=1e-4)
    crystal = load_crystal("Cs4PbBr6")
    local = (made.atoms.positions - chosen.place.centre) @ chosen.rotation.T + chosen.centre
    fractions = local @ np.linalg.inv(crystal.cell)
    tree = cKDTree(crystal.atoms.get_scaled_positions(wrap=True) % 1.0, boxsize=1.0)
    assert tree.query(fractions % 1.0)[0].max() < 1e-6


def test_too_small_for_an_octahedron():
    assert grain("CsPbBr3", radius=2.0) == (None, None)


def test_endless_matrix_keeps_its_lattice():
    crystal = load_crystal("CsPbBr3:cubic")
    matrix = any_matrix(crystal, (6, 6, 6), slab=False)
    place = GrainPlace(
        phase=0,
        centre=np.zeros(3),
        corners=np.zeros((1, 3)),
        depth=lambda p: np.full(len(p), 50.0),
        beside={},
        endless=True,
    )
    filling = Filling(gap=0.0, cations="random", seed=1)
    chosen = chosen_sites(
        place, framework_of(crystal), matrix.rotation, filling, number=1, matrix=matrix
    )
    made = filled(chosen, filling)
    assert len(made.atoms) == 5 * 6**3
    assert made.draft.sites.charge == 0
    assert (made.atoms.arrays["site"] == Site.B).sum() == 216
