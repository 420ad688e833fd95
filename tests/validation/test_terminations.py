"""Tasker types, planes and bulk-like stackings against the literature, spglib and pymatgen."""

from __future__ import annotations

import numpy as np
import pytest
import spglib
from scipy.spatial.distance import pdist

from heterobuild.compounds import load_crystal
from heterobuild.slabs import cut_slab, list_terminations, slab_from_planes, stack_planes

pytestmark = pytest.mark.filterwarnings("ignore:Set OLD_ERROR_HANDLING:DeprecationWarning")


# Tasker 1979 (10.1088/0022-3719/12/22/036) for the rock-salt and fluorite faces; the perovskite
# faces follow from the charges of AX, BX2 (0), ABX and X2 (±2), B and AX3 (±2).
@pytest.mark.parametrize(
    ("name", "hkl", "bottom", "tasker"),
    [
        ("NaCl", "001", "NaCl", "I"),
        ("NaCl", "110", "NaCl", "I"),
        ("NaCl", "111", "Na", "III"),
        ("MgO", "001", "MgO", "I"),
        ("MgO", "111", "O", "III"),
        ("CsCl", "110", "CsCl", "I"),
        ("CsCl", "001", "Cs", "III"),
        ("CsPbBr3_cubic", "001", "CsBr", "I"),
        ("CsPbBr3_cubic", "001", "PbBr2", "I"),
        ("CsPbBr3_cubic", "110", "CsPbBr", "III"),
        ("CsPbBr3_cubic", "110", "Br2", "III"),
        ("CsPbBr3_cubic", "111", "Pb", "III"),
        ("CsPbBr3_cubic", "111", "CsBr3", "III"),
        ("CsPbBr3_orthorhombic", "010", "CsBr", "I"),
        ("SrTiO3", "001", "TiO2", "I"),
        ("MAPbCl3_cubic", "001", "MACl", "I"),
    ],
)
def test_tasker_types(name: str, hkl: str, bottom: str, tasker: str) -> None:
    assert cut_slab(load_crystal(name), hkl, layers=2, bottom=bottom).tasker == tasker


def test_fluorite_111_is_type_two_between_fluorine_planes() -> None:
    crystal = load_crystal("CaF2")
    found = {}
    for plane in list_terminations(crystal, "111"):
        slab = cut_slab(crystal, "111", layers=3, bottom=plane.index)
        found[slab.bottom.formula, slab.top.formula] = (slab.tasker, round(slab.dipole, 3))
    assert found["F", "F"] == ("II", 0)
    assert found["Ca", "F"][0] == found["F", "Ca"][0] == "III"
    assert found["Ca", "F"][1] == -found["F", "Ca"][1] != 0


FACES = ["001", "110", "111", "102", "-121", "2-31"]
PHASES = [
    "CsPbBr3_orthorhombic",
    "CsPbI3_delta",
    "CsPb2Br5",
    "Cs4PbBr6",
    "SiO2_quartz",
    "CsCu2I3",
    "Cs2AgBiBr6_cubic",
    "PbI2",
    "GaN",
    "CaF2",
    "Cs2PbI2Cl2",
]


@pytest.mark.parametrize("hkl", FACES)
@pytest.mark.parametrize("name", PHASES)
def test_one_repeat_of_a_stacking_is_the_crystal(name: str, hkl: str) -> None:
    crystal = load_crystal(name)
    stacking = stack_planes(crystal, hkl)
    slab = slab_from_planes(stacking, -1, len(stacking.terminations))
    for atoms, cell in ((stacking.atoms, stacking.cell), (slab.atoms, slab.atoms.cell.array)):
        scaled = atoms.positions @ np.linalg.inv(cell)
        dataset = spglib.get_symmetry_dataset((cell, scaled, atoms.numbers), symprec=0.02)
        assert dataset.number == crystal.space_group_number
        density = len(crystal.require_atoms()) / abs(np.linalg.det(crystal.cell))
        assert len(atoms) / np.linalg.det(cell) == pytest.approx(density)


@pytest.mark.parametrize("hkl", ["110", "-121"])
@pytest.mark.parametrize("name", ["CsPbBr3_orthorhombic", "Cs4PbBr6", "CsPb2Br5", "SiO2_quartz"])
def test_pymatgen_finds_the_same_structure(name: str, hkl: str) -> None:
    from pymatgen.analysis.structure_matcher import StructureMatcher
    from pymatgen.core import Lattice, Structure

    crystal = load_crystal(name)
    stacking = stack_planes(crystal, hkl)
    bulk, stacked = (
        Structure(
            Lattice(cell), atoms.get_chemical_symbols(), atoms.positions @ np.linalg.inv(cell)
        )
        for atoms, cell in (
            (crystal.require_atoms(), crystal.cell),
            (stacking.atoms, stacking.cell),
        )
    )
    matcher = StructureMatcher(scale=False, ltol=0.02, stol=0.02, angle_tol=0.5)
    rms = matcher.get_rms_dist(bulk, stacked)
    assert rms is not None
    assert rms[1] < 2e-3


@pytest.mark.parametrize(
    ("name", "hkl"),
    [
        ("MAPbI3_tetragonal", "112"),
        ("FAPbI3_delta", "101"),
        ("RMBA2PbI4", "110"),
        ("PEA2PbI4", "111"),
        ("BA2PbI4_LT", "100"),
    ],
)
def test_molecules_stay_whole(name: str, hkl: str) -> None:
    crystal = load_crystal(name)

    def shapes(atoms: object) -> set[tuple[float, ...]]:
        ids = atoms.arrays["molecule"]  # type: ignore[attr-defined]
        positions, numbers = atoms.positions, atoms.numbers  # type: ignore[attr-defined]
        found = set()
        for molecule in set(ids.tolist()) - {0}:
            inside = ids == molecule
            found.add((int(numbers[inside].sum()), *np.sort(pdist(positions[inside])).round(2)))
        return found

    slab = cut_slab(crystal, hkl, layers=1)
    body = {(row[0], round(sum(row[1:]), 0)) for row in shapes(crystal.require_atoms())}
    assert {(row[0], round(sum(row[1:]), 0)) for row in shapes(slab.atoms)} <= body
