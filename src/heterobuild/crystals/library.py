"""The library: load a measured phase by name or the user's file, list what there is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from heterobuild.crystals.asymmetric_units import crystal_from_phase
from heterobuild.crystals.cations import check_rule
from heterobuild.crystals.phase_files import phase_files
from heterobuild.crystals.phase_names import find_phase, is_crystal_name
from heterobuild.crystals.structure_files import SUFFIXES, is_poscar
from heterobuild.crystals.turned_cations import turn_cations
from heterobuild.errors import UnknownNameError
from heterobuild.registry import suggest

if TYPE_CHECKING:
    import os

    from heterobuild.model import Confidence, Crystal


SHORT_NAMES = {
    "3d": "abx3",
    "0d": "a4bx6",
    "rp": "ruddlesden_popper",
    "dj": "dion_jacobson",
    "double": "double_perovskite",
}
"""What the field calls families in short."""


@dataclass(frozen=True, kw_only=True)
class CrystalEntry:
    """One line of the list of crystals.

    Parameters
    ----------
    name : str
        Name for `load_phase`.
    formula : str
        Short formula.
    phase : str
        Name of the polymorph.
    family : str
        Family, the folder of its file.
    room_temperature : bool
        Whether it is the phase stable at room temperature.
    has_atoms : bool
        Whether atoms are known, or the cell only.
    confidence : {"high", "medium", "low"}
        Trust: the lower one of cell and, where there are atoms, coordinates.
    temperature : float or None
        Temperature of the measurement in K.
    """

    name: str
    formula: str
    phase: str
    family: str
    room_temperature: bool
    has_atoms: bool
    confidence: Confidence
    temperature: float | None


def load_phase(
    name_or_path: str | os.PathLike[str], *, cations: str = "aligned", seed: int = 0
) -> Crystal:
    """Load a crystal of the library, or the user's own from a file.

    Parameters
    ----------
    name_or_path : str or path-like
        Name as in `heterobuild.crystals.phase_names.find_phase`: ``CsPbBr3`` is the phase stable
        at room temperature, ``CsPbBr3_cubic``, ``CsPbBr3:cubic`` and ``alpha-CsPbI3`` name
        others. Text with a path separator or a known ending, or that names an existing file, is
        the path of a CIF, POSCAR or extxyz file.
    cations : {"aligned", "dipole-cancelled", "random"}, optional
        Rule that orients methylammonium and formamidinium, of which diffraction gives the centre
        only, see `heterobuild.crystals.cations.orient_cations`. Explicit molecules stay.
    seed : int, optional
        Seed of the random rule.

    Returns
    -------
    Crystal
        The crystal; its arrays belong to the caller.

    Raises
    ------
    UnknownNameError
        If no crystal or rule has that name.
    StructureFileError
        If the file cannot be used.

    Examples
    --------
    >>> crystal = load_phase("CsPbBr3_cubic")
    >>> crystal.space_group, len(crystal.require_atoms())
    ('Pm-3m', 5)
    """
    check_rule(cations)
    text = str(name_or_path)
    if not isinstance(name_or_path, str) or is_path(text):
        from heterobuild.crystals.user_crystals import load_user_crystal

        return load_user_crystal(Path(text))
    phase, notices = find_phase(text)
    template = _template(phase.path)
    turned = turn_cations(template, cations, seed=seed)
    return replace(turned, notices=(*notices, *template.notices))


def list_crystals(family: str | None = None) -> tuple[CrystalEntry, ...]:
    """List the crystals of the library; no crystal is expanded for it.

    Parameters
    ----------
    family : str, optional
        Only this family, such as ``ruddlesden_popper``, or short ``rp``; all by default.

    Returns
    -------
    tuple of CrystalEntry
        Sorted by family, then name.

    Raises
    ------
    UnknownNameError
        If there is no such family.

    Examples
    --------
    >>> [entry.name for entry in list_crystals("copper_halide")]
    ['Cs3Cu2I5', 'CsCu2Cl3', 'CsCu2I3']
    """
    entries = _entries()
    if family is None:
        return entries
    family = SHORT_NAMES.get(family.lower(), family)
    families = dict.fromkeys(entry.family for entry in entries)
    if family not in families:
        raise UnknownNameError(
            f"unknown family of crystals {family!r}", next_step=suggest(family, families)
        )
    return tuple(entry for entry in entries if entry.family == family)


def crystal_data_file(name: str) -> str:
    """Return the data file of a crystal of the library, for the provenance record.

    Parameters
    ----------
    name : str
        Any name that `load_phase` takes for a crystal of the library.

    Returns
    -------
    str
        Path below the data folder, for `heterobuild.data_files.digest`.

    Raises
    ------
    UnknownNameError
        If no crystal has that name.

    Examples
    --------
    >>> crystal_data_file("MAPbCl3")
    'phases/abx3/MAPbCl3_cubic.toml'
    """
    return find_phase(name)[0].path


@cache
def _entries() -> tuple[CrystalEntry, ...]:
    """Return the whole list."""
    return tuple(
        CrystalEntry(
            name=phase.name,
            formula=phase.formula,
            phase=phase.phase,
            family=phase.family,
            room_temperature=phase.room_temperature,
            has_atoms=bool(phase.sites),
            confidence=phase.confidence,
            temperature=phase.temperature,
        )
        for phase in sorted(phase_files(), key=lambda phase: (phase.family, phase.name))
    )


@cache
def _template(path: str) -> Crystal:
    """Return the crystal of one file with its molecules unturned; kept, never given away."""
    return crystal_from_phase(next(phase for phase in phase_files() if phase.path == path))


def is_path(text: str) -> bool:
    """Tell the path of a structure file from the name of a crystal.

    Parameters
    ----------
    text : str
        What the user gave.

    Returns
    -------
    bool
        Whether it has a separator or a known ending, begins with POSCAR or CONTCAR, or names an
        existing file and no crystal.

    Examples
    --------
    >>> is_path("CsPbBr3_cubic"), is_path("my.cif"), is_path("./CsPbBr3")
    (False, True, True)
    """
    path = Path(text)
    if "/" in text or "\\" in text or path.suffix.lower() in SUFFIXES or is_poscar(path.name):
        return True
    return path.is_file() and not is_crystal_name(text)
