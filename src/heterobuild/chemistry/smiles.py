"""Molecules from SMILES: an extended conformer, its charges and its head group.

Conformers come from RDKit's ETKDGv3 (10.1021/acs.jcim.0c00025) with a fixed seed, chains are set
to all-trans, MMFF94 (10.1186/s13321-014-0037-3) relaxes them. Among those whose span from head to
tail is within 0.3 Å of the longest, the one of lowest energy is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from heterobuild.chemistry.body_frame import in_body_frame
from heterobuild.chemistry.formulas import hill_formula
from heterobuild.chemistry.molecules import OPEN_HAND
from heterobuild.errors import MissingExtraError, UsageError
from heterobuild.model import Molecule, Source

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray

SEED = 1976
CONFORMERS = 40
SPAN_TOLERANCE = 0.3
"""Å; conformers as long as the longest within this compete by energy."""

CHAIN = "[!#1]~[#6X4;!R]-;!@[#6X4;!R]~[!#1]"
"""Torsion about a bond of a saturated chain."""

SHARED_CHARGE = (
    "[#7]~[#6X3](~[#7])~[#7]",
    "[#7X3]~[#6X3;H1]~[#7X3]",
    "[#8X1]~[#6X3]~[#8X1]",
)
"""Guanidinium, amidinium, carboxylate: one charge spread evenly over the hetero atoms."""

NEUTRAL_HEADS = ("[#7]~[#6X3](~[#7])~[#7]", "[#8X1]=[#15]")
"""Groups by which a neutral molecule binds a cation."""

CITATION = (
    "conformers: Wang, Witek, Landrum, Riniker 2020, J. Chem. Inf. Model. 60, 2044; "
    "MMFF94: Tosco, Stiefl, Landrum 2014, J. Cheminform. 6, 37"
)
DOI = "10.1021/acs.jcim.0c00025"
GEOMETRY = "made from the SMILES: ETKDGv3, all-trans chains, MMFF94; extended conformer"


@dataclass(frozen=True, kw_only=True, eq=False)
class Conformer:
    """The atoms of a SMILES in space.

    Parameters
    ----------
    numbers : (n,) int array
        Atomic numbers, hydrogens last.
    positions : (n, 3) float array
        Coordinates in Å, as the force field left them.
    charges : (n,) float array
        Formal charge of each atom in e.
    head : tuple of int
        Charged atoms, or those that bind a cation where the molecule is neutral; empty where it
        is neutral and has no such group.
    """

    numbers: IntArray
    positions: FloatArray
    charges: FloatArray
    head: tuple[int, ...]


def molecule_from_smiles(name: str, smiles: str) -> Molecule:
    """Make a molecule from its SMILES.

    Parameters
    ----------
    name : str
        Short name for formulas.
    smiles : str
        SMILES with charges and, where there are stereocentres, their hand; where it leaves a
        hand open, the notes of the source say so.

    Returns
    -------
    Molecule
        The molecule in its body frame, see `heterobuild.chemistry.body_frame`.

    Raises
    ------
    MissingExtraError
        If RDKit is not installed.
    UsageError
        If the SMILES cannot be read, holds several fragments, is a radical, or has neither a
        charge nor a known binding group.

    Examples
    --------
    >>> molecule = molecule_from_smiles("PA", "CCC[NH3+]")
    >>> molecule.formula, molecule.charge, molecule.head
    ('C3H10N', 1.0, (3,))
    """
    found = extended_conformer(smiles)
    if not found.head:
        raise UsageError(
            f"the molecule {name} has no head group",
            where=smiles,
            measured="no charge, and no group that binds a cation",
            next_step="write the charged form, such as [NH3+] for an ammonium",
        )
    return Molecule(
        name=name,
        formula=hill_formula(found.numbers),
        charge=float(round(found.charges.sum())),
        numbers=found.numbers,
        positions=in_body_frame(found.numbers, found.positions, found.head),
        charges=found.charges,
        head=found.head,
        smiles=smiles,
        source=Source(
            citation=CITATION,
            doi=DOI,
            coordinates="medium",
            notes="; ".join([GEOMETRY, *_open_centres(smiles)]),
        ),
    )


def extended_conformer(smiles: str) -> Conformer:
    """Return the stablest of the most extended conformers.

    Parameters
    ----------
    smiles : str
        The SMILES.

    Returns
    -------
    Conformer
        Atoms in the order of the SMILES, hydrogens after them.

    Raises
    ------
    MissingExtraError
        If RDKit is not installed.
    UsageError
        If the SMILES cannot be read, holds several fragments, is a radical, or no conformer is
        found.
    """
    molecule = _parsed(smiles)
    charges = _formal_charges(molecule)
    head = _head(molecule, charges)
    numbers = np.array([atom.GetAtomicNum() for atom in molecule.GetAtoms()], dtype=np.int64)
    positions = _extended(molecule, head or (0,), smiles)
    return Conformer(numbers=numbers, positions=positions, charges=charges, head=head)


def _rdkit() -> Any:
    """Import RDKit, or say how to install it."""
    try:
        from rdkit import Chem
    except ImportError as error:
        raise MissingExtraError(
            "a SMILES needs RDKit, which is not installed",
            next_step="pip install 'heterobuild[organic]'",
        ) from error
    return Chem


def _parsed(smiles: str) -> Any:
    """Return the molecule of a SMILES with its hydrogens."""
    chem = _rdkit()
    from rdkit.rdBase import BlockLogs

    with BlockLogs():
        bare = chem.MolFromSmiles(smiles)
    if bare is None or not bare.GetNumAtoms():
        raise UsageError(
            "the SMILES cannot be read",
            measured=repr(smiles),
            next_step="check brackets, ring closures and valences, as in [NH3+]CCc1ccccc1",
        )
    if len(chem.GetMolFrags(bare)) > 1:
        raise UsageError(
            "the SMILES holds several fragments",
            measured=repr(smiles),
            next_step="give one ion alone, without its counter-ion",
        )
    _require_closed_shell(bare, smiles)
    return chem.AddHs(bare)


def _require_closed_shell(molecule: Any, smiles: str) -> None:
    """Refuse atoms with unpaired electrons: brackets without their hydrogens, in most cases."""
    open_shells = [
        f"{atom.GetSymbol()}{atom.GetIdx() + 1}"
        for atom in molecule.GetAtoms()
        if atom.GetNumRadicalElectrons()
    ]
    if open_shells:
        raise UsageError(
            "the SMILES is a radical, an atom has unpaired electrons",
            where=smiles,
            measured=f"{', '.join(open_shells)} (counted along the SMILES)",
            allowed="closed shells",
            next_step="write the missing hydrogens, such as [CH3] or C for [CH2] at an end",
        )


def _open_centres(smiles: str) -> list[str]:
    """Say which stereocentres the SMILES leaves open."""
    chem = _rdkit()
    bare = chem.MolFromSmiles(smiles)
    found = [
        f"{bare.GetAtomWithIdx(index).GetSymbol()}{index + 1}"
        for index, label in chem.FindMolChiralCenters(bare, includeUnassigned=True)
        if label == "?"
    ]
    if not found:
        return []
    return [f"{OPEN_HAND} {', '.join(found)} open, one of both was taken"]


def _formal_charges(molecule: Any) -> FloatArray:
    """Return the charge of each atom in e, spread evenly over resonance forms."""
    charges = np.array([float(atom.GetFormalCharge()) for atom in molecule.GetAtoms()])
    for pattern in SHARED_CHARGE:
        for group in molecule.GetSubstructMatches(_rdkit().MolFromSmarts(pattern)):
            hetero = [i for i in group if molecule.GetAtomWithIdx(i).GetSymbol() != "C"]
            charges[hetero] = charges[hetero].mean()
    return charges


def _head(molecule: Any, charges: FloatArray) -> tuple[int, ...]:
    """Return the charged atoms, or those that bind a cation where the molecule is neutral."""
    if charges.any():
        return tuple(np.flatnonzero(charges).tolist())
    for pattern in NEUTRAL_HEADS:
        if group := molecule.GetSubstructMatch(_rdkit().MolFromSmarts(pattern)):
            return tuple(sorted(i for i in group if molecule.GetAtomWithIdx(i).GetSymbol() in "NO"))
    return ()


def _extended(molecule: Any, head: tuple[int, ...], smiles: str) -> FloatArray:
    """Return positions, (n, 3) in Å, of the stablest of the most extended conformers."""
    from rdkit.Chem import rdDistGeom, rdForceFieldHelpers, rdMolTransforms

    settings: Any = rdDistGeom.ETKDGv3()
    settings.randomSeed = SEED
    if not len(rdDistGeom.EmbedMultipleConfs(molecule, CONFORMERS, settings)):
        raise UsageError(
            "no geometry is found for the SMILES",
            measured=repr(smiles),
            next_step="give the molecule as an xyz file",
        )
    backbone = _chain_torsions(molecule, head)
    for conformer in molecule.GetConformers():
        for i, j, k, m in backbone:
            rdMolTransforms.SetDihedralDeg(conformer, i, j, k, m, 180.0)
    relaxed = rdForceFieldHelpers.MMFFOptimizeMoleculeConfs(molecule, maxIters=20000)
    energies = [energy for _, energy in relaxed]
    heavy = [atom.GetIdx() for atom in molecule.GetAtoms() if atom.GetAtomicNum() != 1]
    candidates = []
    for conformer, energy in zip(molecule.GetConformers(), energies, strict=True):
        positions = np.array(conformer.GetPositions())
        away = positions[heavy] - positions[list(head)].mean(axis=0)
        candidates.append((float(np.linalg.norm(away, axis=1).max()), energy, positions))
    longest = max(span for span, _, _ in candidates)
    near = [entry for entry in candidates if entry[0] >= longest - SPAN_TOLERANCE]
    best: FloatArray = min(near, key=lambda entry: round(entry[1], 3))[2]
    return best


def _chain_torsions(molecule: Any, head: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Return one torsion for each chain bond: along the path from the head to the far end."""
    chem = _rdkit()
    far = chem.GetDistanceMatrix(molecule)[head[0]]
    best: dict[tuple[int, ...], tuple[int, ...]] = {}
    for torsion in molecule.GetSubstructMatches(chem.MolFromSmarts(CHAIN)):
        ends = tuple(sorted(torsion[1:3]))
        reach = abs(far[torsion[0]] - far[torsion[3]])
        if reach == 3 and ends not in best:
            best[ends] = torsion
    return list(best.values())
