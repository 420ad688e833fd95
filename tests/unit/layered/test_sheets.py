"""Sheets of octahedra: counts, rigid octahedra, turns, and the measured sheets."""

from __future__ import annotations

import numpy as np
import pytest
from ase import Atoms
from ase.neighborlist import neighbor_list

from heterobuild.crystals import load_phase
from heterobuild.errors import UsageError
from heterobuild.layered.sheet_limits import MOST_LAYERS
from heterobuild.layered.sheets import Sheet, make_sheet

PBI = {"length": 6.2, "bond": 3.19}


def as_atoms(sheet: Sheet) -> Atoms:
    cell = np.diag([0.0, 0.0, sheet.thickness + 15.0])
    cell[:2, :2] = sheet.cell
    return Atoms(sheet.numbers, positions=sheet.positions, cell=cell, pbc=True)


def bonds_of(sheet: Sheet) -> list[np.ndarray]:
    """The six bond vectors of each B cation."""
    atoms = as_atoms(sheet)
    i, j, vectors = neighbor_list("ijD", atoms, 3.9)
    return [vectors[(i == b) & (sheet.site[j] == 3)] for b in np.flatnonzero(sheet.site == 2)]


@pytest.mark.parametrize("layers", [1, 2, 3, 7, MOST_LAYERS])
@pytest.mark.parametrize("turns", [{}, {"in_phase": True}, {"tilt": 11.0}])
def test_composition_and_charge_by_hand(layers: int, turns: dict) -> None:
    sheet = make_sheet("Pb", "I", layers, **PBI, **turns)
    assert np.bincount(sheet.site)[2:].tolist() == [2 * layers, 2 * (3 * layers + 1)]
    assert len(sheet.cages) == 2 * (layers - 1)
    assert sheet.charge == 2 * (2 * layers - (3 * layers + 1))
    assert len(sheet.pockets_top) == len(sheet.pockets_bottom) == 2


@pytest.mark.parametrize("layers", [1, 2, 4])
@pytest.mark.parametrize("in_phase", [False, True])
@pytest.mark.parametrize("tilt", [0.0, 5.0, 12.0])
def test_octahedra_are_whole_and_nearly_rigid(layers: int, in_phase: bool, tilt: float) -> None:
    for vectors in bonds_of(make_sheet("Pb", "I", layers, **PBI, in_phase=in_phase, tilt=tilt)):
        assert len(vectors) == 6
        lengths = np.linalg.norm(vectors, axis=1)
        assert lengths == pytest.approx(3.19, abs=0.01)
        cosines = (vectors @ vectors.T) / np.outer(lengths, lengths)
        opposite = np.sort(cosines, axis=1)[:, 0]
        assert opposite == pytest.approx(-1.0, abs=1e-3)
        others = np.sort(np.abs(cosines), axis=1)[:, :4]
        assert others.max() < np.sin(np.radians(2.0))


def test_angle_of_rotation_closes_the_square() -> None:
    sheet = make_sheet("Pb", "I", 1, **PBI)
    assert np.cos(np.radians(sheet.rotation)) == pytest.approx(6.2 / (2 * 3.19))
    straight = make_sheet("Pb", "I", 1, length=6.5, bond=3.19)
    assert straight.rotation == 0.0
    turned = make_sheet("Pb", "I", 1, length=6.5, bond=3.19, least_rotation=13.0)
    assert turned.rotation == pytest.approx(13.0)
    assert make_sheet("Pb", "I", 1, **PBI, least_rotation=5.0).rotation == sheet.rotation


@pytest.mark.parametrize("name", ["PEA2PbI4", "BA2PbI4_LT"])
def test_measured_sheets_are_met_by_their_turns(name: str) -> None:
    """Bridging angles of refined crystals: the model has them from ℓ, d and the two turns."""
    crystal = load_phase(name)
    atoms = crystal.require_atoms()
    area = np.linalg.norm(np.cross(*crystal.cell[:2])) / 2
    i, j, lengths, vectors = neighbor_list("ijdD", atoms, 3.9)
    site = atoms.arrays["site"]
    bonded = (site[i] == 2) & (site[j] == 3)
    normal = np.cross(*crystal.cell[:2])
    normal /= np.linalg.norm(normal)
    apical = bonded & (np.abs(vectors @ normal) > 2)
    leaning = np.degrees(np.arccos(np.abs(vectors[apical] @ normal) / lengths[apical])).mean()
    bond = lengths[bonded & ~apical].mean()
    sheet = make_sheet("Pb", "I", 1, length=np.sqrt(area), bond=bond, tilt=float(leaning))
    assert bridging_angle(sheet) == pytest.approx(measured_bridge(atoms), abs=3.0)


def bridging_angle(sheet: Sheet) -> float:
    return measured_bridge(as_atoms(sheet), sheet.site)


def measured_bridge(atoms: Atoms, site: np.ndarray | None = None) -> float:
    roles = atoms.arrays["site"] if site is None else site
    i, j, vectors = neighbor_list("ijD", atoms, 3.9)
    angles = []
    for halide in np.flatnonzero(roles == 3):
        arms = vectors[(i == halide) & (roles[j] == 2)]
        if len(arms) == 2:
            cosine = arms[0] @ arms[1] / np.prod(np.linalg.norm(arms, axis=1))
            angles.append(np.degrees(np.arccos(cosine)))
    return float(np.mean(angles))


def test_apical_halides_are_shared_between_layers() -> None:
    sheet = make_sheet("Pb", "I", 3, **PBI, tilt=10.0)
    i, j = neighbor_list("ij", as_atoms(sheet), 3.9)
    shared = np.bincount(i[(sheet.site[i] == 3) & (sheet.site[j] == 2)])[sheet.site == 3]
    assert np.bincount(shared)[1:].tolist() == [4, 16]  # terminal ones; bridging ones


def test_pockets_lie_amid_four_terminal_halides() -> None:
    sheet = make_sheet("Pb", "I", 2, **PBI, tilt=9.0)
    for pockets, ends in (
        (sheet.pockets_top, sheet.terminals_top),
        (sheet.pockets_bottom, sheet.terminals_bottom),
    ):
        assert pockets[:, 2] == pytest.approx(ends[:, 2].mean())
        shifts = np.array([[m, n] for m in (-1, 0, 1) for n in (-1, 0, 1)]) @ sheet.cell
        around = (ends[:, None, :2] + shifts).reshape(-1, 2)
        for pocket in pockets:
            gaps = around - pocket[:2]
            nearest = np.argsort(np.linalg.norm(gaps, axis=1))[:4]
            assert gaps[nearest].mean(axis=0) == pytest.approx([0, 0], abs=1e-9)


def test_another_halide_ends_the_sheet() -> None:
    sheet = make_sheet(
        "Pb",
        "Cl",
        1,
        length=5.6385,
        bond=2.82,
        terminal="I",
        terminal_bond=3.171,
        rotation=0.0,
        smallest=True,
    )
    assert as_atoms(sheet).get_chemical_formula() == "Cl2I2Pb"
    assert sheet.cell == pytest.approx(5.6385 * np.eye(2))
    assert sheet.thickness == pytest.approx(2 * 3.171)


def test_step_sets_the_distance_of_layers() -> None:
    sheet = make_sheet("Pb", "I", 4, **PBI, step=6.25)
    heights = np.unique(sheet.positions[sheet.site == 2, 2].round(6))
    assert np.diff(heights) == pytest.approx(6.25)
    assert sheet.thickness == pytest.approx(3 * 6.25 + 2 * 3.19)


@pytest.mark.parametrize(
    "wrong",
    [
        {"layers": 0},
        {"layers": -1},
        {"layers": MOST_LAYERS + 1},
        {"length": -6.2},
        {"length": float("nan")},
        {"bond": 0.0},
        {"rotation": 40.0},
        {"tilt": -30.0},
        {"length": 5.0},
        {"smallest": True},
    ],
)
def test_impossible_sheets_are_refused(wrong: dict) -> None:
    options = {"layers": 1, **PBI, **wrong}
    with pytest.raises(UsageError) as caught:
        make_sheet("Pb", "I", **options)
    assert caught.value.measured is not None
    assert caught.value.next_step
