"""Cell and atoms of a mixed crystal from those of its end members."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.crystals.cubes import cube_of
from heterobuild.crystals.metric import cell_vectors
from heterobuild.geometry.rigid import move_units, unit_centres
from heterobuild.geometry.strain import polar
from heterobuild.labels import SITE, units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Crystal

SAME_ANGLE = 3.0
"""Degrees by which the angles of cells in one setting may differ."""

SAME_SITE = 1.2
"""Å; tilts and the shifts of A cations move an ion by less from one end member to another, and
sites are at least 2.5 Å apart."""


def same_setting(first: Crystal, second: Crystal) -> bool:
    """Tell whether two crystals are described in the same cell, axis by axis.

    Parameters
    ----------
    first, second : Crystal
        Any crystals.

    Returns
    -------
    bool
        Whether space group, its setting, the formula units in the cell and the pseudo-cubic axes
        are the same, and the angles within `SAME_ANGLE`.
    """
    if (first.space_group, first.z) != (second.space_group, second.z):
        return False
    ours, theirs = first.pseudocubic, second.pseudocubic
    if ours is None or theirs is None:
        if ours is not theirs:
            return False
    elif not np.allclose(ours, theirs, atol=1e-9):
        return False
    angles = [_parameters(crystal.cell)[3:] for crystal in (first, second)]
    return bool(np.abs(angles[0] - angles[1]).max() <= SAME_ANGLE)


def mixed_cell(parent: Crystal, crystals: Sequence[Crystal], weights: FloatArray) -> FloatArray:
    """Return the cell of a mixed crystal in the setting of its parent.

    In one setting lengths and angles are linear in the shares. Otherwise the parent's cell is
    scaled: alike along all axes until its pseudo-cubic length (without one, the cube root of the
    volume of a formula unit) is the mixed one; a layered cell by the pseudo-cubic length in the
    plane, and along the normal so that the volume of a formula unit is linear.

    Parameters
    ----------
    parent : Crystal
        The end member with the largest share.
    crystals : sequence of Crystal
        All end members.
    weights : (m,) float array
        Their shares.

    Returns
    -------
    (3, 3) float array
        Row vectors in Å in the orientation of the parent's cell.
    """
    if all(same_setting(parent, crystal) for crystal in crystals):
        mean = weights @ np.array([_parameters(crystal.cell) for crystal in crystals])
        cell = cell_vectors(mean.tolist())
        own = cell_vectors(_parameters(parent.cell).tolist())
        if cell is not None and own is not None:
            turned: FloatArray = cell @ np.linalg.solve(own, parent.cell)
            return turned
    lengths = np.array([cell_length(crystal) for crystal in crystals])
    scale = float(weights @ lengths) / cell_length(parent)
    axes = parent.pseudocubic
    cube = cube_of(parent)
    if axes is None or cube is None or len(cube.edges) == 3:
        scaled: FloatArray = scale * parent.cell
        return scaled
    volumes = np.array([np.linalg.det(crystal.cell) / crystal.z for crystal in crystals])
    rise = float(weights @ volumes) * parent.z / float(np.linalg.det(parent.cell)) / scale**2
    plane = axes[:2] @ parent.cell
    normal = np.cross(plane[0], plane[1])
    normal /= np.linalg.norm(normal)
    stretch = scale * np.eye(3) + (rise - scale) * np.outer(normal, normal)
    layered: FloatArray = parent.cell @ stretch
    return layered


def cell_length(crystal: Crystal) -> float:
    """Return the length by which a crystal is mixed with others.

    Parameters
    ----------
    crystal : Crystal
        Any crystal.

    Returns
    -------
    float
        Mean edge of its cube in Å, or the cube root of the volume of a formula unit.
    """
    cube = cube_of(crystal)
    if cube is not None:
        return cube.mean
    return float((np.linalg.det(crystal.cell) / crystal.z) ** (1 / 3))


def mixed_atoms(
    parent: Crystal, crystals: Sequence[Crystal], weights: FloatArray, cell: FloatArray
) -> Atoms | None:
    """Return the atoms of the parent in a mixed cell.

    Rigid units lie at the mean of their fractional coordinates in all end members whose sites
    correspond one to one, so that tilts, and with them the mean bond lengths, change linearly
    with the shares and without a jump where another ion takes the lead. Other end members do not
    count. The shapes of molecules only turn.

    Parameters
    ----------
    parent : Crystal
        The end member whose ions the atoms are.
    crystals : sequence of Crystal
        All end members.
    weights : (m,) float array
        Their shares.
    cell : (3, 3) float array
        The mixed cell in Å.

    Returns
    -------
    ase.Atoms or None
        Labelled atoms; None where only the cell of the parent is known.
    """
    if parent.atoms is None:
        return None
    atoms = parent.atoms.copy()
    unit = units(atoms)
    centres = unit_centres(atoms.positions, atoms.numbers, unit)
    total, weight = np.zeros_like(centres), 0.0
    for crystal, share in zip(crystals, weights, strict=True):
        shift = _displacements(parent, crystal)
        if shift is not None:
            total += share * shift
            weight += float(share)
    mapping = np.linalg.solve(parent.cell, cell)
    atoms.positions = move_units(
        atoms.positions, atoms.numbers, unit, deformation=mapping, rotation=polar(mapping)[1]
    )
    if weight:
        atoms.positions += (total / weight @ cell)[unit]
    atoms.set_cell(cell)
    return atoms


def _displacements(parent: Crystal, other: Crystal) -> FloatArray | None:
    """Return how far each unit lies elsewhere in another end member, in fractions.

    The origin may differ by half a cell edge. None where the sites do not correspond.
    """
    if other is parent:
        return np.zeros((int(units(parent.require_atoms()).max()) + 1, 3))
    if other.atoms is None or not same_setting(parent, other):
        return None
    here, role = _sites(parent)
    there, other_role = _sites(other)
    if sorted(role) != sorted(other_role):
        return None
    best, least = None, SAME_SITE
    for origin in product((0.0, 0.5), repeat=3):
        between = there[None] + np.array(origin) - here[:, None]
        between -= np.rint(between)
        distance = np.linalg.norm(between @ parent.cell, axis=2)
        distance[role[:, None] != other_role[None]] = np.inf
        nearest = distance.argmin(axis=1)
        farthest = float(distance.min(axis=1).max())
        if farthest < least and len(set(nearest.tolist())) == len(nearest):
            best, least = between[np.arange(len(here)), nearest], farthest
    return best


def _sites(crystal: Crystal) -> tuple[FloatArray, IntArray]:
    """Return fractional centre and role of each rigid unit."""
    atoms = crystal.require_atoms()
    unit = units(atoms)
    centres = unit_centres(atoms.positions, atoms.numbers, unit)
    _, first = np.unique(unit, return_index=True)
    return centres @ np.linalg.inv(crystal.cell), atoms.arrays[SITE][first]


def _parameters(cell: FloatArray) -> FloatArray:
    """Return a, b, c in Å and α, β, γ in degrees."""
    from ase.geometry import cell_to_cellpar

    return np.asarray(cell_to_cellpar(cell), dtype=np.float64)
