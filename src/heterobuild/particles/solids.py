"""The solids of each kind of particle: the form itself, and the room for B sites in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.geometry.polyhedra import solid
from heterobuild.geometry.shape_algebra import capped
from heterobuild.geometry.shapes import cuboid, cylinder, ellipsoid, parallelepiped, sphere
from heterobuild.particles.centring import LETTERS, best_parity, parity_of_counts
from heterobuild.particles.octahedron_room import octahedron_of, room, room_in_polyhedron
from heterobuild.particles.polyhedral_forms import named_polyhedron, wulff_polyhedron
from heterobuild.particles.sizes import POLYHEDRA

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.geometry.shapes import Shape
    from heterobuild.model import Crystal
    from heterobuild.particles.centring import Parity
    from heterobuild.particles.octahedron_room import Octahedron
    from heterobuild.particles.options import ParticleShape
    from heterobuild.particles.orientation import Orientation
    from heterobuild.particles.sizes import Extent, Size

BOXES = ("cube", "cuboid", "platelet", "rod", "wire")


@dataclass(frozen=True, kw_only=True, eq=False)
class Solids:
    """The two solids of a form.

    Parameters
    ----------
    shape : Shape
        The form in Å in the frame of the model.
    carving : Shape
        The solid for B sites.
    taken : dict
        Its sizes for the record; keys end in the unit.
    parity : tuple of {"A", "B"}, optional
        What the automatic centre is along each pseudo-cubic axis.
    """

    shape: Shape
    carving: Shape
    taken: dict[str, object]
    parity: Parity = ("B", "B", "B")


def make_solids(
    options: ParticleShape, crystal: Crystal, size: Size, placed: Orientation
) -> Solids:
    """Return the solids of a form of any kind.

    Parameters
    ----------
    options : ParticleShape
        Kind, section, truncation and facets.
    crystal : Crystal
        The crystal.
    size : Size
        Its sizes.
    placed : Orientation
        The crystal in the frame of the model.

    Returns
    -------
    Solids
        The form and the room for B sites in it.

    Raises
    ------
    UsageError
        If a polyhedron cannot be made of the crystal.
    """
    body = octahedron_of(crystal, placed.axes)
    if placed.along is not None and options.kind in BOXES:
        if options.section == "square":
            return _box(size, placed.axes, placed.along)
        if options.kind == "rod":
            return _round_rod(size, placed.axes, placed.along[2], body)
    if options.kind in {*POLYHEDRA, "wulff"}:
        found = _polyhedral(options, crystal, size, placed.axes, body)
    else:
        found = _plain(options, size, placed, body)
    return _centred(found, crystal, placed)


def own_solids(shape: Shape, crystal: Crystal, placed: Orientation) -> Solids:
    """Return the solids of a shape that somebody made.

    Parameters
    ----------
    shape : Shape
        The shape in the frame of the model.
    crystal : Crystal
        The crystal.
    placed : Orientation
        The crystal in that frame.

    Returns
    -------
    Solids
        The shape and the room for B sites in it.
    """
    inner = room(shape, octahedron_of(crystal, placed.axes))
    return _centred(Solids(shape=shape, carving=inner, taken={}), crystal, placed)


def _centred(found: Solids, crystal: Crystal, placed: Orientation) -> Solids:
    """Add the automatic centre where octahedra follow each other along axes."""
    if crystal.pseudocubic is None:
        return found
    return replace(found, parity=best_parity(found.carving, placed.axes))


def _box(size: Size, axes: FloatArray, along: tuple[int, int, int]) -> Solids:
    """Return a box of whole octahedra, its faces midway between planes of B."""
    steps = axes[list(along)]
    numbers = [_whole(e, step) for e, step in zip(size.extents, steps, strict=True)]
    edges = steps * np.array([1 if n is None else n for n in numbers])[:, None]
    shape = parallelepiped(edges, endless=numbers[2] is None)
    counts = [numbers[along.index(axis)] for axis in range(3)]
    lengths = np.linalg.norm(edges, axis=1).tolist()
    taken = _taken([x if n else np.inf for n, x in zip(numbers, lengths, strict=True)])
    return Solids(
        shape=shape,
        carving=shape,
        taken=taken | {"taken_octahedra": list(numbers)},
        parity=parity_of_counts((counts[0], counts[1], counts[2])),
    )


def _round_rod(size: Size, axes: FloatArray, along: int, body: Octahedron) -> Solids:
    """Return a round rod with a whole number of octahedra along it."""
    step, edge = axes[along], 2 * body.radius
    number = _whole(size.extents[2], step) or 1
    width, length = _length(size.extents[0], edge), number * float(np.linalg.norm(step))
    normal = np.linalg.inv(axes)[:, along]
    side = cylinder(width / 2)
    inner = room(side, body)
    parity = list(best_parity(inner, axes))
    parity[along] = LETTERS[(number + 1) % 2]
    return Solids(
        shape=_ended(side, normal, length),
        carving=_ended(inner, normal, length),
        taken=_taken([width, width, length]) | {"taken_octahedra": [None, None, number]},
        parity=(parity[0], parity[1], parity[2]),
    )


def _ended(side: Shape, normal: FloatArray, length: float) -> Shape:
    """Cut a rod along z with two lattice planes, which may be oblique, and give it a box."""
    slope = float(np.hypot(normal[0], normal[1]) / abs(normal[2]))
    height = length / 2 / float(np.hypot(1, slope))
    reach = length / 2 + side.half[0] * slope
    oblique = capped(side, height, axis=normal.tolist())
    return replace(oblique, half=(side.half[0], side.half[1], reach))


def _plain(options: ParticleShape, size: Size, placed: Orientation, body: Octahedron) -> Solids:
    """Return a form that keeps its exact size along x, y and z."""
    steps = [2 * body.radius] * 3
    if placed.along is not None and options.kind == "ellipsoid":
        steps = [float(x) for x in np.linalg.norm(placed.axes[list(placed.along)], axis=1)]
    lengths = [_length(extent, step) for extent, step in zip(size.extents, steps, strict=True)]
    radii = [length / 2 for length in lengths]
    if options.kind == "sphere":
        shape = sphere(radii[0])
    elif options.kind == "ellipsoid":
        shape = ellipsoid(radii)
    elif options.section == "round":
        shape = cylinder(radii[0], radii[2])
    else:
        shape = cuboid(radii)
    return Solids(shape=shape, carving=room(shape, body), taken=_taken(lengths))


def _polyhedral(
    options: ParticleShape, crystal: Crystal, size: Size, axes: FloatArray, body: Octahedron
) -> Solids:
    """Return a polyhedron of the crystal's own faces."""
    unused: tuple[str, ...] = ()
    if options.kind == "wulff":
        faces, unused = wulff_polyhedron(options, crystal, axes, size)
    else:
        faces = named_polyhedron(options, crystal, axes, size)
    shape = solid(faces, name=f"{options.kind} within {faces.distances.min():g} Å")
    taken: dict[str, object] = {
        "inscribed_radius_A": _rounded(faces.distances.min()),
        "volume_A3": _rounded(faces.volume),
    }
    if unused:
        taken["faces_without_area"] = list(unused)
    return Solids(shape=shape, carving=room_in_polyhedron(faces, shape, body), taken=taken)


def _whole(extent: Extent, step: FloatArray) -> int | None:
    """Return the number of octahedra along an axis; None where it is endless."""
    if extent.length is None:
        return extent.octahedra
    return max(1, round(extent.length / float(np.linalg.norm(step))))


def _length(extent: Extent, edge: float) -> float:
    """Return a size in Å; infinite where it is endless."""
    if extent.length is not None:
        return extent.length
    return np.inf if extent.octahedra is None else extent.octahedra * edge


def _rounded(value: float | np.floating) -> float:
    """Return a number for the record."""
    return round(float(value), 6)


def _taken(lengths: list[float]) -> dict[str, object]:
    """Record the sizes of a form; None along z of a wire."""
    return {"taken_A": [_rounded(x) if np.isfinite(x) else None for x in lengths]}
