"""Coherent dots in a matrix against brute force over all atoms and the theory of elasticity."""

from math import erfc

import numpy as np
import pytest
from ase import Atoms
from ase.neighborlist import neighbor_list

from heterobuild.alloys.elasticity import crystal_stiffness
from heterobuild.architectures.embedded import DotSizes, Embedded
from heterobuild.compounds import load_crystal
from heterobuild.crystals.cations import pseudocubic_directions
from heterobuild.frameworks.scaling import cube_edge, stretched
from heterobuild.labels import CHARGE, REGION, SITE, Site
from heterobuild.model import WallProfile
from heterobuild.particles.options import ParticleShape
from heterobuild.validation import check

IODIDE = load_crystal("CsPbI3:cubic")
BROMIDE = load_crystal("CsPbBr3:cubic")
TILTED = load_crystal("CsPbBr3_orthorhombic")
BALL = ParticleShape(kind="sphere", radius=9.0)
EDGE = cube_edge(BROMIDE)


def step(model, name):
    return next(entry for entry in model.steps if entry.name == name)


def to_nearest(atoms, points, centre):
    """Vectors from a centre to the nearest images of points, by all 125 images."""
    images = np.array(list(np.ndindex(5, 5, 5))) - 2
    images = images[(images == 0)[:, ~atoms.pbc].all(axis=1)] @ np.asarray(atoms.cell)
    vectors = (points - centre)[:, None, :] + images[None]
    nearest = np.linalg.norm(vectors, axis=2).argmin(axis=1)
    return vectors[np.arange(len(points)), nearest]


def octahedra(atoms, cutoff=0.6 * EDGE):
    """Return the atoms B and the halides of each, an (m, 6) array."""
    site = atoms.arrays[SITE]
    i, j = neighbor_list("ij", atoms, cutoff)
    bonds = (site[i] == Site.B) & (site[j] == Site.X)
    centres = np.flatnonzero(site == Site.B)
    counts = np.bincount(i[bonds], minlength=len(atoms))[centres]
    assert (counts == 6).all()
    order = np.argsort(i[bonds], kind="stable")
    return centres, j[bonds][order].reshape(-1, 6)


def judge_shared(atoms, shared):
    """Compare the parts of halides and A cations with those of the octahedra around them."""
    site, region = atoms.arrays[SITE], atoms.arrays[REGION]
    centres, corners = octahedra(atoms)
    low, high = np.full(len(atoms), 99), np.zeros(len(atoms), int)
    np.minimum.at(low, corners, region[centres][:, None])
    np.maximum.at(high, corners, region[centres][:, None])
    i, j = neighbor_list("ij", atoms, 0.95 * EDGE)
    cages = (site[i] == Site.A) & (site[j] == Site.B)
    np.minimum.at(low, i[cages], region[j[cages]])
    np.maximum.at(high, i[cages], region[j[cages]])
    shares = np.isin(site, [Site.A, Site.X])
    if shared == "mixed":
        wall = shares & (low < high)
        assert (region[shares & ~wall] == low[shares & ~wall]).all()
        assert 0.25 < (region[wall] == 1).mean() < 0.75
    else:
        assert (region[shares] == (low if shared == "dot" else high)[shares]).all()


def judge_whole(model):
    """Formula units, charge, species by region."""
    atoms = model.atoms
    region, symbols = atoms.arrays[REGION], np.array(atoms.get_chemical_symbols())
    halides = atoms.arrays[SITE] == Site.X
    assert (symbols[halides] == np.where(region[halides] == 1, "I", "Br")).all()
    counts = np.bincount(atoms.arrays[SITE])
    assert counts[1] == counts[2]
    assert counts[3] == 3 * counts[2]
    assert atoms.arrays[CHARGE].sum() == pytest.approx(0, abs=1e-9)
    assert model.ledger == ()


@pytest.mark.parametrize("shared", ["matrix", "dot", "mixed"])
@pytest.mark.parametrize(
    ("shape", "inside"),
    [
        (BALL, lambda v: np.linalg.norm(v, axis=1) <= 9.0),
        (ParticleShape(octahedra=3), lambda v: np.abs(v).max(axis=1) < 1.5 * EDGE),
        (ParticleShape(octahedra=2), lambda v: np.abs(v).max(axis=1) < EDGE),
        (
            ParticleShape(kind="octahedron", radius=8.0),
            lambda v: np.abs(v).sum(axis=1) <= 8.0 * np.sqrt(3),
        ),
        (
            ParticleShape(kind="ellipsoid", lengths=(12.0, 18.0, 26.0)),
            lambda v: ((v / [6.0, 9.0, 13.0]) ** 2).sum(axis=1) <= 1,
        ),
    ],
)
def test_every_site_belongs_to_its_part(shape, inside, shared):
    model = Embedded(shape=shape, cells=7, elastic=False, shared_plane=shared).build(
        IODIDE, BROMIDE, seed=2
    )
    judge_whole(model)
    judge_shared(model.atoms, shared)
    lead = model.atoms.arrays[SITE] == Site.B
    centre = np.array(step(model, "dots").values["centres_A"][0])
    vectors = to_nearest(model.atoms, model.atoms.positions[lead], centre)
    assert (inside(vectors) == (model.atoms.arrays[REGION][lead] == 1)).all()
    assert step(model, "dots").values["octahedra"] == int(inside(vectors).sum()) > 0


@pytest.mark.parametrize(
    ("shape", "extent"),
    [
        (ParticleShape(kind="rod", octahedra=(2, 5), axis=(1, 0, 0)), [5, 2, 2]),
        (ParticleShape(kind="rod", octahedra=(2, 5), axis=(0, 1, 0)), [2, 5, 2]),
        (ParticleShape(kind="platelet", octahedra=(4, 4, 1), axis=(1, 0, 0)), [1, 4, 4]),
        (ParticleShape(kind="cuboid", octahedra=(1, 2, 3)), [1, 2, 3]),
    ],
)
def test_a_dot_lies_along_the_axes_of_the_crystal(shape, extent):
    model = Embedded(shape=shape, cells=8, elastic=False).build(IODIDE, BROMIDE)
    lead = (model.atoms.arrays[SITE] == Site.B) & (model.atoms.arrays[REGION] == 1)
    places = np.round(model.atoms.positions[lead] / EDGE - 0.25).astype(int)
    assert [len(set(column)) for column in places.T] == extent
    assert len(places) == np.prod(extent)


def test_faces_110_of_a_cube():
    """A cube whose x axis is [110]: faces {110} and {001}, by the inequality of each."""
    model = Embedded(
        shape=ParticleShape(kind="cube", lengths=24.0, along_x=(1, 1, 0)), cells=9, elastic=False
    ).build(IODIDE, BROMIDE)
    lead = model.atoms.arrays[SITE] == Site.B
    centre = np.array(step(model, "dots").values["centres_A"][0])
    v = to_nearest(model.atoms, model.atoms.positions[lead], centre)
    across = np.abs(np.column_stack([v[:, 0] + v[:, 1], v[:, 0] - v[:, 1]])) / np.sqrt(2)
    inside = (across.max(axis=1) <= 12.0) & (np.abs(v[:, 2]) <= 12.0)
    assert (inside == (model.atoms.arrays[REGION][lead] == 1)).all()


@pytest.mark.parametrize(("centre", "site"), [("A", Site.A), ("B", Site.B), ("X", Site.X)])
def test_centre_of_a_dot(centre, site):
    shape = ParticleShape(kind="sphere", radius=9.0, centre=centre)
    model = Embedded(shape=shape, cells=7, elastic=False).build(IODIDE, BROMIDE)
    place = np.array(step(model, "dots").values["centres_A"][0])
    distance = np.linalg.norm(to_nearest(model.atoms, model.atoms.positions, place), axis=1)
    assert distance.min() < 1e-3
    assert model.atoms.arrays[SITE][distance.argmin()] == site


@pytest.mark.parametrize("arrangement", ["random", "bcc"])
def test_many_dots_and_their_images(arrangement):
    options = Embedded(
        shape=BALL,
        cells=12,
        count=4 if arrangement == "random" else 2,
        elastic=False,
        arrangement=arrangement,
        sizes=DotSizes(distribution="normal", spread=0.1),
    )
    model = options.build(IODIDE, BROMIDE, seed=5)
    judge_whole(model)
    judge_shared(model.atoms, "matrix")
    told = step(model, "dots").values
    lead = model.atoms.arrays[SITE] == Site.B
    points = model.atoms.positions[lead]
    inside = np.zeros(len(points), bool)
    radii = [float(name.split()[-2]) for name in told["names"]]
    for centre, radius in zip(told["centres_A"], radii, strict=True):
        away = np.linalg.norm(to_nearest(model.atoms, points, np.array(centre)), axis=1)
        assert (np.abs(away - radius) > 1e-3).all()
        inside |= away <= radius
    assert (inside == (model.atoms.arrays[REGION][lead] == 1)).all()
    assert len(set(radii)) == len(radii)
    for a in range(len(radii)):
        others = np.delete(np.array(told["centres_A"]), a, axis=0)
        apart = to_nearest(model.atoms, others, np.array(told["centres_A"][a]))
        gaps = np.linalg.norm(apart, axis=1) - radii[a] - np.delete(radii, a)
        assert gaps.min() > 6.0 - 0.01


def test_a_dot_across_the_border(tmp_path):
    """A dot at a corner of the cell has the octahedra of one in the middle."""
    table = tmp_path / "dots.csv"
    table.write_text("f_x,f_y,f_z,radius\n0.0,0.0,0.0,9.0\n", encoding="utf-8")
    corner = Embedded(dots=str(table), shape=BALL, cells=6, elastic=False).build(IODIDE, BROMIDE)
    middle = Embedded(shape=BALL, cells=6, elastic=False).build(IODIDE, BROMIDE)
    assert corner.atoms.get_chemical_formula() == middle.atoms.get_chemical_formula()
    judge_shared(corner.atoms, "matrix")
    lead = (corner.atoms.arrays[SITE] == Site.B) & (corner.atoms.arrays[REGION] == 1)
    fractions = corner.atoms.get_scaled_positions()[lead]
    assert (fractions > 0.5).any(axis=0).all()
    assert (fractions < 0.5).any(axis=0).all()


def test_a_turned_dot_is_not_coherent(tmp_path):
    from heterobuild.errors import UsageError

    table = tmp_path / "dots.csv"
    table.write_text("f_x,f_y,f_z,radius,phi1,phi,phi2\n0.5,0.5,0.5,9,30,0,0\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"turned against its matrix.*dot 1.*incoherent"):
        Embedded(dots=str(table), cells=6).build(IODIDE, BROMIDE)


def test_a_slab_ends_in_whole_octahedra():
    model = Embedded(shape=BALL, cells=(6, 6, 5), periodic="slab", elastic=False).build(
        IODIDE, BROMIDE
    )
    atoms = model.atoms
    judge_shared(atoms, "matrix")
    counts = np.bincount(atoms.arrays[SITE])
    # AX planes on both sides: 36 more A and 36 more X than formula units, and no charge.
    assert counts[1:4].tolist() == [36 * 6, 36 * 5, 36 * 16]
    assert atoms.arrays[CHARGE].sum() == pytest.approx(0, abs=1e-9)
    assert atoms.pbc.tolist() == [True, True, False]
    free = atoms.cell[2, 2] - np.ptp(atoms.positions[:, 2])
    assert free == pytest.approx(15.0)
    assert np.isin(atoms.arrays[REGION][atoms.arrays[SITE] == Site.B], [1, 2]).all()


def test_a_tilted_matrix_keeps_its_tilts():
    model = Embedded(shape=BALL, cells=(7, 8, 9), elastic=False).build(IODIDE, TILTED)
    judge_whole(model)
    atoms = model.atoms
    centres, _ = octahedra(atoms)
    assert len(centres) == 8**3
    own = TILTED.require_atoms()
    turned = pseudocubic_directions(TILTED.cell, TILTED.pseudocubic)
    expected = sorted_bonds(own)
    found = sorted_bonds(atoms)
    assert np.unique(found.round(5)).tolist() == np.unique(expected.round(5)).tolist()
    assert atoms.get_volume() / len(centres) == pytest.approx(own.get_volume() / 4)
    # Every atom lies on a site of the crystal, turned into the frame of the model.
    fractions = (atoms.positions - atoms.positions[centres[0]]) @ turned @ np.linalg.inv(own.cell)
    lead = own.get_scaled_positions()[own.numbers == 82]
    sites = own.get_scaled_positions()
    best = 9.9
    for origin in lead:
        away = fractions[:, None, :] + origin - sites[None]
        away = np.linalg.norm((away - np.round(away)) @ np.asarray(own.cell), axis=2)
        best = min(best, float(away.min(axis=1).max()))
    assert best < 1e-4


def sorted_bonds(atoms: Atoms):
    """Return all B–X lengths in order."""
    i, j, d = neighbor_list("ijd", atoms, 3.4)
    numbers = atoms.numbers
    return np.sort(d[(numbers[i] == 82) & np.isin(numbers[j], [35, 53])])


@pytest.mark.parametrize("kind", ["linear", "erf"])
def test_profile_across_a_wall(kind):
    """Shares of iodide fall with the distance; their sum is that of the smooth profile."""
    width = 14.0
    model = Embedded(
        shape=ParticleShape(octahedra=4),
        cells=12,
        elastic=False,
        profile=WallProfile(kind=kind, width=width),
    ).build(IODIDE, BROMIDE, seed=1)
    atoms = model.atoms
    halides = atoms.arrays[SITE] == Site.X
    centre = np.array(step(model, "dots").values["centres_A"][0])
    v = np.abs(to_nearest(atoms, atoms.positions[halides], centre)) - 2 * EDGE
    iodide = atoms.numbers[halides] == 53
    central = (v < -0.6 * EDGE).sum(axis=1) >= 2
    planes = np.round(v[central].max(axis=1) / EDGE * 2).astype(int)
    by_plane = np.array([iodide[central][planes == k].mean() for k in range(-2, 5)])
    assert (np.diff(by_plane) <= 0.1).all()
    assert by_plane[0] - by_plane[-1] > 0.6
    distance = between_octahedra(atoms, centre, 2 * EDGE)[halides]
    if kind == "linear":
        wanted = np.clip(0.5 - distance / width, 0, 1)
    else:
        wanted = np.array([0.5 * erfc(d * 2 * 0.9061938024368232 / width) for d in distance])
    shells = len(np.unique(np.floor(distance[np.abs(distance) < 60] / (EDGE / 2))))
    assert abs(iodide.sum() - wanted.sum()) <= shells / 2


def between_octahedra(atoms, centre, half):
    """Mean over the octahedra of each halide of the distance of B from the faces of a cube."""
    centres, corners = octahedra(atoms)
    v = np.abs(to_nearest(atoms, atoms.positions[centres], centre)) - half
    distance = v.max(axis=1)
    total, number = np.zeros(len(atoms)), np.zeros(len(atoms))
    np.add.at(total, corners, distance[:, None])
    np.add.at(number, corners, 1)
    return total / np.maximum(number, 1)


def small_misfit(misfit=2e-3):
    return stretched(BROMIDE, 1 + misfit), misfit


def moduli():
    """Bulk and the two shear moduli of a cubic crystal in GPa."""
    c = crystal_stiffness(BROMIDE).matrix
    return (c[0, 0] + 2 * c[0, 1]) / 3, (c[0, 0] - c[0, 1]) / 2, c[3, 3]


@pytest.mark.parametrize("radius", [12.0, 15.0])
def test_inclusion_against_eshelby(radius):
    """Strain inside lies between those of isotropic matrices with the two shear moduli.

    ε = 3 K (1 − f) e / (3 K + 4 μ) for one set of constants in a periodic matrix
    (10.1098/rspa.1957.0133); relative to its own phase the dot has ε − e.
    """
    dot, misfit = small_misfit()
    model = Embedded(
        shape=ParticleShape(kind="sphere", radius=radius), cells=9, shared_plane="mixed"
    ).build(dot, BROMIDE)
    told = step(model, "dots").values
    bulk, *shears = moduli()
    bounds = sorted(
        3 * bulk * (1 - told["volume_fraction"]) * misfit / (3 * bulk + 4 * mu) - misfit
        for mu in shears
    )
    centre = np.array(told["centres_A"][0])
    atoms = model.atoms
    lead = atoms.arrays[SITE] == Site.B
    away = np.linalg.norm(to_nearest(atoms, atoms.positions, centre), axis=1)
    within = atoms.arrays["local_strain"][lead & (away < radius - 1.2 * EDGE)] / 3
    assert bounds[0] < within.mean() < bounds[1] < 0
    assert np.ptp(within) < 0.12 * misfit
    outside = atoms.arrays["local_strain"][lead & (away > radius + 1.5 * EDGE)] / 3
    assert abs(outside.mean()) < 0.1 * misfit
    inner = Atoms("H", [[0, 0, 0]], cell=atoms.cell, pbc=True)[:0]
    inner += atoms[lead & (atoms.arrays[REGION] == 1)]
    steps = neighbor_list("d", inner, 1.2 * EDGE)
    strain = {region.name: np.trace(region.strain) / 3 for region in model.regions}
    assert strain["dot"] == pytest.approx(steps.mean() / cube_edge(dot) - 1, abs=2e-6)


def test_relaxed_cell_takes_the_mean_of_the_misfit():
    """With one set of constants the mean strain is f e whatever the shape (Colonnetti)."""
    dot, misfit = small_misfit()
    options = {"shape": ParticleShape(octahedra=3), "cells": 6, "shared_plane": "mixed"}
    model = Embedded(**options, cell="relaxed").build(dot, BROMIDE, seed=3)
    fraction = 27 / 216
    found = step(model, "elastic").values["cell_strain"]
    assert np.diag(found) == pytest.approx(fraction * misfit, rel=0.12)
    fixed = Embedded(**options).build(dot, BROMIDE, seed=3)
    assert fixed.atoms.cell.lengths() == pytest.approx([6 * EDGE] * 3)
    assert model.atoms.cell.lengths() == pytest.approx(6 * EDGE * (1 + np.diag(found)), rel=1e-9)
    after = [step(m, "elastic").values["energy_after_eV"] for m in (model, fixed)]
    assert after[0] < after[1]


def test_relaxed_slab_keeps_its_height_free():
    model = Embedded(shape=BALL, cells=6, periodic="slab", cell="relaxed").build(IODIDE, BROMIDE)
    found = np.array(step(model, "elastic").values["cell_strain"])
    assert found[0, 0] == pytest.approx(found[1, 1], rel=1e-3)
    assert found[0, 0] > 1e-3
    assert np.abs(found[2]).max() == 0
    assert check(model).passed


def test_equal_crystals_do_not_move():
    model = Embedded(shape=BALL, cells=5).build(BROMIDE, BROMIDE)
    assert "elastic" not in [entry.name for entry in model.steps]
    steps = model.atoms.positions / (EDGE / 2)
    assert np.abs(steps - np.round(steps)).max() < 1e-9
    assert all(np.abs(region.strain).max() < 1e-12 for region in model.regions)


def test_a_larger_dot_is_compressed_and_its_matrix_stretched_around_it():
    model = Embedded(shape=BALL, cells=8).build(IODIDE, BROMIDE)
    local = model.atoms.arrays["local_strain"]
    region = model.atoms.arrays[REGION]
    assert local[region == 1].max() < 0
    reversed_ = Embedded(shape=BALL, cells=8).build(BROMIDE, IODIDE)
    small = reversed_.atoms.arrays[REGION] == 1
    assert reversed_.atoms.arrays["local_strain"][small].min() > 0
    octahedra(model.atoms, 0.64 * EDGE)
    for built in (model, reversed_):
        report = check(built)
        assert report.passed
        measured = [entry.value for entry in report.findings if entry.check == "strain"]
        assert len(measured) >= 2


def test_without_the_estimate_the_dot_has_the_lattice_of_the_matrix():
    model = Embedded(shape=BALL, cells=6, elastic=False).build(IODIDE, BROMIDE)
    own = EDGE / cube_edge(IODIDE) - 1
    by_name = {region.name: region.strain for region in model.regions}
    assert by_name["dot"] == pytest.approx(own * np.eye(3))
    assert by_name["matrix"] == pytest.approx(np.zeros((3, 3)))
    assert "local_strain" not in model.atoms.arrays
    assert step(model, "elastic").values == {"relaxed": False}


@pytest.mark.parametrize(
    ("dot", "matrix"),
    [
        ("CsPb0.9Mn0.1I3:cubic", "CsPbBr3:cubic"),
        ("FA0.8Cs0.2PbI3:cubic", "MAPbBr3:cubic"),
        ("CsPbI3:cubic", "CsPb0.9Sr0.1Br3:cubic"),
        ("CsSnI3:cubic", "CsPbI2Br:cubic"),
    ],
)
@pytest.mark.parametrize("kind", ["bulk", "slab"])
def test_mixtures_pass_all_checks(dot, matrix, kind):
    crystals = load_crystal(dot), load_crystal(matrix)
    model = Embedded(shape=BALL, cells=6, periodic=kind).build(*crystals, seed=4)
    assert check(model).passed
    assert model.atoms.arrays[CHARGE].sum() == pytest.approx(0, abs=1e-9)
    guess = Embedded(shape=BALL, cells=6, periodic=kind).estimate(*crystals)
    assert guess.atoms == pytest.approx(len(model.atoms), rel=0.1)
