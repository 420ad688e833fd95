"""Write the 3D geometry of molecules of the library from their SMILES.

A new molecule starts as a short file ``structures/molecules/<name>.toml`` with ``name``,
``long_name``, ``charge``, ``role``, ``site``, ``smiles`` and a table ``[source]`` with ``identity``
and ``notes``. This script adds formula, head, atoms and the origin of the geometry:

    python scripts/make_molecules.py structures/molecules/PEA.toml

How conformers are made is told in `heterobuild.chemistry.smiles`. The C-N bond of methylammonium
is set to 1.49 Å, within the 1.48–1.51 Å of refinements.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import numpy as np
from ase.data import chemical_symbols

from heterobuild.chemistry.body_frame import in_body_frame
from heterobuild.chemistry.formulas import hill_formula
from heterobuild.chemistry.smiles import CITATION, DOI, GEOMETRY, extended_conformer

FOLDER = Path(__file__).resolve().parents[1] / "structures" / "molecules"
MA_BOND = 1.49  # Å, C-N
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
    found = extended_conformer(entry["smiles"])
    if round(found.charges.sum()) != entry["charge"] or not found.head:
        sys.exit(f"{name}: charge {entry['charge']}, but the SMILES has {found.charges.sum():+.0f}")
    heavy = found.numbers != 1
    positions = in_axes(name, found, heavy)
    symbols = [chemical_symbols[z] for z in found.numbers]
    rows = [
        f'  ["{symbol}", {x:.4f}, {y:.4f}, {z:.4f}, {float(charge)!r}],'
        for symbol, (x, y, z), charge in zip(symbols, positions, found.charges, strict=True)
    ]
    trust = "high" if heavy.sum() <= 3 else "medium"
    return f"""\
name = "{name}"
long_name = "{entry["long_name"]}"
formula = "{hill_formula(found.numbers)}"
charge = {entry["charge"]}
role = "{entry["role"]}"
site = "{entry["site"]}"
smiles = '{entry["smiles"]}'
# Atoms of the head group, counted from 0.
head = {list(found.head)}
# Element, x, y, z in Å, formal charge in e. The centroid of the non-hydrogen atoms is the origin.
# {AXES.get(name, AXES[""])}
atoms = [
{chr(10).join(rows)}
]

[source]
citation = "{CITATION}"
doi = "{DOI}"
geometry = "{GEOMETRY}{ADDED.get(name, "")}"
identity = "{source["identity"]}"
coordinates = "{trust}"
notes = "{source["notes"]}"
"""


def in_axes(name: str, found, heavy: np.ndarray) -> np.ndarray:
    """Return positions rounded to 0.0001 Å in the axes that the file names."""
    moved = in_body_frame(found.numbers, found.positions, found.head)
    if name == "MA":
        nitrogen_side = moved[:, 0] > 0
        bond = moved[nitrogen_side & heavy, 0] - moved[~nitrogen_side & heavy, 0]
        moved[nitrogen_side, 0] += MA_BOND - bond
    if name == "FA":
        moved = mirrored_average(across(moved, list(found.head)))
    moved -= moved[heavy].mean(axis=0)
    return np.round(moved, 4) + 0.0


def across(moved: np.ndarray, head: list[int]) -> np.ndarray:
    """Lay the long axis along y, and the head toward negative x."""
    x, y = moved[:, 1], moved[:, 0]
    sign = -1.0 if moved[head, 1].mean() > 0 else 1.0
    return np.stack([sign * x, y, np.zeros_like(x)], axis=1)


def mirrored_average(moved: np.ndarray) -> np.ndarray:
    """Return planar positions made exactly symmetric in y."""
    planar = moved * [1.0, 1.0, 0.0]
    image = planar * [1.0, -1.0, 1.0]
    distance = np.linalg.norm(planar[:, None] - image[None], axis=-1)
    return (planar + image[distance.argmin(axis=1)]) / 2.0


if __name__ == "__main__":
    main()
