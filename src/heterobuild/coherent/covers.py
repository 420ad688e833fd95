"""Shells that cover a part of a particle: a crown, chosen faces, a cap."""

from __future__ import annotations

from dataclasses import replace
from re import findall, fullmatch
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.geometry.shape_algebra import intersection, moved, union
from heterobuild.geometry.shapes import Shape

if TYPE_CHECKING:
    from heterobuild.particles.forms import Form


def covered(inner: Form, full: Form, cover: str, step: float, edge: float) -> Form:
    """Return the outer form of a shell that covers a part of what is inside it.

    Parameters
    ----------
    inner : Form
        What the shell covers.
    full : Form
        The outer form if it covered all.
    cover : str
        ``crown``, the side faces around z; faces such as ``100 -100``, on which the form inside
        is continued outward; or ``cap 60``, a cap around +z of 60° half angle.
    step : float
        Thickness in Å.
    edge : float
        Pseudo-cubic edge in Å.

    Returns
    -------
    Form
        The form of both.

    Raises
    ------
    UsageError
        If the text means nothing.
    """
    if cover == "crown":
        return _limited(inner, full, _between(inner.shape.half[2]))
    if cover.startswith("cap"):
        return _limited(inner, full, _cone(_angle(cover)))
    return replace(_on_faces(inner, _faces(cover), step, edge), asked=full.asked)


def _limited(inner: Form, outer: Form, region: Shape) -> Form:
    """Return the outer form inside a region, and the inner one elsewhere."""
    return replace(
        outer,
        shape=union(inner.shape, intersection(outer.shape, region)),
        carving=union(inner.carving, intersection(outer.carving, region)),
    )


def _on_faces(inner: Form, faces: list[tuple[int, int, int]], step: float, edge: float) -> Form:
    """Return the inner form continued outward on some faces."""
    shape, carving = [inner.shape], [inner.carving]
    for face in faces:
        direction = np.array(face, dtype=np.float64) @ inner.axes
        direction /= np.linalg.norm(direction)
        for part in np.linspace(0, step, max(2, round(step / edge) + 1))[1:]:
            shape.append(moved(inner.shape, tuple(part * direction)))
            carving.append(moved(inner.carving, tuple(part * direction)))
    return replace(inner, shape=union(*shape), carving=union(*carving))


def _cone(angle: float) -> Shape:
    """Return the endless cone around +z of a half angle in degrees."""
    cosine, sine = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    return Shape(
        name=f"cone of {angle:g}°",
        distance=lambda p: np.hypot(p[:, 0], p[:, 1]) * cosine - p[:, 2] * sine,
        half=(np.inf, np.inf, np.inf),
    )


def _between(half: float) -> Shape:
    """Return the endless plate between two heights along z."""
    return Shape(
        name=f"plate of {2 * half:g} Å",
        distance=lambda p: np.abs(p[:, 2]) - half,
        half=(np.inf, np.inf, half),
    )


def _angle(cover: str) -> float:
    """Read the half angle of a cap."""
    try:
        angle = float(cover.removeprefix("cap").strip())
    except ValueError:
        angle = np.nan
    if not 0 < angle < 180:
        raise UsageError(
            "a cap has a half angle in degrees",
            where="cover",
            measured=repr(cover),
            allowed="more than 0 and less than 180",
            next_step='write "cap 60"',
        )
    return angle


def _faces(cover: str) -> list[tuple[int, int, int]]:
    """Read faces such as ``100 -100``."""
    found = []
    for word in cover.split():
        digits = [int(s) for s in _digits(word)]
        if len(digits) != 3 or not any(digits):
            raise UsageError(
                "a shell covers all, faces, or a cap",
                where="cover",
                measured=repr(cover),
                allowed='"all", "crown", faces such as "100 -100", or "cap 60"',
                next_step='write "all"',
            )
        found.append((digits[0], digits[1], digits[2]))
    return found


def _digits(word: str) -> list[str]:
    """Return the signed digits of a face."""
    return findall(r"-?\d", word) if fullmatch(r"(-?\d){3}", word) else []
