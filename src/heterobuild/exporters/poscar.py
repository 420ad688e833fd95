"""POSCAR for VASP: species grouped in a fixed order, direct coordinates.

The sort is stable and kept: ``permutation`` in ``heterobuild.json`` says which atom of the
extended XYZ file each line is. Coordinates are not wrapped, so that molecules stay whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.exporters.formats import Export, ExportOptions
from heterobuild.exporters.lattice import fractional
from heterobuild.exporters.planes import lowest_planes
from heterobuild.exporters.rows import format_rows
from heterobuild.exporters.species import ordered_species, ranks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heterobuild.arrays import IntArray
    from heterobuild.model import Heterostructure


def export(built: Heterostructure, options: ExportOptions) -> Export:
    """Return the structure as a POSCAR.

    Parameters
    ----------
    built : Heterostructure
        The structure.
    options : ExportOptions
        Order of the species, and number of lowest planes to freeze: their atoms get the
        flags ``F F F``, all others ``T T T``.

    Returns
    -------
    Export
        The file; facts ``permutation`` (atom i of the file is atom permutation[i] of the
        structure, both from 0) and ``species``.

    Raises
    ------
    UsageError
        If the order of species or the number of planes does not fit the structure.
    """
    numbers = built.atoms.numbers
    species = ordered_species(numbers, options.species_order)
    rank = ranks(numbers, species)
    permutation = np.argsort(rank, kind="stable")
    counts = np.bincount(rank, minlength=len(species)).tolist()
    present = {symbol: n for symbol, n in zip(species, counts, strict=True) if n}
    flags = None
    if options.freeze_layers:
        frozen = lowest_planes(built.atoms, options.freeze_layers)[permutation]
        flags = np.where(frozen, "F F F", "T T T")
    return Export(
        chunks=_chunks(built, present, permutation, flags),
        facts={"permutation": permutation.tolist(), "species": list(present)},
    )


def _chunks(
    built: Heterostructure,
    present: dict[str, int],
    permutation: IntArray,
    flags: np.ndarray[tuple[int], np.dtype[np.str_]] | None,
) -> Iterator[bytes]:
    cell = built.atoms.cell.array
    head = [built.name, "1.0"]
    head += [" ".join(f"{length:21.16f}" for length in vector) for vector in cell.tolist()]
    head += [" ".join(present), " ".join(map(str, present.values()))]
    head += ["Direct"] if flags is None else ["Selective dynamics", "Direct"]
    yield ("\n".join(head) + "\n").encode()
    columns = [*(fractional(cell, built.atoms.positions)[permutation].round(12) + 0.0).T]
    if flags is None:
        yield from format_rows("%15.12f %15.12f %15.12f\n", columns)
    else:
        yield from format_rows("%15.12f %15.12f %15.12f %s\n", [*columns, flags])
