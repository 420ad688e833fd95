"""Atoms → what a picture shows of them: spheres, bonds, polyhedra, cell and interfaces.

The side view looks along an in-plane lattice vector; the stacking axis points to the right. All
coordinates are in Å in the frame of the screen: x right, y up, z towards the viewer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Literal

import numpy as np

from heterobuild import labels
from heterobuild.chemistry.bonds import find_bonds
from heterobuild.geometry.rigid import unit_centres
from heterobuild.reporting.polyhedra import Polyhedra, find_polyhedra
from heterobuild.reporting.stretches import find_stretches

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ase import Atoms

    from heterobuild.arrays import BoolArray, FloatArray, IntArray

_EDGE = (
    1e-3  # fraction of a cell: atoms on the lower and on the upper border of the window are shown
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Scene:
    """Everything a picture shows.

    Parameters
    ----------
    atoms : ase.Atoms
        Visible atoms with their labels, positions in the frame of the screen.
    bonds : (m, 2) int array
        Bonded atoms of the molecules.
    polyhedra : Polyhedra
        Coordination polyhedra of the B sites.
    outline : (k, 2, 3) float array
        Edges of the unit cell; of a cell deeper than the picture those of its front.
    view : {"side", "cut"}
        What kind of view it is.
    thin : (n,) bool array
        Atoms that are joints of sticks instead of spheres.
    extent : (k, 2) float array
        Points that are in the picture besides the atoms and the outline, Å.
    interfaces : tuple of float, optional
        Where the region changes along x, Å.
    spans : mapping of int to tuple of (float, float), optional
        Stretches of x that each region fills, Å.
    walls : (l, 2, 2) float array, optional
        Lines between the regions on the screen, Å.
    note : str, optional
        What is said above the picture.
    """

    atoms: Atoms
    bonds: IntArray
    polyhedra: Polyhedra
    outline: FloatArray
    view: Literal["side", "cut"]
    thin: BoolArray
    extent: FloatArray
    interfaces: tuple[float, ...] = ()
    spans: Mapping[int, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    walls: FloatArray = field(default_factory=lambda: np.zeros((0, 2, 2)))
    note: str = ""


def make_scene(
    atoms: Atoms, *, along: Literal["a", "b"], height: float, depth: float, turn: float
) -> Scene:
    """Collect what a picture shows.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms, molecules whole; the third cell vector leads out of the plane of the
        other two.
    along : {"a", "b"}
        In-plane vector that the view looks along.
    height, depth : float
        Height and depth of the picture in Å; small cells are repeated to about this size, of
        large ones the front is shown.
    turn : float
        Turn of the view about the stacking axis in degrees, so that rows behind one another
        part. Distances along the stacking axis stay true.

    Returns
    -------
    Scene
        What the picture shows.
    """
    cell = atoms.cell.array
    look, rise = (1, 0) if along == "b" else (0, 1)
    window = _window(cell, look=look, rise=rise, height=height, depth=depth)
    copies = _copies(atoms, window)
    centres = _centres(copies)
    fraction = centres @ np.linalg.inv(_upright(cell))
    if not atoms.pbc[2]:
        fraction[:, 2] = 0.5
    edge = np.where(np.arange(3) == rise, _EDGE, -_EDGE)
    inside = np.all((fraction > window[0] - _EDGE) & (fraction < window[1] + edge), axis=1)
    frame = view_frame(cell, look=look, turn=turn)
    copies.positions = copies.positions @ frame
    polyhedra = find_polyhedra(copies, inside)
    visible = inside.copy()
    visible[polyhedra.corners] = True
    picked = labels.take(copies, np.flatnonzero(visible))
    period = float(cell[2] @ frame[:, 0]) if atoms.pbc[2] else None
    spans, interfaces = find_stretches(
        centres[inside] @ frame[:, 0], copies.arrays[labels.REGION][inside], period
    )
    return Scene(
        view="side",
        atoms=picked,
        bonds=bonds_of_molecules(picked),
        polyhedra=polyhedra,
        outline=_cell_edges(cell, look if window[0, look] > 0 else None) @ frame,
        thin=np.zeros(len(picked), dtype=bool),
        extent=np.zeros((0, 2)),
        interfaces=interfaces,
        spans=spans,
    )


def view_frame(cell: FloatArray, *, look: int, turn: float) -> FloatArray:
    """Return the axes of the screen.

    Parameters
    ----------
    cell : (3, 3) float array
        Cell in Å.
    look : int
        In-plane vector that points towards the viewer before the turn, 0 or 1.
    turn : float
        Turn about the stacking axis in degrees.

    Returns
    -------
    (3, 3) float array
        Columns are the axes x, y, z of the screen; a proper rotation, so that the picture
        keeps the hand of the structure.

    Examples
    --------
    >>> view_frame(np.diag([5.0, 6.0, 7.0]), look=1, turn=0.0).T.tolist()
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    """
    normal = np.cross(cell[0], cell[1])
    x = normal / np.linalg.norm(normal)
    z = cell[look] / np.linalg.norm(cell[look])
    y = np.cross(z, x)
    cosine, sine = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    return np.stack([x, cosine * y + sine * z, cosine * z - sine * y], axis=1)


def unit_places(atoms: Atoms) -> FloatArray:
    """Return where each atom's rigid unit is.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms, molecules whole.

    Returns
    -------
    (n, 3) float array
        Å; of an ion its position, of a molecule its centre without hydrogen, of a ligand or
        spacer the middle of its charged atoms, which sit on the framework.
    """
    places = _centres(atoms)
    organic = np.isin(atoms.arrays[labels.SITE], (labels.Site.LIGAND, labels.Site.SPACER))
    charged = organic & (atoms.arrays[labels.CHARGE] != 0)
    if not charged.any():
        return places
    unit = labels.units(atoms)
    count = np.bincount(unit[charged], minlength=int(unit.max()) + 1)
    held = organic & (count[unit] > 0)
    for axis, column in enumerate(atoms.positions.T):
        total = np.bincount(unit[charged], weights=column[charged], minlength=len(count))
        places[held, axis] = (total / np.maximum(count, 1))[unit[held]]
    return places


def bonds_of_molecules(atoms: Atoms) -> IntArray:
    """Return the bonds inside molecules.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms, periodic images written out.

    Returns
    -------
    (m, 2) int array
        Bonded atoms.
    """
    pairs, _ = find_bonds(atoms.numbers, atoms.positions)
    molecule = atoms.arrays[labels.MOLECULE]
    first, second = molecule[pairs[:, 0]], molecule[pairs[:, 1]]
    bonds: IntArray = pairs[(first == second) & (first > 0)]
    return bonds


def _window(cell: FloatArray, *, look: int, rise: int, height: float, depth: float) -> FloatArray:
    """Return the lowest and highest fractions shown, shape (2, 3)."""
    window = np.array([[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]])
    lengths = np.linalg.norm(cell, axis=1)
    window[1, rise] = max(1, round(height / lengths[rise]))
    if lengths[look] > 1.5 * depth:
        window[0, look] = 1 - depth / lengths[look]
    else:
        window[1, look] = max(1, round(depth / lengths[look]))
    return window


def _copies(atoms: Atoms, window: FloatArray) -> Atoms:
    """Return the cells of the window and those around it, as far as neighbours may lie."""
    cell = atoms.cell.array
    ranges = [
        range(-1, int(high) + 1) if periodic else range(1)
        for high, periodic in zip(window[1], atoms.pbc, strict=True)
    ]
    shifts = np.array(list(product(*ranges)), dtype=np.float64) @ cell
    copies = labels.repeat(atoms, shifts, cell)
    fraction = _centres(copies) @ np.linalg.inv(cell)
    margin = 8.0 / np.linalg.norm(cell, axis=1)
    near = (fraction > window[0] - margin) & (fraction < window[1] + margin)
    near[:, ~np.asarray(atoms.pbc)] = True
    return labels.take(copies, np.flatnonzero(near.all(axis=1)))


def _centres(atoms: Atoms) -> FloatArray:
    """Return the centre of each atom's rigid unit."""
    unit = labels.units(atoms)
    return unit_centres(atoms.positions, atoms.numbers, unit)[unit]


def _upright(cell: FloatArray) -> FloatArray:
    """Return the cell with its third vector along the normal, of the same height."""
    normal = np.cross(cell[0], cell[1])
    return np.array([cell[0], cell[1], (cell[2] @ normal) / (normal @ normal) * normal])


def _cell_edges(cell: FloatArray, front: int | None) -> FloatArray:
    """Return the edges of the unit cell, or of the face at the end of one vector."""
    corners = np.array(list(product((0, 1), repeat=3)))
    ends = [
        (one, other)
        for i, one in enumerate(corners)
        for other in corners[i + 1 :]
        if np.abs(one - other).sum() == 1
        and (front is None or (one[front] == 1 and other[front] == 1))
    ]
    edges: FloatArray = np.array(ends) @ cell
    return edges
