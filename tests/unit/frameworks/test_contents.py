"""Equal crystals have one key, changed ones another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.crystals import load_phase
from heterobuild.frameworks.contents import contents_of
from heterobuild.frameworks.framework import framework_of
from heterobuild.frameworks.scaling import stretched
from heterobuild.labels import CHARGE
from heterobuild.particles.forms import make_form
from heterobuild.particles.options import ParticleShape


def moved(crystal):
    crystal.atoms.positions[2] += 0.1


def charged(crystal):
    crystal.atoms.arrays[CHARGE][0] = 2.0


def exchanged(crystal):
    crystal.atoms.numbers[0] = 37


def longer(crystal):
    crystal.cell[2] *= 1.01


@pytest.mark.parametrize("change", [moved, charged, exchanged, longer])
def test_a_change_in_place_changes_the_key(change):
    crystal, other = load_crystal("CsPbBr3_cubic"), load_crystal("CsPbBr3_cubic")
    before = contents_of(crystal)
    assert before == contents_of(other)
    assert hash(before) == hash(contents_of(other))
    change(crystal)
    assert contents_of(crystal) != before
    assert contents_of(other) == before


def test_mixtures_and_cells_without_atoms_have_keys():
    one, other = load_crystal("CsPbBr1.5I1.5"), load_crystal("CsPbBr1.2I1.8")
    assert contents_of(one) != contents_of(other)
    bare = replace(one, atoms=None)
    assert contents_of(bare) not in {contents_of(one), contents_of(other)}
    assert contents_of(bare) == contents_of(replace(one, atoms=None))


def test_a_remembered_framework_follows_the_crystal():
    crystal = load_crystal("CsPbBr3_cubic")
    first = framework_of(crystal)
    crystal.atoms.positions += 1.0
    second = framework_of(crystal)
    assert np.allclose(second.centres - first.centres, 1.0)
    assert np.array_equal(second.links, first.links)
    wide = framework_of(stretched(crystal, 1.1))
    assert wide.bond == pytest.approx(1.1 * first.bond)
    assert framework_of(crystal).bond == first.bond


def test_a_remembered_form_follows_crystal_and_options():
    crystal, shape = load_phase("CsPbBr3_cubic"), ParticleShape(kind="sphere", octahedra=5)
    first = make_form(shape, crystal)
    assert (
        make_form(ParticleShape(kind="sphere", octahedra=5), load_phase("CsPbBr3_cubic")) is first
    )
    assert make_form(replace(shape, octahedra=6), crystal).shape.half[0] > first.shape.half[0]
    wide = make_form(shape, stretched(crystal, 1.1))
    assert wide.shape.half[0] == pytest.approx(1.1 * first.shape.half[0])
