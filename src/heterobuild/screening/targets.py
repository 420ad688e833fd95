"""What a series is to fit on: a crystal or a length."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heterobuild.alloys.end_members import ROOM, end_members, length_uncertainty
from heterobuild.chemistry.formulas import expand_formula
from heterobuild.crystals.cubes import cube_of
from heterobuild.errors import UsageError
from heterobuild.model import Crystal
from heterobuild.screening.alignment import align_bands
from heterobuild.screening.measured_crystals import load_measured

if TYPE_CHECKING:
    from pathlib import Path

    from heterobuild.chemistry.bands import BandEdges


@dataclass(frozen=True, kw_only=True, eq=False)
class Target:
    """What a series is to fit on.

    Parameters
    ----------
    crystal : Crystal or None
        The crystal; None where a length was given.
    length : float
        Mean edge of its cube, or the given length, in Å.
    uncertainty : float
        Standard uncertainty of the length in Å; zero of a given one.
    temperature : float
        Temperature in K at which both are compared: that of the crystal's cell, else 298 K.
    edges : BandEdges or None
        Band edges of the crystal.
    notices : tuple of str
        What the user should know of the choice.
    """

    crystal: Crystal | None
    length: float
    uncertainty: float
    temperature: float
    edges: BandEdges | None
    notices: tuple[str, ...]


def find_target(onto: Crystal | str | Path | float) -> Target:
    """Find the length that is wanted, and whose it is.

    Parameters
    ----------
    onto : Crystal, str, pathlib.Path or float
        Crystal with a pseudo-cubic or cubic cell, its name or its file; or a length in Å. A bare
        formula whose stable phase is not a perovskite means the perovskite.

    Returns
    -------
    Target
        The length.

    Raises
    ------
    UsageError
        If the length is not above zero, or the crystal has no cube.
    UnknownNameError
        If no crystal has that name.
    StructureFileError
        If a file cannot be used.

    Examples
    --------
    >>> find_target("CsPbI3").crystal.name, find_target(6.2).length
    ('CsPbI3_gamma', 6.2)
    """
    if isinstance(onto, (int, float)):
        if not 0 < onto < math.inf:
            raise UsageError(
                "a lattice length is a finite number above zero",
                where="onto",
                measured=f"{float(onto):g} Å",
                next_step="give a pseudo-cubic length in Å, such as 6.1",
            )
        return Target(
            crystal=None,
            length=float(onto),
            uncertainty=0.0,
            temperature=ROOM,
            edges=None,
            notices=(),
        )
    crystal, notices = (onto, onto.notices) if isinstance(onto, Crystal) else _named(onto)
    cube = cube_of(crystal)
    if cube is None:
        raise UsageError(
            f"{crystal.name} has no pseudo-cubic or cubic cell",
            where="onto",
            measured=crystal.space_group,
            next_step="name another crystal, or give a length in Å",
        )
    temperature = ROOM if crystal.temperature is None else crystal.temperature
    return Target(
        crystal=crystal,
        length=cube.mean,
        uncertainty=length_uncertainty(crystal, cube.mean, temperature),
        temperature=temperature,
        edges=align_bands(crystal, crystal).film,
        notices=notices,
    )


def _named(name: str | Path) -> tuple[Crystal, tuple[str, ...]]:
    """Load a crystal; a bare formula of a phase without a cube means the perovskite."""
    crystal = load_measured(name)
    if cube_of(crystal) is not None:
        return crystal, crystal.notices
    try:
        expand_formula(str(name))
        (black,) = end_members([crystal.formula])
    except UsageError:
        return crystal, crystal.notices
    chosen = f"{name} is taken as {black.crystal.name}; {crystal.name} is not a perovskite"
    return black.crystal, (chosen, *black.crystal.notices)
