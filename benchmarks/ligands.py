"""Measure how fast ligands are attached to cubes of CsPbBr3, and how short contacts become.

python benchmarks/ligands.py

Wall time of one process without imports: surface sites, choice, placing, and the measurement of
all contacts. The cubes have CsBr faces and an edge of n octahedra of 5.874 Å.
"""

from __future__ import annotations

import time

import numpy as np
from ase import Atoms

from heterobuild import labels
from heterobuild.errors import NothingFitsError
from heterobuild.ligands.anchors import surface_anchors
from heterobuild.ligands.attaching import attach_ligands
from heterobuild.ligands.sites import choose_ligand_sites

EDGE = 5.874
CASES = (
    (10, {"OLA": 1.0}, 1.0),
    (13, {"OLA": 1.0}, 1.0),
    (20, {"OLA": 1.0}, 1.0),
    (10, {"oleate": 1.0}, 1.0),
    (10, {"PEA": 1.0}, 1.0),
    (10, {"BrDMA": 1.0}, 1.0),
    (10, {"OLA": 0.5, "oleate": 0.5}, 0.25),
)
HEAD = "| octahedra | ligands | placed | time (s) | contact | hydrogen bond | tilt (°) |"


def main() -> None:
    """Print one row a case."""
    print(HEAD)
    print("|" + "---|" * HEAD.count(" | ") + "---|")
    for n, fractions, coverage in CASES:
        print(row(n, fractions, coverage), flush=True)


def row(n: int, fractions: dict[str, float], coverage: float) -> str:
    """Return the row of one case."""
    atoms = cube(n)
    start = time.perf_counter()
    rng = np.random.default_rng(0)
    anchors = surface_anchors(atoms)
    choice = choose_ligand_sites(anchors, fractions, coverage=coverage, rng=rng)
    name = " + ".join(fractions)
    try:
        values = attach_ligands(atoms, (), anchors, choice, rng=rng)[3].values
    except NothingFitsError as error:
        return f"| {n} | {name} | {error.measured} | {time.perf_counter() - start:.1f} | | | |"
    seconds = time.perf_counter() - start
    return (
        f"| {n} | {name} | {len(choice.site)} | {seconds:.1f} | {values['contact_ratio']} | "
        f"{values['hydrogen_bond_ratio']} | {values['tilt_deg'][1]:.0f} |"
    )


def cube(n: int) -> Atoms:
    """Return a cube of n octahedra a side with AX faces."""
    whole, middle = np.arange(n + 1.0), np.arange(n) + 0.5
    rows = [[whole] * 3, [middle] * 3]
    rows += [[whole if k == axis else middle for k in range(3)] for axis in range(3)]
    parts = [np.stack(np.meshgrid(*r, indexing="ij"), axis=-1).reshape(-1, 3) for r in rows]
    counts = [len(parts[0]), len(parts[1]), 3 * len(parts[2])]
    atoms = Atoms(
        np.repeat(["Cs", "Pb", "Br"], counts).tolist(),
        positions=np.concatenate(parts) * EDGE,
        cell=np.eye(3) * (n * EDGE + 60.0),
    )
    none = np.zeros(len(atoms), dtype=np.int64)
    return labels.label(
        atoms,
        site=np.repeat([1, 2, 3], counts),
        molecule=none,
        kind=none,
        charge=np.repeat([1.0, 2.0, -1.0], counts),
        region=1,
        layer=1,
    )


if __name__ == "__main__":
    main()
