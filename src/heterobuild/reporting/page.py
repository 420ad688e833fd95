"""The finished page around a painted scene: captions, legend, scale bar, cell and interfaces."""

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
_TEXT = {"color": _INK, "fontsize": 11}
_RC = {
    "font.family": "DejaVu Sans",
    "mathtext.fontset": "dejavusans",
    "svg.hashsalt": "heterobuild",
}
_LINE = 0.030  # height of a line of text as a share of the picture's width


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

    width = float(high[0] - low[0])
    line = _LINE * width
    bottom, top = float(low[1]) - 3.05 * line, float(high[1]) + 0.9 * line
    size = pixels.shape[1] / _DPI
    with mpl.rc_context(_RC):
        figure = Figure(figsize=(size, size * (top - bottom) / width), dpi=_DPI, facecolor="white")
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.imshow(pixels, extent=(low[0], high[0], low[1], high[1]), interpolation="none")
        axes.set(xlim=(low[0], high[0]), ylim=(bottom, top), aspect="auto")
        axes.set_axis_off()
        _draw_cell(axes, scene)
        _draw_interfaces(axes, scene, float(low[1]), float(high[1]), line)
        _draw_captions(axes, scene, captions, tones or {}, float(low[1]))
        _draw_legend(axes, scene, (float(low[0]), float(high[0])), float(low[1]) - 2.3 * line)
        _save(figure, path)


def _save(figure: Any, path: Path) -> None:
    """Write the file; PNG with a palette of 256 colours, a quarter of the size."""
    if path.suffix != ".png":
        figure.savefig(path, metadata={"Date": None} if path.suffix in {".svg", ".pdf"} else None)
        return
    from PIL import Image

    figure.canvas.draw()
    full = Image.fromarray(np.asarray(figure.canvas.buffer_rgba())[..., :3].copy())
    full.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


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
        axes.text(x, high + 0.1 * line, "interface", ha="center", va="bottom", **_TEXT)


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
            axes.text(*place, name, ha="center", va="top", **_TEXT)


def _draw_legend(axes: Any, scene: Scene, width: tuple[float, float], y: float) -> None:
    """Draw one ball for each element, and the scale bar on the right."""
    left, right = width
    line = _LINE * (right - left)
    colours = element_colours()
    for i, number in enumerate(shown_species(scene)):
        x = left + line * (1.2 + 2.6 * i)
        fill = tuple(colours[number])
        axes.scatter([x], [y], s=120, color=[fill], edgecolors=_INK, linewidths=0.6)
        axes.text(x + 0.6 * line, y, chemical_symbols[number], va="center_baseline", **_TEXT)
    bar = 10.0 if right - left > 30 else 5.0
    end = right - 1.2 * line
    axes.plot([end - bar, end], [y, y], color=_INK, lw=2.2, solid_capstyle="butt")
    axes.text(end - bar - 0.4 * line, y, f"{bar:g} Å", ha="right", va="center_baseline", **_TEXT)
