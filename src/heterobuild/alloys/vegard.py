"""Lattice lengths of mixed crystals, linear between the end members.

Vegard's law (10.1007/BF01349680) holds for mixed halide perovskites of one phase to a few
thousandths of a length.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.end_members import length_uncertainty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.alloys.end_members import EndMember
    from heterobuild.arrays import FloatArray

MIXED_PHASES = 0.003
"""Fraction of a length; what tilts change beyond thermal expansion. Pseudo-cubic CsPbBr3 grows
by 0.6 % from 298 to 425 K, of which 0.5 % is expansion; CsPbI3 by 1.6 % from 293 to 634 K, of
which 1.4 % is."""

MIXED = "mixed"
"""The phase where the end members have none in common."""


def common_phase(members: Sequence[EndMember]) -> str:
    """Return the phase of all end members.

    Parameters
    ----------
    members : sequence of EndMember
        The end members.

    Returns
    -------
    str
        The phase, or ``mixed``.
    """
    phases = {member.phase for member in members}
    return phases.pop() if len(phases) == 1 else MIXED


def lattice_rule(members: Sequence[EndMember]) -> str:
    """Say in words how lengths are mixed.

    Parameters
    ----------
    members : sequence of EndMember
        The end members.

    Returns
    -------
    str
        One clause.

    Examples
    --------
    >>> from heterobuild.alloys.end_members import end_members
    >>> lattice_rule(end_members(["CsPbBr3", "CsPbI3"]))
    'Vegard, linear in the pseudo-cubic lengths of the orthorhombic phases'
    """
    kind = {"cubic cell": "cell edges"}.get(members[0].kind, f"{members[0].kind} lengths")
    phase = common_phase(members)
    if phase != MIXED:
        return f"Vegard, linear in the {kind} of the {phase} phases"
    phases = ", ".join(f"{member.formula} {member.phase}" for member in members)
    return f"Vegard, linear in the {kind} of different phases ({phases})"


def mixed_length(members: Sequence[EndMember], weights: FloatArray) -> FloatArray:
    """Return the lattice length of a mixed crystal.

    Parameters
    ----------
    members : sequence of EndMember
        The end members.
    weights : (..., m) float array
        Their shares.

    Returns
    -------
    (...) float array
        Lengths in Å.
    """
    lengths: FloatArray = weights @ np.array([member.length for member in members])
    return lengths


def mixing_uncertainty(
    members: Sequence[EndMember],
    weights: FloatArray,
    temperature: float,
    shared: str | None = None,
    counted: float = 0.0,
) -> float:
    """Return the standard uncertainty of a mixed length.

    The end members' own, added in quadrature, except that those of estimated cells, which err
    together, are first added up; where phases differ, `MIXED_PHASES` of the length as well, which
    grows from nothing in a pure compound to all of it at equal shares.

    Parameters
    ----------
    members : sequence of EndMember
        The end members.
    weights : (m,) float array
        Their shares.
    temperature : float
        Temperature in K at which the length is wanted.
    shared : str, optional
        Name of the crystal that the mixed one is compared with.
    counted : float, optional
        So much of the length of that crystal is subtracted in the comparison: where it is an
        end member as well, its error enters both lengths and cancels in part.

    Returns
    -------
    float
        Uncertainty in Å.
    """
    shares = np.array([member.crystal.name == shared for member in members]) * counted
    own = np.array([length_uncertainty(m.crystal, m.length, temperature) for m in members])
    model = np.array([member.crystal.origin == "model" for member in members])
    errors = np.abs(weights - shares) * own
    parts = [*errors[~model], float(errors[model].sum())]
    if common_phase(members) == MIXED:
        purity = float(np.max(weights))
        parts.append(
            MIXED_PHASES * float(mixed_length(members, weights)) * min(1.0, 2 * (1 - purity))
        )
    return math.hypot(*parts)
