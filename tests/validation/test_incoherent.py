"""Dots and shells on their own lattices: the known pairs of materials, judged from outside.

Contacts, bonds and volumes are measured anew with ASE and scipy from the finished atoms.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from ase.neighborlist import neighbor_list

from heterobuild.chemistry.ions import ionic_radius
from heterobuild.coherent.nested import ShellSize, nested_forms, part_names
from heterobuild.compounds import load_crystal
from heterobuild.dots.sizes import Placement
from heterobuild.incoherent.embedding import incoherent_embedded
from heterobuild.incoherent.places import IncoherentDots
from heterobuild.incoherent.shell_parts import IncoherentShells
from heterobuild.incoherent.shells import incoherent_core_shell
from heterobuild.labels import CHARGE, MOLECULE, REGION
from heterobuild.model import Heterostructure
from heterobuild.particles.options import ParticleShape
from heterobuild.validation import check

EMBEDDED = {
    "sphere, aligned": ("CsPbBr3", "Cs4PbBr6", {"cells": (4, 4, 3)}),
    "sphere, random": (
        "CsPbBr3",
        "Cs4PbBr6",
        {"cells": (4, 4, 3), "orientation": "random", "shape": ("sphere", {"radius": 15.0})},
    ),
    "cube, aligned": (
        "CsPbBr3_cubic",
        "Cs4PbBr6",
        {"cells": (4, 4, 3), "shape": ("cube", {"octahedra": 3})},
    ),
    "three in a slab": (
        "CsPbBr3_cubic",
        "Cs4PbBr6",
        {
            "cells": (6, 6, 3),
            "orientation": "random",
            "placement": Placement(count=3),
            "slab": True,
        },
    ),
    "BX2 termination": (
        "CsPbBr3_cubic",
        "Cs4PbBr6",
        {"cells": (4, 4, 3), "termination": "BX2", "shape": ("cube", {"octahedra": 4})},
    ),
    "molecules in the dot": ("FAPbBr3", "Cs4PbBr6", {"cells": (4, 4, 3)}),
    "molecules in the matrix": (
        "CsPbI3_cubic",
        "PEA2CsPb2I7",
        {"cells": (8, 8, 2), "shape": ("cuboid", {"octahedra": (3, 3, 2)})},
    ),
    "across the sheets": (
        "CsPbI3_cubic",
        "PEA2CsPb2I7",
        {"cells": (9, 9, 2), "shape": ("cube", {"octahedra": 4})},
    ),
    "one sheet": (
        "CsPbI3_cubic",
        "PEA2PbI4",
        {"cells": (8, 8, 2), "shape": ("cuboid", {"octahedra": (3, 3, 2)})},
    ),
    "perovskite in CsPb2Br5": ("CsPbBr3_cubic", "CsPb2Br5", {"cells": (6, 6, 4)}),
}

SHELLS = {
    "CsPb2Br5 on a cube": ("CsPb2Br5", {"thickness": 16.0}),
    "CsPb2Br5 on a face": ("CsPb2Br5", {"thickness": 24.0, "cover": "001"}),
    "Cs4PbBr6 around a cube": ("Cs4PbBr6", {"thickness": 18.0}),
}


@cache
def embedded(name: str) -> Heterostructure:
    dot, matrix, given = EMBEDDED[name]
    kind, size = given.get("shape", ("sphere", {"radius": 12.0}))
    options = {
        "placement": Placement(),
        **given,
        "shape": ParticleShape(kind=kind, **size),
    }
    return incoherent_embedded(
        load_crystal(dot), load_crystal(matrix), IncoherentDots(**options), seed=2
    )


@cache
def shelled(name: str) -> Heterostructure:
    shell, given = SHELLS[name]
    crystals = load_crystal("CsPbBr3_cubic"), load_crystal(shell)
    shape = ParticleShape(octahedra=4)
    size = {"layers": None, "thickness": None, "outer": "", "cover": "all", **given}
    plan = nested_forms(shape, crystals, lattice="core", shells=(ShellSize(**size),))
    return incoherent_core_shell(
        crystals, plan.forms, part_names(2), IncoherentShells(shape=shape), seed=2
    )


CASES = [(embedded, name) for name in EMBEDDED] + [(shelled, name) for name in SHELLS]


@pytest.mark.parametrize(("build", "name"), CASES, ids=[name for _, name in CASES])
def test_all_checks_pass(build, name):
    found = build(name)
    crystals = [load_crystal(region.crystal) for region in found.regions]
    report = check(found, crystals={crystal.name: crystal for crystal in crystals})
    assert [f.message for f in report.findings if f.level == "error"] == []
    contacts = [f for f in report.findings if f.check.startswith("contacts")]
    assert [f.message for f in contacts if f.level == "warning"] == []


@pytest.mark.parametrize(("build", "name"), CASES, ids=[name for _, name in CASES])
def test_parts_are_neutral_and_molecules_whole(build, name):
    found = build(name)
    arrays = found.atoms.arrays
    for region in found.regions:
        own = arrays[REGION] == region.code
        assert arrays[CHARGE][own].sum() == pytest.approx(0, abs=1e-9)
    for code, body in enumerate(found.molecules, 1):
        members = arrays["kind"] == code
        sizes = np.bincount(arrays[MOLECULE][members])
        assert set(sizes[sizes > 0].tolist()) <= {len(body.numbers)}


@pytest.mark.parametrize("name", ["sphere, aligned", "sphere, random", "cube, aligned"])
def test_contacts_across_the_wall_measured_with_ase(name):
    atoms = embedded(name).atoms
    i, j, distance = neighbor_list("ijd", atoms, 5.5)
    across = atoms.arrays[REGION][i] != atoms.arrays[REGION][j]
    radii = {z: ionic_radius(s) for z, s in ((55, "Cs"), (82, "Pb"), (35, "Br"))}
    total = np.array([radii[int(z)] for z in atoms.numbers])
    ratio = distance / (total[i] + total[j])
    anion = atoms.numbers == 35
    kinds = {
        "unlike": (anion[i] != anion[j], 0.89, 1.15),
        "anions": (anion[i] & anion[j], 0.92, 1.15),
        "cations": (~anion[i] & ~anion[j], 1.2, 1.65),
    }
    for chosen, least, most in kinds.values():
        assert least <= ratio[across & chosen].min() < most


@pytest.mark.parametrize("name", ["sphere, aligned", "three in a slab", "BX2 termination"])
def test_every_octahedron_of_the_matrix_is_whole(name):
    atoms = embedded(name).atoms
    i, j = neighbor_list("ij", atoms, 3.4)
    matrix = atoms.arrays[REGION] == 2
    bonds = (atoms.numbers[i] == 82) & matrix[i] & (atoms.numbers[j] == 35)
    counts = np.bincount(i[bonds], minlength=len(atoms))[(atoms.numbers == 82) & matrix]
    assert (counts == 6).all()
    lead = np.bincount(j[bonds], minlength=len(atoms))[(atoms.numbers == 35) & matrix]
    assert (lead == 1).all()


@pytest.mark.parametrize("name", ["sphere, aligned", "sphere, random", "cube, aligned"])
def test_the_opening_is_little_larger_than_its_dot(name):
    found = embedded(name)
    crystal = load_crystal("Cs4PbBr6")
    steps = {step.name: step.values for step in found.steps}
    unit = abs(np.linalg.det(crystal.cell)) / 6
    taken = sum(entry.count for entry in found.ledger if entry.where.startswith("opening"))
    opening = taken / 11 * unit
    dot = steps["dots"]["octahedra"] * 5.87**3
    radius = [(3 * volume / 4 / np.pi) ** (1 / 3) for volume in (opening, dot)]
    # The AX surface of the dot is half an octahedron, 2.9 Å, outside; ions are 2 Å thick.
    assert 2.9 < radius[0] - radius[1] < 2.9 + 2 * 2.0


@pytest.mark.parametrize(("build", "name"), CASES, ids=[name for _, name in CASES])
def test_the_ledger_closes(build, name):
    found = build(name)
    assert all(entry.count > 0 for entry in found.ledger)
    species = {"Cs": 1, "Pb": 2, "Br": -1, "I": -1, "FA": 1, "PEA": 1}
    for entry in found.ledger:
        sign = -1 if entry.action == "removed" else 1
        assert entry.charge == pytest.approx(sign * entry.count * species[entry.species])


def test_sheets_beside_a_dot_keep_their_spacers():
    atoms = embedded("across the sheets").atoms
    matrix = atoms[atoms.arrays[REGION] == 2]
    nitrogen, lead = matrix.positions[matrix.numbers == 7], matrix.positions[matrix.numbers == 82]
    cell = np.asarray(atoms.cell)
    away = (lead[:, None] - nitrogen[None]) @ np.linalg.inv(cell)
    away -= np.rint(away)
    near = (np.linalg.norm(away @ cell, axis=2) < 7.2).sum(axis=1)
    # Each octahedron of a double sheet has four spacers; a bare one would have none.
    assert np.bincount(near).argmax() == 4
    assert near.min() >= 2


def test_a_random_orientation_is_the_one_in_the_record():
    found = embedded("sphere, random")
    steps = {step.name: step.values for step in found.steps}
    turn = np.array(steps["dots"]["rotations"][0])
    dot = found.atoms[found.atoms.arrays[REGION] == 1]
    lead = dot.positions[dot.numbers == 82]
    away = lead[:, None] - lead[None]
    near = away[(np.linalg.norm(away, axis=2) > 1) & (np.linalg.norm(away, axis=2) < 7)]
    along = np.abs(near @ turn.T) / np.linalg.norm(near, axis=1)[:, None]
    np.testing.assert_allclose(along.max(axis=1), 1.0, atol=0.02)
