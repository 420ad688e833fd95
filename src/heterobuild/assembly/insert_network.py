"""The octahedra of a slab that is periodic in its plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.ions import radius_table
from heterobuild.labels import MOLECULE, SITE, Site

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import BoolArray, FloatArray, IntArray

_BOND = 1.2
"""Fraction of the sum of ionic radii up to which B and X are bonded; the next ones are at 1.7."""

_CORNERS = 6


@dataclass(frozen=True, kw_only=True, eq=False)
class Octahedra:
    """The network of a slab.

    Parameters
    ----------
    metals, halides, cations : (n,) int array
        Atoms of the B, X and A ions.
    bonds : (x, b) bool array
        Which halide belongs to which B cation.
    whole : (2, 2) float array
        In-plane cell in Å.
    """

    metals: IntArray
    halides: IntArray
    cations: IntArray
    bonds: BoolArray
    whole: FloatArray

    @property
    def complete(self) -> BoolArray:
        """Which B cations have all six halides in the slab; others are shared with what follows."""
        count = np.count_nonzero(self.bonds, axis=0)
        complete: BoolArray = count == _CORNERS
        return complete


def octahedra_of(atoms: Atoms, whole: FloatArray) -> Octahedra:
    """Find the octahedra of a slab.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms, periodic in the plane.
    whole : (2, 2) float array
        In-plane cell in Å.

    Returns
    -------
    Octahedra
        B cations with the halides within 1.2 of the sum of their ionic radii.
    """
    single, site = atoms.arrays[MOLECULE] == 0, atoms.arrays[SITE]
    metals, halides, cations = (
        np.flatnonzero(single & (site == role)) for role in (Site.B, Site.X, Site.A)
    )
    shift = flat_shift(atoms.positions[halides], atoms.positions[metals], whole)
    gaps = np.linalg.norm(shift, axis=2)
    radii = np.nan_to_num(radius_table()[atoms.numbers], nan=1.0)
    bonds = gaps < _BOND * (radii[halides][:, None] + radii[metals][None])
    return Octahedra(
        metals=metals,
        halides=halides,
        cations=cations,
        bonds=bonds,
        whole=whole,
    )


def flat_shift(first: FloatArray, second: FloatArray, whole: FloatArray) -> FloatArray:
    """Return the shortest vectors between points, periodic in the plane.

    Parameters
    ----------
    first, second : (n, 3) and (m, 3) float array
        Points in Å.
    whole : (2, 2) float array
        In-plane cell in Å.

    Returns
    -------
    (n, m, 3) float array
        From the first to the second in Å.
    """
    shift = second[None] - first[:, None]
    flat = shift[:, :, :2] @ np.linalg.inv(whole)
    shift[:, :, :2] -= np.rint(flat) @ whole
    return shift


def height_range(atoms: Atoms) -> tuple[float, float]:
    """Return the heights of the outermost ions: what is between them is inside.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms of a slab.

    Returns
    -------
    low, high : float
        Heights in Å.
    """
    heights = atoms.positions[atoms.arrays[MOLECULE] == 0, 2]
    return float(heights.min()), float(heights.max())


def plane_images(
    middle: FloatArray, points: FloatArray, whole: FloatArray
) -> tuple[FloatArray, IntArray]:
    """Return the nine nearest images of points around a place.

    Parameters
    ----------
    middle : (3,) float array
        The place in Å.
    points : (n, 3) float array
        Points in Å.
    whole : (2, 2) float array
        In-plane cell in Å.

    Returns
    -------
    (9n, 3) float array
        The images.
    (9n,) int array
        Which of the points each one is, ascending.
    """
    near = middle + flat_shift(middle[None], points, whole)[0]
    steps = np.stack(np.meshgrid(*[[-1, 0, 1]] * 2, indexing="ij"), axis=-1).reshape(-1, 2) @ whole
    every = near[:, None] + np.pad(steps, ((0, 0), (0, 1)))[None]
    return every.reshape(-1, 3), np.repeat(np.arange(len(points)), len(steps))
