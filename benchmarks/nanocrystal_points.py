"""Build one nanocrystal with one program, and print what it cost, as JSON.

python benchmarks/nanocrystal_points.py arrays MODEL PROGRAM OCTAHEDRA RUNS
python benchmarks/nanocrystal_points.py job RECIPE FOLDER

`benchmarks/nanocrystals.py` calls it, each point in a process of its own.
"""

from __future__ import annotations

import gc
import json
import resource
import statistics
import sys
import time
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

EDGE = 5.874
SMALL = 8
SITES = {
    "A": [[0.0, 0.0, 0.0]],
    "B": [[0.5, 0.5, 0.5]],
    "X": [[0.5, 0.5, 0.0], [0.5, 0.0, 0.5], [0.0, 0.5, 0.5]],
}
POINTS = [point for role in SITES.values() for point in role]


def core_of(octahedra: int) -> int:
    """Return the octahedra along a core or dot: about half, so that the shell is even."""
    half = octahedra // 2
    return half + (octahedra - half) % 2


def heterobuild(model: str, octahedra: int) -> int:
    """Build the model with all labels, as the public classes do."""
    from heterobuild import CoreShell, Embedded, ParticleShape, load_crystal

    inner, outer = load_crystal("CsPbI3_cubic"), load_crystal("CsPbBr3_cubic")
    core = core_of(octahedra)
    if model == "matrix":
        sphere = ParticleShape(kind="sphere", octahedra=core)
        dots = Embedded(shape=sphere, cells=octahedra, elastic=False)
        return len(dots.build(inner, outer).atoms)
    if model == "charged":
        return _charged(core, (octahedra - core) // 2)
    nest = CoreShell(
        shape=ParticleShape(kind="cube", octahedra=core),
        layers=((octahedra - core) // 2,),
        elastic=False,
    )
    return len(nest.build(inner, outer).atoms)


def _charged(core: int, layers: int) -> int:
    """Build the core/shell cube without the step that makes it neutral."""
    from heterobuild import ParticleShape, WallProfile, load_crystal
    from heterobuild.coherent.carved import carve
    from heterobuild.coherent.finishing import in_box
    from heterobuild.coherent.nested import ShellSize, nested_forms
    from heterobuild.frameworks.emission import site_atoms

    crystals = load_crystal("CsPbI3_cubic"), load_crystal("CsPbBr3_cubic")
    shape = ParticleShape(kind="cube", octahedra=core)
    shell = ShellSize(layers=layers, thickness=None, outer="", cover="all")
    plan = nested_forms(shape, crystals, lattice="mean", shells=(shell,))
    draft = carve(
        plan.host,
        plan.forms,
        ("core", "shell"),
        crystals,
        shape=shape,
        offset=np.zeros(3),
        termination="AX",
        shared="outer",
        profile=WallProfile(),
        seed=0,
    )
    atoms, _ = site_atoms(
        draft.sites,
        rotation=draft.rotation,
        shift=-draft.centre @ draft.rotation,
        cell=np.zeros((3, 3)),
        pbc=(False, False, False),
    )
    return len(in_box(atoms, 15.0)[0])


def ase(model: str, octahedra: int) -> int:
    """Repeat the cell, mask positions, assign numbers."""
    from ase import Atoms

    cell = Atoms("CsPbBr3", scaled_positions=POINTS, cell=[EDGE] * 3, pbc=True)
    periodic = model == "matrix"
    atoms = cell.repeat(octahedra if periodic else octahedra + 1)
    if not periodic:
        atoms = atoms[_inside_cube(atoms.positions, octahedra)]
    chosen = _in_core(atoms.positions, octahedra, sphere=periodic)
    atoms.numbers[chosen & (atoms.numbers == 35)] = 53
    return len(atoms)


def pymatgen(model: str, octahedra: int) -> int:
    """Make a supercell, remove sites outside, replace species inside."""
    from pymatgen.core import Composition, Structure

    structure = Structure(np.eye(3) * EDGE, ["Cs", "Pb", "Br", "Br", "Br"], POINTS)
    periodic = model == "matrix"
    structure.make_supercell([octahedra if periodic else octahedra + 1] * 3, to_unit_cell=False)
    points = structure.cart_coords
    if not periodic:
        kept = _inside_cube(points, octahedra)
        structure.remove_sites(np.flatnonzero(~kept).tolist())
        points = points[kept]
    iodine, bromine = Composition("I"), Composition("Br")
    for index in np.flatnonzero(_in_core(points, octahedra, sphere=periodic)).tolist():
        site = structure.sites[index]
        if site.species == bromine:
            site.species = iodine
    return len(structure)


def _inside_cube(points: Any, octahedra: int) -> Any:
    """Choose what belongs to whole octahedra."""
    return (points < octahedra * EDGE + 1e-3).all(axis=1)


def _in_core(points: Any, octahedra: int, *, sphere: bool) -> Any:
    """Choose what is in the middle."""
    beside = points - octahedra * EDGE / 2
    half = core_of(octahedra) * EDGE / 2 - 1e-3
    if sphere:
        return np.linalg.norm(beside, axis=1) < half
    return np.abs(beside).max(axis=1) < half


def arrays(model: str, program: str, octahedra: int, runs: int) -> dict[str, float]:
    """Measure one program after a small model; the first of the full size counts apart."""
    build: Callable[[str, int], int] = globals()[program]
    build(model, SMALL)
    started = time.process_time()
    if program != "pymatgen":
        build(model, octahedra)
    first = time.process_time() - started
    wall, cpu, atoms = [], [], 0
    for _ in range(runs):
        gc.collect()
        started = time.perf_counter(), time.process_time()
        atoms = build(model, octahedra)
        wall.append(time.perf_counter() - started[0])
        cpu.append(time.process_time() - started[1])
    median = statistics.median
    found = {"atoms": atoms, "wall": median(wall), "cpu": median(cpu), "first": first}
    return found | {"memory": _memory()}


def job(recipe: str, folder: str) -> dict[str, Any]:
    """Run a recipe and return the processor seconds of its stages."""
    from heterobuild import load_recipe, run_recipe

    marks: list[tuple[str, float]] = []
    result = run_recipe(
        load_recipe(recipe),
        folder,
        progress=lambda words: marks.append((words, time.process_time())),
    )
    marks.append(("end", time.process_time()))
    stages = {words: after - before for (words, before), (_, after) in pairwise(marks)}
    charges = result.built.atoms.arrays["formal_charge"]
    return {
        "atoms": len(charges),
        "charge": float(charges.sum()),
        "removed": sum(entry.count for entry in result.built.ledger),
        "stages": stages,
        "memory": _memory(),
    }


def _memory() -> float:
    """Return the largest memory of this process in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


if __name__ == "__main__":
    if sys.argv[1] == "job":
        print(json.dumps(job(*sys.argv[2:])))
    else:
        print(json.dumps(arrays(*sys.argv[2:4], *map(int, sys.argv[4:]))))
