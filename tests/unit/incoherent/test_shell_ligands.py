"""Ligands on a core/shell particle of two lattices stand on its outside only."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild import CoreShell, ParticleShape, check, load_crystal
from heterobuild.labels import REGION, SITE, Site


@pytest.fixture(scope="module")
def covered():
    options = CoreShell(
        shape=ParticleShape(octahedra=2), thickness=(16.0,), ligands={"BA": 1.0}, coverage=0.1,
        registry=False,
    )  # fmt: skip
    return options.build(load_crystal("CsPbBr3_cubic"), load_crystal("Cs4PbBr6"), seed=3)


def test_heads_are_at_the_outside(covered):
    atoms = covered.atoms
    heads = (atoms.numbers == 7) & (atoms.arrays[SITE] == Site.LIGAND)
    (entry,) = [e for e in covered.ledger if e.action == "exchanged"]
    assert heads.sum() == entry.count > 0
    core = atoms.positions[atoms.arrays[REGION] == 1].mean(axis=0)
    deep = np.abs(atoms.positions[heads] - core).max(axis=1)
    outside = 5.874 + 16.0  # half the core, and the shell
    assert deep.min() > outside - 5.0  # none in the wall between the two


def test_the_particle_stays_neutral_and_sound(covered):
    assert abs(covered.atoms.arrays["formal_charge"].sum()) < 1e-9
    assert check(covered).passed
