"""What is screened: phases of the library, whole families, and the user's structure files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from heterobuild.compounds import load_crystal
from heterobuild.crystals import crystal_data_file, list_crystals
from heterobuild.crystals.library import is_path
from heterobuild.crystals.structure_files import SUFFIXES, is_poscar
from heterobuild.data_files import digest
from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.model import Crystal


@dataclass(frozen=True, kw_only=True)
class Material:
    """One crystal of a screen, not yet loaded.

    Parameters
    ----------
    name : str
        Name in the library; of a user's file, its name behind that of its folder.
    path : str
        Path of a user's file; empty for the library.
    sha256 : str
        Fingerprint of the file, empty where it cannot be read.
    """

    name: str
    path: str = ""
    sha256: str = ""


def find_materials(names: Sequence[str] | None = None) -> tuple[Material, ...]:
    """Find the crystals that names, families, files and folders stand for.

    Parameters
    ----------
    names : sequence of str, optional
        Names of phases as in `load_crystal`, names of families, structure files, or folders, of
        which all structure files are taken, but not those of folders inside. The whole library
        by default.

    Returns
    -------
    tuple of Material
        Each crystal once, the library sorted by family and name, the rest as given.

    Raises
    ------
    UnknownNameError
        If a name is neither.
    UsageError
        If a folder holds no structure files, or two files have the same name.
    StructureFileError
        If a file that is named itself cannot be used.

    Examples
    --------
    >>> [material.name for material in find_materials(["copper_halide", "CsPbBr3_cubic"])]
    ['Cs3Cu2I5', 'CsCu2I3', 'CsPbBr3_cubic']
    """
    entries = list_crystals()
    if not names:
        return tuple(_of_library(entry.name) for entry in entries)
    families = {entry.family for entry in entries}
    found: dict[str, Material] = {}
    for name in names:
        for material in _meant(name, families):
            same = found.setdefault(material.name, material)
            if same.path != material.path:
                raise UsageError(
                    "two files have the same name",
                    measured=f"{same.path} and {material.path}",
                    next_step="rename one of the folders",
                )
    return tuple(found.values())


def load_material(material: Material) -> Crystal:
    """Load a crystal of a screen.

    Parameters
    ----------
    material : Material
        What to load.

    Returns
    -------
    Crystal
        The crystal.

    Raises
    ------
    StructureFileError
        If the user's file cannot be used.
    """
    return load_crystal(Path(material.path) if material.path else material.name)


def _meant(name: str, families: set[str]) -> tuple[Material, ...]:
    """Return what one name stands for."""
    if name in families:
        return tuple(_of_library(entry.name) for entry in list_crystals(name))
    path = Path(name).expanduser()
    if path.is_dir():
        return _of_folder(path)
    crystal = load_crystal(path if is_path(name) else name)
    if is_path(name):
        return (_of_file(path),)
    return (_of_library(crystal.name),)


def _of_library(name: str) -> Material:
    return Material(name=name, sha256=digest(crystal_data_file(name)))


def _of_file(path: Path) -> Material:
    try:
        fingerprint = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        fingerprint = ""
    whole = path.resolve()
    return Material(name=f"{whole.parent.name}/{path.name}", path=str(whole), sha256=fingerprint)


def _of_folder(folder: Path) -> tuple[Material, ...]:
    files = sorted(
        path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES or is_poscar(path.name)
    )
    if not files:
        raise UsageError(
            "the folder holds no structure files",
            where=str(folder),
            allowed=f"files with the endings {', '.join(sorted(SUFFIXES))}",
            next_step="name another folder, a phase or a family",
        )
    return tuple(_of_file(path) for path in files)
