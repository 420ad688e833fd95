"""Dipoles of slabs, wires and particles against closed forms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from ase import Atoms

from heterobuild.validation.dipole import dipole
from heterobuild.validation.view import view_atoms, view_structure


def ball(radius, step, count=8000):
    """Return a ball of Na and Cl ions at random places; all Na are moved by `step` in Å."""
    rng = np.random.default_rng(3)
    points = rng.uniform(-radius, radius, (4 * count, 3))
    points = points[np.linalg.norm(points, axis=1) < radius][: 2 * (count // 2)]
    half = len(points) // 2
    points[half:] = points[:half]  # every Cl on the place of a Na
    points[:half] += step
    side = 2 * radius + 20
    return Atoms(f"Na{half}Cl{half}", points + side / 2, cell=[side] * 3, pbc=False)


def test_dipole_of_an_evenly_polarised_ball():
    """p = N e s, and the potential step across the ball is p / (2 pi epsilon_0 R^2)."""
    atoms, step = ball(20.0, 0.002 * np.array([2.0, -1.0, 2.0])), 0.006
    n = len(atoms) // 2
    (finding,) = dipole(view_atoms(atoms, foreign=True))
    assert (finding.check, finding.unit) == ("dipole", "e·Å")
    assert finding.value == pytest.approx(n * step, rel=1e-6)
    assert finding.limit == pytest.approx(0.01 * 2 * np.pi * 20.0**2, rel=0.02)
    assert finding.level == "info"
    assert f"{n * step * 4.80320:.4g} D" in finding.message
    assert f"({n * 0.004:.4g}, {-n * 0.002:.4g}, {n * 0.004:.4g})" in finding.message


def test_a_large_dipole_of_a_particle_warns_with_its_potential_step():
    atoms = ball(20.0, np.array([0.0, 0.0, 0.02]))
    (finding,) = dipole(view_atoms(atoms, foreign=True))
    assert finding.level == "warning"
    step = finding.value / (2 * np.pi * 0.0055263494 * 20.0**2)
    said = float(finding.message.split("unscreened step of ")[1].split(" V")[0])
    assert said == pytest.approx(step, rel=0.03)


@pytest.mark.parametrize("pbc", [True, False])
def test_a_particle_cut_by_the_border_has_the_same_dipole(make_particle, change, pbc):
    """Ten Cs taken from the top face make the cube neutral: Cs54 Pb27 Br108."""
    built = make_particle(octahedra=3, pbc=pbc)
    atoms = built.atoms
    top = np.flatnonzero(np.isclose(atoms.positions[:, 2], atoms.positions[:, 2].max()))
    kept = np.setdiff1d(np.arange(len(atoms)), top[atoms.numbers[top] == 55][:10])
    cut = atoms[kept]
    assert cut.get_chemical_formula(mode="hill") == "Br108Cs54Pb27"
    expected = cut.arrays["formal_charge"] @ cut.positions
    moved = cut.copy()
    if pbc:
        moved.positions += [11.0, 13.0, 20.0]
        moved.wrap()
    (finding,) = dipole(view_structure(replace(built, atoms=moved)))
    assert finding.value == pytest.approx(np.linalg.norm(expected), abs=1e-5)
    assert finding.level == "warning"


def test_a_wire_has_no_dipole_along_its_axis():
    """Two ions 3 Å apart along x and 1 Å along the axis z: only x counts."""
    atoms = Atoms("NaCl", [[20, 20, 0], [23, 20, 1]], cell=[40, 40, 5], pbc=(False, False, True))
    (finding,) = dipole(view_atoms(atoms, foreign=True))
    assert finding.value == pytest.approx(3.0)
    assert "across the wire" in finding.message
    assert "(-3, 0, 0)" in finding.message
    radius = np.sqrt(2) * 1.5  # two points 1.5 Å from the axis
    assert finding.limit == pytest.approx(0.01 * np.pi * 5 * radius)


def test_a_bulk_crystal_has_none():
    rock = Atoms("NaCl", [[0, 0, 0], [2.82, 0, 0]], cell=[5.64, 2.82, 2.82], pbc=True)
    assert dipole(view_atoms(rock, foreign=True)) == ()


def test_a_slab_may_stand_on_any_vector():
    atoms = Atoms("NaCl", [[5, 2, 2], [8, 0, 0]], cell=[20, 4, 4], pbc=True)
    (finding,) = dipole(view_atoms(atoms, foreign=True))
    assert finding.value == pytest.approx(-3.0 / 16)
