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

NAMED = 8
"""Matches of the front that are named; more would overlap."""


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
    figure = Figure(figsize=(7, 5), layout="constrained")
    axes = figure.add_subplot()
    axes.plot(area, strain, ".", markersize=4, color="0.7", label="matches")
    axes.plot(area[best], strain[best], "o-", color="C0", label="not beaten in area and strain")
    for number in best[:NAMED]:
        record = records[number]
        text = (
            f"{record['film']} ({record['film_face']})\non "
            f"{record['substrate']} ({record['substrate_face']})"
        )
        axes.annotate(
            text,
            (area[number], strain[number]),
            xytext=(5, 4),
            textcoords="offset points",
            fontsize=6,
        )
    axes.set_xlabel("area of the common cell (Å²)")
    axes.set_ylabel("larger principal logarithmic strain (%)")
    axes.set_ylim(bottom=0)
    if len(rows):
        axes.legend(loc="upper right")
    return save_picture(figure, path, force=force)


def _front(area: np.ndarray, strain: np.ndarray) -> list[int]:
    """Return the matches on the front, smallest cell first, one of those that are equal."""
    size, value = np.rint(1e3 * area).astype(np.int64), np.rint(1e4 * strain).astype(np.int64)
    chosen: list[int] = front_of(size, value).tolist()
    return chosen
