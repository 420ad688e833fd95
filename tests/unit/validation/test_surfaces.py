"""Free surfaces of any shape."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild import labels
from heterobuild.labels import Site
from heterobuild.validation.surfaces import at_free_surface
from heterobuild.validation.view import view_structure


def lead_of(built):
    """Return the Pb atoms and their places in cells from the centre."""
    lead = np.flatnonzero(built.atoms.numbers == 82)
    points = built.atoms.positions[lead]
    return lead, (points - points.mean(axis=0)) / 5.874


@pytest.mark.parametrize("pbc", [False, True])
def test_outer_octahedra_of_a_cube_and_no_others(make_particle, pbc):
    built = make_particle(octahedra=5, pbc=pbc)
    view = view_structure(built)
    lead, place = lead_of(built)
    outer = np.abs(place).max(axis=1) > 1.9
    halides = built.atoms.numbers == 35
    outermost = np.zeros(len(halides), dtype=bool)
    centre = built.atoms.positions[lead].mean(axis=0)
    reach = np.abs(built.atoms.positions - centre).max(axis=1) / 5.874
    outermost[:] = reach > 2.4
    kept = labels.take(built.atoms, np.flatnonzero(~outermost))
    from dataclasses import replace

    bare = replace(built, atoms=kept)
    lead = np.flatnonzero(kept.numbers == 82)
    assert at_free_surface(view_structure(bare), lead).tolist() == outer.tolist()
    assert outer.sum() == 5**3 - 3**3
    inner = lead_of(built)[0][~outer]
    assert not at_free_surface(view, inner).any()


@pytest.mark.parametrize("turn", [0.0, 17.0, 45.0])
def test_a_missing_halide_opens_no_side_in_any_orientation(make_particle, lacking, turn):
    built = make_particle(octahedra=5)
    atoms = built.atoms
    lead, place = lead_of(built)
    middle = int(lead[np.abs(place).max(axis=1) < 0.1][0])
    atoms.rotate(turn, (1, 2, 3), center=atoms.positions[middle])
    away = atoms.get_distances(middle, np.arange(len(atoms)))
    halide = int(np.flatnonzero((away < 3.0) & (atoms.numbers == 35))[0])
    cut = lacking(built, halide)
    left = middle - (halide < middle)
    assert not at_free_surface(view_structure(cut), np.array([left])).any()


def test_ligands_do_not_cover_a_surface_but_other_atoms_do(make_particle):
    built = make_particle(octahedra=3)
    atoms = built.atoms
    lead, place = lead_of(built)
    middle = int(lead[np.abs(place).max(axis=1) < 0.1][0])
    face = int(lead[np.abs(place - [0, 0, 1]).max(axis=1) < 0.1][0])
    both = np.array([middle, face])
    assert at_free_surface(view_structure(built), both).tolist() == [False, False]
    top = atoms.positions[:, 2] > atoms.positions[face, 2] + 1
    cesium = top & (atoms.numbers == 55)
    atoms.arrays["site"][top] = int(Site.LIGAND)
    assert cesium.any()
    assert at_free_surface(view_structure(built), both).tolist() == [False, True]


def test_images_close_a_periodic_crystal(make_interface):
    built = make_interface(vacuum=2.9)
    every = np.arange(len(built.atoms))
    assert not at_free_surface(view_structure(built), every).any()
    open_slab = make_interface(vacuum=15.0)
    heights = open_slab.atoms.positions[:, 2]
    ends = (heights < heights.min() + 0.1) | (heights > heights.max() - 0.1)
    assert at_free_surface(view_structure(open_slab), np.flatnonzero(ends)).all()
