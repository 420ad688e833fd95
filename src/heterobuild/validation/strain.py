"""Strain of each region, measured from the atoms and compared with the one declared."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from ase.data import chemical_symbols

from heterobuild.model import Finding

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Region
    from heterobuild.validation.view import View

_REACH = 0.2
_LONGEST_REACH = 2.0
_MOST_QUERIES = 20_000
_FLAT = 1e-6
_AXES = "xyz"


@dataclass(frozen=True, kw_only=True)
class _Lattice:
    """One sublattice of a region: its sites, and the cell that repeats them."""

    name: str
    points: FloatArray
    cell: FloatArray
    pbc: tuple[bool, ...]


def check_strain(structure: View) -> tuple[Finding, ...]:
    """Measure the cell of each region from pairs of equivalent atoms.

    From every site of the most common cation of the region the site one surface vector u, v or
    one repeat w further is looked up; the median difference is the measured vector. The strain
    is the symmetric part of ``inv(cell) @ measured - 1``. In the plane every site has such a
    partner, at least its own periodic image. Where the region is too thin to hold
    ``limits.strain_pairs`` pairs one repeat apart, only the in-plane components are compared.

    Parameters
    ----------
    structure : View
        The structure.

    Returns
    -------
    tuple of Finding
        One finding a region; its value is the largest deviation from the declared strain.
    """
    return tuple(_of_region(structure, region) for region in structure.regions)


def _of_region(structure: View, region: Region) -> Finding:
    """Compare the strain of one region."""
    if min(abs(np.linalg.det(region.cell)), abs(np.linalg.det(structure.cell))) < _FLAT:
        message = f"{region.name}: no cell that encloses a volume to measure its strain against"
        return Finding(check="strain", level="info", message=message)
    lattice = _sublattice(structure, region)
    predicted = region.cell @ (np.eye(3) + region.strain)
    across = structure.limits.strain_pairs
    in_plane = max(1, min(across, len(lattice.points)))
    found = [
        _displacement(lattice, vector, fewest)
        for vector, fewest in zip(predicted, (in_plane, in_plane, across), strict=True)
    ]
    if found[0] is None or found[1] is None:
        message = f"{region.name}: too few equivalent {lattice.name} to measure its strain"
        return Finding(check="strain", level="info", message=message)
    measured = np.array([p if f is None else f for p, f in zip(predicted, found, strict=True)])
    gradient = np.linalg.solve(region.cell, measured) - np.eye(3)
    strain = (gradient + gradient.T) / 2
    deviation = np.abs(strain - region.strain)
    compared = "all components"
    if found[2] is None:
        strain, deviation, compared = strain[:2, :2], deviation[:2, :2], "in-plane components"
    return _finding(structure, region, strain, deviation, f"{compared}, {lattice.name}")


def _finding(
    structure: View, region: Region, strain: FloatArray, deviation: FloatArray, what: str
) -> Finding:
    """Put the comparison into words."""
    limit = structure.limits.strain
    worst = float(deviation.max())
    row, column = divmod(int(deviation.argmax()), len(deviation))
    axes = _AXES[row] + _AXES[column]
    message = f"{region.name}: strain measured from {what}:"
    message += "".join(
        f" {_AXES[k]}{_AXES[k]} {round(100 * strain[k, k], 2) + 0.0:+.2f} %"
        for k in range(len(strain))
    )
    if worst > limit:
        declared = 100 * float(region.strain[row, column])
        measured = 100 * float(strain[row, column])
        message += f"; {axes} is {measured:+.2f} %, declared {declared:+.2f} %"
    return Finding(
        check="strain",
        level="error" if worst > limit else "info",
        message=message,
        value=worst,
        limit=limit,
        unit="fraction",
    )


def _sublattice(structure: View, region: Region) -> _Lattice:
    """Return the sites of the region's most common cation: an ion before a molecule."""
    first = structure.first
    member = (structure.region[first] == region.code) & (structure.unit_charge > 0)
    ions = member & (structure.molecule[first] == 0)
    if ions.any():
        number = _most_common(structure.numbers[first[ions]])
        chosen, name = ions & (structure.numbers[first] == number), chemical_symbols[number]
    elif member.any():
        kind = _most_common(structure.kind[first[member]])
        chosen, name = member & (structure.kind[first] == kind), "molecules"
    else:
        chosen, name = structure.region[first] == region.code, "atoms"
        number = _most_common(structure.numbers[first[chosen]])
        chosen &= structure.numbers[first] == number
    return _Lattice(
        name=name,
        points=structure.centres[chosen],
        cell=structure.cell,
        pbc=tuple(bool(p) for p in structure.atoms.pbc),
    )


def _most_common(values: IntArray) -> int:
    """Return the most common value, the highest of equally common ones; 0 of none."""
    if len(values) == 0:
        return 0
    found, amounts = np.unique(values, return_counts=True)
    return int(found[np.flatnonzero(amounts == amounts.max())[-1]])


def _displacement(lattice: _Lattice, vector: FloatArray, fewest: int) -> FloatArray | None:
    """Return the median vector from a site to its equivalent near `vector`."""
    from scipy.spatial import cKDTree

    if len(lattice.points) == 0:
        return None
    reach = min(_REACH * float(np.linalg.norm(vector)), _LONGEST_REACH)
    sites, periodic = _with_images(lattice, reach)
    step = max(1, -(-len(lattice.points) // _MOST_QUERIES))
    wanted = lattice.points[::step] + vector
    inverse = np.linalg.inv(lattice.cell)
    moved = np.floor(wanted @ inverse) * periodic @ lattice.cell
    distance, index = cKDTree(sites).query(wanted - moved, distance_upper_bound=reach)
    hit = np.isfinite(distance)
    if int(hit.sum()) < fewest:
        return None
    difference = sites[np.asarray(index)[hit]] - (wanted - moved)[hit]
    median: FloatArray = vector + np.median(difference, axis=0)
    return median


def _with_images(lattice: _Lattice, reach: float) -> tuple[FloatArray, FloatArray]:
    """Return the sites wrapped into the cell with the images that lie within reach of it."""
    inverse = np.linalg.inv(lattice.cell)
    periodic = np.array(lattice.pbc, dtype=np.float64)
    margin = reach * np.linalg.norm(inverse, axis=0)
    fractions = lattice.points @ inverse
    fractions = fractions - np.floor(fractions) * periodic
    images = []
    for shift in product(*((-1, 0, 1) if p else (0,) for p in lattice.pbc)):
        image = fractions + np.array(shift)
        near = ((image > -margin) & (image < 1 + margin)) | (periodic == 0)
        images.append(image[near.all(axis=1)])
    return np.concatenate(images) @ lattice.cell, periodic
