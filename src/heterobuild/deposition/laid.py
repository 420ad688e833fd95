"""Particles and film in their places, and what of them becomes regions and ledger."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.assembly.stack import region_of
from heterobuild.geometry.rigid import cells_away
from heterobuild.labels import units
from heterobuild.model import Region

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray
    from heterobuild.deposition.bodies import Body
    from heterobuild.deposition.films import Film
    from heterobuild.deposition.orientations import Oriented
    from heterobuild.deposition.places import Array, Places
    from heterobuild.model import Crystal, LedgerEntry


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What was asked for.

    Parameters
    ----------
    array : Array
        Where the particles lie in the plane.
    orientation : {"aligned", "random", "tumbled"}
        How they are turned.
    gap : float or "auto"
        Distance of the facing planes in Å.
    below : {"film", "particles"}
        Which side lies below.
    ligands : bool
        Whether particles have ligands.
    """

    array: Array
    orientation: str
    gap: float | str
    below: str
    ligands: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class Laid:
    """Particles and film in their places, the film below.

    Parameters
    ----------
    film : Film
        The film.
    turns : Oriented
        The particles as they lie.
    places : Places
        The array.
    centres : (n, 3) float array
        Centres in Å.
    gaps, touching : (n,) float array
        Distance in Å of the facing planes, and that at which the first atoms would touch.
    planes : tuple of (m, 2) float array
        Units in the face that lies down, of each distinct particle.
    shift : (2,) float array
        Shift in Å that all took to face opposite ions.
    gain : float
        Energy in eV that it gained for each.
    """

    film: Film
    turns: Oriented
    places: Places
    centres: FloatArray
    gaps: FloatArray
    touching: FloatArray
    planes: tuple[FloatArray, ...]
    shift: FloatArray
    gain: float


def in_cell(laid: Laid) -> Laid:
    """Bring particles and film into one cell, the particles about its middle.

    Parameters
    ----------
    laid : Laid
        Particles and film; the film may reach over many cells, as its surface cell was repeated.

    Returns
    -------
    Laid
        The same, all moved alike in the plane; whole molecules of the film are in the cell.
    """
    film = laid.film
    inverse = np.linalg.inv(film.cell)
    move = np.append((0.5 - (laid.centres[:, :2] @ inverse).mean(axis=0)) @ film.cell, 0.0)
    atoms, upright = film.atoms.copy(), np.eye(3)
    upright[:2, :2] = film.cell
    atoms.positions += move
    atoms.positions -= cells_away(
        atoms.positions, atoms.numbers, units(atoms), cell=upright, pbc=(True, True, False)
    )
    return replace(laid, film=replace(film, atoms=atoms), centres=laid.centres + move)


def regions_of(particle: Crystal, laid: Laid, turn: FloatArray) -> tuple[Region, ...]:
    """Describe film and particles as regions, from below to above.

    Parameters
    ----------
    particle : Crystal
        What the particles are made of.
    laid : Laid
        Particles and film.
    turn : (3, 3) float array
        Rotation of the whole after they were laid; one that turns it over puts the film above.

    Returns
    -------
    tuple of Region
        The two; particles that are turned differently have no cell in common.
    """
    above = bool(turn[2, 2] < 0)
    film = region_of(laid.film.part, 2 if above else 1)
    film = replace(film, cell=turn @ film.cell @ turn)
    alike = len({matrix.round(9).tobytes() for matrix in laid.turns.rotations}) == 1
    cell = particle.cell @ laid.turns.rotations[0] @ turn if alike else np.zeros((3, 3))
    dots = Region(
        code=1 if above else 2,
        name="particle",
        crystal=particle.name,
        formula=particle.formula,
        cell=cell,
        strain=np.zeros((3, 3)),
    )
    return (dots, film) if above else (film, dots)


def ledger_of(bodies: Sequence[Body], count: int) -> tuple[LedgerEntry, ...]:
    """Return the changes at the surface of each particle.

    Parameters
    ----------
    bodies : sequence of Body
        The particles as they were carved, one for all or one for each.
    count : int
        Number of particles.

    Returns
    -------
    tuple of LedgerEntry
        The entries.
    """
    return tuple(
        replace(entry, where=f"{entry.where} of particle {k + 1}")
        for k in range(count)
        for entry in bodies[k % len(bodies)].ledger
    )
