"""Polyhedral forms of a crystal, with faces along its lattice planes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.crystals.cubes import cube_of
from heterobuild.errors import UsageError
from heterobuild.geometry.polyhedra import polyhedron, scaled
from heterobuild.geometry.wulff import orbit, wulff
from heterobuild.particles.facets import cube_operations, equivalences, read_facets

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.geometry.polyhedra import Polyhedron
    from heterobuild.model import Crystal
    from heterobuild.particles.options import ParticleShape
    from heterobuild.particles.sizes import Size


def named_polyhedron(
    options: ParticleShape, crystal: Crystal, axes: FloatArray, size: Size
) -> Polyhedron:
    """Return an octahedron, rhombic dodecahedron or truncated form of a crystal.

    Its faces are lattice planes: it is the ideal polyhedron strained as the pseudo-cubic axes are,
    so that a size in octahedra holds along all three.

    Parameters
    ----------
    options : ParticleShape
        Kind and truncation.
    crystal : Crystal
        The crystal.
    axes : (3, 3) float array
        Pseudo-cubic axes in Å, rows, in the wanted frame.
    size : Size
        One extent along the axes, or the radius of the inscribed sphere.

    Returns
    -------
    Polyhedron
        The polyhedron.

    Raises
    ------
    UsageError
        If the crystal has no cube, or the truncation is not within 0 and 1.
    """
    if cube_of(crystal) is None:
        raise UsageError(
            f"{crystal.name} has no cubic axes along which a {options.kind} could stand",
            where="kind",
            next_step="use wulff with faces of this crystal",
        )
    faces, levels = _levels(options)
    families = [orbit(face, cube_operations()) for face in faces]
    heights = np.repeat(levels, [len(images) for images in families])
    edges = np.array(axes)
    if size.inscribed is None:
        edges *= _edges(edges, size)[:, None]
    normals = np.vstack(families) @ np.linalg.inv(edges).T
    body = polyhedron(normals, heights / np.linalg.norm(normals, axis=1))
    if size.inscribed is not None:
        body = scaled(body, size.inscribed / float(body.distances.min()))
    return body


def wulff_polyhedron(
    options: ParticleShape, crystal: Crystal, axes: FloatArray, size: Size
) -> tuple[Polyhedron, tuple[str, ...]]:
    """Return the polyhedron of given surface energies or distances.

    Parameters
    ----------
    options : ParticleShape
        Facets.
    crystal : Crystal
        The crystal, whose point group makes the faces of each family.
    axes : (3, 3) float array
        Axes of the indices in Å, rows, in the wanted frame.
    size : Size
        Extent along the first axis, or radius of the inscribed sphere; with neither the values of
        the facets are distances in Å.

    Returns
    -------
    Polyhedron
        The polyhedron.
    tuple of str
        Families that have no area.

    Raises
    ------
    UsageError
        If faces cannot be read, two families are the same, or they do not close.
    """
    faces, energies = read_facets(options.facets)
    operations = equivalences(crystal)
    _refuse_same(list(options.facets), [orbit(face, operations) for face in faces])
    basis = np.linalg.inv(axes).T
    try:
        body, family = wulff(faces, energies, operations, basis=basis, radius=size.inscribed)
    except ValueError:
        raise UsageError(
            "these faces do not close to a polyhedron",
            where="facets",
            measured=", ".join(f"{{{name}}}" for name in options.facets),
            next_step="add a family that bounds the open direction",
        ) from None
    if size.extents:
        extent = size.extents[0]
        wanted = float(extent.length or (extent.octahedra or 0) * np.linalg.norm(axes[0]))
        body = scaled(body, wanted / _across(body, axes[0]))
    areas = np.bincount(family, weights=body.areas)
    return body, tuple(name for name, area in zip(options.facets, areas, strict=True) if area == 0)


def _levels(options: ParticleShape) -> tuple[FloatArray, FloatArray]:
    """Return one face of each family and its h·x, where the form reaches from −½ to ½ along x."""
    cut = options.truncation
    if not 0 <= cut <= 1:
        raise UsageError(
            "the truncation is out of range",
            where="truncation",
            measured=cut,
            allowed="0, the full polyhedron, to 1, the cuboctahedron",
        )
    table: dict[str, dict[tuple[int, int, int], float]] = {
        "octahedron": {(1, 1, 1): 0.5},
        "rhombic-dodecahedron": {(1, 1, 0): 0.5},
        "truncated-cube": {(1, 0, 0): 0.5, (1, 1, 1): 0.5 * (3 - cut)},
        "truncated-octahedron": {(1, 0, 0): 0.5, (1, 1, 1): 0.5 / (1 - cut / 2)},
    }
    levels = table[options.kind]
    return np.array(list(levels)), np.array(list(levels.values()))


def _edges(axes: FloatArray, size: Size) -> FloatArray:
    """Return the extents along the axes in numbers of these."""
    extent = size.extents[0]
    if extent.length is not None:
        return np.asarray(extent.length / np.linalg.norm(axes, axis=1))
    return np.full(3, float(extent.octahedra or 0))


def _across(body: Polyhedron, axis: FloatArray) -> float:
    """Return the length of the chord through the centre along an axis."""
    slopes = body.normals @ (axis / np.linalg.norm(axis))
    up, down = slopes > 1e-9, slopes < -1e-9
    forth, back = body.distances[up] / slopes[up], body.distances[down] / slopes[down]
    return float(forth.min() - back.max())


def _refuse_same(names: list[str], families: list[FloatArray]) -> None:
    """Refuse two names of one family."""
    for index, family in enumerate(families):
        for other in range(index):
            if (families[other] == family[0]).all(axis=1).any():
                raise UsageError(
                    "two of these faces are equivalent",
                    where="facets",
                    measured=f"{names[other]} and {names[index]}",
                    next_step="give one energy for both",
                )
