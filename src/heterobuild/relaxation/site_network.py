"""The elastic estimate of sites: bonds of the framework become springs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.frameworks.emission import site_positions
from heterobuild.frameworks.sites import EMPTY
from heterobuild.relaxation.lattice_strain import lattice_strain
from heterobuild.relaxation.local_strain import local_strain
from heterobuild.relaxation.relaxing import HELD, relax
from heterobuild.relaxation.site_bonds import bridges_of, cavities_of, octahedra_of
from heterobuild.relaxation.springs import build_network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import CodeArray, FloatArray
    from heterobuild.frameworks.sites import Sites
    from heterobuild.relaxation.local_strain import LocalStrain
    from heterobuild.relaxation.relaxing import Relaxed
    from heterobuild.relaxation.spring_constants import SpringConstants
    from heterobuild.relaxation.springs import Octahedra, Springs


@dataclass(frozen=True, kw_only=True, eq=False)
class ElasticEstimate:
    """Where sites go, and how they are strained.

    Parameters
    ----------
    moves : (s, 3) float array
        Displacement in Å of each site of the block beside the strain of the cell.
    relaxed : Relaxed
        The solution, for the occupied sites.
    lattice : (b, 6) float array
        Strain of the lattice at each B cation relative to its own phase, in Voigt order with
        tensor shears; not a number where its neighbours lie in a plane.
    centres : (b,) int array
        Flat indices of the B cations.
    steps : tuple of arrays
        Pairs of B cations that share a halide: flat indices (m,) and (m,), and the steps (m, 3)
        between them in Å as built and after the relaxation.
    network : (Springs, Octahedra)
        What was relaxed.
    index : (n,) int array
        Flat indices of the occupied sites.
    """

    moves: FloatArray
    relaxed: Relaxed
    lattice: FloatArray
    centres: CodeArray
    steps: tuple[CodeArray, CodeArray, FloatArray, FloatArray]
    network: tuple[Springs, Octahedra]
    index: CodeArray

    @property
    def octahedra(self) -> LocalStrain:
        """Strain of the octahedra, which may turn instead; measured when it is asked for."""
        return local_strain(*self.network, self.relaxed)


def estimate_positions(
    sites: Sites,
    constants: Sequence[SpringConstants],
    stretch: FloatArray,
    *,
    rotation: FloatArray,
    free_strain: tuple[bool, ...] | None = None,
    rounds: int = 2,
) -> ElasticEstimate:
    """Relax the sites of a coherent model of corner-sharing octahedra.

    Parameters
    ----------
    sites : Sites
        The sites.
    constants : sequence of SpringConstants
        Springs of each part, in the order of the codes.
    stretch : (s,) float array
        For each site of the block the length of its own phase over that of the lattice as built,
        minus 1.
    rotation : (3, 3) float array
        Rotation from the frame of the crystal into that of the model.
    free_strain : tuple of bool, optional
        Components xx, yy, zz, yz, xz, xy of the strain of the cell that relax; none by default.
    rounds : int, optional
        Largest number of rounds; the second takes in the turning of bonds.

    Returns
    -------
    ElasticEstimate
        Displacements and strains.

    Raises
    ------
    HeterobuildError
        If the network is not stable, or the solution does not converge.
    """
    occupied = sites.species.ravel() != EMPTY
    index = np.flatnonzero(occupied)
    number = np.full(occupied.size, -1, dtype=np.int32)
    number[index] = np.arange(len(index), dtype=np.int32)
    centres, corners, arms = octahedra_of(sites, number, rotation)
    springs, octahedra = build_network(
        centres=centres,
        corners=corners,
        arms=arms,
        cavity_bonds=cavities_of(sites, number, rotation),
        constants=constants,
        phase=sites.region.ravel()[index].astype(np.int32) - 1,
        stretch=stretch[index],
    )
    vectors = sites.block.framework.cell[np.array(sites.block.periodic)] @ rotation
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    periodic = np.abs(vectors).sum(axis=0) > 0.5
    relaxed = relax(
        site_positions(sites, index, rotation=rotation),
        springs,
        octahedra,
        periodic=tuple(periodic.tolist()),
        rounds=rounds,
        free_strain=HELD if free_strain is None else free_strain,
    )
    moves = np.zeros((occupied.size, 3))
    moves[index] = relaxed.displacements
    i, j, built = bridges_of(sites, number, rotation)
    moved = built @ (np.eye(3) + relaxed.strain)
    moved += relaxed.displacements[j] - relaxed.displacements[i]
    tensor = lattice_strain((i, j), built, moved, stretch[index])
    return ElasticEstimate(
        moves=moves,
        relaxed=relaxed,
        lattice=tensor[centres],
        centres=index[centres],
        steps=(index[i], index[j], built, moved),
        network=(springs, octahedra),
        index=index,
    )
