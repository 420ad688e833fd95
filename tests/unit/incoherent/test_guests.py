"""Particles before they are put into openings."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.frameworks.emission import site_positions
from heterobuild.frameworks.framework import framework_of
from heterobuild.geometry.rotations import from_axis_angles
from heterobuild.incoherent.guests import (
    SITE_INDEX,
    emitted,
    inward_layers,
)
from heterobuild.incoherent.shell_parts import IncoherentShells, carved_part
from heterobuild.labels import LAYER, MOLECULE, REGION
from heterobuild.particles.forms import make_form
from heterobuild.particles.options import ParticleShape

TURN = from_axis_angles(np.array([[1.0, 1.0, 0.0, 30.0]]))[0]


def particle(name: str):
    crystal = load_crystal(name)
    form = make_form(ParticleShape(octahedra=3), crystal)
    draft = carved_part(crystal, form, "dot", IncoherentShells(), centre="auto", seed=1)
    atoms, _, steps = emitted(
        draft,
        turn=TURN,
        cell=np.zeros((3, 3)),
        pbc=(False, False, False),
        region=7,
        cations="random",
        seed=1,
        name="dot",
    )
    return draft, atoms, steps


def test_ions_stand_on_their_sites_turned_about_the_centre():
    draft, atoms, steps = particle("CsPbBr3_cubic")
    index = atoms.arrays[SITE_INDEX].astype(int)
    points = (site_positions(draft.sites, index) - draft.centre) @ draft.rotation @ TURN
    np.testing.assert_allclose(atoms.positions, points, atol=1e-9)
    assert steps == []
    assert set(atoms.arrays[REGION]) == {7}
    np.testing.assert_allclose(atoms.positions.mean(axis=0), 0, atol=1e-9)


def test_free_molecules_are_turned_by_rule():
    _, atoms, steps = particle("FAPbBr3")
    assert [step.name for step in steps] == ["cations"]
    assert atoms.arrays[MOLECULE].max() == 64


def test_layers_count_inward():
    _, atoms, _ = particle("CsPbBr3_cubic")
    counted = atoms.arrays[LAYER].copy()
    inward_layers(atoms)
    np.testing.assert_array_equal(atoms.arrays[LAYER], -counted)
    assert atoms.arrays[LAYER].max() == -1


@pytest.mark.parametrize(("name", "count"), [("CsPbBr3_orthorhombic", 4), ("Cs4PbBr6", 6)])
def test_octahedra_share_the_volume_of_the_cell(name, count):
    crystal = load_crystal(name)
    volume = abs(np.linalg.det(crystal.cell))
    framework = framework_of(crystal)
    assert len(framework.b_units) == count
    assert framework.octahedron_volume * count == pytest.approx(volume)


def test_volume_of_octahedra():
    draft, _, _ = particle("CsPbBr3_cubic")
    volume = draft.sites.block.framework.octahedron_volume
    assert 27 * volume == pytest.approx(27 * 5.874**3, rel=1e-4)
