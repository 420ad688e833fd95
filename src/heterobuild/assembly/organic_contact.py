"""Two parts with organic monolayers between them: how the tails interlock, how far apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.assembly.cap_turns import turned_caps
from heterobuild.assembly.gap import touching_distance
from heterobuild.assembly.part import height_of
from heterobuild.assembly.registry import shortest
from heterobuild.errors import UsageError
from heterobuild.labels import KIND, LAYER, MOLECULE, SITE, Site
from heterobuild.model import Step
from heterobuild.spacers.layer_thickness import organic_thickness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray
    from heterobuild.assembly.filling import Frame
    from heterobuild.assembly.part import Part
    from heterobuild.model import Molecule

_COARSE = 0.6
"""Å between the shifts that are tried first: half a C–C bond."""

_MOST_SHIFTS = 256
_FINE = 0.1
_STARTS = 4
_LEVEL = 0.01


@dataclass(frozen=True, kw_only=True, eq=False)
class Interlocking:
    """Where tails interlock.

    Parameters
    ----------
    shift : (2,) float array
        In-plane shift of the upper part in Å.
    touching : float
        Distance in Å of the facing planes at which the first atoms touch.
    median : float
        The same for the middle one of all shifts that were tried.
    """

    shift: FloatArray
    touching: float
    median: float


def has_cap(part: Part, *, top: bool) -> bool:
    """Tell whether a face of a part carries a cap.

    Parameters
    ----------
    part : Part
        The part, as it lies in the interface.
    top : bool
        Whether the face above is meant.

    Returns
    -------
    bool
        True where it does.
    """
    return part.slab.cap(top=top, upright=part.upright) is not None


def interlocked(lower: Part, upper: Part, frame: Frame) -> tuple[Part, Part]:
    """Turn a cap between two parts by quarters where the tails have too little room.

    They have it where the halide planes come as near as in the layered crystals of the spacer;
    elsewhere the turn is taken at which the tails reach deepest between one another. Only a closed
    monolayer of one kind is turned, each molecule about the middle of its square of halides, which
    turns the whole pattern; the cap of the lower part where both have one.

    Parameters
    ----------
    lower, upper : Part
        The parts.
    frame : Frame
        The in-plane cell.

    Returns
    -------
    tuple of Part
        Both parts; as they are where there is no such cap.
    """
    top = has_cap(lower, top=True)
    capped = lower if top else upper
    if not top and not has_cap(upper, top=False):
        return lower, upper
    found = interlocking(lower, upper, frame)
    if organic_gap(lower, upper, frame, found.shift)[0] > found.touching + _LEVEL:
        return lower, upper
    variants = [capped, *turned_caps(capped, frame.whole, top=top)]
    pairs = [(one, upper) if top else (lower, one) for one in variants]
    depth = [interlocking(*pair, frame).touching for pair in pairs]
    return pairs[int(np.argmin(np.round(np.array(depth) / _LEVEL)))]


def interlock_stack(parts: Sequence[Part], frame: Frame, *, endless: bool) -> list[Part]:
    """Let the caps inside a stack interlock, see `interlocked`.

    Parameters
    ----------
    parts : sequence of Part
        The parts from below to above.
    frame : Frame
        The in-plane cell.
    endless : bool
        Whether the last part meets the first one again.

    Returns
    -------
    list of Part
        The parts.
    """
    stack = list(parts)
    for k in range(len(stack) if endless else len(stack) - 1):
        above = (k + 1) % len(stack)
        stack[k], stack[above] = interlocked(stack[k], stack[above], frame)
    return stack


def interlocking(lower: Part, upper: Part, frame: Frame) -> Interlocking:
    """Find the in-plane shift at which two parts come closest before their atoms touch.

    Shifts over the common cell, or over two of its copies along either vector, are compared, 0.6 Å
    apart or more in large cells, and the best ones are refined to 0.1 Å. Nothing but dispersion
    holds tails in their place, so the deepest interlocking is the most likely place, as in the
    crystals of layered perovskites.

    Parameters
    ----------
    lower, upper : Part
        The parts, with their caps.
    frame : Frame
        The in-plane cell.

    Returns
    -------
    Interlocking
        The shift, the shortest of those within 0.01 Å of the closest.
    """
    cell = np.diag(np.minimum(frame.repeats, 2)) @ frame.cell
    length = np.linalg.norm(cell, axis=1)
    spacing = max(_COARSE, float(np.sqrt(abs(np.linalg.det(cell)) / _MOST_SHIFTS)))
    counts = np.maximum(1, np.ceil(length / spacing).astype(int))
    grid = np.stack(np.meshgrid(*[np.arange(n) / n for n in counts], indexing="ij"), axis=-1)
    shifts = shortest(grid.reshape(-1, 2) @ cell, cell)
    distance = _distances(lower, upper, frame, shifts)
    order = np.argsort(distance, kind="stable")
    tried, found = [shifts[order[:_STARTS]]], [distance[order[:_STARTS]]]
    around = np.array([[x, y] for x in (-1, 0, 1) for y in (-1, 0, 1) if (x, y) != (0, 0)])
    while spacing > _FINE:
        spacing /= 2
        near = (tried[-1][:, None] + spacing * around[None]).reshape(-1, 2)
        places = np.concatenate([tried[-1], near])
        values = np.concatenate([found[-1], _distances(lower, upper, frame, near)])
        best = np.argsort(values, kind="stable")[:_STARTS]
        tried.append(places[best])
        found.append(values[best])
    level = np.round(found[-1] / _LEVEL)
    size = np.linalg.norm(tried[-1], axis=1).round(6)
    row = np.lexsort((tried[-1][:, 1], tried[-1][:, 0], size, level))[0]
    return Interlocking(
        shift=np.round(tried[-1][row], 9) + 0.0,
        touching=float(found[-1][row]),
        median=float(np.median(distance)),
    )


def organic_gap(lower: Part, upper: Part, frame: Frame, shift: FloatArray) -> tuple[float, str]:
    """Return the distance of facing planes with monolayers between them.

    Where both faces carry a closed layer of the same spacer, the planes of halides are as far
    apart as in the layered crystals of this spacer, if there is room. Elsewhere the first atoms
    touch.

    Parameters
    ----------
    lower, upper : Part
        The parts, with their caps.
    frame : Frame
        The in-plane cell.
    shift : (2,) float array
        In-plane shift of the upper part in Å.

    Returns
    -------
    gap : float
        Distance of the facing planes in Å.
    reason : str
        How it was found.
    """
    touching = touching_distance(lower, upper, frame.whole, shift)
    words = "tails touch, at 0.8 of the sum of van der Waals radii, 0.7 for N–H…halide"
    spacer = _shared_spacer(lower, upper)
    if spacer is None:
        return touching, words
    area = abs(float(np.linalg.det(frame.whole))) / _heads(lower, top=True)
    try:
        estimate = organic_thickness(spacer, area)
    except UsageError:
        return touching, words
    between = _halide_level(upper, top=False) + _halide_level(lower, top=True)
    usual = estimate.value - between
    if usual < touching:
        return touching, f"{words}; layered crystals of {spacer.name} are tighter"
    return usual, f"halide planes as far apart as in layered crystals of {spacer.name}"


def organic_step(lower: Part, upper: Part, gap: float) -> Step | None:
    """Describe the distance of the inorganic planes on both sides of monolayers.

    Parameters
    ----------
    lower, upper : Part
        The parts.
    gap : float
        Distance of the facing planes in Å.

    Returns
    -------
    Step or None
        The distances of the halide and of the metal planes; None where neither face has a cap.
    """
    if not has_cap(lower, top=True) and not has_cap(upper, top=False):
        return None
    halides = gap + _halide_level(lower, top=True) + _halide_level(upper, top=False)
    metals = gap + _level(lower, Site.B, top=True) + _level(upper, Site.B, top=False)
    return Step(
        name="organic layer",
        choice=f"{lower.name} | {upper.name}: halide planes {halides / 10:.3f} nm apart, metal "
        f"planes {metals / 10:.3f} nm apart",
        values={
            "lower": lower.name,
            "upper": upper.name,
            "halide_planes_A": round(halides, 6),
            "metal_planes_A": round(metals, 6),
        },
    )


def _distances(lower: Part, upper: Part, frame: Frame, shifts: FloatArray) -> FloatArray:
    """Return the touching distance at each shift."""
    return np.array([touching_distance(lower, upper, frame.whole, shift) for shift in shifts])


def _halide_level(part: Part, *, top: bool) -> float:
    """Return how deep the outermost plane of halides lies below the facing plane in Å."""
    return _level(part, Site.X, top=top)


def _level(part: Part, site: Site, *, top: bool) -> float:
    """Return how deep the outermost plane with a kind of ion lies below the facing plane in Å."""
    arrays, sign = part.atoms.arrays, 1.0 if top else -1.0
    mine = (arrays[SITE] == site) & (arrays[MOLECULE] == 0)
    layer, height = arrays[LAYER][mine], sign * part.atoms.positions[mine, 2]
    count = np.bincount(layer)
    mean = np.bincount(layer, weights=height)[count > 0] / count[count > 0]
    edge = sign * height_of(part, part.top if top else part.bottom)
    return float(edge - mean.max())


def _facing_molecules(part: Part, *, top: bool) -> tuple[set[str], int]:
    """Return the kinds of spacers and ligands in the facing plane, and how many there are."""
    arrays = part.atoms.arrays
    number = part.slab.count if top == part.upright else 1
    mine = (arrays[LAYER] == number) & np.isin(arrays[SITE], (Site.SPACER, Site.LIGAND))
    kinds = np.unique(arrays[KIND][mine]).tolist()
    count = len(np.unique(arrays[MOLECULE][mine]))
    return {part.molecules[kind - 1].name for kind in kinds}, count


def _heads(part: Part, *, top: bool) -> int:
    return _facing_molecules(part, top=top)[1]


def _shared_spacer(lower: Part, upper: Part) -> Molecule | None:
    """Return the spacer that alone covers both faces, one a square of halides."""
    below, above = _facing_molecules(lower, top=True), _facing_molecules(upper, top=False)
    if below[0] != above[0] or len(below[0]) != 1 or below[1] != above[1]:
        return None
    for part, top in ((lower, True), (upper, False)):
        cap = part.slab.cap(top=top, upright=part.upright)
        if cap is not None and cap.coverage < 1:
            return None
    (name,) = below[0]
    molecule = next(one for one in lower.molecules if one.name == name)
    return molecule if round(molecule.charge) == 1 else None
