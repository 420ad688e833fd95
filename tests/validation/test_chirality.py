"""A chiral crystal keeps its hand: space-group types of quartz, and stereo-centres of R-MBA."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import spglib
from ase import Atoms

from heterobuild.architectures.vertical import Vertical
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.matching import MatchLimits
from heterobuild.slabs import cut_slab, slab_from_planes, stack_planes, turn_slab

if TYPE_CHECKING:
    from pathlib import Path

    from heterobuild.model import Crystal

pytestmark = pytest.mark.filterwarnings("ignore:Set OLD_ERROR_HANDLING:DeprecationWarning")

FACES = [(0, 0, 1), (1, 0, 0), (1, 0, 1), (1, 1, 0), (2, 1, 3), (0, 1, -1), (-1, -1, -1)]


def quartz(number: int) -> Crystal:
    """Quartz of either hand: P3_121 (152) and P3_221 (154) are mirror images."""
    crystal = load_crystal("SiO2_quartz")
    if crystal.space_group_number == number:
        return crystal
    atoms = crystal.require_atoms().copy()
    fractions = atoms.get_scaled_positions()
    fractions[:, 2] *= -1
    atoms.set_scaled_positions(fractions)
    return replace(crystal, atoms=atoms, space_group_number=number)


def space_group(atoms: Atoms, cell: np.ndarray) -> int:
    fractions = atoms.positions @ np.linalg.inv(cell)
    return int(spglib.get_symmetry_dataset((cell, fractions, atoms.numbers), symprec=0.02).number)


def hands(atoms: Atoms) -> set[int]:
    """Signs of the stereo-centres: a carbon with H, N, CH3 and an aromatic carbon."""
    signs = set()
    for molecule in set(atoms.arrays["molecule"].tolist()) - {0}:
        body = atoms[atoms.arrays["molecule"] == molecule]
        gaps = body.positions[:, None] - body.positions[None]
        bonded = np.linalg.norm(gaps, axis=-1) < np.where(
            (body.numbers[:, None] == 1) | (body.numbers[None] == 1), 1.25, 1.75
        )
        np.fill_diagonal(bonded, val=False)
        for centre in np.flatnonzero(body.numbers == 6):
            near = np.flatnonzero(bonded[centre])
            if sorted(body.numbers[near].tolist()) != [1, 6, 6, 7]:
                continue
            hydrogens = [int((body.numbers[bonded[n]] == 1).sum()) for n in near]
            order = sorted(range(4), key=lambda k: (body.numbers[near[k]], hydrogens[k]))
            arms = body.positions[near[order]] - body.positions[centre]
            signs.add(int(np.sign(np.linalg.det(arms[1:]))))
    return signs


@pytest.mark.parametrize("number", [152, 154])
@pytest.mark.parametrize("hkl", FACES)
def test_quartz_keeps_its_space_group_in_stackings_and_slabs(
    number: int, hkl: tuple[int, int, int]
) -> None:
    stacking = stack_planes(quartz(number), hkl)
    slab = slab_from_planes(stacking, 1, 2 * len(stacking.terminations))
    assert space_group(stacking.atoms, stacking.cell) == number
    assert space_group(slab.atoms, slab.atoms.cell.array) == number
    turned = turn_slab(slab)
    assert space_group(turned.atoms, turned.atoms.cell.array) == number


OPTIONS = [
    {},
    {"film_face": "down"},
    {"substrate_face": "down"},
    {"film_face": "down", "substrate_face": "down", "below": "film"},
    {"below": "film"},
    {"periodic": "sandwich"},
    {"periodic": "sandwich", "below": "film"},
    {"periodic": "superlattice", "film_face": "down"},
    {"repeat": (2, 1), "strain": "shared"},
]


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("number", [152, 154])
def test_quartz_keeps_its_hand_in_every_interface(number: int, options: dict) -> None:
    crystal = quartz(number)
    stacking = stack_planes(crystal, "001")
    slab = slab_from_planes(stacking, 0, len(stacking.terminations))
    limits = MatchLimits(max_strain=0.01, max_area=30)
    built = Vertical(limits=limits, **options).build(slab, slab)
    c = stacking.cell[2, 2]
    for region in built.regions:
        part = built.atoms[built.atoms.arrays["region"] == region.code]
        cell = np.array(built.atoms.cell)
        cell[2] = [0, 0, c]
        assert space_group(part, cell) == number


def test_the_two_hands_of_the_molecule_are_told_apart() -> None:
    atoms = load_crystal("RMBA2PbI4").require_atoms()
    mirrored = atoms.copy()
    mirrored.positions *= [1, 1, -1]
    right, wrong = hands(atoms), hands(mirrored)
    assert len(right) == 1
    assert wrong == {-sign for sign in right}


@pytest.mark.parametrize("hkl", ["001", "100", "110", "011", "-1-10"])
def test_stereocentres_survive_cutting_and_turning(hkl: str) -> None:
    crystal = load_crystal("RMBA2PbI4")
    right = hands(crystal.require_atoms())
    slab = cut_slab(crystal, hkl, layers=1)
    assert hands(slab.atoms) == hands(turn_slab(slab).atoms) == right


@pytest.mark.parametrize("options", OPTIONS)
def test_stereocentres_survive_every_interface(options: dict) -> None:
    crystal = load_crystal("RMBA2PbI4")
    film = cut_slab(crystal, "001", layers=1)
    substrate = cut_slab(load_crystal("MAPbI3_cubic"), "001", layers=1)
    limits = MatchLimits(max_strain=0.05, max_area=100)
    built = Vertical(limits=limits, **options).build(film, substrate)
    codes = [region.code for region in built.regions if region.crystal == "RMBA2PbI4"]
    part = built.atoms[np.isin(built.atoms.arrays["region"], codes)]
    assert hands(part) == hands(crystal.require_atoms())


@pytest.mark.parametrize("ending", ["POSCAR", "extxyz"])
def test_left_handed_files_are_refused_or_keep_the_hand(tmp_path: Path, ending: str) -> None:
    """The same atoms described by swapped axes are the same crystal, not its mirror image."""
    atoms = quartz(152).require_atoms()
    plain = Atoms(atoms.numbers, positions=atoms.positions, cell=atoms.cell[[1, 0, 2]], pbc=True)
    assert np.linalg.det(plain.cell) < 0
    path = tmp_path / ("POSCAR" if ending == "POSCAR" else "quartz.extxyz")
    plain.write(path, format="vasp" if ending == "POSCAR" else "extxyz")
    try:
        crystal = load_crystal(path)
    except UsageError as error:
        assert "handed" in str(error)  # noqa: PT017
        return
    stacking = stack_planes(crystal, "101")
    assert space_group(stacking.atoms, stacking.cell) == 152
