"""Stack parts along the normal into labelled atoms in one cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.assembly.part import height_of, part_atoms
from heterobuild.assembly.registry import shortest
from heterobuild.crystals.cations import orient_cations
from heterobuild.geometry.lattice_plane import coset_points
from heterobuild.labels import LAYER, REGION, join, repeat
from heterobuild.model import Region, Step
from heterobuild.seeds import generator
from heterobuild.slabs.orientation import cation_axes, crystal_to_slab

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ase import Atoms

    from heterobuild.assembly.contact import Contact
    from heterobuild.assembly.part import Part
    from heterobuild.model import FloatArray, IntArray, Molecule


def part_height(part: Part) -> float:
    """Return the distance of a part's lowest and highest planes.

    Parameters
    ----------
    part : Part
        The part.

    Returns
    -------
    float
        Height in Å.
    """
    return height_of(part, part.top) - height_of(part, part.bottom)


def stack_parts(
    parts: Sequence[Part],
    contacts: Sequence[Contact],
    cell: FloatArray,
    *,
    repeats: tuple[int, int],
    seed: int,
) -> tuple[Atoms, tuple[Molecule, ...], tuple[Step, ...]]:
    """Put parts on top of one another, lowest first.

    Parameters
    ----------
    parts : sequence of Part
        The parts.
    contacts : sequence of Contact
        The contact of each part with the next; one more, of the last with the periodic image
        of the first, where the stack is endless.
    cell : (2, 2) float array
        Common cell in Å.
    repeats : tuple of int
        Copies of the common cell along its two vectors.
    seed : int
        Seed for the orientation of molecular cations.

    Returns
    -------
    atoms : ase.Atoms
        Labelled atoms; the lowest plane is at height 0 and the third cell vector spans the
        stack, up to the periodic image where it is endless.
    molecules : tuple of Molecule
        Kinds of molecule.
    steps : tuple of Step
        How molecular cations were oriented.
    """
    offset = np.zeros(3)
    placed: list[tuple[Atoms, tuple[Molecule, ...]]] = []
    steps: list[Step] = []
    whole = np.diag([*repeats]) @ cell
    counts = [part.slab.count for part in parts]
    for index, part in enumerate(parts):
        base = offset - [0.0, 0.0, height_of(part, part.bottom)]
        atoms = _spread(part, base, cell, whole, repeats)
        atoms, step = _oriented(part, atoms, seed)
        steps += [step] if step is not None else []
        atoms.arrays[REGION] = np.full(len(atoms), index + 1)
        atoms.arrays[LAYER] = _signed_layers(
            atoms.arrays[LAYER] if part.upright else part.slab.count + 1 - atoms.arrays[LAYER],
            counts[index],
            below=index > 0 or len(contacts) == len(parts),
            above=index < len(contacts),
        )
        placed.append((atoms, part.slab.crystal.molecules))
        offset[2] += part_height(part)
        if index < len(contacts):
            offset += [*contacts[index].shift, contacts[index].gap]
    vectors = np.zeros((3, 3))
    vectors[:2, :2] = whole
    endless = len(contacts) == len(parts)
    vectors[2] = [*(shortest(offset[:2], whole) if endless else (0.0, 0.0)), offset[2]]
    atoms, molecules = join(placed, cell=vectors, pbc=(True, True, endless))
    return atoms, molecules, tuple(steps)


def region_of(part: Part, code: int) -> Region:
    """Describe a part as a region of the result.

    Parameters
    ----------
    part : Part
        The part.
    code : int
        Its code in the array ``region``.

    Returns
    -------
    Region
        The region.
    """
    crystal = part.slab.crystal
    return Region(
        code=code,
        name=part.name,
        crystal=crystal.name,
        formula=crystal.formula,
        cell=part.slab.stacking.cell @ part.rotation,
        strain=part.strain,
    )


def _spread(
    part: Part, base: FloatArray, cell: FloatArray, whole: FloatArray, repeats: tuple[int, int]
) -> Atoms:
    """Repeat one surface cell over the common cell and its copies."""
    copies = coset_points(np.diag(repeats)) @ np.pad(cell, ((0, 0), (0, 1)))
    translations = (copies[:, None] + part.cells[None]).reshape(-1, 3) + base
    vectors = np.eye(3)
    vectors[:2, :2] = whole
    return repeat(part_atoms(part), translations, vectors)


def _oriented(part: Part, atoms: Atoms, seed: int) -> tuple[Atoms, Step | None]:
    """Orient the molecular cations anew, now that the whole common cell is there."""
    crystal = part.slab.crystal
    if not crystal.placed:
        return atoms, None
    vectors = np.array(atoms.cell)
    vectors[2, 2] = float(np.ptp(atoms.positions[:, 2])) + 20.0
    atoms.set_cell(vectors)
    turned, step = orient_cations(
        atoms,
        crystal.molecules,
        placed=crystal.placed,
        rule=part.slab.cations,
        axes=cation_axes(crystal, crystal_to_slab(part.slab.stacking) @ part.rotation),
        rng=generator(seed, f"cations of {part.name}"),
    )
    return turned, Step(
        name="cations", choice=f"{part.name}: {step.choice}", values={part.name: step.values}
    )


def _signed_layers(plane: IntArray, count: int, *, below: bool, above: bool) -> IntArray:
    """Count planes from the nearest interface: upward from one below, down from one above."""
    upward, downward = plane, plane - count - 1
    if below and above:
        nearest: IntArray = np.where(upward <= -downward, upward, downward)
        return nearest
    return upward if below else downward
