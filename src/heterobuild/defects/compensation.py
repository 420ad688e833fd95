"""The fewest ions that must go, or come, so that defects leave no charge."""

from __future__ import annotations

from functools import cache

from heterobuild.errors import UsageError

_EXACT = 200
"""Charge in e up to which all sets are tried; of what is beyond, the ions with most charge take
as much as they can, which is the fewest: ions have charges of a few e."""


def fewest(charge: int, choices: tuple[tuple[str, int], ...]) -> tuple[str, ...] | None:
    """Return the fewest vacancies that cancel a charge.

    Parameters
    ----------
    charge : int
        Charge in e that the other defects add.
    choices : tuple of (str, int)
        Ions that may go, with their charges in e, the preferred ones first.

    Returns
    -------
    tuple of str or None
        The ions that go, sorted; None where no set of them has this charge.

    Examples
    --------
    A halide vacancy takes an A cation with it, a lead vacancy two halides.

    >>> ions = (("Cs", 1), ("Pb", 2), ("Br", -1))
    >>> fewest(1, ions), fewest(-2, ions), fewest(3, ions)
    (('Cs',), ('Br', 'Br'), ('Cs', 'Pb'))
    """
    right = tuple((name, abs(own)) for name, own in choices if own * charge > 0)

    most = max(right, key=lambda ion: ion[1], default=("", 0))
    many = 0 if not right else max(0, (abs(charge) - _EXACT) // most[1])

    @cache
    def best(rest: int) -> tuple[str, ...] | None:
        if rest == 0:
            return ()
        found = []
        for name, own in right:
            smaller = best(rest - own) if own <= rest else None
            if smaller is not None:
                found.append((name, *smaller))
        return min(found, key=len, default=None)

    left = abs(charge) - many * most[1]
    for rest in range(left):
        best(rest)
    answer = best(left)
    return None if answer is None else tuple(sorted((*answer, *[most[0]] * many)))


def number_of(name: str, own: int, charge: int) -> int:
    """Return how many defects of one kind cancel a charge.

    Parameters
    ----------
    name : str
        Their name, for the message.
    own : int
        Charge of one in e.
    charge : int
        Charge in e that is to be cancelled.

    Returns
    -------
    int
        Their number.

    Raises
    ------
    UsageError
        If no number of them cancels it.

    Examples
    --------
    >>> number_of("V_Br", 1, -2)
    2
    """
    if own == 0 or charge * own > 0 or charge % own:
        raise UsageError(
            f"{name} cannot compensate the defects",
            where="defects",
            measured=f"a charge of {charge:+d} e, and {own:+d} e for each {name}",
            next_step="write compensate: auto, or none to leave the charge",
        )
    return -charge // own
