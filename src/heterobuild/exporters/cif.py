"""CIF 1.1 in space group P 1, with formal charges as oxidation numbers of the atom types."""

from __future__ import annotations

import re
from math import gcd
from typing import TYPE_CHECKING, Any

import numpy as np
from ase.data import chemical_symbols

from heterobuild import labels
from heterobuild.exporters.formats import Export, ExportOptions
from heterobuild.exporters.lattice import cell_parameters, fractional
from heterobuild.exporters.rows import format_rows
from heterobuild.exporters.species import ordered_species, ranks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from heterobuild.arrays import IntArray
    from heterobuild.model import Heterostructure

_NAME_LENGTH = 70
_DIGITS = 5  # of a charge, so that equal names mean equal charges

_SYMMETRY = """\
_space_group_name_H-M_alt 'P 1'
_space_group_IT_number 1
loop_
_space_group_symop_id
_space_group_symop_operation_xyz
1 'x, y, z'
"""

_SITES = """\
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_occupancy
"""


def export(built: Heterostructure, options: ExportOptions) -> Export:
    """Return the structure as a CIF, atoms in their own order.

    Coordinates are not wrapped, so that molecules stay whole. A CIF holds no orientation: a
    reader puts a along x.

    Parameters
    ----------
    built : Heterostructure
        The structure.
    options : ExportOptions
        Order of the species, for the table of atom types.

    Returns
    -------
    Export
        The file.

    Raises
    ------
    UsageError
        If the order of species does not fit the structure.
    """
    species = ordered_species(built.atoms.numbers, options.species_order)
    return Export(chunks=_chunks(built, species))


def _chunks(built: Heterostructure, species: tuple[str, ...]) -> Iterator[bytes]:
    atoms = built.atoms
    symbols, oxidation, of_atom = _atom_types(built, species)
    types = "".join(
        f"{symbol} {number:g}\n" for symbol, number in zip(symbols, oxidation, strict=True)
    )
    loop = "loop_\n_atom_type_symbol\n_atom_type_oxidation_number\n"
    yield (_head(built) + _SYMMETRY + loop + types + _SITES).encode()
    yield from format_rows(
        "%s%d %s %.12f %.12f %.12f 1\n",
        [
            np.array(chemical_symbols)[atoms.numbers],
            _running_numbers(atoms.numbers),
            np.array(symbols)[of_atom],
            *(fractional(atoms.cell.array, atoms.positions).round(12) + 0.0).T,
        ],
    )


def _head(built: Heterostructure) -> str:
    lengths, angles = cell_parameters(built.atoms.cell.array)
    lines = [f"data_{_block_name(built.name)}", "_audit_creation_method heterobuild"]
    lines += _formula(built.atoms.numbers)
    lines += [
        f"_cell_length_{axis} {length:.10f}" for axis, length in zip("abc", lengths, strict=True)
    ]
    names = ("alpha", "beta", "gamma")
    lines += [f"_cell_angle_{name} {angle:.10f}" for name, angle in zip(names, angles, strict=True)]
    volume = float(np.linalg.det(built.atoms.cell.array))
    return "\n".join([*lines, f"_cell_volume {volume:.6f}", ""])


def _block_name(name: str) -> str:
    """Return a data block name: printable ASCII without blanks, short."""
    return re.sub(r"[^A-Za-z0-9_.+-]", "_", name)[:_NAME_LENGTH] or "structure"


def _formula(numbers: IntArray) -> list[str]:
    """Return formula and Z: Hill order, counts divided by their greatest common divisor."""
    amounts = np.bincount(numbers)
    elements = np.flatnonzero(amounts)
    counts = amounts[elements]
    z = gcd(*counts.tolist())
    parts = {chemical_symbols[e]: n // z for e, n in zip(elements, counts.tolist(), strict=True)}
    first = ("C", "H") if "C" in parts else ()
    order = sorted(parts, key=lambda symbol: (symbol not in first, symbol))
    counted = [symbol + (str(parts[symbol]) if parts[symbol] > 1 else "") for symbol in order]
    formula = " ".join(counted)
    return [f"_chemical_formula_sum '{formula}'", f"_cell_formula_units_Z {z}"]


def _atom_types(
    built: Heterostructure, species: tuple[str, ...]
) -> tuple[list[str], list[float], IntArray]:
    """Return symbol and oxidation number of each pair (element, charge), and each atom's pair."""
    numbers = built.atoms.numbers
    charge = np.round(built.atoms.arrays[labels.CHARGE].astype(np.float64), _DIGITS) + 0.0
    values, place = np.unique(charge, return_inverse=True)
    keys = ranks(numbers, species) * len(values) + place
    found, of_atom = np.unique(keys, return_inverse=True)
    elements = [species[key // len(values)] for key in found.tolist()]
    oxidation = [float(values[key % len(values)]) for key in found.tolist()]
    symbols = [e + _charge_code(q) for e, q in zip(elements, oxidation, strict=True)]
    return symbols, oxidation, of_atom.reshape(-1)


def _charge_code(charge: float) -> str:
    """Return the charge as it follows an element: ``2+``, ``1-``, nothing for zero."""
    return "" if charge == 0 else f"{abs(charge):g}{'+' if charge > 0 else '-'}"


def _running_numbers(numbers: IntArray) -> NDArray[Any]:
    """Return each atom's number among the atoms of its element, from 1."""
    order = np.argsort(numbers, kind="stable")
    counts = np.bincount(numbers)
    begin = np.concatenate([[0], np.cumsum(counts)[:-1]])
    running = np.empty(len(numbers), dtype=np.int64)
    running[order] = np.arange(len(numbers)) - begin[numbers[order]] + 1
    return running
