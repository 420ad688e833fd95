import numpy as np
import pytest
import spglib

from heterobuild import load_crystal
from heterobuild.defects import Defect
from heterobuild.defects.equal_sites import alike, draw
from heterobuild.defects.units import apart, rigid_table
from heterobuild.errors import UsageError
from heterobuild.model import Heterostructure, Region

pytestmark = pytest.mark.filterwarnings("ignore:Set OLD_ERROR_HANDLING:DeprecationWarning")


def bulk(crystal):
    """Return a crystal as a model of one region."""
    atoms = crystal.atoms.copy()
    atoms.pbc = True
    for name in ("region", "layer"):
        atoms.arrays[name] = np.ones(len(atoms), dtype=int)
    region = Region(
        code=1,
        name="bulk",
        crystal=crystal.name,
        formula=crystal.formula,
        cell=crystal.cell,
        strain=np.zeros((3, 3)),
    )
    return Heterostructure(name="bulk", atoms=atoms, regions=(region,))


@pytest.mark.parametrize(
    "name", ["CsPbBr3_cubic", "CsPbBr3_orthorhombic", "CsPbI3_gamma", "Cs4PbBr6", "CsPb2Br5"]
)
def test_groups_are_the_orbits_of_the_space_group(name):
    built = bulk(load_crystal(name))
    units = rigid_table(built)
    atoms = built.atoms
    orbit = spglib.get_symmetry_dataset(
        (atoms.cell.array, atoms.get_scaled_positions(), atoms.numbers), symprec=1e-3
    ).crystallographic_orbits
    for species in range(len(units.names)):
        members = np.flatnonzero(units.species == species)
        groups = alike(units, members, None)
        found = sorted(sorted(group.tolist()) for group in groups)
        expected = [members[orbit[members] == k].tolist() for k in np.unique(orbit[members])]
        assert found == sorted(expected)


def test_groups_of_a_stack_are_those_of_spglib(stack, table):
    units, wall = table(stack)
    cell = units.cell.copy()
    numbers = units.species + 1
    fractions = units.centres @ np.linalg.inv(cell)
    orbit = spglib.get_symmetry_dataset((cell, fractions, numbers), symprec=1e-3).equivalent_atoms
    members = np.flatnonzero(units.charge == -1)
    groups = alike(units, members, wall)
    assert len(groups) == len(np.unique(orbit[members]))
    for group in groups:
        assert len(set(orbit[group].tolist())) == 1


def test_sites_are_drawn_apart_and_by_seed(stack, table):
    units, wall = table(stack)
    wanted = Defect(kind="vacancy", species="Br", layer=4, count=2, separation=7.0)
    groups = alike(units, np.flatnonzero((units.layer == 4) & (units.charge == -1)), wall)
    draws = {
        tuple(sorted(draw(units, groups, wanted, [], np.random.default_rng(seed))))
        for seed in range(20)
    }
    assert len(draws) > 1
    for a, b in draws:
        assert np.linalg.norm(apart((units.centres[a] - units.centres[b])[None], units)) >= 7.0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"count": 9}, "9 wanted, 8 found"),
        ({"count": 4, "separation": 8.0}, "2 found"),
        ({"site": 3}, "site 3 of 1 kinds"),
    ],
)
def test_too_many_are_refused(stack, table, options, words):
    units, wall = table(stack)
    groups = alike(units, np.flatnonzero((units.layer == 4) & (units.charge == -1)), wall)
    wanted = Defect(kind="vacancy", species="Br", **options)
    with pytest.raises(UsageError, match=words):
        draw(units, groups, wanted, [], np.random.default_rng(0))
