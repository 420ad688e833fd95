"""Finished grains against ASE's neighbour list and Monte Carlo points."""

import numpy as np
import pytest
from ase.neighborlist import neighbor_list

from heterobuild.coherent.mixtures_amounts import Amounts
from heterobuild.coherent.mixtures_fields import Morphology
from heterobuild.compounds import load_crystal
from heterobuild.incoherent.grains import GRAIN, IncoherentGrains, incoherent_grains
from heterobuild.incoherent.matrices import any_matrix
from heterobuild.validation import check


def build(*names, kind="grains", count=6, edge=80.0, seed=1, cells=None, **options):
    crystals = tuple(load_crystal(name) for name in names)
    matrix = any_matrix(crystals[-1], cells, slab=False) if cells else None
    chosen = {
        "morphology": Morphology(
            kind=kind, length=25.0, spectrum="smooth", count=count, spread=None
        ),
        "amounts": Amounts(volume_fractions=(0.4, 0.6)),
    }
    return incoherent_grains(
        crystals,
        IncoherentGrains(**chosen | options),
        matrix.cell if matrix else edge * np.eye(3),
        matrix=matrix,
        names=("first", "second"),
        name="x",
        seed=seed,
    )


@pytest.mark.parametrize(
    ("names", "options"),
    [
        (("Cs4PbBr6", "CsPbBr3"), {}),
        (("Cs4PbBr6", "CsPbBr3"), {"kind": "bicontinuous", "count": 2, "edge": 90.0}),
        (("Cs4PbBr6", "CsPbBr3:cubic"), {"kind": "inclusions", "count": 3, "cells": (12, 12, 12)}),
        (("CsPbI3:cubic", "CsPbI3_delta"), {"orientation": "aligned"}),
        (("CsCu2I3", "Cs3Cu2I5"), {}),
        (("Cs4PbBr6", "MA0.5Cs0.5PbBr3"), {"count": 4, "edge": 60.0}),
    ],
)
def test_neutral_whole_and_without_clashes(names, options):
    built = build(*names, **options)
    atoms = built.atoms
    assert atoms.arrays["formal_charge"].sum() == 0
    assert set(atoms.arrays["region"]) == {1, 2}
    assert not [f for f in check(built).findings if f.level == "error"]
    grain, numbers = atoms.arrays[GRAIN], atoms.numbers
    ions = atoms.arrays["molecule"] == 0
    i, j, d = neighbor_list("ijd", atoms, 3.4)
    across = (grain[i] != grain[j]) & ions[i] & ions[j]
    anion, cation = np.isin(numbers, (35, 53)), np.isin(numbers, (55, 82))
    assert not (across & anion[i] & anion[j]).any()
    assert not (across & cation[i] & cation[j]).any()
    # Opposite ions across a wall: not below 0.89 of the sum of the radii of Shannon.
    caesium = across & (numbers[i] == 55) & (numbers[j] == 35)
    assert (d[caesium] > 0.88 * (1.67 + 1.96)).all()
    fractions = built.steps[0].values["volume_fractions"]
    assert fractions[0] == pytest.approx(0.4, abs=0.01)


def test_share_of_the_places_by_random_points():
    """Points are nearest to atoms of a phase as often as the phase has its share of the cell."""
    built = build("CsPbI3:cubic", "CsPbI3_delta", count=4, edge=110.0)
    from scipy.spatial import cKDTree

    points = 110.0 * np.random.default_rng(1).random((20_000, 3))
    tree = cKDTree(built.atoms.positions % 110.0, boxsize=110.0)
    region = built.atoms.arrays["region"][tree.query(points)[1]]
    assert np.mean(region == 1) == pytest.approx(0.4, abs=0.05)


def test_labels_and_places():
    built = build("Cs4PbBr6", "CsPbBr3")
    atoms = built.atoms
    fractions = atoms.get_scaled_positions(wrap=False)
    assert fractions.min() > -1e-6
    assert fractions.max() < 1 + 1e-6
    assert set(atoms.arrays[GRAIN]) == set(range(1, 7))
    layer, region = atoms.arrays["layer"], atoms.arrays["region"]
    assert (layer[region == 1] < 0).all()
    assert (layer[region == 2] > 0).all()
    for number in range(1, 7):
        own = atoms.arrays[GRAIN] == number
        assert len(set(region[own])) == 1
        assert atoms.arrays["formal_charge"][own].sum() == 0


def test_whole_molecules():
    built = build("Cs4PbBr6", "MA0.5Cs0.5PbBr3", count=4, edge=60.0)
    molecule = built.atoms.arrays["molecule"]
    assert (np.unique(molecule[molecule > 0], return_counts=True)[1] == 8).all()
    assert (molecule > 0).any()
    assert [kind.name for kind in built.molecules] == ["MA"]


def test_same_seed_same_bytes():
    first, again, other = (build("Cs4PbBr6", "CsPbBr3", seed=seed).atoms for seed in (4, 4, 5))
    for name in first.arrays:
        assert first.arrays[name].tobytes() == again.arrays[name].tobytes()
    assert len(first) != len(other) or first.positions.tobytes() != other.positions.tobytes()
