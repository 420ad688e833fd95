"""Planes on both sides of a wall: their shares of the inner composition, and whole numbers of ions.

Where nothing leaves or enters, the profile is centred on the Matano plane, on whose sides equal
numbers of ions are missing and added: it is that plane, not the middle of the gap, from which the
closed form conserves every ion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.counts import counts_by_bin
from heterobuild.geometry.profiles import closed_share, listed_shares

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.model import SiteProfile

LEAST = 0.25
"""Ions that a plane must be asked to exchange before its sites are drawn again."""

_HALVINGS = 60


def plane_shares(
    profile: SiteProfile,
    distance: FloatArray,
    plane: IntArray,
    sites: IntArray,
    *,
    depth: tuple[float, float],
) -> FloatArray:
    """Return the share of the inner composition in each plane.

    Parameters
    ----------
    profile : SiteProfile
        The profile.
    distance : (p,) float array
        Signed distance of each plane to the wall in Å, negative inside.
    plane : (p,) int array
        Number of each plane from the wall: 1, 2, … outside, −1, −2, … inside.
    sites : (p,) int array
        Number of sites in each plane.
    depth : tuple of float
        How far the inner and the outer side reach from the wall in Å.

    Returns
    -------
    (p,) float array
        Shares. Those of a smooth profile, weighed with the sites, add up to the number of inner
        sites.

    Examples
    --------
    >>> from heterobuild.model import SiteProfile
    >>> away, plane = np.array([-4.0, -1.0, 2.0, 5.0]), np.array([-2, -1, 1, 2])
    >>> ramp = SiteProfile(kind="linear", width=12.0)
    >>> found = plane_shares(ramp, away, plane, np.ones(4, dtype=int), depth=(6.0, 6.0))
    >>> found.round(3).tolist(), float(found.sum().round(6))
    ([0.875, 0.625, 0.375, 0.125], 2.0)
    """
    if profile.kind == "layers":
        return listed_shares(plane, profile.inside, profile.outside)
    inside = float(sites[plane < 0].sum())

    def shares(shift: float) -> FloatArray:
        reach = (depth[0] + shift, depth[1] - shift)
        return closed_share(distance - shift, profile.kind, profile.width, depth=reach)

    if profile.kind == "sharp" or not inside or inside == sites.sum():
        return (plane < 0).astype(np.float64)
    low, high = -depth[0], depth[1]
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if shares(middle) @ sites < inside:
            low = middle
        else:
            high = middle
    return np.round(shares((low + high) / 2), 9)


def mixed_planes(share: FloatArray, sites: IntArray) -> BoolArray:
    """Return the planes whose ions change: from the first to the last that exchanges any.

    Parameters
    ----------
    share : (p,) float array
        Share of the inner composition, planes from inside to outside.
    sites : (p,) int array
        Number of sites in each plane.

    Returns
    -------
    (p,) bool array
        True for these planes.

    Examples
    --------
    >>> mixed_planes(np.array([1.0, 0.9, 0.1, 0.01]), np.array([8, 8, 8, 8])).tolist()
    [False, True, True, False]
    """
    foreign = np.minimum(share, 1 - share) * sites
    active = np.flatnonzero(foreign >= LEAST)
    found = np.zeros(len(share), dtype=np.bool_)
    if len(active):
        found[active[0] : active[-1] + 1] = True
    return found


def whole_ions(wanted: FloatArray, sites: IntArray, totals: IntArray | None) -> IntArray:
    """Round the ions of all planes to whole numbers, what rounding leaves carried on.

    Parameters
    ----------
    wanted : (p, k) float array
        Wanted share of each ion in each plane; rows sum to one.
    sites : (p,) int array
        Number of sites in each plane.
    totals : (k,) int array or None
        Number of each ion in all planes, which is kept; None where ions come or go.

    Returns
    -------
    (p, k) int array
        Whole numbers with the sums `sites` by plane, and `totals` over all of them.

    Examples
    --------
    >>> wanted = np.array([[0.9, 0.1], [0.5, 0.5], [0.1, 0.9]])
    >>> whole_ions(wanted, np.array([2, 4, 2]), np.array([4, 4])).tolist()
    [[2, 0], [2, 2], [0, 2]]
    """
    order = np.repeat(np.arange(len(sites)), sites)
    counts = counts_by_bin(wanted[order], order)
    if totals is None:
        return counts
    target = wanted * sites[:, None]
    while (counts.sum(axis=0) != totals).any():
        excess = counts.sum(axis=0) - totals
        many, few = int(np.argmax(excess)), int(np.argmin(excess))
        gain = (counts[:, many] - target[:, many]) - (counts[:, few] - target[:, few])
        gain = np.where(counts[:, many] > 0, gain, -np.inf)
        row = int(np.argmax(np.round(gain, 9)))
        counts[row, many] -= 1
        counts[row, few] += 1
    return counts
