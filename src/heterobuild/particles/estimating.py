"""How many atoms a model will have and how much memory it takes, before it is built."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.frameworks.scaling import cube_edge
from heterobuild.labels import SITE, Site
from heterobuild.model import Estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import BoolArray, FloatArray
    from heterobuild.geometry.shapes import Shape
    from heterobuild.model import Crystal

BASE = 250_000_000
"""Bytes of the program itself with its libraries."""

PER_ATOM = 500
"""Bytes an atom at the peak, which is in the checks; measured at 10⁶ and 10⁷ atoms."""

PER_ATOM_ELASTIC = 3500
"""Bytes an atom of the elastic estimate: the springs and their sparse matrix."""

ELASTIC_UP_TO = 200_000
"""Sites up to which "auto" makes the elastic estimate: about a minute."""

_GRID, _PLANES = 48, 8
_REMEMBERED = 16


def solid_volume(shape: Shape, period: float | None = None) -> float:
    """Measure the volume of a solid on a grid.

    Parameters
    ----------
    shape : Shape
        The solid.
    period : float, optional
        Length in Å that is taken along z of an endless one.

    Returns
    -------
    float
        Volume in Å³, right to a few percent.

    Examples
    --------
    >>> from heterobuild.geometry.shapes import sphere
    >>> round(solid_volume(sphere(10.0)) / (4 / 3 * np.pi * 1000), 1)
    1.0
    """
    inside, half = _sampled(shape, period)
    return float(np.count_nonzero(inside) / inside.size * np.prod(2 * half))


@lru_cache(maxsize=_REMEMBERED)
def _sampled(shape: Shape, period: float | None) -> tuple[BoolArray, FloatArray]:
    """Return which points of a grid in the bounding box are inside, and its half extents.

    A few planes of the grid are measured at a time, so that they stay in the cache.
    """
    half = np.array([h if np.isfinite(h) else (period or 1.0) / 2 for h in shape.half])
    x, y, z = ((np.arange(_GRID) + 0.5) / _GRID * 2 * h - h for h in half)
    points, inside = np.empty((_PLANES, _GRID, _GRID, 3)), np.empty((_GRID,) * 3, dtype=bool)
    points[..., 1], points[..., 2] = y[:, None], z
    for first in range(0, _GRID, _PLANES):
        part = slice(first, first + _PLANES)
        points[..., 0] = x[part, None, None]
        inside[part] = (shape.distance(points.reshape(-1, 3)) <= 0).reshape(points.shape[:3])
    inside.setflags(write=False)
    return inside, half


def carved_volume(
    shape: Shape, crystal: Crystal, edge: float, termination: str, period: float | None = None
) -> float:
    """Return the volume of crystal that has as many atoms as a neutral particle.

    A particle of N octahedra with T halides at its surface has 3 N + T/2 halides, so N + T/2
    cations A if these halides are there, and 3 N − T/2 and N − T/2 if they are not.

    Parameters
    ----------
    shape : Shape
        The solid that holds the B cations, axes of the lattice along x, y and z.
    crystal : Crystal
        The perovskite at the surface.
    edge : float
        Edge of its pseudo-cubic cell in Å.
    termination : {"AX", "BX2"}
        Outermost plane.
    period : float, optional
        Length in Å that is taken along z of an endless one.

    Returns
    -------
    float
        Volume in Å³ on the lattice of that edge.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> from heterobuild.geometry.shapes import cuboid
    >>> cube = cuboid((30.0, 30.0, 30.0))
    >>> round(carved_volume(cube, load_crystal("CsPbBr3"), 6.0, "AX") / 6.0**3)
    1120
    """
    inside, half = _sampled(shape, period)
    terminal = 0.0
    for axis in range(3):
        if np.isfinite(shape.half[axis]):
            across = np.prod(np.delete(2 * half, axis)) / edge**2
            terminal += 2 * float(inside.any(axis=axis).mean() * across)
    outer, all_atoms = surface_atoms(crystal)
    sign = 1 if termination == "AX" else -1
    full = float(inside.mean() * np.prod(2 * half))
    return full + sign * terminal / 2 * outer / all_atoms * edge**3


def surface_atoms(crystal: Crystal) -> tuple[float, float]:
    """Count the atoms of one A and one X, and those of a formula unit, for each B.

    Parameters
    ----------
    crystal : Crystal
        A perovskite.

    Returns
    -------
    tuple of float
        The two numbers.
    """
    site = crystal.require_atoms().arrays[SITE]
    cations, centres, halides = (int((site == s).sum()) for s in (Site.A, Site.B, Site.X))
    return (cations + halides / 3) / centres, len(site) / centres


def estimate_atoms(
    parts: Sequence[tuple[Crystal, float]],
    *,
    host: Crystal | None = None,
    elastic: bool | str = False,
) -> Estimate:
    """Estimate a model from the volumes of its parts.

    Parameters
    ----------
    parts : sequence of (Crystal, float)
        Crystals and their volumes in Å³.
    host : Crystal, optional
        The crystal whose lattice all parts share; each its own by default.
    elastic : bool or "auto", optional
        Whether the elastic estimate is made; "auto" makes it up to `ELASTIC_UP_TO` atoms.

    Returns
    -------
    Estimate
        Atoms and memory.
    """
    atoms = 0.0
    for crystal, volume in parts:
        own = float(abs(np.linalg.det(crystal.cell)))
        if host is not None:
            own *= (cube_edge(host) / cube_edge(crystal)) ** 3
        atoms += len(crystal.require_atoms()) * volume / own
    relaxed = elastic is True or (elastic == "auto" and atoms <= ELASTIC_UP_TO)
    each = PER_ATOM + (PER_ATOM_ELASTIC if relaxed else 0)
    return Estimate(atoms=round(atoms), memory=BASE + round(atoms * each))
