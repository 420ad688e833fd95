"""Vacuum measured from the atoms."""

from __future__ import annotations

import numpy as np
import pytest
from ase import Atoms

from heterobuild.validation.vacuum import (
    check_vacuum,
    heights_above,
    largest_gap,
    normal,
)
from heterobuild.validation.view import view_atoms, view_structure


def test_vacuum_as_asked_is_silent(make_interface):
    finding = check_vacuum(view_structure(make_interface(vacuum=15.0)))[0]
    assert finding.level == "info"
    assert finding.value == pytest.approx(15.0)


def test_vacuum_is_found_where_the_border_cuts_the_slab(make_interface, change):
    built = make_interface(vacuum=15.0)
    moved = built.atoms.copy()
    moved.positions[:, 2] += 9.0
    moved.wrap()
    finding = check_vacuum(view_structure(change(built, positions=moved.positions)))[0]
    assert finding.value == pytest.approx(15.0)


@pytest.mark.parametrize("change_of_height", [-2.0, 0.7])
def test_other_vacuum_than_asked_fires(make_interface, change, change_of_height):
    built = make_interface(vacuum=15.0)
    cell = built.atoms.cell.array.copy()
    cell[2, 2] += change_of_height
    finding = check_vacuum(view_structure(change(built, cell=cell)))[0]
    assert finding.level == "error"
    assert finding.value == pytest.approx(15.0 + change_of_height)
    assert finding.limit == 15.0


def test_thin_vacuum_warns(make_interface):
    assert check_vacuum(view_structure(make_interface(vacuum=8.0)))[0].level == "warning"


def test_overhang_of_molecules_is_allowed(make_crowd, hand):
    """Hydrogens that reach 1 Å beyond the centres shorten the vacuum by what they reach."""
    from dataclasses import replace

    from heterobuild.model import Step

    built = make_crowd(hand, count=2)
    built.atoms.set_cell([16.0, 8.0, 40.0])
    built.atoms.positions[-2:, 2] = 1.0
    centres = view_structure(built).centres
    asked = largest_gap(centres, built.atoms.cell.array).width
    step = Step(name="vacuum", choice="by hand", values={"vacuum_A": asked})
    finding = check_vacuum(view_structure(replace(built, steps=(step,))))[0]
    assert finding.level == "info"
    assert asked - finding.value > 0.5


def test_gap_in_a_crystal_warns(make_interface):
    from dataclasses import replace

    built = replace(make_interface(vacuum=7.0), steps=())
    assert check_vacuum(view_structure(built))[0].level == "warning"
    dense = replace(make_interface(vacuum=2.9), steps=())
    assert check_vacuum(view_structure(dense))[0].level == "info"


def test_non_periodic_structure_is_silent():
    atoms = Atoms("NaCl", [[0, 0, 0], [0, 0, 3]], cell=[4, 4, 20], pbc=(True, True, False))
    assert check_vacuum(view_atoms(atoms, foreign=True))[0].level == "info"


def test_heights_in_an_oblique_cell():
    cell = np.array([[4.0, 0, 0], [1, 4, 0], [1.5, 0.7, 20.0]])
    points = np.array([[0.3, 0.4, 18.0], [0.1, 0.2, 1.0]]) + cell[2] * [[0], [3]]
    gap = largest_gap(points, cell)
    assert gap.width == pytest.approx(17.0)
    assert heights_above(points, cell, gap).tolist() == pytest.approx([0.0, 3.0])
    assert normal(cell).tolist() == pytest.approx([0, 0, 1])


@pytest.mark.parametrize("pbc", [True, False])
def test_vacuum_of_a_particle_is_the_least_of_its_directions(make_particle, change, pbc):
    built = make_particle(octahedra=3, vacuum=12.0, pbc=pbc)
    finding = check_vacuum(view_structure(built))[0]
    assert (finding.level, finding.value) == ("info", pytest.approx(12.0))
    assert "along a and b and c" in finding.message
    cell = built.atoms.cell.array + np.diag([3.0, -1.0, 0.0])
    finding = check_vacuum(view_structure(change(built, cell=cell)))[0]
    assert (finding.level, finding.value) == ("error", pytest.approx(11.0))
    assert "11.00 Å, along b" in finding.message


def test_a_wire_has_no_vacuum_along_its_axis(make_particle):
    from dataclasses import replace

    built = make_particle(octahedra=3, vacuum=12.0)
    thick = np.ptp(built.atoms.positions[:, 2])
    built.atoms.set_cell([*built.atoms.cell.lengths()[:2], thick + 2.9])
    values = {"vacuum_A": 12.0, "directions": [True, True, False]}
    step = replace(built.steps[0], values=values)
    finding = check_vacuum(view_structure(replace(built, steps=(step,))))[0]
    assert (finding.level, finding.value) == ("info", pytest.approx(12.0))


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("count", [2, 7, 500])
def test_widest_gap_against_sorting(axis, count):
    rng = np.random.default_rng(count)
    cell = np.array([[9.0, 0, 0], [2, 8, 0], [1.5, 0.7, 20.0]])
    points = rng.uniform(-2, 2, (count, 3)) @ cell
    up = normal(cell, axis)
    assert up @ cell[axis - 1] == pytest.approx(0)
    assert up @ cell[axis - 2] == pytest.approx(0)
    period = cell[axis] @ up
    heights = np.sort(points @ up % period)
    widths = np.diff(heights, append=heights[0] + period)
    gap = largest_gap(points, cell, axis)
    assert gap.width == pytest.approx(widths.max())
    assert gap.upper == pytest.approx(heights[(widths.argmax() + 1) % count])
    assert gap.period == pytest.approx(period)


def test_even_heights_leave_no_wide_gap():
    """Bins as wide as the gaps cannot tell them apart; the sorted heights can."""
    points = np.column_stack([np.zeros(1000), np.zeros(1000), np.arange(1000) * 0.02])
    points[500:] += [0, 0, 0.005]
    gap = largest_gap(points, np.diag([4.0, 4.0, 20.005]))
    assert gap.width == pytest.approx(0.025)
    assert gap.upper == pytest.approx(500 * 0.02 + 0.005)
