"""Organic layers against measured ones: spacings, heads, tilts; all checks of built crystals."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from heterobuild.chemistry.molecules import list_molecules, load_molecule, molecule_role
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.labels import MOLECULE, Site
from heterobuild.layered.building import layered_crystal
from heterobuild.layered.gaps import lower_face, upper_face
from heterobuild.layered.options import LayeredIons
from heterobuild.layered.sheets import make_sheet
from heterobuild.spacers.fits import FARTHEST_LEAN, HEAD_DEPTH
from heterobuild.spacers.layer_thickness import organic_thickness
from heterobuild.spacers.packing import pack_spacers
from heterobuild.validation.table import judge
from heterobuild.validation.view import view_atoms

PHASES = Path(__file__).resolve().parents[2] / "structures" / "phases"

PREDICTED = {
    "BA2PbI4": ("BA", "I", 1),
    "BA2MAPb2I7": ("BA", "I", 2),
    "BA2MA2Pb3I10": ("BA", "I", 3),
    "BA2MA3Pb4I13": ("BA", "I", 4),
    "PEA2PbI4": ("PEA", "I", 1),
    "PEA2PbBr4": ("PEA", "Br", 1),
    "RMBA2PbI4": ("R-MBA", "I", 1),
    "PMA2PbI4": ("PMA", "I", 1),
    "4AMP_PbI4": ("4AMP", "I", 1),
    "3AMP_PbI4": ("3AMP", "I", 1),
}
"""Phases of the library with their spacer, halide and layers; all with Pb, and MA from n = 2."""

REFINED = ("PEA2PbI4", "RMBA2PbI4", "BA2PbI4_LT")
"""Phases with measured coordinates of the spacers."""

SHEETS = {"Pb-I": (6.26, 3.18), "Pb-Br": (5.90, 2.98), "Sn-I": (6.22, 3.13)}
SPACERS = [name for name in list_molecules() if molecule_role(name) is Site.SPACER]


def measured(name):
    """Spacing and in-plane length from the data files alone."""
    path = next(PHASES.glob(f"*/{name}.toml"))
    layers = tomllib.loads(path.read_text(encoding="utf-8"))["layers"]
    return layers["layer_spacing"], layers["inplane_pseudocubic_a"]


def heads_of(name):
    """Depths, displacements and tilts of the spacers of a measured phase."""
    crystal = load_crystal(name)
    atoms = crystal.require_atoms()
    positions, numbers, cell = atoms.positions, atoms.numbers, np.asarray(crystal.cell)
    normal = np.cross(cell[0], cell[1])
    normal /= np.linalg.norm(normal)
    period = cell[2] @ normal / 2
    height = positions @ normal
    relative = (height - height[numbers == 82][0] + period / 2) % period - period / 2
    grid = np.array([(i, j, k) for i in (-1, 0, 1) for j in (-1, 0, 1) for k in (-1, 0, 1)]) @ cell
    ends = np.flatnonzero((numbers == 53) & (np.abs(relative) > 2))
    terminal = (positions[ends][:, None] + grid).reshape(-1, 3)
    plane = np.abs(relative[ends]).mean()
    rows = []
    for unit in range(1, atoms.arrays[MOLECULE].max() + 1):
        own = np.flatnonzero(atoms.arrays[MOLECULE] == unit)
        head = own[numbers[own] == 7][0]
        steps = terminal - positions[head]
        along = steps @ normal
        across = steps - along[:, None] * normal
        lateral = np.where(np.abs(along) < 2, np.linalg.norm(across, axis=1), 99)
        square = np.argsort(lateral)[:4]
        heavy = positions[own[numbers[own] != 1]]
        axis = np.linalg.svd(heavy - heavy.mean(axis=0))[2][0]
        lean = np.linalg.norm(across[square].mean(axis=0))
        tilt = np.degrees(np.arccos(min(1.0, abs(axis @ normal))))
        rows.append((plane - abs(relative[head]), lean, tilt))
    return np.array(rows)


@pytest.mark.parametrize("name", REFINED)
def test_heads_of_measured_spacers_lie_where_the_model_puts_them(name):
    depth, lean, tilt = heads_of(name).T
    assert depth.mean() == pytest.approx(HEAD_DEPTH, abs=0.06)
    assert 0.9 < lean.mean() < lean.max() <= FARTHEST_LEAN
    assert tilt.max() < 50


def test_the_depth_is_the_mean_of_the_measured_ones():
    means = [heads_of(name)[:, 0].mean() for name in REFINED]
    assert np.mean(means) == pytest.approx(HEAD_DEPTH, abs=0.01)


@pytest.mark.parametrize(("name", "what"), PREDICTED.items())
def test_spacings_predicted_without_the_phase_are_within_five_percent(name, what):
    spacer, halide, layers = what
    spacing, length = measured(name)
    others = [name] if "_" not in name else [name, load_crystal(name).formula]
    estimate = organic_thickness(load_molecule(spacer), length**2, without=others)
    bond = {"I": 3.16, "Br": 2.98}[halide]  # half the height of measured sheets with n = 1
    step = {"I": 6.30, "Br": 5.93}[halide]  # pseudo-cubic lengths of MAPbI3 and MAPbBr3
    predicted = estimate.value + 2 * bond + (layers - 1) * step
    assert predicted == pytest.approx(spacing, rel=0.05)


@pytest.mark.parametrize(("name", "what"), PREDICTED.items())
def test_crystals_built_without_the_phase_pass_all_checks(name, what):
    spacer, halide, layers = what
    family = "dion_jacobson" if load_molecule(spacer).charge == 2 else "ruddlesden_popper"
    ions = LayeredIons(spacer=spacer, a="MA" if layers > 1 else None, b="Pb", x=halide)
    crystal = layered_crystal(ions, (layers,), prototype=family, without=[name])
    atoms = crystal.require_atoms().copy()
    report = judge(view_atoms(atoms, foreign=True, molecules=crystal.molecules))
    wrong = [f.message for f in report.findings if f.level != "info"]
    assert wrong == []
    sheets = (np.asarray(atoms.numbers) == 82).sum() / 2 / layers
    volume = abs(np.linalg.det(crystal.cell))
    base = np.linalg.norm(np.cross(crystal.cell[0], crystal.cell[1]))
    assert volume / base / sheets == pytest.approx(measured(name)[0], rel=0.05)


@pytest.mark.parametrize("kind", SHEETS)
@pytest.mark.parametrize("name", SPACERS)
def test_every_spacer_of_the_library_fits(name, kind):
    metal, halide = kind.split("-")
    molecule = load_molecule(name)
    sheet = make_sheet(metal, halide, 1, length=SHEETS[kind][0], bond=SHEETS[kind][1])
    offset = (0.0, 0.0) if molecule.charge == 2 else (0.5, 0.5)
    layer = pack_spacers(
        molecule,
        cell=sheet.cell,
        below=upper_face(sheet),
        above=lower_face(sheet, np.array(offset) @ sheet.square),
    )
    assert layer.contacts.contact >= 0.8
    assert layer.contacts.hydrogen_bond >= 0.7
    assert layer.added < 0.05 * layer.thickness


@pytest.mark.parametrize("halide", ["I", "Br"])
def test_a_quaternary_head_does_not_fit(halide):
    """Trimethylanilinium has no N–H, and its head is too wide to hang between halides."""
    length, bond = SHEETS[f"Pb-{halide}"]
    sheet = make_sheet("Pb", halide, 1, length=length, bond=bond)
    with pytest.raises(UsageError, match="too wide for the square"):
        pack_spacers(load_molecule("TMPA"), cell=sheet.cell, below=upper_face(sheet), above=None)


@pytest.mark.parametrize("hand", ["R", "S"])
def test_rdkit_reads_the_same_hand_from_every_placed_molecule(hand):
    from rdkit import Chem
    from rdkit.Geometry import Point3D

    molecule = load_molecule(f"{hand}-MBA")
    graph = Chem.AddHs(Chem.MolFromSmiles(molecule.smiles))
    assert [atom.GetAtomicNum() for atom in graph.GetAtoms()] == molecule.numbers.tolist()
    sheet = make_sheet("Pb", "I", 1, length=6.44, bond=3.22)
    shift = 0.5 * sheet.square.sum(axis=0)
    layer = pack_spacers(
        molecule, cell=sheet.cell, below=upper_face(sheet), above=lower_face(sheet, shift)
    )
    for points in layer.positions:
        placed = Chem.Mol(graph)
        conformer = Chem.Conformer(len(points))
        for index, point in enumerate(points.tolist()):
            conformer.SetAtomPosition(index, Point3D(*point))
        placed.AddConformer(conformer, assignId=True)
        Chem.AssignStereochemistryFrom3D(placed)
        assert [label for _, label in Chem.FindMolChiralCenters(placed)] == [hand]
