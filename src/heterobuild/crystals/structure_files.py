"""Read the user's structure files: CIF, POSCAR and extended XYZ."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import StructureFileError

if TYPE_CHECKING:
    from ase import Atoms

CIF = frozenset({".cif"})
POSCAR = frozenset({".vasp", ".poscar", ".contcar"})
XYZ = frozenset({".extxyz", ".xyz"})
SUFFIXES = CIF | POSCAR | XYZ

_UNREADABLE = (
    OSError,
    ValueError,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    AssertionError,
    RuntimeError,
    StopIteration,
    SyntaxError,
    ArithmeticError,
)


def is_poscar(name: str) -> bool:
    """Tell whether a file name is one that VASP gives.

    Parameters
    ----------
    name : str
        File name without folder.

    Returns
    -------
    bool
        Whether it begins with POSCAR or CONTCAR.

    Examples
    --------
    >>> is_poscar("POSCAR_relaxed"), is_poscar("MAPbI3.cif")
    (True, False)
    """
    return name.upper().startswith(("POSCAR", "CONTCAR"))


def read_structure(path: Path) -> tuple[Atoms, tuple[str, ...]]:
    """Read a structure file as it is; nothing is turned, completed or judged.

    Parameters
    ----------
    path : pathlib.Path
        A CIF (``.cif``; symmetry is expanded), POSCAR (``.vasp``, ``.poscar``, ``.contcar`` or a
        name that begins with POSCAR or CONTCAR) or extended XYZ (``.extxyz``, ``.xyz``; the last
        of several frames) file.

    Returns
    -------
    ase.Atoms
        The atoms with their cell; extended XYZ keeps all arrays of the file.
    tuple of str
        What the user should know about the reading.

    Raises
    ------
    StructureFileError
        If there is no such file, its format is unknown, or it is empty, truncated, malformed
        or disordered.
    """
    path = Path(path)
    _require_content(path)
    suffix = path.suffix.lower()
    if suffix in CIF:
        from heterobuild.crystals.cif_files import read_cif

        return read_cif(path)
    if suffix in POSCAR or is_poscar(path.name):
        _require_lines(path)
        return _read_with_ase(path, "vasp"), ()
    if suffix in XYZ:
        return _read_frames(path)
    raise StructureFileError(
        f"the format of {path.name} is unknown",
        where=path.name,
        measured=f"ending {suffix!r}",
        allowed=f"{', '.join(sorted(SUFFIXES))}, or a name beginning with POSCAR or CONTCAR",
        next_step="rename or convert the file",
    )


def _require_content(path: Path) -> None:
    """Refuse a file that is not there, not readable, or empty."""
    try:
        if path.is_dir():
            raise StructureFileError(
                "a folder is no structure file", where=str(path), next_step="name a file in it"
            )
        with path.open("rb") as file:
            blank = not file.read(65536).strip()
    except FileNotFoundError as error:
        raise StructureFileError(
            f"there is no file {path}", next_step="check the path, or name a library crystal"
        ) from error
    except OSError as error:
        raise StructureFileError(
            f"the file cannot be read: {error.strerror}", where=str(path)
        ) from error
    if blank:
        raise StructureFileError("the file is empty", where=path.name, next_step="export it again")


def _require_lines(path: Path) -> None:
    """Refuse a POSCAR that announces more atoms than it has lines, before they are allocated."""
    lines = path.read_bytes().splitlines()
    for number, line in enumerate(lines[5:7], 6):
        counts = line.split()
        if counts and all(count.isdigit() for count in counts):
            announced, left = sum(map(int, counts)), len(lines) - number
            if announced >= left:
                raise StructureFileError(
                    "the POSCAR is truncated",
                    where=path.name,
                    measured=f"{announced} atoms announced in line {number}, {left} lines after it",
                    next_step="export it again",
                )
            return


def _read_with_ase(path: Path, form: str, index: int | slice = -1) -> Atoms:
    """Read a file with ASE, and turn whatever it raises into one line."""
    from ase.io import ParseError, read

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return read(path, format=form, index=index)
    except (*_UNREADABLE, ParseError) as error:
        reason = f" ({error})" if str(error) and len(str(error)) < 200 else ""
        raise StructureFileError(
            f"not a complete {'POSCAR' if form == 'vasp' else 'extended XYZ'} file{reason}",
            where=path.name,
            next_step="compare it with the format, or export it again",
        ) from error


def _read_frames(path: Path) -> tuple[Atoms, tuple[str, ...]]:
    """Read the last frame of an extended XYZ file."""
    frames = _read_with_ase(path, "extxyz", slice(-2, None))
    atoms = frames[-1]
    if not np.asarray(atoms.cell).any():
        raise StructureFileError(
            "the cell is missing",
            where=path.name,
            allowed='Lattice="ax ay az bx by bz cx cy cz" in the second line',
            next_step="add the cell, or use another format",
        )
    if len(frames) > 1:
        return atoms, (f"{path.name} has several frames; the last is used",)
    return atoms, ()
