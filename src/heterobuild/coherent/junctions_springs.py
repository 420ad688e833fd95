"""The springs of sheets: those of octahedra, and between B cations what holds the octahedra."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.elasticity import crystal_stiffness
from heterobuild.frameworks.emission import site_positions
from heterobuild.frameworks.sites import EMPTY
from heterobuild.relaxation.relaxing import HELD, relax
from heterobuild.relaxation.site_bonds import bridges_of, cavities_of, octahedra_of
from heterobuild.relaxation.spring_constants import GPA, cubic_average, fit_constants
from heterobuild.relaxation.springs import build_network

if TYPE_CHECKING:
    from heterobuild.arrays import CodeArray, FloatArray
    from heterobuild.coherent.draft import Draft
    from heterobuild.relaxation.relaxing import Relaxed
    from heterobuild.relaxation.springs import Springs


@dataclass(frozen=True, kw_only=True, eq=False)
class SheetEstimate:
    """Where the sites of sheets go.

    Parameters
    ----------
    moves : (s, 3) float array
        Displacement in Å of each site of the block beside the strain of the cell.
    relaxed : Relaxed
        The solution, for the occupied sites.
    steps : tuple of arrays
        Pairs of B cations that share a halide: flat indices (m,) and (m,), and the steps (m, 3)
        between them in Å as built and after the relaxation.
    """

    moves: FloatArray
    relaxed: Relaxed
    steps: tuple[CodeArray, CodeArray, FloatArray, FloatArray]


def relax_sheet_sites(
    draft: Draft, stretch: FloatArray, edge: float, free_strain: tuple[bool, ...] | None
) -> SheetEstimate:
    """Relax the octahedra of sheets.

    Nothing in the springs of octahedra keeps a sheet from turning them and shrinking, as A
    cations in their cages do in three dimensions. Springs between neighbouring B cations take
    their place, see `plane_stiffness`.

    Parameters
    ----------
    draft : Draft
        The draft.
    stretch : (s,) float array
        For each site of the block the length of its own phase over that of the lattice as built,
        minus 1.
    edge : float
        Distance in Å of neighbouring B cations as built.
    free_strain : tuple of bool or None
        Components xx, yy, zz, yz, xz, xy of the strain of the cell that relax.

    Returns
    -------
    SheetEstimate
        Displacements.

    Raises
    ------
    HeterobuildError
        If the solution does not converge.
    """
    sites, rotation = draft.sites, draft.rotation
    index = np.flatnonzero(sites.species.ravel() != EMPTY)
    number = np.full(sites.species.size, -1, dtype=np.int32)
    number[index] = np.arange(len(index), dtype=np.int32)
    centres, corners, arms = octahedra_of(sites, number, rotation)
    matrices = [crystal_stiffness(crystal).matrix for crystal in draft.crystals]
    phase = sites.region.ravel()[index].astype(np.int32) - 1
    springs, octahedra = build_network(
        centres=centres,
        corners=corners,
        arms=arms,
        cavity_bonds=cavities_of(sites, number, rotation),
        constants=[fit_constants(matrix, edge) for matrix in matrices],
        phase=phase,
        stretch=stretch[index],
    )
    i, j, built = bridges_of(sites, number, rotation)
    own = np.array([plane_stiffness(matrix, edge) for matrix in matrices])[phase]
    along, across, _ = sites.block.periodic
    relaxed = relax(
        site_positions(sites, index, rotation=rotation),
        _with_pairs(springs, (i, j, built), own, stretch[index]),
        octahedra,
        periodic=(along, across, False),
        free_strain=HELD if free_strain is None else free_strain,
    )
    moves = np.zeros((sites.species.size, 3))
    moves[index] = relaxed.displacements
    moved = built @ (np.eye(3) + relaxed.strain)
    moved += relaxed.displacements[j] - relaxed.displacements[i]
    return SheetEstimate(moves=moves, relaxed=relaxed, steps=(index[i], index[j], built, moved))


def plane_stiffness(matrix: FloatArray, edge: float) -> float:
    """Return the spring between B cations that gives a sheet the stiffness of a crystal.

    For an equal strain in the plane with a free normal a cube of the crystal has the energy
    (C11 + C12 - 2 C12² / C11) ε² a³, two springs on a square k ε² a².

    Parameters
    ----------
    matrix : (6, 6) float array
        Voigt matrix in GPa.
    edge : float
        Edge a of the square in Å.

    Returns
    -------
    float
        Stiffness k in eV/Å².

    Examples
    --------
    >>> from heterobuild.chemistry.elasticity import cubic_stiffness
    >>> round(plane_stiffness(cubic_stiffness(40, 10, 5), 6.0), 3)
    1.685
    """
    c11, c12, _ = cubic_average(matrix)
    return (c11 + c12 - 2 * c12**2 / c11) * GPA * edge


def _with_pairs(
    springs: Springs,
    pairs: tuple[CodeArray, CodeArray, FloatArray],
    stiffness: FloatArray,
    stretch: FloatArray,
) -> Springs:
    """Add springs between pairs of sites; at walls they have the means of both sides."""
    i, j, vector = pairs
    return replace(
        springs,
        i=np.concatenate([springs.i, i]).astype(np.int32),
        j=np.concatenate([springs.j, j]).astype(np.int32),
        vector=np.concatenate([springs.vector, vector]),
        stiffness=np.concatenate([springs.stiffness, (stiffness[i] + stiffness[j]) / 2]),
        stretch=np.concatenate([springs.stretch, (stretch[i] + stretch[j]) / 2]),
    )
