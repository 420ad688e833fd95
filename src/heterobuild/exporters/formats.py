"""The file formats by name, and what an exporter takes and gives.

A further format is one function ``export(built, options) -> Export`` in one file and one line
in `FORMATS`, or an entry point of the group ``heterobuild.exporters``. It touches no disk:
`heterobuild.exporters.writing` writes the bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from heterobuild.registry import resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from heterobuild.model import Heterostructure

    Exporter = Callable[[Heterostructure, "ExportOptions"], "Export"]

GROUP = "heterobuild.exporters"

FORMATS = {
    "cif": "heterobuild.exporters.cif:export",
    "poscar": "heterobuild.exporters.poscar:export",
    "lammps": "heterobuild.exporters.lammps:export",
    "extxyz": "heterobuild.exporters.extxyz:export",
}

# ".vasp" is the one ending that ASE, pymatgen and VESTA all take for a POSCAR.
SUFFIXES = {"poscar": "vasp", "lammps": "data"}

LAMMPS_STYLES = ("auto", "charge", "full")
"""Styles of the atoms in a LAMMPS data file."""


@dataclass(frozen=True, kw_only=True)
class ExportOptions:
    """Choices of the user that concern the files.

    Parameters
    ----------
    species_order : tuple of str, optional
        Chemical symbols in the order wanted; empty, the default, for the order of
        `heterobuild.exporters.species`. Elements that are listed but absent keep their LAMMPS
        type number, so that files of different composition share one force field.
    freeze_layers : int, optional
        Number of lowest planes that the POSCAR freezes; 0, the default, for none.
    lammps_style : {"auto", "charge", "full"}, optional
        ``atom_style`` of the LAMMPS data file: full has molecule ids, charge does not. "auto"
        takes full where there are molecules, since ids that are not written are lost.
    """

    species_order: tuple[str, ...] = ()
    freeze_layers: int = 0
    lammps_style: str = "auto"


@dataclass(frozen=True, kw_only=True)
class Export:
    """One file, not yet written.

    Parameters
    ----------
    chunks : iterable of bytes
        Its contents in pieces of bounded size; to be read once.
    facts : mapping, optional
        What a reader of the file cannot see in it, for ``heterobuild.json``; plain types.
    """

    chunks: Iterable[bytes]
    facts: Mapping[str, object] = field(default_factory=dict)


def find_exporter(name: str) -> Exporter:
    """Return the exporter of a format.

    Parameters
    ----------
    name : str
        Name of the format, such as ``cif``.

    Returns
    -------
    callable
        Its function, from (Heterostructure, ExportOptions) to Export.

    Raises
    ------
    UnknownNameError
        If no format has this name.
    """
    return cast("Exporter", resolve(name, FORMATS, group=GROUP, what="file format"))


def suffix(name: str) -> str:
    """Return the ending of a format's files, without the dot.

    Parameters
    ----------
    name : str
        Name of the format.

    Returns
    -------
    str
        The ending; formats added by other packages end in their own name.

    Examples
    --------
    >>> [suffix(name) for name in FORMATS]
    ['cif', 'vasp', 'data', 'extxyz']
    """
    return SUFFIXES.get(name, name)
