"""How grains side by side stand: the direction along their junction, the plane of the film."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.repeats import pseudocubic_axes
from heterobuild.coherent.junctions_phases import sheets_of
from heterobuild.coherent.junctions_sizes import LAYERS
from heterobuild.errors import UsageError
from heterobuild.frameworks.framework import framework_of
from heterobuild.geometry.orientation_relations import parse_relation
from heterobuild.incoherent.side_by_side_lines import edge_of

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Crystal

_WHOLE = 1e-6
_REACH = 4


@dataclass(frozen=True, kw_only=True, eq=False)
class Standing:
    """How a crystal stands in a film.

    Parameters
    ----------
    text : str
        Direction along the line and plane of the film.
    basis : (3, 3) int array
        Conventional vectors along the line, across it in the plane of the film, and out of it.
    rotation : (3, 3) float array
        From the frame of the crystal into that of the model: line along x, film normal along z.
    repeats : tuple of float
        Lengths in Å after which the crystal repeats along the line, and spacings of its planes
        across it and through the film.
    """

    text: str
    basis: IntArray
    rotation: FloatArray
    repeats: tuple[float, float, float]


def standing(crystal: Crystal, text: str) -> Standing:
    """Read how a crystal stands, and find lattice vectors for it.

    Parameters
    ----------
    crystal : Crystal
        The crystal.
    text : str
        Direction along the line and plane of the film, such as ``[100]pc (001)pc``; empty for
        these, without pc where the crystal has no pseudo-cubic axes.

    Returns
    -------
    Standing
        The orientation.

    Raises
    ------
    UsageError
        If the text cannot be read, or the direction is not in the plane.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> found = standing(load_crystal("BA2PbI4"), "[100] (010)")
    >>> [round(length, 3) for length in found.repeats]
    [8.876, 27.601, 8.693]
    """
    if not text:
        text = "[100] (001)" if crystal.pseudocubic is None else "[100]pc (001)pc"
    along, plane = _indices(crystal, text)
    if int(along @ plane):
        raise UsageError(
            "the direction along the line does not lie in the plane of the film",
            where="orientations",
            measured=f"{crystal.name}: {text}",
            allowed="a direction [uvw] with hu + kv + lw = 0",
            next_step=f"use {_in_plane(crystal, along, plane)} of the conventional cell",
        )
    basis = _basis(crystal.cell, along, plane)
    vectors = basis @ crystal.cell
    x = vectors[0] / np.linalg.norm(vectors[0])
    z = np.cross(vectors[0], vectors[1])
    z /= np.linalg.norm(z)
    rotation = np.array([x, np.cross(z, x), z]).T
    turned = vectors @ rotation
    return Standing(
        text=text,
        basis=basis,
        rotation=rotation,
        repeats=(float(turned[0, 0]), float(turned[1, 1]), float(turned[2, 2])),
    )


def film_layer(crystal: Crystal, text: str) -> tuple[float, int]:
    """Return how high one layer of a film is, and how many there are where nothing is given.

    Parameters
    ----------
    crystal : Crystal
        The crystal.
    text : str
        How it stands, see `standing`.

    Returns
    -------
    float
        Distance in Å of sheets that lie in the film; else the length of an octahedron.
    int
        One sheet, or three octahedra.

    Raises
    ------
    UsageError
        If the text cannot be read, or the direction is not in the plane.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> flat, upright = (film_layer(load_crystal("BA2PbI4"), t) for t in ("", "[100] (010)"))
    >>> round(flat[0], 3), flat[1], round(upright[0], 3), upright[1]
    (13.801, 1, 6.211, 3)
    """
    sheets, edge = sheets_of(crystal), edge_of(crystal)
    if sheets is not None:
        axes = pseudocubic_axes(crystal)
        normal = np.cross(axes[0], axes[1]) / edge**2
        if abs(float(normal @ standing(crystal, text).rotation[:, 2])) > 1 - _WHOLE:
            return framework_of(crystal).octahedron_volume * sheets.layers / edge**2, 1
    return edge, LAYERS


def _indices(crystal: Crystal, text: str) -> tuple[IntArray, IntArray]:
    """Return direction and plane in whole numbers of the conventional cell."""
    words = text.replace("(", " (", 1).split(" (")
    try:
        found = parse_relation(f"{words[0]}||[100], ({words[1].strip()}||(001)")
    except (UsageError, IndexError):
        raise UsageError(
            "an orientation is a direction along the line and the plane of the film",
            where="orientations",
            measured=repr(text),
            next_step='write it like "[100]pc (001)pc", or "[010] (100)"',
        ) from None
    along = np.array(found.directions[0], dtype=np.float64)
    plane = np.array(found.planes[0], dtype=np.float64)
    if found.pseudocubic[0]:
        if crystal.pseudocubic is None:
            raise UsageError(
                f"{crystal.name} has no pseudo-cubic axes",
                where="orientations",
                measured=repr(text),
                next_step="leave pc out, indices then count along the conventional cell",
            )
        along = along @ crystal.pseudocubic
        plane = plane @ np.linalg.inv(crystal.pseudocubic).T
    return _smallest(along, text), _smallest(plane, text)


def _smallest(values: FloatArray, text: str) -> IntArray:
    """Return the smallest whole numbers with the ratio of some fractions."""
    for multiple in range(1, 25):
        whole = np.rint(multiple * values)
        if np.abs(multiple * values - whole).max() < _WHOLE:
            found: IntArray = whole.astype(np.int64)
            divisor = int(np.gcd.reduce(found))
            return found // max(divisor, 1)
    raise UsageError(
        "this is no direction of the lattice",
        where="orientations",
        measured=repr(text),
        next_step="take other indices, or the conventional cell",
    )


def _in_plane(crystal: Crystal, along: IntArray, plane: IntArray) -> str:
    """Return the lattice direction in the plane that is nearest to the one asked for."""
    steps = np.array([s for s in product(range(-2, 3), repeat=3) if any(s)])
    steps = steps[steps @ plane == 0]
    vectors, wanted = steps @ crystal.cell, along @ crystal.cell
    cosine = vectors @ wanted / np.linalg.norm(vectors, axis=1)
    best = np.lexsort((np.linalg.norm(vectors, axis=1).round(6), -cosine.round(6)))[0]
    return "[" + " ".join(map(str, steps[best].tolist())) + "]"


def _basis(cell: FloatArray, along: IntArray, plane: IntArray) -> IntArray:
    """Return vectors along the line, across it in the plane, and out of the plane.

    Of all with the smallest area and height the most upright ones are taken.
    """
    span = range(-_REACH, _REACH + 1)
    steps = np.array([s for s in product(span, repeat=3) if any(s)])
    vectors, line = steps @ cell, along @ cell
    level = steps @ plane
    area = np.linalg.norm(np.cross(vectors, line), axis=1).round(6)
    lean = np.abs(vectors @ line).round(6)
    flat = np.flatnonzero((level == 0) & (area > _WHOLE))
    across = steps[flat[np.lexsort((lean[flat], area[flat]))[0]]]
    normal = np.cross(line, across @ cell)
    off = np.linalg.norm(np.cross(vectors, normal), axis=1).round(6)
    up = np.flatnonzero(level != 0)
    out = steps[up[np.lexsort((off[up], np.abs(level[up])))[0]]]
    found = np.array([along, across, out])
    if np.linalg.det(found @ cell) < 0:
        found[1] = -found[1]
    if level[(steps == found[2]).all(axis=1)][0] < 0:
        found[1:] = -found[1:]
    return found
