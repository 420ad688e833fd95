"""Extended XYZ: the lossless format.

Cell, positions and charges are written as the shortest decimals that read back to the same
numbers. All label arrays are columns, and so is any other array of numbers that the atoms carry;
the comment line names the codes as JSON, which ASE reads as mappings into ``atoms.info``.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
from ase.data import chemical_symbols

from heterobuild import labels
from heterobuild.exporters.formats import Export, ExportOptions
from heterobuild.exporters.rows import format_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ase import Atoms
    from numpy.typing import NDArray

    from heterobuild.model import Heterostructure

_INTEGERS = (labels.REGION, labels.LAYER, labels.SITE, labels.MOLECULE, labels.KIND)


def export(built: Heterostructure, options: ExportOptions) -> Export:  # noqa: ARG001
    """Return the structure as extended XYZ, atoms in their own order.

    Parameters
    ----------
    built : Heterostructure
        The structure.
    options : ExportOptions
        Not used: the lossless file has the order of the atoms.

    Returns
    -------
    Export
        The file.
    """
    return Export(chunks=_chunks(built))


def _chunks(built: Heterostructure) -> Iterator[bytes]:
    atoms = built.atoms
    yield f"{len(atoms)}\n{_comment(built)}\n".encode()
    integers = [atoms.arrays[name] for name in _INTEGERS]
    template = "%-2s %r %r %r" + " %d" * len(integers) + " %r"
    columns = [
        np.array(chemical_symbols)[atoms.numbers],
        *np.asarray(atoms.positions, dtype=np.float64).T,
        *integers,
        np.asarray(atoms.arrays[labels.CHARGE], dtype=np.float64),
    ]
    for _, array in _further(atoms):
        whole = array.dtype.kind in "iu"
        table = array.reshape(len(array), -1)
        template += (" %d" if whole else " %r") * table.shape[1]
        columns += list((table if whole else table.astype(np.float64)).T)
    yield from format_rows(template + "\n", columns)


def _further(atoms: Atoms) -> list[tuple[str, NDArray[Any]]]:
    """Return the arrays of numbers beyond positions and labels that fit into columns, by name."""
    known = {*labels.NAMES, "numbers", "positions"}
    return [
        (name, array)
        for name, array in sorted(atoms.arrays.items())
        if name not in known
        and re.fullmatch(r"[A-Za-z]\w*", name, re.ASCII)
        and array.dtype.kind in "iuf"
        and array.ndim <= 2
    ]


def _comment(built: Heterostructure) -> str:
    """Return the second line: cell, columns, and the names behind the codes."""
    atoms = built.atoms
    lattice = " ".join(map(repr, atoms.cell.array.ravel().tolist()))
    columns = "".join(f":{name}:I:1" for name in _INTEGERS)
    further = "".join(
        f":{name}:{'R' if array.dtype.kind == 'f' else 'I'}:{array[0].size}"
        for name, array in _further(atoms)
    )
    periodic = " ".join("FT"[bool(flag)] for flag in atoms.pbc)
    sites = {str(site.value): site.name for site in labels.Site}
    regions = {str(part.code): part.name for part in built.regions}
    crystals = {str(part.code): part.crystal for part in built.regions}
    kinds = {str(i): molecule.name for i, molecule in enumerate(built.molecules, start=1)}
    named = {"name": built.name, "regions": regions, "crystals": crystals, "sites": sites}
    named |= {"kinds": kinds, "notices": list(built.notices)}
    return " ".join(
        [
            f'Lattice="{lattice}"',
            f"Properties=species:S:1:pos:R:3{columns}:{labels.CHARGE}:R:1{further}",
            f'pbc="{periodic}"',
            *(f"{key}={_quoted(value)}" for key, value in named.items() if value),
        ]
    )


def _quoted(value: object) -> str:
    text = json.dumps(value, allow_nan=False).replace("\\", "\\\\").replace('"', '\\"')
    return f'"_JSON {text}"'
