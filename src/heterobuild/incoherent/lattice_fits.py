"""How well the lattices of two crystals fit where they stand beside one another."""

from __future__ import annotations

from itertools import product
from math import gcd
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.repeats import pseudocubic_axes
from heterobuild.coherent.walls import COHERENT, verdict
from heterobuild.incoherent.wall_area import MEASURED
from heterobuild.model import Step

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.model import Crystal


LARGEST_CELL = 300.0
"""Å² up to which common cells of two faces are looked for: eight cells of a perovskite."""


PARALLEL = 3.0
"""Degrees up to which directions of two crystals count as parallel."""


_HIGHEST = 2


_MOST_REPEATS = 5


def parallel_lengths(inner: FloatArray, outer: FloatArray) -> list[dict[str, object]]:
    """Compare lattice repeats along directions that are parallel in two crystals.

    Parameters
    ----------
    inner : (3, 3) float array
        Axes of the inner crystal in Å, rows, in the frame of the model.
    outer : (3, 3) float array
        Axes of the outer one.

    Returns
    -------
    list of dict
        For each inner axis that has a parallel lattice direction of indices up to 2: the two
        directions, their repeats in Å, how many of each come nearest to one another (up to 5,
        the fewest within 5 %), and the misfit of the outer to the inner crystal.

    Examples
    --------
    >>> found = parallel_lengths(6.0 * np.eye(3), np.diag([6.3, 6.0, 9.1]))
    >>> [(row["repeats"], row["misfit"]) for row in found]
    [([1, 1], 0.05), ([1, 1], 0.0), ([3, 2], 0.011111)]
    """
    span = range(-_HIGHEST, _HIGHEST + 1)
    steps = np.array([s for s in product(span, repeat=3) if gcd(*s) == 1])
    vectors = steps @ outer
    lengths = np.linalg.norm(vectors, axis=1)
    rows: list[dict[str, object]] = []
    for axis in range(3):
        own = float(np.linalg.norm(inner[axis]))
        cosine = vectors @ inner[axis] / lengths / own
        angle = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
        near = np.flatnonzero(angle <= PARALLEL)
        if not len(near):
            continue
        best = int(near[np.lexsort((angle[near].round(3), lengths[near].round(4)))[0]])
        m, n = _repeats(own, float(lengths[best]))
        rows.append(
            {
                "inner": "[" + " ".join(map(str, np.eye(3, dtype=int)[axis].tolist())) + "]",
                "outer": "[" + " ".join(map(str, steps[best].tolist())) + "]",
                "inner_A": round(own, 4),
                "outer_A": round(float(lengths[best]), 4),
                "repeats": [m, n],
                "misfit": round(n * float(lengths[best]) / (m * own) - 1, 6),
                "angle_deg": round(float(angle[best]), 3),
            }
        )
    return rows


def _repeats(inner: float, outer: float) -> tuple[int, int]:
    """Return how many inner and outer lengths make nearly the same, the fewest that do."""
    numbers = range(1, _MOST_REPEATS + 1)
    pairs = sorted(((m, n) for m in numbers for n in numbers), key=lambda p: (sum(p), p))
    misfits = {(m, n): abs(n * outer / (m * inner) - 1) for m, n in pairs}
    fitting = [pair for pair in pairs if misfits[pair] <= COHERENT + 1e-9]
    return fitting[0] if fitting else min(pairs, key=lambda pair: round(misfits[pair], 9))


def common_cells(inner: FloatArray, outer: FloatArray) -> list[dict[str, object]]:
    """Find the smallest common cell on each pair of parallel faces of two crystals.

    Parameters
    ----------
    inner : (3, 3) float array
        Axes of the inner crystal in Å, rows, in the frame of the model.
    outer : (3, 3) float array
        Axes of the outer one.

    Returns
    -------
    list of dict
        For each face of the inner axes that is parallel to a lattice plane of the outer crystal:
        the cells of either side in the common cell and the principal strains of the outer one,
        within 5 % and 300 Å² and turned by no more than 2°. Empty where nothing fits.

    Examples
    --------
    >>> turn = np.array([[1.0, -1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 2**0.5]]) / 2**0.5
    >>> found = common_cells(6.0 * np.eye(3), np.diag([8.6, 8.6, 15.0]) @ turn)
    >>> found[-1]["inner_cells"], found[-1]["outer_cells"]
    (2, 1)
    """
    from heterobuild.matching import MatchLimits, find_matches

    limits = MatchLimits(max_strain=COHERENT, max_area=LARGEST_CELL, rotation=(-2.0, 2.0))
    rows: list[dict[str, object]] = []
    for axis in range(3):
        pair = np.delete(inner, axis, axis=0)
        normal = np.cross(pair[0], pair[1])
        normal /= np.linalg.norm(normal)
        plane = _plane_cell(outer, normal)
        if plane is None:
            continue
        flat = np.array([pair[0] / np.linalg.norm(pair[0]), np.zeros(3)])
        flat[1] = np.cross(normal, flat[0])
        cells = [_right_handed(vectors @ flat.T) for vectors in (plane, pair)]
        found = find_matches(cells[0], cells[1], limits)
        if found:
            best = min(found, key=lambda m: (round(m.area, 3), abs(m.strains[0])))
            rows.append(
                {
                    "face": "(" + " ".join("1" if k == axis else "0" for k in range(3)) + ")",
                    "inner_cells": round(abs(float(np.linalg.det(best.substrate)))),
                    "outer_cells": round(abs(float(np.linalg.det(best.film)))),
                    "area_A2": round(best.area, 2),
                    "strains": [round(float(value), 6) for value in best.strains],
                }
            )
    return rows


def _plane_cell(outer: FloatArray, normal: FloatArray) -> FloatArray | None:
    """Return the two shortest lattice vectors across a normal, if there is such a plane."""
    span = range(-_HIGHEST, _HIGHEST + 1)
    vectors = np.array([s for s in product(span, repeat=3) if gcd(*s) == 1]) @ outer
    lengths = np.linalg.norm(vectors, axis=1)
    tilt = np.degrees(np.arcsin(np.clip(np.abs(vectors @ normal) / lengths, 0, 1)))
    within = vectors[tilt <= PARALLEL]
    order = np.argsort(np.linalg.norm(within, axis=1).round(6), kind="stable")
    within = within[order]
    for second in within[1:]:
        crossed = np.linalg.norm(np.cross(within[0], second))
        if crossed > 0.1 * np.linalg.norm(within[0]) * np.linalg.norm(second):
            return np.array([within[0], second])
    return None


def _right_handed(cell: FloatArray) -> FloatArray:
    """Return a plane cell whose vectors follow each other counter-clockwise."""
    return cell if np.linalg.det(cell) > 0 else cell * np.array([[1.0], [-1.0]])


def incoherent_wall_step(
    names: tuple[str, str],
    crystals: tuple[Crystal, Crystal],
    rotations: tuple[FloatArray, FloatArray],
    *,
    contacts: dict[str, float],
    gap: float | str,
    area: float,
) -> Step:
    """Describe the wall between two crystals on lattices of their own.

    Parameters
    ----------
    names : tuple of str
        Names of the inner and the outer part.
    crystals : tuple of Crystal
        The two crystals.
    rotations : tuple of (3, 3) float array
        Their rotations into the frame of the model.
    contacts : dict of str to float
        Shortest contacts across the wall in Å.
    gap : float or str
        The gap that was asked for.
    area : float
        Area of the wall in Å², of all guests together.

    Returns
    -------
    Step
        Misfit along parallel directions, verdict, area, shortest contacts.
    """
    inner, outer = (
        pseudocubic_axes(crystal) @ rotation
        for crystal, rotation in zip(crystals, rotations, strict=True)
    )
    rows, faces = parallel_lengths(inner, outer), common_cells(inner, outer)
    misfits = [float(str(row["misfit"])) for row in rows]
    largest = max(misfits, key=abs) if misfits else None
    words = _fit_words(rows, misfits, faces)
    judged = _judged(rows, faces, largest)
    return Step(
        name="wall",
        choice=f"{names[1]} around {names[0]}: two lattices, {words}; {judged}; "
        f"{area / 100:.1f} nm²",
        values={
            "coherent": False,
            "inner": names[0],
            "outer": names[1],
            "misfit": None if largest is None else round(largest, 6),
            "parallel": rows,
            "common_cells": faces,
            "verdict": judged,
            "area_A2": round(area, 2),
            "area_measured": MEASURED,
            "gap": gap,
            "shortest_A": contacts,
            "strain": "none, each keeps its own lattice",
        },
    )


def _fit_words(
    rows: list[dict[str, object]], misfits: list[float], faces: list[dict[str, object]]
) -> str:
    """Say how parallel directions and faces fit, both as misfits of the outer crystal."""
    words = []
    for row, misfit in zip(rows, misfits, strict=True):
        m, n = (int(number) for number in row["repeats"])  # type: ignore[attr-defined]
        over = "" if (m, n) == (1, 1) else f" of {n} on {m} repeats"
        words.append(f"{row['inner']}||{row['outer']} {100 * misfit:+.2f} %{over}")
    said = f"misfit {', '.join(words)}" if words else "no directions of small indices are parallel"
    for face in faces:
        fits = face["strains"]
        # The strain brings the outer crystal onto the inner one; the misfit is that of its cell.
        low, high = sorted(100 / (1 + float(x)) - 100 for x in fits)  # type: ignore[attr-defined]
        said += f"; face {face['face']}: {face['outer_cells']} on {face['inner_cells']} cells"
        said += f", {low:+.2f} to {high:+.2f} %"
    return said


def _judged(
    rows: list[dict[str, object]], faces: list[dict[str, object]], largest: float | None
) -> str:
    """Judge the fit: axis on axis, a face with a small common cell, a coincidence, or none."""
    simple = bool(rows) and all(row["repeats"] == [1, 1] for row in rows)
    if largest is not None and abs(largest) <= COHERENT and simple:
        return verdict(largest)
    if any(int(str(face["outer_cells"])) == 1 for face in faces):
        return "a face fits with a small common cell"
    if faces or (largest is not None and abs(largest) <= COHERENT):
        return "fits only as a coincidence of several cells"
    return "the lattices have no small repeats in common"
