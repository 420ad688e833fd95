"""How many atoms a model will have and how much memory it takes, before it is built."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.frameworks.scaling import cube_edge
from heterobuild.model import Estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.geometry.shapes import Shape
    from heterobuild.model import Crystal

BASE = 250_000_000
"""Bytes of the program itself with its libraries."""

PER_ATOM = 500
"""Bytes an atom at the peak, which is in the checks; measured at 10⁶ and 10⁷ atoms."""

PER_ATOM_ELASTIC = 3500
"""Bytes an atom of the elastic estimate: the springs and their sparse matrix."""

_GRID = 48


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
    half = np.array([h if np.isfinite(h) else (period or 1.0) / 2 for h in shape.half])
    lines = [(np.arange(_GRID) + 0.5) / _GRID * 2 * h - h for h in half]
    points = np.stack(np.meshgrid(*lines, indexing="ij"), axis=-1).reshape(-1, 3)
    share = float((shape.distance(points) <= 0).mean())
    return share * float(np.prod(2 * half))


def estimate_atoms(
    parts: Sequence[tuple[Crystal, float]], *, host: Crystal | None = None, elastic: bool = False
) -> Estimate:
    """Estimate a model from the volumes of its parts.

    Parameters
    ----------
    parts : sequence of (Crystal, float)
        Crystals and their volumes in Å³.
    host : Crystal, optional
        The crystal whose lattice all parts share; each its own by default.
    elastic : bool, optional
        Whether the elastic estimate is made.

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
    each = PER_ATOM + (PER_ATOM_ELASTIC if elastic else 0)
    return Estimate(atoms=round(atoms), memory=BASE + round(atoms * each))
