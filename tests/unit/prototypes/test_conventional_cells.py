"""From ions in any cell to a labelled crystal in the standard setting."""

from __future__ import annotations

import numpy as np
import pytest
from ase import Atoms
from ase.geometry import get_distances

from heterobuild.errors import HeterobuildError
from heterobuild.labels import Site
from heterobuild.model import Source
from heterobuild.prototypes.conventional_cells import crystal_of_sites

ROLES = {"Cs": Site.A, "Pb": Site.B, "Br": Site.X, "MA": Site.A}
LENGTH = 5.9
CUBE = np.array([[0.5, 0.5, 0.5], [0, 0, 0], [0.5, 0, 0], [0, 0.5, 0], [0, 0, 0.5]])


def crystal(cell, positions, species, **options):
    settings = {"axes": LENGTH * np.eye(3), "name": "model", "formula": "CsPbBr3", "phase": "p"}
    settings |= {"source": Source(citation="a test"), "roles": ROLES}
    return crystal_of_sites(cell, positions, species, **(settings | options))


def skewed(species="Cs"):
    """A cubic perovskite in a skewed and turned primitive cell."""
    turn = np.linalg.qr(np.array([[1, 2, 3], [-2, 1, 0.5], [0.3, 1, -2]]))[0]
    turn *= np.linalg.det(turn)
    cell = LENGTH * np.array([[1, 0, 0], [1, 1, 0], [0, -1, 1]]) @ turn
    return cell, LENGTH * CUBE @ turn, [species, "Pb", "Br", "Br", "Br"], LENGTH * turn


def test_a_skewed_cell_comes_back_as_the_cube():
    cell, positions, species, axes = skewed()
    found = crystal(cell, positions, species, axes=axes)
    assert (found.space_group, found.z, found.origin) == ("Pm-3m", 1, "model")
    np.testing.assert_allclose(found.cell, LENGTH * np.eye(3), atol=1e-9)
    turned = found.pseudocubic @ found.cell
    np.testing.assert_allclose(turned @ turned.T, axes @ axes.T, atol=1e-9)
    assert np.linalg.det(found.pseudocubic) == pytest.approx(1.0)


def test_distances_are_kept():
    cell, positions, species, axes = skewed()
    found = crystal(cell, positions, species, axes=axes).require_atoms()
    given = Atoms(species, positions, cell=cell, pbc=True)
    for one, other in (("Pb", "Br"), ("Cs", "Br"), ("Cs", "Pb")):
        lengths = [
            get_distances(
                a.positions[a.symbols == one], a.positions[a.symbols == other], a.cell, pbc=True
            )[1].min()
            for a in (found, given)
        ]
        assert lengths[0] == pytest.approx(lengths[1])


def test_molecules_are_placed_and_turned():
    cell, positions, species, axes = skewed("MA")
    found = crystal(cell, positions, species, axes=axes, formula="MAPbBr3")
    atoms = found.require_atoms()
    assert found.placed == ("MA",)
    assert atoms.get_chemical_formula() == "CH6Br3NPb"
    assert atoms.arrays["formal_charge"].sum() == pytest.approx(0)
    axis = atoms.positions[atoms.symbols == "N"][0] - atoms.positions[atoms.symbols == "C"][0]
    first = found.pseudocubic[0] @ found.cell / LENGTH
    np.testing.assert_allclose(axis / np.linalg.norm(axis), first, atol=1e-6)


def test_charges_are_given_where_an_element_has_several():
    cell, positions, species, axes = skewed()
    species[1] = "Cu"
    found = crystal(
        cell, positions, species, axes=axes, roles=ROLES | {"Cu": Site.B}, charges={"Cu": 2}
    )
    assert found.require_atoms().arrays["formal_charge"].sum() == pytest.approx(0)


def test_no_axes_where_there_are_none():
    cell, positions, species, _ = skewed()
    assert crystal(cell, positions, species, axes=None).pseudocubic is None


def test_coinciding_ions_are_refused():
    cell, positions, species, _ = skewed()
    positions[1] = positions[0]
    species[1] = species[0]
    with pytest.raises(HeterobuildError, match="no space group"):
        crystal(cell, positions, species)
