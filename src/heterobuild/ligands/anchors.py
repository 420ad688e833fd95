"""Sites of a surface at which heads of ligands can stand, with their outward normals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.geometry.rigid import unit_centres
from heterobuild.labels import CHARGE, SITE, Site, units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ase import Atoms
    from numpy.typing import NDArray

    from heterobuild.arrays import BoolArray, FloatArray, IntArray

Role: TypeAlias = Literal["A", "X"]

_SHELL = 1.25
_WIDER = 1.6
_WIDENINGS = 3
_BALANCED = 0.3
_PLACE_SHELL = {"A": 1.25, "X": 2.5}
_EDGE, _CORNER = 0.70, 0.91


@dataclass(frozen=True, kw_only=True, eq=False)
class Anchors:
    """Surface sites.

    Parameters
    ----------
    positions : (m, 3) float array
        Places of the sites in Å.
    normals : (m, 3) float array
        Outward unit vectors.
    role : (m,) str array
        ``A`` or ``X``.
    atom : (m,) int array
        An atom of the ion or molecule that stands there; -1 where the site is vacant.
    charge : (m,) float array
        Formal charge in e of that ion; 0 where the site is vacant.
    exposure : (m,) float array
        Length of the mean unit vector to the B ions around: 0.58 on a flat {100} face of cubes,
        0.82 on an edge and 1 on a corner for A; see `place_names`.
    """

    positions: FloatArray
    normals: FloatArray
    role: NDArray[np.str_]
    atom: IntArray
    charge: FloatArray
    exposure: FloatArray

    @property
    def present(self) -> BoolArray:
        """Whether an ion stands at each site, (m,)."""
        found: BoolArray = self.atom >= 0
        return found


def surface_normals(
    points: FloatArray,
    neighbours: FloatArray,
    *,
    shell: float = _SHELL,
    cell: FloatArray | None = None,
    pbc: Sequence[bool] = (False, False, False),
) -> tuple[FloatArray, FloatArray]:
    """Return the local outward normals at points of a surface.

    The normal points away from the neighbours: minus the sum of the unit vectors to all of them
    within a radius. With the B ions as neighbours of an A site of a cube of octahedra it is
    exactly [100] on faces, [110] on edges and [111] on corners. Where the neighbours of a point
    balance, the radius grows until they do not.

    Parameters
    ----------
    points : (m, 3) float array
        Points in Å.
    neighbours : (n, 3) float array
        Ions in Å, B ions as a rule; there must be one at least.
    shell : float, optional
        Radius in distances to the nearest neighbour. 1.25 takes in all corners of a distorted
        cage and no second shell.
    cell : (3, 3) float array, optional
        Cell in Å; needed only for periodic directions.
    pbc : sequence of bool, optional
        Periodic directions; none by default.

    Returns
    -------
    (m, 3) float array
        Unit vectors.
    (m,) float array
        Length of the mean unit vector to the neighbours within the first radius; near 0 inside a
        crystal.

    Examples
    --------
    >>> b = np.array([[0.0, 0.0, 0.0], [6.0, 0.0, 0.0]])
    >>> normals, exposure = surface_normals(np.array([[3.0, 3.0, 0.0]]), b)
    >>> (normals.round(6) + 0.0).tolist(), exposure.round(3).tolist()
    ([[0.0, 1.0, 0.0]], [0.707])
    """
    from scipy.spatial import cKDTree

    if not len(points):
        return np.zeros((0, 3)), np.zeros(0)
    ghosts = with_periodic_images(neighbours, cell, pbc, _reach(cell, pbc))
    tree = cKDTree(ghosts)
    nearest = tree.query(points)[0]
    radii = shell * np.maximum(nearest, 1e-6)
    sums, counts = _directions(points, ghosts, tree, radii)
    exposure = np.linalg.norm(sums, axis=1) / np.maximum(counts, 1)
    for _ in range(_WIDENINGS):
        lengths = np.linalg.norm(sums, axis=1)
        flat = np.flatnonzero(lengths < _BALANCED)
        if not len(flat):
            break
        radii[flat] *= _WIDER
        sums[flat], _ = _directions(points[flat], ghosts, tree, radii[flat])
    normals = -sums
    lost = np.linalg.norm(normals, axis=1) < 1e-6
    normals[lost] = points[lost] - neighbours.mean(axis=0) + [0.0, 0.0, 1e-6]
    return normals / np.linalg.norm(normals, axis=1)[:, None], exposure


def _directions(
    points: FloatArray, ghosts: FloatArray, tree: Any, radii: FloatArray
) -> tuple[FloatArray, IntArray]:
    """Return the sum of unit vectors to the neighbours of each point, and their number."""
    found = tree.query_ball_point(points, radii)
    counts = np.array([len(entry) for entry in found], dtype=np.int64)
    rows = np.repeat(np.arange(len(points)), counts)
    columns = np.concatenate([np.asarray(entry, dtype=np.int64) for entry in found])
    steps = ghosts[columns] - points[rows]
    lengths = np.linalg.norm(steps, axis=1)
    steps /= np.maximum(lengths, 1e-9)[:, None]
    sums = [np.bincount(rows, weights=column, minlength=len(points)) for column in steps.T]
    return np.column_stack(sums), counts


def _reach(cell: FloatArray | None, pbc: Sequence[bool]) -> float:
    """Return a range in Å for images: the widened radius in cubes of 7 Å."""
    return 0.0 if cell is None or not any(pbc) else 25.0


def with_periodic_images(
    points: FloatArray, cell: FloatArray | None, pbc: Sequence[bool], reach: float
) -> FloatArray:
    """Return points and all of their periodic images, the points themselves first.

    Parameters
    ----------
    points : (n, 3) float array
        Coordinates in Å.
    cell : (3, 3) float array or None
        Cell in Å.
    pbc : sequence of bool
        Periodic directions.
    reach : float
        Images up to this distance in Å from the cell of each point are needed.

    Returns
    -------
    (n s, 3) float array
        The points, shifted by each of s translations.
    """
    shifts = periodic_shifts(cell, pbc, reach)
    moved: FloatArray = (points[None] + shifts[:, None]).reshape(-1, 3)
    return moved


def periodic_shifts(cell: FloatArray | None, pbc: Sequence[bool], reach: float) -> FloatArray:
    """Return the translations that bring images within a reach, the zero one first.

    Parameters
    ----------
    cell : (3, 3) float array or None
        Cell in Å.
    pbc : sequence of bool
        Periodic directions.
    reach : float
        In Å, beyond the cell itself.

    Returns
    -------
    (s, 3) float array
        Translations in Å.

    Examples
    --------
    >>> len(periodic_shifts(np.diag([9.0, 9.0, 6.0]), (False, False, True), 7.0))
    5
    """
    if cell is None or not any(pbc):
        return np.zeros((1, 3))
    cell = np.asarray(cell, dtype=np.float64)
    lengths = np.array([np.linalg.norm(row) for row in cell])
    periodic = [k for k in range(3) if pbc[k]]
    gram = cell[periodic] @ cell[periodic].T
    heights = 1.0 / np.sqrt(np.diag(np.linalg.inv(gram)))
    most = np.zeros(3, dtype=np.int64)
    most[periodic] = np.ceil(reach / np.minimum(heights, lengths[periodic])).astype(np.int64)
    grid = np.stack(np.meshgrid(*[np.arange(-n, n + 1) for n in most], indexing="ij"), axis=-1)
    steps = grid.reshape(-1, 3)
    order = np.argsort(np.abs(steps).sum(axis=1), kind="stable")
    shifts: FloatArray = steps[order][:, periodic].astype(np.float64) @ cell[periodic]
    return shifts


def surface_anchors(atoms: Atoms) -> Anchors:
    """Find the A and X ions of the surface of a particle.

    An ion is at the surface if the B ions around it leave a side open: the mean of the unit
    vectors to them is longer than 0.3, where 0 is a whole cage (or a B–X–B bridge) and 0.58 half
    of one.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled particle; periodic directions as in its ``pbc``.

    Returns
    -------
    Anchors
        All sites are occupied; A sites first, in the order of the atoms.

    Raises
    ------
    UsageError
        If there is no B ion.
    """
    site = atoms.arrays[SITE]
    framework = atoms.positions[site == Site.B]
    if not len(framework):
        raise UsageError(
            "a surface without B ions has no octahedra to which ligands could bind",
            next_step="carve a larger particle",
        )
    parts = [_of_role(atoms, framework, role, code) for role, code in (("A", 1), ("X", 3))]
    names = ("positions", "normals", "role", "atom", "charge", "exposure")
    columns = {name: np.concatenate([part[name] for part in parts]) for name in names}
    return Anchors(**columns)


def _of_role(atoms: Atoms, framework: FloatArray, role: str, code: int) -> dict[str, Any]:
    """Return the columns of the surface sites of one role."""
    index = np.flatnonzero(atoms.arrays[SITE] == code)
    unit = units(atoms)[index]
    _, first, member = np.unique(unit, return_index=True, return_inverse=True)
    centres = unit_centres(atoms.positions[index], atoms.numbers[index], member)
    charge = np.bincount(member, weights=atoms.arrays[CHARGE][index], minlength=len(first))
    cell, pbc = np.asarray(atoms.cell), atoms.pbc
    normals, exposure = surface_normals(centres, framework, cell=cell, pbc=pbc)
    shell = _PLACE_SHELL[role]
    wide = surface_normals(centres, framework, shell=shell, cell=cell, pbc=pbc)[1]
    open_side = exposure > _BALANCED
    return {
        "positions": centres[open_side],
        "normals": normals[open_side],
        "role": np.full(int(open_side.sum()), role),
        "atom": index[first][open_side],
        "charge": charge[open_side],
        "exposure": wide[open_side],
    }


def place_names(exposure: FloatArray) -> tuple[str, ...]:
    """Name the kind of place of each site.

    Parameters
    ----------
    exposure : (m,) float array
        As in `Anchors`.

    Returns
    -------
    tuple of str
        ``face`` below 0.70, ``edge`` below 0.91, else ``corner``: midway between the values of
        A sites on a cube of octahedra.

    Examples
    --------
    >>> place_names(np.array([0.577, 0.816, 1.0]))
    ('face', 'edge', 'corner')
    """
    code = np.digitize(exposure, [_EDGE, _CORNER])
    return tuple(("face", "edge", "corner")[k] for k in code.tolist())
