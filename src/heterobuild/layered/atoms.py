"""From a stack of sheets to the labelled atoms of a crystal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from ase import Atoms
from ase.data import atomic_numbers

from heterobuild.chemistry.ions import formal_charge
from heterobuild.geometry.rigid import unit_centres
from heterobuild.labels import Site, label, units

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.layered.stacking_sequence import Stack
    from heterobuild.model import Molecule

_Columns = tuple["IntArray", "FloatArray", "IntArray", "IntArray", "IntArray", "FloatArray"]


def stack_atoms(stack: Stack, cage: str | Molecule | None, spacer: str | Molecule) -> Atoms:
    """List and label all atoms of a stack: ions first, then each molecule in one run.

    Parameters
    ----------
    stack : Stack
        Sheets and interlayers.
    cage : str or Molecule or None
        Element or molecule in the cages of the sheets; a molecule is laid with its body axes
        along the Cartesian ones. None where there are no cages.
    spacer : str or Molecule
        Element or molecule between the sheets.

    Returns
    -------
    ase.Atoms
        The cell with the arrays of `heterobuild.labels`; ions and centres of molecules lie
        inside it. The kinds of molecule are numbered as in `molecule_table`.
    """
    kinds = {molecule.name: k for k, molecule in enumerate(molecule_table(cage, spacer), 1)}
    ions = [_framework(stack)]
    molecules: list[_Columns] = []
    cages = [sheet.cages + at for sheet, at in zip(stack.sheets, stack.origins, strict=True)]
    centres = np.concatenate(cages)
    if isinstance(cage, str):
        ions.append(_ions(cage, centres, Site.A))
    elif cage is not None:
        bodies = centres[:, None, :] + cage.positions
        molecules.append(_molecules(cage, bodies, Site.A, kinds[cage.name], 0))
    gaps = [gap.positions + at for gap, at in zip(stack.interlayers, stack.floors, strict=True)]
    if isinstance(spacer, str):
        ions.append(_ions(spacer, np.concatenate(gaps), Site.A))
    else:
        bodies = np.concatenate(gaps).reshape(-1, len(spacer.numbers), 3)
        last = len(centres) if cage is not None and not isinstance(cage, str) else 0
        molecules.append(_molecules(spacer, bodies, Site.SPACER, kinds[spacer.name], last))
    numbers, positions, site, ids, kind, charge = (
        np.concatenate(column) for column in zip(*ions, *molecules, strict=True)
    )
    atoms = Atoms(numbers=numbers, positions=positions, cell=stack.cell, pbc=True)
    labelled = label(atoms, site=site, molecule=ids, kind=kind, charge=charge)
    return inside_cell(labelled)


def molecule_table(cage: str | Molecule | None, spacer: str | Molecule) -> tuple[Molecule, ...]:
    """Return the kinds of molecule among two cations, that in the cages first.

    Parameters
    ----------
    cage, spacer : str or Molecule or None
        As in `stack_atoms`.

    Returns
    -------
    tuple of Molecule
        None for elements.
    """
    found = [entry for entry in (cage, spacer) if entry is not None and not isinstance(entry, str)]
    return tuple(found)


def _framework(stack: Stack) -> _Columns:
    """Return the B cations and halides of all sheets."""
    placed = [s.positions + at for s, at in zip(stack.sheets, stack.origins, strict=True)]
    numbers = np.concatenate([sheet.numbers for sheet in stack.sheets])
    site = np.concatenate([sheet.site for sheet in stack.sheets])
    charges = np.concatenate([sheet.charges for sheet in stack.sheets])
    zeros = np.zeros(len(numbers), dtype=np.int64)
    return numbers, np.concatenate(placed), site, zeros, zeros, charges


def _ions(symbol: str, centres: FloatArray, site: Site) -> _Columns:
    """Return the columns of ions of one element."""
    n = len(centres)
    zeros = np.zeros(n, dtype=np.int64)
    numbers = np.full(n, atomic_numbers[symbol])
    return (
        numbers,
        centres,
        np.full(n, site),
        zeros,
        zeros,
        np.full(n, float(formal_charge(symbol))),
    )


def _molecules(body: Molecule, bodies: FloatArray, site: Site, kind: int, last: int) -> _Columns:
    """Return the columns of molecules of one kind from coordinates of shape (m, n, 3)."""
    m, n = bodies.shape[:2]
    return (
        np.tile(body.numbers, m),
        bodies.reshape(-1, 3),
        np.full(m * n, site),
        np.repeat(np.arange(last + 1, last + m + 1), n),
        np.full(m * n, kind),
        np.tile(body.charges, m),
    )


def inside_cell(atoms: Atoms) -> Atoms:
    """Move ions and whole molecules by lattice vectors until their centres lie in the cell.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms with whole molecules; they are changed.

    Returns
    -------
    ase.Atoms
        The same atoms.
    """
    cell = np.asarray(atoms.cell)
    unit = units(atoms)
    centres = unit_centres(atoms.positions, atoms.numbers, unit)
    moves = np.floor(centres @ np.linalg.inv(cell) + 1e-6) @ cell
    atoms.positions -= moves[unit]
    return atoms
