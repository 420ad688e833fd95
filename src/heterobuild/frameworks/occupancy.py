"""Draw who stands on each site: exact numbers of ions in every part and in every shell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.counts import counts_by_bin, largest_remainder, whole_counts
from heterobuild.alloys.plane_patterns import arrange_in_plane
from heterobuild.frameworks.sites import EMPTY

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, CodeArray, FloatArray, IntArray
    from heterobuild.frameworks.block import Block
    from heterobuild.frameworks.species import Shares

PURE = 1 - 1e-12
"""Share from which on an ion is alone on its sites."""


def occupy(
    block: Block,
    region: CodeArray,
    shares: Shares,
    *,
    rng: np.random.Generator,
    blend: tuple[FloatArray, CodeArray] | None = None,
    pattern: str = "random",
) -> CodeArray:
    """Put a species on every site that belongs to a part.

    Sites with the same wishes form a bin: those of one part, or of one shell of a composition
    profile. Each bin takes whole numbers of each ion by largest remainder, in places drawn with
    the seed; ions of unlike charge that share sites are taken in neutral combinations.

    Parameters
    ----------
    block : Block
        The block.
    region : (nx, ny, nz, u) int8 array
        Code of the part, from 1; 0 where nothing stands.
    shares : Shares
        What each part wants, in the order of the codes.
    rng : numpy.random.Generator
        Generator of the draw.
    blend : (weights, shell), optional
        A composition profile: the weight of each part, shape (s, r), in each shell s of it, and
        the shell of each site, shape (nx, ny, nz, u).
    pattern : {"random", "ordered", "quasirandom"}, optional
        How ions are distributed in a shell in which parts blend, see
        `heterobuild.alloys.plane_patterns`; elsewhere they are drawn.

    Returns
    -------
    (nx, ny, nz, u) int16 array
        Numbers of species; `EMPTY` where nothing stands.

    Raises
    ------
    UsageError
        If a shell is too large for the pattern.
    """
    if blend is None and (shares.shares.max(axis=2) > PURE).all():
        return _pure(region, shares)
    species = np.full(block.grid, EMPTY, dtype=np.int16)
    for units in _alike(block, shares):
        wanted = shares.shares[:, units[0]]
        code = region[..., units] if len(units) > 1 else region[..., units[0]]
        bins: CodeArray
        if blend is None:
            table, bins = wanted, code.astype(np.int16) - np.int16(1)
        else:
            table = blend[0] @ wanted
            bins = blend[1][..., units] if len(units) > 1 else blend[1][..., units[0]]
            bins = np.where(code > 0, bins, -1)
        arrange = None
        if blend is not None and pattern != "random":
            arrange = _Arrangement(block, units, pattern, blend[0].max(axis=1) < PURE)
        drawn = _draw(table, bins.ravel(), shares.charges, rng, arrange).reshape(code.shape)
        if len(units) > 1:
            species[..., units] = drawn
        else:
            species[..., units[0]] = drawn
    return species


def _pure(region: CodeArray, shares: Shares) -> CodeArray:
    """Return the one species that each part wants on each unit."""
    wanted = shares.shares.argmax(axis=2)
    table = np.vstack([np.full_like(wanted[:1], EMPTY), wanted]).astype(np.int16)
    species = np.empty(region.shape, dtype=np.int16)
    rows = np.tile(table, (1, region.shape[1] * region.shape[2]))
    for codes, found in zip(region, species, strict=True):
        _place(rows, codes.reshape(-1), found.reshape(-1))
    return species


def _place(rows: CodeArray, codes: CodeArray, found: CodeArray) -> None:
    """Give each site the number in the row of its code; sites of one code stand together."""
    found[...] = rows[-1]
    for code, row in enumerate(rows[:-1]):
        here = codes == code
        if here.any():
            np.copyto(found, row, where=here)


def _alike(block: Block, shares: Shares) -> list[list[int]]:
    """Return groups of units on which all parts want the same: they are drawn together."""
    groups: dict[bytes, list[int]] = {}
    for u in range(len(block.framework.site)):
        key = bytes([int(block.framework.site[u])]) + shares.shares[:, u].tobytes()
        groups.setdefault(key, []).append(u)
    return list(groups.values())


@dataclass(frozen=True, eq=False)
class _Arrangement:
    """Where the sites of some units are, and how shells of blended parts are filled."""

    block: Block
    units: list[int]
    pattern: str
    blended: BoolArray

    def ions(self, places: IntArray, counts: IntArray, rng: np.random.Generator) -> IntArray:
        """Return the ion of each place; places count over the cells, then the units."""
        cells, unit = np.divmod(places, len(self.units))
        grid = np.stack(np.unravel_index(cells, self.block.cells), axis=-1) + self.block.origin
        framework = self.block.framework
        centres = grid @ framework.cell + framework.centres[np.array(self.units)[unit]]
        return arrange_in_plane(
            self.pattern,
            counts,
            centres,
            cell=np.diag(self.block.cells) @ framework.cell,
            pbc=self.block.periodic,
            rng=rng,
        )


def _draw(
    table: FloatArray,
    bins: CodeArray,
    charges: FloatArray,
    rng: np.random.Generator,
    arrange: _Arrangement | None,
) -> CodeArray:
    """Return the species of each site of one group; −1 in a bin means none."""
    pure = table.max(axis=1) > PURE
    lookup = np.append(table.argmax(axis=1), EMPTY).astype(np.int16)
    drawn: CodeArray = lookup[bins]
    sizes = np.bincount(bins[bins >= 0], minlength=len(table))
    mixed = np.flatnonzero(~pure & (sizes > 0))
    if not len(mixed):
        return drawn
    counts = _counts(table[mixed], sizes[mixed], charges)
    for row, number in enumerate(mixed.tolist()):
        places = np.flatnonzero(bins == number)
        if arrange is not None and arrange.blended[number]:
            drawn[places] = arrange.ions(places, counts[row], rng)
            continue
        ions = np.repeat(np.arange(table.shape[1]), counts[row])
        drawn[places] = rng.permutation(ions)
    return drawn


def _counts(table: FloatArray, sizes: CodeArray, charges: FloatArray) -> CodeArray:
    """Return whole numbers of ions for each bin."""
    used = table.max(axis=0) > 0
    if np.ptp(charges[used]) == 0:
        order = np.repeat(np.arange(len(sizes)), sizes)
        return counts_by_bin(table[order], order)
    return np.array([_unlike(row, int(n), charges) for row, n in zip(table, sizes, strict=True)])


def _unlike(shares: FloatArray, total: int, charges: FloatArray) -> CodeArray:
    """Return whole numbers of ions of unlike charge: in pairs where these keep the mean charge."""
    excess = np.where(shares > 0, charges - charges @ shares, 0.0).round(6)
    few, many = shares[excess < 0].sum(), shares[excess > 0].sum()
    if abs(few - many) > 1e-6:
        return largest_remainder(shares * total, total)
    counts = whole_counts(shares, total, excess)
    counts[int(shares.argmax())] += total - int(counts.sum())
    return counts
