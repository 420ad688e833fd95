"""Molecules from the user's files: XYZ, MOL, SDF and whatever else ASE reads."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from heterobuild.chemistry.body_frame import in_body_frame
from heterobuild.chemistry.connectivity import (
    find_molecules,
    identify_molecule,
    molecule_from_fragment,
)
from heterobuild.errors import StructureFileError
from heterobuild.model import Molecule, Source

if TYPE_CHECKING:
    import os

    from heterobuild.arrays import FloatArray, IntArray


def molecule_from_file(name: str, path: str | os.PathLike[str], charge: float) -> Molecule:
    """Read a molecule with all its hydrogens.

    Parameters
    ----------
    name : str
        Short name for formulas.
    path : path-like
        An XYZ, MOL or SDF file with one molecule; coordinates in Å.
    charge : float
        Net formal charge in e, which such files do not tell.

    Returns
    -------
    Molecule
        The molecule in its body frame, see `heterobuild.chemistry.body_frame`, in the
        conformation of the file. Where the library knows its connectivity and hand, the charges
        of its atoms and its head are those of the library; else those of
        `heterobuild.chemistry.connectivity.molecule_from_fragment`.

    Raises
    ------
    StructureFileError
        If the file cannot be read, or does not hold exactly one molecule.

    Examples
    --------
    >>> molecule_from_file("PA", "propylammonium.xyz", +1)  # doctest: +SKIP
    """
    numbers, positions = _read(Path(path))
    ids, _ = find_molecules(numbers, positions)
    parts = len(np.unique(ids[ids > 0])) + int((ids == 0).sum())
    if parts != 1:
        raise StructureFileError(
            "the file does not hold one molecule",
            where=Path(path).name,
            measured=f"{parts} pieces that no bond joins",
            allowed="one molecule with all its hydrogens",
            next_step="delete counter-ions and solvent",
        )
    known = identify_molecule(numbers, positions)
    if known is not None and known.charge == charge:
        found = replace(known, name=name)
    else:
        found = molecule_from_fragment(name, numbers, positions, charge)
    source = Source(citation=f"the user's file {Path(path).name}", coordinates="medium")
    return replace(found, positions=in_body_frame(numbers, positions, found.head), source=source)


def _read(path: Path) -> tuple[IntArray, FloatArray]:
    """Read atomic numbers and coordinates."""
    from ase.io import read

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            atoms: Any = read(path, index=-1)
    except FileNotFoundError as error:
        raise StructureFileError(
            "there is no such file", where=str(path), next_step="check the path"
        ) from error
    except Exception as error:
        raise StructureFileError(
            "the file cannot be read as a molecule",
            where=path.name,
            measured=str(error) or type(error).__name__,
            next_step="export it as XYZ",
        ) from error
    positions = np.asarray(atoms.positions, dtype=np.float64)
    if not len(atoms) or not np.isfinite(positions).all():
        raise StructureFileError(
            "the file holds no atoms with coordinates",
            where=path.name,
            next_step="export it again as XYZ",
        )
    return np.asarray(atoms.numbers, dtype=np.int64), positions
