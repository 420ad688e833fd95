"""The batched search: a neighbour search of superlattices in the upper half-plane.

Two superlattices with complex numbers τ, τ' and half log areas s, s' map onto one another with
the principal logarithmic strains h ± d/2, where h = s' − s and d is the hyperbolic distance of τ
and τ'. A search for all maps within a strain is therefore a search for neighbours; the only care
is that a film basis near an edge of the fundamental domain also fits substrates across it, so
the film enters with all its images near the domain.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.matching.superlattices import LatticePoints, lattice_points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.matching.limits import MatchLimits

ROUNDING = 1e-9
"""Strains above the limit by less than this still count: a limit of 0.05 includes 0.05."""

MOST_PAIRS = 2_000_000
"""Candidate pairs held at once; more are worked off in turns, so that memory stays bounded."""


FEW_PAIRS = 200_000
"""Pairs up to which the sizes of all are compared at once, which is faster than sorting."""


@dataclass(frozen=True, kw_only=True, eq=False)
class RawMatches:
    """All pairs of superlattices that fit, one entry a map, maps that differ by −1 once.

    Parameters
    ----------
    film, substrate : (k,) int array
        Surfaces of the pair.
    film_matrix, substrate_matrix : (k, 2, 2) int array
        Vectors of the common cell in surface vectors; the substrate's basis is reduced.
    log_strain : (k,) float array
        Larger absolute principal logarithmic strain.
    film_area, area : (k,) float array
        Unstrained areas of the film and the substrate supercell in Å².
    film_point, substrate_point : (k,) int array
        Serial numbers of the superlattices, for counting pairs.
    """

    film: IntArray
    substrate: IntArray
    film_matrix: IntArray
    substrate_matrix: IntArray
    log_strain: FloatArray
    film_area: FloatArray
    area: FloatArray
    film_point: IntArray
    substrate_point: IntArray

    def take(self, index: IntArray) -> RawMatches:
        """Return some of the pairs.

        Parameters
        ----------
        index : (m,) int array
            Which ones.

        Returns
        -------
        RawMatches
            The chosen pairs.
        """
        return RawMatches(
            **{entry.name: getattr(self, entry.name)[index] for entry in fields(self)}
        )


def join_surfaces(
    films: Sequence[FloatArray], substrates: Sequence[FloatArray], limits: MatchLimits
) -> RawMatches:
    """Find all common cells of all films with all substrates.

    Parameters
    ----------
    films, substrates : sequence of (2, 2) float array
        Surface cells in Å, row vectors, right-handed.
    limits : MatchLimits
        Only `max_strain` and `max_area` are used here.

    Returns
    -------
    RawMatches
        Every pair of superlattices and every proper map between them within the limits.

    Examples
    --------
    >>> from heterobuild.matching.limits import MatchLimits
    >>> raw = join_surfaces([5.874 * np.eye(2)], [5.68 * np.eye(2)], MatchLimits(max_area=40))
    >>> len(raw.film), raw.log_strain.round(4).tolist()
    (2, [0.0336, 0.0336])
    """
    points = lattice_points([*films, *substrates], limits.max_area)
    above = np.searchsorted(points.surface, len(films))
    below = points.take(slice(above, None))
    below.surface[:] -= len(films)
    return _join(points.take(slice(above)), below, limits)


def join_range(
    film: FloatArray, substrate: FloatArray, limits: MatchLimits, above: float, up_to: float
) -> RawMatches:
    """Find the common cells of one pair in a range of substrate areas.

    Parameters
    ----------
    film, substrate : (2, 2) float array
        Surface cells in Å, row vectors, right-handed.
    limits : MatchLimits
        Only `max_strain` and `max_area` are used here.
    above, up_to : float
        The range of the substrate's area in Å².

    Returns
    -------
    RawMatches
        As `join_surfaces`.
    """
    below = lattice_points([substrate], up_to, above=above)
    slack = np.exp(2 * (limits.max_strain + ROUNDING)) * (1 + 1e-9)
    most = min(limits.max_area, up_to * slack)
    return _join(lattice_points([film], most, above=above / slack), below, limits)


def _join(above: LatticePoints, below: LatticePoints, limits: MatchLimits) -> RawMatches:
    strain = limits.max_strain + ROUNDING
    images, source = _images(above, 2 * strain)
    i, j, found = _neighbours(images, below, strain)
    return RawMatches(
        film=images.surface[i],
        substrate=below.surface[j],
        film_matrix=images.matrix[i],
        substrate_matrix=below.matrix[j],
        log_strain=found,
        film_area=np.exp(2 * images.size[i]),
        area=np.exp(2 * below.size[j]),
        film_point=source[i],
        substrate_point=j,
    )


@lru_cache(maxsize=8)
def _domain_images(length: int) -> IntArray:
    """Return the elements of PSL(2, Z) that are words of up to a length in S and T±1."""
    letters = [((1, 0), (1, 1)), ((1, 0), (-1, 1)), ((0, 1), (-1, 0))]
    identity = (1, 0, 0, 1)
    found, edge = {identity: None}, [identity]
    for _ in range(length):
        grown = []
        for a, b, c, d in edge:
            for (p, q), (r, s) in letters:
                word = (p * a + q * c, p * b + q * d, r * a + s * c, r * b + s * d)
                negative = (-word[0], -word[1], -word[2], -word[3])
                if word not in found and negative not in found:
                    found[word] = None
                    grown.append(word)
        edge = grown
    return np.array(list(found)).reshape(-1, 2, 2)


def _images(points: LatticePoints, distance: float) -> tuple[LatticePoints, IntArray]:
    """Return all images of the points within a hyperbolic distance of the fundamental domain.

    The domain lies between the lines Re τ = ±½ and outside the unit circle; an image is kept
    where it is within the distance of each of these three. A point farther inside than that has
    no image but itself.
    """
    reach = np.sinh(distance) * (1 + 1e-9) + 1e-9
    length = 4 if distance < 0.25 else 6 if distance < 0.6 else 8
    inside = np.abs(points.x) + reach * points.y < 0.5
    inside &= points.x**2 + points.y**2 - 1 > 2 * reach * points.y
    deep, edge = np.flatnonzero(inside), np.flatnonzero(~inside)
    words = _domain_images(length)
    p, q, r, s = words.reshape(-1, 4, 1).transpose(1, 0, 2)
    real_part, height = points.x[edge], points.y[edge]
    # New v1 = p v1 + q v2 and v2 = r v1 + s v2, so τ' = (r + s τ) / (p + q τ).
    real, imaginary = p + q * real_part, q * height
    norm = real**2 + imaginary**2
    x = ((r + s * real_part) * real + s * height * imaginary) / norm
    y = height / norm
    near = (np.abs(x) - 0.5 <= reach * y) & (1 - x**2 - y**2 <= 2 * reach * y)
    word, place = np.nonzero(near)
    source = np.concatenate([deep, edge[place]])
    images = LatticePoints(
        surface=points.surface[source],
        matrix=np.concatenate([points.matrix[deep], words[word] @ points.matrix[edge[place]]]),
        x=np.concatenate([points.x[deep], x[near]]),
        y=np.concatenate([points.y[deep], y[near]]),
        size=points.size[source],
    )
    return images, source


def _neighbours(
    films: LatticePoints, substrates: LatticePoints, strain: float
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return all pairs (film image, substrate) within the strain, and their strain.

    Substrates are sorted by a box of size and ln y, then by x; each film looks into the nine
    boxes around it, in a window of x.
    """
    if len(films.x) * len(substrates.x) <= FEW_PAIRS:
        i, j = np.nonzero(np.abs(films.size[:, None] - substrates.size[None]) <= strain)
        return _fitting(films, substrates, strain, i, j)
    span = 64.0
    low = min(float(films.size.min()), float(substrates.size.min()))
    depth = min(float(np.log(films.y).min()), float(np.log(substrates.y).min()))
    rows = int((max(np.log(films.y).max(), np.log(substrates.y).max()) - depth) / strain / 2) + 3

    def box(points: LatticePoints) -> tuple[IntArray, IntArray]:
        sizes = np.floor((points.size - low) / strain).astype(np.int64) + 1
        return sizes, np.floor((np.log(points.y) - depth) / (2 * strain)).astype(np.int64) + 1

    first, second = box(substrates)
    key = (first * rows + second) * span + substrates.x
    order = np.argsort(key, kind="stable")
    key = key[order]
    sizes, heights = box(films)
    window = 2 * np.sinh(strain) * films.y * np.exp(strain) * (1 + 1e-9)
    starts, counts = [], []
    for step in range(-1, 2):
        for rise in range(-1, 2):
            centre = ((sizes + step) * rows + heights + rise) * span + films.x
            start = np.searchsorted(key, centre - window)
            starts.append(start)
            counts.append(np.searchsorted(key, centre + window, side="right") - start)
    windows = np.concatenate(starts), np.concatenate(counts)
    return _within(films, substrates.take(order), strain, windows, order)


def _within(
    films: LatticePoints,
    substrates: LatticePoints,
    strain: float,
    windows: tuple[IntArray, IntArray],
    order: IntArray,
) -> tuple[IntArray, IntArray, FloatArray]:
    """Test candidate pairs exactly, a bounded number at a time; substrates are sorted."""
    start, count = windows
    film = np.arange(len(start)) % len(films.x)
    some = count > 0
    film, start, count = film[some], start[some], count[some]
    marks = np.arange(MOST_PAIRS, int(count.sum()), MOST_PAIRS)
    cuts = [0, *np.searchsorted(np.cumsum(count), marks, side="right").tolist(), len(count)]
    found: list[tuple[IntArray, IntArray, FloatArray]] = []
    for begin, end in pairwise(cuts):
        sizes = count[begin:end]
        i = np.repeat(film[begin:end], sizes)
        offset = np.arange(len(i)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        j = np.repeat(start[begin:end], sizes) + offset
        found.append(_fitting(films, substrates, strain, i, j))
    i, j, value = (np.concatenate(column) for column in zip(*found, strict=True))
    return i, order[j], value


def _fitting(
    films: LatticePoints, substrates: LatticePoints, strain: float, i: IntArray, j: IntArray
) -> tuple[IntArray, IntArray, FloatArray]:
    """Keep the pairs within the strain; the principal strains are h ± d/2."""
    height, above = films.y[i], substrates.y[j]
    gap = (films.x[i] - substrates.x[j]) ** 2 + (height - above) ** 2
    half = np.arcsinh(np.sqrt(gap / (4 * height * above)))
    value = np.abs(substrates.size[j] - films.size[i]) + half
    fits = value <= strain
    return i[fits], j[fits], value[fits]
