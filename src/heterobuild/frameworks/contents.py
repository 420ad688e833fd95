"""Crystals by what they hold, so that what was found out about one is found out once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.labels import CHARGE, KIND, MOLECULE, SITE

if TYPE_CHECKING:
    from collections.abc import Hashable

    from heterobuild.model import Crystal

REMEMBERED = 32
"""Crystals of which links and forms are kept; a model has a few."""


@dataclass(frozen=True, kw_only=True)
class Contents:
    """A crystal as a key, equal where name, ions, cell, axes and atoms are.

    The arrays of a crystal belong to the caller, who may change them; then the key is another.

    Parameters
    ----------
    key : tuple
        All that is compared.
    crystal : Crystal
        The crystal; not compared.
    """

    key: tuple[Hashable, ...]
    crystal: Crystal = field(compare=False)


def contents_of(crystal: Crystal) -> Contents:
    """Return the key of a crystal.

    Parameters
    ----------
    crystal : Crystal
        Any crystal.

    Returns
    -------
    Contents
        Its key.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> crystal = load_crystal("CsPbBr3_cubic")
    >>> contents_of(crystal) == contents_of(load_crystal("CsPbBr3_cubic"))
    True
    """
    atoms, axes = crystal.atoms, crystal.pseudocubic
    key: list[Hashable] = [crystal.name, crystal.formula, crystal.space_group_number]
    key += [repr(crystal.mixtures), crystal.placed, crystal.molecules]
    key += [np.asarray(crystal.cell, dtype=np.float64).tobytes()]
    key += [None if axes is None else np.asarray(axes, dtype=np.float64).tobytes()]
    if atoms is not None:
        key += [np.asarray(atoms.cell).tobytes(), atoms.positions.tobytes()]
        labels = (atoms.arrays.get(name) for name in (SITE, MOLECULE, KIND, CHARGE))
        arrays = (atoms.numbers, *labels)
        key += [None if a is None else np.asarray(a, dtype=np.float64).tobytes() for a in arrays]
    return Contents(key=tuple(key), crystal=crystal)
