"""What is screened: phases, families, compounds, series of them, and the user's files."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from heterobuild.alloys.end_members import end_members
from heterobuild.alloys.member_crystals import choose_members
from heterobuild.chemistry.compounds import parse_compound
from heterobuild.chemistry.series import parse_series
from heterobuild.crystals import crystal_data_file, list_crystals
from heterobuild.crystals.library import is_path
from heterobuild.crystals.structure_files import SUFFIXES, is_poscar
from heterobuild.data_files import digest
from heterobuild.errors import HeterobuildError, UsageError
from heterobuild.screening.measured_crystals import load_measured
from heterobuild.screening.scans import composition_name, is_scan, scan_fractions, split_scan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.chemistry.series import Series
    from heterobuild.model import Crystal


@dataclass(frozen=True, kw_only=True)
class Material:
    """One crystal of a screen, not yet loaded.

    Parameters
    ----------
    name : str
        Name in the library; the formula of a mixed or modelled compound; of a user's file, its
        name behind that of its folder.
    path : str
        Path of a user's file; empty for others.
    sha256 : str
        Fingerprint of the data that the crystal rests on, empty where a file cannot be read.
    """

    name: str
    path: str = ""
    sha256: str = ""


def find_materials(names: Sequence[str] | None = None) -> tuple[Material, ...]:
    """Find the crystals that names, families, series, files and folders stand for.

    Parameters
    ----------
    names : sequence of str, optional
        Names of phases and formulas as in `load_crystal`, names of families, series with the
        values of their variables (``CsPb(Br_xI_1-x)3, x in 0:1:0.05``), structure files, or
        folders, of which all structure files are taken, but not those of folders inside. The
        whole library by default.

    Returns
    -------
    tuple of Material
        Each crystal once, the library sorted by family and name, the rest as given. Pure
        compounds of a series are the phases that `tune` mixes.

    Raises
    ------
    UnknownNameError
        If a name is neither.
    UsageError
        If a folder holds no structure files, two files have the same name, or a series cannot
        be read or has too many compositions.
    StructureFileError
        If a file that is named itself cannot be used.

    Examples
    --------
    >>> series = "CsPb(Br_xI_1-x)3, x in 0:1:0.5"
    >>> [material.name for material in find_materials(["MAPbCl3", series])]
    ['MAPbCl3_cubic', 'CsPbI3_gamma', 'CsPb(Br0.5I0.5)3', 'CsPbBr3_orthorhombic']
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
    return load_measured(Path(material.path) if material.path else material.name)


def _meant(name: str, families: set[str]) -> tuple[Material, ...]:
    """Return what one name stands for."""
    if name in families:
        return tuple(_of_library(entry.name) for entry in list_crystals(name))
    if is_scan(name):
        return _of_scan(name)
    path = Path(name).expanduser()
    if path.is_dir():
        return _of_folder(path)
    if is_path(name):
        load_measured(path)
        return (_of_file(path),)
    return (_of_crystal(name.strip(), _load(name)),)


def _load(name: str) -> Crystal:
    """Load a crystal by name; of a series without values say what is missing."""
    try:
        return load_measured(name)
    except HeterobuildError:
        try:
            series = parse_series(name)
        except HeterobuildError:
            series = None
        if series is None:
            raise
        raise UsageError(
            "a series needs the values of its variables",
            where=name,
            measured=f"no values of {', '.join(series.variables)}",
            next_step=f"write {name}, {series.variables[0]} in 0:1:0.05",
        ) from None


def _of_scan(text: str) -> tuple[Material, ...]:
    """Return all compositions of a series; of the mixed ones the first is loaded as a trial."""
    series, phase, values = split_scan(text)
    pure = _pure_crystals(series, phase)
    ends = {formula: _of_crystal(formula, crystal) for formula, crystal in pure.items()}
    data = [end.sha256 for end in ends.values()]
    found, tried = [], False
    for fractions in scan_fractions(series, values):
        name = composition_name(series, fractions, phase)
        formula = name.partition(":")[0]
        if formula in pure:
            end = ends[formula]
            found.append(end if pure[formula].origin == "library" else replace(end, name=name))
            continue
        if not tried:
            load_measured(name)
            tried = True
        found.append(Material(name=name, sha256=_hash([name, *data])))
    return tuple(found)


def _pure_crystals(series: Series, phase: str | None) -> dict[str, Crystal]:
    """Return the phases of the end members: those that `tune` mixes, else one by one."""
    try:
        members = end_members(series.members, phase=phase)
    except HeterobuildError:
        compounds = [parse_compound(formula) for formula in series.members]
        members = tuple(
            share.member
            for compound in compounds
            for share in choose_members(compound, phase=phase)
        )
    return {
        formula: member.crystal for formula, member in zip(series.members, members, strict=True)
    }


def _of_crystal(name: str, crystal: Crystal) -> Material:
    """Return the material of a loaded crystal: its phase of the library, or what was asked for."""
    if crystal.origin == "library":
        return _of_library(crystal.name)
    content = [crystal.formula, crystal.cell.round(6).tolist(), crystal.source.citation]
    return Material(name=name, sha256=_hash(content))


def _of_library(name: str) -> Material:
    return Material(name=name, sha256=digest(crystal_data_file(name)))


def _hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


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
