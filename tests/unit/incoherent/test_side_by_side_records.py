"""What is said about grains side by side, against the atoms."""

import numpy as np
import pytest

from heterobuild.architectures.lateral import Lateral
from heterobuild.compounds import load_crystal
from heterobuild.labels import REGION, SITE, Site

PAIR = load_crystal("Cs4PbI6"), load_crystal("CsPbI3:cubic")
BUILT = Lateral(widths=(20.0, 18.0), heights=(25.0, 12.0), max_strain=0.05).build(*PAIR)


def values(name):
    return [step.values for step in BUILT.steps if step.name == name]


def test_grains_are_as_large_as_told():
    atoms = BUILT.atoms
    halides = atoms.arrays[SITE] == Site.X
    for k, row in enumerate(values("grains")[0]["grains"], 1):
        own = atoms.arrays[REGION] == k
        assert row["atoms"] == own.sum()
        assert row["octahedra"] == (own & (atoms.arrays[SITE] == Site.B)).sum()
        assert row["height_A"] == pytest.approx(np.ptp(atoms.positions[own & halides, 2]), abs=0.01)


def test_both_junctions_are_told():
    walls = values("wall")
    assert [(w["inner"], w["outer"]) for w in walls] == [
        ("part 1", "part 2"),
        ("part 2", "part 1"),
    ]
    lower = min(row["height_A"] for row in values("grains")[0]["grains"])
    for wall in walls:
        assert wall["area_A2"] == pytest.approx(BUILT.atoms.cell[0, 0] * lower, rel=1e-3)
        assert wall["line_A"] == pytest.approx(BUILT.atoms.cell[0, 0], abs=1e-3)


def test_closest_contacts_are_those_of_the_atoms():
    atoms = BUILT.atoms
    charge = atoms.arrays["formal_charge"]
    left, right = (np.flatnonzero(atoms.arrays[REGION] == k) for k in (1, 2))
    away = atoms.positions[left][:, None] - atoms.positions[right][None]
    for axis in (0, 1):
        length = atoms.cell[axis, axis]
        away[..., axis] -= np.rint(away[..., axis] / length) * length
    distance = np.linalg.norm(away, axis=2)
    opposite = charge[left][:, None] * charge[right][None] < 0
    told = min(wall["closest_A"]["opposite"] for wall in values("wall"))
    assert told == pytest.approx(distance[opposite].min(), abs=2e-3)


def test_misfit_through_the_film():
    first, second = values("wall")
    n, m = first["planes_through"]
    heights = PAIR[0].cell[2, 2], PAIR[1].cell[2, 2]
    assert first["misfit_through"] == pytest.approx(m * heights[1] / (n * heights[0]) - 1, abs=1e-5)
    assert second["planes_through"] == [m, n]
