"""Where the centre of an octahedron may lie so that the whole octahedron is inside a form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.crystals.cubes import cube_of
from heterobuild.geometry.polyhedra import cut_by_planes
from heterobuild.geometry.shape_algebra import erosion, grown
from heterobuild.labels import MOLECULE, SITE, Site

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.geometry.polyhedra import Polyhedron
    from heterobuild.geometry.shapes import Shape
    from heterobuild.model import Crystal

SLACK = 0.05
"""Fraction of an edge by which an octahedron may stand out of a form: 0.3 Å, so that one that
touches the face counts as inside in distorted phases too."""

NEIGHBOURS = 6


@dataclass(frozen=True, kw_only=True, eq=False)
class Octahedron:
    """The size of an octahedron.

    Parameters
    ----------
    corners : (k, 3) float array
        Its corners in Å relative to its B, without tilt; empty where only its radius counts.
    radius : float
        Distance from B to X in Å.
    """

    corners: FloatArray
    radius: float


def octahedron_of(crystal: Crystal, axes: FloatArray) -> Octahedron:
    """Return the octahedron of a crystal.

    Parameters
    ----------
    crystal : Crystal
        The crystal.
    axes : (3, 3) float array
        Its pseudo-cubic axes in Å, rows, in the wanted frame.

    Returns
    -------
    Octahedron
        Corners halfway to the next B along the pseudo-cubic axes; along the stacking axis of
        layered phases as far as in the plane. For a crystal without pseudo-cubic axes a ball
        with the mean length of the six shortest bonds of the first B; 0 where there is no B.

    Raises
    ------
    MissingAtomsError
        If a crystal without pseudo-cubic axes has no atoms.

    Examples
    --------
    >>> from heterobuild.crystals import load_phase
    >>> round(octahedron_of(load_phase("Cs4PbBr6"), np.eye(3)).radius, 2)
    3.02
    """
    if crystal.pseudocubic is None:
        return Octahedron(corners=np.empty((0, 3)), radius=_bond(crystal))
    cube = cube_of(crystal)
    steps = np.array(axes)
    if cube is not None and len(cube.edges) == 2:
        steps[2] *= cube.mean / np.linalg.norm(steps[2])
    radius = float(np.linalg.norm(steps, axis=1).mean()) / 2
    return Octahedron(corners=np.vstack([steps, -steps]) / 2, radius=radius)


def room(shape: Shape, octahedron: Octahedron) -> Shape:
    """Return where B may lie in a solid.

    Parameters
    ----------
    shape : Shape
        The solid that holds whole octahedra.
    octahedron : Octahedron
        Their size.

    Returns
    -------
    Shape
        Solid for the B sites.
    """
    slack = 2 * SLACK * octahedron.radius
    if len(octahedron.corners):
        inner = grown(erosion(shape, octahedron.corners), slack)
    else:
        inner = grown(shape, slack - octahedron.radius)
    return replace(inner, name=f"room for octahedra in {shape.name}", half=shape.half)


def room_in_polyhedron(body: Polyhedron, shape: Shape, octahedron: Octahedron) -> Shape:
    """Return where B may lie in a polyhedron, each face moved by what octahedra need there.

    Parameters
    ----------
    body : Polyhedron
        The polyhedron.
    shape : Shape
        The same as a solid.
    octahedron : Octahedron
        Size of octahedra.

    Returns
    -------
    Shape
        Solid for the B sites.
    """
    kept = body.areas > 0
    normals = body.normals[kept]
    needed = np.full(len(normals), octahedron.radius)
    if len(octahedron.corners):
        needed = (normals @ octahedron.corners.T).max(axis=1)
    inner = body.distances[kept] - needed + 2 * SLACK * octahedron.radius
    return cut_by_planes(
        normals, inner, name=f"room for octahedra in {shape.name}", half=shape.half
    )


def _bond(crystal: Crystal) -> float:
    """Return the mean length of the six shortest bonds of the first B."""
    atoms = crystal.require_atoms()
    single = atoms.arrays[MOLECULE] == 0
    metals = atoms.positions[single & (atoms.arrays[SITE] == Site.B)]
    anions = atoms.positions[single & (atoms.arrays[SITE] == Site.X)]
    if not len(metals) or not len(anions):
        return 0.0
    fractions = (anions - metals[0]) @ np.linalg.inv(crystal.cell)
    fractions -= np.rint(fractions)
    images = np.stack(np.meshgrid(*[np.arange(-1, 2)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    vectors = (fractions[:, None] + images).reshape(-1, 3) @ crystal.cell
    lengths = np.sort(np.linalg.norm(vectors, axis=1))
    return float(lengths[:NEIGHBOURS].mean())
