"""Load a crystal by name, path or formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heterobuild.crystals import load_phase

if TYPE_CHECKING:
    import os

    from heterobuild.model import Crystal


def load_crystal(
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
    >>> crystal = load_crystal("CsPbBr3_cubic")
    >>> crystal.space_group, len(crystal.require_atoms())
    ('Pm-3m', 5)
    """
    return load_phase(name_or_path, cations=cations, seed=seed)
