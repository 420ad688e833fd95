"""LAMMPS data file for ``units metal`` or ``units real``.

Models of ions alone are written for ``atom_style charge``, models with molecules for
``atom_style full``, whose column of molecule ids serves ``fix rigid``, ``compute chunk`` and the
like; 0 stands for ions, as in LAMMPS. No bonds, angles or their types are written, since those
belong to a force field. ``lammps_style`` of `heterobuild.exporters.formats.ExportOptions` asks
for one of the two; the style stands in the first line and behind ``Atoms #``.

The box is the restricted triclinic form of the cell after a proper rotation, so a chiral
structure keeps its hand. Atoms are wrapped into the box along periodic directions, with image
flags that make molecules whole again. Atom ids count the atoms of the structure from 1. Type
labels are left to comments, because LAMMPS reads them from September 2022 on only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from ase.data import atomic_masses_iupac2016, atomic_numbers

from heterobuild import labels
from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.exporters.formats import LAMMPS_STYLES, Export, ExportOptions
from heterobuild.exporters.lattice import fractional, require_right_handed, restricted_triclinic
from heterobuild.exporters.rows import ROWS, format_rows
from heterobuild.exporters.species import ordered_species, ranks
from heterobuild.registry import suggest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heterobuild.arrays import FloatArray
    from heterobuild.model import Heterostructure

# Fractions this little below zero count as zero: an ion on the border stays on its side.
_BORDER = 1e-9


def export(built: Heterostructure, options: ExportOptions) -> Export:
    """Return the structure as a LAMMPS data file.

    Parameters
    ----------
    built : Heterostructure
        The structure.
    options : ExportOptions
        Order of the species; elements that are listed but absent get a type and a mass too.
        Style of the atoms.

    Returns
    -------
    Export
        The file; facts ``types`` (element of each type, from type 1), ``atom_style``,
        ``cell_change`` (integer matrix M) and ``rotation`` (R, row vectors): the box is
        ``M @ cell @ R``, positions are ``positions @ R``.

    Raises
    ------
    UsageError
        If the cell is left-handed, the order of species does not fit, there is no such style, or
        atoms leave the cell along a direction that is not periodic.
    """
    style = _style(built, options.lammps_style)
    cell = built.atoms.cell.array
    require_right_handed(cell, built.name)
    box, change = restricted_triclinic(cell)
    rotation = np.linalg.solve(change @ cell, box)
    species = ordered_species(built.atoms.numbers, options.species_order)
    facts = {
        "types": list(species),
        "cell_change": change.tolist(),
        "rotation": (rotation.round(12) + 0.0).tolist(),
        "units": "metal or real",
        "atom_style": style,
    }
    lattice = change @ cell
    origin = _origin(lattice, built)
    return Export(chunks=_chunks(built, lattice, box, origin, species, style=style), facts=facts)


def _style(built: Heterostructure, wanted: str) -> str:
    """Return the style of the atoms: with molecule ids where there are molecules."""
    if wanted == "auto":
        return "full" if built.atoms.arrays[labels.MOLECULE].any() else "charge"
    if wanted not in LAMMPS_STYLES:
        raise UnknownNameError(
            f"unknown atom style {wanted!r}",
            where="lammps_style",
            next_step=suggest(wanted, LAMMPS_STYLES),
        )
    return wanted


def _origin(lattice: FloatArray, built: Heterostructure) -> FloatArray:
    """Return the fractions at which the box begins: below the atoms where not periodic."""
    pbc = np.array(built.atoms.pbc)
    if pbc.all():
        return np.zeros(3)
    ends = [
        (fractions.min(axis=0), fractions.max(axis=0))
        for fractions in (fractional(lattice, part) for part in _parts(built.atoms.positions))
    ]
    lowest, highest = np.min([low for low, _ in ends], axis=0), np.max([h for _, h in ends], axis=0)
    inside = (lowest >= 0) & (highest <= 1)
    origin = np.where(pbc | inside, 0.0, (lowest + highest - 1) / 2)
    if np.any(~pbc & (highest - lowest > 1)):
        raise UsageError(
            "atoms lie outside the cell along a direction that is not periodic",
            where=built.name,
            measured=f"a span of {np.max((highest - lowest)[~pbc]):.4f} cell vectors",
            allowed="at most 1",
            next_step="raise the vacuum",
        )
    return np.asarray(origin, dtype=np.float64)


def _parts(positions: FloatArray) -> Iterator[FloatArray]:
    """Give the positions piece by piece, so that no copy of all of them is made."""
    return (positions[start : start + ROWS] for start in range(0, len(positions), ROWS))


def _chunks(
    built: Heterostructure,
    lattice: FloatArray,
    box: FloatArray,
    origin: FloatArray,
    species: tuple[str, ...],
    *,
    style: str,
) -> Iterator[bytes]:
    atoms = built.atoms
    yield _head(built, box, (origin @ box).round(6), species, style).encode()
    charge = np.asarray(atoms.arrays[labels.CHARGE], dtype=np.float64)
    molecule = np.asarray(atoms.arrays[labels.MOLECULE], dtype=np.int64)
    layout = "%d %d %r %.10f %.10f %.10f %d %d %d\n"
    for number, part in enumerate(_parts(atoms.positions)):
        rows = slice(number * ROWS, number * ROWS + len(part))
        fractions = fractional(lattice, part)
        images = np.where(atoms.pbc, np.floor(fractions + _BORDER), 0.0)
        positions = ((fractions - images) @ box).round(10) + 0.0
        yield from format_rows(
            f"%d {layout}" if style == "full" else layout,
            [
                np.arange(rows.start + 1, rows.stop + 1),
                *([molecule[rows]] if style == "full" else []),
                ranks(atoms.numbers[rows], species) + 1,
                charge[rows],
                *positions.T,
                *images.astype(np.int64).T,
            ],
        )


def _head(
    built: Heterostructure,
    box: FloatArray,
    origin: FloatArray,
    species: tuple[str, ...],
    style: str,
) -> str:
    lines = [
        f"{built.name}: units metal or real (angstrom, g/mol, e), atom_style {style}",
        "",
        f"{len(built.atoms)} atoms",
        f"{len(species)} atom types",
        "",
    ]
    for axis, low, edge in zip("xyz", origin.tolist(), np.diag(box).tolist(), strict=True):
        lines.append(f"{low!r} {low + edge!r} {axis}lo {axis}hi")
    if np.tril(box, -1).any():
        edges = [low + edge - low for low, edge in zip(origin, np.diag(box), strict=True)]
        limits = 0.5 * np.array([edges[0], edges[0], edges[1]])
        tilts = np.clip(box[[1, 2, 2], [0, 0, 1]], -limits, limits)
        lines.append(" ".join(map(repr, tilts.tolist())) + " xy xz yz")
    lines += ["", "Masses", ""]
    for i, symbol in enumerate(species, start=1):
        mass = float(atomic_masses_iupac2016[atomic_numbers[symbol]])
        lines.append(f"{i} {mass!r} # {symbol}")
    return "\n".join([*lines, "", f"Atoms # {style}", "", ""])
