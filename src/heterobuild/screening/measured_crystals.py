"""Crystals to compare: as measured, without atoms by model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heterobuild.compounds import load_crystal
from heterobuild.crystals import load_phase
from heterobuild.crystals.library import is_path
from heterobuild.crystals.phase_names import is_crystal_name

if TYPE_CHECKING:
    import os

    from heterobuild.model import Crystal


def load_measured(name_or_path: str | os.PathLike[str]) -> Crystal:
    """Load a crystal; a phase of the library of which only the cell is known stays without atoms.

    Lattices are compared in their published setting, which the model of a layered phase does not
    keep. What the library does not hold is mixed or modelled as in `load_crystal`.

    Parameters
    ----------
    name_or_path : str or path-like
        See `heterobuild.compounds.load_crystal`.

    Returns
    -------
    Crystal
        The crystal.

    Raises
    ------
    UnknownNameError
        If no crystal has that name.
    UsageError
        If a formula is no possible compound.
    StructureFileError
        If the file cannot be used.

    Examples
    --------
    >>> crystal = load_measured("BA2PbI4")
    >>> crystal.atoms is None, crystal.space_group
    (True, 'Pbca')
    """
    text = str(name_or_path)
    if isinstance(name_or_path, str) and not is_path(text) and is_crystal_name(text):
        return load_phase(text)
    return load_crystal(name_or_path)
