"""What the perovskites of the library say about tolerance and octahedral factors."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from heterobuild.chemistry.descriptors import octahedral_factor, tolerance_factor
from heterobuild.estimates.measured_lengths import perovskite_ions, perovskite_phases

if TYPE_CHECKING:
    from collections.abc import Callable

CUBIC_FROM = 0.92
"""Tolerance factor from which a perovskite is taken for cubic at room temperature: between
MAPbI3 (0.912, tilted) and MAPbBr3 (0.927, cubic)."""

HALIDES_TOUCH = 0.414
"""Octahedral factor below which the X of an octahedron touch one another and B is loose in it,
√2 − 1; the CsGeX3, which are there, are trigonal with B off the centre."""


def unfamiliar_factors(a: str, b: str, x: str) -> tuple[str, ...]:
    """Say where the factors of a compound make a perovskite with B at the centre doubtful.

    Parameters
    ----------
    a, b, x : str
        Ions such as ``Cs``, ``Pb``, ``Br``; molecular cations by short name.

    Returns
    -------
    tuple of str
        One sentence for each factor outside those of the perovskites of the library, and one
        for an octahedral factor below `HALIDES_TOUCH`.

    Raises
    ------
    UnknownNameError
        If an ion has no radius.

    Examples
    --------
    >>> unfamiliar_factors("Cs", "Ge", "I")
    ('octahedral factor 0.332 is below 0.414: B may leave the centre, as in CsGeX3',)
    """
    told = []
    if (loose := octahedral_factor(b, x)) < HALIDES_TOUCH:
        told.append(
            f"octahedral factor {loose:.3f} is below {HALIDES_TOUCH}: B may leave the centre, as "
            "in CsGeX3"
        )
    for name, factor, value in (
        ("tolerance", tolerance_factor, tolerance_factor(a, b, x)),
        ("octahedral", _octahedral, octahedral_factor(b, x)),
    ):
        low, high = _range(factor)
        if not low - 1e-9 <= value <= high + 1e-9:
            told.append(
                f"{name} factor {value:.3f} is outside {low:.3f} to {high:.3f} of the measured "
                "perovskites"
            )
    return tuple(told)


def _octahedral(_a: str, b: str, x: str) -> float:
    return octahedral_factor(b, x)


@cache
def _range(factor: Callable[[str, str, str], float]) -> tuple[float, float]:
    """Return the smallest and largest factor of the perovskites of the library."""
    values = [factor(*perovskite_ions(phase.formula)) for phase in perovskite_phases()]
    return min(values), max(values)
