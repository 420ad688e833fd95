"""Which phase is where: level sets of random fields, grains, and inclusions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.geometry.random_fields import gaussian_field, room_for, sampled
from heterobuild.geometry.size_distributions import draw_radii
from heterobuild.geometry.tessellation_sizes import phases_of_grains, sized_grains
from heterobuild.geometry.tessellations import (
    Tessellation,
    grain_volumes,
    least_powers,
    sampling_points,
    spread_seeds,
)
from heterobuild.seeds import generator

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.geometry.random_fields import Spectrum

MorphologyKind: TypeAlias = Literal["bicontinuous", "grains", "inclusions"]
"""Names of the morphologies."""

SAMPLED = 500
"""Points for each grain by which volumes are measured."""


@dataclass(frozen=True, kw_only=True)
class Morphology:
    """How phases share a periodic cell.

    Parameters
    ----------
    kind : {"bicontinuous", "grains", "inclusions"}
        Level sets of a Gaussian random field, Voronoi or Laguerre grains, or balls of all phases
        but the last in the last.
    length : float
        Correlation length of the field in Å.
    spectrum : {"smooth", "spinodal"}
        Its correlation function.
    count : int
        Number of grains or inclusions.
    spread : float or None
        Standard deviation of their diameters as a fraction of the mean, log-normal; None for
        grains of random seeds, whose sizes follow.
    """

    kind: MorphologyKind
    length: float
    spectrum: Spectrum
    count: int
    spread: float | None


def judge_room(morphology: Morphology, cell: FloatArray) -> None:
    """Refuse a cell that is smaller than what is to be in it.

    Parameters
    ----------
    morphology : Morphology
        The morphology.
    cell : (3, 3) float array
        Cell in Å.

    Raises
    ------
    UsageError
        If the cell is lower than a correlation length.
    """
    room = room_for(cell, morphology.length)
    if morphology.kind == "bicontinuous" and room < 1:
        low = room * morphology.length
        raise UsageError(
            "the cell is smaller than the correlation length of the phases",
            where="correlation_length",
            measured=f"{morphology.length:g} Å in a cell {low:.4g} Å high",
            allowed=f"up to {low:.4g} Å; a quarter of it to hold several domains",
            next_step=f"use correlation_length {low / 4:.3g}, or a larger cell",
        )


def phase_fields(
    morphology: Morphology, cell: FloatArray, shares: Sequence[float], *, seed: int
) -> list[Callable[[FloatArray], FloatArray]]:
    """Return a field for each phase but the last; the phase is where its field is low.

    Parameters
    ----------
    morphology : Morphology
        The morphology.
    cell : (3, 3) float array
        Cell in Å.
    shares : sequence of float
        Wanted shares of the volume.
    seed : int
        Seed of all draws.

    Returns
    -------
    list of callable
        Each takes points (m, 3) in Å and returns values (m,). Grains: the power of the nearest
        grain of the phase less that of the nearest grain of a later one, in Å². Inclusions: the
        distance from the nearest ball in Å. The levels at which the phases end are left open.

    Raises
    ------
    UsageError
        If the cell is lower than a correlation length, or there are fewer grains than phases.
    """
    judge_room(morphology, cell)
    count = len(shares)
    if morphology.kind == "bicontinuous":
        return [_random(morphology, cell, seed, k) for k in range(count - 1)]
    if morphology.kind == "grains":
        grains, phase = make_grains(morphology, cell, shares, seed=seed)
        return [_between(grains, phase, k) for k in range(count - 1)]
    return _balls(morphology, cell, shares, seed)


def make_grains(
    morphology: Morphology, cell: FloatArray, shares: Sequence[float], *, seed: int
) -> tuple[Tessellation, IntArray]:
    """Place grains and give each to a phase.

    Parameters
    ----------
    morphology : Morphology
        Number and sizes of the grains.
    cell : (3, 3) float array
        Cell in Å.
    shares : sequence of float
        Wanted shares of the volume.
    seed : int
        Seed of all draws.

    Returns
    -------
    Tessellation
        The grains.
    (n,) int array
        Phase of each, from 0; the shares are met as nearly as whole grains can.

    Raises
    ------
    UsageError
        If there are fewer grains than phases.
    """
    number = morphology.count
    if number < len(shares):
        raise UsageError(
            f"{number} grains cannot be {len(shares)} phases",
            where="grains",
            measured=number,
            allowed=f"{len(shares)} or more",
            next_step=f"use {4 * len(shares)}, or a smaller grain_size",
        )
    rng = generator(seed, "grains")
    grains = Tessellation(
        cell=cell, seeds=spread_seeds(number, cell, rng), weights=np.zeros(number)
    )
    if morphology.spread is not None:
        kind = "log-normal" if morphology.spread else "monodisperse"
        sizes = draw_radii(kind, 1.0, morphology.spread, number, generator(seed, "grain sizes"))
        grains = sized_grains(grains, sizes**3)
    volumes = grain_volumes(grains, sampling_points(cell, SAMPLED * number))
    return grains, phases_of_grains(volumes, shares)


def _random(
    morphology: Morphology, cell: FloatArray, seed: int, k: int
) -> Callable[[FloatArray], FloatArray]:
    """Return one random field."""
    rng = generator(seed, f"random field {k + 1}")
    field = gaussian_field(cell, morphology.length, spectrum=morphology.spectrum, rng=rng)
    inverse = np.linalg.inv(cell)
    return lambda points: sampled(field, points @ inverse)


def _between(grains: Tessellation, phase: IntArray, k: int) -> Callable[[FloatArray], FloatArray]:
    """Return how much nearer, as a power, points are to one phase than to later ones."""
    own, later = np.flatnonzero(phase == k), np.flatnonzero(phase > k)

    def behind(points: FloatArray) -> FloatArray:
        first, second = (least_powers(grains, points, chosen)[1] for chosen in (own, later))
        difference: FloatArray = first - second
        return difference

    return behind


def _balls(
    morphology: Morphology, cell: FloatArray, shares: Sequence[float], seed: int
) -> list[Callable[[FloatArray], FloatArray]]:
    """Return the distances from the balls of each phase."""
    balls = make_balls(morphology, cell, shares, seed=seed)
    chosen = [balls.phase == k for k in range(len(shares) - 1)]
    return [_nearest_ball(cell, balls.centres[own], balls.radii[own]) for own in chosen]


@dataclass(frozen=True, kw_only=True, eq=False)
class Balls:
    """Inclusions.

    Parameters
    ----------
    centres : (n, 3) float array
        Centres in Å.
    radii : (n,) float array
        Radii in Å; as large as they are wanted where no two overlap.
    phase : (n,) int array
        Phase of each, from 0.
    """

    centres: FloatArray
    radii: FloatArray
    phase: IntArray


def make_balls(
    morphology: Morphology, cell: FloatArray, shares: Sequence[float], *, seed: int
) -> Balls:
    """Place inclusions and give each to a phase.

    Parameters
    ----------
    morphology : Morphology
        Number and sizes of the inclusions.
    cell : (3, 3) float array
        Cell in Å.
    shares : sequence of float
        Wanted shares of the volume; the last is that of the matrix.
    seed : int
        Seed of all draws.

    Returns
    -------
    Balls
        The inclusions.

    Raises
    ------
    UsageError
        If there are fewer inclusions than phases of them.
    """
    number, phases = morphology.count, len(shares) - 1
    if number < phases:
        raise UsageError(
            f"{number} inclusions cannot be {phases} phases",
            where="grains",
            measured=number,
            allowed=f"{phases} or more",
            next_step=f"use {4 * phases}",
        )
    spread = morphology.spread or 0.0
    kind = "log-normal" if spread else "monodisperse"
    sizes = draw_radii(kind, 1.0, spread, number, generator(seed, "inclusion sizes"))
    inner = np.asarray(shares[:-1], dtype=np.float64)
    phase = phases_of_grains(sizes**3, (inner / inner.sum()).tolist())
    volume = float(abs(np.linalg.det(cell))) * float(inner.sum())
    radii = sizes * (volume / (4 / 3 * np.pi * (sizes**3).sum())) ** (1 / 3)
    centres = spread_seeds(number, cell, generator(seed, "inclusions"))
    return Balls(centres=centres, radii=radii, phase=phase)


def _nearest_ball(
    cell: FloatArray, centres: FloatArray, radii: FloatArray
) -> Callable[[FloatArray], FloatArray]:
    """Return the distance from the nearest of some balls; by k-d trees of balls of one size."""
    from scipy.spatial import cKDTree

    steps = np.stack(np.meshgrid(*[[-1, 0, 1]] * 3, indexing="ij"), -1).reshape(-1, 3) @ cell
    inverse = np.linalg.inv(cell)
    images = (((centres @ inverse) % 1.0) @ cell)[:, None] + steps
    radius = np.repeat(radii, len(steps))
    tree = cKDTree(images.reshape(-1, 3))
    most = min(len(radius), 1 if np.ptp(radii) < 1e-9 else 16)

    def distance(points: FloatArray) -> FloatArray:
        away, which = tree.query(((points @ inverse) % 1.0) @ cell, k=most)
        walls: FloatArray = away - radius[which]
        return walls if most == 1 else walls.min(axis=1)

    return distance
