import numpy as np
import pytest
from ase.neighborlist import neighbor_list

from heterobuild import labels
from heterobuild.chemistry.ions import radius_table
from heterobuild.defects import add_defects, parse_defect
from heterobuild.defects.editing import DEFECT, changed_atoms, neighbours_of, numbered, with_guests
from heterobuild.defects.requests import vacancy
from heterobuild.defects.units import rigid_table
from heterobuild.validation import view


def test_the_checks_know_the_array_of_defects():
    assert view.DEFECT == DEFECT


def test_neighbours_are_those_of_an_independent_list(dot, table):
    units, _ = table(dot)
    i, j, length = neighbor_list("ijd", dot.atoms, 4.6)
    radii, charge = radius_table()[dot.atoms.numbers], dot.atoms.arrays[labels.CHARGE]
    bonded = (length < 1.2 * (radii[i] + radii[j])) & (charge[i] * charge[j] < 0)
    which, found = neighbours_of(units, [500, 0, 100])
    for place, unit in enumerate((500, 0, 100)):
        expected = set(j[bonded & (i == units.first[unit])].tolist())
        assert set(found[which == place].tolist()) == expected


def test_nothing_but_the_defects_changes(model):
    units = rigid_table(model)
    gone = int(np.flatnonzero(units.charge == -1)[7])
    atoms, old = changed_atoms(model, units, [vacancy(units, gone)])
    assert set(range(len(model.atoms))) - set(old.tolist()) == {units.first[gone]}
    for name, array in model.atoms.arrays.items():
        assert np.array_equal(atoms.arrays[name], array[old], equal_nan=array.dtype.kind == "f")
    assert DEFECT not in model.atoms.arrays
    assert set(atoms.arrays[DEFECT]) == {0, -1}


def test_all_arrays_of_an_added_atom_are_filled(dot):
    built = add_defects(dot, [parse_defect("Br_i matrix")], seed=0)
    new = built.atoms[-1]
    assert new.symbol == "Br"
    assert labels.missing(built.atoms) == ()
    assert built.atoms.arrays[labels.CHARGE][-1] == -1
    assert built.atoms.arrays[DEFECT][-1] == 1
    assert np.isnan(built.atoms.arrays["local_strain"][-1])
    assert (
        not np.isnan(built.atoms.arrays["local_strain"][:-1]).any()
        or np.isnan(dot.atoms.arrays["local_strain"]).any()
    )


def test_defects_are_numbered_on(dot):
    once = add_defects(dot, [parse_defect("V_I -1")], seed=0)
    twice = add_defects(once, [parse_defect("V_Br 1")], seed=0)
    assert (numbered(dot), numbered(once), numbered(twice)) == (0, 2, 4)
    marks = once.atoms.arrays[DEFECT]
    kept = np.abs(twice.atoms.arrays[DEFECT]) <= 2
    assert set(np.unique(twice.atoms.arrays[DEFECT])) >= {-1, -2, -3, -4, 0}
    assert (twice.atoms.arrays[DEFECT][kept] != 0).sum() <= (marks != 0).sum()


def test_units_with_guests_hold_what_came(stack):
    built = add_defects(stack, [parse_defect("MA_Cs 3"), parse_defect("Br_i 2")], seed=1)
    units = rigid_table(stack)
    now, gone, taken = with_guests(stack, units, [vacancy(units, 5)])
    assert (gone, taken) == ([5], [5])
    assert len(now.first) == len(units.first)
    assert rigid_table(built).charge.sum() == pytest.approx(0)
