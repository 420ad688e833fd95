"""Radii of many dots: all alike, normal or log-normal, with a given mean and spread.

Both distributions are cut at three standard deviations (of the logarithm for log-normal ones), so
that no dot of a small sample is freakish. The widths are chosen such that mean and standard
deviation after the cut are exactly those asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np

from heterobuild.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from heterobuild.arrays import FloatArray

SizeDistribution: TypeAlias = Literal["monodisperse", "normal", "log-normal"]
"""Names of the distributions."""

CUT = 3.0
"""Standard deviations at which the distributions end."""

WIDEST_NORMAL = 0.3
"""Largest spread of normal radii: the cut at three standard deviations stays above zero."""

WIDEST_LOG_NORMAL = 1.0
"""Largest spread of log-normal radii; beyond it the mean says little about the dots."""

MOST_DOTS = 1_000_000
"""Largest number of dots that is drawn."""


def draw_radii(
    kind: str, mean: float, spread: float, count: int, rng: np.random.Generator
) -> FloatArray:
    """Draw radii from a size distribution.

    One random number is used for each radius, in order: more radii from the same generator
    begin with the same ones.

    Parameters
    ----------
    kind : {"monodisperse", "normal", "log-normal"}
        The distribution.
    mean : float
        Mean radius in Å.
    spread : float
        Standard deviation as a fraction of the mean: 0 for monodisperse, up to 0.3 for normal,
        up to 1 for log-normal.
    count : int
        Number of radii.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    (count,) float array
        Radii in Å, all positive, as drawn (not sorted).

    Raises
    ------
    UnknownNameError
        If there is no such distribution.
    UsageError
        If mean, spread or count are out of range.

    Examples
    --------
    >>> draw_radii("monodisperse", 30.0, 0.0, 2, np.random.default_rng(1)).tolist()
    [30.0, 30.0]
    """
    _check(kind, mean, spread)
    if not 0 <= count <= MOST_DOTS:
        raise UsageError(
            "the number of dots is out of range",
            measured=count,
            allowed=f"0 to {MOST_DOTS}",
            next_step="lower the number, the volume fraction, or the box",
        )
    chance = rng.random(count)
    if spread == 0:
        return np.full(count, float(mean))
    from scipy.special import ndtr, ndtri

    deviates = ndtri(ndtr(-CUT) + chance * (ndtr(CUT) - ndtr(-CUT)))
    if kind == "normal":
        radii: FloatArray = mean * (1 + _normal_width(spread) * deviates)
        return radii
    width = _log_width(spread)
    logarithmic: FloatArray = mean / _log_moment(1, width) * np.exp(width * deviates)
    return logarithmic


def radii_for_volume(
    kind: str,
    mean: float,
    spread: float,
    volume: float,
    volume_of: Callable[[FloatArray], FloatArray],
    *,
    rng: np.random.Generator,
) -> FloatArray:
    """Draw as many radii as come nearest to a wanted total volume.

    The radii are drawn one after the other; the number is that at which the sum of volumes is
    nearest to the wanted one, but at least one dot.

    Parameters
    ----------
    kind, mean, spread : str, float, float
        The distribution, see `draw_radii`.
    volume : float
        Wanted total volume in Å³.
    volume_of : callable
        Takes radii (n,) in Å and returns volumes (n,) in Å³.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    (n,) float array
        Radii in Å.

    Raises
    ------
    UnknownNameError
        If there is no such distribution.
    UsageError
        If the distribution is out of range, or the volume is less than half a dot of mean
        radius or more than a million dots.

    Examples
    --------
    >>> ball = lambda r: 4 / 3 * np.pi * r**3
    >>> wanted = 10.2 * 4 / 3 * np.pi * 20.0**3
    >>> len(radii_for_volume("monodisperse", 20, 0, wanted, ball, rng=np.random.default_rng(1)))
    10
    """
    _check(kind, mean, spread)
    typical = float(volume_of(np.array([float(mean)]))[0])
    if not typical / 2 <= volume <= MOST_DOTS * typical:
        raise UsageError(
            "the wanted volume cannot be made of such dots",
            measured=f"{volume:.6g} Å³, where one dot of mean radius has {typical:.6g} Å³",
            allowed=f"half a dot to {MOST_DOTS} dots",
            next_step="change the volume fraction, the radius, or the box",
        )
    radii = np.empty(0)
    total = np.empty(0)
    while not len(total) or total[-1] < volume:
        missing = volume - (total[-1] if len(total) else 0.0)
        more = int(np.ceil(missing / typical)) + 8
        radii = np.concatenate([radii, draw_radii(kind, mean, spread, min(more, MOST_DOTS), rng)])
        total = np.cumsum(volume_of(radii))
    return radii[: 1 + int(np.argmin(np.abs(total - volume)))]


def _check(kind: str, mean: float, spread: float) -> None:
    """Refuse distributions that are unknown or reach radii of zero."""
    if kind not in get_args(SizeDistribution):
        raise UnknownNameError(
            f"unknown size distribution {kind!r}",
            allowed=", ".join(get_args(SizeDistribution)),
            next_step="choose one of them",
        )
    if not 0 < mean < np.inf:
        raise UsageError("the mean radius is a positive length in Å", measured=mean)
    widest = {"monodisperse": 0.0, "normal": WIDEST_NORMAL}.get(kind, WIDEST_LOG_NORMAL)
    if not 0 <= spread <= widest:
        advice = {
            "monodisperse": "leave the spread out, or choose normal or log-normal",
            "normal": "choose log-normal for wide distributions; the spread is a fraction",
        }
        raise UsageError(
            f"the spread of {kind} radii is out of range",
            measured=spread,
            allowed=f"0 to {widest:g}, a fraction of the mean" if widest else "0",
            next_step=advice.get(kind, "the spread is a fraction of the mean: 0.1 for 10 %"),
        )


def _normal_width(spread: float) -> float:
    """Return the standard deviation before the cut that gives the wanted one after it."""
    from scipy.special import ndtr

    density = np.exp(-(CUT**2) / 2) / np.sqrt(2 * np.pi)
    return float(spread / np.sqrt(1 - 2 * CUT * density / (ndtr(CUT) - ndtr(-CUT))))


def _log_moment(order: int, width: float) -> float:
    """Return a moment of exp(width z), z a standard normal number cut at ±CUT."""
    from scipy.special import ndtr

    inside = ndtr(CUT - order * width) - ndtr(-CUT - order * width)
    return float(np.exp((order * width) ** 2 / 2) * inside / (ndtr(CUT) - ndtr(-CUT)))


def _log_width(spread: float) -> float:
    """Return the width of the logarithm before the cut that gives the wanted spread after it."""
    from scipy.optimize import brentq

    def excess(width: float) -> float:
        return _log_moment(2, width) / _log_moment(1, width) ** 2 - 1 - spread**2

    return float(brentq(excess, 0.0, 3.0, xtol=1e-14))
