"""Which band edges a crystal has: those of its phase, or mixed from its end members."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.bands import band_edges
from heterobuild.chemistry.compounds import parse_compound
from heterobuild.chemistry.pure_members import pure_members
from heterobuild.errors import HeterobuildError
from heterobuild.screening.mixed_edges import interpolate_edges

if TYPE_CHECKING:
    from heterobuild.chemistry.bands import BandEdges
    from heterobuild.model import Crystal


def crystal_edges(crystal: Crystal) -> BandEdges | None:
    """Return what is known of the gap and band edges of a crystal.

    Parameters
    ----------
    crystal : Crystal
        Looked up by phase in the library, by formula where it is a perovskite of the user or of
        a model. Where several ions share sites, the edges of the end members are mixed.

    Returns
    -------
    BandEdges or None
        The values; None where nothing is known.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> crystal_edges(load_crystal("CsPbBr3_cubic")).gap
    2.36
    """
    name = table_name(crystal)
    if not crystal.mixtures or not name:
        return band_edges(name)
    try:
        pure = pure_members(parse_compound(crystal.formula))
    except HeterobuildError:
        return None
    formulas = [compound.formula for compound, _ in pure]
    shares = np.array([share for _, share in pure])
    return interpolate_edges(formulas, [band_edges(name) for name in formulas], shares)


def table_name(crystal: Crystal) -> str:
    """Return the name under which the tables of band edges know a crystal.

    Parameters
    ----------
    crystal : Crystal
        Any crystal.

    Returns
    -------
    str
        The phase of the library; the formula of other perovskites; empty where there is none.
    """
    if crystal.origin == "library" and crystal.phase != "user":
        return crystal.name
    return crystal.formula if crystal.pseudocubic is not None else ""
