"""Halides around B cations."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from ase import Atoms
from ase.data import atomic_numbers

from heterobuild import labels
from heterobuild.model import Crystal, Source
from heterobuild.validation import check
from heterobuild.validation.coordination import check_coordination
from heterobuild.validation.view import view_structure


def crystal(name, a, halide):
    atoms = Atoms(
        f"CsPb{halide}3",
        scaled_positions=[(0.5, 0.5, 0.5), (0, 0, 0), (0.5, 0, 0), (0, 0.5, 0), (0, 0, 0.5)],
        cell=[a, a, a],
        pbc=True,
    )
    zeros = np.zeros(5, dtype=int)
    atoms = labels.label(
        atoms,
        site=np.array([1, 2, 3, 3, 3]),
        molecule=zeros,
        kind=zeros,
        charge=np.array([1.0, 2, -1, -1, -1]),
    )
    return Crystal(
        name=name,
        formula=name,
        phase="cubic",
        cell=atoms.cell.array,
        atoms=atoms,
        space_group="Pm-3m",
        space_group_number=221,
        source=Source(citation="made by hand"),
    )


CRYSTALS = {
    "CsPbCl3": crystal("CsPbCl3", 5.605, "Cl"),
    "CsPbBr3": crystal("CsPbBr3", 5.874, "Br"),
}


def shortages(findings):
    return [f for f in findings if f.unit == "halides"]


@pytest.mark.parametrize("crystals", [None, CRYSTALS])
def test_continued_network_is_silent(make_interface, crystals):
    findings = check_coordination(view_structure(make_interface(), crystals=crystals))
    assert shortages(findings) == []
    substrate, film = findings
    assert "6.00 bonds" in substrate.message
    assert substrate.value == pytest.approx((71 * 5.605 / 2 + 2.9) / 72, abs=0.006)
    assert "2.803 to 3.025" in film.message


@pytest.mark.parametrize("crystals", [None, CRYSTALS])
@pytest.mark.parametrize(("network", "level"), [(True, "error"), (False, "warning")])
def test_cut_network_fires(make_interface, crystals, network, level):
    """With 4.6 Å between the planes the Pb of the substrate lose their sixth halide."""
    built = make_interface(gap=4.6, network=network)
    finding = shortages(check(built, crystals=crystals).findings)[0]
    assert finding.level == level
    assert (finding.value, finding.limit) == (5.0, 6.0)
    assert set(finding.atoms) <= set(np.flatnonzero(built.atoms.arrays["layer"] == -1).tolist())
    assert "4 Pb of substrate at an interface" in finding.message


def test_free_surface_is_info(make_interface):
    """Without its outer CsBr plane the film ends with PbBr2 at the vacuum."""
    built = make_interface()
    outer = built.atoms.arrays["layer"] == built.atoms.arrays["layer"].max()
    cut = replace(built, atoms=labels.take(built.atoms, np.flatnonzero(~outer)))
    found = shortages(check_coordination(view_structure(cut, crystals=CRYSTALS)))
    assert [f.level for f in found] == ["info"]
    assert "free surface" in found[0].message


def test_missing_halide_inside_fires(make_interface):
    built = make_interface(layers=5)
    inner = np.flatnonzero((built.atoms.arrays["layer"] == 5) & (built.atoms.numbers == 35))[0]
    kept = np.setdiff1d(np.arange(len(built.atoms)), [inner])
    cut = replace(built, atoms=labels.take(built.atoms, kept))
    found = shortages(check_coordination(view_structure(cut)))
    assert [f.level for f in found] == ["error"]
    assert "2 Pb of film" in found[0].message


def test_structure_without_b_is_silent(make_crowd, hand):
    assert [f.level for f in check_coordination(view_structure(make_crowd(hand)))] == ["info"]


def nearest(built, symbol, place):
    """Return the atom of an element nearest to a place counted in cells from the centre."""
    atoms = built.atoms
    centre = atoms.positions[atoms.numbers == 82].mean(axis=0)
    away = np.linalg.norm(atoms.positions - centre - 5.874 * np.array(place), axis=1)
    away[atoms.numbers != atomic_numbers[symbol]] = np.inf
    assert away.min() < 0.1
    return int(away.argmin())


def test_whole_octahedra_of_a_particle_are_silent(make_particle):
    for core in (0, 3):
        view = view_structure(make_particle(core=core), crystals=CRYSTALS)
        assert shortages(check_coordination(view)) == []


@pytest.mark.parametrize("place", [(2.5, 0, 0), (0, -2.5, 1), (2, 2, 2.5), (-1, -2, -2.5)])
@pytest.mark.parametrize("core", [0, 3])
def test_missing_halide_at_any_face_of_a_particle_is_info(make_particle, lacking, place, core):
    built = make_particle(core=core)
    cut = lacking(built, nearest(built, "Br", place))
    found = shortages(check_coordination(view_structure(cut, crystals=CRYSTALS)))
    assert [(f.level, f.value) for f in found] == [("info", 5.0)]
    assert "free surface" in found[0].message


@pytest.mark.parametrize(
    ("place", "symbol"), [((1.5, 0, 0), "Cl"), ((-1, 1.5, 1), "Cl"), ((0, 1, 0.5), "Cl")]
)
def test_missing_halide_at_or_inside_a_coherent_wall_is_an_error(
    make_particle, lacking, place, symbol
):
    built = make_particle(core=3)
    cut = lacking(built, nearest(built, symbol, place))
    found = shortages(check_coordination(view_structure(cut, crystals=CRYSTALS)))
    assert {f.level for f in found} == {"error"}
    assert sum(len(f.atoms) for f in found) == 2


def test_missing_halide_at_an_incoherent_wall_is_a_warning(make_particle, lacking):
    built = make_particle(core=3)
    cut = lacking(built, nearest(built, "Cl", (1.5, 0, 0)))
    steps = tuple(s for s in cut.steps if s.name != "wall")
    found = shortages(check_coordination(view_structure(replace(cut, steps=steps))))
    assert {f.level for f in found} == {"warning"}


def test_missing_halide_inside_a_particle_is_a_warning(make_particle, lacking):
    built = make_particle(octahedra=7)
    cut = lacking(built, nearest(built, "Br", (0.5, 0, 0)))
    found = shortages(check_coordination(view_structure(cut, crystals=CRYSTALS)))
    assert [f.level for f in found] == ["warning"]
    assert "inside" in found[0].message


def test_cations_beside_a_vacancy_that_was_asked_for_are_no_fault(make_particle, lacking):
    built = make_particle(core=3)
    cut = lacking(built, nearest(built, "Cl", (1.5, 0, 0)))
    short = sorted(
        atom for f in shortages(check_coordination(view_structure(cut))) for atom in f.atoms
    )
    cut.atoms.arrays["defect"] = np.zeros(len(cut.atoms), dtype=int)
    cut.atoms.arrays["defect"][short[0]] = -1
    levels = {f.level: f.atoms for f in shortages(check_coordination(view_structure(cut)))}
    assert levels == {"info": (short[0],), "error": (short[1],)}
