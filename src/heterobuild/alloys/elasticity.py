"""Elastic constants of any crystal, mixed ones included."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.compounds import parse_compound
from heterobuild.chemistry.elasticity import Stiffness, stiffness
from heterobuild.chemistry.pure_members import pure_members
from heterobuild.errors import HeterobuildError

if TYPE_CHECKING:
    from heterobuild.model import Crystal


def crystal_stiffness(crystal: Crystal) -> Stiffness:
    """Return the elastic constants of a crystal along its pseudo-cubic axes.

    Of a mixed crystal they are the mean of those of its end members, each weighted with its
    share: Voigt's average, an upper bound; the constants of end members that mix differ by less
    than those of different measurements of one.

    Parameters
    ----------
    crystal : Crystal
        The crystal.

    Returns
    -------
    Stiffness
        The constants and their origin; the isotropic default where those of the crystal, or of
        one of its end members, are not known.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> found = crystal_stiffness(load_crystal("CsPb(Br0.5I0.5)3:cubic"))
    >>> found.assumed, found.source.startswith("mean of CsPbBr3 and CsPbI3")
    (False, True)
    """
    own = stiffness(crystal.name, crystal.formula)
    if not crystal.mixtures or not own.assumed:
        return own
    try:
        members = pure_members(parse_compound(crystal.formula))
    except HeterobuildError:
        return own
    known = [
        (stiffness(f"{member.formula}_{crystal.phase}", member.formula), share, member.formula)
        for member, share in members
    ]
    if any(entry.assumed for entry, _, _ in known):
        return own
    names = sorted(formula for _, _, formula in known)
    sources = dict.fromkeys(entry.source for entry, _, _ in known)
    return Stiffness(
        matrix=np.sum([share * entry.matrix for entry, share, _ in known], axis=0),
        source=f"mean of {' and '.join(names)} ({'; '.join(sources)})",
        assumed=False,
    )
