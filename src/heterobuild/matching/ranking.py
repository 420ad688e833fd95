"""Order distinct matches: the Pareto front of strain against size, then the rest."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.model import Match

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.matching.limits import MatchLimits

SAME_STRAIN = 1e-8
"""Strains closer than this are ties, ordered by rotation instead."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """Distinct matches as arrays.

    Parameters
    ----------
    film, substrate : (k, 2, 2) int array
        Vectors of the common cells in surface vectors.
    rotation : (k,) float array
        Turn of the film in degrees.
    multiplicity : (k,) int array
        Pairs of superlattices that each stands for.
    cells : tuple of (2, 2) float array
        Surface cells of film and substrate in Å.
    atoms : tuple of int or None
        Atoms in one surface cell of either slab, where there are slabs.
    """

    film: IntArray
    substrate: IntArray
    rotation: FloatArray
    multiplicity: IntArray
    cells: tuple[FloatArray, FloatArray]
    atoms: tuple[int, int] | None

    @cached_property
    def counts(self) -> IntArray:
        """Surface cells of film and substrate in the common cell, shape (2, k)."""
        return np.stack([_determinant(matrix) for matrix in (self.film, self.substrate)])

    @cached_property
    def areas(self) -> FloatArray:
        """Unstrained areas of film and substrate supercell in Å², shape (2, k)."""
        per_cell = np.array([np.linalg.det(cell) for cell in self.cells])
        areas: FloatArray = self.counts * per_cell[:, None]
        return areas

    @cached_property
    def size(self) -> FloatArray:
        """Atoms of both slabs in the common cell, or its area in Å², shape (k,)."""
        if self.atoms is None:
            rounded: FloatArray = np.round(self.areas[1], 4)
            return rounded
        size: FloatArray = (self.counts * np.array(self.atoms)[:, None]).sum(axis=0).astype(float)
        return size

    @cached_property
    def deformation(self) -> FloatArray:
        """Maps of film onto substrate for row vectors, shape (k, 2, 2)."""
        maps: FloatArray = np.linalg.solve(
            self.film @ self.cells[0], self.substrate @ self.cells[1]
        )
        return maps

    @cached_property
    def strains(self) -> FloatArray:
        """Principal engineering strains, larger first, shape (k, 2)."""
        g = self.deformation
        sums = np.hypot(g[:, 0, 0] + g[:, 1, 1], g[:, 0, 1] - g[:, 1, 0])
        differences = np.hypot(g[:, 0, 0] - g[:, 1, 1], g[:, 0, 1] + g[:, 1, 0])
        strains: FloatArray = np.stack([sums + differences, sums - differences], axis=1) / 2 - 1
        return strains

    @cached_property
    def log_strain(self) -> FloatArray:
        """Larger absolute principal logarithmic strain, shape (k,)."""
        logs: FloatArray = np.abs(np.log1p(self.strains)).max(axis=1)
        return logs

    def ranking(self, limits: MatchLimits) -> IntArray:
        """Return the matches within the remaining limits in the order of their ranks.

        Parameters
        ----------
        limits : MatchLimits
            Its `max_atoms` and `max_misfit_angle`.

        Returns
        -------
        (m,) int array
            First the Pareto front of strain against size, then the rest, each by size, strain,
            rotation and matrices.
        """
        matrices = [*self.film.reshape(-1, 4).T[::-1], *self.substrate.reshape(-1, 4).T[::-1]]
        angle = np.round(self.rotation, 4)
        order = np.lexsort(
            (*matrices, -np.sign(angle), np.abs(angle), np.round(self.log_strain, 8), self.size)
        )
        order = order[self._affordable(limits)[order]]
        strain = self.log_strain[order]
        least = np.minimum.accumulate(np.concatenate([[np.inf], strain]))[:-1]
        front = strain < least - SAME_STRAIN
        ranked: IntArray = np.concatenate([order[front], order[~front]])
        return ranked

    def matches(self, order: IntArray) -> tuple[Match, ...]:
        """Return the matches as records.

        Parameters
        ----------
        order : (m,) int array
            Which ones, in which order.

        Returns
        -------
        tuple of Match
            The records.
        """
        strains, logs = self.strains[order].tolist(), self.log_strain[order].tolist()
        angles, counts = self.rotation[order].tolist(), self.multiplicity[order].tolist()
        film_areas, areas = self.areas[:, order].tolist()
        return tuple(
            Match(
                film=self.film[i],
                substrate=self.substrate[i],
                area=areas[k],
                film_area=film_areas[k],
                strains=(strains[k][0], strains[k][1]),
                log_strain=logs[k],
                rotation=angles[k],
                multiplicity=counts[k],
                deformation=self.deformation[i],
            )
            for k, i in enumerate(order.tolist())
        )

    def _affordable(self, limits: MatchLimits) -> FloatArray:
        """Return which matches are within the limits of atoms and of the misfit angle."""
        fine = np.ones(len(self.rotation), dtype=bool)
        if limits.max_misfit_angle is not None:
            large, small = (1 + self.strains).T
            fine &= 90 - 2 * np.degrees(np.arctan2(small, large)) <= limits.max_misfit_angle
        if limits.max_atoms is not None and self.atoms is not None:
            fine &= self.size <= limits.max_atoms
        return fine


def _determinant(matrix: IntArray) -> IntArray:
    return matrix[:, 0, 0] * matrix[:, 1, 1] - matrix[:, 0, 1] * matrix[:, 1, 0]
