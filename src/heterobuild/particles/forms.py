"""The form of a particle in Å, in its own frame, for a given crystal.

The size of a particle is that of its octahedra: the outermost X of a sphere of radius 30 Å lie
within 30 Å of its centre, and those of a cube of five octahedra are five lattice parameters apart.
A sites and ligands come outside of that. So each form has two solids: what was asked for, and the
smaller one in which B must lie so that the whole octahedron around it is inside.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.frameworks.contents import contents_of
from heterobuild.particles.options import ParticleShape, refuse_unused
from heterobuild.particles.orientation import lattice_translation, orient
from heterobuild.particles.sizes import POLYHEDRA, size_of
from heterobuild.particles.solids import make_solids, own_solids

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.frameworks.contents import Contents
    from heterobuild.geometry.shapes import Shape
    from heterobuild.model import Crystal
    from heterobuild.particles.centring import Parity
    from heterobuild.particles.options import ShapeKind
    from heterobuild.particles.orientation import Orientation
    from heterobuild.particles.sizes import Size
    from heterobuild.particles.solids import Solids

STANDING = ParticleShape()
"""Pseudo-cubic axes along x, y and z."""

_REMEMBERED = 64


@dataclass(frozen=True, kw_only=True, eq=False)
class Form:
    """What a particle looks like, before atoms.

    Parameters
    ----------
    kind : str
        Kind of form, see `heterobuild.particles.options.ParticleShape`; the name of a shape of
        your own.
    shape : Shape
        The form in Å in the frame of the model. It holds the octahedra.
    carving : Shape
        The solid for B sites: B is kept where its distance is not positive. Its faces {100} of
        boxes lie midway between two planes of B; elsewhere an octahedron may stand out by
        `heterobuild.particles.octahedron_room.SLACK` of its edge.
    rotation : (3, 3) float array
        Proper rotation from the frame of the crystal, ``points' = points @ rotation``.
    axes : (3, 3) float array
        Pseudo-cubic axes in Å, rows, in the frame of the model; those of the cell where there are
        none.
    parity : tuple of {"A", "B"}
        What the automatic centre is along each pseudo-cubic axis: B itself, or A, half a step
        from B. All B where there are no such axes.
    periodic : tuple of bool
        Along which of x, y and z it is endless; z of a wire only.
    translation : (3,) int array or None
        Period of a wire in whole conventional cells.
    asked : dict
        Sizes as they were asked for, and those of `shape`; keys end in the unit.
    """

    kind: str
    shape: Shape
    carving: Shape
    rotation: FloatArray
    axes: FloatArray
    parity: Parity
    periodic: tuple[bool, bool, bool]
    translation: IntArray | None
    asked: dict[str, object]


def make_form(options: ParticleShape, crystal: Crystal) -> Form:
    """Return the form of a particle of a crystal.

    Boxes along the pseudo-cubic axes have a whole number of octahedra along each; a length takes
    the nearest number, at least one, and their faces are lattice planes. All other forms keep
    their exact size.

    Parameters
    ----------
    options : ParticleShape
        Kind, size and orientation.
    crystal : Crystal
        The crystal; of one with pseudo-cubic axes the atoms are not needed.

    Returns
    -------
    Form
        The form in the frame of the model.

    Raises
    ------
    UsageError
        If the options contradict each other, a value is out of range, or octahedra are counted in
        a crystal without pseudo-cubic axes.

    Examples
    --------
    >>> from heterobuild.crystals import load_phase
    >>> from heterobuild.particles.options import ParticleShape
    >>> form = make_form(ParticleShape(octahedra=4), load_phase("CsPbBr3_cubic"))
    >>> form.shape.name, form.parity
    ('parallelepiped of 23.496 × 23.496 × 23.496 Å', ('A', 'A', 'A'))
    """
    refuse_unused(options)
    return _made(_Wanted(key=repr(options), options=options), contents_of(crystal))


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """Options as a key; some hold lists and tables, which are none."""

    key: str
    options: ParticleShape = field(compare=False)


@lru_cache(maxsize=_REMEMBERED)
def _made(wanted: _Wanted, contents: Contents) -> Form:
    """Return the form of a particle, the same one where the same was wanted before."""
    options, crystal = wanted.options, contents.crystal
    size = size_of(options)
    _refuse_counts(options, size, crystal)
    placed = orient(options, crystal)
    found = make_solids(options, crystal, size, placed)
    return _form(options.kind, found, placed, crystal, _asked(size))


def form_of_shape(shape: Shape, crystal: Crystal, options: ParticleShape = STANDING) -> Form:
    """Return the form of a particle with a shape of your own.

    Parameters
    ----------
    shape : Shape
        A solid around the origin in Å, in the frame of the model. It may be endless along z.
    crystal : Crystal
        The crystal.
    options : ParticleShape, optional
        Of these only the directions along x and z count.

    Returns
    -------
    Form
        The form, its kind the name of the shape. All six corners of an octahedron lie inside.

    Raises
    ------
    UsageError
        If it is endless along x or y, or the directions cannot be used.

    Examples
    --------
    >>> from heterobuild.crystals import load_phase
    >>> from heterobuild.geometry.shape_algebra import shell
    >>> from heterobuild.geometry.shapes import sphere
    >>> form_of_shape(shell(sphere(40.0), sphere(20.0)), load_phase("CsPbBr3_cubic")).kind
    'shell of sphere of radius 40 Å around sphere of radius 20 Å'
    """
    if not np.isfinite(shape.half[:2]).all():
        raise UsageError(
            "a particle can be endless along z only",
            where=shape.name,
            measured=f"half extents {shape.half} Å",
            next_step="turn the shape, or cut it",
        )
    kind: ShapeKind = "sphere" if np.isfinite(shape.half[2]) else "wire"
    axis = options.along_z if kind == "wire" else options.axis
    placed = orient(replace(options, kind=kind, axis=axis), crystal)
    return _form(shape.name, own_solids(shape, crystal, placed), placed, crystal, {})


def _form(
    kind: str, found: Solids, placed: Orientation, crystal: Crystal, asked: dict[str, object]
) -> Form:
    """Put a form together; one that is endless along z gets its period."""
    endless = not np.isfinite(found.shape.half[2])
    step = lattice_translation(placed.direction, crystal) if endless else None
    return Form(
        kind=kind,
        shape=found.shape,
        carving=found.carving,
        rotation=placed.rotation,
        axes=placed.axes,
        parity=found.parity,
        periodic=(False, False, endless),
        translation=step,
        asked=asked | found.taken | _period(step, crystal),
    )


def _refuse_counts(options: ParticleShape, size: Size, crystal: Crystal) -> None:
    """Refuse to count octahedra where they do not follow each other along axes."""
    if crystal.pseudocubic is None and any(extent.octahedra for extent in size.extents):
        raise UsageError(
            f"octahedra of {crystal.name} are not counted: it has no pseudo-cubic axes",
            where=options.kind if options.monolayers is None else "monolayers",
            next_step=_lengths_instead(options),
        )
    if options.monolayers is not None and sorted(map(abs, options.axis)) != [0, 0, 1]:
        raise UsageError(
            "monolayers are counted along pseudo-cubic axes only",
            where="monolayers",
            measured=f"axis {list(options.axis)}",
            next_step="give the three sizes of the platelet as lengths",
        )


def _lengths_instead(options: ParticleShape) -> str:
    """Say which sizes a kind takes instead of octahedra."""
    if options.kind == "platelet":
        return "give its three lengths" + (
            "" if options.monolayers is None else " and no monolayers"
        )
    if options.kind in POLYHEDRA:
        return "use wulff with faces of this crystal, and radius"
    without = {"cuboid", "ellipsoid"}
    return "give the size as lengths" + ("" if options.kind in without else " or radius")


def _asked(size: Size) -> dict[str, object]:
    """Record what was asked for, by direction."""
    asked: dict[str, object] = {}
    if any(extent.octahedra for extent in size.extents):
        asked["asked_octahedra"] = [extent.octahedra for extent in size.extents]
    if any(extent.length for extent in size.extents):
        asked["asked_A"] = [extent.length for extent in size.extents]
    if size.inscribed is not None:
        asked["asked_inscribed_radius_A"] = size.inscribed
    return asked


def _period(step: IntArray | None, crystal: Crystal) -> dict[str, object]:
    """Record the period of a wire."""
    if step is None:
        return {}
    return {"period_A": round(float(np.linalg.norm(step @ crystal.cell)), 6)}
