"""Options that are one of a few words, or one number for each axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.registry import suggest

if TYPE_CHECKING:
    from collections.abc import Iterable


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
