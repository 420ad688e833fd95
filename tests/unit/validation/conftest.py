"""Structures made by hand, so that the checks do not judge our own builders by themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from ase import Atoms

from heterobuild import labels
from heterobuild.labels import Site
from heterobuild.model import Heterostructure, Molecule, Region, Source, Step

if TYPE_CHECKING:
    from collections.abc import Callable

    from heterobuild.arrays import FloatArray
    from heterobuild.model import Report

FILM_A, BASE_A, FILM_C = 5.874, 5.605, 6.05
SOURCE = Source(citation="made by hand")
CHARGES = {"Cs": 1.0, "Pb": 2.0, "Br": -1.0, "Cl": -1.0}
SITES = {"Cs": Site.A, "Pb": Site.B, "Br": Site.X, "Cl": Site.X}


def planes(halide: str, count: int, a: float, step: float) -> tuple[list[str], FloatArray]:
    """Alternate CsX and PbX2 planes, CsX first, over one square of side a."""
    symbols, points = [], []
    for k in range(count):
        z = k * step
        if k % 2 == 0:
            symbols += ["Cs", halide]
            points += [(0.5, 0.5, z), (0.0, 0.0, z)]
        else:
            symbols += ["Pb", halide, halide]
            points += [(0.0, 0.0, z), (0.5, 0.0, z), (0.0, 0.5, z)]
    return symbols, np.array(points) * [a, a, 1.0]


def interface(
    *, layers: int = 3, gap: float = 2.9, vacuum: float = 15.0, side: int = 2, network: bool = True
) -> Heterostructure:
    """Return CsPbBr3 strained onto CsPbCl3 (001): PbCl2 below meets CsBr above."""
    below, p = planes("Cl", 2 * layers, BASE_A, BASE_A / 2)
    above, q = planes("Br", 2 * layers + 1, BASE_A, FILM_C / 2)
    q[:, 2] += p[:, 2].max() + gap
    symbols = below + above
    points = np.concatenate([p, q])
    height = float(np.ptp(points[:, 2])) + vacuum
    down = np.rint((p[:, 2].max() - p[:, 2]) / (BASE_A / 2)).astype(int)
    up = np.rint((q[:, 2] - q[:, 2].min()) / (FILM_C / 2)).astype(int)
    cell = Atoms(symbols, points, cell=[BASE_A, BASE_A, height], pbc=True)
    n = len(cell)
    cell.arrays[labels.REGION] = np.repeat([1, 2], [len(p), len(q)])
    cell.arrays[labels.LAYER] = np.concatenate([-1 - down, 1 + up])
    cell.arrays[labels.SITE] = np.array([int(SITES[s]) for s in symbols])
    cell.arrays[labels.MOLECULE] = np.zeros(n, dtype=np.int64)
    cell.arrays[labels.KIND] = np.zeros(n, dtype=np.int64)
    cell.arrays[labels.CHARGE] = np.array([CHARGES[s] for s in symbols])
    shifts = np.array([[i * BASE_A, j * BASE_A, 0.0] for i in range(side) for j in range(side)])
    atoms = labels.repeat(cell, shifts, cell=np.diag([side * BASE_A, side * BASE_A, height]))
    strain = np.diag([BASE_A / FILM_A - 1] * 2 + [FILM_C / FILM_A - 1])
    return Heterostructure(
        name="made by hand",
        atoms=atoms,
        regions=(
            region(1, "substrate", "CsPbCl3", np.eye(3) * BASE_A, np.zeros((3, 3))),
            region(2, "film", "CsPbBr3", np.eye(3) * FILM_A, strain),
        ),
        steps=(
            Step(
                name="gap",
                choice="made by hand",
                values={"lower": "substrate", "upper": "film", "network_continues": network},
            ),
            Step(name="vacuum", choice="made by hand", values={"vacuum_A": vacuum}),
        ),
    )


def region(code: int, name: str, crystal: str, cell: FloatArray, strain: FloatArray) -> Region:
    """Return the record of one region."""
    return Region(code=code, name=name, crystal=crystal, formula=crystal, cell=cell, strain=strain)


def particle(
    octahedra: int = 5, *, vacuum: float = 15.0, core: int = 0, pbc: bool = False
) -> Heterostructure:
    """Return a cube of whole PbBr6 octahedra with Cs in the cavities and around, a core of iodide.

    The core counts octahedra, too; its wall is coherent, and `layer` counts octahedra from the
    wall, from the surface where there is no core.
    """
    a, n = FILM_A, octahedra
    symbols, points, regions, layers = [], [], [], []
    half = (n - 1) / 2
    ranges = {"Pb": (n, n, n), "Cs": (n + 1, n + 1, n + 1)}
    ranges |= {f"X{k}": tuple(n + (k == axis) for axis in range(3)) for k in range(3)}
    for name, counts in ranges.items():
        shift = {"Pb": np.zeros(3), "Cs": np.full(3, 0.5)}.get(name)
        shift = 0.5 * np.eye(3)[int(name[1])] if shift is None else shift
        grid = np.stack(np.meshgrid(*map(np.arange, counts), indexing="ij"), -1).reshape(-1, 3)
        place = grid - shift - half
        depth = np.abs(place).max(axis=1)
        inside = depth <= core / 2
        points.append(place * a)
        regions.append(np.where(inside, 1, 2) if core else np.ones(len(grid), dtype=int))
        wall = core / 2 if core else n / 2
        layers.append(np.sign(depth - wall - 1e-9) * (np.abs(depth - wall) // 1 + 1))
        symbol = np.full(len(grid), name)
        if name.startswith("X"):
            symbol = np.where(inside & bool(core), "Cl", "Br")
        symbols += symbol.tolist()
    positions = np.concatenate(points)
    positions += vacuum / 2 - positions.min()
    side = float(np.ptp(positions)) + vacuum
    atoms = Atoms(symbols, positions, cell=[side] * 3, pbc=pbc)
    layer = np.concatenate(layers).astype(int)
    atoms.arrays[labels.REGION] = np.concatenate(regions)
    atoms.arrays[labels.LAYER] = layer if core else np.abs(layer)
    atoms.arrays[labels.SITE] = np.array([int(SITES[s]) for s in symbols])
    for name in (labels.MOLECULE, labels.KIND):
        atoms.arrays[name] = np.zeros(len(atoms), dtype=np.int64)
    atoms.arrays[labels.CHARGE] = np.array([CHARGES[s] for s in symbols])
    cell, none = np.eye(3) * a, np.zeros((3, 3))
    parts = (region(1, "core", "CsPbCl3", cell, none), region(2, "shell", "CsPbBr3", cell, none))
    values = {"vacuum_A": vacuum, "directions": [True, True, True]}
    wall_step = Step(
        name="wall", choice="", values={"coherent": True, "inner": "core", "outer": "shell"}
    )
    steps = (Step(name="vacuum", choice="made by hand", values=values),)
    return Heterostructure(
        name="particle",
        atoms=atoms,
        regions=parts if core else (region(1, "dot", "CsPbBr3", cell, none),),
        steps=(*steps, wall_step) if core else steps,
    )


def without(built: Heterostructure, *atoms: int) -> Heterostructure:
    """Return a copy that lacks some atoms."""
    kept = np.setdiff1d(np.arange(len(built.atoms)), atoms)
    return replace(built, atoms=labels.take(built.atoms, kept))


def chiral_molecule() -> Molecule:
    """Return 1-aminoethanol protonated, C with four different neighbours, idealised bonds."""
    t = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) / np.sqrt(3)
    centre = np.zeros(3)
    positions = [centre, 1.09 * t[0], 1.41 * t[1], 1.50 * t[2], 1.38 * t[3]]
    positions += [positions[2] + 0.97 * t[0]]
    turned = -t
    positions += [positions[3] + 1.03 * v for v in (turned[0], turned[1], turned[3])]
    symbols = ["C", "H", "O", "N", "F", "H", "H", "H", "H"]
    atoms = Atoms(symbols, np.array(positions))
    return Molecule(
        name="hand",
        formula="CH5FNO",
        charge=1.0,
        numbers=atoms.numbers,
        positions=atoms.positions - atoms.positions[atoms.numbers > 1].mean(axis=0),
        charges=np.array([0.0, 0, 0, 1, 0, 0, 0, 0, 0]),
        head=(3,),
        source=SOURCE,
    )


def crowd(molecule: Molecule, *, count: int = 6, side: float = 8.0) -> Heterostructure:
    """Return copies of a molecule in turned poses in a row, with as many chlorides."""
    from scipy.spatial.transform import Rotation

    turns = Rotation.random(count, random_state=7).as_matrix()
    points = np.concatenate(
        [molecule.positions @ turn.T + [side * k, 0, 0] for k, turn in enumerate(turns)]
    )
    n = len(molecule.numbers)
    anions = np.array([[side * (k + 0.5), side / 2, side / 2] for k in range(count)])
    atoms = Atoms(
        numbers=np.concatenate([np.tile(molecule.numbers, count), np.full(count, 17)]),
        positions=np.concatenate([points, anions]),
        cell=[side * count, side, side],
        pbc=True,
    )
    ions = np.zeros(count, dtype=np.int64)
    atoms = labels.label(
        atoms,
        site=np.repeat([int(Site.A), int(Site.X)], [n * count, count]),
        molecule=np.concatenate([np.repeat(np.arange(1, count + 1), n), ions]),
        kind=np.concatenate([np.ones(n * count, dtype=np.int64), ions]),
        charge=np.concatenate([np.tile(molecule.charges, count), -np.ones(count)]),
        region=1,
        layer=1,
    )
    return Heterostructure(
        name="molecules",
        atoms=atoms,
        regions=(region(1, "salt", "salt", np.eye(3) * side, np.zeros((3, 3))),),
        molecules=(molecule,),
    )


def changed(built: Heterostructure, **arrays: Any) -> Heterostructure:
    """Return a copy with other atoms' arrays (positions, numbers, labels) or another cell."""
    atoms = built.atoms.copy()
    if "cell" in arrays:
        atoms.set_cell(arrays.pop("cell"), scale_atoms=False)
    for name, value in arrays.items():
        atoms.arrays[name] = np.array(value)
    return replace(built, atoms=atoms)


def levels(report: Report, check: str) -> set[str]:
    """Return the levels of the findings of one check."""
    return {finding.level for finding in report.findings if finding.check == check}


@pytest.fixture
def make_interface() -> Callable[..., Heterostructure]:
    """Give the builder of the interface."""
    return interface


@pytest.fixture
def make_particle() -> Callable[..., Heterostructure]:
    """Give the builder of the cube."""
    return particle


@pytest.fixture
def lacking() -> Callable[..., Heterostructure]:
    """Give the function that takes atoms away."""
    return without


@pytest.fixture
def make_crowd() -> Callable[..., Heterostructure]:
    """Give the builder of the molecular salt."""
    return crowd


@pytest.fixture
def change() -> Callable[..., Heterostructure]:
    """Give the function that changes arrays of a copy."""
    return changed


@pytest.fixture
def levels_of() -> Callable[[Report, str], set[str]]:
    """Give the function that collects levels."""
    return levels


@pytest.fixture
def hand() -> Molecule:
    """Give a molecule with one stereocentre."""
    return chiral_molecule()
