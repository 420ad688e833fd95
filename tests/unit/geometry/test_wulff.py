from __future__ import annotations

import itertools
import warnings

import numpy as np
import pytest

from heterobuild.geometry.wulff import orbit, wulff

CUBE = np.array(
    [
        np.diag(signs) @ np.eye(3)[list(order)]
        for signs in itertools.product((1.0, -1.0), repeat=3)
        for order in itertools.permutations(range(3))
    ]
)


@pytest.mark.parametrize(
    ("face", "count"),
    [((1, 0, 0), 6), ((1, 1, 0), 12), ((1, 1, 1), 8), ((2, 1, 0), 24), ((3, 2, 1), 48)],
)
def test_multiplicities_of_the_cube(face, count):
    assert len(orbit(np.array(face), CUBE)) == count


@pytest.mark.parametrize(
    "energies",
    [
        {(1, 0, 0): 1.0, (1, 1, 1): 1.2, (1, 1, 0): 1.3},
        {(1, 0, 0): 1.0, (1, 1, 1): 0.9, (2, 1, 0): 1.02},
        {(1, 0, 0): 1.0, (1, 1, 0): 5.0},
    ],
)
def test_cubic_forms_against_pymatgen(energies):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pymatgen.analysis.wulff import WulffShape
        from pymatgen.core import Lattice

        theirs = WulffShape(Lattice.cubic(5.0), list(energies), list(energies.values()))
        volume, fractions = theirs.volume, theirs.area_fraction_dict
    body, family = wulff(np.array(list(energies)), np.array(list(energies.values())), CUBE)
    assert body.volume == pytest.approx(volume, rel=1e-6)
    areas = np.bincount(family, weights=body.areas) / body.areas.sum()
    assert areas == pytest.approx([fractions[face] for face in energies], abs=1e-6)


def test_hexagonal_form_against_pymatgen():
    energies = {(0, 0, 1): 1.0, (1, 0, 0): 1.1, (1, 0, 1): 1.15}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pymatgen.analysis.wulff import WulffShape
        from pymatgen.core import Lattice
        from pymatgen.symmetry.groups import PointGroup

        lattice = Lattice.hexagonal(4.0, 6.5)
        theirs = WulffShape(lattice, list(energies), list(energies.values()))
        volume, fractions = theirs.volume, theirs.area_fraction_dict
        rotations = [op.rotation_matrix for op in PointGroup("6/mmm").symmetry_ops]
    body, family = wulff(
        np.array(list(energies)),
        np.array(list(energies.values())),
        np.array(rotations),
        basis=np.linalg.inv(lattice.matrix).T,
    )
    areas = np.bincount(family, weights=body.areas) / body.areas.sum()
    assert body.volume == pytest.approx(volume, rel=1e-6)
    assert areas == pytest.approx([fractions[face] for face in energies], abs=1e-6)
    assert np.bincount(family).tolist() == [2, 6, 12]


def test_sizes():
    faces, energies = np.array([[1, 0, 0], [1, 1, 1]]), np.array([1.0, 1.1])
    as_given, _ = wulff(faces, energies, CUBE)
    by_radius, _ = wulff(faces, energies, CUBE, radius=25.0)
    by_volume, family = wulff(faces, energies, CUBE, volume=1e5)
    assert as_given.distances.min() == 1.0
    assert by_radius.distances.min() == pytest.approx(25)
    assert by_volume.volume == pytest.approx(1e5)
    ratio = by_volume.distances[family == 1][0] / by_volume.distances[family == 0][0]
    assert ratio == pytest.approx(1.1)


def test_a_wulff_form_has_the_least_energy_at_its_volume():
    faces = np.array([[1, 0, 0], [1, 1, 1]])
    energies = np.array([1.0, 1.15])
    best, family = wulff(faces, energies, CUBE, volume=1.0)
    least = (best.areas * energies[family]).sum()
    for ratio in (0.8, 0.9, 1.0, 1.1, 1.2, 1.4, 1.8):
        other, family = wulff(faces, np.array([1.0, ratio]), CUBE, volume=1.0)
        assert (other.areas * energies[family]).sum() >= least * (1 - 1e-12)


def test_faces_that_do_not_close():
    with pytest.raises(ValueError, match="do not close"):
        wulff(np.array([[0, 0, 1]]), np.ones(1), CUBE[CUBE[:, 2, 2] != 0])
