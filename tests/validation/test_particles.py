"""Particles against closed forms, brute force and other programs."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

from heterobuild import check, list_crystals
from heterobuild.architectures.particle import Particle
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.frameworks.carving import block_around, complete, inside
from heterobuild.frameworks.framework import framework_of
from heterobuild.geometry.shapes import Shape
from heterobuild.labels import CHARGE, MOLECULE, SITE, Site
from heterobuild.particles.options import ParticleShape


def built(name="CsPbBr3_cubic", *, seed=0, shape=None, **options):
    particle = Particle(shape=ParticleShape(**(shape or {})), **options)
    return particle.build(load_crystal(name), seed=seed)


def charge_before(structure):
    step = next(step for step in structure.steps if step.name == "neutrality")
    return step.values["charge_before_e"]


@pytest.mark.parametrize("n", range(1, 9))
def test_neutral_cubes_have_the_published_formula(n):
    structure = built(shape={"octahedra": n})
    counts = Counter(structure.atoms.get_chemical_symbols())
    expected = {"Cs": n * n * (n + 3), "Pb": n**3, "Br": 3 * n * n * (n + 1)}
    assert counts == expected
    assert structure.atoms.arrays[CHARGE].sum() == 0
    assert check(structure).passed


@pytest.mark.parametrize("counts", [(2, 2, 2), (2, 3, 5), (4, 4, 1), (3, 2, 2)])
def test_charges_of_boxes(counts):
    shape = {"kind": "cuboid", "octahedra": counts}
    assert charge_before(built(shape=shape)) == sum(counts) + 1
    if min(counts) > 1:
        assert charge_before(built(shape=shape, termination="BX2")) == sum(counts) - 1


@pytest.mark.parametrize("axis", [(0, 0, 1), (1, 0, 0), (0, 1, 0)])
@pytest.mark.parametrize(
    ("name", "cubes"), [("CsPbBr3_cubic", 1), ("CsPbBr3_orthorhombic", 2), ("MAPbI3_tetragonal", 2)]
)
@pytest.mark.parametrize(("width", "periods"), [(1, 1), (3, 1), (2, 3)])
def test_square_wires_have_one_charge_a_cube(name, cubes, axis, width, periods):
    shape = {"kind": "wire", "octahedra": width, "axis": axis, "periods": periods}
    structure = built(name, shape=shape)
    cubes = cubes * periods
    assert charge_before(structure) == cubes
    roles = structure.atoms.arrays[SITE]
    assert (roles == Site.B).sum() == cubes * width**2
    assert (roles == Site.X).sum() == cubes * (width**2 + 2 * width * (width + 1))
    assert structure.atoms.pbc.tolist() == [False, False, True]
    assert check(structure).passed


def enumerated_sphere(radius, parity, edge=5.874):
    """Charge of all whole octahedra of a cubic lattice that lie inside a sphere."""
    grid = np.indices((15, 15, 15)).reshape(3, -1).T - 7
    room = (grid + parity) * edge
    corners = np.concatenate([np.eye(3), -np.eye(3)]) * edge / 2
    reach = np.linalg.norm(room[:, None] + corners[None], axis=2).max(axis=1)
    kept = 2 * grid[reach <= radius + 0.05 * edge]
    cages = np.array(list(np.ndindex(2, 2, 2))) * 2 - 1
    bonds = np.concatenate([np.eye(3), -np.eye(3)]).astype(int)
    a = len(np.unique((kept[:, None] + cages).reshape(-1, 3), axis=0))
    x = len(np.unique((kept[:, None] + bonds).reshape(-1, 3), axis=0))
    return a, len(kept), x


@pytest.mark.parametrize("radius", [9.0, 14.0, 21.3, 30.0])
@pytest.mark.parametrize(("centre", "parity"), [("A", 0.5), ("B", 0.0)])
def test_spheres_agree_with_enumeration(radius, centre, parity):
    structure = built(shape={"kind": "sphere", "radius": radius, "centre": centre})
    a, b, x = enumerated_sphere(radius, parity)
    assert charge_before(structure) == a + 2 * b - x
    roles = structure.atoms.arrays[SITE]
    assert [(roles == role).sum() for role in (2, 3)] == [b, x]
    assert (roles == Site.A).sum() == x - 2 * b


def convex(seed, size):
    """Return a random polyhedron of twelve faces."""
    rng = np.random.default_rng(seed)
    normals = rng.normal(size=(9, 3))
    normals = np.concatenate([normals, np.eye(3), -np.eye(3)])
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    heights = size * rng.uniform(0.7, 1.1, len(normals))
    return Shape(
        name="random polyhedron",
        distance=lambda p: (p @ normals.T - heights).max(axis=1),
        half=(1.2 * size,) * 3,
    )


CUTOFF = {"CsPbBr3_cubic": 3.4, "CsPbI3_gamma": 3.6, "MAPbI3_tetragonal": 3.6, "Cs4PbBr6": 3.4}
CAGES = {"CsPbBr3_cubic": 8, "CsPbI3_gamma": 8, "MAPbI3_tetragonal": 8, "Cs4PbBr6": 2}


def cloud(crystal, points, centre):
    """Return the images of points around a centre."""
    middle = np.floor(centre @ np.linalg.inv(crystal.cell))
    reach = np.ceil(34 / np.linalg.norm(crystal.cell, axis=1).min()).astype(int)
    grid = np.indices((2 * reach + 1,) * 3).reshape(3, -1).T - reach + middle
    images = ((grid @ crystal.cell)[:, None] + points[None]).reshape(-1, 3)
    return images[np.linalg.norm(images - centre, axis=1) < 34]


def cation_centres(atoms):
    """Return the mean of the heavy atoms of each A cation."""
    chosen = (atoms.arrays[SITE] == Site.A) & (atoms.numbers > 1)
    ids, points = atoms.arrays[MOLECULE][chosen], atoms.positions[chosen]
    if not ids.any():
        return points
    return np.array([points[ids == k].mean(axis=0) for k in np.unique(ids)])


def brute(crystal, shape, centre, turn, termination):
    """Carve by masks on a repeated crystal: neighbours by plain distance searches."""
    atoms = crystal.atoms
    lead = cloud(crystal, atoms.positions[atoms.arrays[SITE] == Site.B], centre)
    halides = cloud(crystal, atoms.positions[atoms.arrays[SITE] == Site.X], centre)
    cations = cloud(crystal, cation_centres(atoms), centre)
    kept = shape.distance((lead - centre) @ turn) <= 0
    bonded = cKDTree(lead).query_ball_point(halides, CUTOFF[crystal.name])
    cage = cKDTree(lead).query(cations, CAGES[crystal.name])[1]
    if termination == "AX":
        x = np.array([kept[list(near)].any() for near in bonded])
        return lead[kept], halides[x], cations[kept[cage].any(axis=1)]
    while True:
        x = np.array([len(near) > 0 and kept[list(near)].all() for near in bonded])
        owned = np.concatenate([near for near, own in zip(bonded, x, strict=True) if own])
        count = np.bincount(owned.astype(int), minlength=len(lead))
        loose = kept & (count < 3)
        if not loose.any():
            return lead[kept], halides[x], cations[kept[cage].all(axis=1)]
        kept &= ~loose


def by_sites(crystal, shape, centre, turn, termination):
    framework = framework_of(crystal)
    block = block_around(framework, centre, shape, turn)
    occupied = complete(block, inside(block, centre, shape, turn), termination)
    found = []
    for role in (Site.B, Site.X, Site.A):
        units = np.flatnonzero(framework.site == role)
        found.append(np.concatenate([block.positions(u)[occupied[..., u].ravel()] for u in units]))
    return found


KINDS = [(name, "AX") for name in sorted(CUTOFF)]
KINDS += [(name, "BX2") for name in sorted(CUTOFF) if name != "Cs4PbBr6"]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("name", "termination"), KINDS)
def test_random_shapes_agree_with_masks_on_a_repeated_crystal(name, termination, seed):
    crystal = load_crystal(name)
    rng = np.random.default_rng(100 + seed)
    turn = Rotation.random(random_state=seed).as_matrix()
    centre = rng.uniform(-40, 40, 3)
    shape = convex(seed, 14.0)
    ours = by_sites(crystal, shape, centre, turn, termination)
    theirs = brute(crystal, shape, centre, turn, termination)
    for own, other in zip(ours, theirs, strict=True):
        assert len(own) == len(other) > 0
        assert cKDTree(other).query(own)[0].max() < 1e-6
        assert len(np.unique(own.round(3), axis=0)) == len(own)


ORACLE = ["CsPbI3_gamma", "CsPb2Br5", "Cs4PbI6", "CsPbI3_delta", "RMBA2PbI4", "Cs2AgBiBr6_cubic"]


@pytest.mark.parametrize("name", ORACLE)
def test_bonds_agree_with_pymatgen(name):
    from pymatgen.core import Structure

    crystal = load_crystal(name)
    atoms = crystal.atoms
    framework = framework_of(crystal)
    structure = Structure(crystal.cell, atoms.get_chemical_symbols(), atoms.get_scaled_positions())
    roles = atoms.arrays[SITE]
    halides = framework.site[framework.links[:, 1]] == Site.X
    counts = np.bincount(framework.links[halides, 0])
    reach = 1.25 * framework.bond
    expected = [
        sum(roles[near.index] == Site.X for near in structure.get_neighbors(structure[k], reach))
        for k in np.flatnonzero(roles == Site.B)
    ]
    assert counts.tolist() == expected


@pytest.mark.parametrize("shape", [{"octahedra": 3}, {"kind": "sphere", "radius": 14.0}])
@pytest.mark.parametrize("name", ["CsPbBr3_orthorhombic", "FAPbBr3_cubic"])
def test_finished_particles_have_whole_octahedra_by_another_neighbour_list(name, shape):
    vesin = pytest.importorskip("vesin")
    atoms = built(name, shape=shape).atoms
    roles = atoms.arrays[SITE]
    i, j = vesin.NeighborList(cutoff=3.5, full_list=True).compute(
        points=atoms.positions, box=np.asarray(atoms.cell), periodic=False, quantities="ij"
    )
    bond = (roles[i] == Site.B) & (roles[j] == Site.X)
    count = np.bincount(i[bond], minlength=len(atoms))
    assert (count[roles == Site.B] == 6).all()
    owned = np.bincount(j[bond], minlength=len(atoms))
    assert (owned[roles == Site.X] >= 1).all()


def names_with_octahedra():
    found = []
    for entry in list_crystals():
        name = entry if isinstance(entry, str) else entry.name
        try:
            crystal = load_crystal(name)
            framework_of(crystal)
        except UsageError:
            continue
        found.append(name)
    return found


def test_every_crystal_of_the_library_gives_a_sound_sphere():
    names = names_with_octahedra()
    assert len(names) > 80
    failed = {}
    for name in names:
        structure = built(name, shape={"kind": "sphere", "radius": 12.0})
        report = check(structure)
        if not report.passed or structure.atoms.arrays[CHARGE].sum() != 0:
            failed[name] = [f.message for f in report.findings if f.level == "error"]
    assert not failed


@pytest.mark.parametrize("axis", [(1, 1, 1), (2, 1, 0), (-1, 2, 2), (1, -1, 0)])
@pytest.mark.parametrize("name", ["CsPbBr3_orthorhombic", "MAPbI3_tetragonal"])
def test_oblique_wires_have_whole_octahedra(name, axis):
    shape = {"kind": "wire", "radius": 11.0, "axis": axis, "section": "round", "periods": 1}
    structure = built(name, shape=shape)
    atoms = structure.atoms
    roles = atoms.arrays[SITE]
    period = np.asarray(atoms.cell)[2]
    halides = atoms.positions[roles == Site.X]
    images = np.concatenate([halides + k * period for k in range(-6, 7)])
    count = cKDTree(images).query_ball_point(
        atoms.positions[roles == Site.B], 3.6, return_length=True
    )
    assert (count == 6).all()
    assert check(structure).passed
    assert np.allclose(period[:2], 0, atol=1e-9)


def test_the_dipole_told_is_that_of_the_model():
    structure = built(
        "CsPbI3_gamma", shape={"kind": "sphere", "radius": 15.0, "centre": (0.2, 0, 0)}
    )
    step = next(step for step in structure.steps if step.name == "neutrality")
    moment = structure.atoms.arrays[CHARGE] @ structure.atoms.positions
    assert step.values["dipole_after_eA"] == pytest.approx(moment.tolist(), abs=1e-3)
