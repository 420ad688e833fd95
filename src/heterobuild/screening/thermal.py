"""Misfit at another temperature, where the thermal expansion of both crystals is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from heterobuild.chemistry.expansion import (
    check_temperature,
    expansion_factor,
    thermal_expansion,
)

if TYPE_CHECKING:
    from heterobuild.chemistry.expansion import ThermalExpansion
    from heterobuild.model import Crystal


@dataclass(frozen=True, kw_only=True)
class ThermalMisfit:
    """How a misfit follows the temperature.

    Parameters
    ----------
    slope : float or None
        Change of the misfit in 1/K, the expansion of the film less that of the substrate; None
        where one of them is not known.
    temperature : float or None
        The temperature asked for in K.
    factor : float or None
        (1 + misfit) at that temperature over (1 + misfit) of the cells as measured; None where
        no temperature was asked for, or something is not known.
    film, substrate : ThermalExpansion or None
        What is known of each crystal.
    unknown : tuple of str
        What is missing, in words; empty where nothing is.
    """

    slope: float | None
    temperature: float | None
    factor: float | None
    film: ThermalExpansion | None
    substrate: ThermalExpansion | None
    unknown: tuple[str, ...]

    def at_temperature(self, misfit: float) -> float | None:
        """Return a misfit at the temperature asked for.

        Parameters
        ----------
        misfit : float
            Misfit of the cells as measured, fraction.

        Returns
        -------
        float or None
            Fraction; None where it is not known.
        """
        return None if self.factor is None else (1 + misfit) * self.factor - 1


def thermal_misfit(
    film: Crystal, substrate: Crystal, temperature: float | None = None
) -> ThermalMisfit:
    """Return how the misfit of two crystals follows the temperature.

    Each crystal expands linearly and alike along all axes from the temperature at which its
    cell was measured. This holds while neither changes its phase.

    Parameters
    ----------
    film, substrate : Crystal
        The crystals.
    temperature : float, optional
        Temperature in K; only the slope by default.

    Returns
    -------
    ThermalMisfit
        Slope and factor.

    Raises
    ------
    UsageError
        If the temperature is not above zero.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> found = thermal_misfit(load_crystal("CsPbBr3"), load_crystal("SrTiO3"), 398)
    >>> round(found.slope * 1e6, 1), round(100 * found.at_temperature(0.0), 3)
    (28.6, 0.286)
    """
    crystals = film, substrate
    known = tuple(thermal_expansion(crystal.name) for crystal in crystals)
    unknown = [
        f"the thermal expansion of {crystal.name} is not known"
        for crystal, found in zip(crystals, known, strict=True)
        if found is None
    ]
    if temperature is not None:
        unknown += [
            f"the temperature at which the cell of {crystal.name} was measured is not known"
            for crystal in crystals
            if crystal.temperature is None
        ]
    factors = [_factor(crystal, temperature) for crystal in crystals]
    slope = known[0].linear - known[1].linear if known[0] and known[1] else None
    return ThermalMisfit(
        slope=slope,
        temperature=temperature,
        factor=factors[0] / factors[1] if factors[0] and factors[1] else None,
        film=known[0],
        substrate=known[1],
        unknown=tuple(dict.fromkeys(unknown)),
    )


def _factor(crystal: Crystal, temperature: float | None) -> float | None:
    """Return the growth of a crystal from its cell to a temperature."""
    expansion = thermal_expansion(crystal.name)
    if temperature is None:
        return None
    check_temperature(temperature)
    if expansion is None or crystal.temperature is None:
        return None
    return expansion_factor(expansion, crystal.temperature, temperature)
