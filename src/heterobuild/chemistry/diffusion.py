"""How fast ions mix across a wall, from ``structures/diffusion.toml``.

Halides mix, A cations follow slowly, B cations stay: that is why a composition profile has one
width for each site. The coefficients are orders of magnitude, see the notes of each entry.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from heterobuild.chemistry.expansion import check_temperature
from heterobuild.data_files import read_toml
from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from heterobuild.model import Confidence

BOLTZMANN = 8.617333262e-5
"""eV/K; exact in the SI, CODATA 2018."""

ROOM_TEMPERATURE = 300.0
"""K, at which heterostructures are stored."""


@dataclass(frozen=True, kw_only=True)
class Interdiffusion:
    """Interdiffusion on one site of a perovskite.

    Parameters
    ----------
    site : {"A", "B", "X"}
        The site whose ions exchange.
    ions : tuple of str
        The two ions; empty where the entry stands for all pairs without one of their own.
    host : str
        Where it was found.
    coefficient : float
        Coefficient D in cm²/s at `temperature`.
    temperature : float
        In K.
    activation : float
        Activation energy in eV.
    kind : {"measured", "derived", "estimated"}
        A measured coefficient, one derived from a measured rate, or one from computed barriers.
    source, doi : str
        Where it comes from.
    confidence : {"high", "medium", "low"}
        Trust in the values.
    notes : str
        What a careful user should know.
    """

    site: Literal["A", "B", "X"]
    ions: tuple[str, ...]
    host: str
    coefficient: float
    temperature: float
    activation: float
    kind: str
    source: str
    doi: str
    confidence: Confidence
    notes: str


def interdiffusion(site: str, first: str = "", second: str = "") -> Interdiffusion:
    """Return what is known of the exchange of two ions on a site.

    Parameters
    ----------
    site : {"A", "B", "X"}
        The site.
    first, second : str, optional
        The ions, such as ``Br`` and ``I``, in either order. A pair without an entry of its own
        gets the general one of its site; on X that is bromide and iodide, the slower of the two
        pairs that were measured.

    Returns
    -------
    Interdiffusion
        The entry.

    Raises
    ------
    UsageError
        If the site is none of the three.

    Examples
    --------
    >>> interdiffusion("X", "Cl", "Br").activation, interdiffusion("A", "Cs", "FA").confidence
    (0.44, 'low')
    """
    mine = [entry for entry in _table() if entry.site == site]
    if not mine:
        raise UsageError(
            "ions exchange on the sites of a perovskite",
            measured=site,
            allowed="A, B or X",
            next_step="name one of them",
        )
    wanted = {first, second}
    return next((entry for entry in mine if set(entry.ions) == wanted), mine[0])


def diffusivity(entry: Interdiffusion, temperature: float = ROOM_TEMPERATURE) -> float:
    """Return the coefficient of interdiffusion at a temperature, after Arrhenius.

    Parameters
    ----------
    entry : Interdiffusion
        What is known, see `interdiffusion`.
    temperature : float, optional
        In K; by default 300 K.

    Returns
    -------
    float
        Coefficient D in cm²/s, for `heterobuild.geometry.profiles.diffusion_width`.

    Raises
    ------
    UsageError
        If the temperature is not above zero.

    Examples
    --------
    >>> halides, cations = interdiffusion("X", "Br", "I"), interdiffusion("A")
    >>> f"{diffusivity(halides):.1e} {diffusivity(cations):.1e}"
    '7.5e-16 3.3e-20'
    """
    check_temperature(temperature)
    rise = 1 / entry.temperature - 1 / temperature
    return entry.coefficient * math.exp(entry.activation / BOLTZMANN * rise)


@cache
def _table() -> tuple[Interdiffusion, ...]:
    """Return all entries in the order of the file, the general one of a site first."""
    return tuple(
        Interdiffusion(
            site=entry["site"],
            ions=tuple(entry.get("ions", ())),
            host=entry["host"],
            coefficient=float(entry["D_cm2_s"]),
            temperature=float(entry["temperature_K"]),
            activation=float(entry["activation_eV"]),
            kind=entry["kind"],
            source=entry["source"],
            doi=entry["doi"],
            confidence=entry["confidence"],
            notes=entry.get("notes", ""),
        )
        for entry in read_toml("diffusion.toml")["interdiffusion"]
    )
