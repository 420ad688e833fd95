"""A crystal with its lattice stretched evenly; molecules keep their shape."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.repeats import pseudocubic_axes
from heterobuild.frameworks.contents import REMEMBERED
from heterobuild.geometry.rigid import move_units
from heterobuild.labels import units

if TYPE_CHECKING:
    from heterobuild.model import Crystal


def cube_edge(crystal: Crystal) -> float:
    """Return the edge of the cube that has the volume of the pseudo-cubic cell.

    Parameters
    ----------
    crystal : Crystal
        Any crystal; the conventional cell counts where there are no pseudo-cubic axes.

    Returns
    -------
    float
        Edge in Å.

    Examples
    --------
    >>> from heterobuild.crystals import load_phase
    >>> round(cube_edge(load_phase("CsPbBr3_cubic")), 3)
    5.874
    """
    return _edge(np.asarray(pseudocubic_axes(crystal), dtype=np.float64).tobytes())


@lru_cache(maxsize=REMEMBERED)
def _edge(axes: bytes) -> float:
    """Return the cube root of the volume between three axes."""
    return float(abs(np.linalg.det(np.frombuffer(axes).reshape(3, 3))) ** (1 / 3))


def stretched(crystal: Crystal, factor: float) -> Crystal:
    """Multiply all lengths of the lattice of a crystal.

    Parameters
    ----------
    crystal : Crystal
        A crystal with atoms; left unchanged.
    factor : float
        New length over old length.

    Returns
    -------
    Crystal
        The stretched crystal.
    """
    atoms = crystal.require_atoms().copy()
    atoms.positions = move_units(
        atoms.positions,
        atoms.numbers,
        units(atoms),
        deformation=factor * np.eye(3),
        rotation=np.eye(3),
    )
    atoms.cell = factor * np.asarray(atoms.cell)
    return replace(crystal, cell=factor * crystal.cell, atoms=atoms)
