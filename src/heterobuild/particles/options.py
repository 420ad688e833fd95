"""How big a particle is and what its form is: the options, before they meet a crystal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.registry import suggest

Length: TypeAlias = float | str
"""A length in Å, or text with a unit such as ``6.6 nm``."""

Policy: TypeAlias = Literal["auto", "remove-A", "add-A", "remove-X", "add-X", "refuse"]
"""How a formal charge is brought to zero."""

SurfacePolicy: TypeAlias = Literal[
    "auto", "remove-A", "add-A", "remove-X", "add-X", "ligands", "refuse"
]
"""The same where ligands can bring the charge."""

ShapeKind: TypeAlias = Literal[
    "cube",
    "cuboid",
    "sphere",
    "ellipsoid",
    "platelet",
    "rod",
    "wire",
    "octahedron",
    "rhombic-dodecahedron",
    "truncated-cube",
    "truncated-octahedron",
    "wulff",
]


@dataclass(frozen=True, kw_only=True)
class ParticleShape:
    """Form, size, centre and orientation of a particle.

    Directions and faces are along pseudo-cubic axes, or the axes of a crystal without such.

    Parameters
    ----------
    kind : {"cube", "cuboid", "sphere", "ellipsoid", "platelet", "rod", "wire", "octahedron", \
"rhombic-dodecahedron", "truncated-cube", "truncated-octahedron", "wulff"}, optional
        Form of the particle. A wire is endless along its axis, a rod ends.
    octahedra : int or list of int, optional
        Size in octahedra: edge of a cube, edges of a cuboid along x, y and z, diameter of a
        sphere, diameters of an ellipsoid, edges and height of a platelet, diameter and length of
        a rod, diameter of a wire, distance of opposite {100} faces or tips of other polyhedra. 3
        where no size is given, for platelets beside their monolayers.
    lengths : length or list of lengths, optional
        The same in Å, or as text in nm, such as "6.6 nm". Boxes along the pseudo-cubic axes take
        the nearest whole number of octahedra; other forms keep the length, whole octahedra fit
        inside.
    radius : length, optional
        Radius in Å of a sphere, rod or wire, half the edge of a cube; of a polyhedron that of its
        inscribed sphere. A rod has its length beside it.
    monolayers : int, optional
        Height of a platelet in octahedra along its axis.
    axis : list of int, optional
        Direction of the axis of a platelet, rod or wire, which lies along z of the model.
    section : {"square", "round"}, optional
        Cross section of a rod or wire; square has {100} faces where the axis is <100>.
    periods : int, optional
        Lattice periods of a wire that the model holds. 2 by default, so that two A cations can
        leave on opposite sides: a wire with planes of AX has one too many in each period.
    truncation : float, optional
        Share of the way from the full polyhedron, 0, to the cuboctahedron, 1, for the truncated
        kinds. The edges are equally long at 0.586 for a cube and 0.667 for an octahedron.
    facets : dict of str to float, optional
        For wulff: surface energies, any unit, of the faces {hkl}; all equivalent faces are cut,
        those of a cube for pseudo-cubic axes. With a size given, that is the size; else the
        values are distances in Å.
    centre : {"auto", "A", "B", "X"} or list of float, optional
        What lies at the centre of the particle: an A site, a B site, a bond (X), or a point in
        fractions of the conventional cell. "auto" takes B or A along each axis so that the
        wanted number of octahedra fits exactly.
    along_x, along_z : list of int, optional
        Directions of the crystal that point along x and z of the model. Boxes, ellipsoids and
        cylinders stand along x, y and z, faces {hkl} turn with the crystal.

    Examples
    --------
    >>> ParticleShape(kind="sphere", radius="3 nm").radius
    '3 nm'
    """

    kind: ShapeKind = "cube"
    octahedra: int | tuple[int, ...] | None = None
    lengths: Length | tuple[Length, ...] | None = None
    radius: Length | None = None
    monolayers: int | None = None
    axis: tuple[int, int, int] = (0, 0, 1)
    section: Literal["square", "round"] = "square"
    periods: int = 2
    truncation: float = 0.5
    facets: dict[str, float] = field(default_factory=dict)
    centre: Literal["auto", "A", "B", "X"] | tuple[float, float, float] = "auto"
    along_x: tuple[int, int, int] = (1, 0, 0)
    along_z: tuple[int, int, int] = (0, 0, 1)


_MEANT_FOR: dict[str, tuple[str, ...]] = {
    "monolayers": ("platelet",),
    "axis": ("platelet", "rod", "wire"),
    "section": ("rod", "wire"),
    "periods": ("wire",),
    "truncation": ("truncated-cube", "truncated-octahedron"),
    "facets": ("wulff",),
}


def refuse_unused(options: ParticleShape) -> None:
    """Refuse an unknown kind, and options that mean nothing for a kind unless left as they are.

    Parameters
    ----------
    options : ParticleShape
        The options.

    Raises
    ------
    UnknownNameError
        If there is no such kind or section.
    UsageError
        If an option was given that the kind does not use.

    Examples
    --------
    >>> refuse_unused(ParticleShape(kind="rod", section="round"))
    """
    for what, known in (("kind", get_args(ShapeKind)), ("section", ("square", "round"))):
        name = str(getattr(options, what))
        if name not in known:
            raise UnknownNameError(
                f"unknown {what} of particle {name!r}", next_step=suggest(name, known)
            )
    default = ParticleShape()
    for name, kinds in _MEANT_FOR.items():
        given = getattr(options, name)
        given = tuple(given) if isinstance(given, list) else given
        if options.kind not in kinds and given != getattr(default, name):
            raise UsageError(
                f"{name} means nothing for a {options.kind}",
                where=name,
                measured=repr(given),
                allowed=f"with {', '.join(kinds)}",
                next_step=f"leave {name} out",
            )
