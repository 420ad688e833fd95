"""Exact numbers of ions on drawn sites."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.frameworks.block import Block
from heterobuild.frameworks.framework import framework_of
from heterobuild.frameworks.occupancy import occupy
from heterobuild.frameworks.sites import EMPTY
from heterobuild.frameworks.species import Shares, Species, wanted_shares
from heterobuild.labels import Site


def block_of(crystal, cells=(5, 5, 5)):
    framework = framework_of(crystal)
    return Block(framework=framework, origin=(0, 0, 0), cells=cells, periodic=(True,) * 3)


def drawn(block, region, shares, seed=0, *, blend=None, pattern="random"):
    return occupy(
        block, region, shares, rng=np.random.default_rng(seed), blend=blend, pattern=pattern
    )


def tally(shares, species):
    names = [shares.species[k].name for k in species[species != EMPTY].ravel().tolist()]
    return {name: names.count(name) for name in dict.fromkeys(names)}


@pytest.mark.parametrize("cells", [(5, 5, 5), (3, 2, 1), (7, 1, 1)])
def test_numbers_are_the_nearest_whole_ones(cells):
    alloy = load_crystal("FA0.85Cs0.15Pb(I0.8Br0.2)3")
    block = block_of(alloy, cells)
    shares = wanted_shares(block.framework, (alloy,))
    species = drawn(block, np.ones(block.grid, dtype=np.int8), shares)
    for role, wanted in ((Site.A, {"FA": 0.85, "Cs": 0.15}), (Site.X, {"I": 0.8, "Br": 0.2})):
        sites = species[..., block.framework.site == role]
        counts = tally(shares, sites)
        assert sum(counts.values()) == sites.size
        for name, share in wanted.items():
            assert abs(counts.get(name, 0) - share * sites.size) < 1


def test_every_part_has_its_own_numbers():
    host, alloy = load_crystal("CsPbBr3_cubic"), load_crystal("FA0.85Cs0.15Pb(I0.8Br0.2)3")
    block = block_of(host, (8, 5, 5))
    shares = wanted_shares(block.framework, (host, alloy))
    region = np.ones(block.grid, dtype=np.int8)
    region[4:] = 2
    region[0] = 0
    species = drawn(block, region, shares)
    assert (species[0] == EMPTY).all()
    assert tally(shares, species[1:4]) == {"Cs": 75, "Pb": 75, "Br": 225}
    outer = tally(shares, species[4:])
    assert outer == {"FA": 85, "Cs": 15, "Pb": 100, "I": 240, "Br": 60}


def test_the_seed_decides_and_nothing_else():
    alloy = load_crystal("CsPb(Br0.5I0.5)3")
    block = block_of(alloy, (3, 3, 3))
    shares = wanted_shares(block.framework, (alloy,))
    region = np.ones(block.grid, dtype=np.int8)
    first, again, other = (drawn(block, region, shares, seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert tally(shares, first) == tally(shares, other)


def test_every_site_is_equally_likely():
    alloy = load_crystal("CsPb(Br0.5I0.5)3")
    block = block_of(alloy, (2, 2, 2))
    shares = wanted_shares(block.framework, (alloy,))
    region = np.ones(block.grid, dtype=np.int8)
    iodine = [s.name for s in shares.species].index("I")
    mean = np.mean([drawn(block, region, shares, seed) == iodine for seed in range(400)], axis=0)
    halides = mean[..., block.framework.site == Site.X]
    assert abs(halides - 0.5).max() < 0.12


def test_a_profile_has_exact_numbers_in_every_shell():
    host, iodide = load_crystal("CsPbBr3_cubic"), load_crystal("CsPbI3_alpha")
    block = block_of(host, (5, 10, 10))
    shares = wanted_shares(block.framework, (host, iodide))
    shell = np.broadcast_to(np.arange(5)[:, None, None, None], block.grid)
    inner = np.array([1.0, 0.75, 0.5, 0.25, 0.0])
    weights = np.column_stack([inner, 1 - inner])
    species = drawn(block, np.ones(block.grid, dtype=np.int8), shares, blend=(weights, shell))
    for number, share in enumerate(inner):
        counts = tally(shares, species[number])
        assert counts.get("Br", 0) == round(300 * share)
        assert counts.get("I", 0) == round(300 * (1 - share))
        assert (counts["Cs"], counts["Pb"]) == (100, 100)


def shell_by_cell(pattern, cells=(3, 4, 4), share=0.5):
    """Put half-and-half A cations in the middle of three planes of cells."""
    host, other = load_crystal("CsPbBr3_cubic"), load_crystal("MAPbBr3_cubic")
    block = block_of(host, cells)
    shares = wanted_shares(block.framework, (host, other))
    shell = np.broadcast_to(np.arange(3)[:, None, None, None], block.grid)
    weights = np.array([[1.0, 0.0], [share, 1 - share], [0.0, 1.0]])
    region = np.ones(block.grid, dtype=np.int8)
    species = drawn(block, region, shares, blend=(weights, shell), pattern=pattern)
    (a_unit,) = np.flatnonzero(block.framework.site == Site.A)
    names = np.array([entry.name for entry in shares.species])
    return names[species[..., a_unit]]


def test_an_ordered_shell_alternates():
    found = shell_by_cell("ordered")
    assert (found[0] == "Cs").all()
    assert (found[2] == "MA").all()
    for axis in (0, 1):
        assert (found[1] != np.roll(found[1], 1, axis=axis)).all()


def test_a_quasirandom_shell_has_neither_clusters_nor_order():
    spin = np.where(shell_by_cell("quasirandom", (3, 6, 6))[1] == "Cs", 1.0, -1.0)
    assert spin.sum() == 0
    pairs = [np.mean(spin * np.roll(spin, 1, axis=axis)) for axis in (0, 1)]
    assert abs(np.mean(pairs)) <= 0.06


@pytest.mark.parametrize("pattern", ["ordered", "quasirandom"])
def test_a_shell_too_large_for_its_pattern_is_refused(pattern):
    with pytest.raises(UsageError, match=r"2500 sites.*2000 sites.*random"):
        shell_by_cell(pattern, (3, 50, 50))


def unlike(names, charges, wanted, cells):
    """Draw ions of unlike charge on the B sites of a cubic block and count them."""
    block = block_of(load_crystal("CsPbBr3_cubic"), cells)
    table = tuple(
        Species(
            name=name,
            numbers=np.array([1]),
            positions=np.zeros((1, 3)),
            charges=np.array([charge]),
        )
        for name, charge in zip(names, charges, strict=True)
    )
    shares = np.zeros((1, len(block.framework.site), len(table)))
    shares[0, :, 0] = 1
    shares[0, block.framework.b_units] = wanted
    made = Shares(species=table, shares=shares)
    region = np.ones(block.grid, dtype=np.int8)
    species = drawn(block, region, made)[..., block.framework.b_units]
    counts = np.bincount(species.ravel(), minlength=len(table))
    assert counts.sum() == np.prod(cells)
    return counts.tolist()


def test_ions_of_unlike_charge_come_in_neutral_pairs():
    names, charges = ("Pb", "Ag", "Bi"), (2.0, 1.0, 3.0)
    assert unlike(names, charges, [0.8, 0.1, 0.1], (5, 3, 1)) == [11, 2, 2]
    assert unlike(names, charges, [0.0, 0.5, 0.5], (4, 1, 1)) == [0, 2, 2]


def test_an_odd_site_is_not_left_without_an_ion():
    counts = unlike(("Pb", "Ag", "Bi"), (2.0, 1.0, 3.0), [0.0, 0.5, 0.5], (3, 3, 3))
    assert sorted(counts) == [0, 13, 14]


def test_a_mixture_of_unlike_charge_keeps_its_shares():
    assert unlike(("Pb", "Bi"), (2.0, 3.0), [0.7, 0.3], (10, 1, 1)) == [7, 3]
