"""Counts over links against plain loops over cells."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.frameworks.block import (
    Block,
    extremes,
    halides_of,
    links_of,
    mean_over_octahedra,
    shift_points,
)
from heterobuild.frameworks.framework import framework_of
from heterobuild.labels import Site

PERIODIC = list(product((False, True), repeat=3))


def block_of(name, cells, periodic, origin=(0, 0, 0), basis=None):
    framework = framework_of(load_crystal(name), basis)
    return Block(framework=framework, origin=origin, cells=cells, periodic=periodic)


def neighbours(block):
    """Yield unit index, octahedron index and link for all links that stay inside the block."""
    for cell in np.ndindex(*block.cells):
        for b, v, *step in block.framework.links.tolist():
            other = [c + s for c, s in zip(cell, step, strict=True)]
            other = [
                c % n if p else c
                for c, n, p in zip(other, block.cells, block.periodic, strict=True)
            ]
            if all(0 <= c < n for c, n in zip(other, block.cells, strict=True)):
                yield (*other, v), (*cell, b)


@pytest.mark.parametrize("periodic", PERIODIC)
@pytest.mark.parametrize("cells", [(3, 2, 1), (1, 1, 1), (2, 4, 3)])
def test_counts_agree_with_loops(periodic, cells):
    block = block_of("CsPbBr3_orthorhombic", cells, periodic)
    rng = np.random.default_rng(len(cells))
    octahedra = rng.random(block.octahedra) < 0.5
    units = rng.random(block.grid) < 0.5
    values = rng.integers(-9, 9, block.octahedra).astype(np.int16)
    bonds, halides = np.zeros(block.grid, int), np.zeros(block.octahedra, int)
    low, high = np.full(block.grid, 32767), np.full(block.grid, -32768)
    total = np.zeros(block.grid)
    every = np.zeros(block.grid)
    for unit, b in neighbours(block):
        bonds[unit] += octahedra[b]
        total[unit] += values[b]
        every[unit] += 1
        halides[b] += units[unit] and block.framework.site[unit[-1]] == Site.X
        if octahedra[b]:
            low[unit], high[unit] = min(low[unit], values[b]), max(high[unit], values[b])
    own = block.framework.b_units
    low[..., own] = high[..., own] = values
    assert np.array_equal(links_of(block, octahedra), bonds)
    assert np.array_equal(halides_of(block, units), halides)
    found = extremes(block, values, octahedra)
    assert np.array_equal(found[0], low)
    assert np.array_equal(found[1], high)
    mean = total / np.maximum(every, 1)
    mean[..., own] = values
    assert mean_over_octahedra(block, values.astype(float)) == pytest.approx(mean, abs=1e-5)


def test_extremes_of_all_octahedra_need_no_choice():
    block = block_of("CsPbBr3_cubic", (3, 3, 3), (True, True, True))
    values = np.arange(27, dtype=np.int16).reshape(block.octahedra)
    everything = np.ones(block.octahedra, dtype=bool)
    for one, other in zip(
        extremes(block, values), extremes(block, values, everything), strict=True
    ):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("name", ["CsPbBr3_cubic", "Cs4PbBr6", "PEA2PbI4", "CsPb2Br5"])
@pytest.mark.parametrize("cells", [(1, 1, 1), (2, 1, 3)])
def test_every_site_of_a_closed_block_has_all_its_links(name, cells):
    block = block_of(name, cells, (True, True, True))
    counts = links_of(block, np.ones(block.octahedra, dtype=bool))
    assert np.array_equal(counts, np.broadcast_to(block.framework.full, block.grid))


def test_positions_run_over_the_last_index_first():
    block = block_of("CsPbBr3_orthorhombic", (2, 3, 4), (False,) * 3, origin=(5, -7, 100))
    for unit in (0, 7):
        grid = np.array(list(np.ndindex(2, 3, 4))) + (5, -7, 100)
        expected = grid @ block.framework.cell + block.framework.centres[unit]
        assert block.positions(unit) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("count", [0, 1, 255, 256, 700])
def test_points_are_shifted_row_by_row_and_in_place(count):
    points = np.random.default_rng(count).normal(size=(count, 3))
    step = np.array([0.1, -20.0, 3e5])
    expected, out = points + step, np.empty_like(points)
    shift_points(points, step, out)
    assert np.array_equal(out, expected)
    shift_points(points, step, points)
    assert np.array_equal(points, expected)
