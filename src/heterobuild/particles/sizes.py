"""The sizes of a particle as people write them: octahedra, Å, nm."""

from __future__ import annotations

import math
import numbers
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from heterobuild.particles.options import Length, ParticleShape

LARGEST = 1e5
"""Å; a particle of 10 µm has more atoms than any machine holds."""

MOST_OCTAHEDRA = 20_000
"""Octahedra along one edge; more is longer than `LARGEST`."""

DEFAULT_OCTAHEDRA = 3
"""The smallest cube with a B in its middle that is not on its surface."""

POLYHEDRA = ("octahedron", "rhombic-dodecahedron", "truncated-cube", "truncated-octahedron")
AXIAL = ("platelet", "rod", "wire")

_LENGTH = re.compile(
    r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(nm|Å|\u212b|A\u030a|A|angstroms?|ångströms?)?",
    re.IGNORECASE,
)
_NEXT = 'write a number in Å, or text such as "30 Å" or "6.6 nm"'

_ENTRIES: dict[str, dict[int, str]] = {
    "cube": {1: "000"},
    "cuboid": {1: "000", 3: "012"},
    "sphere": {1: "000"},
    "ellipsoid": {1: "000", 3: "012"},
    "platelet": {3: "012"},
    "rod": {2: "001", 3: "012"},
    "wire": {1: "00-", 2: "01-"},
    "wulff": {1: "0"},
    **{kind: {1: "0"} for kind in POLYHEDRA},
}
"""How many numbers a kind takes, and which of them is the size along x, y and z."""


@dataclass(frozen=True, kw_only=True)
class Extent:
    """A size along one direction: octahedra, a length, or endless where neither is given.

    Parameters
    ----------
    octahedra : int, optional
        Number of octahedra.
    length : float, optional
        Length in Å.
    """

    octahedra: int | None = None
    length: float | None = None


@dataclass(frozen=True, kw_only=True)
class Size:
    """The sizes that were asked for.

    Parameters
    ----------
    extents : tuple of Extent
        Along x, y and z of the model; one of a polyhedron, along its first {100}; none of a
        polyhedron of known radius, or of one whose faces have distances.
    inscribed : float, optional
        Radius in Å of the inscribed sphere of a polyhedron.
    """

    extents: tuple[Extent, ...] = ()
    inscribed: float | None = None


def length_in_angstrom(value: Length, where: str) -> float:
    """Read a length.

    Parameters
    ----------
    value : float or str
        A number in Å, or text with a unit: Å, A, angstrom or nm.
    where : str
        What the length is of, for the error.

    Returns
    -------
    float
        The length in Å.

    Raises
    ------
    UsageError
        If it is no length, not above 0, or longer than `LARGEST`.

    Examples
    --------
    >>> length_in_angstrom("6.6 nm", "radius"), length_in_angstrom(30, "radius")
    (66.0, 30.0)
    """
    number, unit = _number(value, where)
    length = round(number * 10, 9) if unit.lower() == "nm" else number
    if not (math.isfinite(length) and 0 < length <= LARGEST):
        raise UsageError(
            "this length is out of range",
            where=where,
            measured=f"{length:g} Å",
            allowed=f"above 0 and up to {LARGEST:g} Å",
        )
    return length


def size_of(options: ParticleShape) -> Size:
    """Read the sizes of a particle.

    Parameters
    ----------
    options : ParticleShape
        Form and size.

    Returns
    -------
    Size
        The sizes by direction; `DEFAULT_OCTAHEDRA` where a kind of one size has none.

    Raises
    ------
    UsageError
        If two sizes are given, one is missing, or the number of entries does not fit the kind.
    """
    _check_one_size(options)
    if options.kind == "platelet":
        return _platelet(options)
    if options.radius is not None:
        return _from_radius(options, length_in_angstrom(options.radius, "radius"))
    sizes = _sizes(options)
    if sizes is None:
        if options.kind == "wulff":
            return Size()
        if 1 not in _ENTRIES[options.kind]:
            raise UsageError(
                f"the size of a {options.kind} is missing",
                where="octahedra",
                allowed=_allowed(options.kind),
                next_step="give octahedra, lengths or radius",
            )
        sizes = (Extent(octahedra=DEFAULT_OCTAHEDRA),)
    return Size(extents=_arranged(options, sizes, _ENTRIES[options.kind]))


def _number(value: Length, where: str) -> tuple[float, str]:
    """Split a length into its number and unit."""
    if isinstance(value, str):
        found = _LENGTH.fullmatch(value.strip())
        if found:
            return float(found[1]), found[2] or "Å"
    elif not isinstance(value, bool):
        with suppress(TypeError, ValueError):
            return float(value), "Å"
    raise UsageError("this is no length", where=where, measured=repr(value), next_step=_NEXT)


def _check_one_size(options: ParticleShape) -> None:
    """Refuse several sizes where they contradict each other, and those that mean nothing."""
    given = [
        name for name in ("octahedra", "lengths", "radius") if getattr(options, name) is not None
    ]
    of_rod = options.kind == "rod" and len(given) == 2 and given[1] == "radius"
    if len(given) > 1 and not of_rod:
        raise UsageError(
            "a particle has one size",
            where=options.kind,
            measured=" and ".join(given),
            allowed="one of octahedra, lengths and radius (a rod takes radius and its length)",
        )
    if options.radius is not None and options.kind in {"cuboid", "ellipsoid", "platelet"}:
        raise UsageError(
            f"a {options.kind} has no radius", where="radius", next_step="give its lengths"
        )


def _sizes(options: ParticleShape) -> tuple[Extent, ...] | None:
    """Return octahedra or lengths as they were given, one entry or several."""
    if options.octahedra is not None:
        return tuple(Extent(octahedra=_count(n, "octahedra")) for n in _listed(options.octahedra))
    if options.lengths is not None:
        lengths = _listed(options.lengths)
        return tuple(Extent(length=length_in_angstrom(x, "lengths")) for x in lengths)
    return None


def _listed(value: Any) -> tuple[Any, ...]:
    """Return one entry or several as several."""
    return tuple(value) if isinstance(value, tuple | list) else (value,)


def _count(value: Any, where: str) -> int:
    """Return a number of octahedra."""
    whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not whole or not 1 <= int(value) <= MOST_OCTAHEDRA:
        raise UsageError(
            "octahedra are counted in whole numbers",
            where=where,
            measured=repr(value),
            allowed=f"1 to {MOST_OCTAHEDRA}",
        )
    return int(value)


def _from_radius(options: ParticleShape, radius: float) -> Size:
    """Return the sizes of a kind with a radius."""
    width = Extent(length=2 * radius)
    if options.kind in (*POLYHEDRA, "wulff"):
        return Size(inscribed=radius)
    if options.kind == "rod":
        (length,) = _arranged(options, _sizes(options) or (), {1: "0"})
        return Size(extents=(width, width, length))
    return Size(extents=(width, width, Extent() if options.kind == "wire" else width))


def _platelet(options: ParticleShape) -> Size:
    """Return edges and height of a platelet."""
    sizes = _sizes(options)
    if options.monolayers is None:
        return Size(extents=_arranged(options, sizes or (), {3: "012"}))
    height = Extent(octahedra=_count(options.monolayers, "monolayers"))
    edges = (Extent(octahedra=DEFAULT_OCTAHEDRA),) if sizes is None else sizes
    x, y = _arranged(options, edges, {1: "00", 2: "01"})
    return Size(extents=(x, y, height))


def _arranged(
    options: ParticleShape, sizes: tuple[Extent, ...], entries: dict[int, str]
) -> tuple[Extent, ...]:
    """Put sizes in the order of the axes."""
    if options.kind == "wire" and options.section == "round":
        entries = {1: "00-"}
    if options.kind == "rod" and options.section == "round":
        entries = {n: order for n, order in entries.items() if n < 3}
    if len(sizes) not in entries:
        name = "lengths" if options.lengths is not None else "octahedra"
        raise UsageError(
            f"a {options.kind} does not take this number of sizes",
            where=name,
            measured=len(sizes),
            allowed=_allowed(options.kind),
        )
    order = entries[len(sizes)]
    return tuple(Extent() if place == "-" else sizes[int(place)] for place in order)


def _allowed(kind: str) -> str:
    """Say which sizes a kind takes."""
    return {
        "cuboid": "1, or 3 along x, y and z",
        "ellipsoid": "1, or 3 diameters along x, y and z",
        "platelet": "two edges and the height, or one or two edges and monolayers",
        "rod": "diameter and length, or two edges and length of a square one; with radius, length",
        "wire": "its diameter, or the two edges of a square one",
    }.get(kind, "1")
