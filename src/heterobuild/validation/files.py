"""Read any structure file for the checks, also of other programs."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from heterobuild import labels
from heterobuild.chemistry.ions import site_table
from heterobuild.chemistry.molecules import list_molecules, load_molecule
from heterobuild.crystals.explicit_molecules import bind_molecules
from heterobuild.crystals.ion_charges import charge_ions
from heterobuild.crystals.structure_files import read_structure
from heterobuild.errors import StructureFileError
from heterobuild.model import Finding, Region, Report
from heterobuild.validation.table import DEFAULT_LIMITS, judge
from heterobuild.validation.view import view_atoms

if TYPE_CHECKING:
    import os

    from ase import Atoms

    from heterobuild.model import Molecule
    from heterobuild.validation.limits import CheckLimits

LAMMPS = frozenset({".data", ".lmp", ".lammps", ".lammps-data"})
"""Endings of LAMMPS data files; a name that begins with ``data.`` is one, too."""

_SMALLEST_VOLUME = 1e-3
_UNREADABLE = (
    OSError,
    ValueError,
    LookupError,
    NameError,
    TypeError,
    AttributeError,
    RuntimeError,
    StopIteration,
    AssertionError,
)


def check_file(path: str | os.PathLike[str], *, limits: CheckLimits = DEFAULT_LIMITS) -> Report:
    """Judge a structure file, also one of another program.

    The file is taken as it is: a left-handed cell or coinciding atoms are findings. Molecules
    are found by their bonds and formal charges assigned; an extended XYZ file of this package
    keeps its labels. A file does not hold the unstrained cells of its parts, so strain is not
    measured.

    Parameters
    ----------
    path : str or path-like
        A CIF, POSCAR or extended XYZ file, see `heterobuild.crystals.structure_files`, or a
        LAMMPS data file (``.data``, ``.lmp``, ``.lammps``, or a name that begins with
        ``data.``) in units metal or real, with masses that tell the elements.
    limits : CheckLimits, optional
        Tolerances.

    Returns
    -------
    Report
        The findings; what was assumed about the file comes first, under the name ``file``.

    Raises
    ------
    StructureFileError
        If the file cannot be read.
    """
    path = Path(path)
    lammps = path.suffix.lower() in LAMMPS or path.name.startswith("data.")
    raw, notices = (_read_lammps(path), ()) if lammps else read_structure(path)
    _require_atoms(raw, path)
    regions: tuple[Region, ...] = ()
    if labels.missing(raw):
        atoms, molecules, said = _labelled(raw)
    else:
        atoms, molecules, regions = raw, _kinds(raw), _regions(raw)
        said = "roles, molecules and formal charges are those of the file"
    view = view_atoms(atoms, limits=limits, foreign=True, regions=regions, molecules=molecules)
    findings = tuple(
        Finding(check="file", level="info", message=text) for text in (*notices, said) if text
    )
    return Report(findings=findings + judge(view).findings)


def _require_atoms(atoms: Atoms, path: Path) -> None:
    """Refuse a file without atoms or with numbers that are none."""
    finite = np.isfinite(atoms.positions).all() and np.isfinite(atoms.cell.array).all()
    if len(atoms) == 0 or not finite or (atoms.numbers < 1).any():
        raise StructureFileError(
            "there are no atoms, or an element, a position or the cell is undefined",
            where=path.name,
            next_step="export the file again",
        )
    if atoms.info.get("mixtures"):
        raise StructureFileError(
            "positions are shared by several ions, so there is no one structure to check",
            where=path.name,
            next_step="make an ordered cell with: heterobuild crystals export",
        )


def _labelled(raw: Atoms) -> tuple[Atoms, tuple[Molecule, ...], str]:
    """Label the atoms of a file of another program by their bonds and elements."""
    plain = raw.copy()
    for name in set(plain.arrays) - {"numbers", "positions"}:
        del plain.arrays[name]
    zeros = np.zeros(len(plain), dtype=np.int64)
    site = site_table()[plain.numbers]
    plain = labels.label(
        plain, site=site, molecule=zeros, kind=zeros, charge=zeros.astype(np.float64)
    )
    molecules: tuple[Molecule, ...] = ()
    if abs(np.linalg.det(plain.cell.array)) > _SMALLEST_VOLUME:
        plain, molecules = bind_molecules(plain)
    return charge_ions(plain, molecules, raw.info.get("charges"))


def _kinds(atoms: Atoms) -> tuple[Molecule, ...]:
    """Return the kinds of molecule that a labelled file names, with their library geometry.

    Kinds that the library does not hold take the geometry of their first molecule.
    """
    named: dict[str, Any] = atoms.info.get("kinds", {})
    highest = int(atoms.arrays[labels.KIND].max(initial=0))
    return tuple(
        _kind(atoms, code, str(named.get(str(code), ""))) for code in range(1, highest + 1)
    )


def _kind(atoms: Atoms, code: int, name: str) -> Molecule:
    """Return one kind of molecule."""
    from heterobuild.chemistry.connectivity import molecule_from_fragment

    if name in list_molecules():
        return load_molecule(name)
    of_kind = atoms.arrays[labels.KIND] == code
    one = atoms.arrays[labels.MOLECULE] == atoms.arrays[labels.MOLECULE][of_kind].min(initial=0)
    one = one & of_kind
    charge = float(atoms.arrays[labels.CHARGE][one].sum())
    numbers, positions = atoms.numbers[one], atoms.positions[one]
    return molecule_from_fragment(name or f"kind {code}", numbers, positions, round(charge))


def _regions(atoms: Atoms) -> tuple[Region, ...]:
    """Return the parts that a labelled file names; their unstrained cells are not in it."""
    named: dict[str, Any] = atoms.info.get("regions", {})
    crystals: dict[str, Any] = atoms.info.get("crystals", {})
    unknown = np.zeros((3, 3))
    return tuple(
        Region(
            code=int(code),
            name=str(name),
            crystal=str(crystals.get(code, "")),
            formula=str(crystals.get(code, "")),
            cell=unknown,
            strain=unknown,
        )
        for code, name in sorted(named.items(), key=lambda item: int(item[0]))
    )


def _read_lammps(path: Path) -> Atoms:
    """Read a LAMMPS data file; the masses tell the elements."""
    from ase.io import ParseError, read

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            atoms = read(path, format="lammps-data")
    except FileNotFoundError as error:
        raise StructureFileError(f"there is no file {path}", next_step="check the path") from error
    except (*_UNREADABLE, ParseError) as error:
        raise StructureFileError(
            "not a complete LAMMPS data file",
            where=path.name,
            next_step="compare it with the format; name the style, as in: Atoms # charge",
        ) from error
    if not atoms.has("masses"):
        raise StructureFileError(
            "the masses are missing, so the elements are unknown",
            where=path.name,
            next_step="add the section Masses",
        )
    return atoms
