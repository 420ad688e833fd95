"""Turn the molecules of a closed cap by quarters about the normal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.assembly.cap_faces import square_centres
from heterobuild.labels import LAYER, MOLECULE, SITE, Site
from heterobuild.spacers.bodies import as_spacer
from heterobuild.spacers.galleries import Face
from heterobuild.spacers.layer_contacts import shortest_contacts

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.assembly.part import Part

_DEEP = 9.0


def turned_caps(part: Part, whole: FloatArray, *, top: bool) -> list[Part]:
    """Return a part with the molecules of a cap turned by 90, 180 and 270°.

    Parameters
    ----------
    part : Part
        The part, as it lies in the interface.
    whole : (2, 2) float array
        In-plane cell of the result in Å.
    top : bool
        Whether the cap of the upper face is turned.

    Returns
    -------
    list of Part
        Those without short contacts; empty where the cap is no closed layer of one ammonium on
        squares of halides.
    """
    cap = part.slab.cap(top=top, upright=part.upright)
    if cap is None or len(cap.shares) > 1 or cap.coverage < 1:
        return []
    rows = _molecules(part, top=top)
    molecule = next(one for one in part.molecules if one.name == _name(part, rows))
    places = part.atoms.positions[rows]
    heads = places[:, list(molecule.head)].mean(axis=1)
    halides = _outer_halides(part, top=top)
    if molecule.charge < 0 or len(halides) != len(heads):
        return []
    pockets, _ = square_centres(heads, halides, whole)
    found = []
    for quarter in (1, 2, 3):
        sine, cosine = ((0, 1), (1, 0), (0, -1), (-1, 0))[quarter]
        turn = np.array([[cosine, sine, 0], [-sine, cosine, 0], [0, 0, 1]], dtype=np.float64)
        turned = (places - pockets[:, None]) @ turn + pockets[:, None]
        wall = _wall(part, pockets, top=top)
        level = [0.0, 0.0, float(pockets[:, 2].mean())]
        faces = (wall, None) if top else (None, wall)
        contacts = shortest_contacts(as_spacer(molecule), turned - level, whole, faces, 0.0)
        if contacts.allowed:
            atoms = part.atoms.copy()
            atoms.positions[rows] = turned
            found.append(replace(part, atoms=atoms))
    return found


def _molecules(part: Part, *, top: bool) -> IntArray:
    """Return the atoms of each molecule of a cap."""
    arrays = part.atoms.arrays
    layer = part.slab.count if top == part.upright else 1
    mine = np.flatnonzero((arrays[SITE] == Site.LIGAND) & (arrays[LAYER] == layer))
    order = mine[np.argsort(arrays[MOLECULE][mine], kind="stable")]
    count = len(np.unique(arrays[MOLECULE][mine]))
    rows: IntArray = order.reshape(count, -1)
    return rows


def _name(part: Part, rows: IntArray) -> str:
    return part.molecules[int(part.atoms.arrays["kind"][rows[0, 0]]) - 1].name


def _outer_halides(part: Part, *, top: bool) -> FloatArray:
    arrays = part.atoms.arrays
    layer = part.slab.count if top == part.upright else 1
    positions: FloatArray = part.atoms.positions[
        (arrays[LAYER] == layer) & (arrays[SITE] == Site.X) & (arrays[MOLECULE] == 0)
    ]
    return positions


def _wall(part: Part, pockets: FloatArray, *, top: bool) -> Face:
    """Return the atoms under a cap."""
    positions = part.atoms.positions
    depth = (pockets[:, 2].mean() - positions[:, 2]) * (1 if top else -1)
    near = (depth < _DEEP) & (part.atoms.arrays[SITE] != Site.LIGAND)
    return Face(positions=positions[near], numbers=part.atoms.numbers[near], pockets=pockets)
