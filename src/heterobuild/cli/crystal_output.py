"""Write a crystal to files, once it passes the checks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from heterobuild.cli.screen import complain, print_lines
from heterobuild.errors import ChecksFailedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.model import Crystal, Heterostructure


def write_crystal(
    crystal: Crystal,
    formats: Sequence[str],
    output: str,
    *,
    force: bool,
    allow_failed_checks: bool = False,
) -> tuple[str, ...]:
    """Write the conventional cell of a crystal, all files or none.

    Parameters
    ----------
    crystal : Crystal
        The crystal.
    formats : sequence of str
        Names of formats; CIF where there are none.
    output : str
        Folder.
    force : bool
        Whether files that exist may be replaced.
    allow_failed_checks : bool, optional
        Whether to write a crystal of which a check found an error.

    Returns
    -------
    tuple of str
        Names of the files.

    Raises
    ------
    ChecksFailedError
        If a check found an error, such as atoms that are too close, and that is not allowed.
    HeterobuildError
        If the atoms are not known, a format is not known, or the folder cannot be written.
    """
    from heterobuild.exporters.formats import ExportOptions, find_exporter, suffix
    from heterobuild.exporters.output_folder import staged

    built = as_structure(crystal)
    require_checks(built, crystal, allow_failed_checks=allow_failed_checks)
    exports = {
        f"{built.name}.{suffix(entry)}": find_exporter(entry)(built, ExportOptions())
        for entry in formats or ("cif",)
    }
    with staged(output, tuple(exports), force=force) as staging:
        for file, content in exports.items():
            (staging / file).write_bytes(b"".join(content.chunks))
    return tuple(exports)


def require_checks(built: Heterostructure, crystal: Crystal, *, allow_failed_checks: bool) -> None:
    """Refuse a crystal that no calculation should start from, and tell warnings.

    Parameters
    ----------
    built : Heterostructure
        The crystal as a structure.
    crystal : Crystal
        The crystal.
    allow_failed_checks : bool
        Whether errors are only told.

    Raises
    ------
    ChecksFailedError
        If a check found an error and that is not allowed.
    """
    from heterobuild.validation import check

    found = check(built, crystals={crystal.name: crystal}).findings
    errors = [entry.message for entry in found if entry.level == "error"]
    if errors and not allow_failed_checks:
        raise ChecksFailedError(
            "; ".join(message.rstrip(".") for message in errors),
            where=crystal.name,
            measured=f"{len(errors)} failed check{'s' if len(errors) > 1 else ''}",
            next_step="change what was asked for, or write it with --allow-failed-checks",
        )
    for entry in found:
        if entry.level != "info":
            complain(f"{entry.level}: {entry.check}: {entry.message}")


def tell_files(crystal: Crystal, files: Sequence[str], output: str) -> None:
    """Print the paths of files, and beside them where the numbers come from.

    Parameters
    ----------
    crystal : Crystal
        The crystal.
    files : sequence of str
        Names of the files.
    output : str
        Folder.
    """
    print_lines(file if output == "." else f"{output}/{file}" for file in files)
    complain(f"source: {crystal.source.citation}")
    for notice in crystal.notices:
        complain(f"note: {notice}")


def as_structure(crystal: Crystal) -> Heterostructure:
    """Return the conventional cell as a structure of one region, for exporters and checks.

    Parameters
    ----------
    crystal : Crystal
        A crystal with atoms.

    Returns
    -------
    Heterostructure
        The region is called ``bulk``.

    Raises
    ------
    MissingAtomsError
        If only the cell is known.
    """
    import numpy as np

    from heterobuild import labels
    from heterobuild.model import Heterostructure, Region

    atoms = crystal.require_atoms().copy()
    for name in (labels.REGION, labels.LAYER):
        atoms.arrays[name] = np.ones(len(atoms), dtype=np.int64)
    region = Region(
        code=1,
        name="bulk",
        crystal=crystal.name,
        formula=crystal.formula,
        cell=crystal.cell,
        strain=np.zeros((3, 3)),
    )
    return Heterostructure(
        name=re.sub(r"[^A-Za-z0-9._+-]+", "-", crystal.name).lstrip("-.").rstrip("."),
        atoms=atoms,
        regions=(region,),
        molecules=crystal.molecules,
        notices=crystal.notices,
    )
