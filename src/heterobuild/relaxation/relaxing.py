"""The elastic estimate: displacements and strain of the cell that minimise the energy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.elasticity import VOIGT
from heterobuild.errors import UsageError
from heterobuild.relaxation.conjugate_gradients import minimise
from heterobuild.relaxation.elongations import (
    lacking_lengths,
    linearise,
    measure_bonds,
    row_stiffness,
)
from heterobuild.relaxation.loose_sites import carry_loose_sites
from heterobuild.relaxation.rigid_motions import without_rigid_motion

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.relaxation.elongations import Lengths
    from heterobuild.relaxation.springs import Octahedra, Springs

HELD = (False,) * 6
HALVINGS = 20
SETTLED = 1e-10
"""Relative fall of the energy in a round below which further rounds are not worth it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Relaxed:
    """An elastic estimate of a structure.

    Parameters
    ----------
    positions : (n, 3) float array
        New positions in Å, ``positions @ (1 + strain) + displacements`` of the old ones.
    displacements : (n, 3) float array
        What the sites move beside the homogeneous strain of the cell, Å.
    strain : (3, 3) float array
        Symmetric strain of the cell, ``new_cell = cell @ (1 + strain)``.
    energy_before, energy_after : float
        Energy of the springs in eV as built and at the end, with true lengths.
    history : (rounds + 1,) float array
        Energy in eV with true lengths as built and after each round; it falls.
    descent : tuple of float arrays
        For each round the energy of the network made linear, eV, after each iteration; it falls.
    iterations : int
        Iterations of all rounds.
    residual : float
        Largest force on a site at the end, eV/Å, of the network made linear where the last round
        began.
    """

    positions: FloatArray
    displacements: FloatArray
    strain: FloatArray
    energy_before: float
    energy_after: float
    history: FloatArray
    descent: tuple[FloatArray, ...]
    iterations: int
    residual: float


def relax(
    positions: FloatArray,
    springs: Springs,
    octahedra: Octahedra,
    *,
    periodic: tuple[bool, bool, bool] = (False, False, False),
    free_strain: tuple[bool, ...] = HELD,
    tolerance: float = 1e-5,
    rounds: int = 1,
) -> Relaxed:
    """Move sites, and strain the cell where asked, to the least energy of the network.

    One round solves the network made linear about the lattice as built: exact to first order in
    the mismatch. Each further round makes it linear about the new positions, with natural lengths
    as they are (Gauss–Newton); a step that would raise the energy is halved until it does not.
    Vectors of springs hold the images they connect, so no cell is needed.

    Parameters
    ----------
    positions : (n, 3) float array
        Positions as built in Å.
    springs : Springs
        The springs.
    octahedra : Octahedra
        The breathing terms.
    periodic : tuple of bool
        Along which Cartesian axes the structure repeats; of a free body the rotation is taken
        out.
    free_strain : tuple of bool
        Which components xx, yy, zz, yz, xz, xy of the homogeneous strain relax. None by default:
        the cell stays. Only for components with periodic axes alone; along the others the sites
        move anyway.
    tolerance : float
        Ratio of the residual of each round at its end to that at the start of the first. The
        default leaves errors far below 0.001 Å where sites move by 1 Å.
    rounds : int
        Largest number of rounds.

    Returns
    -------
    Relaxed
        New positions, strain, energies and the course of the solution.

    Raises
    ------
    UsageError
        If the arrays do not fit together, or a strain is asked for along an axis that does not
        repeat.
    HeterobuildError
        If the network is not stable or the solution does not converge.
    """
    _judge(periodic, free_strain, rounds)
    _judge_springs(positions, springs, octahedra)
    free = tuple(np.flatnonzero(free_strain).tolist())
    stiffness = row_stiffness(springs, octahedra)
    moved: FloatArray = np.zeros((len(positions), 3))
    strain: FloatArray = np.zeros((3, 3))
    lengths = measure_bonds(springs, octahedra, moved, strain)
    history, descent = [_energy(springs, octahedra, lengths, stiffness)], []
    residual = reference = 0.0
    for _ in range(rounds):
        rows = linearise(springs, octahedra, lengths, sites=len(positions), components=free)
        step = minimise(rows, tolerance=tolerance, reference=reference)
        reference = max(reference, step.start)
        left = rows.lacking - rows.map @ step.displacements.ravel() - rows.strain_map @ step.strain
        residual = float(abs(rows.map.T @ (stiffness * left)).max())
        descent.append(step.energies)
        moves = carry_loose_sites(springs, rows.blocks, step.displacements)
        change = (moves, _tensor(step.strain, free))
        moved, strain, lengths, energy = _advance(
            springs, octahedra, (moved, strain), change, history[-1]
        )
        history.append(energy)
        if history[-2] - energy <= SETTLED * history[-2]:
            break
    moved = without_rigid_motion(positions, moved, periodic=periodic)
    return Relaxed(
        positions=positions + positions @ strain + moved,
        displacements=moved,
        strain=strain,
        energy_before=history[0],
        energy_after=history[-1],
        history=np.array(history),
        descent=tuple(descent),
        iterations=sum(len(energies) - 1 for energies in descent),
        residual=residual,
    )


def _advance(
    springs: Springs,
    octahedra: Octahedra,
    start: tuple[FloatArray, FloatArray],
    change: tuple[FloatArray, FloatArray],
    energy: float,
) -> tuple[FloatArray, FloatArray, Lengths, float]:
    """Take the longest of the steps 1, 1/2, 1/4 ... that does not raise the energy."""
    stiffness = row_stiffness(springs, octahedra)
    for halving in range(HALVINGS):
        moved, strain = (old + 0.5**halving * new for old, new in zip(start, change, strict=True))
        lengths = measure_bonds(springs, octahedra, moved, strain)
        reached = _energy(springs, octahedra, lengths, stiffness)
        if reached <= energy:
            return moved, strain, lengths, reached
    return *start, measure_bonds(springs, octahedra, *start), energy


def _tensor(components: FloatArray, free: tuple[int, ...]) -> FloatArray:
    """Return the symmetric strain of some components with engineering shears."""
    strain = np.zeros((3, 3))
    for value, component in zip(components, free, strict=True):
        p, q = VOIGT[component]
        strain[p, q] = strain[q, p] = value if p == q else value / 2
    return strain


def _energy(
    springs: Springs, octahedra: Octahedra, lengths: Lengths, stiffness: FloatArray
) -> float:
    """Return the energy in eV with true lengths."""
    lacking = lacking_lengths(springs, octahedra, lengths)
    return 0.5 * float(np.dot(stiffness * lacking, lacking))


def _judge(
    periodic: tuple[bool, bool, bool],
    free_strain: tuple[bool, ...],
    rounds: int,
) -> None:
    """Refuse options that make no sense."""
    if rounds < 1:
        raise UsageError("an elastic estimate needs a round", measured=rounds, allowed="1 or more")
    if len(free_strain) != 6:
        raise UsageError(
            "the strain of a cell has six components",
            measured=len(free_strain),
            next_step="give one truth value for each of xx, yy, zz, yz, xz, xy",
        )
    for name, freed, axes in zip(
        ("xx", "yy", "zz", "yz", "xz", "xy"), free_strain, VOIGT, strict=True
    ):
        if freed and not all(periodic[axis] for axis in axes):
            raise UsageError(
                f"the strain {name} cannot be relaxed",
                measured="an axis along which nothing repeats",
                next_step="hold this component; the sites move along that axis anyway",
            )


def _judge_springs(positions: FloatArray, springs: Springs, octahedra: Octahedra) -> None:
    """Refuse springs that lead nowhere or have no numbers."""
    ends = np.concatenate([springs.i, springs.j])
    if len(ends) == 0 or ends.min() < 0 or ends.max() >= len(positions):
        raise UsageError(
            "springs must connect sites",
            measured=f"{len(springs.i)} springs on {len(positions)} sites",
        )
    given = (
        positions,
        springs.vector,
        springs.stiffness,
        springs.stretch,
        octahedra.stiffness,
        octahedra.stretch,
    )
    if not all(np.isfinite(values).all() for values in given):
        raise UsageError(
            "positions and springs must be finite numbers",
            next_step="look for phases whose length or elastic constants are not known",
        )
