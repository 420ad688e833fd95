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


def require_stack(
    *,
    periodic: str,
    vacuum: object,
    repeat: tuple[int, int],
    match: int,
    tilts: str,
    tilt_planes: int,
) -> None:
    """Refuse what no stack of slabs can have.

    Parameters
    ----------
    periodic : str
        A superlattice has no vacuum.
    vacuum : float or None
        Empty height in Å.
    repeat : tuple of int
        Copies of the common cell.
    match : int
        Rank of the common cell.
    tilts : str
        What becomes of tilts at the walls.
    tilt_planes : int
        Octahedra through which they pass.

    Raises
    ------
    UsageError
        If one is out of range.
    """
    require_word("tilts", tilts, ("kept", "matched", "ramped"))
    require(tilt_planes >= 1, "tilt_planes", tilt_planes, "1 or more", "use 3")
    require(match >= 0, "match", match, "0 or more", "use 0 for the smallest cell")
    require(
        periodic == "superlattice" or is_length(vacuum, most=1000),
        "vacuum",
        vacuum,
        "more than 0 and at most 1000 Å",
        "use 15, or periodic: superlattice for no vacuum",
    )
    require(min(repeat) >= 1, "repeat", repeat, "1 or more", "use [1, 1] for one cell")


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
