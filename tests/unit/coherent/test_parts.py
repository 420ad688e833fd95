"""How parts blend across their walls: the ions of a profile are those of its distances."""

from __future__ import annotations

from math import erfc, sqrt

import numpy as np
import pytest

from heterobuild.coherent.carved import carve
from heterobuild.coherent.draft import draft_parts
from heterobuild.coherent.parts import Parts, blend_parts, profiles_at_walls
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.frameworks.block import Block
from heterobuild.frameworks.framework import framework_of
from heterobuild.frameworks.occupancy import occupy
from heterobuild.frameworks.species import wanted_shares
from heterobuild.labels import Site
from heterobuild.model import SiteProfile, WallProfile
from heterobuild.particles.forms import make_form
from heterobuild.particles.options import ParticleShape

HOST = load_crystal("CsPbBr3_cubic")
INNER, OUTER = load_crystal("MAPbBr3_cubic"), load_crystal("CsSnI3_alpha")
EDGE = float(HOST.cell[0, 0])
OF_INNER = {Site.A: "MA", Site.B: "Pb", Site.X: "Br"}
"""Ions that only the inner part has."""


def block_of(cells, name="CsPbBr3_cubic"):
    return Block(
        framework=framework_of(load_crystal(name)),
        origin=(0, 0, 0),
        cells=cells,
        periodic=(False,) * 3,
    )


def measured(block, distance):
    """Distance of each site, shape (nx, ny, nz, u), from the middle of the block."""
    middle = np.array(block.cells) / 2 @ block.framework.cell
    units = [distance(block.positions(u) - middle) for u in range(block.grid[3])]
    return np.stack([found.reshape(block.cells) for found in units], axis=-1)


def parts_of(block, *fields, kind="erf", width=12.0, crystals=(INNER, OUTER), known=True):
    b_units = block.framework.b_units
    return Parts(
        names=("core", "shell", "skin")[: len(crystals)],
        crystals=crystals,
        walls=tuple(field[..., b_units] for field in fields),
        fields=fields if known else (),
        shared="outer",
        profile=everywhere(kind, width),
    )


def everywhere(kind, width):
    """Return a profile of all sites; B cations stay sharp where nobody asks."""
    return WallProfile(kind=kind, width=width, sites={"B": SiteProfile(kind=kind, width=width)})


def blended(block, parts, region=None):
    """Weights and shells of parts on all sites of a block."""
    shares = wanted_shares(block.framework, parts.crystals)
    profiles = profiles_at_walls(parts, block, shares)
    region = np.ones(block.grid, dtype=np.int8) if region is None else region
    return blend_parts(block, parts, EDGE, region=region, profiles=profiles)


def erf_share(distance, width):
    """Half the complementary error function, 10 % at +width/2."""
    sigma = width / (2 * 1.2815515655446004)
    return np.vectorize(lambda d: 0.5 * erfc(d / (sqrt(2) * sigma)))(distance)


def ball(points):
    return np.linalg.norm(points, axis=1) - 14.0


def cube(points):
    return (np.abs(points) - 2.5 * EDGE).max(axis=1)


def rounded_cube(points):
    """True distance, round at edges and corners."""
    out = np.abs(points) - 2.5 * EDGE
    return np.linalg.norm(np.maximum(out, 0), axis=1) + np.minimum(out.max(axis=1), 0)


@pytest.mark.parametrize("role", [Site.A, Site.B, Site.X])
@pytest.mark.parametrize("solid", [ball, cube, rounded_cube])
@pytest.mark.parametrize("width", [6.0, 20.0])
def test_ions_of_each_kind_are_those_of_the_distances(solid, width, role):
    block = block_of((8, 8, 8))
    field = measured(block, solid)
    blend = blended(block, parts_of(block, field, width=width))
    shares = wanted_shares(block.framework, (INNER, OUTER))
    region = np.where(field < 0, 1, 2).astype(np.int8)
    species = occupy(block, region, shares, rng=np.random.default_rng(3), blend=blend)
    numbers = [k for k, entry in enumerate(shares.species) if entry.name == OF_INNER[role]]
    units = block.framework.site == role
    found = np.isin(species[..., units], numbers).sum()
    assert found == pytest.approx(erf_share(field[..., units], width).sum(), abs=1)


@pytest.mark.parametrize("role", [Site.A, Site.B, Site.X])
@pytest.mark.parametrize(("core", "whole", "width"), [(3, 5, 8.0), (4, 8, 20.0), (5, 7, 11.0)])
def test_a_cubic_core_has_the_ions_of_its_profile(core, whole, width, role):
    """Of the sites of the particle alone; outside an edge the nearest face counts."""
    shapes = [ParticleShape(octahedra=n) for n in (core, whole)]
    draft = carve(
        HOST,
        [make_form(shape, HOST) for shape in shapes],
        ["core", "shell"],
        [INNER, OUTER],
        shape=shapes[-1],
        offset=np.zeros(3),
        termination="AX",
        shared="outer",
        profile=everywhere("erf", width),
        seed=0,
    )
    sites, wanted = draft.sites, 0.0
    for unit in np.flatnonzero(sites.block.framework.site == role).tolist():
        there = (sites.region[..., unit] > 0).ravel()
        points = (sites.block.positions(unit) - draft.centre)[there]
        beyond = (np.abs(points) - core / 2 * EDGE).max(axis=1)
        wanted += erf_share(beyond, width).sum()
    numbers = [k for k, entry in enumerate(sites.table) if entry.name == OF_INNER[role]]
    assert np.isin(sites.species, numbers).sum() == pytest.approx(wanted, abs=1)


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("name", ["CsPbBr3_cubic", "CsPbBr3_orthorhombic"])
def test_weights_fall_across_a_flat_wall(name, known):
    """Without distances of all sites, B give those of the rest: as good at a flat wall."""
    block = block_of((10, 4, 3), name)
    step = block.framework.cell[0] / np.linalg.norm(block.framework.cell[0])
    field = measured(block, lambda p: p @ step + 0.3)
    parts = parts_of(block, field, kind="linear", width=20.0, known=known)
    weights, shell = blended(block, parts)
    assert shell.shape == block.grid
    assert weights.sum(axis=1) == pytest.approx(1)
    found = weights[shell][2:-2, 1:-1, 1:-1, :, 0]
    wanted = np.clip(0.5 - field / 20.0, 0, 1)[2:-2, 1:-1, 1:-1]
    assert np.abs(found - wanted).max() < EDGE / 2 / 20.0 + 0.05
    assert found.mean() == pytest.approx(wanted.mean(), abs=0.01)


def test_shells_hold_sites_of_one_kind():
    block = block_of((6, 6, 6))
    _, shell = blended(block, parts_of(block, measured(block, ball)))
    kinds = np.broadcast_to(block.framework.site, block.grid).ravel()
    for number in np.unique(shell):
        assert len(np.unique(kinds[shell.ravel() == number])) == 1


def test_three_parts_share_what_the_inner_ones_leave():
    """With weights f, (1 − f) g and (1 − f)(1 − g) at the walls of a core in a shell in a skin."""
    block = block_of((9, 9, 9))
    inner = measured(block, lambda p: np.abs(p[:, 0]) - 1.0 * EDGE)
    outer = inner - 2 * EDGE
    crystals = (INNER, load_crystal("CsPbBr3_cubic"), OUTER)
    parts = parts_of(block, inner, outer, width=9.0, crystals=crystals)
    weights, shell = blended(block, parts)
    first, second = erf_share(inner, 9.0), erf_share(outer, 9.0)
    expected = np.stack([first, (1 - first) * second, (1 - first) * (1 - second)], axis=-1)
    assert weights[shell].reshape(expected.shape) == pytest.approx(expected, abs=1e-6)


def behind_lead(points):
    """Distance from the plane of A and X between the sixth and the seventh plane of Pb."""
    return points[:, 0] + EDGE / 2


def flat(cells=(12, 4, 4), **options):
    """A closed block of cubic cells with a wall after half of them, drawn."""
    block = block_of(cells)
    field = measured(block, behind_lead)
    parts = Parts(
        names=("core", "shell"),
        crystals=(INNER, OUTER),
        walls=(field[..., block.framework.b_units],),
        shared="outer",
        profile=WallProfile(**options),
    )
    occupied = np.ones(block.grid, dtype=bool)
    return draft_parts(block, occupied, parts, rotation=np.eye(3), centre=np.zeros(3), seed=1)


def share_by_cell(draft, name, role):
    numbers = [k for k, entry in enumerate(draft.sites.table) if entry.name == name]
    units = draft.sites.block.framework.site == role
    return np.isin(draft.sites.species[..., units], numbers).mean(axis=(1, 2, 3))


def test_b_cations_stay_sharp_while_the_others_mix():
    draft = flat(kind="erf", width=20.0)
    assert share_by_cell(draft, "Pb", Site.B).tolist() == [1.0] * 6 + [0.0] * 6
    for name, role in (("MA", Site.A), ("Br", Site.X)):
        assert 0.1 < share_by_cell(draft, name, role)[6] < 0.5


def test_each_site_has_its_own_profile():
    draft = flat(
        sites={
            "X": SiteProfile(kind="linear", width=30.0),
            "B": SiteProfile(kind="erf", width=10.0),
        }
    )
    # A at the wall itself belong to the shell, the sharp rule of `shared`
    assert set(share_by_cell(draft, "MA", Site.A)) == {0.0, 1.0}
    assert 0 < share_by_cell(draft, "Pb", Site.B)[6] < 0.3
    assert share_by_cell(draft, "Br", Site.X)[7] > 0.1


def test_diffusion_mixes_halides_only_and_says_how_far():
    draft = flat(kind="diffusion", time=2.0, diffusivity={"X": 1e-15})
    (step,) = [step for step in draft.steps if step.name == "profile"]
    assert step.values["X"]["width_A"] == pytest.approx(16.21, abs=0.01)
    assert "A " in step.choice
    assert "low confidence" in step.choice
    assert set(share_by_cell(draft, "MA", Site.A)) <= {0.0, 1.0}
    assert 0.1 < share_by_cell(draft, "Br", Site.X)[6] < 0.6


def test_planes_given_one_by_one():
    """X and A planes alternate: A and one X in the wall, two X in between."""
    draft = flat(kind="layers", inside=(0.75,), outside=(0.5, 0.25))
    site, block = draft.sites, draft.sites.block
    numbers = [k for k, entry in enumerate(site.table) if entry.name == "Br"]
    away = measured(block, behind_lead)
    mine = np.broadcast_to(block.framework.site == Site.X, block.grid)
    bromine = np.isin(site.species, numbers)
    for distance, share in ((-1.0, 1.0), (-0.5, 0.75), (0.0, 0.5), (0.5, 0.25), (1.0, 0.0)):
        plane = mine & (np.abs(away - distance * EDGE) < 1.0)
        assert plane.any()
        assert bromine[plane].mean() == share


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "erf", "width": 72.0}, r"wider than the part.*core.*35\.24 Å.*at most 70\.49"),
        ({"kind": "layers", "inside": (0.5,) * 13}, r"13 planes.*12 planes of the core"),
        ({"sites": {"A": SiteProfile(kind="linear", width=99.0)}}, r"profile of the A sites"),
    ],
)
def test_profiles_that_do_not_fit_are_refused(options, message):
    with pytest.raises(UsageError, match=message):
        flat(**options)


def test_a_profile_of_sites_that_do_not_differ_is_refused():
    block = block_of((6, 3, 3))
    field = measured(block, lambda points: points[:, 0])
    parts = Parts(
        names=("core", "shell"),
        crystals=(HOST, load_crystal("CsSnBr3_cubic")),
        walls=(field[..., block.framework.b_units],),
        shared="outer",
        profile=WallProfile(kind="erf", width=6.0),
    )
    with pytest.raises(UsageError, match="only B sites differ"):
        profiles_at_walls(parts, block, wanted_shares(block.framework, parts.crystals))
