"""Heterostructure → files: all formats, the provenance and the recipe, together or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from heterobuild import labels
from heterobuild.errors import UsageError
from heterobuild.exporters.formats import Export, ExportOptions, find_exporter, suffix
from heterobuild.exporters.lattice import require_right_handed
from heterobuild.exporters.output_folder import staged
from heterobuild.exporters.record import encode_record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heterobuild.model import Heterostructure, Report
    from heterobuild.provenance import Provenance

DEFAULT_FORMATS = ("cif", "poscar", "lammps", "extxyz")
RECORD = "heterobuild.json"
RECIPE = "recipe.yaml"


def file_names(name: str, formats: Sequence[str] = DEFAULT_FORMATS) -> tuple[str, ...]:
    """Return the names of all files of a result.

    Parameters
    ----------
    name : str
        Name of the structure.
    formats : sequence of str, optional
        Names of the formats; a format named twice is written once.

    Returns
    -------
    tuple of str
        One file a format, then the provenance and the recipe.

    Raises
    ------
    UnknownNameError
        If no format has one of the names.

    Examples
    --------
    >>> file_names("demo", ["cif", "poscar"])
    ('demo.cif', 'demo.vasp', 'heterobuild.json', 'recipe.yaml')
    """
    chosen = tuple(dict.fromkeys(formats))
    for entry in chosen:
        find_exporter(entry)
    return (*(f"{name}.{suffix(entry)}" for entry in chosen), RECORD, RECIPE)


def write(
    built: Heterostructure,
    folder: str | Path,
    formats: Sequence[str] = DEFAULT_FORMATS,
    *,
    provenance: Provenance,
    recipe_text: str,
    report: Report | None = None,
    species_order: Sequence[str] | None = None,
    freeze_layers: int = 0,
    lammps_style: str = "auto",
    copies: Mapping[str, bytes] | None = None,
    force: bool = False,
) -> tuple[Path, ...]:
    """Write a structure in several formats, with its provenance and recipe.

    All files appear together. A folder that is new or empty appears as a whole; in another one
    each file is replaced whole. When anything fails, the folder is as it was.

    Parameters
    ----------
    built : Heterostructure
        The structure; its name is the name of the files.
    folder : str or Path
        Folder of the files. It is made where it is missing; its parent must exist.
    formats : sequence of str, optional
        Names of the formats; by default CIF, POSCAR, LAMMPS data and extended XYZ.
    provenance : Provenance
        What the structure was made from, for ``heterobuild.json``.
    recipe_text : str
        The equivalent recipe, for ``recipe.yaml``.
    report : Report, optional
        Findings of the checks, for ``heterobuild.json``.
    species_order : sequence of str, optional
        Order of the elements in POSCAR and CIF and of the LAMMPS types; by default that of
        `heterobuild.exporters.species`, which does not depend on the composition.
    freeze_layers : int, optional
        Number of lowest planes that the POSCAR freezes; 0 by default.
    lammps_style : {"auto", "charge", "full"}, optional
        ``atom_style`` of the LAMMPS data file; by default full, with molecule ids, where there
        are molecules, else charge.
    copies : mapping of str to bytes, optional
        Further files to write with the others, such as the user's own crystals; name to
        contents.
    force : bool, optional
        Whether files that exist may be replaced; False by default.

    Returns
    -------
    tuple of Path
        The files, in the order of `file_names`, then the copies.

    Raises
    ------
    UnknownNameError
        If there is no such format.
    UsageError
        If the structure cannot be written, or an option does not fit it.
    OutputError
        If the folder cannot be written, or files would be overwritten.
    """
    formats = tuple(dict.fromkeys(formats))
    copies = copies or {}
    names = (*file_names(built.name, formats), *copies)
    _require_complete(built)
    options = ExportOptions(
        species_order=tuple(species_order or ()),
        freeze_layers=freeze_layers,
        lammps_style=lammps_style,
    )
    with staged(folder, names, force=force) as staging:
        files: dict[str, dict[str, object]] = {}
        for entry, name in zip(formats, names, strict=False):
            files[entry] = _write_file(staging / name, find_exporter(entry)(built, options))
        recipe = Export(chunks=[recipe_text.encode()])
        files["recipe"] = _write_file(staging / RECIPE, recipe)
        for name, contents in copies.items():
            files[name] = _write_file(staging / name, Export(chunks=[contents]))
        record = encode_record(built, provenance, report, files)
        _write_file(staging / RECORD, Export(chunks=[record]))
    return tuple(Path(folder) / name for name in names)


def _write_file(path: Path, export: Export) -> dict[str, object]:
    """Write one file and return its entry in the record."""
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as stream:
        for chunk in export.chunks:
            stream.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return {"name": path.name, "sha256": digest.hexdigest(), "bytes": size, **export.facts}


def _require_complete(built: Heterostructure) -> None:
    """Refuse a structure that no file could hold truly."""
    atoms = built.atoms
    if len(atoms) == 0:
        raise UsageError("the structure has no atoms", where=built.name)
    if lacking := labels.missing(atoms):
        raise UsageError(
            "the atoms lack labels",
            where=built.name,
            measured=f"no {', '.join(lacking)}",
            next_step="join parts with heterobuild.labels.join",
        )
    numbers = (atoms.cell.array, atoms.positions, atoms.arrays[labels.CHARGE])
    if not all(np.isfinite(entry).all() for entry in numbers):
        raise UsageError("a cell vector, position or charge is not finite", where=built.name)
    require_right_handed(atoms.cell.array, built.name)
