"""How a particle is turned in another crystal, and how well the two lattices fit there."""

from __future__ import annotations

from collections import Counter
from math import gcd
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.repeats import pseudocubic_axes
from heterobuild.errors import UsageError
from heterobuild.frameworks.framework import framework_of
from heterobuild.geometry.orientation_relations import (
    parse_relation,
    relation_label,
    relation_rotation,
)
from heterobuild.labels import Site
from heterobuild.model import Step

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.geometry.orientation_relations import OrientationRelation
    from heterobuild.model import Crystal

CUBE_ON_AB2X5 = "[110]pc||[100], (001)pc||(001)"
"""Perovskite and the tetragonal AB2X5: square nets of A, 45° apart, on parallel (001)."""


def known_relation(first: Crystal, second: Crystal) -> str | None:
    """Return the orientation relation in which two structure types are found together.

    Parameters
    ----------
    first, second : Crystal
        The crystals.

    Returns
    -------
    str or None
        The relation, the first crystal on the left; None where none is known.
    """
    kinds = [_kind(first), _kind(second)]
    if kinds == ["ABX3", "AB2X5"]:
        return CUBE_ON_AB2X5
    if kinds == ["AB2X5", "ABX3"]:
        return "[100]||[110]pc, (001)||(001)pc"
    return None


def _kind(crystal: Crystal) -> str:
    """Tell perovskites and tetragonal AB2X5 from all others."""
    site = framework_of(crystal).site
    counts = Counter(Site(int(s)).name for s in site.tolist())
    shares = (counts["A"], counts["B"], counts["X"])
    divisor = gcd(*shares) or 1
    ratio = tuple(n // divisor for n in shares)
    if sum(counts.values()) != sum(shares):
        return "other"
    if ratio == (1, 1, 3) and crystal.pseudocubic is not None:
        return "ABX3"
    a, b, c = np.linalg.norm(crystal.cell, axis=1)
    square = abs(a / b - 1) < 1e-3 and abs(c / a - 1) > 0.1
    return "AB2X5" if ratio == (1, 2, 5) and square else "other"


def axes_of(crystal: Crystal, *, pseudocubic: bool) -> FloatArray:
    """Return the axes along which indices count.

    Parameters
    ----------
    crystal : Crystal
        The crystal.
    pseudocubic : bool
        Whether they count along pseudo-cubic axes.

    Returns
    -------
    (3, 3) float array
        Axes in Å, rows, in the frame of the crystal.

    Raises
    ------
    UsageError
        If it has no pseudo-cubic axes.
    """
    if pseudocubic and crystal.pseudocubic is None:
        raise UsageError(
            f"{crystal.name} has no pseudo-cubic axes",
            where="orientation relation",
            next_step="leave pc out for this crystal",
        )
    return pseudocubic_axes(crystal) if pseudocubic else np.asarray(crystal.cell)


def rotation_for(
    relation: str | OrientationRelation, first: Crystal, turned: FloatArray, second: Crystal
) -> FloatArray:
    """Return the rotation of the second crystal in a relation to the first.

    Parameters
    ----------
    relation : str or OrientationRelation
        The relation, the first crystal on the left.
    first : Crystal
        The crystal that stands already.
    turned : (3, 3) float array
        Its rotation, from its own frame into that of the model.
    second : Crystal
        The crystal that is turned.

    Returns
    -------
    (3, 3) float array
        Proper rotation from the frame of the second crystal into that of the model.

    Raises
    ------
    UsageError
        If the relation cannot be read or contradicts itself.

    Examples
    --------
    >>> from heterobuild.crystals import load_phase
    >>> cube, tetragonal = load_phase("CsPbBr3_cubic"), load_phase("CsPb2Br5")
    >>> turn = rotation_for(CUBE_ON_AB2X5, cube, np.eye(3), tetragonal)
    >>> (np.array([1, 0, 0]) @ turn).round(3).tolist()
    [0.707, 0.707, 0.0]
    """
    found = parse_relation(relation) if isinstance(relation, str) else relation
    return relation_rotation(
        axes_of(first, pseudocubic=found.pseudocubic[0]) @ turned,
        axes_of(second, pseudocubic=found.pseudocubic[1]),
        found.directions,
        found.planes,
    )


def orientation_step(
    choice: str, relation: str | None, first: Crystal, second: Crystal, count: int = 1
) -> Step:
    """Say how the crystals stand to one another.

    Parameters
    ----------
    choice : str
        What was asked for.
    relation : str or None
        The relation that was used; None for parallel axes and random orientations.
    first, second : Crystal
        The crystals.
    count : int, optional
        Number of particles.

    Returns
    -------
    Step
        The choice in words.
    """
    if choice == "random":
        words = f"{count} random orientations, uniform over all rotations"
    elif choice == "table":
        words = "orientations of the table"
    elif relation is not None:
        words = f"{relation_label(parse_relation(relation))} of {first.name} and {second.name}"
    else:
        own = [
            "pseudo-cubic axes" if c.pseudocubic is not None else "a and the normal of (001)"
            for c in (first, second)
        ]
        words = f"{own[1]} of {second.name} along {own[0]} of {first.name}"
        words += ", no relation is known" if choice == "auto" else ""
    values = {"asked": choice, "relation": relation or choice}
    return Step(name="orientation", choice=words, values=values)
