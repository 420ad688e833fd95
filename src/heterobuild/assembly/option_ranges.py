"""Refuse options that no stack can have."""

from __future__ import annotations

from heterobuild.errors import UsageError


def require(fine: object, where: str, measured: object, allowed: str, next_step: str) -> None:
    """Refuse a value that is out of range.

    Parameters
    ----------
    fine : bool
        Whether the value may stay.
    where : str
        Name of the option.
    measured : object
        Its value.
    allowed, next_step : str
        What it may be, and what to write.

    Raises
    ------
    UsageError
        If it may not stay.
    """
    if not fine:
        raise UsageError(
            f"{where} is out of range",
            where=where,
            measured=measured,
            allowed=allowed,
            next_step=next_step,
        )


def require_word(where: str, word: str, allowed: tuple[str, ...]) -> None:
    """Refuse a word that an option does not know.

    Parameters
    ----------
    where : str
        Name of the option.
    word : str
        Its value.
    allowed : tuple of str
        The words it knows, the default first.

    Raises
    ------
    UsageError
        If it is another one.
    """
    require(word in allowed, where, repr(word), " or ".join(allowed), f"use {allowed[0]}")


def is_length(value: object, *, most: float) -> bool:
    """Return whether a value is a positive length.

    Parameters
    ----------
    value : object
        The value.
    most : float
        Largest length in Å.

    Returns
    -------
    bool
        True for a number above 0 and up to the largest length.

    Examples
    --------
    >>> is_length(3.0, most=10), is_length("auto", most=10), is_length(0, most=10)
    (True, False, False)
    """
    return isinstance(value, int | float) and 0 < value <= most
