"""How far above a film its particles lie: they sink until the first two atoms touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.assembly.gap import MOLECULE_CONTACT, SHEET_CONTACT
from heterobuild.geometry.periodic_pairs import near_pairs
from heterobuild.incoherent.touching import kinds_of, touching
from heterobuild.labels import CHARGE, MOLECULE, SITE, Site, take

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.incoherent.touching import Kind

DEPTH = 8.0
"""Å; atoms deeper than this below the facing side of either part touch nothing of the other."""


NEAR = 6.0
"""Å; pairs across the contact that are farther apart are not told."""


def touching_heights(
    film: Atoms,
    bodies: Sequence[Atoms],
    of_place: Sequence[int],
    places: FloatArray,
    cell: FloatArray,
) -> FloatArray:
    """Return the height of each particle's centre at which its first atom touches the film.

    Opposite ions touch at 0.89 of the sum of their ionic radii, anions at 0.92, cations at 1.2;
    atoms of molecules at 0.8 of the van der Waals sum, 0.7 for hydrogen bonds; atoms of sheets
    such as graphene at 0.95 of it.

    Parameters
    ----------
    film : ase.Atoms
        Labelled film, its free side up.
    bodies : sequence of ase.Atoms
        Labelled particles as they lie, about their centres.
    of_place : sequence of int
        Which of them stands at each place.
    places : (n, 2) float array
        Centres in the plane in Å.
    cell : (2, 2) float array
        In-plane cell of the film in Å, rows.

    Returns
    -------
    (n,) float array
        Heights in Å in the frame of the film; −∞ where nothing of the film is below.
    """
    top = _deepest(film, film.positions[:, 2].max() - DEPTH, above=True)
    low = [_deepest(b, b.positions[:, 2].min() + DEPTH, above=False) for b in bodies]
    count = [len(low[k]) for k in of_place]
    owner = np.repeat(np.arange(len(of_place)), count)
    points = np.concatenate([low[k].positions for k in of_place])
    points[:, :2] += places[owner]
    kinds, code = _kinds(low, of_place)
    sheet = top.arrays[SITE] == Site.INTERLAYER
    top.arrays[MOLECULE] = np.where(sheet, top.arrays[MOLECULE].max() + 1, top.arrays[MOLECULE])
    ours, own = kinds_of(top)
    limit = np.array([[touching(a, b) for b in ours] for a in kinds])
    first, second, lateral = _flat_pairs(points, top.positions, cell, 1.2 * float(limit.max()))
    wide = np.where(sheet, SHEET_CONTACT / MOLECULE_CONTACT, 1.0)
    room = (limit[code[first], own[second]] * wide[second]) ** 2 - lateral**2
    near = np.flatnonzero(room > 0)
    first, second = first[near], second[near]
    height = np.sqrt(room[near]) + top.positions[second, 2] - points[first, 2]
    found = np.full(len(of_place), -np.inf)
    np.maximum.at(found, owner[first], height)
    return found


def nearest_contacts(
    film: Atoms,
    bodies: Sequence[Atoms],
    of_place: Sequence[int],
    centres: FloatArray,
    cell: FloatArray,
) -> dict[str, float]:
    """Measure the shortest distances across the contact.

    Parameters
    ----------
    film : ase.Atoms
        Labelled film.
    bodies : sequence of ase.Atoms
        Labelled particles as they lie, about their centres.
    of_place : sequence of int
        Which of them stands at each place.
    centres : (n, 3) float array
        Centres in Å.
    cell : (2, 2) float array
        In-plane cell of the film in Å, rows.

    Returns
    -------
    dict of str to float
        Distances in Å of ``opposite`` ions, ``like`` ions and pairs with atoms of ``molecules``;
        those nearer than `NEAR`.
    """
    top = _deepest(film, film.positions[:, 2].max() - DEPTH, above=True)
    low = [_deepest(b, b.positions[:, 2].min() + DEPTH, above=False) for b in bodies]
    points = np.concatenate([low[k].positions + c for k, c in zip(of_place, centres, strict=True)])
    box = np.eye(3)
    box[:2, :2] = cell
    first, second, vectors = near_pairs(points, box, (True, True, False), NEAR, top.positions)
    distance = np.linalg.norm(vectors, axis=1)
    ours, own = (np.concatenate([low[k].arrays[n] for k in of_place]) for n in (CHARGE, MOLECULE))
    product = ours[first] * top.arrays[CHARGE][second]
    bound = (own[first] > 0) | (top.arrays[MOLECULE][second] > 0)
    classes = {
        "opposite": ~bound & (product <= 0),
        "like": ~bound & (product > 0),
        "molecules": bound,
    }
    return {what: float(distance[ones].min()) for what, ones in classes.items() if ones.any()}


def _deepest(atoms: Atoms, height: float, *, above: bool) -> Atoms:
    """Return the atoms on one side of a height."""
    z = atoms.positions[:, 2]
    return take(atoms, np.flatnonzero(z >= height if above else z <= height))


def _kinds(low: Sequence[Atoms], of_place: Sequence[int]) -> tuple[list[Kind], IntArray]:
    """Return the kinds of all bodies in one table, and the kind of each atom at each place."""
    table: list[Kind] = []
    codes = []
    for body in low:
        kinds, code = kinds_of(body)
        codes.append(code + len(table))
        table += kinds
    return table, np.concatenate([codes[k] for k in of_place])


def _flat_pairs(
    points: FloatArray, others: FloatArray, cell: FloatArray, reach: float
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return all pairs that are near in the plane, however different their heights."""
    box = np.eye(3)
    box[:2, :2] = cell
    flat, ground = (np.column_stack([p[:, :2], np.zeros(len(p))]) for p in (points, others))
    first, second, vectors = near_pairs(flat, box, (True, True, False), reach, ground)
    return first, second, np.linalg.norm(vectors, axis=1)
