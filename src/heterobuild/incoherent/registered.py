"""Guests moved, or the lattices of their hosts, to the registry that leaves the tightest wall."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.geometry.shape_algebra import moved
from heterobuild.incoherent.trial_places import primitive_steps
from heterobuild.incoherent.wall_registry import best_shift, shortest
from heterobuild.model import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heterobuild.arrays import FloatArray
    from heterobuild.coherent.draft import Draft
    from heterobuild.frameworks.framework import Framework
    from heterobuild.incoherent.guests import Guest
    from heterobuild.incoherent.wall_registry import Registry
    from heterobuild.particles.forms import Form


def registered_centre(
    draft: Draft, inner: Guest, form: Form, *, gap: float
) -> tuple[tuple[float, float, float], Step]:
    """Choose the point of a shell's crystal that lies at its centre, for the tightest wall.

    Parameters
    ----------
    draft : Draft
        The shell as a full particle around the usual point.
    inner : Guest
        What it lies around.
    form : Form
        Its outer form: a shift that leaves out octahedra there gains nothing.
    gap : float
        Distance in Å that all ions keep at least.

    Returns
    -------
    tuple of float
        The point as fractions of the conventional cell.
    Step
        What was tried.
    """
    framework, centre = draft.sites.block.framework, inner.centre
    found = best_shift(
        framework,
        draft.rotation,
        draft.centre @ draft.rotation + centre,
        inner,
        gap=gap,
        outer=moved(form.carving, (-centre).tolist()),
    )
    point = draft.centre + found.shift @ draft.rotation.T
    a, b, c = (point @ np.linalg.inv(framework.conventional)).tolist()
    return (a, b, c), registry_step([found], -found.shift[None])


def registered(
    guests: Sequence[Guest],
    alike: Sequence[object],
    framework: Framework,
    rotation: FloatArray,
    *,
    gap: float,
    fits: Callable[[FloatArray], bool],
) -> tuple[list[Guest], Step]:
    """Move dots by less than a cell of their matrix to where they fit it best.

    Dots that are alike want the same place in a cell of the matrix; it is searched once.

    Parameters
    ----------
    guests : sequence of Guest
        The dots at their places.
    alike : sequence
        Equal for dots of one size and one orientation.
    framework : Framework
        Of the matrix, its origin that of the model.
    rotation : (3, 3) float array
        Of the matrix into the frame of the model.
    gap : float
        Distance in Å that all ions keep at least.
    fits : callable
        Tells of all centres whether no dot is too near to another one or stands out.

    Returns
    -------
    list of Guest
        The dots; one that has no room at its new place keeps the old one.
    Step
        What was tried and taken.
    """
    steps = primitive_steps(framework.crystal) @ rotation
    first: dict[object, int] = {}
    for k, key in enumerate(alike):
        first.setdefault(key, k)
    found = {
        key: best_shift(
            framework, rotation, guests[k].centre, guests[k], gap=gap, guests=len(first)
        )
        for key, k in first.items()
    }
    centres = np.array([guest.centre for guest in guests])
    shifts, old = np.zeros_like(centres), centres.copy()
    for k, key in enumerate(alike):
        if not found[key].tried:
            continue
        wanted = old[first[key]] + found[key].shift - old[k]
        centres[k] = old[k] + shortest(wanted[None], steps)[0]
        if len(guests) == 1 or fits(centres):
            shifts[k] = centres[k] - old[k]
        else:
            centres[k] = old[k]
    placed = [replace(guest, centre=centre) for guest, centre in zip(guests, centres, strict=True)]
    return placed, registry_step(list(found.values()), shifts)


def registry_step(found: Sequence[Registry], shifts: FloatArray) -> Step:
    """Tell by how much guests were shifted, and why.

    Parameters
    ----------
    found : sequence of Registry
        One for each kind of guest.
    shifts : (n, 3) float array
        Shift of each guest in Å.

    Returns
    -------
    Step
        Shifts tried and taken, octahedra and voids before and after.
    """
    tried = sum(one.tried for one in found)
    values: dict[str, object] = {
        "tried": tried,
        "unsearched": sum(one.tried == 0 for one in found),
        "shift_A": np.round(shifts[:1000] + 0.0, 4).tolist(),
        "searches": [_values(one) for one in found if one.tried],
    }
    if not tried:
        words = "not searched, the guest is too large: a wall so long meets all shifts somewhere"
        return Step(name="registry", choice=words, values=values)
    longest = float(np.linalg.norm(shifts, axis=1).max())
    counts = [sum(getattr(one, key) for one in found) for key in ("taken", "unshifted", "most")]
    words = f"{counts[0]} octahedra taken away, {counts[1]} unshifted, {counts[2]} at worst"
    many = f" of {len(shifts)} dots" if len(shifts) > 1 else ""
    left = values["unsearched"]
    words = f"shift{many} by {'up to ' if many else ''}{longest:.2f} Å in the host's cell: {words}"
    words += f"; {tried} shifts tried" + (f", {left} guests too large to search" if left else "")
    return Step(name="registry", choice=words, values=values)


def _values(one: Registry) -> dict[str, object]:
    """Return the numbers of one search."""
    return {
        "tried": one.tried,
        "shift_A": np.round(one.shift + 0.0, 4).tolist(),
        "octahedra_taken": {
            "shifted": one.taken,
            "unshifted": one.unshifted,
            "worst": one.most,
        },
        "empty_share": {
            "shifted": round(one.void[0], 5),
            "unshifted": round(one.void_unshifted[0], 5),
        },
        "largest_void_A": {
            "shifted": round(one.void[1], 3),
            "unshifted": round(one.void_unshifted[1], 3),
        },
    }
