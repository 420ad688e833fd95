"""Sheets side by side: spacers stay where their ammonium groups hold them."""

import numpy as np
import pytest

from heterobuild.architectures.lateral import Lateral
from heterobuild.compounds import load_crystal
from heterobuild.labels import REGION, SITE, Site

PAIR = load_crystal("BA2PbI4"), load_crystal("BA2PbBr4")


def nitrogen_to_apical(atoms):
    """Return for each region the mean height of N above the nearest terminal halide."""
    site, z = atoms.arrays[SITE], atoms.positions[:, 2]
    middle = z[site == Site.B].mean()
    terminal = (site == Site.X) & (np.abs(z - middle) > 2)
    found = {}
    for region in (1, 2):
        own = atoms.arrays[REGION] == region
        height = np.abs(z[own & (atoms.numbers == 7)] - middle).mean()
        found[region] = height - np.abs(z[own & terminal] - middle).mean()
    return found


def test_spacers_rise_with_the_larger_halide():
    built = Lateral(octahedra=(6, 6)).build(*PAIR)
    gaps = nitrogen_to_apical(built.atoms)
    assert gaps[1] == pytest.approx(gaps[2], abs=0.1)


def test_equal_parts_do_not_move():
    still = Lateral(octahedra=(2, 2)).build(PAIR[0], PAIR[0])
    held = Lateral(octahedra=(2, 2), elastic=False).build(PAIR[0], PAIR[0])
    assert np.allclose(still.atoms.positions, held.atoms.positions)
    assert all(np.allclose(region.strain, 0) for region in still.regions)


def test_unrelaxed_strain_is_that_of_the_lattice():
    held = Lateral(octahedra=(2, 2), elastic=False, strain="second").build(*PAIR)
    area = [np.linalg.norm(np.cross(*crystal.cell[:2])) for crystal in PAIR]
    strains = {region.name: region.strain[0, 0] for region in held.regions}
    assert strains["part 1"] == pytest.approx(0, abs=1e-9)
    assert strains["part 2"] == pytest.approx((area[0] / area[1]) ** 0.5 - 1)


def test_measured_strain_is_that_of_the_cell_for_one_row_of_steps():
    built = Lateral(octahedra=(6, 6)).build(*PAIR)
    edge = [np.linalg.norm(np.cross(*crystal.cell[:2]) / 2) ** 0.5 for crystal in PAIR]
    for region, own in zip(built.regions, edge, strict=True):
        along = built.atoms.cell[0, 0] / 2 / own - 1
        assert region.strain[0, 0] == pytest.approx(along, abs=3e-3)
