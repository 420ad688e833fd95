"""What the library measures: lengths of perovskites, bonds and sheets, brought to 298 K."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.expansion import EXPANSION, thermal_expansion
from heterobuild.chemistry.formulas import expand_formula
from heterobuild.chemistry.ions import site_role
from heterobuild.crystals.asymmetric_units import conventional_cell, crystal_from_phase
from heterobuild.crystals.phase_files import phase_files
from heterobuild.labels import SITE, Site

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from ase import Atoms

    from heterobuild.arrays import FloatArray
    from heterobuild.crystals.phase_files import PhaseFile

ROOM = 298.0
"""K; the temperature that estimates are for."""

REACH = 4.2
"""Å; longer than any bond of a B cation to its six halides, shorter than the next distance."""

LAYERED = ("ruddlesden_popper", "dion_jacobson")


def ions_on(formula: str, role: Site) -> tuple[str, ...]:
    """Return the ions of a formula that usually take one role.

    Parameters
    ----------
    formula : str
        Short formula such as ``MAPbI3``.
    role : Site
        The role.

    Returns
    -------
    tuple of str
        Ions or molecules, in the order of the formula.

    Examples
    --------
    >>> ions_on("MAPbI3", Site.A), ions_on("Cs2AgBiBr6", Site.B)
    (('MA',), ('Ag', 'Bi'))
    """
    return tuple(name for name in expand_formula(formula) if site_role(name) is role)


def perovskite_ions(formula: str) -> tuple[str, str, str]:
    """Return the ions of a formula ABX3.

    Parameters
    ----------
    formula : str
        Short formula such as ``MAPbI3``.

    Returns
    -------
    tuple of str
        A, B and X.

    Examples
    --------
    >>> perovskite_ions("MAPbI3")
    ('MA', 'Pb', 'I')
    """
    a, b, x = (ions_on(formula, role)[0] for role in (Site.A, Site.B, Site.X))
    return a, b, x


@cache
def perovskite_phases() -> tuple[PhaseFile, ...]:
    """Return the three-dimensional perovskites ABX3 of the library.

    Returns
    -------
    tuple of PhaseFile
        Those of the family with pseudo-cubic axes; delta and hexagonal phases have none.
    """
    return tuple(p for p in phase_files() if p.family == "abx3" and p.pseudocubic is not None)


@cache
def layered_phases() -> tuple[PhaseFile, ...]:
    """Return the layered phases of the library.

    Returns
    -------
    tuple of PhaseFile
        Ruddlesden–Popper and Dion–Jacobson phases.
    """
    return tuple(p for p in phase_files() if p.family in LAYERED and p.pseudocubic is not None)


def room_factor(phase: PhaseFile) -> float:
    """Return by how much lengths grow from the temperature of the measurement to 298 K.

    Parameters
    ----------
    phase : PhaseFile
        A phase of the library.

    Returns
    -------
    float
        By the expansion of the phase where known, else by that of halide perovskites.
    """
    known = thermal_expansion(phase.name)
    linear = EXPANSION if known is None else known.linear
    return 1.0 if phase.temperature is None else 1.0 + linear * (ROOM - phase.temperature)


def volume_length(phase: PhaseFile) -> float:
    """Return the cube root of the volume of a formula unit at 298 K.

    Parameters
    ----------
    phase : PhaseFile
        A phase of the library.

    Returns
    -------
    float
        In Å; the pseudo-cubic length of a perovskite ABX3.
    """
    volume = float(np.linalg.det(conventional_cell(phase))) / phase.z
    return float(np.cbrt(volume)) * room_factor(phase)


def in_plane_length(phase: PhaseFile) -> float:
    """Return the in-plane pseudo-cubic length of a layered phase at 298 K.

    Parameters
    ----------
    phase : PhaseFile
        A layered phase of the library.

    Returns
    -------
    float
        In Å; the square root of the area of one octahedron.
    """
    a, b = _sheet_axes(phase)
    return float(np.sqrt(np.linalg.norm(np.cross(a, b)))) * room_factor(phase)


@cache
def mean_bond(path: str) -> float:
    """Return the mean bond of B to its six halides at 298 K.

    Parameters
    ----------
    path : str
        Path of a crystal file with atoms.

    Returns
    -------
    float
        In Å.
    """
    phase = _phase(path)
    atoms = _atoms(phase)
    b, _, lengths, _ = bonds(atoms)
    order = np.lexsort((lengths, b))
    rank = np.arange(len(b)) - np.searchsorted(b[order], b[order])
    return float(lengths[order][rank < 6].mean()) * room_factor(phase)


@cache
def terminal_height(path: str) -> float:
    """Return how far the terminal halides of a sheet lie from the plane of their B cations.

    Parameters
    ----------
    path : str
        Path of the file of a layered phase with one octahedron across the sheet, with atoms.

    Returns
    -------
    float
        In Å, along the normal, at 298 K.
    """
    phase = _phase(path)
    normal = np.cross(*_sheet_axes(phase))
    normal /= np.linalg.norm(normal)
    _, x, _, vectors = bonds(_atoms(phase))
    ends = np.bincount(x)[x] == 1
    return float(np.abs(vectors[ends] @ normal).mean()) * room_factor(phase)


def bonds(atoms: Atoms) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Find the bonds of B cations to halides.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms.

    Returns
    -------
    b, x : (m,) int array
        B cation and halide of each bond.
    lengths : (m,) float array
        In Å.
    vectors : (m, 3) float array
        From B to X in Å.
    """
    from vesin import NeighborList

    first, second, lengths, vectors = NeighborList(cutoff=REACH, full_list=True).compute(
        points=np.ascontiguousarray(atoms.positions),
        box=np.ascontiguousarray(atoms.cell),
        periodic=True,
        quantities="ijdD",
    )
    site = atoms.arrays[SITE]
    mine = (site[first] == Site.B) & (site[second] == Site.X)
    first, second = first.astype(np.int64), second.astype(np.int64)
    return first[mine], second[mine], lengths[mine], vectors[mine]


def by_formula(
    phases: Iterable[PhaseFile],
    measure: Callable[[PhaseFile], float],
    without: Collection[str] = (),
) -> Mapping[str, float]:
    """Average a length over the phases of each compound.

    Parameters
    ----------
    phases : iterable of PhaseFile
        Phases of the library.
    measure : callable
        Returns the length of a phase in Å.
    without : collection of str, optional
        Names of phases or formulas; a compound of which one phase is named is left out with all
        its phases. None by default.

    Returns
    -------
    mapping of str to float
        Mean length in Å by formula, sorted by formula.
    """
    lengths: dict[str, list[float]] = {}
    out = set()
    for phase in phases:
        if phase.name in without or phase.formula in without:
            out.add(phase.formula)
        else:
            lengths.setdefault(phase.formula, []).append(measure(phase))
    return {name: float(np.mean(lengths[name])) for name in sorted(set(lengths) - out)}


def _sheet_axes(phase: PhaseFile) -> FloatArray:
    """Return the two in-plane pseudo-cubic axes in Å, rows."""
    axes: FloatArray = np.asarray(phase.pseudocubic)[:2] @ conventional_cell(phase)
    return axes


def _phase(path: str) -> PhaseFile:
    """Return the phase of a file."""
    return next(phase for phase in phase_files() if phase.path == path)


def _atoms(phase: PhaseFile) -> Atoms:
    """Return the atoms of a phase; molecules are not turned."""
    return crystal_from_phase(phase).require_atoms()
