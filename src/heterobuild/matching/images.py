"""The bases of a lattice that lie in or near the fundamental domain.

Two lattices may be near one another across an edge of the domain, in bases of which only one is
reduced. With reduced substrates and all the film's bases near the domain, no map is lost.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.matching.superlattices import LatticePoints

if TYPE_CHECKING:
    from heterobuild.arrays import IntArray

_STEPS = np.arange(-2.0, 3.0)[:, None]


def images_near_domain(points: LatticePoints, distance: float) -> tuple[LatticePoints, IntArray]:
    """Return all bases of reduced lattices within a hyperbolic distance of the domain.

    An image is τ + k or −1/(τ + d) + k. Nothing in the domain is lower than √3/2, so that an
    image within the distance D of it is no lower than e⁻ᴰ √3/2; and Im γτ = y/|cτ + d|² with
    y ≥ √3/2 leaves only c = 0 or c = 1 with |d| ≤ 2 up to D = 1.05.

    Parameters
    ----------
    points : LatticePoints
        Reduced lattices.
    distance : float
        Largest distance D from the fundamental domain, up to 1.05.

    Returns
    -------
    images : LatticePoints
        One entry a basis, modulo its sign; a few may be a little farther away.
    source : (k,) int array
        The lattice that each is a basis of.
    """
    lowest = math.exp(-distance) * math.sqrt(0.75) * (1 - 1e-9)
    under = (points.tau.imag * lowest <= 1).nonzero()[0]
    moved = points.tau[under] + _STEPS
    step, place = (moved.imag >= lowest * (moved.real**2 + moved.imag**2)).nonzero()
    low, moved = under[place], moved[step, place]

    source = np.concatenate([np.arange(len(points.tau)), low])
    first = np.concatenate([points.first, moved * points.first[low]])
    tau = np.concatenate([points.tau, -1 / moved])
    # Along the edges Re τ = ±½ the distance reaches sinh(D) Im τ beyond.
    reach = 0.5 + (math.sinh(distance) * (1 + 1e-9) + 1e-9) * tau.imag
    least = np.ceil(-reach - tau.real)
    number = (np.floor(reach - tau.real) - least).astype(np.int64) + 1
    copy = np.arange(len(tau)).repeat(number)
    shift = np.arange(len(copy)) + (least + number - number.cumsum())[copy]
    source = source[copy]
    images = LatticePoints(
        surface=points.surface[source],
        first=first[copy],
        tau=tau[copy] + shift,
        size=points.size[source],
    )
    return images, source
