"""Ordered patterns of ions: whole planes, whole rows, and rock-salt order.

Sites are linked where a step of the lattice leads from one to the other, so that patterns need no
numbering of cells and fit into any periodic cell, tilted or turned.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd, lcm
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.counts import largest_remainder
from heterobuild.errors import UsageError
from heterobuild.geometry.lattice_plane import plane_basis

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray

NEAR = 0.3
"""Fraction of a lattice vector; tilts and relaxed A cations move a site by less."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Links:
    """Which sites are linked.

    Parameters
    ----------
    first, second : (l,) int array
        The sites of each link.
    count : int
        Number of sites.
    """

    first: IntArray
    second: IntArray
    count: int


def ordered(
    name: str,
    indices: tuple[int, int, int],
    counts: IntArray,
    centres: FloatArray,
    *,
    atoms: Atoms,
    axes: FloatArray,
) -> IntArray:
    """Return the ion of each site of an ordered pattern.

    Parameters
    ----------
    name : {"planes", "rows", "rock-salt"}
        The pattern. Whole planes are spread evenly along their normal. Rows of two ions in equal
        numbers alternate like the fields of a chessboard, others are spread evenly.
    indices : tuple of int
        Miller indices of the planes, or axis of the rows, in the lattice.
    counts : (k,) int array
        Number of sites of each ion.
    centres : (m, 3) float array
        Where the sites are, in Å.
    atoms : ase.Atoms
        Gives cell and periodic directions.
    axes : (3, 3) float array
        The lattice in Å, rows.

    Returns
    -------
    (m,) int array
        Ion 0 … k − 1 of each site; every ion has its number of sites.

    Raises
    ------
    UsageError
        If the pattern does not fit into the cell, or does not hold the wanted numbers.
    """
    links = _links(centres, atoms, axes, _steps(name, indices))
    if name == "rock-salt":
        return _alternating(counts, _colours(links))
    groups = _connected(links)
    if name == "planes":
        return _whole_groups(counts, _planes(groups, centres, atoms, axes, indices), name)
    found = _alternating_rows(counts, groups, _links(centres, atoms, axes, np.eye(3, dtype=int)))
    return _whole_groups(counts, groups, name) if found is None else found


def _steps(name: str, indices: tuple[int, int, int]) -> IntArray:
    """Return the steps of the lattice along which sites are linked, rows."""
    if name == "rock-salt":
        return np.eye(3, dtype=np.int64)
    if name == "rows":
        return np.array([indices], dtype=np.int64)
    h, k, m = (index // gcd(*indices) for index in indices)
    return plane_basis((h, k, m))[:2]


def _links(centres: FloatArray, atoms: Atoms, axes: FloatArray, steps: IntArray) -> Links:
    """Link the sites that are one of the steps apart."""
    from vesin import NeighborList

    vectors = steps @ axes
    near = NEAR * float(np.linalg.norm(axes, axis=1).min())
    reach = float(np.linalg.norm(vectors, axis=1).max()) + near
    i, j, between = NeighborList(cutoff=reach, full_list=True).compute(
        centres, np.asarray(atoms.cell.complete()), [bool(flag) for flag in atoms.pbc], "ijD"
    )
    linked = np.zeros(len(i), dtype=bool)
    for vector in vectors:
        linked |= np.linalg.norm(between - vector, axis=1) < near
    return Links(
        first=i[linked].astype(np.int64), second=j[linked].astype(np.int64), count=len(centres)
    )


def _connected(links: Links) -> IntArray:
    """Return the group of each site, groups counted in the order in which they first appear."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    matrix = coo_array(
        (np.ones(len(links.first)), (links.first, links.second)), shape=(links.count, links.count)
    )
    return np.asarray(connected_components(matrix, directed=False)[1], dtype=np.int64)


def _colours(links: Links) -> IntArray:
    """Colour the sites 0 and 1 so that linked ones differ.

    In the graph of (site, colour) pairs, links join pairs of different colours; where they also
    join the two pairs of one site there is no such colouring.
    """
    pairs = _connected(
        Links(
            first=np.concatenate([links.first, links.first + links.count]),
            second=np.concatenate([links.second + links.count, links.second]),
            count=2 * links.count,
        )
    ).reshape(2, links.count)
    if (pairs[0] == pairs[1]).any():
        raise UsageError(
            "the cell holds no alternating order: along some axis the number of sites is odd",
            next_step="take an even number of pseudo-cubic cells along each periodic axis",
        )
    return np.asarray(pairs[0] > pairs[1], dtype=np.int64)


def _alternating(counts: IntArray, colours: IntArray) -> IntArray:
    """Give one ion to each colour."""
    found = np.bincount(colours, minlength=2)
    if len(counts) != 2 or sorted(counts.tolist()) != sorted(found.tolist()):
        raise UsageError(
            "rock-salt order takes two ions in equal numbers",
            measured=", ".join(str(count) for count in counts),
            allowed=", ".join(str(count) for count in found),
            next_step="use the rule random, sqs, planes or rows",
        )
    return colours if found[0] == counts[0] else 1 - colours


def _alternating_rows(counts: IntArray, groups: IntArray, links: Links) -> IntArray | None:
    """Let neighbouring rows differ, where two ions in equal numbers and the cell allow it."""
    first, second = groups[links.first], groups[links.second]
    across = first != second
    rows = Links(first=first[across], second=second[across], count=int(groups.max()) + 1)
    try:
        return _alternating(counts, _colours(rows)[groups])
    except UsageError:
        return None


def _planes(
    groups: IntArray,
    centres: FloatArray,
    atoms: Atoms,
    axes: FloatArray,
    indices: tuple[int, int, int],
) -> IntArray:
    """Count planes upward, sites of one height together."""
    inverse = np.linalg.inv(axes)
    periods = (np.asarray(atoms.cell) @ inverse @ indices)[np.asarray(atoms.pbc)]
    period = gcd(*np.abs(np.rint(periods)).astype(int).tolist())
    _, first = np.unique(groups, return_index=True)
    heights = (centres[first] - centres[0]) @ inverse @ indices
    if period:
        heights = np.mod(heights + NEAR / 2, period)
    order = np.argsort(heights, kind="stable")
    plane = np.empty(len(first), dtype=np.int64)
    plane[order] = np.cumsum(np.diff(heights[order], prepend=heights[order[0]]) > NEAR / 2)
    return plane[groups]


def _whole_groups(counts: IntArray, groups: IntArray, name: str) -> IntArray:
    """Give whole groups to ions, evenly spread over the order of the groups."""
    sizes = np.bincount(groups)
    share = counts / counts.sum()
    used, passed = np.zeros(len(counts)), 0.0
    ion = np.empty(len(sizes), dtype=np.int64)
    for group, size in enumerate(sizes.tolist()):
        passed += size
        lack = np.round(share * passed - used, 9)
        lack[used + size > counts] -= passed + 1
        ion[group] = int(np.argmax(lack))
        used[ion[group]] += size
    if (used != counts).any():
        raise _not_whole(counts, sizes, name)
    return ion[groups]


def _not_whole(counts: IntArray, sizes: IntArray, name: str) -> UsageError:
    """Make the error for shares that whole planes or rows do not hold."""
    total, number = int(counts.sum()), len(sizes)
    needed = lcm(*(total // gcd(total, count) for count in counts.tolist() if count))
    held = "/".join(map(str, sorted(set(sizes.tolist()))))
    shares = largest_remainder(counts / total * number, number) / number
    return UsageError(
        f"whole {name} do not hold the wanted shares",
        measured=f"{number} {name} of {held} sites across the cell, and "
        f"{' + '.join(map(str, counts.tolist()))} ions for them",
        allowed=f"shares in steps of 1/{number}",
        next_step=f"use the shares {' + '.join(f'{share:.4g}' for share in shares)}, a cell with "
        f"{needed} {name} or a multiple of it (repeat or layers across them), or the rule random",
    )
