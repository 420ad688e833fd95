"""Values joined over octahedra, against positions and plain loops."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.frameworks.framework import framework_of
from heterobuild.frameworks.unit_values import (
    around_octahedra,
    unit_highest,
    unit_links,
    unit_lowest,
)
from heterobuild.labels import Site

FREE, CLOSED = (False,) * 3, (True,) * 3


def seen_from(framework, cell, unit, cells):
    """Return the octahedra of a closed block that a unit belongs to, by cell and B cation."""
    found = []
    for b, v, *step in framework.links.tolist():
        if v == unit:
            home = (np.array(cell) - step) % cells
            found.append((*home.tolist(), b))
    return found


@pytest.mark.parametrize("name", ["CsPbBr3_orthorhombic", "CsPb2Br5"])
def test_closed_blocks_agree_with_a_loop_over_cells(name):
    framework, cells = framework_of(load_crystal(name)), (2, 1, 3)
    shape = (*cells, len(framework.b_units))
    values = np.random.default_rng(1).permutation(int(np.prod(shape))).reshape(shape)
    values = values.astype(np.int16)
    units = around_octahedra(framework)
    low = dict(unit_lowest(framework, CLOSED, values, units))
    high = dict(unit_highest(framework, CLOSED, values, units))
    for unit in units:
        for cell in np.ndindex(*cells):
            own = [values[place] for place in seen_from(framework, cell, unit, cells)]
            assert (low[unit][cell], high[unit][cell]) == (min(own), max(own))


def test_one_octahedron_has_six_halides_and_eight_cations():
    framework = framework_of(load_crystal("CsPbBr3_cubic"))
    chosen = np.zeros((3, 3, 3, 1), dtype=bool)
    chosen[1, 1, 1] = True
    found = {v: int(own.sum()) for v, own in unit_links(framework, FREE, chosen, [0, 2, 3, 4])}
    assert framework.site[[0, 2, 3, 4]].tolist() == [Site.A, Site.X, Site.X, Site.X]
    assert found == {0: 8, 2: 2, 3: 2, 4: 2}


def test_octahedra_that_are_not_chosen_or_not_there_do_not_count():
    framework, cells = framework_of(load_crystal("CsPbBr3_cubic")), (2, 1, 3)
    values = np.array([[[5, 9, 4]], [[8, 7, 6]]], dtype=np.int8)[..., None]
    chosen = values != 9
    ends = np.iinfo(np.int8)
    for unit in around_octahedra(framework):
        ((_, low),) = unit_lowest(framework, FREE, values, [unit], chosen)
        ((_, high),) = unit_highest(framework, FREE, values, [unit], chosen)
        for cell in np.ndindex(*cells):
            homes = [
                tuple((np.array(cell) - step).tolist())
                for _, v, *step in framework.links.tolist()
                if v == unit
            ]
            own = [
                int(values[home][0])
                for home in homes
                if all(0 <= c < n for c, n in zip(home, cells, strict=True)) and chosen[home][0]
            ]
            assert low[cell] == min(own, default=ends.max)
            assert high[cell] == max(own, default=ends.min)


def test_only_units_beside_octahedra_are_counted_as_such():
    framework = framework_of(load_crystal("CsPbBr3_orthorhombic"))
    others = around_octahedra(framework)
    assert sorted([*others, *framework.b_units.tolist()]) == list(range(len(framework.site)))
    assert not (framework.site[others] == Site.B).any()


def test_distances_are_joined_as_whole_numbers_are():
    framework, cells = framework_of(load_crystal("CsPbBr3_cubic")), (3, 2, 4)
    ranks = np.random.default_rng(2).permutation(24).reshape(*cells, 1).astype(np.int16)
    chosen = ranks % 5 != 0
    units = around_octahedra(framework)
    for join, end in ((unit_lowest, np.inf), (unit_highest, -np.inf)):
        whole = join(framework, FREE, ranks, units, chosen)
        for (v, ints), (_, floats) in zip(
            whole, join(framework, FREE, ranks.astype(np.float32) / 4, units, chosen), strict=True
        ):
            there = np.isfinite(floats)
            assert (floats[~there] == end).all()
            assert np.array_equal(ints[there], floats[there] * 4)
            assert there.any(), v
