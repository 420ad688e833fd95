"""Write the 3D geometry of molecules of the library from their SMILES.

A new molecule starts as a short file ``structures/molecules/<name>.toml`` with ``name``,
``long_name``, ``charge``, ``role``, ``site``, ``smiles`` and a table ``[source]`` with ``identity``
and ``notes``. This script adds formula, head, atoms and the origin of the geometry:

    python scripts/make_molecules.py structures/molecules/PEA.toml

Conformers come from RDKit's ETKDGv3 with a fixed seed, chains are set to all-trans, MMFF94 relaxes
them. Among those whose span from head to tail is within 0.3 Å of the longest, the one of lowest
energy is kept. The C-N bond of methylammonium is set to 1.49 Å, within the
1.48–1.51 Å of refinements.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import numpy as np
from ase.formula import Formula
from rdkit import Chem
from rdkit.Chem import AllChem, rdMolTransforms
from rdkit.Chem.rdDistGeom import EmbedMultipleConfs, ETKDGv3

FOLDER = Path(__file__).resolve().parents[1] / "structures" / "molecules"
SEED = 1976
CONFORMERS = 40
SPAN_TOLERANCE = 0.3  # Å
MA_BOND = 1.49  # Å, C-N
CHAIN = Chem.MolFromSmarts("[!#1]~[#6X4;!R]-;!@[#6X4;!R]~[!#1]")
# Groups over whose hetero atoms one charge is spread evenly.
AMIDINIUM = Chem.MolFromSmarts("[#7X3]~[#6X3;H1]~[#7X3]")
GUANIDINIUM = Chem.MolFromSmarts("[#7X3]~[#6X3](~[#7X3])~[#7X3]")
CARBOXYLATE = Chem.MolFromSmarts("[#8X1]~[#6X3]~[#8X1]")
NEUTRAL_HEADS = [
    Chem.MolFromSmarts("[#7]~[#6X3](~[#7])~[#7]"),
    Chem.MolFromSmarts("[#8X1]=[#15]"),
]
CITATION = (
    "conformers: Wang, Witek, Landrum, Riniker 2020, J. Chem. Inf. Model. 60, 2044; "
    "MMFF94: Tosco, Stiefl, Landrum 2014, J. Cheminform. 6, 37"
)
GEOMETRY = "made from the SMILES: ETKDGv3, all-trans chains, MMFF94; extended conformer"
ADDED = {
    "MA": f"; C-N set to {MA_BOND} Å (MMFF94 gives 1.476 Å)",
    "FA": "; both halves averaged to the exact mirror symmetry mm2",
}
AXES = {
    "MA": "The C-N bond points along +x.",
    "FA": "The C-H bond points along +x, N...N lies along y, the plane is z = 0.",
    "": "x is the long axis, its positive end nearer to the head; y is the next longest.",
}


def main() -> None:
    """Rewrite the files named on the command line, or all of the folder with ``--all``."""
    names = sys.argv[1:]
    if not names:
        sys.exit("usage: make_molecules.py FILE... | --all")
    for path in sorted(FOLDER.glob("*.toml")) if names == ["--all"] else map(Path, names):
        entry = tomllib.loads(path.read_text(encoding="utf-8"))
        path.write_text(text_of(entry), encoding="utf-8")
        print(path.name)


def text_of(entry: dict) -> str:
    """Return the complete file of one molecule."""
    name, source = entry["name"], entry["source"]
    molecule = Chem.AddHs(Chem.MolFromSmiles(entry["smiles"]))
    symbols = [atom.GetSymbol() for atom in molecule.GetAtoms()]
    heavy = np.array([symbol != "H" for symbol in symbols])
    charges = formal_charges(molecule)
    if round(charges.sum()) != entry["charge"]:
        sys.exit(f"{name}: charge {entry['charge']}, but the SMILES has {charges.sum():+.0f}")
    head = head_atoms(molecule, charges)
    positions = in_body_frame(name, extended(molecule, head), heavy, head)
    rows = [
        f'  ["{symbol}", {x:.4f}, {y:.4f}, {z:.4f}, {float(charge)!r}],'
        for symbol, (x, y, z), charge in zip(symbols, positions, charges, strict=True)
    ]
    trust = "high" if heavy.sum() <= 3 else "medium"
    return f"""\
name = "{name}"
long_name = "{entry["long_name"]}"
formula = "{Formula("".join(symbols)).format("hill")}"
charge = {entry["charge"]}
role = "{entry["role"]}"
site = "{entry["site"]}"
smiles = '{entry["smiles"]}'
# Atoms of the head group, counted from 0.
head = {head}
# Element, x, y, z in Å, formal charge in e. The centroid of the non-hydrogen atoms is the origin.
# {AXES.get(name, AXES[""])}
atoms = [
{chr(10).join(rows)}
]

[source]
citation = "{CITATION}"
doi = "10.1021/acs.jcim.0c00025"
geometry = "{GEOMETRY}{ADDED.get(name, "")}"
identity = "{source["identity"]}"
coordinates = "{trust}"
notes = "{source["notes"]}"
"""


def formal_charges(molecule: Chem.Mol) -> np.ndarray:
    """Return the formal charge of each atom, (n,) in e, spread evenly over resonance forms."""
    charges = np.array([float(atom.GetFormalCharge()) for atom in molecule.GetAtoms()])
    for pattern in (GUANIDINIUM, AMIDINIUM, CARBOXYLATE):
        for group in molecule.GetSubstructMatches(pattern):
            hetero = [i for i in group if molecule.GetAtomWithIdx(i).GetSymbol() != "C"]
            charges[hetero] = charges[hetero].mean()
    return charges


def head_atoms(molecule: Chem.Mol, charges: np.ndarray) -> list[int]:
    """Return the charged atoms, or those that bind a cation where the molecule is neutral."""
    if charges.any():
        return np.flatnonzero(charges).tolist()
    for pattern in NEUTRAL_HEADS:
        if group := molecule.GetSubstructMatch(pattern):
            return sorted(i for i in group if molecule.GetAtomWithIdx(i).GetSymbol() in "NO")
    sys.exit("a neutral molecule without a known binding group")


def extended(molecule: Chem.Mol, head: list[int]) -> np.ndarray:
    """Return positions, (n, 3) in Å, of the stablest of the most extended conformers."""
    settings = ETKDGv3()
    settings.randomSeed = SEED
    EmbedMultipleConfs(molecule, CONFORMERS, settings)
    backbone = chain_torsions(molecule, head)
    for conformer in molecule.GetConformers():
        for torsion in backbone:
            rdMolTransforms.SetDihedralDeg(conformer, *torsion, 180.0)
    energies = [e for _, e in AllChem.MMFFOptimizeMoleculeConfs(molecule, maxIters=20000)]
    heavy = [atom.GetIdx() for atom in molecule.GetAtoms() if atom.GetSymbol() != "H"]
    candidates = []
    for conformer, energy in zip(molecule.GetConformers(), energies, strict=True):
        positions = conformer.GetPositions()
        span = np.linalg.norm(positions[heavy] - positions[head].mean(axis=0), axis=1).max()
        candidates.append((span, energy, positions))
    longest = max(span for span, _, _ in candidates)
    near = [c for c in candidates if c[0] >= longest - SPAN_TOLERANCE]
    return min(near, key=lambda c: round(c[1], 3))[2]


def chain_torsions(molecule: Chem.Mol, head: list[int]) -> list[tuple[int, ...]]:
    """Return one torsion for each chain bond: along the path from the head to the far end."""
    far = Chem.GetDistanceMatrix(molecule)[head[0]]
    best: dict[tuple[int, int], tuple[int, ...]] = {}
    for torsion in molecule.GetSubstructMatches(CHAIN):
        ends = tuple(sorted(torsion[1:3]))
        reach = abs(far[torsion[0]] - far[torsion[3]])
        if reach == 3 and ends not in best:
            best[ends] = torsion
    return list(best.values())


def in_body_frame(
    name: str, positions: np.ndarray, heavy: np.ndarray, head: list[int]
) -> np.ndarray:
    """Return positions rounded to 0.0001 Å in the axes that the file names."""
    moved = positions - positions[heavy].mean(axis=0)
    axes = body_axes(name, moved, heavy, head)
    moved = moved @ axes.T
    if name == "MA":
        nitrogen_side = moved[:, 0] > 0
        bond = moved[nitrogen_side & heavy, 0] - moved[~nitrogen_side & heavy, 0]
        moved[nitrogen_side, 0] += MA_BOND - bond
    if name == "FA":
        moved = mirrored_average(moved)
    moved -= moved[heavy].mean(axis=0)
    return np.round(moved, 4) + 0.0


def body_axes(name: str, moved: np.ndarray, heavy: np.ndarray, head: list[int]) -> np.ndarray:
    """Return the rows x, y, z of a right-handed body frame."""
    _, _, axes = np.linalg.svd(moved if heavy.sum() < 3 else moved[heavy])
    if name == "FA":
        axes = axes[[1, 0, 2]]
        axes[0] *= -np.sign(moved[head].mean(axis=0) @ axes[0])
    elif heavy.sum() == 2:
        tail, tip = np.flatnonzero(heavy) if heavy[head[0]] and head[0] else (1, 0)
        axes[0] = (moved[tip] - moved[tail]) / np.linalg.norm(moved[tip] - moved[tail])
        side = moved[~heavy][0] - moved[~heavy][0] @ axes[0] * axes[0]
        axes[1] = side / np.linalg.norm(side)
    else:
        axes[0] *= -1.0 if moved[head].mean(axis=0) @ axes[0] < 0 else 1.0
    first = moved[np.abs(moved @ axes[1]) > 0.05][:1] @ axes[1]
    axes[1] *= -1.0 if first.size and first[0] < 0 else 1.0
    axes[2] = np.cross(axes[0], axes[1])
    return axes


def mirrored_average(moved: np.ndarray) -> np.ndarray:
    """Return planar positions made exactly symmetric in y."""
    planar = moved * [1.0, 1.0, 0.0]
    image = planar * [1.0, -1.0, 1.0]
    distance = np.linalg.norm(planar[:, None] - image[None], axis=-1)
    return (planar + image[distance.argmin(axis=1)]) / 2.0


if __name__ == "__main__":
    main()
