"""One neighbour list for all checks, and molecules put together across periodic borders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.elements import covalent_table
from heterobuild.labels import rigid_units
from heterobuild.validation.pair_search import find_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ase import Atoms

    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.validation.pair_search import Places


BOND = 1.3
"""Length up to which two atoms of a molecule are bonded, in sums of covalent radii."""

PIECE = 1 << 18
"""Pairs that are judged at once: their temporary arrays stay in the processor's cache."""

_SAME_IMAGE = 1e-3
_LONGEST_PATH = 500


@dataclass(frozen=True, kw_only=True, eq=False)
class Pairs:
    """All pairs of atoms nearer than a cutoff, each once.

    Parameters
    ----------
    i, j : (p,) int array
        The two atoms, in 32 bits.
    distance : (p,) float array
        Their distance in Å.
    inside : (p,) bool array
        Whether both are atoms of one molecule (and not of two images of it).
    bond : (p,) bool array
        Whether both have the same molecule id and are covalently bonded.
    """

    i: Places
    j: Places
    distance: FloatArray
    inside: BoolArray
    bond: BoolArray

    @property
    def pieces(self) -> Iterator[slice]:
        """Slices of bounded length that cover all pairs."""
        n = len(self.i)
        return (slice(start, min(start + PIECE, n)) for start in range(0, n, PIECE))


def neighbours(atoms: Atoms, molecule: IntArray, cutoff: float) -> tuple[Pairs, FloatArray]:
    """Find the pairs within a cutoff, and put molecules together that a border cuts.

    Parameters
    ----------
    atoms : ase.Atoms
        The atoms; left unchanged.
    molecule : (n,) int array
        Molecule id of each atom, 0 for ions.
    cutoff : float
        Range in Å.

    Returns
    -------
    pairs : Pairs
        The pairs; none where the cell encloses no volume.
    positions : (n, 3) float array
        Positions in Å, each molecule in one piece as far as bonds hold it together.
    """
    cell = atoms.cell.complete().array
    positions = np.asarray(atoms.positions, dtype=np.float64)
    if len(atoms) == 0 or abs(np.linalg.det(cell)) < 1e-9:
        none = np.zeros(0, dtype=np.int32)
        false = np.zeros(0, dtype=np.bool_)
        return Pairs(i=none, j=none, distance=np.zeros(0), inside=false, bond=false), positions
    i, j, distance = find_pairs(positions, cell, np.array(atoms.pbc), cutoff)
    inside, bond = np.zeros(len(i), dtype=np.bool_), np.zeros(len(i), dtype=np.bool_)
    pairs = Pairs(i=i, j=j, distance=distance, inside=inside, bond=bond)
    if not (molecule > 0).any():
        return pairs, positions
    same = _in_one_molecule(pairs, molecule)
    a, b, length = i[same], j[same], distance[same]
    radii = np.nan_to_num(covalent_table(), nan=1.5)[atoms.numbers]
    bonded = length < BOND * (radii[a] + radii[b])
    whole = _put_together(atoms, molecule, (a[bonded], b[bonded]))
    apart = np.linalg.norm(whole[b] - whole[a], axis=1)
    inside[same] = (np.abs(apart - length) < _SAME_IMAGE) & (a != b)
    bond[same] = bonded
    return pairs, whole


def _in_one_molecule(pairs: Pairs, molecule: IntArray) -> IntArray:
    """Return the pairs of which both atoms have the same molecule id."""
    found = []
    for piece in pairs.pieces:
        first = molecule.take(pairs.i[piece])
        same = (first == molecule.take(pairs.j[piece])) & (first > 0)
        found.append(np.flatnonzero(same) + piece.start)
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def _put_together(atoms: Atoms, molecule: IntArray, bonds: tuple[Places, Places]) -> FloatArray:
    """Move atoms by lattice vectors along bonds until no molecule crosses a periodic border."""
    cell, positions = atoms.cell.complete().array, np.asarray(atoms.positions, dtype=np.float64)
    a, b = bonds
    shift = -np.rint((positions[b] - positions[a]) @ np.linalg.inv(cell)) * atoms.pbc
    if not shift.any():
        return positions
    offset = np.zeros_like(positions)
    known = np.zeros(len(positions), dtype=np.bool_)
    known[rigid_units(molecule)[1]] = True
    a, b, shift = np.r_[a, b], np.r_[b, a], np.concatenate([shift, -shift])
    for _ in range(_LONGEST_PATH):
        step = known[a] & ~known[b]
        if not step.any():
            break
        offset[b[step]] = offset[a[step]] + shift[step]
        known[b[step]] = True
    whole: FloatArray = positions + offset @ cell
    return whole
