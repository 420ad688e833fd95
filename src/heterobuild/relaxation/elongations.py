"""Elongations of a network as a linear map of displacements and strain, energies and forces.

Each spring, and the breathing term of each octahedron, is one row: its elongation is
``B u + S ε − e``, with u the displacements, ε those components of the homogeneous strain (Voigt
order, engineering shears) that are asked for, and e what it lacks at u = 0 and ε = 0. The energy
is ½ Σ k (B u + S ε − e)².
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from heterobuild.chemistry.elasticity import VOIGT

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from heterobuild.arrays import FloatArray
    from heterobuild.relaxation.springs import Octahedra, SiteIndices, Springs


@dataclass(frozen=True, kw_only=True, eq=False)
class Elongations:
    """The rows of a network, linear about a geometry.

    Parameters
    ----------
    map : sparse (rows, 3 n) array
        B, without unit.
    strain_map : (rows, p) float array
        S in Å, one column for each component of the strain.
    stiffness : (rows,) float array
        k in eV/Å².
    lacking : (rows,) float array
        e in Å: natural length minus length in this geometry.
    blocks : (n, 3, 3) float array
        Diagonal blocks of Bᵀ k B in eV/Å².
    """

    map: csr_array
    strain_map: FloatArray
    stiffness: FloatArray
    lacking: FloatArray
    blocks: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Lengths:
    """Lengths and directions of all bonds in a geometry.

    Parameters
    ----------
    springs : (m,) float array
        Lengths of the springs in Å.
    along : (m, 3) float array
        Their directions.
    arms : (b, 6) float array
        Lengths B–X of the octahedra in Å, 0 where a corner is missing.
    arms_along : (b, 6, 3) float array
        Their directions, 0 where a corner is missing.
    """

    springs: FloatArray
    along: FloatArray
    arms: FloatArray
    arms_along: FloatArray


def measure_bonds(
    springs: Springs, octahedra: Octahedra, displacements: FloatArray, strain: FloatArray
) -> Lengths:
    """Return the lengths and directions of all bonds of a deformed network.

    Parameters
    ----------
    springs : Springs
        The springs.
    octahedra : Octahedra
        The octahedra.
    displacements : (n, 3) float array
        Displacements beside the homogeneous strain, Å.
    strain : (3, 3) float array
        Homogeneous strain.

    Returns
    -------
    Lengths
        Lengths in Å and directions.
    """
    shape = np.eye(3) + strain
    vectors = springs.vector @ shape + displacements[springs.j] - displacements[springs.i]
    lengths = np.linalg.norm(vectors, axis=1)
    arms = octahedra.arms @ shape + displacements[octahedra.corners]
    arms -= displacements[octahedra.centre][:, None]
    arms[octahedra.corners < 0] = 0.0
    radii = np.linalg.norm(arms, axis=2)
    vectors /= lengths[:, None]
    arms /= np.where(radii > 0, radii, 1.0)[:, :, None]
    return Lengths(springs=lengths, along=vectors, arms=radii, arms_along=arms)


def lacking_lengths(springs: Springs, octahedra: Octahedra, lengths: Lengths) -> FloatArray:
    """Return natural length minus length of all rows.

    Parameters
    ----------
    springs : Springs
        The springs.
    octahedra : Octahedra
        The octahedra.
    lengths : Lengths
        Lengths in a geometry, of `measure_bonds`.

    Returns
    -------
    (rows,) float array
        Å; springs first, then octahedra.
    """
    built = np.linalg.norm(springs.vector, axis=1)
    radii = np.where(octahedra.corners >= 0, np.linalg.norm(octahedra.arms, axis=2), 0.0).sum(1)
    return np.concatenate(
        [
            built * (1 + springs.stretch) - lengths.springs,
            radii * (1 + octahedra.stretch) - lengths.arms.sum(axis=1),
        ]
    )


def row_stiffness(springs: Springs, octahedra: Octahedra) -> FloatArray:
    """Return the stiffness of all rows.

    Parameters
    ----------
    springs : Springs
        The springs.
    octahedra : Octahedra
        The octahedra.

    Returns
    -------
    (rows,) float array
        eV/Å²; springs first, then octahedra.
    """
    left_out = (octahedra.corners < 0).any(axis=1) & (octahedra.stiffness < 0)
    return np.concatenate([springs.stiffness, np.where(left_out, 0.0, octahedra.stiffness)])


def linearise(
    springs: Springs,
    octahedra: Octahedra,
    lengths: Lengths,
    *,
    sites: int,
    components: tuple[int, ...] = (),
) -> Elongations:
    """Make the linear map of a network about a geometry.

    Parameters
    ----------
    springs : Springs
        The springs.
    octahedra : Octahedra
        The octahedra.
    lengths : Lengths
        Lengths and directions in the geometry, of `measure_bonds`.
    sites : int
        Number n of sites.
    components : tuple of int
        Components of the homogeneous strain in Voigt order; none by default.

    Returns
    -------
    Elongations
        The rows.
    """
    stiffness = row_stiffness(springs, octahedra)
    total = -lengths.arms_along.sum(axis=1)
    ends = np.concatenate([octahedra.centre[:, None], np.maximum(octahedra.corners, 0)], axis=1)
    weights = np.concatenate([total[:, None], lengths.arms_along], axis=1)
    blocks = _blocks(springs.i, lengths.along, springs.stiffness, sites)
    blocks += _blocks(springs.j, lengths.along, springs.stiffness, sites)
    breathing = np.repeat(stiffness[len(springs.i) :], 7)
    blocks += _blocks(ends.ravel(), weights.reshape(-1, 3), breathing, sites)
    return Elongations(
        map=_sparse(springs, lengths, ends, weights, sites),
        strain_map=_strain_map(springs, octahedra, lengths, components),
        stiffness=stiffness,
        lacking=lacking_lengths(springs, octahedra, lengths),
        blocks=blocks,
    )


def _sparse(
    springs: Springs, lengths: Lengths, ends: SiteIndices, weights: FloatArray, sites: int
) -> csr_array:
    """Return B: six entries for a spring, twenty-one for an octahedron."""
    from scipy.sparse import csr_array

    m, b = len(springs.i), len(ends)
    wide: type[np.signedinteger[Any]] = np.int32 if 6 * m + 21 * b < 2**31 else np.int64
    columns = np.empty(6 * m + 21 * b, dtype=wide)
    pairs = columns[: 6 * m].reshape(m, 2, 3)
    pairs[:, 0] = _columns(springs.i, wide)
    pairs[:, 1] = _columns(springs.j, wide)
    columns[6 * m :].reshape(b, 7, 3)[:] = _columns(ends, wide)
    data = np.empty(len(columns))
    entries = data[: 6 * m].reshape(m, 2, 3)
    entries[:, 0] = -lengths.along
    entries[:, 1] = lengths.along
    data[6 * m :] = weights.ravel()
    starts = np.concatenate(
        [6 * np.arange(m, dtype=wide), 6 * m + 21 * np.arange(b + 1, dtype=wide)]
    )
    return csr_array((data, columns, starts.astype(wide)), shape=(m + b, 3 * sites))


def _columns(sites: SiteIndices, wide: type[np.signedinteger[Any]]) -> NDArray[Any]:
    """Return the three columns of each site."""
    columns: NDArray[Any] = np.multiply(sites, 3, dtype=wide)[..., None] + np.arange(3, dtype=wide)
    return columns


def _strain_map(
    springs: Springs, octahedra: Octahedra, lengths: Lengths, components: tuple[int, ...]
) -> FloatArray:
    """Return S: n·(r ε) of each spring, and the sum of it over the arms of each octahedron."""
    m = len(springs.i)
    rows = np.empty((m + len(octahedra.centre), len(components)))
    for column, component in enumerate(components):
        p, q = VOIGT[component]
        rows[:m, column] = _turned(lengths.along, springs.vector, p, q)
        rows[m:, column] = _turned(lengths.arms_along, octahedra.arms, p, q).sum(axis=1)
    return rows


def _turned(along: FloatArray, vectors: FloatArray, p: int, q: int) -> FloatArray:
    """Return n·(r ε) of each bond for a unit of one component of the strain."""
    answer: FloatArray = (along[..., p] * vectors[..., q] + along[..., q] * vectors[..., p]) / 2
    return answer


def _blocks(sites: SiteIndices, along: FloatArray, stiffness: FloatArray, n: int) -> FloatArray:
    """Return the sums of k n nᵀ over the rows that end on each site."""
    blocks = np.empty((n, 3, 3))
    for p, q in VOIGT:
        weights = stiffness * along[:, p] * along[:, q]
        blocks[:, p, q] = blocks[:, q, p] = np.bincount(sites, weights, minlength=n)
    return blocks
