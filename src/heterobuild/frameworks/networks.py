"""Which crystals have one network of shared corners, so that one can continue another."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import HeterobuildError, UsageError
from heterobuild.frameworks.contents import REMEMBERED, contents_of
from heterobuild.frameworks.framework import framework_of
from heterobuild.labels import Site

if TYPE_CHECKING:
    from heterobuild.frameworks.contents import Contents
    from heterobuild.model import Crystal

_CORNERS, _CAGE, _BRIDGE = 6, 8, 2


def is_corner_sharing(crystal: Crystal) -> bool:
    """Tell whether octahedra share all corners in three dimensions, with one A in each cage.

    Parameters
    ----------
    crystal : Crystal
        Any crystal.

    Returns
    -------
    bool
        True for ABX3 perovskites and double perovskites, tilted or not.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> [is_corner_sharing(load_crystal(n)) for n in ("CsPbBr3", "Cs4PbBr6", "CsPbI3_delta")]
    [True, False, False]
    """
    if crystal.atoms is None or crystal.pseudocubic is None:
        return False
    return _shares_corners(contents_of(crystal))


@lru_cache(maxsize=REMEMBERED)
def _shares_corners(contents: Contents) -> bool:
    """Count the links of a crystal with atoms."""
    try:
        framework = framework_of(contents.crystal)
    except HeterobuildError:
        return False
    site, full = framework.site, framework.full
    roles = set(np.unique(site).tolist())
    halides = framework.links[site[framework.links[:, 1]] == Site.X, 0]
    return (
        roles == {Site.A, Site.B, Site.X}
        and bool((full[site == Site.X] == _BRIDGE).all())
        and bool((full[site == Site.A] == _CAGE).all())
        and bool((np.bincount(halides) == _CORNERS).all())
    )


def coherent_together(crystals: tuple[Crystal, ...]) -> bool:
    """Tell whether crystals can share one lattice.

    Parameters
    ----------
    crystals : tuple of Crystal
        The crystals.

    Returns
    -------
    bool
        Whether all have the network of the perovskites.
    """
    return all(is_corner_sharing(crystal) for crystal in crystals)


def share_lattice(crystals: tuple[Crystal, ...], wall: str) -> bool:
    """Tell whether parts are built on one lattice, or refuse what cannot be.

    Parameters
    ----------
    crystals : tuple of Crystal
        The parts.
    wall : {"auto", "coherent", "incoherent"}
        What is wanted; "auto" shares a lattice where all have the same network.

    Returns
    -------
    bool
        Whether they share one.

    Raises
    ------
    UsageError
        If one lattice is wanted for crystals without a common network.
    """
    possible = coherent_together(crystals)
    if wall == "coherent" and not possible:
        raise UsageError(
            "these crystals have no common network of octahedra",
            where="wall",
            measured=", ".join(crystal.name for crystal in crystals),
            allowed="perovskites with shared corners",
            next_step="use wall: incoherent, or auto",
        )
    return possible and wall != "incoherent"
