"""How near units of two crystals that share no lattice may come, and which of them come nearer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from ase.data import chemical_symbols

from heterobuild.chemistry.charged_radii import charged_radius
from heterobuild.chemistry.elements import vdw_table
from heterobuild.chemistry.ions import charge_table, radius_table
from heterobuild.errors import UnknownNameError
from heterobuild.labels import CHARGE, MOLECULE
from heterobuild.spacers.contact_radii import CONTACT, HYDROGEN_BOND

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import BoolArray, FloatArray, IntArray

UNLIKE = 0.89
"""Shortest distance of opposite ions across a wall as a fraction of the sum of their ionic radii:
that of the shortest bonds in real crystals. The checks warn below 0.85."""

ANIONS = 0.92
"""The same for two anions: that of shared faces of octahedra. The checks warn below 0.80."""

CATIONS = 1.2
"""The same for two cations, which real crystals keep apart by at least as much. The checks warn
below 1.00."""

_DONORS, _ACCEPTORS = (7, 8), (7, 8, 9, 16, 17, 34, 35, 53)
_LONGEST_N_H = 1.25
_UNKNOWN_RADIUS = 1.5
_DEEP = 4096


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Atoms that are alike in contacts.

    Parameters
    ----------
    number : int
        Atomic number.
    charge : float
        Formal charge in e of an ion; 0 in a molecule.
    molecular : bool
        Whether they belong to molecules.
    donor : bool
        Whether they are hydrogens on N or O.
    """

    number: int
    charge: float
    molecular: bool
    donor: bool


def kinds_of(atoms: Atoms) -> tuple[tuple[Kind, ...], IntArray]:
    """Sort atoms by how they behave in contacts.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms with whole molecules.

    Returns
    -------
    tuple of Kind
        The kinds.
    (n,) int array
        Kind of each atom.
    """
    molecular = atoms.arrays[MOLECULE] > 0
    charge = np.where(molecular, 0.0, atoms.arrays[CHARGE]).round(3)
    donor = _donors(atoms, molecular)
    code = ((atoms.numbers.astype(np.int64) * 2 + molecular) * 2 + donor) * _DEEP * 8
    code += np.rint(charge * 1000).astype(np.int64) + _DEEP * 4
    found, first, kind = np.unique(code, return_index=True, return_inverse=True)
    table = tuple(
        Kind(
            number=int(atoms.numbers[k]),
            charge=float(charge[k]),
            molecular=bool(molecular[k]),
            donor=bool(donor[k]),
        )
        for k in first.tolist()
    )
    return table, kind.reshape(len(code)) if len(found) else np.zeros(0, dtype=np.int64)


def _donors(atoms: Atoms, molecular: BoolArray) -> BoolArray:
    """Tell which atoms are hydrogens on N or O."""
    donor = np.zeros(len(atoms), dtype=bool)
    hydrogen = np.flatnonzero(molecular & (atoms.numbers == 1))
    polar = np.flatnonzero(molecular & np.isin(atoms.numbers, _DONORS))
    if len(hydrogen) and len(polar):
        from scipy.spatial import cKDTree

        near, _ = cKDTree(atoms.positions[polar]).query(
            atoms.positions[hydrogen], distance_upper_bound=_LONGEST_N_H
        )
        donor[hydrogen] = np.isfinite(near)
    return donor


def touching(first: Kind, second: Kind) -> float:
    """Return how near two kinds of atoms of different crystals may come.

    Parameters
    ----------
    first, second : Kind
        The kinds.

    Returns
    -------
    float
        Distance in Å: a fraction of the sum of ionic radii, or of van der Waals radii where one
        is an atom of a molecule; there cations count with their ionic radii.

    Examples
    --------
    >>> lead = Kind(number=82, charge=2.0, molecular=False, donor=False)
    >>> bromide = Kind(number=35, charge=-1.0, molecular=False, donor=False)
    >>> round(touching(lead, bromide), 2)
    2.8
    """
    if first.molecular or second.molecular:
        bridge = (first.donor and second.number in _ACCEPTORS) or (
            second.donor and first.number in _ACCEPTORS
        )
        radii = _soft_radius(first) + _soft_radius(second)
        return radii * (HYDROGEN_BOND if bridge else CONTACT)
    radii = _ionic_radius(first) + _ionic_radius(second)
    if first.charge * second.charge <= 0:
        return UNLIKE * radii
    return (ANIONS if first.charge < 0 else CATIONS) * radii


def _ionic_radius(kind: Kind) -> float:
    """Return the ionic radius at the charge of a kind, else the usual one."""
    usual = float(np.nan_to_num(radius_table()[kind.number], nan=_UNKNOWN_RADIUS))
    if kind.charge == charge_table()[kind.number]:
        return usual
    try:
        return charged_radius(chemical_symbols[kind.number], int(np.rint(kind.charge)))
    except UnknownNameError:
        return usual


def _soft_radius(kind: Kind) -> float:
    """Return the radius of a kind in contacts with molecules."""
    if not kind.molecular and kind.charge > 0:
        return _ionic_radius(kind)
    return float(np.nan_to_num(vdw_table()[kind.number], nan=_UNKNOWN_RADIUS))


@dataclass(frozen=True, kw_only=True, eq=False)
class Surface:
    """Atoms that others must keep their distance from, ready to be asked.

    Parameters
    ----------
    points : tuple of (n, 3) float array
        Positions in Å, a set for each kind.
    kinds : tuple of Kind
        The kinds.
    """

    points: tuple[FloatArray, ...]
    kinds: tuple[Kind, ...]


def surface_of_atoms(atoms: Atoms) -> Surface:
    """Sort the atoms of a guest by kind.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms.

    Returns
    -------
    Surface
        Their positions by kind.
    """
    kinds, code = kinds_of(atoms)
    points = tuple(atoms.positions[code == k] for k in range(len(kinds)))
    return Surface(points=points, kinds=kinds)


def clashes(
    surface: Surface,
    points: FloatArray,
    kinds: tuple[Kind, ...],
    code: IntArray,
    *,
    gap: float,
    cations: float = CATIONS,
) -> BoolArray:
    """Tell which atoms come too near to a surface.

    Parameters
    ----------
    surface : Surface
        Atoms that stay.
    points : (m, 3) float array
        Other atoms in Å, in the same frame.
    kinds : tuple of Kind
        Kinds of the other atoms.
    code : (m,) int array
        Kind of each.
    gap : float
        Distance in Å that all pairs keep at least; 0 where touching is enough.
    cations : float, optional
        Shortest distance of two cations as a fraction of the sum of their ionic radii.

    Returns
    -------
    (m,) bool array
        True where an atom is nearer than the pair may be.
    """
    from scipy.spatial import cKDTree

    near = np.zeros(len(points), dtype=bool)
    for own, here in zip(surface.kinds, surface.points, strict=True):
        tree = cKDTree(here)
        for k, other in enumerate(kinds):
            index = np.flatnonzero((code == k) & ~near)
            if len(index):
                alike = _what(own, other) == "cations"
                limit = max(touching(own, other) * (cations / CATIONS if alike else 1.0), gap)
                distance, _ = tree.query(points[index], distance_upper_bound=limit)
                near[index] = distance < limit
    return near


def nearest_pairs(
    surface: Surface, points: FloatArray, kinds: tuple[Kind, ...], code: IntArray
) -> dict[str, float]:
    """Measure the shortest contact of opposite ions, of anions, and of molecules.

    Parameters
    ----------
    surface : Surface
        Atoms on one side.
    points : (m, 3) float array
        Atoms on the other side in Å, in the same frame.
    kinds : tuple of Kind
        Their kinds.
    code : (m,) int array
        Kind of each.

    Returns
    -------
    dict of str to float
        Distances in Å by ``opposite``, ``anions``, ``cations`` and ``molecules``; those that are
        nearer than 12 Å.
    """
    from scipy.spatial import cKDTree

    shortest: dict[str, float] = {}
    for own, here in zip(surface.kinds, surface.points, strict=True):
        tree = cKDTree(here)
        for k, other in enumerate(kinds):
            index = np.flatnonzero(code == k)
            if not len(index):
                continue
            distance, _ = tree.query(points[index], distance_upper_bound=12.0)
            least = float(np.min(distance))
            what = _what(own, other)
            if np.isfinite(least):
                shortest[what] = min(least, shortest.get(what, np.inf))
    return shortest


def _what(first: Kind, second: Kind) -> str:
    """Name a pair of kinds."""
    if first.molecular or second.molecular:
        return "molecules"
    if first.charge * second.charge <= 0:
        return "opposite"
    return "anions" if first.charge < 0 else "cations"
