"""Stack parts along the normal into labelled atoms in one cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.assembly.part import height_of
from heterobuild.assembly.registry import shortest
from heterobuild.labels import LAYER, REGION, join
from heterobuild.model import Region

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.assembly.contact import Contact
    from heterobuild.assembly.part import Part
    from heterobuild.model import Molecule


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
    parts: Sequence[Part], contacts: Sequence[Contact], whole: FloatArray
) -> tuple[Atoms, tuple[Molecule, ...]]:
    """Put parts on top of one another, lowest first.

    Parameters
    ----------
    parts : sequence of Part
        The parts.
    contacts : sequence of Contact
        The contact of each part with the next; one more, of the last with the periodic image
        of the first, where the stack is endless.
    whole : (2, 2) float array
        In-plane cell of the result in Å.

    Returns
    -------
    atoms : ase.Atoms
        Labelled atoms; the lowest plane is at height 0 and the third cell vector spans the
        stack, up to the periodic image where it is endless.
    molecules : tuple of Molecule
        Kinds of molecule.
    """
    endless = len(contacts) == len(parts)
    offset = np.zeros(3)
    placed: list[tuple[Atoms, tuple[Molecule, ...]]] = []
    for index, part in enumerate(parts):
        atoms = part.atoms.copy()
        atoms.positions += offset - [0.0, 0.0, height_of(part, part.bottom)]
        atoms.arrays[REGION] = np.full(len(atoms), index + 1)
        atoms.arrays[LAYER] = _signed_layers(
            atoms.arrays[LAYER] if part.upright else part.slab.count + 1 - atoms.arrays[LAYER],
            part.slab.count,
            below=index > 0 or endless,
            above=index < len(contacts),
        )
        placed.append((atoms, part.molecules))
        offset[2] += part_height(part)
        if index < len(contacts):
            offset += [*contacts[index].shift, contacts[index].gap]
    vectors = np.zeros((3, 3))
    vectors[:2, :2] = whole
    vectors[2] = [*(shortest(offset[:2], whole) if endless else (0.0, 0.0)), offset[2]]
    return join(placed, cell=vectors, pbc=(True, True, endless))


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


def _signed_layers(plane: IntArray, count: int, *, below: bool, above: bool) -> IntArray:
    """Count planes from the nearest interface: upward from one below, down from one above."""
    upward, downward = plane, plane - count - 1
    if below and above:
        nearest: IntArray = np.where(upward <= -downward, upward, downward)
        return nearest
    return upward if below else downward
