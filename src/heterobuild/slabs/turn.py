"""Turn a slab upside down by a proper two-fold rotation, so that no crystal is mirrored."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.labels import LAYER
from heterobuild.slabs.polarity import charge_and_dipole, tasker_type
from heterobuild.slabs.stacking import arrange, plane_height
from heterobuild.slabs.surface_symmetry import crystal_symmetry

if TYPE_CHECKING:
    from heterobuild.model import Slab, Stacking

HALF_TURN = np.diag([1.0, -1.0, -1.0])
"""Two-fold rotation about x, the first surface vector."""


def turn_stacking(stacking: Stacking) -> Stacking:
    """Turn a stacking by a half-turn about its first surface vector.

    Parameters
    ----------
    stacking : Stacking
        The planes; left unchanged.

    Returns
    -------
    Stacking
        The same crystal seen from below; the face is now (−h −k −l), and its surface vectors
        are u, −v, −w.
    """
    signs = np.array([1.0, -1.0, -1.0])[:, None]
    h, k, m = stacking.miller
    below = (-h, -k, -m)
    atoms = stacking.atoms.copy()
    atoms.positions = atoms.positions @ HALF_TURN
    cell = signs * (stacking.cell @ HALF_TURN)
    return arrange(
        stacking.crystal,
        below,
        cell + 0.0,
        signs * stacking.basis + 0.0,
        atoms,
        symmetry=crystal_symmetry(stacking.crystal),
        tolerance=stacking.tolerance,
    )


def turn_slab(slab: Slab) -> Slab:
    """Turn a slab upside down: its top plane becomes the bottom one.

    Parameters
    ----------
    slab : Slab
        The slab; left unchanged.

    Returns
    -------
    Slab
        The turned slab; a chiral crystal keeps its hand.
    """
    stacking = turn_stacking(slab.stacking)
    period = len(stacking.terminations)
    first = _plane_at(stacking, -plane_height(slab.stacking, slab.first + slab.count - 1))
    atoms = slab.atoms.copy()
    atoms.positions = atoms.positions @ HALF_TURN
    atoms.arrays[LAYER] = slab.count + 1 - atoms.arrays[LAYER]
    atoms.set_cell([*stacking.cell[:2], stacking.cell[2] * slab.count / period])
    charge, dipole = charge_and_dipole(atoms)
    return replace(
        slab,
        atoms=atoms,
        stacking=stacking,
        first=first,
        bottom=stacking.terminations[first % period],
        top=stacking.terminations[(first + slab.count - 1) % period],
        charge=charge,
        dipole=dipole,
        tasker=tasker_type(stacking, first),
        flipped=not slab.flipped,
        cap_bottom=slab.cap_top,
        cap_top=slab.cap_bottom,
    )


def _plane_at(stacking: Stacking, height: float) -> int:
    """Return the number of the plane nearest to a height in Å."""
    period = len(stacking.terminations)
    lowest = np.array([plane.height for plane in stacking.terminations])
    repeats = np.rint((height - lowest) / stacking.cell[2, 2])
    nearest = int(np.argmin(np.abs(lowest + repeats * stacking.cell[2, 2] - height)))
    return int(repeats[nearest]) * period + nearest
