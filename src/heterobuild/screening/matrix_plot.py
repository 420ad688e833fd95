"""A picture of films against substrates: the least strain of every pair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.screening.bar_plot import draw_bars
from heterobuild.screening.pictures import (
    ITSELF,
    NOTHING,
    UNREADABLE,
    require_picture,
    save_picture,
)
from heterobuild.screening.rows import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from heterobuild.arrays import FloatArray
    from heterobuild.screening.rows import Row
    from heterobuild.screening.screen import Screening

LARGEST = 200
"""Crystals on a side; a picture of more cannot be read."""

NUMBERED = 60
"""Crystals on a side up to which the strain is written into the cells."""

CELL = 0.36
"""Inches of a cell where strains are written into it; the letters need that much."""

_NUMBER = {name: index for index, name in enumerate(COLUMNS)}


def draw_matrix(rows: Sequence[Row], path: Path, *, found: Screening, force: bool = False) -> Path:
    """Draw the least strain of each pair of crystals.

    Films stand from above to below, substrates from left to right; a single one of either is
    drawn as bars. Pairs without a row are light grey, files that cannot be read dark grey, a
    crystal on itself is white.

    Parameters
    ----------
    rows : sequence of tuple of str
        Chosen rows of the screen; of several of one pair the least strained counts.
    path : Path
        The file; its ending is the format.
    found : Screening
        The screen: its crystals, unreadable files and limits.
    force : bool, optional
        Whether a file that exists may be replaced.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    UsageError
        If the ending is unknown, or there are more than 200 crystals on a side.
    MissingExtraError
        If matplotlib is not installed.
    OutputError
        If the file cannot be written.
    """
    require_picture(path, force=force)
    require_readable(len(found.films), len(found.substrates))
    strains = least_strains(rows, found.films, found.substrates)
    ground = grounds(strains, found)
    limits = f"strain up to {100 * found.max_strain:.3g} %, cells up to {found.max_area:g} Å²"
    if min(strains.shape) == 1 and max(strains.shape) > 1:
        figure = draw_bars(strains, ground, found, limits)
    else:
        figure = _matrix(strains, ground, found, limits)
    return save_picture(figure, path, force=force)


def grounds(strains: FloatArray, found: Screening) -> FloatArray:
    """Return the grey of each pair that has no number.

    Parameters
    ----------
    strains : (f, s) float array
        Least strains, not a number where nothing fits.
    found : Screening
        The screen.

    Returns
    -------
    (f, s) float array
        `NOTHING`, `UNREADABLE` or `ITSELF` of `heterobuild.screening.pictures`; not a number where
        there is a strain.
    """
    films, substrates = np.array(found.films), np.array(found.substrates)
    broken = [np.isin(side, list(found.skipped)) for side in (films, substrates)]
    shades = np.where(films[:, None] == substrates[None, :], ITSELF, NOTHING)
    shades = np.where(broken[0][:, None] | broken[1][None, :], UNREADABLE, shades)
    result: FloatArray = np.where(np.isnan(strains), shades, np.nan)
    return result


def _matrix(strains: FloatArray, ground: FloatArray, found: Screening, limits: str) -> Any:
    """Draw all pairs."""
    from matplotlib.figure import Figure

    numbered = max(strains.shape) <= NUMBERED
    cell = CELL if numbered else CELL / 2
    width, height = strains.shape[1] * cell, strains.shape[0] * cell
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((0, 0, 1, 1))  # names stand outside; the file is cut around them
    image = _shade(axes, strains, ground, found)
    if numbered:
        _write_numbers(axes, image, strains)
    tall = min(max(height, 2.0), 3.0) / height
    bar_axes = axes.inset_axes((1 + 0.15 / width, 1 - tall, 0.15 / width, tall))
    bar = figure.colorbar(image, cax=bar_axes)
    bar.set_label(f"least strain (%)\n{limits}", fontsize=7)
    bar.ax.tick_params(labelsize=7)
    below = 0.0 if width > 3 else min(0.0, 1 - tall)  # names of greys stand under a short bar
    _explain(axes, ground, (0, below - 0.12 / height))
    return figure


def _explain(axes: Any, ground: FloatArray, place: tuple[float, float]) -> None:
    """Say what the greys mean that occur."""
    from matplotlib.patches import Patch

    words = {
        NOTHING: "nothing fits within the limits",
        UNREADABLE: "file cannot be used",
        ITSELF: "a crystal on itself, left out",
    }
    handles = [
        Patch(facecolor=str(shade), edgecolor="0.3", linewidth=0.5, label=label)
        for shade, label in words.items()
        if (ground == shade).any()
    ]
    if handles:
        axes.legend(
            handles=handles,
            loc="upper left",
            bbox_to_anchor=place,
            borderaxespad=0,
            fontsize=7,
            frameon=False,
        )


def require_readable(films: int, substrates: int) -> None:
    """Refuse a picture that nobody can read.

    Parameters
    ----------
    films, substrates : int
        Numbers of crystals.

    Raises
    ------
    UsageError
        If there are more than 200 on a side.
    """
    if max(films, substrates) > LARGEST:
        raise UsageError(
            "there are too many crystals for a picture",
            measured=f"{films} films × {substrates} substrates",
            allowed=f"up to {LARGEST} on a side",
            next_step="name fewer with --film and --substrate, or leave --plot-matrix out",
        )


def least_strains(
    rows: Sequence[Row], films: Sequence[str], substrates: Sequence[str]
) -> FloatArray:
    """Return the least strain of each pair.

    Parameters
    ----------
    rows : sequence of tuple of str
        Rows of a screen.
    films, substrates : sequence of str
        Names of the crystals.

    Returns
    -------
    (f, s) float array
        Larger absolute principal logarithmic strain in percent; not a number where there is no
        row.
    """
    found = np.full((len(films), len(substrates)), np.inf)
    places = [{name: i for i, name in enumerate(side)} for side in (films, substrates)]
    first, second, value = (_NUMBER[name] for name in ("film", "substrate", "log_strain"))
    for row in rows:
        place = places[0][row[first]], places[1][row[second]]
        found[place] = min(found[place], 100 * float(row[value]))
    found[np.isinf(found)] = np.nan
    return found


def _shade(axes: Any, strains: FloatArray, ground: FloatArray, found: Screening) -> Any:
    """Colour the cells and name rows and columns."""
    import matplotlib as mpl

    films, substrates = found.films, found.substrates
    axes.imshow(ground, cmap="gray", vmin=0, vmax=1, aspect="equal", interpolation="nearest")
    least = float(np.nanmax(strains)) if np.isfinite(strains).any() else 1.0
    image = axes.imshow(
        strains,
        cmap=mpl.colormaps["viridis_r"],
        vmin=0,
        vmax=max(least, 1e-3),
        aspect="equal",
        interpolation="nearest",
    )
    small = 7 if max(strains.shape) <= NUMBERED else 5
    axes.set_xticks(range(len(substrates)), substrates, rotation=90, fontsize=small)
    axes.set_yticks(range(len(films)), films, fontsize=small)
    axes.tick_params(length=0)
    axes.xaxis.tick_top()
    axes.set_xticks(np.arange(1, len(substrates)) - 0.5, minor=True)
    axes.set_yticks(np.arange(1, len(films)) - 0.5, minor=True)
    axes.grid(which="minor", color="white", linewidth=0.8)
    axes.tick_params(which="minor", length=0)
    axes.set_ylabel("film", fontsize=8)
    axes.set_title("substrate", fontsize=8)
    return image


def _write_numbers(axes: Any, image: Any, strains: FloatArray) -> None:
    """Write the strain into each cell, in the shade that can be read."""
    for place in np.argwhere(np.isfinite(strains)).tolist():
        value = strains[tuple(place)]
        red, green, blue, _ = image.cmap(image.norm(value))
        dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.5
        axes.text(
            place[1],
            place[0],
            f"{value:.2f}" if value < 9.995 else f"{value:.1f}",
            ha="center",
            va="center",
            fontsize=6,
            color="white" if dark else "black",
        )
