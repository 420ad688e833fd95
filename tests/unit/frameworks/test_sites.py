"""Parts and layers on a row and on a grid of octahedra."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.frameworks.block import Block
from heterobuild.frameworks.framework import framework_of
from heterobuild.frameworks.sites import EMPTY, Sites, layers, region_codes
from heterobuild.frameworks.species import wanted_shares


@pytest.fixture
def row():
    """A row of ten cubes along x, closed along y and z."""
    framework = framework_of(load_crystal("CsPbBr3_cubic"))
    return Block(
        framework=framework, origin=(0, 0, 0), cells=(10, 1, 1), periodic=(False, True, True)
    )


def wall_at(block, x):
    """Signed distance of B number n from a wall at x, in cubes, as length."""
    return (np.arange(10.0) - x).reshape(block.octahedra) * 5.874


def everywhere(block):
    return np.ones(block.grid, dtype=bool)


def codes(block, walls, shared, rng=None):
    rng = np.random.default_rng(0) if rng is None else rng
    return region_codes(block, everywhere(block), walls, shared=shared, rng=rng)


@pytest.mark.parametrize(("shared", "pick"), [("inner", min), ("outer", max)])
def test_the_shared_plane_goes_to_the_part_named(row, shared, pick):
    found = codes(row, [wall_at(row, 4.5)], shared)
    lead = found[:, 0, 0, row.framework.b_units[0]]
    assert lead.tolist() == [1] * 5 + [2] * 5
    start = row.positions(int(row.framework.b_units[0]))[0, 0]
    for unit in range(len(row.framework.site)):
        places = (row.positions(unit)[:, 0] - start) / 5.874
        for place, code in zip(places.round(6).tolist(), found[..., unit].ravel(), strict=True):
            beside = [int(np.floor(place)), int(np.ceil(place))]
            beside = [n for n in beside if 0 <= n < 10]
            assert code == pick(lead[n] for n in beside)


def test_both_parts_share_a_mixed_plane_about_equally():
    framework = framework_of(load_crystal("CsPbBr3_cubic"))
    block = Block(
        framework=framework, origin=(0, 0, 0), cells=(4, 30, 30), periodic=(False, True, True)
    )
    wall = np.broadcast_to((np.arange(4.0) - 1.5)[:, None, None, None], block.octahedra)
    inner, outer, mixed = (codes(block, [wall], kind) for kind in ("inner", "outer", "mixed"))
    plane = inner != outer
    assert np.array_equal(mixed[~plane], inner[~plane])
    assert plane.sum() == 2 * 900
    assert 0.45 < (mixed[plane] == 1).mean() < 0.55
    assert np.array_equal(mixed, codes(block, [wall], "mixed"))


def test_three_parts_between_two_walls(row):
    found = codes(row, [wall_at(row, 2.5), wall_at(row, 6.5)], "outer")
    lead = found[:, 0, 0, row.framework.b_units[0]]
    assert lead.tolist() == [1] * 3 + [2] * 4 + [3] * 3


def test_empty_sites_have_no_part(row):
    occupied = everywhere(row)
    occupied[7:] = False
    found = region_codes(
        row, occupied, [wall_at(row, 4.5)], shared="outer", rng=np.random.default_rng(0)
    )
    assert not found[7:].any()
    assert found[:7].all()


def test_layers_count_octahedra_on_both_sides_of_a_wall(row):
    walls = [wall_at(row, 4.5)]
    region = codes(row, walls, "outer")
    found = layers(row, everywhere(row), walls, region=region, step=5.874)
    lead = found[:, 0, 0, row.framework.b_units[0]]
    assert lead.tolist() == [-5, -4, -3, -2, -1, 1, 2, 3, 4, 5]
    assert found.all()
    assert (np.sign(found) == np.where(region == 1, -1, 1)).all()


def test_layers_between_two_walls_count_from_the_nearer(row):
    walls = [wall_at(row, 1.5), wall_at(row, 7.5)]
    region = codes(row, walls, "outer")
    found = layers(row, everywhere(row), walls, region=region, step=5.874)
    lead = found[:, 0, 0, row.framework.b_units[0]]
    assert lead.tolist() == [-2, -1, 1, 2, 3, -3, -2, -1, 1, 2]


def test_layers_from_a_surface_count_upward(row):
    found = layers(row, everywhere(row), [-wall_at(row, -0.5)], region=None, step=5.874)
    lead = found[:, 0, 0, row.framework.b_units[0]]
    assert lead.tolist() == list(range(1, 11))


def test_charge_of_sites_is_the_sum_of_ions(row):
    crystal = row.framework.crystal
    table = wanted_shares(row.framework, (crystal,)).species
    rng = np.random.default_rng(4)
    species = rng.integers(EMPTY, len(table), row.grid).astype(np.int16)
    nothing = np.zeros(row.grid, dtype=np.int8)
    sites = Sites(block=row, species=species, region=nothing, layer=nothing, table=table)
    expected = sum(table[k].charge for k in species.ravel().tolist() if k != EMPTY)
    assert sites.charge == expected
    assert sites.charges[EMPTY] == 0
