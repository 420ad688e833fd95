"""How the composition changes across a wall, by the signed distance to it: negative inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np

from heterobuild.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray, IntArray

SmoothProfile: TypeAlias = Literal["sharp", "linear", "erf"]
"""Names of the profiles that are functions of the distance."""

WIDTH_IN_SIGMA = 2.5631031310892007
"""Distance from 10 % to 90 % of an error function, in its standard deviations."""

_PER_CM = 1e8
"""Å in a centimetre."""

_DIGITS = 9


def inner_share(distance: FloatArray, kind: str = "sharp", width: float = 0.0) -> FloatArray:
    """Return the share of the inner composition at distances to a wall.

    All profiles fall from 1 deep inside to 0 far outside and have share(d) + share(−d) = 1; on
    the wall itself the share is one half.

    Parameters
    ----------
    distance : (n,) float array
        Signed distances to the wall in Å, negative inside.
    kind : {"sharp", "linear", "erf"}, optional
        A step; a straight ramp; the error function of interdiffusion,
        ½ erfc(d / (√2 σ)).
    width : float, optional
        In Å. Of the linear ramp the whole length, from 1 to 0. Of the error function the
        distance from 90 % to 10 %, 2.563 σ, as interface widths are measured. 0 for sharp.

    Returns
    -------
    (n,) float array
        Shares from 0 to 1.

    Raises
    ------
    UnknownNameError
        If there is no such profile.
    UsageError
        If the width does not suit the profile.

    Examples
    --------
    >>> inner_share(np.array([-3.0, 0.0, 3.0])).tolist()
    [1.0, 0.5, 0.0]
    >>> inner_share(np.array([-5.0, 0.0, 5.0]), "erf", 10.0).round(6).tolist()
    [0.9, 0.5, 0.1]
    """
    _check(kind, width)
    away = np.round(np.asarray(distance, dtype=np.float64), _DIGITS)
    if kind == "sharp":
        return 0.5 - 0.5 * np.sign(away)
    if kind == "linear":
        ramp: FloatArray = np.clip(0.5 - away / width, 0.0, 1.0)
        return ramp
    from scipy.special import erfc

    share: FloatArray = 0.5 * erfc(away * (WIDTH_IN_SIGMA / (np.sqrt(2.0) * width)))
    return share


def closed_share(
    distance: FloatArray, kind: str, width: float, *, depth: tuple[float, float]
) -> FloatArray:
    """Return the share of the inner composition where both sides end.

    Nothing leaves through the ends, a surface or the middle of a layer between two equal walls:
    what the error function has beyond them is reflected, as the solution of diffusion in a closed
    double layer has it. The integral over both sides is the depth of the inner one.

    Parameters
    ----------
    distance : (n,) float array
        Signed distances to the wall in Å, negative inside.
    kind, width : str, float
        The profile, see `inner_share`.
    depth : tuple of float
        How far the inner and the outer side reach from the wall in Å.

    Returns
    -------
    (n,) float array
        Shares from 0 to 1.

    Raises
    ------
    UnknownNameError
        If there is no such profile.
    UsageError
        If the width does not suit the profile.

    Examples
    --------
    >>> closed_share(np.array([-10.0, 0.0, 10.0]), "erf", 1000.0, depth=(20, 20)).round(3).tolist()
    [0.5, 0.5, 0.5]
    """
    if kind != "erf":
        return inner_share(distance, kind, width)
    inner, outer = depth
    period = 2 * (inner + outer)
    images = int(np.ceil(2 * width / period)) + 1
    share = np.zeros(len(distance))
    for number in range(-images, images + 1):
        end = distance - number * period
        share += inner_share(end, kind, width) - inner_share(end + 2 * inner, kind, width)
    return np.clip(share, 0.0, 1.0)


def diffusion_width(diffusivity: float, time: float) -> float:
    """Return the width of the error function that interdiffusion makes of a sharp wall.

    The composition is ½ erfc(d / 2√(Dt)), the solution for two half-spaces and a constant
    diffusivity; σ = √(2Dt).

    Parameters
    ----------
    diffusivity : float
        Coefficient D of interdiffusion in cm²/s.
    time : float
        In seconds.

    Returns
    -------
    float
        Distance from 90 % to 10 % in Å, the width of the profile ``erf``.

    Raises
    ------
    UsageError
        If a number is negative or not finite.

    Examples
    --------
    >>> round(diffusion_width(1e-16, 100.0), 3)
    36.248
    """
    product = diffusivity * time
    if not (diffusivity >= 0 and time >= 0 and np.isfinite(product)):
        raise UsageError(
            "diffusivity (cm²/s) and time (s) are numbers that are not negative",
            measured=f"{diffusivity:g} cm²/s, {time:g} s",
        )
    return float(WIDTH_IN_SIGMA * np.sqrt(2 * product) * _PER_CM)


def shells(distance: FloatArray, thickness: float) -> IntArray:
    """Count shells of equal thickness from a wall.

    Parameters
    ----------
    distance : (n,) float array
        Signed distances to the wall in Å, negative inside.
    thickness : float
        Thickness of a shell in Å: one octahedron.

    Returns
    -------
    (n,) int array
        1, 2, … outside, −1, −2, … inside, 1 and −1 next to the wall; points on the wall are in
        shell 1.

    Raises
    ------
    UsageError
        If the thickness is not a positive length.

    Examples
    --------
    >>> shells(np.array([-7.0, -1.0, 0.0, 7.0]), 6.0).tolist()
    [-2, -1, 1, 2]
    """
    if not 0 < thickness < np.inf:
        raise UsageError("the thickness of a shell is a positive length in Å", measured=thickness)
    away = np.round(np.asarray(distance, dtype=np.float64) / thickness, _DIGITS)
    index = np.where(away < 0, np.floor(away), np.floor(away) + 1)
    return index.astype(np.int64)


def listed_shares(
    shell: IntArray, inside: Sequence[float] = (), outside: Sequence[float] = ()
) -> FloatArray:
    """Return the shares of the inner composition that are given shell by shell.

    Parameters
    ----------
    shell : (n,) int array
        Shell of each site, see `shells`; never 0.
    inside : sequence of float, optional
        Shares of the shells −1, −2, …; shells beyond the list have 1.
    outside : sequence of float, optional
        Shares of the shells 1, 2, …; shells beyond the list have 0.

    Returns
    -------
    (n,) float array
        Shares from 0 to 1.

    Raises
    ------
    UsageError
        If a share is not between 0 and 1.

    Examples
    --------
    >>> listed_shares(np.array([-2, -1, 1, 2]), inside=[0.75], outside=[0.25]).tolist()
    [1.0, 0.75, 0.25, 0.0]
    """
    for side, given in (("inside", inside), ("outside", outside)):
        for number, share in enumerate(given, start=1):
            if not 0 <= share <= 1:
                raise UsageError(
                    "a share of the inner composition is a fraction",
                    where=f"profile, {side}, shell {number}",
                    measured=share,
                    allowed="0 to 1",
                )
    inner, outer = np.array([*inside, 1.0]), np.array([*outside, 0.0])
    within = inner[np.minimum(np.maximum(-shell, 1), len(inner)) - 1]
    beyond = outer[np.minimum(np.maximum(shell, 1), len(outer)) - 1]
    shares: FloatArray = np.where(shell < 0, within, beyond)
    return shares


def _check(kind: str, width: float) -> None:
    """Refuse unknown profiles and widths that do not suit them."""
    if kind not in get_args(SmoothProfile):
        raise UnknownNameError(
            f"unknown profile {kind!r}",
            allowed=", ".join(get_args(SmoothProfile)),
            next_step="choose one of them, or give the shares shell by shell",
        )
    if kind == "sharp" and width != 0:
        raise UsageError(
            "a sharp wall has no width",
            measured=f"{width:g} Å",
            next_step="leave the width out, or choose linear or erf",
        )
    if kind != "sharp" and not 0 < width < np.inf:
        raise UsageError(
            f"the profile {kind} needs a positive width in Å",
            measured=width,
            next_step="give the width, or choose sharp",
        )
