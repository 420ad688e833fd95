"""Halides bonded to B, and the cages around cations."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from ase import Atoms

from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.frameworks.framework import framework_of
from heterobuild.frameworks.links import around, link_units
from heterobuild.labels import CHARGE, SITE, Site, label


def test_neighbours_of_a_point_in_oblique_cells():
    rng = np.random.default_rng(3)
    for _ in range(20):
        cell = rng.normal(scale=0.6, size=(3, 3)) + np.diag([4.0, 4.5, 5.0])
        others, point = rng.normal(size=(3, 3)) * 9, rng.normal(size=3) * 9
        which, cells, distance = around(point, others, cell, 5.0)
        found = set(zip(which.tolist(), map(tuple, cells.tolist()), strict=True))
        expected = set()
        for n, other in enumerate(others):
            home = np.rint((point - other) @ np.linalg.inv(cell)).astype(int)
            for step in product(range(-6, 7), repeat=3):
                image = home + step
                if np.linalg.norm(other + image @ cell - point) <= 5.0:
                    expected.add((n, tuple(image.tolist())))
        assert found == expected
        places = others[which] + cells @ cell
        assert distance == pytest.approx(np.linalg.norm(places - point, axis=1))


@pytest.mark.parametrize(
    ("name", "cations", "halides"),
    [
        ("CsPbBr3_orthorhombic", {8}, {2}),
        ("FAPbI3_alpha_trigonal", {8}, {2}),
        ("MAPbI3_orthorhombic", {8}, {2}),
        ("Cs4PbBr6", {2}, {1}),
        ("Cs4PbI6", {2}, {1}),
        ("CsPb2Br5", {8}, {3, 4}),
        ("CsPb2Cl5", {8}, {3, 4}),
        ("FAPbI3_delta", {6}, {2}),
        ("CsPbI3_delta", {9}, {1, 2, 3}),
        ("Cs2SnCl6_cubic", {4}, {1}),
        ("Cs2AgBiBr6_cubic", {8}, {2}),
    ],
)
def test_coordination_of_known_structure_types(name, cations, halides):
    framework = framework_of(load_crystal(name))
    assert set(framework.full[framework.site == Site.A].tolist()) == cations
    assert set(framework.full[framework.site == Site.X].tolist()) == halides


@pytest.mark.parametrize("name", ["PEA2PbI4", "BA2PbI4_LT", "RMBA2PbI4", "BA2MAPb2I7"])
def test_spacers_belong_to_four_octahedra_of_the_sheet_beside_their_head(name):
    crystal = load_crystal(name)
    framework = framework_of(crystal)
    for spacer in np.flatnonzero(framework.site == Site.SPACER):
        rows = framework.links[framework.links[:, 1] == spacer]
        members = np.flatnonzero(framework.unit == spacer)
        nitrogen = members[crystal.atoms.numbers[members] == 7][0]
        lead = framework.centres[framework.b_units[rows[:, 0]]] - rows[:, 2:] @ framework.cell
        reach = np.linalg.norm(lead - crystal.atoms.positions[nitrogen], axis=1)
        assert len(rows) == 4
        assert reach.max() < 2.2 * framework.bond
        apart = np.linalg.norm(lead[:, None] - lead[None], axis=2)
        assert apart.max() < 3.0 * framework.bond


@pytest.mark.parametrize("name", ["3AMP_PbI4", "4AMP_PbI4", "4AMP_MAPb2I7"])
def test_spacers_of_two_heads_belong_to_both_sheets(name):
    crystal = load_crystal(name)
    framework = framework_of(crystal)
    for spacer in np.flatnonzero(framework.site == Site.SPACER):
        rows = framework.links[framework.links[:, 1] == spacer]
        lead = framework.centres[framework.b_units[rows[:, 0]]] - rows[:, 2:] @ framework.cell
        members = np.flatnonzero(framework.unit == spacer)
        heads = members[np.abs(crystal.atoms.arrays[CHARGE][members]) > 0.1]
        reach = np.linalg.norm(crystal.atoms.positions[heads][:, None] - lead[None], axis=2)
        assert len(heads) == 2
        assert np.bincount(reach.argmin(axis=0)).tolist() == [4, 4]


def made(symbols, fractions, edge, sites):
    atoms = Atoms(symbols, scaled_positions=fractions, cell=np.eye(3) * edge, pbc=True)
    nothing = np.zeros(len(atoms), dtype=int)
    charge = [{"Pb": 2.0, "Cs": 1.0, "Br": -1.0}[symbol] for symbol in symbols]
    return label(atoms, site=sites, molecule=nothing, kind=nothing, charge=charge)


def linked(atoms):
    unit = np.arange(len(atoms))
    return link_units(atoms, unit, atoms.positions, atoms.arrays[SITE])


def test_a_cation_far_from_all_cages_belongs_to_the_nearest_octahedra():
    atoms = made(["Pb", "Br", "Cs"], [[0, 0, 0], [0.1, 0, 0], [0.5, 0.5, 0.4]], 29.0, [2, 3, 1])
    links, bond = linked(atoms)
    assert bond == pytest.approx(2.9)
    cage = links[links[:, 1] == 2]
    assert sorted(map(tuple, cage[:, 2:].tolist())) == [
        (-1, -1, 0),
        (-1, 0, 0),
        (0, -1, 0),
        (0, 0, 0),
    ]


def test_cations_without_halides_are_refused():
    with pytest.raises(UsageError, match="no B cation has a halide"):
        linked(made(["Pb", "Br"], [[0, 0, 0], [0.5, 0.5, 0.5]], 12.0, [2, 3]))
