"""Which atoms of ligands come too near to which others, for many poses at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.ligands.bodies import donors
from heterobuild.spacers.contact_radii import CONTACT, HEAD_CONTACT, contact_floors, contact_sums

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.ligands.bodies import LigandBody

MARGIN = 1e-3
"""Fraction by which distances stay above their limits, so that rounded files keep them."""

_BATCH = 400_000
_HYDROGEN_ARM = 1.2


@dataclass(frozen=True, kw_only=True, eq=False)
class Sorts:
    """Sorts of atoms that share the same limits.

    Parameters
    ----------
    keys : (t, 4) int array
        Atomic number; whether it is a hydrogen on N or O; whether it is a non-hydrogen atom of
        the head of a ligand; whether it is a single ion of the particle.
    floors : (t, t) float array
        Shortest allowed distances in Å.
    """

    keys: IntArray
    floors: FloatArray


def sort_keys(numbers: IntArray, donor: BoolArray, head: BoolArray, ion: BoolArray) -> IntArray:
    """Return the key of the sort of each atom.

    Parameters
    ----------
    numbers : (n,) int array
        Atomic numbers.
    donor, head, ion : (n,) bool array
        As in `Sorts`.

    Returns
    -------
    (n, 4) int array
        One row an atom.
    """
    return np.stack([numbers, donor, head, ion], axis=1).astype(np.int64)


def all_sorts(keys: Sequence[IntArray]) -> tuple[Sorts, list[IntArray]]:
    """Find the sorts of several sets of atoms, and how near they may come.

    Limits are 0.8 of the sum of van der Waals radii, 0.7 for N–H and O–H to an acceptor, and 0.88
    between the head of a ligand and ions, which is a typical shortest bond of N to halides and of
    O to Pb and Cs. Cations enter with their ionic radii.

    Parameters
    ----------
    keys : sequence of (n, 4) int array
        Keys of `sort_keys`.

    Returns
    -------
    Sorts
        The table.
    list of (n,) int array
        Sort of each atom of each set.
    """
    table, code = np.unique(np.concatenate(keys), axis=0, return_inverse=True)
    donor, head, ion = (table[:, k].astype(np.bool_) for k in (1, 2, 3))
    numbers = table[:, 0]
    floors = contact_floors((numbers, numbers), (donor, donor))
    bound = (head[:, None] & ion[None]) | (ion[:, None] & head[None])
    floors = np.where(bound, floors * (HEAD_CONTACT / CONTACT), floors) * (1.0 + MARGIN)
    cuts = np.cumsum([len(entry) for entry in keys])[:-1]
    return Sorts(keys=table, floors=floors), np.split(code.ravel().astype(np.int64), cuts)


def body_keys(body: LigandBody) -> IntArray:
    """Return the keys of the sorts of the atoms of a ligand.

    Parameters
    ----------
    body : LigandBody
        The ligand.

    Returns
    -------
    (n, 4) int array
        Keys of `sort_keys`.
    """
    ion = np.zeros(len(body.heavy), dtype=np.bool_)
    return sort_keys(body.molecule.numbers, body.donor, body.head, ion)


def clashing_owners(
    poses: FloatArray,
    sorts: IntArray,
    others: tuple[FloatArray, IntArray, IntArray],
    floors: FloatArray,
    owners: int,
) -> BoolArray:
    """Tell which owners of other atoms are touched by each pose.

    Parameters
    ----------
    poses : (p, n, 3) float array
        Atoms of each pose in Å.
    sorts : (n,) int array
        Sort of each atom of a pose.
    others : (m, 3) float array, (m,) int array, (m,) int array
        The other atoms in Å, their sorts, and the owner of each, ascending.
    floors : (t, t) float array
        Shortest allowed distances in Å.
    owners : int
        Number of owners.

    Returns
    -------
    (p, owners) bool array
        Whether any two atoms are nearer than allowed.
    """
    points, kinds, owner = others
    touched = np.zeros((len(poses), owners), dtype=np.bool_)
    if not len(points):
        return touched
    limits = floors[sorts][:, kinds] ** 2
    centre = poses.reshape(-1, 3).mean(axis=0)
    second = points - centre
    right = np.concatenate(
        [second.T, np.ones((1, len(second))), np.sum(second**2, axis=1)[None]], axis=0
    )
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    step = max(1, _BATCH // limits.size)
    for start in range(0, len(poses), step):
        first = poses[start : start + step] - centre
        left = np.concatenate(
            [-2.0 * first, np.sum(first**2, axis=2)[..., None], np.ones((*first.shape[:2], 1))],
            axis=2,
        )
        near = ((left @ right) < limits).any(axis=1)
        touched[start : start + step, owner[starts]] = np.logical_or.reduceat(near, starts, axis=1)
    return touched


def near_poses(
    poses: FloatArray, heavy: BoolArray, points: FloatArray, longest: float
) -> BoolArray:
    """Tell which points come near any of some poses, to leave the others out.

    Parameters
    ----------
    poses : (p, n, 3) float array
        Atoms of each pose in Å.
    heavy : (n,) bool array
        Atoms that are no hydrogen.
    points : (m, 3) float array
        Points in Å.
    longest : float
        Longest of the shortest allowed distances in Å.

    Returns
    -------
    (m,) bool array
        Points that might touch.
    """
    from scipy.spatial import cKDTree

    if not len(points):
        return np.zeros(0, dtype=np.bool_)
    reach = longest + _HYDROGEN_ARM
    beads = poses[:, heavy].reshape(-1, 3)
    low, high = beads.min(axis=0) - reach, beads.max(axis=0) + reach
    inside: BoolArray = ((points > low) & (points < high)).all(axis=1)
    index = np.flatnonzero(inside)
    found = cKDTree(beads).query(points[index], distance_upper_bound=reach)[0]
    inside[index] = np.isfinite(found)
    return inside


def contact_ratios(
    first: tuple[FloatArray, IntArray, IntArray, BoolArray],
    second: tuple[FloatArray, IntArray, IntArray, BoolArray],
) -> tuple[float, float]:
    """Return the smallest distances as fractions of the sums of radii.

    Parameters
    ----------
    first, second : (n, 3) float array, (n,) int array, (n,) int array, (n,) bool array
        Places in Å, atomic numbers, units (atoms of one unit are not compared), and hydrogens on
        N or O. The second may hold images.

    Returns
    -------
    float
        Smallest fraction of the sum of van der Waals radii, cations with their ionic radii;
        hydrogen bonds left out; infinite where nothing is near.
    float
        The same for hydrogens on N or O that point to an acceptor.
    """
    from scipy.spatial import cKDTree

    left, right = cKDTree(first[0]), cKDTree(second[0])
    found = left.sparse_distance_matrix(right, 3.6, output_type="ndarray")
    i, j, distance = found["i"], found["j"], found["v"]
    apart = first[2][i] != second[2][j]
    i, j, distance = i[apart], j[apart], distance[apart]
    keys = [np.stack([s[1], s[3]], axis=1).astype(np.int64) for s in (first, second)]
    table, code = np.unique(np.concatenate(keys), axis=0, return_inverse=True)
    code = code.ravel()
    donor = table[:, 1].astype(np.bool_)
    sums, bridge = contact_sums((table[:, 0], table[:, 0]), (donor, donor))
    a, b = code[: len(keys[0])][i], code[len(keys[0]) :][j]
    ratio, bridged = distance / sums[a, b], bridge[a, b]
    plain = float(ratio[~bridged].min(initial=np.inf))
    return plain, float(ratio[bridged].min(initial=np.inf))


def donors_of_particle(numbers: IntArray, positions: FloatArray, molecule: IntArray) -> BoolArray:
    """Tell which atoms of a particle are hydrogens on N or O of its molecules.

    Parameters
    ----------
    numbers : (n,) int array
        Atomic numbers.
    positions : (n, 3) float array
        Coordinates in Å, molecules whole.
    molecule : (n,) int array
        Molecule of each atom, 0 for ions.

    Returns
    -------
    (n,) bool array
        Such hydrogens.
    """
    found = np.zeros(len(numbers), dtype=np.bool_)
    bound = np.flatnonzero(molecule > 0)
    if len(bound):
        found[bound] = donors(numbers[bound], positions[bound])
    return found
