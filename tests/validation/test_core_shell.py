"""Coherent core/shell particles against counts by hand, brute force and equilibrium."""

import math

import numpy as np
import pytest
from ase.neighborlist import neighbor_list

from heterobuild.architectures.core_shell import CoreShell
from heterobuild.compounds import load_crystal
from heterobuild.frameworks.scaling import cube_edge
from heterobuild.labels import CHARGE, LAYER, REGION, SITE, Site
from heterobuild.model import WallProfile
from heterobuild.particles.options import ParticleShape
from heterobuild.validation import check

IODIDE = load_crystal("CsPbI3:cubic")
BROMIDE = load_crystal("CsPbBr3:cubic")
CHLORIDE = load_crystal("CsPbCl3:cubic")
EDGE = cube_edge(BROMIDE)


def step(model, name):
    return next(entry for entry in model.steps if entry.name == name)


def shell_lattice(**options):
    """Options of particles as built, on the lattice of the bromide."""
    return CoreShell(**{"lattice": "shell", "elastic": False} | options)


def of(model, site, code=None):
    """Return the positions of a site, of one part."""
    atoms = model.atoms
    chosen = atoms.arrays[SITE] == site
    if code is not None:
        chosen &= atoms.arrays[REGION] == code
    return atoms.positions[chosen]


def middle(model):
    points = of(model, Site.B)
    return (points.min(axis=0) + points.max(axis=0)) / 2


def coordination(model, cutoff=0.66 * EDGE):
    site = model.atoms.arrays[SITE]
    i, j = neighbor_list("ij", model.atoms, cutoff)
    bonds = (site[i] == Site.B) & (site[j] == Site.X)
    return (
        np.bincount(i[bonds], minlength=len(site))[site == Site.B],
        np.bincount(j[bonds], minlength=len(site))[site == Site.X],
    )


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("n", [2, 3, 4])
@pytest.mark.parametrize("shared", ["shell", "core", "mixed"])
def test_counts_of_a_cube_in_a_cube(n, layers, shared):
    """3 n³ + 3 n² halides of n³ octahedra; 6 n² of them are shared with the shell.

    A neutral cube of m³ octahedra has 3 m³ + 3 m² X, m³ B and m³ + 3 m² A.
    """
    m = n + 2 * layers
    model = shell_lattice(
        shape=ParticleShape(octahedra=n), layers=(layers,), shared_plane=shared
    ).build(IODIDE, BROMIDE, seed=7)
    atoms = model.atoms
    counts = np.bincount(atoms.arrays[SITE])[1:]
    assert counts.tolist() == [m**3 + 3 * m**2, m**3, 3 * m**3 + 3 * m**2]
    iodide, least = int((atoms.numbers == 53).sum()), 3 * n**3 - 3 * n**2
    if shared == "mixed":
        assert abs(iodide - least - 3 * n**2) < 3 * math.sqrt(1.5 * n**2)
    else:
        assert iodide == least + (6 * n**2 if shared == "core" else 0)
        inner = (n + 1) ** 3 if shared == "core" else (n - 1) ** 3
        assert len(of(model, Site.A, 1)) == inner
    assert len(of(model, Site.B, 1)) == n**3
    assert (np.abs(of(model, Site.B, 1) - middle(model)).max(axis=1) < n * EDGE / 2).all()
    assert step(model, "wall").values["shared_halides"] == 6 * n**2
    assert step(model, "wall").values["misfit"] == pytest.approx(
        cube_edge(BROMIDE) / cube_edge(IODIDE) - 1, abs=1e-6
    )
    bonds, bridges = coordination(model)
    assert (bonds == 6).all()
    assert (bridges == 1).sum() == 6 * m**2
    assert atoms.arrays[CHARGE].sum() == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("n", [4, 6])
def test_area_of_a_wall(n):
    """The faces of the cube: edges and corners add nothing."""
    model = shell_lattice(shape=ParticleShape(octahedra=n), layers=(2,)).build(IODIDE, BROMIDE)
    area = step(model, "wall").values["area_A2"]
    assert area == pytest.approx(6 * n**2 * EDGE**2, rel=1e-6)


def test_ledger_accounts_for_every_ion():
    model = shell_lattice(shape=ParticleShape(octahedra=3), layers=(1,)).build(IODIDE, BROMIDE)
    full = {Site.A: 6**3, Site.B: 5**3, Site.X: 3 * 5**3 + 3 * 5**2}
    charge = full[Site.A] + 2 * full[Site.B] - full[Site.X]
    assert sum(entry.charge for entry in model.ledger) == pytest.approx(-charge)
    removed = sum(entry.count for entry in model.ledger if entry.action == "removed")
    assert len(of(model, Site.A)) == full[Site.A] - removed
    assert {entry.species for entry in model.ledger} == {"Cs"}


def test_three_parts():
    model = shell_lattice(shape=ParticleShape(octahedra=2), layers=(1, 2)).build(
        IODIDE, BROMIDE, CHLORIDE
    )
    assert [region.name for region in model.regions] == ["core", "shell 1", "shell 2"]
    assert [len(of(model, Site.B, code)) for code in (1, 2, 3)] == [8, 64 - 8, 512 - 64]
    symbols = np.array(model.atoms.get_chemical_symbols())
    halides = model.atoms.arrays[SITE] == Site.X
    wanted = np.array(["", "I", "Br", "Cl"])[model.atoms.arrays[REGION]]
    assert (symbols[halides] == wanted[halides]).all()


@pytest.mark.parametrize("n", [4, 5])
@pytest.mark.parametrize("planes", [1, 2, 3])
def test_outermost_halide_planes(n, planes):
    """Only halides less than planes half edges from the nearest face belong to the shell."""
    model = CoreShell(
        shape=ParticleShape(octahedra=n), halide_planes=planes, elastic=False, lattice="core"
    ).build(IODIDE, CHLORIDE)
    halides = model.atoms.arrays[SITE] == Site.X
    edge = cube_edge(IODIDE)
    depth = n * edge / 2 - np.abs(model.atoms.positions - middle(model)).max(axis=1)
    chloride = model.atoms.numbers == 17
    assert (chloride[halides] == (depth < (planes - 0.5) * edge / 2)[halides]).all()
    if planes == 1:
        assert chloride.sum() == 6 * n**2
        assert (coordination(model, 0.55 * edge)[1][chloride[halides]] == 1).all()
        assert (coordination(model, 0.55 * edge)[1][~chloride[halides]] == 2).all()
    assert set(model.atoms.numbers[~halides]) == {55, 82}


def test_one_halide_plane_of_a_ball():
    model = CoreShell(
        shape=ParticleShape(kind="sphere", radius=16.0), halide_planes=1, elastic=False
    ).build(IODIDE, CHLORIDE)
    terminal = coordination(model, 0.55 * cube_edge(IODIDE))[1] == 1
    halides = model.atoms.numbers[model.atoms.arrays[SITE] == Site.X]
    assert ((halides == 17) == terminal).all()
    assert check(model).passed


def test_offset_of_the_core():
    options = {"shape": ParticleShape(octahedra=3), "layers": (2,)}
    model = shell_lattice(**options, offset=(EDGE, 0.0, -EDGE)).build(IODIDE, BROMIDE)
    core = of(model, Site.B, 1)
    assert len(core) == 27
    assert core.mean(axis=0) - middle(model) == pytest.approx([EDGE, 0, -EDGE], abs=1e-6)


@pytest.mark.parametrize("outer", ["sphere", "cube", "octahedron", "rhombic-dodecahedron"])
@pytest.mark.parametrize("inner", ["sphere", "cube"])
def test_outside_of_another_form(inner, outer):
    shape = (
        ParticleShape(octahedra=3) if inner == "cube" else ParticleShape(kind="sphere", radius=11.0)
    )
    model = shell_lattice(shape=shape, outer=(outer,), layers=(1,)).build(IODIDE, BROMIDE)
    points = of(model, Site.B) - middle(model)
    normals = {
        "cube": [[1, 0, 0]],
        "octahedron": [[1, 1, 1]],
        "rhombic-dodecahedron": [[1, 1, 0]],
    }
    if outer == "sphere":
        reach = np.linalg.norm(points, axis=1)
    else:
        n = np.sort(np.abs(points), axis=1)[:, ::-1] @ np.array(normals[outer][0])
        reach = n / np.linalg.norm(normals[outer][0])
    # No octahedron of the lattice is missing within the form that reaches as far.
    line = np.arange(-12, 13) * EDGE
    grid = np.stack(np.meshgrid(line, line, line, indexing="ij"), -1).reshape(-1, 3)
    grid = grid + (points[0] - EDGE * np.round(points[0] / EDGE))
    ordered = np.sort(np.abs(grid), axis=1)[:, ::-1]
    far = np.linalg.norm(grid, axis=1)
    if outer != "sphere":
        face = np.array(normals[outer][0])
        far = ordered @ face / np.linalg.norm(face)
    assert (far <= reach.max() + 1e-6).sum() == len(points)
    core = of(model, Site.B, 1) - middle(model)
    assert reach.max() > 0
    assert np.abs(core).max() < np.abs(points).max()


@pytest.mark.parametrize("angle", [40, 90, 120])
def test_cap(angle):
    model = shell_lattice(
        shape=ParticleShape(kind="sphere", radius=14.0), layers=(2,), cover=(f"cap {angle}",)
    ).build(IODIDE, BROMIDE)
    core = of(model, Site.B, 1)
    centre = (core.min(axis=0) + core.max(axis=0)) / 2
    shell = of(model, Site.B, 2) - centre
    tilt = np.degrees(np.arccos(shell[:, 2] / np.linalg.norm(shell, axis=1)))
    assert len(shell) > 0
    assert tilt.max() <= angle + 1e-6
    assert tilt.max() > angle - 25
    assert model.atoms.arrays[CHARGE].sum() == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("cover", "added"), [("001", 1), ("100 -100", 2), ("100 010 001 -100 0-10 00-1", 6)]
)
def test_covered_faces(cover, added):
    n, layers = 3, 2
    model = shell_lattice(shape=ParticleShape(octahedra=n), layers=(layers,), cover=(cover,)).build(
        IODIDE, BROMIDE
    )
    core, shell = of(model, Site.B, 1), of(model, Site.B, 2)
    assert len(shell) == added * layers * n**2
    beyond = np.abs(shell - core.mean(axis=0)) > n * EDGE / 2
    assert (beyond.sum(axis=1) == 1).all()


def test_a_relaxed_plate_on_two_faces_passes_the_checks():
    """The strain of a region one octahedron thick is declared as it is measured."""
    model = CoreShell(shape=ParticleShape(octahedra=3), cover=("100 -100",)).build(IODIDE, BROMIDE)
    assert check(model).passed


@pytest.mark.parametrize(("kind", "width"), [("linear", 20.0), ("erf", 16.0)])
def test_profile_across_a_wall(kind, width):
    n, layers = 4, 4
    model = shell_lattice(
        shape=ParticleShape(octahedra=n),
        layers=(layers,),
        profile=WallProfile(kind=kind, width=width),
    ).build(IODIDE, BROMIDE, seed=3)
    atoms = model.atoms
    halides = atoms.arrays[SITE] == Site.X
    v = np.abs(atoms.positions[halides] - middle(model)) - n * EDGE / 2
    iodide = atoms.numbers[halides] == 53
    central = (v < -0.6 * EDGE).sum(axis=1) >= 2
    distance = v[central].max(axis=1)
    shown = np.array(
        [iodide[central][np.abs(distance - k * EDGE / 2) < 0.1].mean() for k in range(-3, 8)]
    )
    lines = np.arange(-3, 8) * EDGE / 2
    wanted = (
        np.clip(0.5 - lines / width, 0, 1)
        if kind == "linear"
        else np.array([0.5 * math.erfc(x * 2 * 0.9061938024368232 / width) for x in lines])
    )
    assert np.abs(shown - wanted).max() < 0.25
    assert np.abs(shown - wanted).mean() < 0.1
    layer = atoms.arrays[LAYER][halides]
    shares = [iodide[layer == k].mean() for k in (-2, -1, 1, 2, 3)]
    assert (np.diff(shares) < 0).all()


@pytest.mark.parametrize(
    ("lattice", "expected"),
    [("core", cube_edge(IODIDE)), ("shell", EDGE), (6.05, 6.05)],
)
def test_lattice_as_built(lattice, expected):
    model = CoreShell(shape=ParticleShape(octahedra=3), lattice=lattice, elastic=False).build(
        IODIDE, BROMIDE
    )
    points = of(model, Site.B)
    assert np.ptp(points[:, 0]) == pytest.approx(4 * expected)
    by_name = {region.name: region.strain for region in model.regions}
    for name, crystal in (("core", IODIDE), ("shell", BROMIDE)):
        wanted = (expected / cube_edge(crystal) - 1) * np.eye(3)
        assert by_name[name] == pytest.approx(wanted, abs=1e-9)
    assert check(model).passed


def test_mean_lattice_is_weighed_by_volume():
    for n, layers in ((3, 1), (2, 2)):
        model = CoreShell(shape=ParticleShape(octahedra=n), layers=(layers,), elastic=False).build(
            IODIDE, BROMIDE
        )
        share = (n / (n + 2 * layers)) ** 3
        wanted = share * cube_edge(IODIDE) + (1 - share) * EDGE
        reached = np.ptp(of(model, Site.B)[:, 0]) / (n + 2 * layers - 1)
        assert reached == pytest.approx(wanted, rel=2e-3)


@pytest.mark.parametrize(("core", "shell", "sign"), [(IODIDE, BROMIDE, -1), (BROMIDE, IODIDE, 1)])
def test_sign_of_the_strain(core, shell, sign):
    model = CoreShell(shape=ParticleShape(octahedra=3), layers=(2,)).build(core, shell)
    inside = model.atoms.arrays[REGION] == 1
    assert (sign * model.atoms.arrays["local_strain"][inside] > 0).all()
    strain = {region.name: np.trace(region.strain) / 3 for region in model.regions}
    assert sign * strain["core"] > 0
    assert sign * strain["shell"] < 0 or abs(strain["shell"]) < abs(strain["core"])
    values = step(model, "elastic").values
    assert values["energy_after_eV"] < values["energy_before_eV"]
    assert check(model).passed


def test_the_relaxed_particle_does_not_depend_on_the_lattice_it_was_built_on():
    """A free body has one equilibrium; the second round of the estimate keeps it to 10⁻³."""
    built = [
        CoreShell(shape=ParticleShape(octahedra=3), lattice=lattice).build(IODIDE, BROMIDE)
        for lattice in ("core", "shell")
    ]
    distances = []
    for model in built:
        points = of(model, Site.B)
        distances.append(np.linalg.norm(points[:, None] - points[None], axis=2))
    assert distances[0] == pytest.approx(distances[1], rel=4e-3)


def test_equal_crystals_do_not_move():
    model = CoreShell(shape=ParticleShape(octahedra=3)).build(BROMIDE, BROMIDE)
    assert "elastic" not in [entry.name for entry in model.steps]
    points = of(model, Site.B)
    steps = (points - points[0]) / EDGE
    assert steps == pytest.approx(np.round(steps), abs=1e-9)


@pytest.mark.parametrize(
    ("core", "shell"),
    [
        ("FA0.8Cs0.2PbI3:cubic", "CsPbBr3:cubic"),
        ("CsPb0.9Mn0.1I3:cubic", "CsPbBr3:cubic"),
        ("FAPbBr3:cubic", "CsPbBr3:cubic"),
        ("CsPbBr3_orthorhombic", "CsPbCl3:cubic"),
        ("CsPbCl3:cubic", "CsPbBr3_orthorhombic"),
    ],
)
@pytest.mark.parametrize(
    "shape",
    [
        ParticleShape(octahedra=3),
        ParticleShape(kind="sphere", radius=12.0),
        ParticleShape(kind="platelet", octahedra=(4, 4), monolayers=2),
        ParticleShape(kind="wire", octahedra=2),
    ],
)
def test_all_checks_pass(core, shell, shape):
    crystals = load_crystal(core), load_crystal(shell)
    model = CoreShell(shape=shape).build(*crystals, seed=1)
    report = check(model)
    assert report.passed, [f.message for f in report.findings if f.level == "error"]
    assert model.atoms.arrays[CHARGE].sum() == pytest.approx(0, abs=1e-9)
    assert (coordination(model, 3.55)[0] == 6).all()


@pytest.mark.parametrize("kind", ["cube", "sphere"])
@pytest.mark.parametrize("lattice", ["core", "shell", "mean"])
def test_estimate_of_the_atoms(kind, lattice):
    shape = (
        ParticleShape(octahedra=6) if kind == "cube" else ParticleShape(kind="sphere", octahedra=8)
    )
    options = CoreShell(shape=shape, layers=(2,), elastic=False, lattice=lattice)
    built = options.build(IODIDE, BROMIDE)
    assert options.estimate(IODIDE, BROMIDE).atoms == pytest.approx(len(built.atoms), rel=0.1)
