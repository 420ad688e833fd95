"""Phases on one lattice: counts, walls against brute force, area against the shared halides."""

import numpy as np
import pytest

from heterobuild.coherent.matrix import make_matrix
from heterobuild.coherent.mixtures import (
    CoherentMixture,
    coherent_mixture,
    common_lattice,
    phase_walls,
    pseudocubic_index,
)
from heterobuild.coherent.mixtures_amounts import Amounts
from heterobuild.coherent.mixtures_fields import Morphology
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.frameworks.scaling import cube_edge
from heterobuild.model import WallProfile

IODIDE, BROMIDE = load_crystal("CsPbI3:cubic"), load_crystal("CsPbBr3:cubic")
TILTED = load_crystal("CsPbBr3:orthorhombic")


def morphology(kind="bicontinuous", **options):
    chosen = {"length": 18.0, "spectrum": "smooth", "count": 9, "spread": None}
    return Morphology(kind=kind, **chosen | options)


def build(crystals=(IODIDE, BROMIDE), kind="bicontinuous", cells=10, seed=1, **options):
    chosen = {
        "morphology": morphology(kind),
        "amounts": Amounts(),
        "cells": (cells,) * 3,
        "shared": "outer",
        "profile": WallProfile(),
        "elastic": False,
        "free_cell": False,
        "cations": "random",
    }
    names = tuple("abc"[: len(crystals)])
    return coherent_mixture(
        crystals, CoherentMixture(**chosen | options), names=names, name="mixture", seed=seed
    )


@pytest.mark.parametrize("crystal", [BROMIDE, TILTED, load_crystal("Cs2AgBiBr6")])
def test_every_octahedron_has_its_own_cube(crystal):
    matrix = make_matrix(crystal, (4, 6, 8), slab=False)
    index = pseudocubic_index(matrix)
    flat = np.ravel_multi_index(tuple(index.T), matrix.cells)
    assert sorted(flat) == list(range(4 * 6 * 8))
    framework = matrix.block.framework
    points = np.stack([matrix.block.positions(u) for u in framework.b_units], axis=1)
    points = points.reshape(-1, 3) @ matrix.rotation
    away = points - points[0] - index @ matrix.steps
    away -= np.rint(away @ np.linalg.inv(matrix.cell)) @ matrix.cell
    assert np.linalg.norm(away, axis=1).max() < 0.3 * cube_edge(crystal)


@pytest.mark.parametrize("kind", ["bicontinuous", "grains", "inclusions"])
@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.17, 0.83), (0.2, 0.5, 0.3)])
def test_shares_are_exact_and_signs_are_those_of_the_phases(kind, shares):
    matrix = make_matrix(BROMIDE, (10, 9, 8), slab=False)
    walls, codes = phase_walls(matrix, morphology(kind), np.array(shares), seed=2)
    counts = np.bincount(codes.ravel(), minlength=len(shares) + 1)[1:]
    assert np.abs(counts - 720 * np.array(shares)).max() <= 1
    for k, wall in enumerate(walls, 1):
        assert ((codes <= k) == (wall <= 1e-6)).all()


def test_distances_near_flat_walls_of_grains():
    """Between two grains the wall is the plane halfway: brute force over the images of seeds."""
    from heterobuild.coherent.mixtures_fields import make_grains

    matrix = make_matrix(BROMIDE, (10, 10, 10), slab=False)
    options = morphology("grains", count=2)
    walls, codes = phase_walls(matrix, options, np.array([0.5, 0.5]), seed=4)
    grains, phase = make_grains(options, matrix.cell, [0.5, 0.5], seed=4)
    points = np.stack(np.meshgrid(*[np.arange(10)] * 3, indexing="ij"), -1) @ matrix.steps
    steps = np.stack(np.meshgrid(*[[-2, -1, 0, 1, 2]] * 3, indexing="ij"), -1).reshape(-1, 3)
    seeds = [grains.seeds[phase == k] + steps @ matrix.cell for k in (0, 1)]
    square = [((points[..., None, :] - s) ** 2).sum(axis=-1) for s in seeds]
    power = square[0].min(axis=-1) - square[1].min(axis=-1)
    level = (power[codes == 1].max() + power[codes == 2].min()) / 2
    nearest = [s[q.argmin(axis=-1)] for s, q in zip(seeds, square, strict=True)]
    apart = np.linalg.norm(nearest[0] - nearest[1], axis=-1)
    expected = (power - level) / (2 * apart)
    near = np.abs(expected) < 4.0
    off = np.abs(walls[0] - expected)[near]
    assert np.median(off) < 0.05
    assert np.quantile(off, 0.9) < 0.7


def test_lattice_is_the_mean():
    host = common_lattice((IODIDE, BROMIDE), np.array([0.25, 0.75]))
    assert host.name == BROMIDE.name
    assert cube_edge(host) == pytest.approx(0.25 * cube_edge(IODIDE) + 0.75 * cube_edge(BROMIDE))


def test_ions_of_each_phase():
    built = build(amounts=Amounts(volume_fractions=(0.3, 0.7)))
    numbers, region = built.atoms.numbers, built.atoms.arrays["region"]
    assert len(built.atoms) == 5000
    assert ((numbers == 82) & (region == 1)).sum() == 300
    assert (region[numbers == 53] == 1).all()
    assert (region[numbers == 35] == 2).all()
    assert built.atoms.arrays["formal_charge"].sum() == 0
    assert [part.name for part in built.regions] == ["a", "b"]


def test_wall_area_against_shared_halides():
    """Each shared halide is a square of the lattice; walls of the lattice are 3/2 of smooth ones.

    The mean of |n_x| + |n_y| + |n_z| over all directions of the normal is 3/2.
    """
    built = build(cells=24, morphology=morphology(length=30.0))
    mixture, wall = built.steps[0].values, built.steps[1].values
    edge = built.atoms.cell.lengths()[0] / 24
    smooth = mixture["wall_area_A2"]["1|2"]
    assert wall["shared_halides"] * edge**2 / 1.5 == pytest.approx(smooth, rel=0.06)
    assert wall["area_A2"] == pytest.approx(smooth, rel=0.12)


def test_layers_count_from_the_wall():
    built = build()
    layer, region = built.atoms.arrays["layer"], built.atoms.arrays["region"]
    assert (layer[region == 1] < 0).all()
    assert (layer[region == 2] > 0).all()
    assert -1 in layer
    assert 1 in layer


def test_profile_blends_halides_across_the_walls():
    """Sharp walls give their halides to one side, a profile conserves what each phase brings."""
    sharp, soft = (
        build(cells=12, profile=profile)
        for profile in (WallProfile(), WallProfile(kind="erf", width=12.0))
    )
    iodide = [(built.atoms.numbers == 53).sum() for built in (sharp, soft)]
    assert iodide[0] < 0.45 * 3 * 12**3
    assert iodide[1] == pytest.approx(0.5 * 3 * 12**3, rel=0.01)
    mixed = soft.atoms.numbers[soft.atoms.arrays["region"] == 2]
    assert (mixed == 53).sum() > 100


def test_elastic_estimate_lets_iodide_expand():
    built = build(cells=8, elastic=True)
    step = next(step for step in built.steps if step.name == "elastic")
    assert "a +" in step.choice or "a -" in step.choice
    plain = build(cells=8)
    assert np.abs(built.atoms.positions - plain.atoms.positions).max() > 0.02


def test_refusals():
    with pytest.raises(UsageError, match=r"phase 1 gets no octahedron.*0.01 % of 1000"):
        build(amounts=Amounts(volume_fractions=(0.0001, 0.9999)))
    with pytest.raises(UsageError, match=r"unlike charge.*no surface.*wall: incoherent"):
        build(
            (BROMIDE, load_crystal("Cs2AgBiBr6")),
            cells=8,
            amounts=Amounts(volume_fractions=(0.3, 0.7)),
        )
