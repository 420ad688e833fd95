"""A picture of strain against size, with the matches that no other beats."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.matching.pareto import front_of
from heterobuild.screening.pictures import require_picture, save_picture
from heterobuild.screening.rows import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from heterobuild.screening.rows import Row

NAMED = 24
"""Matches of the front that are numbered and listed; more do not fit beside the picture."""

NEAR = 0.03
"""Share of the picture below which two points share one label."""


def draw_pareto(rows: Sequence[Row], path: Path, *, force: bool = False) -> Path:
    """Draw strain against the area of the common cell.

    Parameters
    ----------
    rows : sequence of tuple of str
        Rows of a screen.
    path : Path
        The file; its ending is the format.
    force : bool, optional
        Whether a file that exists may be replaced.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    UsageError
        If the ending is unknown.
    MissingExtraError
        If matplotlib is not installed.
    OutputError
        If the file cannot be written.
    """
    require_picture(path, force=force)
    from matplotlib.figure import Figure

    records = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    area = np.array([max(float(r["film_area_A2"]), float(r["area_A2"])) for r in records])
    strain = 100 * np.array([float(r["log_strain"]) for r in records])
    best = _front(area, strain)
    figure = Figure(figsize=(7, 5))
    axes = figure.add_subplot()
    axes.plot(area, strain, ".", markersize=4, color="0.7", label="matches")
    axes.plot(
        area[best],
        strain[best],
        "o-",
        markersize=4,
        color="C0",
        label="not beaten in area and strain",
    )
    axes.set_xlabel("area of the common cell (Å²)")
    axes.set_ylabel("larger principal logarithmic strain (%)")
    if len(rows):
        axes.set_ylim(bottom=0, top=1.08 * strain.max())
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.01), ncols=2, frameon=False, fontsize=8)
    named = best[:NAMED]
    extent = np.array([np.ptp(axes.get_xlim()), np.ptp(axes.get_ylim())])
    places = np.column_stack([area[named], strain[named]])
    for first, text in _labels(places / extent):
        axes.annotate(text, places[first], xytext=(3, 4), textcoords="offset points", fontsize=7)
    axes.text(
        1.02,
        1,
        _list(records, best),
        transform=axes.transAxes,
        va="top",
        fontsize=7,
        linespacing=1.4,
    )
    return save_picture(figure, path, force=force)


def _labels(places: np.ndarray) -> list[tuple[int, str]]:
    """Return where numbers stand, and which; points too near to one another share a label."""
    groups: list[list[int]] = []
    for number, place in enumerate(places):
        if groups and np.abs(place - places[groups[-1][0]]).max() < NEAR:
            groups[-1].append(number)
        else:
            groups.append([number])
    return [
        (group[0], f"{group[0] + 1}" if len(group) == 1 else f"{group[0] + 1}–{group[-1] + 1}")
        for group in groups
    ]


def _list(records: Sequence[dict[str, str]], best: Sequence[int]) -> str:
    """Return the names of the matches of the front, numbered."""
    lines = []
    for place, number in enumerate(best[:NAMED], 1):
        film, substrate = (
            f"{records[number][side]} ({records[number][f'{side}_face'].replace(' ', '')})"
            for side in ("film", "substrate")
        )
        lines.append(f"{place}  {film} on {substrate}")
    if len(best) > NAMED:
        lines.append(f"and {len(best) - NAMED} more")
    return "\n".join(lines)


def _front(area: np.ndarray, strain: np.ndarray) -> list[int]:
    """Return the matches on the front, smallest cell first, one of those that are equal."""
    size, value = np.rint(1e3 * area).astype(np.int64), np.rint(1e4 * strain).astype(np.int64)
    chosen: list[int] = front_of(size, value).tolist()
    return chosen
