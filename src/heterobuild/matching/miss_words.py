"""Limits and nearest misses in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heterobuild.matching.advice import Advice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.matching.limits import MatchLimits
    from heterobuild.matching.misses import Miss


def describe_miss(miss: Miss) -> str:
    """Say what a miss would cost.

    Parameters
    ----------
    miss : Miss
        The match outside the limits.

    Returns
    -------
    str
        Strain, the larger area of both sides, and what else is outside.
    """
    match = miss.match
    text = f"strain {100 * match.log_strain:.2f} % at {max(match.area, match.film_area):.1f} Å²"
    words = {
        "max_atoms": "{} atoms",
        "max_misfit_angle": "right angles off by up to {}°",
        "rotation": f"turned by {match.rotation:.2f}°",
        "parallel": "with other directions parallel",
        "parity": "with an odd common cell",
    }
    return ", ".join(
        [text, *(words[name].format(value) for name, value in miss.changes if name in words)]
    )


def describe_limits(limits: MatchLimits) -> str:
    """Say what is allowed.

    Parameters
    ----------
    limits : MatchLimits
        The limits.

    Returns
    -------
    str
        Strain, area, and the optional limits that are set.
    """
    text = f"strain {100 * limits.max_strain:g} %, area {limits.max_area:g} Å²"
    if limits.max_atoms is not None:
        text += f", {limits.max_atoms} atoms"
    if limits.max_misfit_angle is not None:
        text += f", right angles off by {limits.max_misfit_angle:g}°"
    if limits.rotation is not None:
        text += ", turned by {:g}° to {:g}°".format(*limits.rotation)
    if limits.parallel is not None:
        ours, theirs = (list(axis) for axis in limits.parallel)
        text += f", film {ours} along substrate {theirs}"
    return text + (", even cells" if limits.parity == "even" else "")


def advice_for(misses: Sequence[Miss]) -> Advice:
    """Say which limits to set, and to what.

    Parameters
    ----------
    misses : sequence of Miss
        The nearest misses; any one of them is enough.

    Returns
    -------
    Advice
        One alternative a miss.
    """
    if not misses:
        text = "choose other faces or materials"
        return Advice(text, options=text)
    spoken = [
        "; or ".join(
            " and ".join(word(*change) for change in miss.changes).replace(" and set ", " and ")
            for miss in misses
        )
        for word in (_as_key, _as_option)
    ]
    return Advice(spoken[0], options=spoken[1])


def _as_key(name: str, value: object) -> str:
    """Return a limit as a recipe holds it."""
    if value is None:
        return f"leave out {name}"
    return f"set {name}: {_list(value, ', ', '[{}]')}"


def _as_option(name: str, value: object) -> str:
    """Return a limit as an option of the command line."""
    option = "--" + name.replace("_", "-")
    return f"leave out {option}" if value is None else f"set {option} {_list(value, ',', '{}')}"


def _list(value: object, comma: str, brackets: str) -> str:
    if isinstance(value, tuple):
        return brackets.format(comma.join(f"{part:g}" for part in value))
    return f"{value:g}" if isinstance(value, float) else str(value)
