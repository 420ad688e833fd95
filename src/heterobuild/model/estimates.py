"""How big a model will be, told before it is built."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Size of a model and the memory that building, checking and writing it takes.

    Parameters
    ----------
    atoms : int
        Number of atoms, from volumes; exact to a few percent.
    memory : int
        Largest amount of memory in bytes.

    Examples
    --------
    >>> Estimate(atoms=1_000_000, memory=900_000_000).memory
    900000000
    """

    atoms: int
    memory: int
