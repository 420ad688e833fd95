"""Molecules: whole, undistorted, of their kind, of the right hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from heterobuild.model import Crystal
from heterobuild.validation import check
from heterobuild.validation.molecules import check_molecules
from heterobuild.validation.view import view_structure


def faults(built):
    return [f for f in check_molecules(view_structure(built)) if f.level != "info"]


def test_turned_copies_are_silent(make_crowd, hand):
    assert faults(make_crowd(hand)) == []


def test_molecules_across_the_border_are_whole(make_crowd, hand, change):
    built = make_crowd(hand)
    atoms = built.atoms.copy()
    atoms.wrap()
    assert not np.allclose(atoms.positions, built.atoms.positions)
    wrapped = change(built, positions=atoms.positions)
    assert faults(wrapped) == []
    assert {f.level for f in check(wrapped).findings if f.check == "contacts"} <= {"info"}


def test_cut_molecule_fires(make_crowd, hand, change):
    built = make_crowd(hand)
    positions = built.atoms.positions.copy()
    for carbon, fluorine in ((0, 4), (9, 13)):
        positions[fluorine] += 1.5 * (positions[fluorine] - positions[carbon])
    found = faults(change(built, positions=positions))
    assert "2 molecules are in 2 pieces" in found[0].message
    assert found[0].level == "error"


@pytest.mark.parametrize(("stretch", "level"), [(0.05, "warning"), (0.27, "error")])
def test_stretched_bond_fires(make_crowd, hand, change, stretch, level):
    built = make_crowd(hand)
    positions = built.atoms.positions.copy()
    axis = positions[1] - positions[0]
    positions[1] += stretch * axis / np.linalg.norm(axis)
    found = faults(change(built, positions=positions))
    assert [f.level for f in found] == [level]
    assert found[0].value >= stretch - 1e-3


def test_turned_group_is_another_conformation(make_crowd, hand, change):
    """Turning the ammonium group about C–N by 30° keeps all bonds."""
    from scipy.spatial.transform import Rotation

    built = make_crowd(hand)
    positions = built.atoms.positions.copy()
    axis = positions[3] - positions[0]
    turn = Rotation.from_rotvec(np.radians(30) * axis / np.linalg.norm(axis))
    positions[6:9] = positions[3] + turn.apply(positions[6:9] - positions[3])
    found = faults(change(built, positions=positions))
    assert [f.level for f in found] == ["warning"]
    assert "geometry" in found[0].message


def test_mirror_image_fires(make_crowd, hand, change):
    built = make_crowd(hand)
    positions = built.atoms.positions.copy()
    positions[9:18, 0] = 16.0 - positions[9:18, 0]
    found = faults(change(built, positions=positions))
    assert [f.level for f in found] == ["error"]
    assert "other hand" in found[0].message
    assert min(found[0].atoms) == 9


def test_mirror_image_of_an_achiral_molecule_is_allowed(make_crowd, hand, change):
    """With a second hydrogen for the hydroxyl there is no stereocentre left."""
    numbers = hand.numbers.copy()
    numbers[[2, 5]] = 9, 1
    keep = [0, 1, 2, 3, 4, 6, 7, 8]
    achiral = replace(
        hand,
        formula="CH4F2N",
        numbers=numbers[keep],
        positions=hand.positions[keep],
        charges=hand.charges[keep],
    )
    built = make_crowd(achiral)
    positions = built.atoms.positions.copy()
    positions[:8, 0] *= -1
    assert faults(change(built, positions=positions)) == []


def test_with_the_crystal_its_geometries_count_and_nothing_else(make_crowd, hand, change):
    """A second conformer of the crystal is in order, a bond longer by 0.05 Å an error."""
    bent = hand.positions.copy()
    bent[6:9] = hand.positions[3] - (hand.positions[6:9] - hand.positions[3])
    other = replace(hand, positions=bent)
    built = make_crowd(other, count=2)
    source = built.atoms
    crystal = Crystal(
        name="salt",
        formula="salt",
        phase="",
        cell=source.cell.array,
        atoms=source,
        space_group="P1",
        space_group_number=1,
        molecules=(hand,),
        source=hand.source,
    )
    labelled = replace(built, molecules=(hand,))
    given = {"salt": crystal}
    view = view_structure(labelled, crystals=given)
    assert {f.level for f in check_molecules(view)} == {"info"}
    assert [f.level for f in faults(labelled)] in (["warning"], ["error"])
    positions = source.positions.copy()
    positions[4] += 0.05 * (positions[4] - positions[0]) / 1.38
    view = view_structure(change(labelled, positions=positions), crystals=given)
    assert {f.level for f in check_molecules(view)} == {"error"}


def test_wrong_element_fires(make_crowd, hand, change):
    built = make_crowd(hand)
    numbers = built.atoms.numbers.copy()
    numbers[4] = 17
    found = faults(change(built, numbers=numbers))
    assert found[0].level == "error"
    assert found[0].value == "CH5ClNO"
    assert found[0].limit == "CH5FNO"


def test_missing_atom_fires(make_crowd, hand):
    from heterobuild import labels

    built = make_crowd(hand)
    kept = np.delete(np.arange(len(built.atoms)), 1)
    found = faults(replace(built, atoms=labels.take(built.atoms, kept)))
    assert found[0].value == "CH4FNO"


def test_grouped_elements_are_put_in_order(make_crowd, hand):
    """A POSCAR groups the elements; the molecules are the same."""
    from heterobuild import labels

    built = make_crowd(hand)
    order = np.argsort(built.atoms.numbers, kind="stable")
    assert faults(replace(built, atoms=labels.take(built.atoms, order))) == []
