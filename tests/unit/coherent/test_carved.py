"""Centres, walls and sizes of carved particles."""

from __future__ import annotations

from itertools import product
from math import gcd

import numpy as np
import pytest

from heterobuild.coherent.carved import along_axis, carve, centre_point, wire_cell
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.frameworks.framework import framework_of
from heterobuild.frameworks.sites import EMPTY
from heterobuild.labels import Site
from heterobuild.model import WallProfile
from heterobuild.particles.forms import make_form
from heterobuild.particles.options import ParticleShape


def nested(*shapes, name="CsPbBr3_cubic", offset=(0, 0, 0), termination="AX"):
    crystal = load_crystal(name)
    return carve(
        crystal,
        [make_form(shape, crystal) for shape in shapes],
        ["core", "shell"][: len(shapes)] if len(shapes) > 1 else ["particle"],
        [crystal] * len(shapes),
        shape=shapes[-1],
        offset=np.array(offset, dtype=float),
        termination=termination,
        shared="outer",
        profile=WallProfile(),
        seed=0,
    )


def test_every_direction_of_small_indices_has_a_basis():
    for direction in product(range(-2, 3), repeat=3):
        if gcd(*direction) != 1:
            continue
        basis = along_axis(np.array(direction))
        assert basis[2].tolist() == list(direction)
        assert round(np.linalg.det(basis)) == 1
        longer = along_axis(np.array(direction), 4)
        assert longer[2].tolist() == [4 * step for step in direction]
        assert round(np.linalg.det(longer)) == 4
    assert along_axis(None) is None


def test_directions_without_a_small_basis_are_refused():
    with pytest.raises(UsageError, match="no small cell"):
        along_axis(np.array([2, 4, 6]))
    with pytest.raises(UsageError, match="at least one period"):
        along_axis(np.array([0, 0, 1]), 0)


def placed(name, centre, **options):
    crystal = load_crystal(name)
    form = make_form(ParticleShape(**options), crystal)
    framework = framework_of(crystal, along_axis(form.translation))
    return crystal, framework, centre_point(framework, form, centre)


@pytest.mark.parametrize("name", ["CsPbBr3_cubic", "CsPbBr3_orthorhombic", "CsPbI3_beta"])
def test_automatic_centre_of_even_cubes_is_an_a_site(name):
    crystal, framework, odd = placed(name, "auto", octahedra=3)
    lead = crystal.atoms.positions[crystal.atoms.arrays["site"] == Site.B]
    assert np.linalg.norm(lead - odd, axis=1).min() < 1e-9
    _, _, even = placed(name, "auto", octahedra=4)
    cations = framework.centres[framework.site == Site.A]
    steps = (cations - even) @ np.linalg.inv(framework.cell)
    steps = (steps - np.rint(steps)) @ framework.cell
    assert np.linalg.norm(steps, axis=1).min() < 0.45


@pytest.mark.parametrize("site", ["A", "B", "X"])
@pytest.mark.parametrize("name", ["CsPbBr3_orthorhombic", "MAPbI3_cubic", "Cs4PbBr6"])
def test_a_site_can_be_the_centre(name, site):
    _, framework, point = placed(name, site, kind="sphere", radius=12.0)
    units = framework.centres[framework.site == Site[site]]
    steps = (units - point) @ np.linalg.inv(framework.cell)
    assert np.abs(steps - np.rint(steps)).max(axis=1).min() < 1e-9


@pytest.mark.parametrize("kind", ["sphere", "wire"])
def test_a_point_is_counted_in_conventional_vectors(kind):
    options = {"kind": kind, "radius": 12.0}
    if kind == "wire":
        options |= {"axis": (1, 0, 0), "section": "round"}
    crystal, _, point = placed("CsPbBr3_orthorhombic", (0.1, 0.2, 0.5), **options)
    assert point == pytest.approx(np.array([0.1, 0.2, 0.5]) @ crystal.cell)


def test_sites_that_a_crystal_lacks_are_refused():
    with pytest.raises(UsageError, match="has no A site"):
        placed("PbI2", "A", kind="sphere", radius=12.0)


def test_core_and_shell_share_one_lattice():
    inner, outer = ParticleShape(octahedra=3), ParticleShape(octahedra=5)
    draft = nested(inner, outer)
    region = draft.sites.region[..., draft.sites.block.framework.b_units]
    assert np.bincount(region.ravel())[1:].tolist() == [27, 98]
    layer = draft.sites.layer[..., draft.sites.block.framework.b_units]
    assert np.unique(layer[region == 1]).tolist() == [-2, -1]
    assert np.unique(layer[region == 2]).tolist() == [1]
    sizes = [s.values["octahedra"] for s in draft.steps if s.name == "size"]
    assert sizes == [27, 125]


def test_an_offset_core_moves_whole_octahedra():
    inner, outer = ParticleShape(octahedra=1), ParticleShape(octahedra=5)
    draft = nested(inner, outer, offset=(5.874, 0, -5.874))
    framework = draft.sites.block.framework
    chosen = (draft.sites.region[..., framework.b_units[0]] == 1).ravel()
    points = draft.sites.block.positions(int(framework.b_units[0]))[chosen] - draft.centre
    assert points == pytest.approx(np.array([[5.874, 0, -5.874]]))


@pytest.mark.parametrize(("core", "shell", "offset"), [(5, 3, 0.0), (3, 3, 0.0), (3, 5, 9.0)])
def test_cores_that_reach_out_are_refused(core, shell, offset):
    with pytest.raises(UsageError, match="core is larger than shell"):
        nested(ParticleShape(octahedra=core), ParticleShape(octahedra=shell), offset=(offset, 0, 0))


def test_a_core_without_octahedra_is_refused():
    core = ParticleShape(kind="sphere", radius=3.0)
    with pytest.raises(UsageError, match="core holds no octahedron"):
        nested(core, ParticleShape(octahedra=4))


def test_the_cell_of_a_wire_is_its_period_along_z():
    draft = nested(
        ParticleShape(kind="wire", octahedra=3, axis=(1, 0, 0), periods=3),
        name="CsPbBr3_orthorhombic",
    )
    cell = wire_cell(draft)
    crystal = load_crystal("CsPbBr3_orthorhombic")
    period = np.linalg.norm(np.array([1, 0, 1]) @ crystal.cell)
    assert cell[:2].tolist() == [[0, 0, 0], [0, 0, 0]]
    assert cell[2] == pytest.approx([0, 0, 3 * period])
    assert wire_cell(nested(ParticleShape(octahedra=2))) is None
    assert (draft.sites.species != EMPTY).any()
