"""Strain of each region, measured from the atoms and compared with the one declared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from ase.data import chemical_symbols

from heterobuild.labels import Site
from heterobuild.model import Finding
from heterobuild.validation.images import with_images

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.model import Region
    from heterobuild.validation.view import View

_REACH = 0.2
_LONGEST_REACH = 2.0
_MOST_QUERIES = 20_000
_FLAT = 1e-6
_AXES = "xyz"


LOCAL = "local_strain"
"""Array of a relaxed structure: the volumetric strain at each atom, a fraction."""


@dataclass(frozen=True, kw_only=True)
class _Lattice:
    """One sublattice of a region: its sites, and where to look for their equivalents."""

    name: str
    points: FloatArray
    cell: FloatArray
    pbc: tuple[bool, ...]
    images: FloatArray
    tree: cKDTree


def check_strain(structure: View) -> tuple[Finding, ...]:
    """Measure the cell of each region from pairs of equivalent atoms.

    From every site of the most common B cation of the region the site one surface vector u, v or
    one repeat w further is looked up; the median difference is the measured vector. Where too few
    B tell, all cations are asked. The outermost A of a relaxed particle are strained otherwise than
    its inside, so that they are asked only where the B contradict the declared strain: both must
    do so. The strain
    is the symmetric part of ``inv(cell) @ measured - 1``. In the plane every site has such a
    partner, at least its own periodic image. Where the region is too thin to hold
    ``limits.strain_pairs`` pairs one repeat apart, only the in-plane components are compared; a
    particle needs as many in the plane, too.

    A structure with the array ``local_strain`` was relaxed, and the declared strain of a region
    is a mean. A mean and a median differ by at most one standard deviation, so that of the
    pairs is added to the limit.

    Parameters
    ----------
    structure : View
        The structure.

    Returns
    -------
    tuple of Finding
        One finding a region; its value is the largest deviation from the declared strain. Then
        one info a region with the mean, least and largest local strain, where atoms have it.
    """
    measured = [_of_region(structure, region) for region in structure.regions]
    return (*measured, *_local(structure))


def _local(structure: View) -> list[Finding]:
    """Report the volumetric strain at the atoms of each region."""
    local = structure.atoms.arrays.get(LOCAL)
    findings = []
    for region in structure.regions if local is not None else ():
        values = local[structure.region == region.code]
        values = values[np.isfinite(values)]
        if len(values) == 0:
            continue
        low, mean, high = (100 * float(f(values)) for f in (np.min, np.mean, np.max))
        message = f"{region.name}: volumetric strain at the atoms {low:+.2f} to {high:+.2f} %"
        message += f", mean {mean:+.2f} %"
        findings.append(
            Finding(
                check="strain", level="info", message=message, value=mean / 100, unit="fraction"
            )
        )
    return findings


def _of_region(structure: View, region: Region) -> Finding:
    """Compare the strain of one region."""
    if min(abs(np.linalg.det(region.cell)), abs(np.linalg.det(structure.cell))) < _FLAT:
        message = f"{region.name}: no cell that encloses a volume to measure its strain against"
        return Finding(check="strain", level="info", message=message)
    of_region = structure.region[structure.first] == region.code
    if not (of_region & (structure.unit_charge > 0)).any():
        message = f"{region.name}: no cations to measure its strain from"
        return Finding(check="strain", level="info", message=message)
    predicted = region.cell @ (np.eye(3) + region.strain)
    octahedra = of_region & (structure.site[structure.first] == Site.B)
    relaxed = LOCAL in structure.atoms.arrays
    if not octahedra.any():
        octahedra = of_region
    found = _measured(structure, region, octahedra, predicted)
    if (found is None and not relaxed) or (found and relaxed and found.level == "error"):
        # A strain that varies is seen by few pairs of B alone; both must contradict the mean.
        other = _measured(structure, region, of_region, predicted)
        found = other if found is None or (other and other.level == "info") else found
    if found is None:
        message = f"{region.name}: too few equivalent sites to measure its strain"
        return Finding(check="strain", level="info", message=message)
    return found


def _measured(
    structure: View, region: Region, chosen: BoolArray, predicted: FloatArray
) -> Finding | None:
    """Compare the strain told by the most common of chosen cations; None of too few."""
    lattice = _sublattice(structure, chosen, predicted)
    found = _vectors(structure, lattice, predicted)
    if found is None:
        return None
    medians = [p if f is None else f[0] for p, f in zip(predicted, found, strict=True)]
    gradient = np.linalg.solve(region.cell, np.array(medians)) - np.eye(3)
    strain = (gradient + gradient.T) / 2
    spread = 0.0
    if LOCAL in structure.atoms.arrays:
        lengths = np.linalg.norm(region.cell, axis=1)
        spread = max(f[1] / length for f, length in zip(found, lengths, strict=True) if f)
    compared = "all components"
    if found[2] is None:
        strain, compared = strain[:2, :2], "in-plane components"
    return _finding(structure, region, strain, spread, f"{compared}, {lattice.name}")


def _vectors(
    structure: View, lattice: _Lattice, predicted: FloatArray
) -> list[tuple[FloatArray, float] | None] | None:
    """Measure the vectors of a cell; None where too few sites tell those in the plane."""
    across = structure.limits.strain_pairs
    in_plane = max(1, min(across, len(lattice.points)))
    if not structure.atoms.pbc[:2].all():
        in_plane = across
    found = [
        _displacement(lattice, vector, fewest)
        for vector, fewest in zip(predicted, (in_plane, in_plane, across), strict=True)
    ]
    return None if found[0] is None or found[1] is None else found


def _finding(
    structure: View, region: Region, strain: FloatArray, spread: float, what: str
) -> Finding:
    """Compare, and put the comparison into words."""
    limit = structure.limits.strain + spread
    deviation = np.abs(strain - region.strain[: len(strain), : len(strain)])
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


def _sublattice(structure: View, chosen: BoolArray, vectors: FloatArray) -> _Lattice:
    """Return the sites of the most common chosen cation: an ion before a molecule."""
    from scipy.spatial import cKDTree

    first = structure.first
    member = chosen & (structure.unit_charge > 0)
    ions = member & (structure.molecule[first] == 0)
    if ions.any():
        number = _most_common(structure.numbers[first[ions]])
        same, name = ions & (structure.numbers[first] == number), chemical_symbols[number]
    else:
        kind = _most_common(structure.kind[first[member]])
        same, name = member & (structure.kind[first] == kind), "molecules"
    pbc = tuple(bool(p) for p in structure.atoms.pbc)
    points = structure.centres[same]
    images, _ = with_images(points, structure.cell, pbc, max(map(_reach, vectors)))
    return _Lattice(
        name=name,
        points=points,
        cell=structure.cell,
        pbc=pbc,
        images=images,
        tree=cKDTree(images, balanced_tree=False, compact_nodes=False),
    )


def _most_common(values: IntArray) -> int:
    """Return the most common value, the highest of equally common ones; 0 of none."""
    if len(values) == 0:
        return 0
    found, amounts = np.unique(values, return_counts=True)
    return int(found[np.flatnonzero(amounts == amounts.max())[-1]])


def _reach(vector: FloatArray) -> float:
    """Return how far from its place an equivalent site may be, in Å."""
    return min(_REACH * float(np.linalg.norm(vector)), _LONGEST_REACH)


def _displacement(
    lattice: _Lattice, vector: FloatArray, fewest: int
) -> tuple[FloatArray, float] | None:
    """Return median and standard deviation of the vector from a site to its equivalent."""
    step = max(1, -(-len(lattice.points) // _MOST_QUERIES))
    wanted = lattice.points[::step] + vector
    turns = np.floor(wanted @ np.linalg.inv(lattice.cell)) * lattice.pbc
    wanted = wanted - turns @ lattice.cell
    distance, index = lattice.tree.query(wanted, distance_upper_bound=_reach(vector))
    hit = np.isfinite(distance)
    if int(hit.sum()) < max(fewest, 1):
        return None
    difference = lattice.images[np.asarray(index)[hit]] - wanted[hit]
    median: FloatArray = vector + np.median(difference, axis=0)
    return median, float(np.linalg.norm(difference.std(axis=0)))
