"""Formal charges in a formula: the set that makes it neutral, or how far off it is."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

from heterobuild.chemistry.ions import formal_charge, ion_table
from heterobuild.chemistry.molecules import list_molecules, load_molecule
from heterobuild.errors import UnknownNameError
from heterobuild.registry import suggest

if TYPE_CHECKING:
    from collections.abc import Mapping

STATES: Mapping[str, tuple[int, ...]] = {
    "Au": (1, 3),
    "Ce": (3, 4),
    "Co": (2, 3),
    "Cr": (3, 2),
    "Cu": (1, 2),
    "Er": (3,),
    "Eu": (2, 3),
    "Fe": (2, 3),
    "Ge": (2, 4),
    "In": (3, 1),
    "Mo": (4,),
    "Pb": (2, 4),
    "Pd": (4, 2),
    "Pt": (4, 2),
    "Sb": (3, 5),
    "Se": (-2, 4),
    "Sm": (3, 2),
    "Sn": (2, 4),
    "Ta": (5, 4),
    "Tb": (3,),
    "Te": (-2, 4),
    "Ti": (4, 3),
    "Tl": (1, 3),
    "U": (4,),
    "W": (4,),
    "Yb": (2, 3),
}
"""Charges of cations that occur in halides with several, or that the table of radii lacks;
likelier first."""


def possible_charges(unit: str) -> tuple[int, ...]:
    """Return the formal charges that an ion can have, likeliest first.

    Parameters
    ----------
    unit : str
        Element or molecule.

    Returns
    -------
    tuple of int
        Charges in e.

    Raises
    ------
    UnknownNameError
        If no charge is known.

    Examples
    --------
    >>> possible_charges("Sn"), possible_charges("Cs"), possible_charges("4AMP")
    ((2, 4), (1,), (2,))
    """
    if unit in list_molecules():
        return (round(load_molecule(unit).charge),)
    if unit not in ion_table() and unit not in STATES:
        raise UnknownNameError(
            f"no formal charge is known for {unit!r}",
            where="the table of ions",
            next_step=suggest(unit, [*ion_table(), *STATES]),
        )
    usual = (formal_charge(unit),) if unit in ion_table() else ()
    return tuple(dict.fromkeys((*usual, *STATES.get(unit, ()))))


def balanced_charges(amounts: Mapping[str, Fraction]) -> dict[str, int] | None:
    """Assign one formal charge to each ion so that the whole is exactly neutral.

    Parameters
    ----------
    amounts : mapping of str to fractions.Fraction
        Amount of each element or molecule.

    Returns
    -------
    dict of str to int, or None
        Charges in e: of the neutral sets the one with the fewest and likeliest departures from
        the usual charges. None where there is none.

    Raises
    ------
    UnknownNameError
        If no charge is known for an ion.

    Examples
    --------
    >>> balanced_charges({"Cs": 2, "Sn": 1, "I": 6})
    {'Cs': 1, 'Sn': 4, 'I': -1}
    >>> balanced_charges({"Cs": 1, "Pb": 1, "Br": 4}) is None
    True
    """
    choices = product(*(enumerate(possible_charges(unit)) for unit in amounts))
    neutral = [
        choice
        for choice in choices
        if sum(n * q for n, (_, q) in zip(amounts.values(), choice, strict=True)) == 0
    ]
    if not neutral:
        return None
    best = min(neutral, key=lambda choice: (sum(r > 0 for r, _ in choice), [r for r, _ in choice]))
    return {unit: charge for unit, (_, charge) in zip(amounts, best, strict=True)}


def net_charge(amounts: Mapping[str, Fraction]) -> Fraction:
    """Return the charge of ions that all have their usual charge.

    Parameters
    ----------
    amounts : mapping of str to fractions.Fraction
        Amount of each element or molecule.

    Returns
    -------
    fractions.Fraction
        Charge in e.

    Raises
    ------
    UnknownNameError
        If no charge is known for an ion.

    Examples
    --------
    >>> str(net_charge({"Cs": 1, "Pb": 1, "Br": 4}))
    '-1'
    """
    return sum((n * possible_charges(unit)[0] for unit, n in amounts.items()), Fraction(0))
