"""Sizes told before building."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from heterobuild.architectures.particle import Particle
from heterobuild.compounds import load_crystal
from heterobuild.model.estimates import Estimate
from heterobuild.particles.options import ParticleShape


def test_estimates_are_facts():
    estimate = Estimate(atoms=10, memory=2000)
    with pytest.raises(FrozenInstanceError):
        estimate.atoms = 11
    with pytest.raises(TypeError):
        Estimate(10, 2000)
    assert estimate == Estimate(atoms=10, memory=2000)


def test_a_large_sphere_is_estimated_from_its_volume():
    crystal = load_crystal("CsPbBr3_cubic")
    particle = Particle(shape=ParticleShape(kind="sphere", radius=40.0))
    estimate = particle.estimate(crystal)
    built = len(particle.build(crystal).atoms)
    assert estimate.atoms == pytest.approx(built, rel=0.15)
    assert estimate.memory > 100 * estimate.atoms
