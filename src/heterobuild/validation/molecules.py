"""Whether every molecule is whole, undistorted, of its kind, and of the right hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.formulas import hill_formula
from heterobuild.model import Finding
from heterobuild.validation.bond_graph import bond_graph, bond_matrices, shape
from heterobuild.validation.stereocentres import hands
from heterobuild.validation.view import view_atoms

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.model import Level, Molecule
    from heterobuild.validation.bond_graph import BondGraph
    from heterobuild.validation.view import View

_MOST_ATOMS = 10
_NONE = np.zeros(0)


@dataclass(frozen=True, kw_only=True)
class _Copies:
    """Molecules of one kind with the right elements, one row each."""

    kind: Molecule
    atoms: IntArray
    numbers: IntArray
    points: FloatArray


@dataclass(frozen=True, kw_only=True)
class _Comparison:
    """How far each copy is from its kind."""

    rebonded: BoolArray
    stretched: FloatArray
    distorted: FloatArray
    mirrored: BoolArray


def check_molecules(structure: View) -> tuple[Finding, ...]:
    """Compare every molecule with its kind.

    A molecule must hang together by covalent bonds (across periodic borders too) and have the
    formula and the bonds of its kind. All its inner distances, sorted by what the bonds tell
    apart, so that the order of the atoms does not matter, are compared with the reference
    geometry and with the geometries in the crystals of the regions, where those are given; the
    nearest counts. Stereocentres must have the hand of the reference; the mirror image of a
    molecule without them is another conformer of the same substance.

    Parameters
    ----------
    structure : View
        The structure.

    Returns
    -------
    tuple of Finding
        The faults of each kind, or one info a kind.
    """
    if not structure.molecule.any():
        return (Finding(check="molecules", level="info", message="no molecules"),)
    findings = _fragments(structure)
    for code in np.unique(structure.kind[structure.molecule > 0]).tolist():
        if 0 < code <= len(structure.molecules):
            findings += _of_kind(structure, code)
    if findings:
        return tuple(findings)
    count = len(np.unique(structure.molecule[structure.molecule > 0]))
    message = f"all {count} molecules hang together"
    return (Finding(check="molecules", level="info", message=message, value=float(count)),)


def _fragments(structure: View) -> list[Finding]:
    """Report molecules that are not one cluster of bonded atoms."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pairs, n = structure.pairs, len(structure.molecule)
    a, b = pairs.i[pairs.bond], pairs.j[pairs.bond]
    graph = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(n, n))
    cluster = connected_components(graph, directed=False)[1].astype(np.int64)
    bound = structure.molecule > 0
    parts = np.unique(np.stack([structure.molecule[bound], cluster[bound]]), axis=1)[0]
    ids, pieces = np.unique(parts, return_counts=True)
    broken = ids[pieces > 1]
    if len(broken) == 0:
        return []
    atoms = np.flatnonzero(np.isin(structure.molecule, broken))
    message = f"{len(broken)} molecules are in {int(pieces.max())} pieces or fewer, not bonded"
    return [_fault("error", message, atoms, values=(float(pieces.max()), 1.0, "pieces"))]


def _of_kind(structure: View, code: int) -> list[Finding]:
    """Check all molecules of one kind."""
    kind = structure.molecules[code - 1]
    atoms = np.flatnonzero((structure.kind == code) & (structure.molecule > 0))
    rows, wrong = _rows(structure, kind, atoms)
    findings = []
    if len(wrong):
        members = np.flatnonzero(structure.molecule == wrong[0])
        found = hill_formula(structure.numbers[members])
        message = f"{len(wrong)} molecules labelled {kind.name} are not {kind.formula} but {found}"
        findings.append(_fault("error", message, members, values=(found, kind.formula, "")))
    if len(rows) == 0:
        return findings
    copies = _Copies(
        kind=kind,
        atoms=rows,
        numbers=structure.numbers[rows],
        points=structure.positions[rows],
    )
    return findings + _faults(structure, copies, _compare(copies, _references(structure, kind)))


def _rows(structure: View, kind: Molecule, atoms: IntArray) -> tuple[IntArray, IntArray]:
    """Return the atoms of each molecule as a row, and the ids of those with other elements."""
    ids = structure.molecule[atoms]
    atoms = atoms[np.argsort(ids, kind="stable")]
    ids, start, count = np.unique(ids, return_index=True, return_counts=True)
    start = np.cumsum(count) - count
    whole = count == len(kind.numbers)
    rows = atoms[start[whole][:, None] + np.arange(len(kind.numbers))]
    elements = np.sort(structure.numbers[rows], axis=1)
    right = (elements == np.sort(kind.numbers)).all(axis=1)
    return rows[right], np.sort(np.concatenate([ids[~whole], ids[whole][~right]]))


def _references(structure: View, kind: Molecule) -> _Copies:
    """Return the geometry of the kind, and those that it has in the crystals of the regions."""
    numbers, points = [kind.numbers[None]], [kind.positions[None]]
    for crystal in structure.crystals.values():
        names = [molecule.name for molecule in crystal.molecules]
        if crystal.atoms is None or kind.name not in names:
            continue
        view = view_atoms(crystal.atoms, limits=structure.limits, foreign=True)
        code = names.index(kind.name) + 1
        rows, _ = _rows(view, kind, np.flatnonzero((view.kind == code) & (view.molecule > 0)))
        numbers.append(view.numbers[rows])
        points.append(view.positions[rows])
    stacked = np.concatenate(numbers)
    return _Copies(kind=kind, atoms=stacked, numbers=stacked, points=np.concatenate(points))


def _patterns(copies: _Copies) -> list[tuple[BondGraph, IntArray]]:
    """Return the different graphs among the copies, each with the copies that have it."""
    bonds = bond_matrices(copies.numbers, copies.points)
    m, n = copies.numbers.shape
    packed = np.packbits(bonds.reshape(m, n * n), axis=1)
    signature = np.concatenate([packed, copies.numbers.astype(np.uint8)], axis=1)
    _, first, group = np.unique(signature, axis=0, return_index=True, return_inverse=True)
    return [
        (bond_graph(copies.numbers[k], bonds[k]), np.flatnonzero(group == number))
        for number, k in enumerate(first)
    ]


def _compare(copies: _Copies, references: _Copies) -> _Comparison:
    """Compare the shape of each copy with the nearest of the references."""
    m = len(copies.atoms)
    rebonded = np.ones(m, dtype=np.bool_)
    stretched, distorted, mirrored = np.full(m, np.inf), np.full(m, np.inf), np.zeros(m)
    known = _patterns(references)
    wanted = hands(known[0][0], references.points[known[0][1][:1]])
    for graph, members in _patterns(copies):
        lengths, keys = shape(graph, copies.points[members])
        n_bonds = int(graph.bonds.sum()) // 2
        for other, rows in known:
            expected, other_keys = shape(other, references.points[rows])
            if not np.array_equal(keys, other_keys):
                continue
            rebonded[members] = False
            for reference in np.unique(expected.round(4), axis=0):
                deviation = np.abs(lengths - reference)
                bonds = deviation[:, :n_bonds].max(axis=1, initial=0.0)
                stretched[members] = np.minimum(stretched[members], bonds)
                distorted[members] = np.minimum(distorted[members], deviation.max(axis=1))
        if not rebonded[members[0]]:
            mirrored[members] = (hands(graph, copies.points[members]) != wanted).any(axis=1)
    return _Comparison(
        rebonded=rebonded, stretched=stretched, distorted=distorted, mirrored=mirrored > 0
    )


def _faults(structure: View, copies: _Copies, compared: _Comparison) -> list[Finding]:
    """Put what was compared into words."""
    limits, right = structure.limits, ~compared.rebonded
    exact = {region.crystal for region in structure.regions} <= set(structure.crystals)
    allowed = limits.rigid if exact and not structure.foreign else limits.bond_stretch
    far = right & (compared.stretched > allowed)
    bent = right & ~far & (compared.distorted > limits.rigid)
    bonds, shape_limit = (allowed, "Å"), (limits.rigid, "Å")
    lenient: Level = "info" if structure.foreign else "warning"
    faults: tuple[tuple[BoolArray, Level, str, FloatArray, tuple[float, str]], ...] = (
        (compared.rebonded, "error", "have other bonds than the reference", _NONE, (0.0, "")),
        (far, "error", "have stretched or shortened bonds", compared.stretched, bonds),
        (bent, lenient, "are not in the reference geometry", compared.distorted, shape_limit),
        (compared.mirrored, "error", "have a stereocentre of the other hand", _NONE, (0.0, "")),
    )
    findings = []
    for chosen, level, fault, measured, (limit, unit) in faults:
        if not chosen.any():
            continue
        message = f"{int(chosen.sum())} {copies.kind.name} {fault}"
        value = float(chosen.sum())
        if unit:
            value = float(measured[chosen].max())
            message += f", by up to {value:.3f} Å"
        atoms = copies.atoms[chosen].ravel()
        findings.append(_fault(level, message, atoms, values=(value, limit, unit or "molecules")))
    return findings


def _fault(
    level: Level, message: str, atoms: IntArray, *, values: tuple[float | str, float | str, str]
) -> Finding:
    """Make a finding of this check."""
    return Finding(
        check="molecules",
        level=level,
        message=message,
        value=values[0],
        limit=values[1],
        unit=values[2],
        atoms=tuple(atoms[:_MOST_ATOMS].tolist()),
    )
