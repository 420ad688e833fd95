"""Particles laid on a film: from a crystal and a slab to the finished model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from heterobuild.assembly.part import height_of
from heterobuild.assembly.vacuum import add_vacuum
from heterobuild.deposition.bodies import carved_body
from heterobuild.deposition.faces import hull_area, lowest_plane
from heterobuild.deposition.facing import facing_shift
from heterobuild.deposition.films import along_film, facing_slab, laid_film, turned_model
from heterobuild.deposition.laid import Asked, Laid, in_cell, ledger_of, regions_of
from heterobuild.deposition.landing import touching_heights
from heterobuild.deposition.orientations import in_frame, turned_bodies
from heterobuild.deposition.places import chosen_places
from heterobuild.deposition.records import all_steps
from heterobuild.errors import UsageError
from heterobuild.frameworks.scaling import cube_edge
from heterobuild.geometry.rigid import unit_centres
from heterobuild.labels import LAYER, REGION, join, repeat, units
from heterobuild.model import Heterostructure
from heterobuild.slabs.turn import HALF_TURN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ase import Atoms

    from heterobuild.arrays import FloatArray
    from heterobuild.deposition.bodies import Body, Carving
    from heterobuild.deposition.films import Film
    from heterobuild.deposition.orientations import Oriented
    from heterobuild.deposition.places import Array, Places
    from heterobuild.model import Crystal, Molecule, Slab

TIGHT = 0.01
"""Å by which a fixed gap may be smaller than the touching one: rounding by the user."""

TRIALS = 10
"""Gaps that are tried before one is named."""

VACUUM = 15.0
"""Å; decouples the images of a neutral model without a dipole."""

SLACK = 0.2
"""Edges by which tilted octahedra stand below their plane."""


@dataclass(frozen=True, kw_only=True)
class Deposit:
    """How particles are laid on a film.

    Parameters
    ----------
    carving : Carving
        What a particle is.
    array : Array
        Where they lie in the plane.
    orientation : {"aligned", "random", "tumbled"}
        How they are turned.
    turn : float
        Degrees about the normal of aligned ones, counter-clockwise seen from above.
    gap : float or "auto"
        Distance in Å of the facing planes.
    registry : {"facing", "free"}
        Whether aligned particles are moved over the site that suits them.
    film_above : bool
        Whether the film lies on the particles.
    vacuum : float or None
        Empty distance in Å along the normal; None for 15, or as much as between particles and
        film.
    """

    carving: Carving
    array: Array
    orientation: Literal["aligned", "random", "tumbled"]
    turn: float
    gap: float | Literal["auto"]
    registry: Literal["facing", "free"]
    film_above: bool
    vacuum: float | None


def deposited(
    particle: Crystal, slab: Slab, options: Deposit, *, name: str, seed: int
) -> Heterostructure:
    """Lay particles on a film.

    Parameters
    ----------
    particle : Crystal
        What the particles are made of.
    slab : Slab
        The film, as cut.
    options : Deposit
        How they lie.
    name : str
        Name of the model.
    seed : int
        Seed of all draws.

    Returns
    -------
    Heterostructure
        Labelled atoms; regions from below to above.

    Raises
    ------
    UsageError
        If particles overlap, the gap is smaller than touching, the film is charged, or the
        policy cannot make a particle neutral.
    NothingFitsError
        If particles at random, or ligands, find no place.
    """
    count, over = options.array.number, options.film_above
    drawn = count if particle.mixtures else 1
    bodies = [carved_body(particle, options.carving, seed=seed + k) for k in range(drawn)]
    facing = facing_slab(slab, turned=over)
    along = along_film(facing)
    turn = -options.turn if over else options.turn
    turns = turned_bodies(bodies, count, options.orientation, turn, along, seed=seed)
    surface = facing.stacking.cell[:2, :2]
    places = chosen_places(options.array, surface, along, turns, seed=seed)
    film = laid_film(slab, places.matrix, seed=seed, turned=over)
    laid = in_cell(_landed(film, in_frame(turns, film.turn), places, options))
    film = laid.film
    joined = [(film.atoms, film.part.molecules), *_copies(laid, bodies, cube_edge(particle))]
    atoms, molecules = _joined(joined, film, options)
    atoms, boxed = add_vacuum(atoms, _vacuum(options, laid))
    whole = HALF_TURN if over else np.eye(3)
    own = -len(film.atoms) if over else 0
    lift = atoms.positions[own] - (film.atoms.positions @ whole)[0]
    centres = laid.centres @ whole + lift
    return Heterostructure(
        name=name,
        atoms=atoms,
        regions=regions_of(particle, laid, whole),
        molecules=molecules,
        steps=(*all_steps(bodies, laid, _asked(options), centres, whole), boxed),
        notices=tuple(dict.fromkeys((*particle.notices, *film.notices))),
        ledger=ledger_of(bodies, count),
    )


def _vacuum(options: Deposit, laid: Laid) -> float:
    """Return the vacuum: particles are never nearer to an image of the film than to the film."""
    low = np.array([body.positions[:, 2].min() for body in laid.turns.bodies])
    lowest = laid.centres[:, 2] + low[list(laid.turns.of_place)]
    between = float(lowest.min() - laid.film.atoms.positions[:, 2].max())
    if options.vacuum is None:
        return max(VACUUM, float(np.ceil(round(between, 3))))
    if options.vacuum < round(between, 3):
        raise UsageError(
            "the vacuum is narrower than the empty height between particles and film",
            where="vacuum",
            measured=f"{options.vacuum:g} Å",
            allowed=f"at least {between:.2f} Å",
            next_step="leave vacuum out, or make the gap smaller",
        )
    return options.vacuum


def _asked(options: Deposit) -> Asked:
    """Return what was asked for, for the record."""
    return Asked(
        array=options.array,
        orientation=options.orientation,
        gap=options.gap,
        below="particles" if options.film_above else "film",
        ligands=bool(options.carving.ligands),
    )


def _landed(film: Film, turns: Oriented, places: Places, options: Deposit) -> Laid:
    """Move particles over their sites and lower them."""
    spots: FloatArray = places.points @ film.turn
    planes = [lowest_plane(body) for body in turns.bodies]
    bare = np.array([height for height, _ in planes])[list(turns.of_place)]
    facing = height_of(film.part, film.part.top)
    low = bare - facing
    spots, touching, (shift, gain) = _over_site(film, turns, spots, low, options)
    if options.gap != "auto" and options.gap < float((touching + low).max()) - TIGHT:
        least = _fitting_gap(film, turns, spots - shift, low, options)
        raise UsageError(
            "particles and film do not fit into the gap",
            where="gap",
            measured=f"{options.gap:g} Å",
            allowed=f"at least {least:.2f} Å, where the first atoms touch",
            next_step=f"set gap to {least:.2f} or to auto",
        )
    heights = touching if options.gap == "auto" else options.gap - low
    return Laid(
        film=film,
        turns=turns,
        places=places,
        centres=np.column_stack([spots, heights]),
        gaps=heights + low,
        touching=touching + low,
        planes=tuple(points for _, points in planes),
        shift=shift,
        gain=gain,
    )


def _over_site(
    film: Film,
    turns: Oriented,
    spots: FloatArray,
    low: FloatArray,
    options: Deposit,
) -> tuple[FloatArray, FloatArray, tuple[FloatArray, float]]:
    """Return the places over their sites, the heights that touch there, and shift and gain."""
    touching = _touching(film, turns, spots)
    heights = touching if options.gap == "auto" else options.gap - low
    shift, gain = _registry(film, turns, np.append(spots[0], heights[0]), options)
    if shift.any():
        spots = spots + shift
        touching = _touching(film, turns, spots)
    return spots, touching, (shift, gain)


def _fitting_gap(
    film: Film, turns: Oriented, spots: FloatArray, low: FloatArray, options: Deposit
) -> float:
    """Return a gap at which particles fit; over which site they lie depends on it."""
    gap = float(options.gap)
    for _ in range(TRIALS):
        _, touching, _ = _over_site(film, turns, spots, low, replace(options, gap=gap))
        least = float((touching + low).max())
        if gap >= least - TIGHT:
            break
        gap = float(np.ceil(100 * least - 1e-6) / 100)
    return gap


def _touching(film: Film, turns: Oriented, spots: FloatArray) -> FloatArray:
    """Return the heights at which particles touch the film."""
    return touching_heights(film.atoms, turns.bodies, turns.of_place, spots, film.cell)


def _registry(
    film: Film, turns: Oriented, place: FloatArray, options: Deposit
) -> tuple[FloatArray, float]:
    """Return the shift that all particles take, and the energy that it gains for each."""
    if options.registry == "free" or options.orientation != "aligned":
        return np.zeros(2), 0.0
    body = turns.bodies[0]
    cell = abs(float(np.linalg.det(film.surface)))
    area = max(hull_area(lowest_plane(body)[1]), cell)
    return facing_shift(body, film.surface_cell, film.surface, place, area=area)


def _copies(
    laid: Laid, bodies: Sequence[Body], edge: float
) -> list[tuple[Atoms, tuple[Molecule, ...]]]:
    """Return the particles at their places; equal ones are copied together."""
    of_place = np.array(laid.turns.of_place)
    parts = []
    for k, body in enumerate(laid.turns.bodies):
        atoms = body.copy()
        low, _ = lowest_plane(atoms)
        centres = unit_centres(atoms.positions, atoms.numbers, units(atoms))[units(atoms)]
        above = np.floor((centres[:, 2] - low) / edge + SLACK).astype(np.int64) + 1
        atoms.arrays[LAYER] = np.maximum(above, 1)
        atoms.arrays[REGION] = np.full(len(atoms), 2)
        shifts = laid.centres[of_place == k]
        made = repeat(atoms, shifts, np.zeros((3, 3)))
        parts.append((made, bodies[laid.turns.body_of[k]].molecules))
    return parts


def _joined(
    parts: Sequence[tuple[Atoms, tuple[Molecule, ...]]], film: Film, options: Deposit
) -> tuple[Atoms, tuple[Molecule, ...]]:
    """Join film and particles, from below to above."""
    cell = np.zeros((3, 3))
    cell[:2, :2] = film.cell
    cell[2, 2] = max(float(np.ptp(part.positions[:, 2])) for part, _ in parts) + 1.0
    if not options.film_above:
        return join(parts, cell=cell, pbc=(True, True, False))
    first, *rest = parts
    for part, _ in parts:
        part.arrays[REGION] = 3 - part.arrays[REGION]
        part.arrays[LAYER] = -part.arrays[LAYER]
    atoms, molecules = join([*rest, first], cell=cell, pbc=(True, True, False))
    turned = turned_model(atoms)
    turned.positions += turned.cell[1]
    return turned, molecules
