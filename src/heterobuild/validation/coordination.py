"""Halides around each B cation and the lengths of their bonds, by region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from ase.data import chemical_symbols

from heterobuild.chemistry.elements import covalent_table
from heterobuild.chemistry.ions import radius_table
from heterobuild.labels import Site
from heterobuild.model import Finding
from heterobuild.validation.surfaces import at_free_surface
from heterobuild.validation.view import on_defects, view_atoms

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.model import Level, Region
    from heterobuild.validation.pair_search import Places
    from heterobuild.validation.view import View

_INTERFACE_PLANES = 2
_SIDES = {
    "gap": ("network_continues", "upper", "lower"),
    "wall": ("coherent", "outer", "inner"),
}
"""Steps that say whether the network runs on, and the sides with layers above and below 0."""

_MOST_ATOMS = 10


@dataclass(frozen=True, kw_only=True)
class _Bonds:
    """B–X bonds: the B atom and the length of each, and the number at every atom."""

    centre: Places
    length: FloatArray
    count: IntArray


def check_coordination(structure: View) -> tuple[Finding, ...]:
    """Count the halides around each B cation and measure the bonds.

    A bond is a B–X pair within ``limits.bond_range`` of the sum of ionic radii. The number
    expected is the lowest one that the crystal of the region has (`View.crystals`), otherwise
    the most common one inside the region. Fewer is normal at a free surface, which an atom is at
    that has an open side (`heterobuild.validation.surfaces.at_free_surface`). At an interface,
    which is the first two planes on either side and all atoms with another region in reach, it
    is a warning. Where the step ``gap`` says that the network runs on, or the step ``wall`` that
    the wall is coherent, it is an error on the sides that count their planes from this
    interface, except at a free surface. Beside a vacancy that was asked for, which the array
    ``defect`` marks, it is what was wanted.

    Parameters
    ----------
    structure : View
        The structure.

    Returns
    -------
    tuple of Finding
        Bond lengths in Å of each region and B element, then the B cations with too few halides.
    """
    bonds = _bonds(structure)
    regions: list[tuple[int | None, str]] = [(None, "the structure")]
    if structure.regions:
        regions = [(region.code, region.name) for region in structure.regions]
    findings: list[Finding] = []
    for code, name in regions:
        chosen = _cations(structure)
        if code is not None:
            chosen &= structure.region == code
        for number in np.flatnonzero(np.bincount(structure.numbers[chosen])).tolist():
            cations = np.flatnonzero(chosen & (structure.numbers == number))
            label = f"{chemical_symbols[number]} of {name}"
            findings += _lengths(bonds, cations, label)
            expected = _expected(structure, bonds, cations, code, number)
            short = cations[bonds.count[cations] < expected]
            findings += _shortages(structure, bonds.count, short, label=label, expected=expected)
    if not findings:
        return (Finding(check="coordination", level="info", message="no B cations"),)
    return tuple(findings)


def _cations(structure: View) -> BoolArray:
    """Return which atoms are ions on B."""
    chosen: BoolArray = (structure.site == Site.B) & (structure.molecule == 0)
    return chosen


def _bonds(structure: View) -> _Bonds:
    """Return all B–X pairs that are bonds."""
    pairs, distance = structure.pairs, structure.pairs.distance
    role = _cations(structure) + 2 * (structure.site == Site.X).astype(np.uint8)
    found: tuple[list[IntArray], list[IntArray]] = ([], [])
    for piece in pairs.pieces:
        first, second = role.take(pairs.i[piece]), role.take(pairs.j[piece])
        for index, b_first in zip(found, (True, False), strict=True):
            one, other = (1, 2) if b_first else (2, 1)
            index.append(np.flatnonzero((first == one) & (second == other)) + piece.start)
    none = np.zeros(0, dtype=np.int64)
    forward, backward = (np.concatenate([none, *index]) for index in found)
    centre = np.concatenate([pairs.i[forward], pairs.j[backward]])
    halide = np.concatenate([pairs.j[forward], pairs.i[backward]])
    length = np.concatenate([distance[forward], distance[backward]])
    ionic = radius_table()
    radii = np.where(np.isnan(ionic), np.nan_to_num(covalent_table(), nan=1.5), ionic)
    numbers = structure.numbers
    near = length < structure.limits.bond_range * (radii[numbers[centre]] + radii[numbers[halide]])
    count = np.bincount(centre[near], minlength=len(numbers))
    return _Bonds(centre=centre[near], length=length[near], count=count)


def _lengths(bonds: _Bonds, cations: IntArray, label: str) -> list[Finding]:
    """Report the bond lengths of some cations."""
    member = np.zeros(len(bonds.count), dtype=np.bool_)
    member[cations] = True
    lengths = bonds.length[member[bonds.centre]]
    if len(lengths) == 0:
        message = f"{label} has no halide within reach"
        return [Finding(check="coordination", level="warning", message=message, value=0.0)]
    low, mean, high = float(lengths.min()), float(lengths.mean()), float(lengths.max())
    message = f"{label}: {len(lengths) / len(cations):.2f} bonds to halides each"
    message += f", {low:.3f} to {high:.3f} Å, mean {mean:.3f} Å"
    return [Finding(check="coordination", level="info", message=message, value=mean, unit="Å")]


def _expected(
    structure: View, bonds: _Bonds, cations: IntArray, code: int | None, number: int
) -> int:
    """Return the number of halides that a cation inside the region has."""
    region = next((r for r in structure.regions if r.code == code), None)
    known = _in_crystal(structure, region, number)
    if known is not None:
        return known
    whole = cations[on_defects(structure)[cations] == 0]
    cations = whole if len(whole) else cations
    counts = bonds.count[cations]
    depth = np.abs(structure.layer[cations])
    if region is not None and depth.max() > 2 * _INTERFACE_PLANES:
        inner = (depth > _INTERFACE_PLANES) & (depth <= depth.max() - _INTERFACE_PLANES)
        counts = counts[inner] if inner.any() else counts
    amounts = np.bincount(counts)
    return int(np.flatnonzero(amounts == amounts.max())[-1])


def _in_crystal(structure: View, region: Region | None, number: int) -> int | None:
    """Return the lowest number of halides that a B element has in the crystal of the region."""
    crystal = structure.crystals.get(region.crystal) if region else None
    if crystal is None or crystal.atoms is None:
        return None
    reference = view_atoms(crystal.atoms, limits=structure.limits, foreign=True)
    chosen = _cations(reference) & (reference.numbers == number)
    return int(_bonds(reference).count[chosen].min()) if chosen.any() else None


def _places(structure: View, short: IntArray) -> tuple[BoolArray, BoolArray]:
    """Return which of some atoms are at an interface and which at a free surface."""
    depth = np.abs(structure.layer[short])
    touching = _touching(structure)[short]
    surface = at_free_surface(structure, short)
    if any(step.name == "gap" for step in structure.steps):
        surface &= (depth > 1) & ~touching  # the side that faces a wide gap is no free surface
    near = (depth > 0) & (depth <= _INTERFACE_PLANES) & (len(structure.regions) > 1)
    return (near | touching) & ~surface, surface


def _touching(structure: View) -> BoolArray:
    """Return which atoms have another region in reach."""
    pairs, region = structure.pairs, structure.region
    touching = np.zeros(len(region), dtype=np.bool_)
    for piece in pairs.pieces:
        i, j = pairs.i[piece], pairs.j[piece]
        different = region.take(i) != region.take(j)
        touching[i[different]] = True
        touching[j[different]] = True
    return touching


def _shortages(
    structure: View, count: IntArray, short: IntArray, *, label: str, expected: int
) -> list[Finding]:
    """Report the cations with too few halides: at interfaces, at free surfaces, elsewhere."""
    if len(short) == 0:
        return []
    interface, surface = _places(structure, short)
    beside = on_defects(structure)[short] != 0
    continued = _continued(structure)[short] & ~beside
    interface, surface = interface & ~beside, surface & ~beside
    inner: Level = "info" if structure.foreign else "warning"
    places: tuple[tuple[BoolArray, Level, str], ...] = (
        (continued & ~surface, "error", "at an interface where the network runs on"),
        (interface & ~continued, "warning", "at an interface"),
        (surface, "info", "at a free surface"),
        (beside, "info", "beside a vacancy or on a defect that was asked for"),
        (~interface & ~surface & ~continued & ~beside, inner, "inside"),
    )
    findings = []
    for chosen, level, where in places:
        atoms = short[chosen]
        if len(atoms):
            lowest = int(count[atoms].min())
            message = f"{len(atoms)} {label} {where} have {lowest} or more halides"
            message += f", {expected} expected"
            findings.append(_shortage(level, message, lowest, expected, atoms))
    return findings


def _continued(structure: View) -> BoolArray:
    """Return which atoms count their planes from an interface where the network runs on."""
    chosen = np.zeros(len(structure.layer), dtype=np.bool_)
    codes: dict[object, list[int]] = {}
    for region in structure.regions:
        codes.setdefault(region.name, []).append(region.code)
    for step in structure.steps:
        sides = _SIDES.get(step.name)
        if sides is None or step.values.get(sides[0]) is not True:
            continue
        outer, inner = (codes.get(step.values.get(side), []) for side in sides[1:])
        chosen |= np.isin(structure.region, outer) & (structure.layer > 0)
        chosen |= np.isin(structure.region, inner) & (structure.layer < 0)
    return chosen


def _shortage(level: Level, message: str, lowest: int, expected: int, atoms: IntArray) -> Finding:
    """Make a finding about too few halides."""
    return Finding(
        check="coordination",
        level=level,
        message=message,
        value=float(lowest),
        limit=float(expected),
        unit="halides",
        atoms=tuple(atoms[:_MOST_ATOMS].tolist()),
    )
