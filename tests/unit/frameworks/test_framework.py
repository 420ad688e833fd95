"""Units of a cell and their links, in any cell of the same lattice."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.errors import MissingAtomsError, UsageError
from heterobuild.frameworks.framework import cell_points, framework_of, on_basis
from heterobuild.labels import SITE, Site


def lengths(framework, role):
    """Return the length of every link to units of one role, from positions."""
    links = framework.links[framework.site[framework.links[:, 1]] == role]
    ends = framework.centres[links[:, 1]] + links[:, 2:] @ framework.cell
    return np.linalg.norm(ends - framework.centres[framework.b_units[links[:, 0]]], axis=1)


def test_links_of_the_cubic_cell_have_textbook_lengths():
    framework = framework_of(load_crystal("CsPbBr3_cubic"))
    edge = framework.cell[0, 0]
    assert lengths(framework, Site.X) == pytest.approx(np.full(6, edge / 2))
    assert lengths(framework, Site.A) == pytest.approx(np.full(8, edge * np.sqrt(3) / 2))
    assert framework.bond == pytest.approx(edge / 2)
    assert framework.full[framework.site == Site.X].tolist() == [2, 2, 2]


def test_molecules_are_one_unit_of_charge_one():
    crystal = load_crystal("MAPbI3_tetragonal")
    framework = framework_of(crystal)
    assert (framework.site == Site.A).sum() == crystal.z
    assert framework.charge[framework.site == Site.A].tolist() == [1.0] * crystal.z
    assert framework.charge.sum() == 0
    assert (framework.full[framework.site == Site.A] == 8).all()
    carbon_nitrogen = crystal.atoms[np.isin(crystal.atoms.numbers, (6, 7))].positions
    heavy = carbon_nitrogen.reshape(-1, 2, 3).mean(axis=1)
    found = framework.centres[framework.site == Site.A]
    assert np.allclose(np.sort(heavy, axis=0), np.sort(found, axis=0))


@pytest.mark.parametrize(
    "basis",
    [
        [[1, 0, 0], [0, 1, 0], [1, 1, 1]],
        [[0, 1, 0], [0, 0, 1], [1, 0, 0]],
        [[1, 1, 0], [-1, 1, 0], [0, 0, 1]],
        [[2, 1, 0], [0, 1, 3], [-1, 0, 2]],
    ],
)
@pytest.mark.parametrize("name", ["CsPbBr3_orthorhombic", "MAPbI3_cubic", "Cs4PbBr6"])
def test_another_cell_of_the_lattice_has_the_same_links(name, basis):
    crystal, basis = load_crystal(name), np.array(basis)
    first, second = framework_of(crystal), framework_of(crystal, basis)
    times = round(np.linalg.det(basis))
    assert len(second.site) == times * len(first.site)
    for role in (Site.A, Site.X):
        same = np.sort(np.tile(lengths(first, role), times))
        assert np.sort(lengths(second, role)) == pytest.approx(same)
    assert second.bond == pytest.approx(first.bond)
    counts = np.bincount(second.links[:, 0])
    assert np.array_equal(np.sort(counts), np.sort(np.tile(np.bincount(first.links[:, 0]), times)))


def test_another_cell_holds_the_same_crystal():
    crystal, basis = load_crystal("MAPbI3_tetragonal"), np.array([[1, 0, 1], [0, 1, 0], [-1, 0, 1]])
    other = on_basis(crystal, basis)
    assert other.z == 2 * crystal.z
    assert len(other.atoms) == 2 * len(crystal.atoms)
    assert np.allclose(other.pseudocubic @ other.cell, crystal.pseudocubic @ crystal.cell)
    lead = crystal.atoms.positions[crystal.atoms.arrays[SITE] == Site.B]
    both = other.atoms.positions[other.atoms.arrays[SITE] == Site.B]
    steps = (both[:, None] - lead[None]) @ np.linalg.inv(crystal.cell)
    whole = np.abs(steps - np.rint(steps)).max(axis=2) < 1e-9
    assert whole.sum(axis=0).tolist() == [2] * len(lead)
    apart = (both[:, None] - both[None]) @ np.linalg.inv(other.cell)
    assert (np.abs(apart - np.rint(apart)).max(axis=2) < 1e-9).sum() == len(both)
    assert on_basis(crystal, np.eye(3, dtype=int)) is crystal


def test_lattice_points_of_a_supercell_are_distinct():
    rng = np.random.default_rng(1)
    seen = 0
    while seen < 30:
        basis = rng.integers(-3, 4, size=(3, 3))
        count = round(np.linalg.det(basis))
        if count < 1:
            with pytest.raises(ValueError, match="right-handed"):
                cell_points(basis)
            continue
        seen += 1
        points = cell_points(basis)
        fractions = points @ np.linalg.inv(basis)
        assert len(points) == count
        assert ((fractions > -1e-9) & (fractions < 1 - 1e-9)).all()
        wrapped = np.round((fractions - np.floor(fractions + 1e-9)) * count).astype(int)
        assert len(np.unique(wrapped, axis=0)) == count


def test_crystals_without_octahedra_are_refused():
    with pytest.raises(UsageError, match="no octahedra") as caught:
        framework_of(load_crystal("NaCl"))
    assert caught.value.where == "NaCl"


def test_crystals_without_atoms_are_refused():
    from dataclasses import replace

    with pytest.raises(MissingAtomsError):
        framework_of(replace(load_crystal("CsPbBr3_cubic"), atoms=None))


def test_spacers_count_where_their_charge_is():
    crystal = load_crystal("BA2PbI4")
    framework = framework_of(crystal)
    spacers = framework.site == Site.SPACER
    charge = crystal.atoms.arrays["formal_charge"]
    for unit in np.flatnonzero(spacers):
        own = framework.unit == unit
        centre = charge[own] @ crystal.atoms.positions[own] / charge[own].sum()
        assert framework.charge_centres[unit] == pytest.approx(centre)
        assert np.linalg.norm(framework.charge_centres[unit] - framework.centres[unit]) > 1.5
    assert np.array_equal(framework.charge_centres[~spacers], framework.centres[~spacers])


def test_the_charge_of_a_spacer_is_on_its_nitrogen():
    crystal = load_crystal("BA2PbI4")
    framework = framework_of(crystal)
    centres = framework.charge_centres
    for unit in np.flatnonzero(framework.site == Site.SPACER):
        own = framework.unit == unit
        nitrogen = crystal.atoms.positions[own & (crystal.atoms.numbers == 7)][0]
        assert np.linalg.norm(centres[unit] - nitrogen) < 1.1
        assert np.linalg.norm(framework.centres[unit] - nitrogen) > 1.5
    rest = framework.site != Site.SPACER
    assert np.array_equal(centres[rest], framework.centres[rest])
