"""Where the dots of a matrix are, how large each one is and how it is turned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.assembly.dot_room import DotRoom, judge_room, outer_radius, pair_gaps
from heterobuild.assembly.estimating import solid_volume
from heterobuild.errors import UsageError
from heterobuild.geometry.arrangements import random_sequential
from heterobuild.geometry.lattice_sites import lattice_arrangement, snap_to_lattice
from heterobuild.geometry.size_distributions import draw_radii, radii_for_volume
from heterobuild.particles.dot_tables import read_dots
from heterobuild.particles.forms import make_form
from heterobuild.particles.options import ParticleShape
from heterobuild.particles.sizes import POLYHEDRA
from heterobuild.seeds import generator

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heterobuild.arrays import FloatArray
    from heterobuild.geometry.orientation_relations import OrientationRelation
    from heterobuild.model import Crystal
    from heterobuild.particles.forms import Form

_TABLE_KINDS = ("sphere", "cube", "octahedron", "rhombic-dodecahedron")


@dataclass(frozen=True, kw_only=True)
class Placement:
    """How many dots, how different, and where.

    Parameters
    ----------
    count : int, optional
        Number of dots.
    volume_fraction : float, optional
        Share of the volume of the cell that they take, instead of a number.
    distribution : {"monodisperse", "normal", "log-normal"}, optional
        Distribution of their sizes around that of the shape.
    spread : float, optional
        Standard deviation of the sizes as a fraction of the mean; unused where all are alike.
    separation : float, optional
        Least distance in Å from wall to wall.
    arrangement : {"random", "sc", "bcc", "fcc"}, optional
        Random sequential, or the sites of a lattice. A single dot lies in the middle of the cell.
    table : str, optional
        CSV file of the dots instead of all of this but the separation.
    """

    count: int = 1
    volume_fraction: float | None = None
    distribution: str = "monodisperse"
    spread: float = 0.1
    separation: float = 6.0
    arrangement: str = "random"
    table: str | None = None


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
        dots = _from_table(shape, crystal, placement, cell, place, rotation_of)
        if lattice is not None:
            dots = replace(dots, centres=_on_lattice(dots.centres, dots.forms, lattice))
            judge_room(_room(dots, placement, cell, place))
        return dots
    mean = make_form(shape, crystal)
    if not np.isfinite(mean.shape.half).all():
        raise UsageError(
            "a dot has an end in all directions",
            where="shape",
            measured=shape.kind,
            next_step="take a rod instead of a wire",
        )
    forms = _forms(shape, crystal, mean, placement, cell, seed)
    rotations = np.tile(np.eye(3), (len(forms), 1, 1)) if turns is None else turns(len(forms))
    dots = PlacedDots(centres=np.zeros((len(forms), 3)), forms=forms, rotations=rotations)
    return replace(dots, centres=_places(dots, placement, cell, place, lattice, seed))


def _forms(
    shape: ParticleShape,
    crystal: Crystal,
    mean: Form,
    placement: Placement,
    cell: FloatArray,
    seed: int,
) -> tuple[Form, ...]:
    """Draw the sizes of the dots; equal sizes share one form."""
    typical, volume = outer_radius(mean), solid_volume(mean.shape)
    spread = 0.0 if placement.distribution == "monodisperse" else placement.spread
    rng = generator(seed, "sizes of dots")
    if placement.volume_fraction is None:
        if placement.count < 1:
            raise UsageError("the number of dots is at least 1", measured=placement.count)
        radii = draw_radii(placement.distribution, typical, spread, placement.count, rng)
    else:
        if not 0 < placement.volume_fraction < 1:
            raise UsageError(
                "a volume fraction lies between 0 and 1",
                where="volume_fraction",
                measured=placement.volume_fraction,
            )
        wanted = placement.volume_fraction * float(abs(np.linalg.det(cell)))
        radii = radii_for_volume(
            placement.distribution,
            typical,
            spread,
            wanted,
            lambda r: volume * (r / typical) ** 3,
            rng=rng,
        )
    made = {1.0: mean}
    factors = np.round(radii / typical, 9).tolist()
    for factor in factors:
        if factor not in made:
            made[factor] = make_form(_scaled(shape, mean, factor), crystal)
    return tuple(made[factor] for factor in factors)


def _scaled(shape: ParticleShape, mean: Form, factor: float) -> ParticleShape:
    """Return the options of the same form in another size."""
    bare = replace(shape, octahedra=None, lengths=None, radius=None, monolayers=None)
    taken = mean.asked.get("taken_A")
    if not isinstance(taken, list) or shape.kind in (*POLYHEDRA, "wulff"):
        inscribed = float(str(mean.asked["inscribed_radius_A"]))
        return replace(bare, radius=inscribed * factor)
    sizes = tuple(float(length) * factor for length in taken)
    if shape.kind in {"cube", "sphere"}:
        return replace(bare, lengths=sizes[0])
    if shape.kind == "rod" and shape.section == "round":
        return replace(bare, lengths=(sizes[0], sizes[2]))
    return replace(bare, lengths=sizes)


def _places(
    dots: PlacedDots,
    placement: Placement,
    cell: FloatArray,
    pbc: tuple[bool, bool, bool],
    lattice: Lattice | None,
    seed: int,
) -> FloatArray:
    """Return the centres of the dots."""
    room = _room(dots, placement, cell, pbc)
    if placement.arrangement == "random" and len(dots.forms) > 1:
        found = _random(dots, placement, room, lattice, seed)
    else:
        kind = "sc" if placement.arrangement == "random" else placement.arrangement
        found = lattice_arrangement(kind, cell, count=len(dots.forms))
        if lattice is not None:
            found = _on_lattice(found, dots.forms, lattice)
    judge_room(replace(room, centres=found))
    return found


def _random(
    dots: PlacedDots, placement: Placement, room: DotRoom, lattice: Lattice | None, seed: int
) -> FloatArray:
    """Place dots at random; on a lattice the centres of odd and even sizes differ by half steps.

    Such dots are placed with more separation, by as much as half steps can take from it.
    """
    steps, origin, shifts = None, np.zeros(3), np.zeros((len(dots.forms), 3))
    if lattice is not None:
        steps = lattice.steps
        origins = np.array([lattice.origin_of(form.parity) for form in dots.forms])
        origin, shifts = origins[0], origins - origins[0]
    kinds = np.unique(shifts.round(6), axis=0)
    widest = max(float(np.linalg.norm(a - b)) for a in kinds for b in kinds)
    found = random_sequential(
        room.cell,
        room.pbc,
        room.radii,
        placement.separation + widest,
        generator(seed, "places of dots"),
        lattice=steps,
        origin=origin.tolist(),
        margin=widest,
        pair_gap=lambda i, j, vectors: pair_gaps(room, i, j, vectors),
    )
    centres: FloatArray = found + shifts
    return centres


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


def _from_table(
    shape: ParticleShape,
    crystal: Crystal,
    placement: Placement,
    cell: FloatArray,
    pbc: tuple[bool, bool, bool],
    rotation_of: Callable[[OrientationRelation], FloatArray] | None,
) -> PlacedDots:
    """Read the dots one by one."""
    dots = read_dots(
        str(placement.table),
        cell=cell,
        pbc=pbc,
        separation=placement.separation,
        shape=shape.kind if shape.kind in _TABLE_KINDS else "sphere",
        rotation_of=rotation_of,
    )
    made: dict[tuple[str, float], Form] = {}
    keys = list(zip(dots.shapes, dots.radii.tolist(), strict=True))
    for kind, radius in keys:
        if (kind, radius) not in made:
            options = replace(
                ParticleShape(radius=radius),
                kind=kind,
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
