"""Which parts have spacers, which are sheets that dispersion alone binds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heterobuild.labels import CHARGE, MOLECULE, SITE, Site

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import BoolArray
    from heterobuild.model import Slab


def dispersion_bound(atoms: Atoms) -> BoolArray:
    """Return which atoms nothing but dispersion binds to other parts.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms.

    Returns
    -------
    (n_atoms,) bool array
        True for interlayers, and for atoms without a formal charge that are in no molecule, as
        those of a sheet from a file.
    """
    free = (atoms.arrays[CHARGE] == 0) & (atoms.arrays[MOLECULE] == 0)
    bound: BoolArray = (atoms.arrays[SITE] == Site.INTERLAYER) | free
    return bound


def is_sheet(slab: Slab) -> bool:
    """Return whether a slab is a sheet such as graphene, bound to others by dispersion alone.

    Parameters
    ----------
    slab : Slab
        The slab.

    Returns
    -------
    bool
        True where `dispersion_bound` holds for all its atoms.
    """
    return bool(dispersion_bound(slab.atoms).all())


def has_spacers(slab: Slab) -> bool:
    """Return whether a slab has spacer cations between inorganic sheets.

    Parameters
    ----------
    slab : Slab
        The slab.

    Returns
    -------
    bool
        True for Ruddlesden–Popper, Dion–Jacobson and similar phases.
    """
    return bool((slab.stacking.atoms.arrays[SITE] == Site.SPACER).any())
