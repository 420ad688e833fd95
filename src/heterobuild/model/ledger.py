"""What was done to make a structure neutral: every ion removed, added or exchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Action: TypeAlias = Literal["removed", "added", "exchanged"]


@dataclass(frozen=True, kw_only=True)
class LedgerEntry:
    """One kind of change at one place.

    Parameters
    ----------
    action : {"removed", "added", "exchanged"}
        What was done; exchanged units leave the number of occupied sites as it is.
    species : str
        Element or molecule; ``Cs → OLA`` for an exchange.
    site : str
        Kind of site, a name of `heterobuild.labels.Site`.
    count : int
        Number of units.
    charge : float
        Change of the total formal charge in e by all of them.
    where : str
        Place, such as ``surface`` or ``wall of dot 3``.
    why : str
        Reason, such as the policy that asked for it.

    Examples
    --------
    >>> LedgerEntry(
    ...     action="removed", species="Cs", site="A", count=10, charge=-10.0,
    ...     where="surface", why="neutrality: remove-A",
    ... ).count
    10
    """

    action: Action
    species: str
    site: str
    count: int
    charge: float
    where: str
    why: str
