"""The finished page around a painted scene: captions, legend, scale bar, cell and walls."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
from ase.data import chemical_symbols

from heterobuild import labels
from heterobuild.reporting.palette import element_colours, region_colour

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from heterobuild.arrays import FloatArray
    from heterobuild.reporting.scene import Scene

_DPI = 200
_INK = "#2b2f36"
_PALE = "#8a9099"
_FONT = 11.0  # points for a picture of 1600 pixels
_PIXELS = 1600.0
_RC = {
    "font.family": "DejaVu Sans",
    "mathtext.fontset": "dejavusans",
    "svg.hashsalt": "heterobuild",
}
_LINE = 0.030  # height of a line of text as a share of the picture's width
_LETTER = 0.42  # width of a letter as a share of that
_BARS = (2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)
_LARGEST_BAR = 0.18  # share of the width


def write_page(
    path: Path,
    pixels: FloatArray,
    scene: Scene,
    *,
    low: FloatArray,
    high: FloatArray,
    captions: Mapping[int, str],
    tones: Mapping[int, int] | None = None,
) -> None:
    """Set the text around a painted scene and write the file.

    Parameters
    ----------
    path : Path
        The file.
    pixels : (h, w, 3) float array
        The painted scene.
    scene : Scene
        What it shows.
    low, high : (2,) float array
        Corners of the painted part in Å.
    captions : mapping of int to str
        Caption of each region, by code.
    tones : mapping of int to int, optional
        Code whose colour a region takes; its own by default.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    line = _LINE * float(high[0] - low[0])
    rows = [] if scene.spans else _swatch_rows(scene, captions, tones or {})
    below = 3.05 + 1.4 * max(0, len(rows) - 1)
    bottom, top = float(low[1]) - below * line, float(high[1]) + 0.9 * line
    size = pixels.shape[1] / _DPI
    with mpl.rc_context(_RC | {"font.size": _FONT * pixels.shape[1] / _PIXELS, "text.color": _INK}):
        shape = (size, size * (top - bottom) / float(high[0] - low[0]))
        figure = Figure(figsize=shape, dpi=_DPI, facecolor="white")
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.imshow(pixels, extent=(low[0], high[0], low[1], high[1]), interpolation="none")
        axes.set(xlim=(low[0], high[0]), ylim=(bottom, top), aspect="auto")
        axes.set_axis_off()
        _draw_cell(axes, scene)
        _draw_interfaces(axes, scene, float(low[1]), float(high[1]), line)
        _draw_walls(axes, scene)
        _draw_captions(axes, scene, captions, tones or {}, float(low[1]))
        _draw_swatches(axes, rows, float(low[1]) - 0.9 * line)
        axes.text(low[0] + 0.6 * line, high[1] + 0.1 * line, scene.note, va="bottom", color=_PALE)
        _draw_legend(axes, scene, bottom + 0.75 * line)
        _save(figure, path, exact=scene.view == "cut")


def _save(figure: Any, path: Path, *, exact: bool) -> None:
    """Write the file; PNG with 256 colours, a quarter of the size, where they need not be exact."""
    if path.suffix != ".png":
        figure.savefig(path, metadata={"Date": None} if path.suffix in {".svg", ".pdf"} else None)
        return
    from PIL import Image

    figure.canvas.draw()
    full = Image.fromarray(np.asarray(figure.canvas.buffer_rgba())[..., :3].copy())
    if not exact:
        full = full.quantize(256, dither=Image.Dither.NONE)
    full.save(path, optimize=True)


def shown_name(name: str) -> str:
    """Return the name of a crystal as set text, with lowered digits.

    Parameters
    ----------
    name : str
        Name such as ``CsPbBr3_cubic``.

    Returns
    -------
    str
        Text for matplotlib.

    Examples
    --------
    >>> shown_name("CsPbBr3_cubic")
    'CsPbBr$_{3}$ cubic'
    """
    formula, _, phase = name.partition("_")
    lowered = re.sub(r"(?<=[A-Za-z)])([0-9]+)", r"$_{\1}$", formula)
    return f"{lowered} {phase}".strip()


def shown_species(scene: Scene) -> list[int]:
    """Return the elements of a scene: ions first, then molecules, heavy before light.

    Parameters
    ----------
    scene : Scene
        What is shown.

    Returns
    -------
    list of int
        Atomic numbers.
    """
    molecular = scene.atoms.arrays[labels.MOLECULE] > 0
    ions = set(scene.atoms.numbers[~molecular].tolist())
    rest = set(scene.atoms.numbers[molecular].tolist()) - ions
    return sorted(ions, reverse=True) + sorted(rest, reverse=True)


def _draw_cell(axes: Any, scene: Scene) -> None:
    for (x0, y0, _), (x1, y1, _) in scene.outline:
        axes.plot([x0, x1], [y0, y1], color=_PALE, lw=0.8, alpha=0.9, solid_capstyle="round")


def _draw_interfaces(axes: Any, scene: Scene, low: float, high: float, line: float) -> None:
    for x in scene.interfaces:
        axes.plot([x, x], [low, high], color=_INK, lw=1.1, dashes=(5, 3))
        axes.text(x, high + 0.1 * line, "interface", ha="center", va="bottom")


def _draw_captions(
    axes: Any, scene: Scene, captions: Mapping[int, str], tones: Mapping[int, int], low: float
) -> None:
    """Underline each stretch in its colour, with the name of the crystal below."""
    left, right = axes.get_xlim()
    for code, stretches in scene.spans.items():
        colour = tuple(region_colour(tones.get(code, code)))
        for start, end in stretches:
            axes.plot([start, end], [low, low], color=colour, lw=3.2, solid_capstyle="butt")
            name = shown_name(captions.get(code, f"region {code}"))
            place = ((start + end) / 2, low - 0.35 * _LINE * (right - left))
            axes.text(*place, name, ha="center", va="top")


def _draw_walls(axes: Any, scene: Scene) -> None:
    """Draw the walls between regions, dark on a pale rim, so that they show on any colour."""
    left, right = axes.get_xlim()
    thick = float(np.clip(150.0 / (right - left), 1.0, 2.0)) * _thickness(axes)
    for colour, more in (("white", 2.0), (_INK, 1.0)):
        for (x0, y0), (x1, y1) in scene.walls:
            axes.plot([x0, x1], [y0, y1], color=colour, lw=more * thick, solid_capstyle="round")


def _swatch_rows(
    scene: Scene, captions: Mapping[int, str], tones: Mapping[int, int]
) -> list[list[tuple[float, int, str]]]:
    """Return the rows of swatches: place in lines from the left, code of the colour, name."""
    rows: list[list[tuple[float, int, str]]] = [[]]
    place, seen = 1.2, set()
    for code in np.unique(scene.atoms.arrays[labels.REGION]).tolist():
        tone, name = tones.get(code, code), captions.get(code, f"region {code}")
        if tone in seen:
            continue
        seen.add(tone)
        width = 2.4 + _LETTER * len(name)
        if rows[-1] and place + width > 1 / _LINE:
            rows.append([])
            place = 1.2
        rows[-1].append((place, tone, name))
        place += width
    return rows


def _draw_swatches(axes: Any, rows: list[list[tuple[float, int, str]]], top: float) -> None:
    """Name the regions beside their colours, where nothing can be underlined."""
    left, right = axes.get_xlim()
    line = _LINE * (right - left)
    for i, row in enumerate(rows):
        y = top - 1.4 * i * line
        for place, tone, name in row:
            x = left + place * line
            fill = tuple(region_colour(tone))
            mark = {"s": 110 * _thickness(axes) ** 2, "linewidths": 0.6 * _thickness(axes)}
            axes.scatter([x], [y], marker="s", color=[fill], edgecolors=_INK, **mark)
            axes.text(x + 0.6 * line, y, shown_name(name), va="center_baseline")


def _thickness(axes: Any) -> float:
    """Return the factor on lines and marks for pictures of another width than 1600 pixels."""
    return float(axes.figure.get_size_inches()[0]) * _DPI / _PIXELS


def _draw_legend(axes: Any, scene: Scene, y: float) -> None:
    """Draw one ball for each element, and the scale bar on the right."""
    left, right = axes.get_xlim()
    line, factor = _LINE * (right - left), _thickness(axes)
    colours = element_colours()
    for i, number in enumerate(shown_species(scene)):
        x = left + line * (1.2 + 2.6 * i)
        mark = {"s": 120 * factor**2, "linewidths": 0.6 * factor}
        axes.scatter([x], [y], color=[tuple(colours[number])], edgecolors=_INK, **mark)
        axes.text(x + 0.6 * line, y, chemical_symbols[number], va="center_baseline")
    bar = max(bar for bar in _BARS if bar <= max(_BARS[0], _LARGEST_BAR * (right - left)))
    text = f"{bar / 10:g} nm"
    if scene.view == "side":
        bar = 10.0 if right - left > 30 else 5.0
        text = f"{bar:g} Å"
    end = right - 1.2 * line
    axes.plot([end - bar, end], [y, y], color=_INK, lw=2.2 * factor, solid_capstyle="butt")
    axes.text(end - bar - 0.4 * line, y, text, ha="right", va="center_baseline")
