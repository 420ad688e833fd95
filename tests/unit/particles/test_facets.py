from __future__ import annotations

import warnings

import numpy as np
import pytest

from heterobuild.crystals import load_phase
from heterobuild.errors import UsageError
from heterobuild.geometry.wulff import orbit
from heterobuild.particles.facets import cube_operations, equivalences, read_facet, read_facets


@pytest.mark.parametrize(
    ("text", "indices"),
    [
        ("100", (1, 0, 0)),
        ("1-10", (1, -1, 0)),
        ("-1-1-1", (-1, -1, -1)),
        ("1 1 0", (1, 1, 0)),
        ("{1, -1, 12}", (1, -1, 12)),
        ("(200)", (1, 0, 0)),
        ("0001", (0, 0, 1)),
        ("10-11", (1, 0, 1)),
        ("1 0 -1 1", (1, 0, 1)),
    ],
)
def test_indices(text, indices):
    assert read_facet(text) == indices


@pytest.mark.parametrize("text", ["", "1", "11", "000", "0 0 0", "1a0", "11111", "1101", "1.0 0 0"])
def test_no_indices(text):
    with pytest.raises(UsageError, match="no indices of a face"):
        read_facet(text)


@pytest.mark.parametrize("energy", [0, -1.0, float("nan"), float("inf"), "1"])
def test_energies_that_are_refused(energy):
    with pytest.raises(UsageError, match="in facets, 100"):
        read_facets({"100": energy})


def test_facets_are_needed():
    with pytest.raises(UsageError, match="needs its faces"):
        read_facets({})
    faces, energies = read_facets({"100": 1, "1-10": 2.5})
    assert faces.tolist() == [[1, 0, 0], [1, -1, 0]]
    assert energies.tolist() == [1, 2.5]


def test_cube_operations_are_a_group_of_48():
    operations = cube_operations()
    keys = {tuple(op.ravel()) for op in operations}
    assert len(keys) == 48
    assert {tuple((a @ b).ravel()) for a in operations for b in operations} == keys
    assert np.linalg.det(operations).round(9).tolist().count(1) == 24


@pytest.mark.parametrize(
    ("name", "count"),
    [("CsPbBr3_cubic", 48), ("CsPbI3_gamma", 48), ("CsGeBr3_trigonal", 48), ("Cs2PbI2Cl2", 16)],
)
def test_pseudocubic_crystals_have_the_operations_of_their_cube(name, count):
    assert len(equivalences(load_phase(name))) == count


# Orders of the crystal classes: R-3c is -3m, I4/mcm 4/mmm, P6_3mc 6mm, P3_221 32, F-43m -43m.
@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("Cs4PbBr6", 12),
        ("CsPb2Br5", 16),
        ("GaN", 12),
        ("SiO2_quartz", 6),
        ("CuI", 24),
        ("PbI2", 12),
    ],
)
def test_other_crystals_have_their_point_group(name, order):
    assert len(equivalences(load_phase(name))) == order


@pytest.mark.parametrize("name", ["Cs4PbBr6", "CsPb2Br5", "GaN", "SiO2_quartz", "Cs3Cu2I5"])
@pytest.mark.parametrize("face", [(1, 0, 0), (1, 0, 4), (0, 1, 2), (2, 1, 1)])
def test_families_against_pymatgen(name, face):
    crystal = load_phase(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pymatgen.io.ase import AseAtomsAdaptor
        from pymatgen.symmetry.analyzer import SpacegroupAnalyzer

        bare = crystal.atoms.copy()
        for array in list(bare.arrays):
            if array not in {"numbers", "positions"}:
                del bare.arrays[array]
        structure = AseAtomsAdaptor.get_structure(bare)
        operations = SpacegroupAnalyzer(structure).get_point_group_operations(cartesian=True)
    reciprocal = np.linalg.inv(crystal.cell).T
    images = [op.rotation_matrix @ (np.array(face) @ reciprocal) for op in operations]
    theirs = {tuple(np.rint(crystal.cell @ image).astype(int).tolist()) for image in images}
    ours = orbit(np.array(face), equivalences(crystal))
    assert {tuple(np.rint(image).astype(int).tolist()) for image in ours} == theirs
    lengths = np.linalg.norm(ours @ reciprocal, axis=1)
    assert lengths == pytest.approx(np.full(len(lengths), lengths[0]), rel=1e-3)
