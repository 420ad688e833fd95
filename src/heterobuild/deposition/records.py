"""What is told of particles on a film: array, orientation, contact, dipole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.assembly.describe import slab_step
from heterobuild.deposition.faces import hull_area
from heterobuild.deposition.landing import NEAR, nearest_contacts
from heterobuild.incoherent.opened_parts import merged_steps
from heterobuild.labels import SITE, Site
from heterobuild.ligands.moments import formal_dipole
from heterobuild.model import Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ase import Atoms

    from heterobuild.arrays import BoolArray, FloatArray
    from heterobuild.deposition.bodies import Body
    from heterobuild.deposition.laid import Asked, Laid
    from heterobuild.deposition.places import Array

MOST_LISTED = 1000
"""Particles that are listed one by one in the record."""

LEFT_FOR_LIGANDS = 10.0
"""Å of gap from which a plain one is told to be left for ligands that are not built."""

VOLT = 180.951
"""V of potential step for 1 e/Å, 1/ε₀."""


def array_step(array: Array, laid: Laid, below: str) -> Step:
    """Describe the array.

    Parameters
    ----------
    array : Array
        What was asked for.
    laid : Laid
        What was reached.
    below : {"film", "particles"}
        Which side lies below.

    Returns
    -------
    Step
        Pitch asked and reached, room between particles, area that they cover.
    """
    steps, film = laid.places.steps, laid.film
    reached = np.linalg.norm(steps, axis=1)
    angle = float(np.degrees(np.arccos(np.clip(steps[0] @ steps[1] / np.prod(reached), -1, 1))))
    of_place = np.array(laid.turns.of_place)
    shadows = np.array([hull_area(b.positions[_own(b), :2]) for b in laid.turns.bodies])[of_place]
    area = abs(float(np.linalg.det(film.cell)))
    room = laid.places.room.distance
    far = None if not np.isfinite(room) else round(room, 4)
    between = "more" if far is None else f"{far:.2f} Å"
    word = "particle" if array.number == 1 else "particles"
    where = "below the film" if below == "particles" else "on the film"
    matrix = laid.places.matrix.tolist()
    return Step(
        name="array",
        choice=f"{array.number} {word} {where}, {array.arrangement}: pitch {reached[0]:.2f} and "
        f"{reached[1]:.2f} Å at {angle:.1f}° where {laid.places.asked:g} Å is asked, {between} "
        f"between the nearest atoms, {100 * shadows.sum() / area:.1f} % of the film covered; the "
        f"film is repeated by {matrix}, nothing is strained",
        values={
            "arrangement": array.arrangement,
            "particles": array.number,
            "count": list(array.count),
            "pitch_asked_A": laid.places.asked,
            "pitch_A": reached.round(6).tolist(),
            "angle_deg": round(angle, 6),
            "spacing_asked_A": array.spacing if array.pitch is None else None,
            "spacing_A": far,
            "film_matrix": matrix,
            "cell_A": np.round(film.cell, 9).tolist(),
            "film_area_A2": round(area, 6),
            "covered_fraction": round(float(shadows.sum()) / area, 6),
            "strain": 0.0,
        },
    )


def orientation_step(kind: str, laid: Laid, turn: FloatArray) -> Step:
    """Describe how the particles are turned.

    Parameters
    ----------
    kind : {"aligned", "random", "tumbled"}
        What was asked for.
    laid : Laid
        The particles.
    turn : (3, 3) float array
        Rotation of the whole after they were laid.

    Returns
    -------
    Step
        Rotation of each particle from the frame of its crystal, and its turn about the normal.
    """
    of_place = np.array(laid.turns.of_place)[:MOST_LISTED]
    angles = laid.turns.angles[of_place] * turn[2, 2]
    if kind == "aligned":
        words = f"aligned with the film, turned by {angles[0] + 0.0:g}° about the normal"
    elif kind == "random":
        words = "a face down, turned at random about the normal"
    else:
        words = "turned at random, uniform over all rotations"
    return Step(
        name="orientation",
        choice=words,
        values={
            "asked": kind,
            "turns_deg": None if kind == "tumbled" else (angles.round(6) + 0.0).tolist(),
            "rotations": np.round(laid.turns.rotations[of_place] @ turn, 6).tolist(),
        },
    )


def contact_step(gap: float | str, laid: Laid, centres: FloatArray, *, ligands: bool) -> Step:
    """Describe how far apart particles and film are.

    Parameters
    ----------
    gap : float or "auto"
        What was asked for.
    laid : Laid
        Particles and film.
    centres : (n, 3) float array
        Centres of the particles in Å in the finished model.
    ligands : bool
        Whether particles have ligands.

    Returns
    -------
    Step
        Distance of the facing planes, of the outermost atoms, and of the nearest atoms; area of
        the faces that lie down.
    """
    film, turns = laid.film, laid.turns
    of_place = np.array(turns.of_place)
    areas = np.array([hull_area(points) for points in laid.planes])[of_place]
    low = np.array([body.positions[:, 2].min() for body in turns.bodies])[of_place]
    outermost = laid.centres[:, 2] + low - film.atoms.positions[:, 2].max()
    nearest = nearest_contacts(film.atoms, turns.bodies, turns.of_place, laid.centres, film.cell)
    if gap == "auto":
        words = "the ligands touch the film" if ligands else "closest atoms touch"
    else:
        bare = not ligands and float(gap) >= LEFT_FOR_LIGANDS
        words = "left for ligands that are not built" if bare else "fixed by the user"
    moved = np.linalg.norm(laid.shift) > 1e-6
    site = (
        "over the site where opposite ions face one another" if moved else "where the array puts it"
    )
    told = ", ".join(f"{what} {value:.2f} Å" for what, value in nearest.items())
    return Step(
        name="contact",
        choice=f"gap {_range(laid.gaps)} Å from plane to plane, {words}; each particle {site}; "
        f"nearest across: {told or f'more than {NEAR:g} Å'}; faces of {areas.mean():.0f} Å²",
        values={
            "gap_asked": gap,
            "gap_A": laid.gaps[:MOST_LISTED].round(6).tolist(),
            "touching_gap_A": laid.touching[:MOST_LISTED].round(6).tolist(),
            "outermost_atoms_A": outermost[:MOST_LISTED].round(6).tolist(),
            "nearest_A": {what: round(value, 6) for what, value in nearest.items()},
            "shift_A": (laid.shift.round(6) + 0.0).tolist(),
            "shift_gain_eV": round(laid.gain, 6) + 0.0,
            "face_area_A2": areas[:MOST_LISTED].round(4).tolist(),
            "contact_area_A2": round(float(areas.sum()), 4),
            "centres_A": centres[:MOST_LISTED].round(4).tolist(),
        },
    )


def dipole_step(laid: Laid, turn: FloatArray) -> Step:
    """Tell the dipole along the normal of film and particles.

    Parameters
    ----------
    laid : Laid
        Particles and film.
    turn : (3, 3) float array
        Rotation of the whole after they were laid.

    Returns
    -------
    Step
        Dipoles in e·Å of the formal charges, and the potential step of all without screening.
    """
    sign, of_place = float(turn[2, 2]), list(laid.turns.of_place)
    each = np.array([formal_dipole(body)[2] for body in laid.turns.bodies])[of_place] * sign
    film = float(formal_dipole(laid.film.atoms)[2]) * sign
    total = film + float(each.sum())
    step = VOLT * total / abs(float(np.linalg.det(laid.film.cell)))
    return Step(
        name="dipole",
        choice=f"{_signed(total)} e·Å along the normal, {_signed(film)} of the film and "
        f"{_signed(each.sum())} of the particles; a step of {_signed(step)} V without screening",
        values={
            "total_e_A": round(total, 6) + 0.0,
            "film_e_A": round(film, 6) + 0.0,
            "particles_e_A": (each[:MOST_LISTED].round(6) + 0.0).tolist(),
            "potential_step_V": round(step, 6) + 0.0,
        },
    )


def all_steps(
    bodies: Sequence[Body],
    laid: Laid,
    asked: Asked,
    centres: FloatArray,
    turn: FloatArray,
) -> list[Step]:
    """Describe everything that was chosen.

    Parameters
    ----------
    bodies : sequence of Body
        The particles as they were carved.
    laid : Laid
        Particles and film.
    asked : Asked
        What was asked for.
    centres : (n, 3) float array
        Centres of the particles in Å in the finished model.
    turn : (3, 3) float array
        Rotation of the whole after they were laid.

    Returns
    -------
    list of Step
        Film, array, orientation, contact, dipole, then how particles and film were made.
    """
    film = laid.film
    drawn = [step for step in (film.part.composition, film.part.cations) if step is not None]
    return [
        slab_step(replace(film.part, slab=film.slab)),
        array_step(asked.array, laid, asked.below),
        orientation_step(asked.orientation, laid, turn),
        contact_step(asked.gap, laid, centres, ligands=asked.ligands),
        dipole_step(laid, turn),
        *merged_steps([step for body in bodies for step in body.steps]),
        *drawn,
    ]


def _range(values: FloatArray) -> str:
    """Return the least and the largest value, or one where they are equal."""
    least, most = (f"{float(end):.2f}" for end in (values.min(), values.max()))
    return least if least == most else f"{least} to {most}"


def _signed(value: float) -> str:
    """Return two digits with their sign, without a negative zero."""
    return f"{round(float(value), 2) + 0.0:+.2f}"


def _own(body: Atoms) -> BoolArray:
    """Return which atoms are no ligands."""
    own: BoolArray = body.arrays[SITE] != Site.LIGAND
    return own
