"""The formal dipole of a slab, a wire or a particle."""

from __future__ import annotations

from math import pi
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.labels import Site
from heterobuild.model import Finding
from heterobuild.validation.vacuum import largest_gap, normal

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray
    from heterobuild.model import Level
    from heterobuild.validation.view import View

_DIGITS = 6
_EPSILON_0 = 0.0055263494
"""Vacuum permittivity in e/(V·Å)."""

_DEBYE = 4.80320471
"""One e·Å in debye."""


def dipole(structure: View) -> tuple[Finding, ...]:
    """Report the dipole of a neutral structure that is open along one or more cell vectors.

    Each rigid unit is a point charge at its centre; ligands and spacers, whose charged heads are
    far from their centres, have their charges at their atoms. A structure is open along a vector
    where it is not periodic or leaves a gap of ``limits.open_gap``. A slab has a dipole along its
    normal, judged per area. A wire has the two components across its axis; along it a periodic
    structure has no defined dipole. The dipoles of particles and wires are judged by the
    potential step that they make without screening, as that of a slab is: across a sphere of
    radius R, polarised evenly by a dipole p, the step is p / (2π ε₀ R²); across a cylinder with
    the dipole λ per length it is λ / (π ε₀ R). The radius is that of the sphere or cylinder with
    the same radius of gyration.

    Parameters
    ----------
    structure : View
        The structure.

    Returns
    -------
    tuple of Finding
        One finding, none for a structure without vacuum: for a slab the dipole per area in e/Å,
        else the magnitude of the dipole in e·Å.
    """
    if not structure.unit_charge.any():
        return ()
    is_open, centres = _opened(structure)
    if not is_open.any():
        return ()
    if is_open.sum() == 1:
        return (_of_slab(structure, centres, int(np.flatnonzero(is_open)[0])),)
    return (_of_particle(structure, centres, is_open),)


def _opened(structure: View) -> tuple[BoolArray, FloatArray]:
    """Return the open directions, and the centres in one piece along them."""
    cell, centres = structure.cell, structure.centres
    pbc = np.array(structure.atoms.pbc)
    is_open = ~pbc
    for axis in range(3):
        gap = largest_gap(structure.atoms.positions, cell, axis)
        if gap.period and gap.width >= structure.limits.open_gap:
            is_open[axis] = True
            start = gap.upper - gap.width / 2
            turns = np.floor((centres @ normal(cell, axis) - start) / gap.period)
            if turns.any():
                centres = centres - turns[:, None] * cell[axis]
    return is_open, centres


def _of_long_molecules(structure: View) -> FloatArray:
    """Return the dipole of the charges of ligands and spacers about the centres of these."""
    long = np.flatnonzero(np.isin(structure.site, (Site.LIGAND, Site.SPACER)))
    away = structure.positions[long] - structure.centres[structure.unit[long]]
    moment: FloatArray = structure.charge[long] @ away
    return moment


def _of_slab(structure: View, centres: FloatArray, axis: int) -> Finding:
    """Judge the dipole along the normal of a slab."""
    up = normal(structure.cell, axis)
    area = abs(float(np.linalg.det(structure.cell) / (structure.cell[axis] @ up)))
    total = structure.unit_charge @ centres + _of_long_molecules(structure)
    moment = round(float(total @ up), _DIGITS) + 0.0
    density, limit = moment / area, structure.limits.dipole
    level: Level = "warning" if abs(density) > limit else "info"
    message = f"the formal dipole along the normal is {moment:.4g} e·Å, {density:.2g} e/Å"
    if level == "warning":
        step = density / _EPSILON_0
        message += f": an unscreened step of {step:.3g} V, use a dipole correction"
    return Finding(
        check="dipole", level=level, message=message, value=density, limit=limit, unit="e/Å"
    )


def _of_particle(structure: View, centres: FloatArray, is_open: BoolArray) -> Finding:
    """Judge the dipole of a wire or particle by its potential step."""
    wire = is_open.sum() == 2
    vector = structure.unit_charge @ centres + _of_long_molecules(structure)
    spread = centres - centres.mean(axis=0)
    length = 0.0
    if wire:
        along = structure.cell[int(np.flatnonzero(~is_open)[0])]
        length = float(np.linalg.norm(along))
        across = np.eye(3) - np.outer(along, along) / length**2
        vector, spread = across @ vector, spread @ across
    gyration = float(np.einsum("ij,ij->", spread, spread)) / len(centres)
    area = pi * length * float(np.sqrt(2 * gyration)) if wire else 2 * pi * gyration * 5 / 3
    vector = vector.round(_DIGITS) + 0.0
    moment, limit = float(np.linalg.norm(vector)), structure.limits.dipole * area
    level: Level = "warning" if moment > limit else "info"
    parts = ", ".join(f"{component:.4g}" for component in vector)
    where = "across the wire is" if wire else "is"
    message = f"the formal dipole {where} {moment:.4g} e·Å ({_DEBYE * moment:.4g} D), ({parts}) e·Å"
    if level == "warning":
        step = moment / area / _EPSILON_0
        message += f": an unscreened step of {step:.3g} V from end to end"
    return Finding(
        check="dipole", level=level, message=message, value=moment, limit=limit, unit="e·Å"
    )
