"""The picture of a structure: interfaces seen from the side, stacking axis to the right.

matplotlib sets the text and writes the file; it is an optional part, ``heterobuild[plot]``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from ase import Atoms

from heterobuild import labels
from heterobuild.errors import MissingExtraError, OutputError, UsageError
from heterobuild.reporting.canvas import (
    Canvas,
    blank,
    blend_triangles,
    halved,
    outline,
    paint_spheres,
    paint_sticks,
)
from heterobuild.reporting.palette import drawn_radii, element_colours, region_colour
from heterobuild.reporting.scene import Scene, make_scene

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Heterostructure

FORMATS = (".png", ".svg", ".pdf")
_MARGIN = 1.5
_STICK = 0.13
_EDGE = 0.045
_OPACITY = 0.38
_MOST_ATOMS = 60_000


def draw(
    structure: Atoms | Heterostructure,
    path: str | Path,
    *,
    along: Literal["a", "b"] = "b",
    height: float = 23.0,
    depth: float = 6.0,
    turn: float = 14.0,
    width: int = 1600,
) -> Path:
    """Draw a slab or an interface from the side and write the picture.

    Parallel projection along an in-plane vector, the stacking axis to the right. Octahedra have
    the colour of their region, atoms that of their element; dashed lines mark the interfaces
    and a thin frame the unit cell. The same input gives the same picture.

    Parameters
    ----------
    structure : ase.Atoms or Heterostructure
        Atoms with the arrays of `heterobuild.labels`, or a finished model. Names of regions are
        taken from ``info["crystals"]`` of the atoms or from the model's regions.
    path : str or Path
        The file; its ending names the format, one of `FORMATS`.
    along : {"a", "b"}, optional
        In-plane vector that the view looks along.
    height, depth : float, optional
        Size in Å up and into the picture. Cells smaller than that are repeated: 23 Å are four
        pseudo-cubic cells of a halide perovskite, 6 Å are one.
    turn : float, optional
        Turn of the view about the stacking axis in degrees; 14, so that the rows behind one
        another part. Distances along the stacking axis stay true.
    width : int, optional
        Width in pixels.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    UsageError
        If the atoms lack labels, there are too many to be seen, or the format is not known.
    OutputError
        If the file cannot be written.
    """
    _require_matplotlib()
    _require_options(Path(path), along)
    atoms, captions = _subject(structure)
    scene = make_scene(atoms, along=along, height=height, depth=depth, turn=turn)
    if len(scene.atoms) > _MOST_ATOMS:
        raise UsageError(
            "too many atoms to be seen",
            where="the picture",
            measured=len(scene.atoms),
            allowed=_MOST_ATOMS,
            next_step="draw a model with a smaller cell",
        )
    low, high = _bounds(scene)
    tones = tones_of(captions)
    pixels = render(scene, low, high, scale=width / (high[0] - low[0]), tones=tones)
    from heterobuild.reporting.page import write_page

    try:
        write_page(Path(path), pixels, scene, low=low, high=high, captions=captions, tones=tones)
    except OSError as error:
        raise OutputError(
            "the picture cannot be written", where=str(path), measured=error.strerror
        ) from error
    return Path(path)


def tones_of(captions: Mapping[int, str]) -> dict[int, int]:
    """Give regions of the same crystal the same colour.

    Parameters
    ----------
    captions : mapping of int to str
        Caption of each region, by code.

    Returns
    -------
    dict of int to int
        For each code that of the first region with the same caption.

    Examples
    --------
    >>> tones_of({1: "CsPbBr3", 2: "MAPbCl3", 3: "CsPbBr3"})
    {1: 1, 2: 2, 3: 1}
    """
    first: dict[str, int] = {}
    return {code: first.setdefault(name, code) for code, name in sorted(captions.items())}


def render(
    scene: Scene,
    low: FloatArray,
    high: FloatArray,
    *,
    scale: float,
    tones: Mapping[int, int] | None = None,
) -> FloatArray:
    """Paint a scene without text.

    Parameters
    ----------
    scene : Scene
        What is shown.
    low, high : (2,) float array
        Corners of the picture in Å in the frame of the screen.
    scale : float
        Pixels for one Å.
    tones : mapping of int to int, optional
        Code whose colour a region takes; its own by default.

    Returns
    -------
    (h, w, 3) float array
        Colours from 0 to 1.
    """
    fine = 2 * scale
    columns, rows = (2 * np.ceil((high - low) * scale)).astype(int)
    canvas = blank(int(rows), int(columns))
    atoms, polyhedra = scene.atoms, scene.polyhedra
    places = _on_canvas(atoms.positions, low, high, fine)
    arrays = atoms.arrays
    colours = element_colours()[atoms.numbers]
    radii = drawn_radii(atoms.numbers, arrays[labels.SITE], arrays[labels.MOLECULE])
    paint_spheres(canvas, places, radii * fine, colours)
    _paint_bonds(canvas, places, scene, colours, _STICK * fine)
    ends = _on_canvas(polyhedra.edges, low, high, fine)
    dark = 0.72 * _region_colours(polyhedra.edge_region, tones)
    paint_sticks(canvas, ends[:, 0], ends[:, 1], _EDGE * fine, dark)
    outline(canvas, step=0.25 * fine)
    blend_triangles(
        canvas,
        _on_canvas(polyhedra.faces, low, high, fine),
        _region_colours(polyhedra.face_region, tones),
        _OPACITY,
    )
    return halved(canvas)


def _paint_bonds(
    canvas: Canvas, places: FloatArray, scene: Scene, colours: FloatArray, radius: float
) -> None:
    """Paint each bond in two halves, each in the colour of its atom."""
    first, second = scene.bonds.T
    middle = (places[first] + places[second]) / 2
    paint_sticks(canvas, places[first], middle, radius, colours[first])
    paint_sticks(canvas, middle, places[second], radius, colours[second])


def _on_canvas(points: FloatArray, low: FloatArray, high: FloatArray, scale: float) -> FloatArray:
    """Return points of the screen's frame in pixels, y downward."""
    x, y, z = points[..., 0] - low[0], high[1] - points[..., 1], points[..., 2]
    placed: FloatArray = np.stack([x, y, z], axis=-1) * scale
    return placed


def _region_colours(codes: IntArray, tones: Mapping[int, int] | None) -> FloatArray:
    known, inverse = np.unique(codes, return_inverse=True)
    table = [region_colour((tones or {}).get(code, code)) for code in known.tolist()]
    colours: FloatArray = np.array(table).reshape(-1, 3)[inverse]
    return colours


def _bounds(scene: Scene) -> tuple[FloatArray, FloatArray]:
    """Return the corners of the picture in Å."""
    points = np.concatenate([scene.atoms.positions[:, :2], scene.outline[..., :2].reshape(-1, 2)])
    return points.min(axis=0) - _MARGIN, points.max(axis=0) + _MARGIN


def _subject(structure: Atoms | Heterostructure) -> tuple[Atoms, Mapping[int, str]]:
    """Return the atoms and the caption of each region."""
    if isinstance(structure, Atoms):
        atoms = structure
        captions = {int(k): str(v) for k, v in atoms.info.get("crystals", {}).items()}
    else:
        atoms = structure.atoms
        captions = {region.code: region.crystal for region in structure.regions}
    if lacking := labels.missing(atoms):
        raise UsageError(
            "the atoms lack labels",
            where="the picture",
            measured=f"no {', '.join(lacking)}",
            next_step="draw the extxyz file that heterobuild wrote",
        )
    return atoms, captions


def _require_options(path: Path, along: str) -> None:
    if along not in {"a", "b"}:
        raise UsageError("the view is along a or b", measured=repr(along), next_step="use b")
    if path.suffix not in FORMATS:
        raise UsageError(
            "the format of the picture is not known",
            where=str(path),
            measured=path.suffix or "no ending",
            allowed=", ".join(FORMATS),
        )


def _require_matplotlib() -> None:
    try:
        import matplotlib as mpl
    except ImportError as error:
        raise MissingExtraError(
            "pictures need matplotlib", next_step="pip install 'heterobuild[plot]'"
        ) from error
    del mpl
