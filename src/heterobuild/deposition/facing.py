"""Over which site of a film a particle lies: the least screened energy of their formal charges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.assembly.registry import SCREENING
from heterobuild.geometry.rigid import unit_centres
from heterobuild.labels import CHARGE, SITE, Site, units

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import FloatArray

COULOMB = 14.3996
"""eV Å / e²."""

GRID = 24
"""Places compared along each surface vector, about 0.3 Å apart, and then around the best one."""

FINEST = 3.0
"""1/Å; waves along the surface that are shorter decay within less than 0.33 Å."""

DEEP = 15.0
"""Å from the highest charge of the film beyond which charges have no share: waves of 12 Å, the
longest of usual surface cells, have decayed to 10⁻⁴."""

CLEAR = 1.5
"""Å by which the lowest charge of a particle is above the highest of the film at least, while
places are compared; nearer ones, such as those of interlocked molecules, are thought lifted."""

FLAT = 1e-3
"""eV/Å² of the face; places whose energies differ by less are equal."""


def facing_shift(
    body: Atoms,
    film: Atoms,
    surface: FloatArray,
    place: FloatArray,
    *,
    area: float,
) -> tuple[FloatArray, float]:
    """Find the shift that brings opposite ions of particle and film face to face.

    The potential of the film, V(r) = Σ q exp(−d/λ)/d, is a sum of waves along the surface, each
    decaying along the normal with κ² = G² + 1/λ². Summed over the charges of the particle it
    gives the energy at all shifts at once, however the particle is turned.

    Parameters
    ----------
    body : ase.Atoms
        Labelled particle as it lies, about its centre.
    film : ase.Atoms
        One surface cell of the film below it, labelled.
    surface : (2, 2) float array
        Surface vectors of the film in Å, rows.
    place : (3,) float array
        Where the centre would be, in Å in the frame of the film.
    area : float
        Area in Å² of the face of the particle.

    Returns
    -------
    shift : (2,) float array
        Shift in Å from the place, the shortest of equally good ones; zero where no other place
        is better by 1 meV/Å².
    gain : float
        How much energy it gains in eV.
    """
    waves = _waves(surface)
    above, q_above = _charges(body)
    below, q_below = _charges(film)
    if not len(q_above) or not len(q_below):
        return np.zeros(2), 0.0
    top = float(below[:, 2].max())
    above, below = above + place - [0.0, 0.0, top], below - [0.0, 0.0, top]
    above[:, 2] += max(0.0, CLEAR - float(above[:, 2].min()))
    decay = np.sqrt((waves**2).sum(axis=1) + SCREENING**-2)
    up = _summed(above, q_above, waves, -decay)
    down = _summed(below, q_below, -waves, decay)
    cell = abs(float(np.linalg.det(surface)))
    amplitude = COULOMB * 2 * np.pi / cell / decay * up * down
    steps = (np.arange(GRID) / GRID + 0.5) % 1 - 0.5
    shifts = _grid(steps) @ surface
    energy = _energies(shifts, waves, amplitude)
    level = np.floor((energy - energy.min()) / (FLAT * area))
    length = np.linalg.norm(shifts, axis=1).round(6)
    best = int(np.lexsort((shifts[:, 1].round(6), shifts[:, 0].round(6), length, level))[0])
    if not shifts[best].any():
        return np.zeros(2), 0.0
    around = shifts[best] + _grid(np.linspace(-1, 1, GRID + 1) / GRID) @ surface
    finer = _energies(around, waves, amplitude)
    lowest = int(np.argmin(finer.round(9)))
    return around[lowest], float(energy[length == 0][0] - finer[lowest])


def _grid(steps: FloatArray) -> FloatArray:
    """Return all pairs of fractions."""
    pairs: FloatArray = np.stack(np.meshgrid(steps, steps, indexing="ij"), axis=-1)
    return pairs.reshape(-1, 2)


def _energies(shifts: FloatArray, waves: FloatArray, amplitude: FloatArray) -> FloatArray:
    """Return the energy in eV at each shift."""
    found: FloatArray = np.real(np.exp(1j * shifts @ waves.T) @ amplitude)
    return found


def _waves(surface: FloatArray) -> FloatArray:
    """Return the waves of a lattice along the surface that are long enough, without the mean."""
    reciprocal = 2 * np.pi * np.linalg.inv(surface).T
    most = int(FINEST * np.linalg.norm(surface, axis=1).max() / (2 * np.pi)) + 1
    numbers = np.stack(np.meshgrid(*[np.arange(-most, most + 1)] * 2, indexing="ij"), axis=-1)
    waves: FloatArray = numbers.reshape(-1, 2) @ reciprocal
    size = np.linalg.norm(waves, axis=1)
    chosen: FloatArray = waves[(size > 1e-9) & (size <= FINEST)]
    return chosen


def _charges(atoms: Atoms) -> tuple[FloatArray, FloatArray]:
    """Return places and formal charges; long molecules have theirs at their atoms."""
    charge = atoms.arrays[CHARGE]
    places = unit_centres(atoms.positions, atoms.numbers, units(atoms))[units(atoms)]
    long = np.isin(atoms.arrays[SITE], (Site.LIGAND, Site.SPACER))
    places[long] = atoms.positions[long]
    charged = np.flatnonzero(charge)
    return places[charged], charge[charged]


def _summed(
    places: FloatArray, charges: FloatArray, waves: FloatArray, decay: FloatArray
) -> FloatArray:
    """Return Σ q exp(decay z + i G·r) over the charges near the facing side, for each wave."""
    near = np.abs(places[:, 2]) < DEEP
    phase = places[near, :2] @ waves.T
    total: FloatArray = charges[near] @ np.exp(np.outer(places[near, 2], decay) + 1j * phase)
    return total
