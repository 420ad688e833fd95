"""Tilts of octahedra measured from coordinates.

`heterobuild.tilts.octahedra` gives each octahedron a rotation vector. The tilt about an axis
is the amplitude of that component in one of two patterns over the octahedra (i, j, k): the
in-phase pattern of the axis a is (−1)^(j+k), and so on, the antiphase one (−1)^(i+j+k). The small
further rotations that tilts of both kinds bring with them are in neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from heterobuild.crystals.network_axes import network_axes
from heterobuild.errors import UsageError
from heterobuild.labels import MOLECULE, SITE, Site
from heterobuild.tilts.glazer import tilt_symbol
from heterobuild.tilts.octahedra import measure_octahedra

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Crystal
    from heterobuild.tilts.glazer import Signs
    from heterobuild.tilts.octahedra import Octahedra

RESOLVED = 0.2
"""Degrees; smaller tilts count as none. Coordinates of three digits leave 0.1."""

LAYERED = 1.25
"""Ratio of the longest to the shortest axis beyond which there is no network along it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class TiltAngles:
    """The tilts of a crystal.

    Parameters
    ----------
    symbol : str
        In Glazer's notation along the pseudo-cubic axes.
    signs : tuple of {"+", "-", "0"}
        The pattern of each axis, the larger one where both are there.
    angles : tuple of float
        The tilt about each axis in degrees, 0 where it is below the resolution.
    in_phase, antiphase : (3,) float array
        The amplitudes of both patterns in degrees, not negative.
    rest : float
        Root mean square in degrees of what neither pattern describes.
    octahedra : Octahedra
        Each octahedron.
    """

    symbol: str
    signs: Signs
    angles: tuple[float, float, float]
    in_phase: FloatArray
    antiphase: FloatArray
    rest: float
    octahedra: Octahedra


def tilt_angles(crystal: Crystal, *, resolution: float = RESOLVED) -> TiltAngles:
    """Measure the tilts of a crystal of corner-sharing octahedra.

    Parameters
    ----------
    crystal : Crystal
        A three-dimensional perovskite with atoms.
    resolution : float, optional
        Degrees; smaller tilts count as none, and tilts that differ by less get one letter; see
        `RESOLVED`.

    Returns
    -------
    TiltAngles
        Angles, patterns and the symbol.

    Raises
    ------
    UsageError
        If the crystal is no three-dimensional network of octahedra.
    MissingAtomsError
        If its atoms are not known.

    Examples
    --------
    >>> from heterobuild.crystals import load_phase
    >>> tilts = tilt_angles(load_phase("CsSnI3_beta"))
    >>> tilts.symbol, [round(angle, 2) for angle in tilts.angles]
    ('a0a0c+', [0.0, 0.0, 6.01])
    """
    atoms = crystal.require_atoms()
    fractions = crystal.pseudocubic if crystal.pseudocubic is not None else network_axes(atoms)
    if fractions is None:
        raise _no_network(crystal, "no pseudo-cubic axes")
    axes = fractions @ crystal.cell
    sides = np.linalg.norm(axes, axis=1)
    if sides.max() > LAYERED * sides.min():
        raise _no_network(crystal, f"axes of {', '.join(f'{side:.2f}' for side in sides)} Å")
    ion = atoms.arrays[MOLECULE] == 0
    site = atoms.arrays[SITE]
    found = measure_octahedra(
        atoms.positions,
        np.asarray(atoms.cell),
        np.asarray(atoms.pbc),
        centres=np.flatnonzero(ion & (site == Site.B)),
        corners=np.flatnonzero(ion & (site == Site.X)),
        axes=axes,
    )
    if not len(found.centres) or np.isnan(found.lengths).any():
        raise _no_network(crystal, "octahedra that lack a corner")
    places = atoms.positions[found.centres]
    return _summary(found, places, axes, np.linalg.inv(fractions), resolution)


def tilt_patterns(cells: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return the signs of the two patterns of tilts.

    Parameters
    ----------
    cells : (n, 3) int array
        Number of each octahedron along the pseudo-cubic axes.

    Returns
    -------
    in_phase : (n, 3) float array
        The sign of an in-phase tilt about each axis: equal along it, alternating across it.
    antiphase : (n, 1) float array
        The sign of an antiphase tilt about any axis.
    """
    total = cells.sum(axis=1, keepdims=True)
    return 1.0 - 2.0 * ((total - cells) % 2), 1.0 - 2.0 * (total % 2)


def _summary(
    found: Octahedra, places: FloatArray, axes: FloatArray, cell: FloatArray, resolution: float
) -> TiltAngles:
    """Project the rotations on the patterns that fit the cell, given in pseudo-cubic axes."""
    cells = np.rint((places - places[0]) @ np.linalg.inv(axes)).astype(np.int64)
    steps_in, steps_anti = tilt_patterns(np.rint(cell).astype(np.int64))
    in_phase, antiphase = tilt_patterns(cells)
    in_phase = in_phase * (steps_in > 0).all(axis=0)
    antiphase = antiphase * (steps_anti > 0).all(axis=0)
    mean_in = (in_phase * found.rotations).mean(axis=0)
    mean_anti = (antiphase * found.rotations).mean(axis=0)
    rest = found.rotations - in_phase * mean_in - antiphase * mean_anti
    larger = np.maximum(np.abs(mean_in), np.abs(mean_anti))
    signs = cast(
        "Signs",
        tuple(
            "0" if size < resolution else "+" if abs(plus) >= abs(minus) else "-"
            for size, plus, minus in zip(larger, mean_in, mean_anti, strict=True)
        ),
    )
    sizes = [0.0 if s == "0" else float(size) for s, size in zip(signs, larger, strict=True)]
    return TiltAngles(
        symbol=tilt_symbol(signs, sizes, tolerance=resolution),
        signs=signs,
        angles=(sizes[0], sizes[1], sizes[2]),
        in_phase=np.abs(mean_in),
        antiphase=np.abs(mean_anti),
        rest=float(np.sqrt((rest**2).sum(axis=1).mean())),
        octahedra=found,
    )


def mean_bond_length(crystal: Crystal) -> float:
    """Return the mean B–X length of a perovskite.

    Parameters
    ----------
    crystal : Crystal
        A three-dimensional perovskite with atoms.

    Returns
    -------
    float
        In Å.

    Raises
    ------
    UsageError
        If the crystal is no three-dimensional network of octahedra.
    MissingAtomsError
        If its atoms are not known.

    Examples
    --------
    >>> from heterobuild.crystals import load_phase
    >>> round(mean_bond_length(load_phase("CsPbBr3_cubic")), 3)
    2.937
    """
    return float(tilt_angles(crystal).octahedra.lengths.mean())


def _no_network(crystal: Crystal, measured: str) -> UsageError:
    return UsageError(
        f"{crystal.name} is no three-dimensional network of octahedra",
        measured=measured,
        next_step="measure the tilts of a perovskite ABX3",
    )
