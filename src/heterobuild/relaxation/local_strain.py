"""Local strain of a relaxed network: how each octahedron differs from its own phase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.elasticity import VOIGT
from heterobuild.geometry.strain import right_stretches

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.relaxation.relaxing import Relaxed
    from heterobuild.relaxation.springs import Octahedra, SiteIndices, Springs

FLAT = 0.05
"""Ratio of the least to the largest spread of the corners of an octahedron below which they lie in
a plane and tell nothing about the strain across it; 1 for a regular octahedron."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LocalStrain:
    """Strain of every site relative to the stress-free crystal of its own phase.

    Parameters
    ----------
    tensor : (n, 6) float array
        Symmetric strain U − 1 in Voigt order xx, yy, zz, yz, xz, xy with tensor shears (not
        engineering ones), fraction; not a number where no octahedron is near.
    volumetric : (n,) float array
        Relative change of volume, det U − 1.
    octahedra : (b, 6) float array
        The strain of each octahedron, like `tensor`.
    """

    tensor: FloatArray
    volumetric: FloatArray
    octahedra: FloatArray


def local_strain(springs: Springs, octahedra: Octahedra, relaxed: Relaxed) -> LocalStrain:
    """Measure the strain of each octahedron and give it to the sites.

    The deformation of an octahedron is the map of its corners, about their centre, that fits
    their new places best (least squares), divided by the stretch of its own phase; U is its
    symmetric stretch in the frame of the lattice as built. B has the strain of its octahedron, X
    the mean over the octahedra it belongs to, any other site the mean over the X that springs
    join it to. Octahedra with corners in one plane say nothing.

    Parameters
    ----------
    springs : Springs
        The springs.
    octahedra : Octahedra
        The octahedra, with the stretch of their phase.
    relaxed : Relaxed
        The elastic estimate.

    Returns
    -------
    LocalStrain
        Strain of sites and octahedra.
    """
    strain = _octahedral_strain(octahedra, relaxed)
    n = len(relaxed.displacements)
    b, c = np.nonzero(octahedra.corners >= 0)
    own = _means(octahedra.centre, strain, n)
    corners = _means(octahedra.corners[b, c], strain[b], n)
    known = np.where(np.isnan(own), corners, own)
    ends = np.concatenate([springs.i, springs.j])
    others = np.concatenate([springs.j, springs.i])
    lacking = np.isnan(known[ends, 0])
    around = _means(ends[lacking], known[others[lacking]], n)
    tensor = np.where(np.isnan(known), around, known)
    volumetric = np.full(n, np.nan)
    measured = ~np.isnan(tensor[:, 0])
    volumetric[measured] = np.linalg.det(np.eye(3) + _matrices(tensor[measured])) - 1
    return LocalStrain(tensor=tensor, volumetric=volumetric, octahedra=strain)


def _octahedral_strain(octahedra: Octahedra, relaxed: Relaxed) -> FloatArray:
    """Return U − 1 of each octahedron, not a number where its corners lie in a plane."""
    there = (octahedra.corners >= 0)[:, :, None]
    count = np.maximum(there.sum(axis=1, keepdims=True), 1)
    built = np.where(there, octahedra.arms, 0.0)
    moves = relaxed.displacements[octahedra.corners]
    new = np.where(there, octahedra.arms @ (np.eye(3) + relaxed.strain) + moves, 0.0)
    built = np.where(there, built - built.sum(axis=1, keepdims=True) / count, 0.0)
    new = np.where(there, new - new.sum(axis=1, keepdims=True) / count, 0.0)
    spread = np.einsum("bci,bcj->bij", built, built)
    values = np.linalg.eigvalsh(spread)
    solid = values[:, 0] > FLAT * np.maximum(values[:, 2], 1e-300)
    gradient = np.tile(np.eye(3), (len(built), 1, 1))
    mixed = np.einsum("bci,bcj->bij", built[solid], new[solid])
    gradient[solid] = np.linalg.solve(spread[solid], mixed)
    gradient /= (1 + octahedra.stretch)[:, None, None]
    stretch = right_stretches(gradient) - np.eye(3)
    strain = np.stack([stretch[:, p, q] for p, q in VOIGT], axis=1)
    strain[~solid] = np.nan
    return strain


def _means(sites: SiteIndices, values: FloatArray, n: int) -> FloatArray:
    """Return the mean for each site of the values given to it; not a number where none is."""
    known = ~np.isnan(values[:, 0])
    count = np.bincount(sites[known], minlength=n)
    total = np.stack(
        [np.bincount(sites[known], column[known], minlength=n) for column in values.T], axis=1
    )
    mean: FloatArray = np.where(count[:, None] > 0, total / np.maximum(count, 1)[:, None], np.nan)
    return mean


def _matrices(tensor: FloatArray) -> FloatArray:
    matrices = np.empty((len(tensor), 3, 3))
    for column, (p, q) in enumerate(VOIGT):
        matrices[:, p, q] = matrices[:, q, p] = tensor[:, column]
    return matrices
