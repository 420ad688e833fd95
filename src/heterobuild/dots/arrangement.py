"""Where the dots of a matrix are, how large each one is and how it is turned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.dots.room import DotRoom, judge_room, pair_gaps
from heterobuild.dots.sizes import Placement, dot_forms
from heterobuild.dots.tables import read_dots
from heterobuild.errors import NothingFitsError, UsageError
from heterobuild.geometry.arrangements import random_sequential
from heterobuild.geometry.lattice_sites import lattice_arrangement, snap_to_lattice
from heterobuild.particles.forms import make_form
from heterobuild.particles.options import ParticleShape
from heterobuild.seeds import generator

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heterobuild.arrays import FloatArray
    from heterobuild.dots.places import Dots
    from heterobuild.geometry.orientation_relations import OrientationRelation
    from heterobuild.model import Crystal
    from heterobuild.particles.forms import Form
    from heterobuild.particles.options import ShapeKind

__all__ = ["Lattice", "PlacedDots", "Placement", "arrange_dots", "fits"]

_TABLE_KINDS: dict[str, ShapeKind] = {
    "sphere": "sphere",
    "cube": "cube",
    "octahedron": "octahedron",
    "rhombic-dodecahedron": "rhombic-dodecahedron",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class PlacedDots:
    """Dots one by one.

    Parameters
    ----------
    centres : (n, 3) float array
        Centres in Å in the frame of the model.
    forms : tuple of Form
        Form of each; dots of one size share one.
    rotations : (n, 3, 3) float array
        Proper rotation of each, ``points' = points @ rotation``, after that of its form.
    """

    centres: FloatArray
    forms: tuple[Form, ...]
    rotations: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Lattice:
    """The lattice on which coherent dots are centred.

    Parameters
    ----------
    steps : (3, 3) float array
        Pseudo-cubic axes in Å, rows, in the frame of the model.
    origin_of : callable
        Takes the parity of a form and returns a point of the lattice in Å.
    """

    steps: FloatArray
    origin_of: Callable[[Sequence[str]], FloatArray]


def arrange_dots(
    shape: ParticleShape,
    crystal: Crystal,
    placement: Placement,
    *,
    cell: FloatArray,
    pbc: Sequence[bool],
    seed: int,
    lattice: Lattice | None = None,
    turns: Callable[[int], FloatArray] | None = None,
    rotation_of: Callable[[OrientationRelation], FloatArray] | None = None,
) -> PlacedDots:
    """Choose sizes, places and orientations of dots in a cell.

    Parameters
    ----------
    shape : ParticleShape
        Form and mean size.
    crystal : Crystal
        The crystal whose octahedra are counted: that of the dots, or the common lattice.
    placement : Placement
        How many, how different, and where.
    cell : (3, 3) float array
        Cell of the matrix in Å, rows, in the frame of the model.
    pbc : sequence of three bool
        Along which of its vectors it repeats. Along the others dots lie within it.
    seed : int
        Seed of sizes and places.
    lattice : Lattice, optional
        For coherent dots: centres are moved onto it.
    turns : callable, optional
        Takes the number of dots and returns their rotations (n, 3, 3); none by default. Those of
        a table come first.
    rotation_of : callable, optional
        Turns an orientation relation of a table into a rotation.

    Returns
    -------
    PlacedDots
        The dots.

    Raises
    ------
    UsageError
        If a dot is larger than the matrix, dots overlap, or an option cannot be used.
    NothingFitsError
        If the dots cannot be placed at the wanted separation, with the fraction reached.

    Examples
    --------
    >>> from heterobuild.crystals import load_phase
    >>> found = arrange_dots(
    ...     ParticleShape(kind="sphere", radius=12.0), load_phase("CsPbBr3_cubic"),
    ...     Placement(count=3), cell=70.0 * np.eye(3), pbc=(True, True, True), seed=1,
    ... )
    >>> found.centres.shape, found.forms[0].kind
    ((3, 3), 'sphere')
    """
    place = (bool(pbc[0]), bool(pbc[1]), bool(pbc[2]))
    if placement.table is not None:
        rows = read_dots(
            placement.table,
            cell=cell,
            pbc=place,
            separation=placement.separation,
            shape=shape.kind if shape.kind in _TABLE_KINDS else "sphere",
            rotation_of=rotation_of,
        )
        dots = _from_table(shape, crystal, rows)
        if lattice is not None:
            dots = replace(dots, centres=_on_lattice(dots.centres, dots.forms, lattice))
            judge_room(_room(dots, placement, cell, place))
        return dots
    volume = float(abs(np.linalg.det(cell)))
    forms = dot_forms(shape, crystal, placement, volume=volume, seed=seed)
    rotations = np.tile(np.eye(3), (len(forms), 1, 1)) if turns is None else turns(len(forms))
    dots = PlacedDots(centres=np.zeros((len(forms), 3)), forms=forms, rotations=rotations)
    room = _room(dots, placement, cell, place)
    return replace(dots, centres=_places(dots, placement, room, lattice, seed))


def fits(
    dots: PlacedDots, placement: Placement, cell: FloatArray, pbc: tuple[bool, bool, bool]
) -> bool:
    """Tell whether dots keep their distance where they are.

    Parameters
    ----------
    dots : PlacedDots
        The dots.
    placement : Placement
        For the separation.
    cell : (3, 3) float array
        Cell of the matrix in Å.
    pbc : tuple of bool
        Along which of its vectors it repeats.

    Returns
    -------
    bool
        Whether none is too near to another one or stands out of the cell.
    """
    try:
        judge_room(_room(dots, placement, cell, pbc))
    except UsageError:
        return False
    return True


def _places(
    dots: PlacedDots, placement: Placement, room: DotRoom, lattice: Lattice | None, seed: int
) -> FloatArray:
    """Return the centres of the dots."""
    many = len(dots.forms) > 1
    if placement.arrangement == "random" and many:
        found = _random(dots, placement, room, lattice, seed)
    else:
        found = room.cell.sum(axis=0, keepdims=True) / 2
        if many:
            found = lattice_arrangement(placement.arrangement, room.cell, count=len(dots.forms))
        if lattice is not None:
            found = _on_lattice(found, dots.forms, lattice)
    judge_room(replace(room, centres=found))
    return found


def _random(
    dots: PlacedDots, placement: Placement, room: DotRoom, lattice: Lattice | None, seed: int
) -> FloatArray:
    """Place dots at random; on a lattice the centres of odd and even sizes differ by half steps.

    All are placed on one lattice and then moved by their half steps. Pairs are looked for as much
    further out as that can bring them together, and judged by their distance after it.
    """
    steps, origin, shifts = None, np.zeros(3), np.zeros((len(dots.forms), 3))
    if lattice is not None:
        steps = lattice.steps
        origins = np.array([lattice.origin_of(form.parity) for form in dots.forms])
        origin, shifts = origins[0], origins - origins[0]
    kinds = np.unique(shifts.round(6), axis=0)
    widest = max(float(np.linalg.norm(a - b)) for a in kinds for b in kinds)
    _judge_largest(room)
    try:
        found = random_sequential(
            room.cell,
            room.pbc,
            room.radii,
            placement.separation + widest,
            generator(seed, "places of dots"),
            lattice=steps,
            origin=origin.tolist(),
            margin=widest,
            pair_gap=lambda i, j, vectors: (
                pair_gaps(room, i, j, vectors + shifts[j] - shifts[i]) + widest
            ),
        )
    except NothingFitsError as error:
        raise NothingFitsError(
            f"{len(dots.forms)} dots cannot be placed {placement.separation:g} Å apart",
            where=error.where,
            measured=error.measured,
            allowed=error.allowed,
            next_step=error.next_step,
        ) from None
    centres: FloatArray = found + shifts
    return centres


def _judge_largest(room: DotRoom) -> None:
    """Refuse a dot that has no room by itself, in the middle of the cell."""
    k = int(np.argmax(room.radii))
    middle = room.cell.sum(axis=0, keepdims=True) / 2
    judge_room(
        replace(room, centres=middle, forms=room.forms[k : k + 1], rotations=room.rotations[[k]])
    )


def _on_lattice(centres: FloatArray, forms: Sequence[Form], lattice: Lattice) -> FloatArray:
    """Move centres onto the lattice, each onto the point that its size wants."""
    moved = np.empty_like(centres)
    parities = [form.parity for form in forms]
    for parity in sorted(set(parities)):
        chosen = np.array([p == parity for p in parities])
        moved[chosen] = snap_to_lattice(centres[chosen], lattice.steps, lattice.origin_of(parity))
    return moved


def _room(
    dots: PlacedDots, placement: Placement, cell: FloatArray, pbc: tuple[bool, bool, bool]
) -> DotRoom:
    """Return the solids of the dots and the cell they need room in."""
    return DotRoom(
        centres=dots.centres,
        forms=dots.forms,
        rotations=dots.rotations,
        cell=cell,
        pbc=pbc,
        separation=placement.separation,
    )


def _from_table(shape: ParticleShape, crystal: Crystal, dots: Dots) -> PlacedDots:
    """Return the forms of dots that were given one by one."""
    made: dict[tuple[str, float], Form] = {}
    keys = list(zip(dots.shapes, dots.radii.tolist(), strict=True))
    for kind, radius in keys:
        if (kind, radius) not in made:
            options = ParticleShape(
                kind=_TABLE_KINDS[kind],
                radius=radius,
                centre=shape.centre,
                along_x=shape.along_x,
                along_z=shape.along_z,
            )
            made[kind, radius] = make_form(options, crystal)
    return PlacedDots(
        centres=dots.centres,
        forms=tuple(made[key] for key in keys),
        rotations=dots.rotations,
    )
