"""The network: springs between pairs of sites, and one breathing term for each octahedron."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from heterobuild.arrays import FloatArray
    from heterobuild.relaxation.spring_constants import SpringConstants

SiteIndices: TypeAlias = "NDArray[np.integer[Any]]"

OPPOSITE = -0.5
"""Cosine of two arms of an octahedron below which they are opposite and share no edge."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Springs:
    """Central springs between pairs of sites.

    Parameters
    ----------
    i, j : (m,) int32 array
        The two sites.
    vector : (m, 3) float array
        From i to the image of j that the spring holds, in the lattice as built, Å.
    stiffness : (m,) float array
        eV/Å².
    stretch : (m,) float array
        Natural length over the length as built, minus 1.
    """

    i: SiteIndices
    j: SiteIndices
    vector: FloatArray
    stiffness: FloatArray
    stretch: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Octahedra:
    """Breathing terms, each ½ k (sum of the elongations B–X)².

    Parameters
    ----------
    centre : (b,) int32 array
        Sites B.
    corners : (b, 6) int32 array
        Sites X; −1 where a corner is missing.
    arms : (b, 6, 3) float array
        From B to the images of X in the lattice as built, Å; anything where a corner is missing.
    stiffness : (b,) float array
        eV/Å². A negative one is left out where a corner is missing, since only whole octahedra
        are stable with it.
    stretch : (b,) float array
        Natural sum of the six lengths over the sum as built, minus 1.
    """

    centre: SiteIndices
    corners: SiteIndices
    arms: FloatArray
    stiffness: FloatArray
    stretch: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class BondTable:
    """Sites and bonds of octahedra and the sites A between them.

    Parameters
    ----------
    positions : (n, 3) float array
        Å.
    centres : (b,) int array
        Sites B.
    corners : (b, 6) int array
        Sites X of each octahedron; −1 where one is missing.
    arms : (b, 6, 3) float array
        From B to the images of X in the lattice as built, Å.
    cavity_bonds : tuple of arrays
        Sites A (m,), sites X (m,), and vectors (m, 3) from A to the images of X, Å: the twelve
        of each A in the cubic lattice. A molecule acts at one site, its centre.
    """

    positions: FloatArray
    centres: SiteIndices
    corners: SiteIndices
    arms: FloatArray
    cavity_bonds: tuple[SiteIndices, SiteIndices, FloatArray]


def build_network(
    *,
    centres: SiteIndices,
    corners: SiteIndices,
    arms: FloatArray,
    cavity_bonds: tuple[SiteIndices, SiteIndices, FloatArray],
    constants: Sequence[SpringConstants],
    phase: SiteIndices,
    stretch: FloatArray,
) -> tuple[Springs, Octahedra]:
    """Make the springs of a framework of octahedra with A sites.

    A bond has the mean of the constants of the phases at its two ends and the mean of their
    stretches: inside a phase its own, at a wall half of each. An octahedron has the means over
    its

    Parameters
    ----------
    centres, corners, arms, cavity_bonds : arrays
        Sites and bonds, as in `BondTable`.
    constants : sequence of SpringConstants
        Springs of each phase.
    phase : (n,) int array
        Index into `constants` of each site.
    stretch : (n,) float array
        Length of the phase of each site over that of the lattice as built, minus 1.

    Returns
    -------
    Springs
        Bonds B–X, then edges X–X, then A–X.
    Octahedra
        The breathing terms.
    """
    tables = {
        name: np.array([getattr(entry, name) for entry in constants])[phase]
        for name in ("bond", "edge", "cavity", "breathing")
    }
    b, c = np.nonzero(corners >= 0)
    edges = _edges(corners, arms)
    parts = {
        "bond": (centres[b], corners[b, c], arms[b, c]),
        "edge": edges,
        "cavity": cavity_bonds,
    }
    values = [
        (i, j, vector, (tables[name][i] + tables[name][j]) / 2, (stretch[i] + stretch[j]) / 2)
        for name, (i, j, vector) in parts.items()
    ]
    i, j, vector, stiffness, natural = (
        np.concatenate([row[k] for row in values]) for k in range(5)
    )
    springs = Springs(
        i=i.astype(np.int32),
        j=j.astype(np.int32),
        vector=vector,
        stiffness=stiffness,
        stretch=natural,
    )
    breathing = _bond_means(centres, corners, arms, tables["breathing"])
    return springs, Octahedra(
        centre=centres.astype(np.int32),
        corners=corners.astype(np.int32),
        arms=arms,
        stiffness=breathing,
        stretch=_bond_means(centres, corners, arms, stretch),
    )


def _edges(corners: SiteIndices, arms: FloatArray) -> tuple[SiteIndices, SiteIndices, FloatArray]:
    """Return the pairs of corners of each octahedron that are not opposite."""
    lengths = np.linalg.norm(arms, axis=2)
    first, second, vectors = [], [], []
    for c in range(6):
        for d in range(c + 1, 6):
            cosine = np.einsum("bx,bx->b", arms[:, c], arms[:, d])
            beside = cosine > OPPOSITE * lengths[:, c] * lengths[:, d]
            kept = beside & (corners[:, c] >= 0) & (corners[:, d] >= 0)
            first.append(corners[kept, c])
            second.append(corners[kept, d])
            vectors.append(arms[kept, d] - arms[kept, c])
    return np.concatenate(first), np.concatenate(second), np.concatenate(vectors)


def _bond_means(
    centres: SiteIndices, corners: SiteIndices, arms: FloatArray, values: FloatArray
) -> FloatArray:
    """Return the mean over the bonds of each octahedron, weighted with their lengths."""
    weights = np.linalg.norm(arms, axis=2) * (corners >= 0)
    at_bonds = (values[centres][:, None] + values[corners]) / 2
    mean: FloatArray = (weights * at_bonds).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-300)
    return mean
