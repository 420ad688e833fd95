"""A cations that line a cavity inside a slab, so that it has no charge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.assembly.insert_network import flat_shift, height_range
from heterobuild.chemistry.ions import radius_table
from heterobuild.labels import CHARGE, MOLECULE, SITE, Site
from heterobuild.ligands.contacts import all_sorts, sort_keys
from heterobuild.spacers.contact_radii import contact_floors

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.assembly.insert_cavity import Cavity
    from heterobuild.assembly.insert_network import Octahedra
    from heterobuild.model import Molecule

_GRID = 0.5
_OPPOSITE = 0.92
"""Fraction of the sum of ionic radii that added cations keep from halides; bonds of real
crystals begin at 0.89."""

_ALIKE = 1.0
_SCREENING = 6.0
"""Å; decay length of the point charges that rank the places of added cations."""

_REACH = 3.5
_NEIGHBOURS = 8.5
"""Å from an ion that went, beyond which nothing touches a point of the grid."""
_INSIDE = 1.0
"""Å below the outermost plane, so that added cations touch nothing of the next lamella."""


def lining_places(
    atoms: Atoms, network: Octahedra, cavity: Cavity, molecule: Molecule, wanted: int
) -> FloatArray | None:
    """Find places for the A cations that a cavity lacks, lowest potential first.

    Places lie on a grid over the cavity, keep 0.92 of the sum of ionic radii from halides, 1.0 from
    cations, and the contacts of molecules. Point charges with a decay length of 6 Å rank them.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms of the slab, before anything goes.
    network : Octahedra
        Its octahedra.
    cavity : Cavity
        What goes, and where the molecule is.
    molecule : Molecule
        The molecule.
    wanted : int
        Number of cations.

    Returns
    -------
    (wanted, 3) float array or None
        Places in Å; None where they do not fit, or fewer than none are wanted.
    """
    if wanted < 0:
        return None
    gone = removed_atoms(network, cavity)
    rest = np.setdiff1d(np.arange(len(atoms)), gone)
    centre = cavity.points.mean(axis=0)
    grid = _grid(centre + flat_shift(centre[None], atoms.positions[gone], network.whole)[0])
    low, high = height_range(atoms)
    grid = grid[(grid[:, 2] > low + _INSIDE) & (grid[:, 2] < high - _INSIDE)]
    kind = int(np.bincount(atoms.numbers[network.cations]).argmax())
    grid = _clear(grid, cavity.points, _soft_floors(molecule, kind), network.whole)
    reach = flat_shift(atoms.positions[gone], atoms.positions[rest], network.whole)
    near = np.linalg.norm(reach, axis=2).min(axis=0, initial=np.inf) < _NEIGHBOURS
    floors = _floors(atoms, rest, kind)
    grid = _clear(grid, atoms.positions[rest[near]], floors[near], network.whole)
    energy = _potential(grid, atoms.positions[rest], atoms.arrays[CHARGE][rest], network.whole)
    energy += _potential(grid, cavity.points, molecule.charges, network.whole)
    places: list[FloatArray] = []
    apart = 2 * _ALIKE * float(radius_table(12)[kind])
    for _ in range(wanted):
        if not len(grid):
            return None
        chosen = int(np.argmin(np.round(energy, 9)))
        places.append(grid[chosen])
        distance = np.linalg.norm(flat_shift(grid[[chosen]], grid, network.whole)[0], axis=1)
        left = distance >= apart
        energy = (energy + _screened(np.maximum(distance, 0.1)))[left]
        grid = grid[left]
    return np.array(places).reshape(-1, 3)


def _clear(
    grid: FloatArray, others: FloatArray, floors: FloatArray, whole: FloatArray
) -> FloatArray:
    """Return the points of a grid that keep their distance from others."""
    gaps = np.linalg.norm(flat_shift(grid, others, whole), axis=2)
    clear: FloatArray = grid[(gaps >= floors).all(axis=1)]
    return clear


def _potential(
    grid: FloatArray, others: FloatArray, charges: FloatArray, whole: FloatArray
) -> FloatArray:
    """Return the screened potential of point charges."""
    potential: FloatArray = (
        _screened(np.linalg.norm(flat_shift(grid, others, whole), axis=2)) @ charges
    )
    return potential


def removed_atoms(network: Octahedra, cavity: Cavity) -> IntArray:
    """Return the atoms that make way.

    Parameters
    ----------
    network : Octahedra
        The octahedra.
    cavity : Cavity
        The cavity.

    Returns
    -------
    (n,) int array
        B, X and A ions.
    """
    return np.concatenate(
        [
            network.metals[cavity.metals],
            network.halides[cavity.halides],
            network.cations[cavity.cations],
        ]
    )


def _grid(gone: FloatArray) -> FloatArray:
    """Return points of a grid over the cavity, near places of the ions that went."""
    from scipy.spatial import cKDTree

    low, high = gone.min(axis=0) - 2.0, gone.max(axis=0) + 2.0
    axes = [np.arange(a, b, _GRID) for a, b in zip(low, high, strict=True)]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    close = cKDTree(gone).query(grid)[0] < _REACH
    found: FloatArray = grid[close]
    return found


def _floors(atoms: Atoms, rest: IntArray, kind: int) -> FloatArray:
    """Return how near an added A cation may come to each ion or atom of another molecule."""
    radii = np.where(
        atoms.arrays[SITE] == Site.A, radius_table(12)[atoms.numbers], radius_table()[atoms.numbers]
    )
    own = float(radius_table(12)[kind])
    ionic = np.where(atoms.arrays[CHARGE] < 0, _OPPOSITE, _ALIKE) * (own + radii)
    numbers = atoms.numbers
    none = np.zeros(len(atoms), dtype=np.bool_)
    soft = contact_floors((numbers, np.array([kind])), (none, none[:1]))[:, 0]
    floors: FloatArray = np.where(atoms.arrays[MOLECULE] > 0, soft, np.nan_to_num(ionic, nan=4.0))
    return floors[rest]


def _soft_floors(molecule: Molecule, kind: int) -> FloatArray:
    """Return how near an added A cation may come to the atoms of the molecule."""
    n = len(molecule.numbers)
    none = np.zeros(n + 1, dtype=np.bool_)
    ion = none.copy()
    ion[-1] = True
    keys = sort_keys(np.append(molecule.numbers, kind), none, none, ion)
    table, (codes,) = all_sorts([keys])
    floors: FloatArray = table.floors[codes[:n], codes[n]]
    return floors


def _screened(distance: FloatArray) -> FloatArray:
    """Return the screened Coulomb potential of a unit charge."""
    potential: FloatArray = np.exp(-distance / _SCREENING) / distance
    return potential
