"""Atoms by model for phases of which only the cell was published."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.crystals.cubes import LAYERED
from heterobuild.geometry.rigid import move_units
from heterobuild.labels import SITE, Site, units

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.model import Compound, Crystal

SAME_SHAPE = 0.05
"""Relative difference of edges up to which two cells of one space group are taken for the same
setting; estimates of edges are within 3 %."""


def complete(crystal: Crystal, compound: Compound) -> Crystal:
    """Give a measured cell the atoms of its prototype.

    Layered phases keep their measured in-plane lattice and layer spacing; their cell becomes the
    one in which the model stacks, two sheets high. Other phases keep their cell, and take the
    fractional coordinates of the prototype where it has the same space group and setting.

    Parameters
    ----------
    crystal : Crystal
        A phase of the library without atoms.
    compound : Compound
        Its compound.

    Returns
    -------
    Crystal
        The crystal with atoms, low confidence in their coordinates and a notice; the crystal as
        it was where the model does not fit its cell.

    Raises
    ------
    HeterobuildError
        If the prototype cannot be built.
    """
    if compound.layers:
        return _layered(crystal, compound)
    from heterobuild.prototypes.builders import build_prototype

    model = build_prototype(compound, crystal.phase)
    measured, built = (np.linalg.norm(entry.cell, axis=1) for entry in (crystal, model))
    fits = np.abs(measured / built - 1).max() < SAME_SHAPE
    if model.space_group_number != crystal.space_group_number or not fits:
        return crystal
    deformation = np.linalg.solve(model.cell, crystal.cell)
    return _with_atoms(crystal, model, deformation)


def _layered(crystal: Crystal, compound: Compound) -> Crystal:
    """Build the sheets in the measured lattice of a layered phase."""
    from heterobuild.layered.building import build_layered
    from heterobuild.layered.explicit_symmetry import explicit_space_group
    from heterobuild.layered.options import LayeredOptions

    if crystal.pseudocubic is None:
        return crystal
    axes = _axes(crystal)
    if np.linalg.norm(axes[2]) < LAYERED * np.linalg.norm(axes[:2], axis=1).mean():
        return crystal
    edges, spacing = _plane_and_spacing(axes)
    options = LayeredOptions(length=float(np.linalg.norm(axes[:2], axis=1).mean()))
    model = build_layered(compound, options=options)
    options = replace(options, gap=_gap(model, spacing))
    model = build_layered(compound, options=options)
    own_edges, height = _plane_and_spacing(_axes(model))
    turn = np.linalg.solve(own_edges, _axes(model)[:2, :2])
    deformation = np.eye(3)
    deformation[:2, :2] = turn.T @ np.linalg.solve(own_edges, edges) @ turn
    deformation[2, 2] = spacing / height
    completed = _with_atoms(crystal, model, deformation)
    free = [
        kind for kind, body in enumerate(completed.molecules, 1) if body.name in completed.placed
    ]
    symbol, number = explicit_space_group(completed.require_atoms(), completed.cell, free)
    return replace(
        completed,
        pseudocubic=model.pseudocubic,
        space_group=symbol,
        space_group_number=number,
        z=model.z,
    )


def _gap(model: Crystal, spacing: float) -> float:
    """Return the distance of facing halide planes that gives a layer spacing."""
    atoms = model.require_atoms()
    height = float(model.cell[2, 2])
    halides = np.sort(atoms.positions[atoms.arrays[SITE] == Site.X, 2] % height)
    widest = float(np.diff(halides, append=halides[0] + height).max())
    return widest + spacing - _plane_and_spacing(_axes(model))[1]


def _axes(crystal: Crystal) -> FloatArray:
    """Return the two in-plane pseudo-cubic axes and the step to the next layer, rows in Å."""
    if crystal.pseudocubic is None:
        raise ValueError(f"{crystal.name} has no axes of its layers")
    axes: FloatArray = crystal.pseudocubic @ crystal.cell
    return axes


def _plane_and_spacing(axes: FloatArray) -> tuple[FloatArray, float]:
    """Return the in-plane axes turned into a symmetric matrix, and the distance of layers in Å."""
    gram = axes[:2] @ axes[:2].T
    values, vectors = np.linalg.eigh(gram)
    plane: FloatArray = vectors @ np.diag(np.sqrt(values)) @ vectors.T
    spacing = abs(float(np.linalg.det(axes))) / float(np.linalg.det(plane))
    return plane, spacing


def _edges(crystal: Crystal) -> str:
    """Return the measured edges of a conventional cell."""
    return " ".join(f"{edge:g}" for edge in np.linalg.norm(crystal.cell, axis=1).round(4))


def _with_atoms(crystal: Crystal, model: Crystal, deformation: FloatArray) -> Crystal:
    """Deform a model into the measured lattice; molecules keep their shape."""
    atoms = model.require_atoms().copy()
    atoms.positions = move_units(
        atoms.positions,
        atoms.numbers,
        units(atoms),
        deformation=deformation,
        rotation=np.eye(3),
    )
    cell = model.cell @ deformation
    along = cell[0] / np.linalg.norm(cell[0])
    across = np.cross(np.cross(along, cell[1]), along)
    across /= np.linalg.norm(across)
    frame = np.stack([along, across, np.cross(along, across)]).T
    atoms.positions = atoms.positions @ frame
    atoms.set_cell(np.round(cell @ frame, 12) + 0.0)
    told = (
        f"{crystal.name}: the lattice is measured ({crystal.space_group}, {_edges(crystal)} Å), "
        "the stacking and the atoms are a model; relax them"
    )
    return replace(
        crystal,
        cell=np.asarray(atoms.cell).copy(),
        atoms=atoms,
        molecules=model.molecules,
        placed=model.placed,
        source=replace(crystal.source, coordinates="low"),
        notices=(*crystal.notices, told),
    )
