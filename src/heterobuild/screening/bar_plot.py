"""A picture of one crystal against many: the least strain of every pair as a bar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from heterobuild.screening.pictures import ITSELF, NOTHING, UNREADABLE

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.screening.screen import Screening

LINE = 0.16
"""Inches of a bar and its name."""


def draw_bars(strains: FloatArray, ground: FloatArray, found: Screening, limits: str) -> Any:
    """Draw the least strain of one film on many substrates, or of many films on one substrate.

    Parameters
    ----------
    strains : (1, s) or (f, 1) float array
        Least strains in percent, not a number where there is none.
    ground : (1, s) or (f, 1) float array
        Why there is none, see `heterobuild.screening.matrix_plot.grounds`.
    found : Screening
        The screen.
    limits : str
        Its limits in words.

    Returns
    -------
    matplotlib.figure.Figure
        The picture, the least strained pair on top, those without a strain at the end.
    """
    from matplotlib.figure import Figure

    one_film = strains.shape[0] == 1
    names = found.substrates if one_film else found.films
    values, shades = strains.ravel(), ground.ravel()
    order = np.lexsort((np.arange(len(values)), values))  # what is not a number comes last
    figure = Figure(figsize=(5, max(1.2, LINE * len(names))))
    axes = figure.add_subplot()
    axes.barh(range(len(names)), np.nan_to_num(values[order]), height=0.7, color="C0")
    widest = float(np.nanmax(values)) if np.isfinite(values).any() else 1.0
    reasons = {NOTHING: "nothing fits", UNREADABLE: "file cannot be used", ITSELF: "itself"}
    for place, number in enumerate(order.tolist()):
        value = values[number]
        known = bool(np.isfinite(value))
        axes.text(
            (value if known else 0) + 0.01 * widest,
            place,
            f"{value:.2f}" if known else reasons[float(shades[number])],
            va="center",
            fontsize=6,
            color="black" if known else "0.4",
        )
    axes.set_yticks(range(len(names)), [names[i] for i in order], fontsize=6)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(0, 1.12 * max(widest, 1e-3))
    axes.tick_params(axis="x", labelsize=7)
    axes.set_xlabel(f"least strain (%), {limits}", fontsize=8)
    title = (
        f"{found.films[0]} on many substrates" if one_film else f"films on {found.substrates[0]}"
    )
    axes.set_title(title, fontsize=8)
    return figure
