"""The picture of a structure: stacks seen from the side, particles and dots in a cut.

matplotlib sets the text and writes the file; it is an optional part, ``heterobuild[plot]``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from ase import Atoms

from heterobuild import labels
from heterobuild.errors import MissingExtraError, OutputError, UsageError
from heterobuild.reporting.cut import ONE_OCTAHEDRON, make_cut
from heterobuild.reporting.painting import bounds, render, tones_of
from heterobuild.reporting.scene import Scene, make_scene
from heterobuild.reporting.stretches import follow_one_another

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heterobuild.model import Heterostructure

FORMATS = (".png", ".svg", ".pdf")
_DIRECTIONS = {"side": ("b", "a"), "cut": ("z", "x", "y")}
_SIDE_DEPTH = 6.0
_MOST_ATOMS = {"side": 60_000, "cut": 200_000}


def draw(
    structure: Atoms | Heterostructure,
    path: str | Path,
    *,
    view: Literal["auto", "side", "cut"] = "auto",
    along: Literal["a", "b", "x", "y", "z"] | None = None,
    height: float = 23.0,
    depth: float | None = None,
    turn: float = 14.0,
    through: Sequence[float] | None = None,
    width: int = 1600,
) -> Path:
    """Draw a structure and write the picture: from the side, or a cut through it.

    Both are parallel projections. Octahedra have the colour of their region, atoms that of their
    element, and a thin frame marks the cell. The side view shows slabs and interfaces with the
    stacking axis to the right; dashed lines mark the interfaces. The cut shows one layer of
    octahedra of a particle, a core/shell particle or dots in a matrix, in true scale, with lines
    between the regions; ligands and spacers are sticks without hydrogen. The same input gives
    the same picture.

    Parameters
    ----------
    structure : ase.Atoms or Heterostructure
        Atoms with the arrays of `heterobuild.labels`, or a finished model. Names of regions are
        taken from ``info["crystals"]`` of the atoms or from the model's regions.
    path : str or Path
        The file; its ending names the format, one of `FORMATS`.
    view : {"auto", "side", "cut"}, optional
        What is drawn. "auto" takes the side view for what is periodic in the plane and has
        regions that follow one another along the normal, the cut for everything else.
    along : {"a", "b", "x", "y", "z"}, optional
        Direction of view: an in-plane vector for the side view, b by default; an axis for the
        cut, z by default.
    height : float, optional
        Size in Å to which small periodic cells are repeated; 23 Å are four pseudo-cubic cells
        of a halide perovskite.
    depth : float, optional
        Depth in Å of what is shown; 6 Å from the side, 6.5 Å for the cut: one octahedron.
    turn : float, optional
        Turn of the side view about the stacking axis in degrees; 14, so that the rows behind one
        another part. Distances along the stacking axis stay true.
    through : sequence of float, optional
        A point in the middle of the cut in Å. By default the cut takes the plane of octahedra
        with the largest section of the innermost region, of equal ones that nearest its middle.
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
        If the atoms lack labels, none or too many are in the picture, or an option is not known.
    OutputError
        If the file cannot be written.
    """
    _require_matplotlib()
    atoms, captions = _subject(structure)
    chosen = _chosen_view(atoms, view, along)
    _require_options(Path(path), chosen, along, depth)
    scene = _scene(atoms, chosen, along, height=height, depth=depth, turn=turn, through=through)
    if len(scene.atoms) > _MOST_ATOMS[chosen]:
        raise UsageError(
            "too many atoms to be seen",
            where="the picture",
            measured=len(scene.atoms),
            allowed=_MOST_ATOMS[chosen],
            next_step="draw a model with a smaller cell",
        )
    low, high = bounds(scene)
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


def _scene(
    atoms: Atoms,
    view: str,
    along: str | None,
    *,
    height: float,
    depth: float | None,
    turn: float,
    through: Sequence[float] | None,
) -> Scene:
    """Return what the picture shows."""
    direction = along or _DIRECTIONS[view][0]
    if view == "side":
        return make_scene(
            atoms,
            along="a" if direction == "a" else "b",
            height=height,
            depth=depth or _SIDE_DEPTH,
            turn=turn,
        )
    return make_cut(
        atoms, along=direction, depth=depth or ONE_OCTAHEDRON, through=through, height=height
    )


def _chosen_view(atoms: Atoms, view: str, along: str | None) -> str:
    """Return the view that is meant, or that shows the most."""
    if view != "auto":
        return view
    if along is not None:
        return "cut" if along in _DIRECTIONS["cut"] else "side"
    if not (atoms.pbc[0] and atoms.pbc[1]):
        return "cut"
    normal = np.cross(atoms.cell.array[0], atoms.cell.array[1])
    heights = atoms.positions @ (normal / np.linalg.norm(normal))
    region = atoms.arrays[labels.REGION]
    middles = atoms.arrays[labels.SITE] == labels.Site.B
    if set(np.unique(region[middles])) == set(np.unique(region)):
        heights, region = heights[middles], region[middles]
    return "side" if follow_one_another(heights, region) else "cut"


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


def _require_options(path: Path, view: str, along: str | None, depth: float | None) -> None:
    if view not in _DIRECTIONS:
        raise UsageError(
            "the view is not known",
            measured=repr(view),
            allowed="auto, side, cut",
            next_step="use auto",
        )
    directions = _DIRECTIONS[view]
    if along is not None and along not in directions:
        raise UsageError(
            f"the view is along {' or '.join(sorted(directions))}",
            measured=repr(along),
            next_step=f"use {directions[0]}",
        )
    if depth is not None and not depth > 0:
        raise UsageError(
            "the depth of a picture is positive",
            where="depth",
            measured=f"{depth:g} Å",
            next_step="leave it out",
        )
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
