"""The structure files of one model in memory, without record and recipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heterobuild.exporters.formats import ExportOptions, find_exporter, suffix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.model import Heterostructure


def structure_files(
    built: Heterostructure,
    formats: Sequence[str],
    *,
    species_order: Sequence[str] = (),
    freeze_layers: int = 0,
    lammps_style: str = "auto",
) -> dict[str, bytes]:
    """Return the files of a structure, such as the second one beside another.

    Parameters
    ----------
    built : Heterostructure
        The structure.
    formats : sequence of str
        Names of the formats.
    species_order, freeze_layers, lammps_style : optional
        As in `heterobuild.exporters.writing.write`.

    Returns
    -------
    dict of str to bytes
        Name of each file, and its contents.

    Raises
    ------
    UnknownNameError
        If there is no such format.
    UsageError
        If an option does not fit the structure.
    """
    options = ExportOptions(
        species_order=tuple(species_order),
        freeze_layers=freeze_layers,
        lammps_style=lammps_style,
    )
    return {
        f"{built.name}.{suffix(entry)}": b"".join(find_exporter(entry)(built, options).chunks)
        for entry in dict.fromkeys(formats)
    }
