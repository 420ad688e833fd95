"""Options that are one of a few words, one number for each axis, or mean nothing alone."""

from __future__ import annotations

import math
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.registry import suggest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from _typeshed import DataclassInstance


def judge_three(values: object, where: str) -> None:
    """Refuse a list that does not have one entry for each axis.

    Parameters
    ----------
    values : object
        The option; what is no list passes.
    where : str
        Its name.

    Raises
    ------
    UsageError
        If it is a list of another length.
    """
    if isinstance(values, (tuple, list)) and len(values) != 3:
        raise UsageError(
            f"{len(values)} entries for three axes",
            where=where,
            measured=list(values),
            allowed="one entry for each of x, y and z",
            next_step="give three",
        )


def judge_word(value: object, where: str, words: Iterable[str]) -> None:
    """Refuse a word that is not known.

    Parameters
    ----------
    value : object
        The option.
    where : str
        Its name.
    words : iterable of str
        What it can be.

    Raises
    ------
    UnknownNameError
        If it is none of them.
    """
    known = list(words)
    if value not in known:
        raise UnknownNameError(
            f"unknown value {value!r}",
            where=where,
            allowed=", ".join(known),
            next_step=suggest(str(value), known),
        )


def judge_either(options: DataclassInstance, *pairs: tuple[str, str]) -> None:
    """Refuse two options that say the same in two ways.

    Parameters
    ----------
    options : dataclass
        The options.
    *pairs : tuple of str
        Names of two fields of which one can differ from its default.

    Raises
    ------
    UsageError
        If both do.
    """
    unset = _defaults(options)
    for pair in pairs:
        given = [name for name in pair if getattr(options, name) != unset[name]]
        if len(given) == 2:
            first, second = pair
            raise UsageError(
                f"both {first} and {second} are given",
                where=second,
                allowed="one of the two",
                next_step=f"remove {first} or {second}",
            )


def judge_distance(value: object, where: str, next_step: str) -> None:
    """Refuse a distance between parts that is negative.

    Parameters
    ----------
    value : float or str
        The option in Å; what is no number passes.
    where : str
        Its name.
    next_step : str
        What to do instead.

    Raises
    ------
    UsageError
        If it is below zero or not finite.
    """
    if isinstance(value, int | float) and not 0 <= value < math.inf:
        raise UsageError(
            "a distance between parts is not negative",
            where=where,
            measured=f"{value:g} Å",
            next_step=next_step,
        )


def judge_coverage(coverage: float, ligands: Mapping[str, float]) -> None:
    """Refuse a coverage without ligands.

    Parameters
    ----------
    coverage : float
        The option; 1 where it was not given.
    ligands : mapping of str to float
        The ligands.

    Raises
    ------
    UsageError
        If a coverage was given that nothing covers.
    """
    if coverage != 1.0 and not ligands:
        raise UsageError(
            "there are no ligands that the coverage counts",
            where="coverage",
            measured=coverage,
            next_step='name them, such as {"OLA": 1}, or leave coverage out',
        )


def refuse_at_wall(options: DataclassInstance, wall: str, names: Iterable[str]) -> None:
    """Refuse options that mean nothing for a kind of wall.

    Parameters
    ----------
    options : dataclass
        The options.
    wall : {"coherent", "incoherent"}
        The kind of wall that is built.
    names : iterable of str
        Fields that have to be as they are by default.

    Raises
    ------
    UsageError
        If one is not.
    """
    other = "incoherent" if wall == "coherent" else "coherent"
    unset = _defaults(options)
    for name in names:
        given = getattr(options, name)
        if given != unset[name]:
            raise UsageError(
                f"{name} means nothing here, where parts "
                + ("share one lattice" if wall == "coherent" else "have lattices of their own"),
                where=name,
                measured=given if isinstance(given, str | int | float) else None,
                allowed=f"with walls that are {other}",
                next_step=f"leave {name} out, or take wall: {other} where the crystals allow it",
            )


def _defaults(options: DataclassInstance) -> dict[str, Any]:
    """Return the default of each field."""
    return {
        entry.name: entry.default if entry.default_factory is MISSING else entry.default_factory()
        for entry in fields(options)
    }


def refuse_elastic(elastic: object) -> None:
    """Refuse the elastic estimate for parts that share no lattice.

    Parameters
    ----------
    elastic : bool or "auto"
        What is wanted; "auto" makes none.

    Raises
    ------
    UsageError
        If it is asked for.
    """
    if elastic is True:
        raise UsageError(
            "the elastic estimate needs parts on one lattice",
            where="elastic",
            measured="yes",
            allowed="auto or no for incoherent walls",
            next_step="leave elastic out, or take wall: coherent",
        )
