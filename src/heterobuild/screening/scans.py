"""All compositions of a formula series: ``CsPb(Br_xI_1-x)3, x in 0:1:0.05``."""

from __future__ import annotations

import math
import re
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.series import member_weights, parse_series, series_formula
from heterobuild.errors import UsageError
from heterobuild.screening.compositions import fraction_limits

if TYPE_CHECKING:
    from heterobuild.chemistry.series import Series

LARGEST = 2000
"""Compositions of one series; more take hours to screen and cannot be told apart in a sample."""

FINEST = 0.001
"""Fractions are written with three decimals."""

EXAMPLE = "write CsPb(Br_xI_1-x)3, x in 0:1:0.05"

_RANGE = re.compile(r"\s*([A-Za-z])\s+in\s+([^,]*)")


def is_scan(text: str) -> bool:
    """Tell a series with values of its variables from a name.

    Parameters
    ----------
    text : str
        What the user gave.

    Returns
    -------
    bool
        Whether a comma and ``x in`` follow the formula.

    Examples
    --------
    >>> is_scan("CsPb(Br_xI_1-x)3, x in 0:1:0.05"), is_scan("CsPb(Br0.5I0.5)3")
    (True, False)
    """
    return any(_RANGE.match(part) for part in text.split(",")[1:])


def split_scan(text: str) -> tuple[Series, str | None, dict[str, tuple[float, ...]]]:
    """Read a series, the phase behind it, and the values of its variables.

    Parameters
    ----------
    text : str
        Formula, behind a colon the phase if one is meant, and for each variable its first and
        last value and the step: ``CsPb(Br_xI_1-x)3:cubic, x in 0:1:0.05``.

    Returns
    -------
    series : Series
        The series.
    phase : str or None
        The phase.
    values : dict of str to tuple of float
        Values of each variable, the last one included where the step meets it.

    Raises
    ------
    UsageError
        If a part cannot be read, a variable has no values or values outside its range, or there
        are more than 2000 compositions.
    UnknownNameError
        If the series has no such variable, or an ion is not known.

    Examples
    --------
    >>> split_scan("CsPb(Br_xI_1-x)3, x in 0:1:0.25")[2]
    {'x': (0.0, 0.25, 0.5, 0.75, 1.0)}
    """
    formula, *ranges = text.split(",")
    name, _, phase = formula.partition(":")
    series = parse_series(name.strip())
    values: dict[str, tuple[float, ...]] = {}
    count = 1
    for part in ranges:
        match = _RANGE.fullmatch(part.rstrip())
        if match is None:
            raise UsageError(
                "the values of a variable cannot be read", measured=part.strip(), next_step=EXAMPLE
            )
        if match[1] in values:
            raise UsageError(f"{match[1]} has values twice", where=text, next_step=EXAMPLE)
        start, step, number = _range(match[1], match[2])
        count *= number
        _require_few(text, count)
        values[match[1]] = tuple(round(start + i * step, 6) for i in range(number))
    fraction_limits(series, {key: (entry[0], entry[-1]) for key, entry in values.items()})
    if missing := [variable for variable in series.variables if variable not in values]:
        raise UsageError(
            f"{', '.join(missing)} has no values",
            where=text,
            next_step=f"write , {missing[0]} in 0:1:0.05 behind the formula",
        )
    return series, phase.strip() or None, values


def scan_fractions(
    series: Series, values: dict[str, tuple[float, ...]]
) -> tuple[dict[str, float], ...]:
    """Return all combinations of values in which no ion has a negative share.

    Parameters
    ----------
    series : Series
        The series.
    values : dict of str to tuple of float
        Values of each variable.

    Returns
    -------
    tuple of dict of str to float
        The last variable of the series changes first.

    Raises
    ------
    UsageError
        If none is left.

    Examples
    --------
    >>> len(scan_fractions(*split_scan("CsPb(Cl_xBr_yI_1-x-y)3, x in 0:1:0.5, y in 0:1:0.5")[::2]))
    6
    """
    points = np.array(list(product(*(values[name] for name in series.variables))))
    possible = points[(member_weights(series, points) >= -1e-9).all(axis=1)]
    possible = possible[_shares(series, possible).min(axis=1) >= -1e-9]
    if not len(possible):
        raise UsageError(
            "no composition of the series has shares above zero",
            where=series.formula,
            next_step="choose other values",
        )
    return tuple(dict(zip(series.variables, row, strict=True)) for row in possible.tolist())


def composition_name(series: Series, fractions: dict[str, float], phase: str | None) -> str:
    """Return the name under which a composition is loaded.

    Parameters
    ----------
    series : Series
        The series.
    fractions : dict of str to float
        Values of the variables.
    phase : str or None
        The phase that was asked for.

    Returns
    -------
    str
        The formula, behind it the phase.

    Examples
    --------
    >>> composition_name(parse_series("CsPb(Br_xI_1-x)3"), {"x": 0.25}, "cubic")
    'CsPb(Br0.25I0.75)3:cubic'
    """
    formula = series_formula(series, fractions)
    return formula if phase is None else f"{formula}:{phase}"


def _shares(series: Series, points: np.ndarray) -> np.ndarray:
    shares = [site.constants + points @ site.slopes.T for site in series.sites]
    return np.concatenate(shares, axis=1)


def _range(name: str, text: str) -> tuple[float, float, int]:
    """Return start, step and number of values."""
    try:
        start, stop, step = (float(word) for word in text.split(":"))
    except ValueError:
        start = stop = step = math.nan
    if not (math.isfinite(start) and math.isfinite(stop) and step > 0 and stop >= start):
        raise UsageError(
            f"the values of {name} cannot be read",
            measured=text.strip() or "nothing",
            allowed="first value, last value and a step above zero, the last not below the first",
            next_step=EXAMPLE,
        )
    for value in (start, step):
        if abs(value - round(value / FINEST) * FINEST) > 1e-9:
            raise UsageError(
                f"the values of {name} are too fine",
                measured=f"{value:g}",
                allowed=f"multiples of {FINEST:g}",
                next_step="round them; formulas have three decimals",
            )
    return start, step, math.floor((stop - start) / step + 1e-9) + 1


def _require_few(text: str, count: int) -> None:
    if count > LARGEST:
        raise UsageError(
            "the series has too many compositions",
            where=text,
            measured=count,
            allowed=f"up to {LARGEST}",
            next_step="take larger steps, or screen parts of the series",
        )
