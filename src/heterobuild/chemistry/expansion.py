"""Linear thermal expansion of known phases, from ``structures/elastic.toml``."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from heterobuild.data_files import read_toml
from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from heterobuild.model import Confidence

PER_MILLION = 1e-6
"""The table counts in 1e-6 per kelvin."""

EXPANSION = 4e-5
"""1/K; linear expansion of halide perovskites, 3.3e-5 to 7e-5 (CsPbBr3 3.8e-5, Rodova et al.
2003, 10.1023/A:1022836800820; MAPbI3 4.3e-5, Jacobsson et al. 2015)."""

FAR_APART = 50.0
"""K; a difference below this makes less than 0.2 % of misfit."""


@dataclass(frozen=True, kw_only=True)
class ThermalExpansion:
    """Mean linear expansion of one phase.

    Parameters
    ----------
    linear : float
        Coefficient α in 1/K, the mean over the axes.
    source, doi : str
        Where it comes from; the DOI is empty where unknown.
    confidence : {"high", "medium", "low"}
        Trust in the value.
    """

    linear: float
    source: str
    doi: str
    confidence: Confidence


def thermal_expansion(phase: str) -> ThermalExpansion | None:
    """Return the linear thermal expansion of a phase.

    A coefficient is never borrowed from another polymorph: it changes at phase transitions.

    Parameters
    ----------
    phase : str
        Name of a phase in the library, such as ``CsPbBr3_orthorhombic``.

    Returns
    -------
    ThermalExpansion or None
        The value; None where nothing is known of this phase.

    Examples
    --------
    >>> round(thermal_expansion("NaCl").linear * 1e6, 3)
    40.0
    >>> thermal_expansion("CsPbBr3_cubic") is None
    True
    """
    return _table().get(phase)


def expansion_factor(expansion: ThermalExpansion, measured: float, temperature: float) -> float:
    """Return by how much a length grows from one temperature to another.

    Linear in the temperature, ``1 + α (T − T₀)``: the tables hold one coefficient a phase.

    Parameters
    ----------
    expansion : ThermalExpansion
        The coefficient.
    measured : float
        Temperature in K at which the length is known.
    temperature : float
        Wanted temperature in K.

    Returns
    -------
    float
        Ratio of the two lengths.

    Raises
    ------
    UsageError
        If a temperature is not above zero.

    Examples
    --------
    >>> round(expansion_factor(thermal_expansion("NaCl"), 300.0, 400.0), 6)
    1.004
    """
    check_temperature(measured)
    check_temperature(temperature)
    return 1 + expansion.linear * (temperature - measured)


def check_temperature(temperature: float) -> None:
    """Refuse what is no temperature.

    Parameters
    ----------
    temperature : float
        Temperature in K.

    Raises
    ------
    UsageError
        If it is not finite and above zero.
    """
    if not 0 < temperature < math.inf:
        raise UsageError(
            "a temperature is above zero kelvin",
            where="temperature",
            measured=f"{temperature:g} K",
            next_step="give the temperature in kelvin, such as 300",
        )


@cache
def _table() -> dict[str, ThermalExpansion]:
    """Return all entries by phase."""
    return {
        entry["phase"]: ThermalExpansion(
            linear=float(entry["linear"]) * PER_MILLION,
            source=entry["source"],
            doi=entry.get("doi", ""),
            confidence=entry["confidence"],
        )
        for entry in read_toml("elastic.toml")["thermal_expansion"]
    }
