"""Where particles lie on a film: arrays whose steps are lattice vectors of the film."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np

from heterobuild.errors import NothingFitsError, UsageError
from heterobuild.geometry.arrangements import random_sequential

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray

Arrangement: TypeAlias = Literal["square", "hexagonal", "random", "one"]
ARRANGEMENTS: tuple[str, ...] = get_args(Arrangement)

_ANGLE = {"square": 90.0, "hexagonal": 60.0, "random": 90.0, "one": 90.0}
"""Degrees from the first step of an array to the second."""

DENSEST = 0.5
"""Share of the area that equal discs fill at random without being pushed: 0.547 at most."""


def wanted_steps(arrangement: str, pitch: float, along: FloatArray) -> FloatArray:
    """Return the two steps of an array that is asked for.

    Parameters
    ----------
    arrangement : {"square", "hexagonal", "random", "one"}
        The array; of particles at random it is the square that each has on average.
    pitch : float
        Length of both steps in Å.
    along : (2,) float array
        Direction of the first step in the plane.

    Returns
    -------
    (2, 2) float array
        Steps in Å, rows, right-handed.

    Examples
    --------
    >>> wanted_steps("hexagonal", 10.0, np.array([1.0, 0.0])).round(2).tolist()
    [[10.0, 0.0], [5.0, 8.66]]
    """
    first = pitch * np.asarray(along) / np.linalg.norm(along)
    angle = np.radians(_ANGLE[arrangement])
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.array([first, first @ turn])


def nearest_steps(wanted: FloatArray, surface: FloatArray) -> IntArray:
    """Return the lattice vectors of a film that are nearest to wanted steps.

    Parameters
    ----------
    wanted : (2, 2) float array
        Steps in Å, rows.
    surface : (2, 2) float array
        Surface vectors of the film in Å, rows.

    Returns
    -------
    (2, 2) int array
        The steps in surface vectors; the determinant is 0 or negative where they are too short
        to span a cell.

    Examples
    --------
    >>> nearest_steps(np.diag([20.0, 24.0]), np.diag([8.0, 9.0])).tolist()
    [[2, 0], [0, 3]]
    """
    around = np.array(list(product((0, -1, 1), repeat=2)))
    rows = []
    for step in wanted:
        found = np.rint(step @ np.linalg.inv(surface)).astype(np.int64) + around
        away = np.linalg.norm(found @ surface - step, axis=1).round(6)
        rows.append(found[int(np.argmin(away))])
    return np.array(rows)


def lattice_places(count: tuple[int, int], steps: FloatArray) -> FloatArray:
    """Return the points of an array.

    Parameters
    ----------
    count : tuple of int
        Points along the two steps.
    steps : (2, 2) float array
        Steps in Å, rows.

    Returns
    -------
    (n, 2) float array
        Points in Å, the first at the origin, the second index running fastest.

    Examples
    --------
    >>> lattice_places((1, 2), np.diag([10.0, 20.0])).tolist()
    [[0.0, 0.0], [0.0, 20.0]]
    """
    numbers = np.array(list(product(range(count[0]), range(count[1]))), dtype=np.float64)
    places: FloatArray = numbers @ steps
    return places


def random_places(
    count: int,
    cell: FloatArray,
    radius: float,
    spacing: float,
    rng: np.random.Generator,
    *,
    surface: FloatArray | None = None,
) -> FloatArray:
    """Return places of discs that are put down at random, none nearer than wanted.

    Parameters
    ----------
    count : int
        Number of discs.
    cell : (2, 2) float array
        In-plane cell in Å, rows.
    radius : float
        Radius of a disc in Å.
    spacing : float
        Least distance from rim to rim in Å.
    rng : numpy.random.Generator
        Source of randomness.
    surface : (2, 2) float array or None, optional
        Lattice in Å of which all places are points.

    Returns
    -------
    (n, 2) float array
        Places in Å.

    Raises
    ------
    NothingFitsError
        If they find no place, with the pitch at which they would.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> random_places(3, 100 * np.eye(2), 10.0, 5.0, rng).shape
    (3, 2)
    """
    height = 2 * radius
    box, lattice = np.zeros((3, 3)), None
    box[:2, :2], box[2, 2] = cell, height
    if surface is not None:
        lattice = np.zeros((3, 3))
        lattice[:2, :2], lattice[2, 2] = surface, height
    try:
        found = random_sequential(
            box, (True, True, False), np.full(count, radius), spacing, rng,
            lattice=lattice, origin=(0.0, 0.0, radius),
        )  # fmt: skip
    except (NothingFitsError, UsageError) as error:
        area = abs(float(np.linalg.det(cell)))
        taken = np.pi * (radius + spacing / 2) ** 2
        raise NothingFitsError(
            f"{count} particles do not find places {spacing:g} Å apart",
            where="arrangement",
            measured=f"{count * taken / area:.2f} of the area, with half the spacing around each",
            allowed=f"about {DENSEST:g} at random",
            next_step=f"set pitch to {np.ceil(np.sqrt(taken / DENSEST)):g}, or take another "
            "arrangement",
        ) from error
    return found[:, :2]
