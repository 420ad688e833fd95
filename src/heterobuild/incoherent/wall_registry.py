"""The rigid shift of a guest in the lattice of its host that leaves the tightest wall."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.incoherent.trial_places import (
    octahedra_lost,
    primitive_steps,
    trial_place,
    void_at,
)
from heterobuild.labels import MOLECULE, SITE, Site

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.frameworks.framework import Framework
    from heterobuild.geometry.shapes import Shape
    from heterobuild.incoherent.guests import Guest
    from heterobuild.incoherent.trial_places import TrialPlace

SPACING = 2.5
"""Å between the first trials at most; the next ones halve it twice, to about half an ångström."""

MOST_ALONG = 6
"""First trials along one vector of the host's cell at most; even, because places half a lattice
vector apart are often the best."""

STARTS = 4
"""Best of the first trials whose neighbours are tried."""

MOST_ATOMS = 200_000
"""Atoms of a guest above which nothing is searched: so long a wall meets all shifts somewhere."""

WORK = 50_000_000
"""Atoms of the host that are looked at in all trials together: a few seconds."""

EQUALS = 4
"""Equally good shifts of which voids are measured, the shortest ones."""

_HALVINGS = 2


@dataclass(frozen=True, kw_only=True, eq=False)
class Registry:
    """The shift that was found for a guest.

    Parameters
    ----------
    shift : (3,) float array
        Of the guest against its host in Å.
    tried : int
        Number of shifts that were tried; 0 where nothing was searched.
    taken, unshifted, most : int
        Octahedra that are taken away there, without a shift, and at the worst shift.
    void, void_unshifted : tuple of float
        Share of empty space at the wall and its largest radius in Å, there and without a shift.
    """

    shift: FloatArray
    tried: int
    taken: int = 0
    unshifted: int = 0
    most: int = 0
    void: tuple[float, float] = (0.0, 0.0)
    void_unshifted: tuple[float, float] = (0.0, 0.0)


UNSEARCHED = Registry(shift=np.zeros(3), tried=0)
"""No shift."""


def best_shift(
    framework: Framework,
    rotation: FloatArray,
    point: FloatArray,
    guest: Guest,
    *,
    gap: float,
    outer: Shape | None = None,
    guests: int = 1,
) -> Registry:
    """Search the shift at which the fewest octahedra of a host go.

    Shifts on a grid over one primitive cell of the host come first, then the neighbours of the
    best ones at half and at a quarter of the spacing, then those that put the innermost A or B
    of the guest on a site of the host. Of equals the one that leaves the least
    empty space wins, then the shortest.

    Parameters
    ----------
    framework : Framework
        Of the host.
    rotation : (3, 3) float array
        Of the host into the frame of the model.
    point : (3,) float array
        Centre of the guest in Å from the origin of the host's crystal, in the frame of the model.
    guest : Guest
        The guest.
    gap : float
        Distance in Å that all ions keep at least.
    outer : Shape, optional
        Solid for the B cations of a host that ends around the guest, about the centre of the
        guest: octahedra that fit into it without the shift only count as taken away too.
    guests : int, optional
        Guests that are searched for the same model: the trials are shared out among them.

    Returns
    -------
    Registry
        The shift, shortest of all that are the same for the host; none for guests of more than
        `MOST_ATOMS` atoms or where `WORK` does not suffice for the coarsest grid.
    """
    if len(guest.atoms) > MOST_ATOMS:
        return UNSEARCHED
    steps = primitive_steps(framework.crystal) @ rotation
    reach = float(np.linalg.norm(steps, axis=1).sum()) / 2
    place = trial_place(framework, rotation, point, guest, gap=gap, reach=reach, outer=outer)
    grid = _grid(steps, WORK // (len(place.points) * max(guests, 1)))
    if grid is None:
        return UNSEARCHED
    counts, starts = grid
    fractions = np.stack(np.meshgrid(*map(np.arange, counts), indexing="ij"), axis=-1)
    first = fractions.reshape(-1, 3) / counts @ steps
    onto = _coincidences(framework, rotation, point, guest)
    found: dict[tuple[float, float, float], int] = {}
    best = _tried(place, shortest(first, steps), found)
    for halving in range(1, _HALVINGS + 1):
        around = np.array(list(product((-1, 0, 1), repeat=3))) / counts / 2**halving @ steps
        near = (best[:starts, None] + around).reshape(-1, 3)
        best = _tried(place, shortest(near, steps), found)
    best = _tried(place, shortest(onto, steps), found)[0]
    return Registry(
        shift=best,
        tried=len(found),
        taken=found[_key(best)],
        unshifted=found[_key(np.zeros(3))],
        most=max(found.values()),
        void=void_at(place, best),
        void_unshifted=void_at(place, np.zeros(3)),
    )


def _coincidences(
    framework: Framework, rotation: FloatArray, point: FloatArray, guest: Guest
) -> FloatArray:
    """Return the shifts that put an ion of the guest on a site of the host: narrow optima."""
    there = framework.centres[framework.site != Site.SPACER] @ rotation - point
    away = np.linalg.norm(guest.atoms.positions, axis=1).round(6)
    shifts = [np.empty((0, 3))]
    for role in (Site.B, Site.A):
        own = np.flatnonzero(
            (guest.atoms.arrays[SITE] == role) & (guest.atoms.arrays[MOLECULE] == 0)
        )
        if len(own):
            shifts.append(there - guest.atoms.positions[own[np.argmin(away[own])]])
    return np.concatenate(shifts)


def _grid(steps: FloatArray, trials: int) -> tuple[IntArray, int] | None:
    """Return the first trials along each vector and the starts; None where too few are allowed."""
    wanted = 2 * np.ceil(np.linalg.norm(steps, axis=1) / SPACING / 2).astype(np.int64)
    for most, starts in ((MOST_ALONG, STARTS), (4, STARTS), (4, 1), (2, 1)):
        counts: IntArray = np.clip(wanted, 2, most)
        if int(counts.prod()) + 26 * _HALVINGS * starts <= trials:
            return counts, starts
    return None


def _key(shift: FloatArray) -> tuple[float, float, float]:
    """Return a shift as a key."""
    x, y, z = (shift.round(6) + 0.0).tolist()
    return x, y, z


def _tried(
    place: TrialPlace, shifts: FloatArray, found: dict[tuple[float, float, float], int]
) -> FloatArray:
    """Count the octahedra at some shifts and return the best ones of all so far, best first."""
    for shift in shifts:
        if _key(shift) not in found:
            found[_key(shift)] = octahedra_lost(place, shift)
    order = sorted(found, key=lambda key: (found[key], round(float(np.linalg.norm(key)), 6), key))
    equal = [key for key in order if found[key] == found[order[0]]][:EQUALS]
    if len(equal) > 1:
        voids = [void_at(place, np.array(key)) for key in equal]
        rank = sorted(
            range(len(equal)), key=lambda k: (round(voids[k][0], 4), round(voids[k][1], 2), k)
        )
        order[: len(equal)] = [equal[k] for k in rank]
    return np.array(order[:STARTS])


def shortest(shifts: FloatArray, steps: FloatArray) -> FloatArray:
    """Return the shortest of all vectors that differ by lattice vectors.

    Parameters
    ----------
    shifts : (n, 3) float array
        Vectors in Å.
    steps : (3, 3) float array
        Reduced lattice vectors in Å, rows.

    Returns
    -------
    (n, 3) float array
        The shortest ones; of equals the first by value.

    Examples
    --------
    >>> shortest(np.array([[4.0, 0.0, -5.5]]), 6.0 * np.eye(3)).tolist()
    [[-2.0, 0.0, 0.5]]
    """
    rest = shifts - np.rint(shifts @ np.linalg.inv(steps)) @ steps
    around = np.array(list(product((-1, 0, 1), repeat=3))) @ steps
    every = rest[:, None] + around[None]
    lengths = np.linalg.norm(every, axis=2).round(6)
    keys = [every[..., axis].round(6) for axis in (2, 1, 0)]
    order = np.lexsort((*keys, lengths), axis=1)[:, 0]
    chosen: FloatArray = every[np.arange(len(rest)), order]
    return chosen
