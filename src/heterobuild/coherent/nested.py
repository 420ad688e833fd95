"""Outer forms of nested parts: each grows out of the one inside it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.coherent.covers import covered
from heterobuild.errors import UsageError
from heterobuild.frameworks.contents import REMEMBERED, contents_of
from heterobuild.frameworks.scaling import cube_edge, stretched
from heterobuild.geometry.shape_algebra import grown
from heterobuild.particles.estimating import solid_volume
from heterobuild.particles.forms import make_form
from heterobuild.particles.judged_options import judge_word
from heterobuild.particles.options import ParticleShape, ShapeKind
from heterobuild.particles.sizes import length_in_angstrom

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.frameworks.contents import Contents
    from heterobuild.geometry.shapes import Shape
    from heterobuild.model import Crystal
    from heterobuild.particles.forms import Form
    from heterobuild.particles.options import Length

BOXES = ("cube", "cuboid", "platelet")
"""Kinds whose faces are planes of the lattice, so that shells are whole octahedra."""

OUTER: tuple[ShapeKind, ...] = ("cube", "sphere", "octahedron", "rhombic-dodecahedron")
"""Forms that the outside of a shell can have apart from that of what it covers."""

_NORMALS = {
    "cube": np.array([[1.0, 0, 0], [0, 1, 0], [0, 0, 1]]),
    "octahedron": np.array([[1.0, 1, 1], [1, 1, -1], [1, -1, 1], [-1, 1, 1]]) / np.sqrt(3),
    "rhombic-dodecahedron": np.array(
        [[1.0, 1, 0], [1, -1, 0], [1, 0, 1], [1, 0, -1], [0, 1, 1], [0, 1, -1]]
    )
    / np.sqrt(2),
}
_GRID = 33


@dataclass(frozen=True, kw_only=True)
class ShellSize:
    """How thick a shell is and what it covers.

    Parameters
    ----------
    layers : int or None
        Thickness in octahedra.
    thickness : length or None
        Thickness in Å instead.
    outer : str
        Form of the outside, empty for that of the inside.
    cover : str
        ``all``, ``crown``, faces, or a cap.
    """

    layers: int | None
    thickness: Length | None
    outer: str
    cover: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Nest:
    """The forms of all parts and the crystal whose lattice they share.

    Parameters
    ----------
    host : Crystal
        The crystal, stretched to the common lattice.
    forms : tuple of Form
        Outer forms from the innermost outward.
    """

    host: Crystal
    forms: tuple[Form, ...]


def part_names(count: int) -> tuple[str, ...]:
    """Return the usual names of the parts of a core/shell particle.

    Parameters
    ----------
    count : int
        Number of parts.

    Returns
    -------
    tuple of str
        The names.

    Examples
    --------
    >>> part_names(2), part_names(3)
    (('core', 'shell'), ('core', 'shell 1', 'shell 2'))
    """
    if count == 2:
        return ("core", "shell")
    return ("core", *(f"shell {k}" for k in range(1, count)))


def nested_forms(
    shape: ParticleShape,
    crystals: tuple[Crystal, ...],
    *,
    lattice: str | float,
    shells: tuple[ShellSize, ...],
) -> Nest:
    """Return the forms of a coherent core/shell particle.

    Parameters
    ----------
    shape : ParticleShape
        Form of the core.
    crystals : tuple of Crystal
        Core, then shells.
    lattice : {"mean", "core", "shell"} or float
        Common lattice; "mean" weighs the pseudo-cubic edges with the volumes of the parts.
    shells : tuple of ShellSize
        The shells; none leaves the core alone.

    Returns
    -------
    Nest
        Host and forms. The host has the tilts of the part that the lattice is named after, of
        the largest part for the mean.

    Raises
    ------
    UsageError
        If an option is out of range.
    """
    forms = _forms(shape, crystals[0], shells)
    volumes = np.diff([0.0, *(_volume(form) for form in forms)])
    if len(forms) == 1:
        volumes = np.array([1.0] + [0.0] * (len(crystals) - 1))
    edges = np.array([cube_edge(crystal) for crystal in crystals])
    if lattice == "core":
        number, edge = 0, edges[0]
    elif lattice == "shell":
        number, edge = len(crystals) - 1, edges[-1]
    else:
        if isinstance(lattice, str):
            judge_word(lattice, "lattice", ("mean", "core", "shell"))
        number = int(np.argmax(volumes))
        edge = float(lattice) if lattice != "mean" else float(volumes @ edges / volumes.sum())
    _judge_lattice(edge, edges)
    host = stretched(crystals[number], edge / edges[number])
    return Nest(host=host, forms=_forms(shape, host, shells))


def _forms(shape: ParticleShape, host: Crystal, shells: tuple[ShellSize, ...]) -> tuple[Form, ...]:
    """Return the forms on one lattice."""
    wanted = _Wanted(key=repr((shape, shells)), shape=shape, shells=shells)
    return _forms_on(wanted, contents_of(host))


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """Core and shells as a key; some options hold lists and tables, which are none."""

    key: str
    shape: ParticleShape = field(compare=False)
    shells: tuple[ShellSize, ...] = field(compare=False)


@lru_cache(maxsize=REMEMBERED)
def _forms_on(wanted: _Wanted, contents: Contents) -> tuple[Form, ...]:
    """Return the forms, the same ones where the same was wanted before."""
    host = contents.crystal
    forms = [make_form(wanted.shape, host)]
    for size in wanted.shells:
        forms.append(shell_form(forms[-1], host, size, edge=cube_edge(host)))
    return tuple(forms)


def _volume(form: Form) -> float:
    """Return a volume in Å³, for weights; that of a wire is of 2 Å of it."""
    return solid_volume(form.shape, 2.0)


def _judge_lattice(edge: float, edges: FloatArray) -> None:
    """Refuse a lattice far from those of the parts."""
    low, high = 0.9 * edges.min(), 1.1 * edges.max()
    if not low <= edge <= high:
        raise UsageError(
            "the common lattice is far from those of the parts",
            where="lattice",
            measured=f"{edge:g} Å",
            allowed=f"{low:.2f} to {high:.2f} Å",
            next_step="use mean",
        )


def shell_form(inner: Form, crystal: Crystal, size: ShellSize, *, edge: float) -> Form:
    """Return the outer form of a shell.

    Parameters
    ----------
    inner : Form
        What the shell covers.
    crystal : Crystal
        The host, for forms that are made anew.
    size : ShellSize
        Thickness, form and cover. Boxes take the nearest number of octahedra to a thickness in
        Å; a form of its own is as large as leaves the thickness at the closest place; on faces
        the form inside is continued outward.
    edge : float
        Pseudo-cubic edge in Å.

    Returns
    -------
    Form
        The outer form; ``asked`` holds what was asked for, keys end in the unit.

    Raises
    ------
    UsageError
        If an option is out of range.
    """
    if inner.kind == "wire" and (size.outer or size.cover.startswith("cap")):
        raise UsageError(
            "a shell around a wire has the form of the wire, all around or on its faces",
            where="outer" if size.outer else "cover",
            measured=size.outer or size.cover,
            next_step="leave it out, or take a rod",
        )
    step, asked = _step(inner, size, edge)
    if size.outer:
        return _other_form(inner, crystal, size.outer, step, asked)
    full = _grown(inner, step, asked)
    return full if size.cover == "all" else covered(inner, full, size.cover, step, edge)


def _step(inner: Form, size: ShellSize, edge: float) -> tuple[float, dict[str, object]]:
    """Return the thickness of a shell in Å, and what was asked for."""
    if size.thickness is not None:
        length = length_in_angstrom(size.thickness, "thickness")
        box = inner.kind in BOXES and not size.outer
        step = max(1, round(length / edge)) * edge if box else length
        return step, {"asked_thickness_A": length, "thickness_A": round(step, 4)}
    count = 1 if size.layers is None else size.layers
    if count < 1:
        raise UsageError(
            "a shell has at least one layer of octahedra",
            where="layers",
            measured=count,
            next_step="use 1, or halide_planes: 1 for the outermost halides alone",
        )
    step = count * edge
    return step, {"asked_octahedra": count, "thickness_A": round(step, 4)}


def _grown(inner: Form, step: float, asked: dict[str, object]) -> Form:
    """Return the same form with all faces further out."""
    return replace(
        inner, shape=grown(inner.shape, step), carving=grown(inner.carving, step), asked=dict(asked)
    )


def _other_form(
    inner: Form, crystal: Crystal, kind: str, step: float, asked: dict[str, object]
) -> Form:
    """Return a form of another kind around the inner one, a step away at the closest place."""
    name = next((known for known in OUTER if known == kind), None)
    if name is None:
        raise UsageError(
            f"the outside of a shell cannot be a {kind}",
            where="outer",
            allowed=", ".join(OUTER),
            next_step="leave outer out for the form of the core",
        )
    points = _surface_points(inner.shape)
    if kind == "sphere":
        radius = float(np.linalg.norm(points, axis=1).max()) + step
    else:
        radius = float((points @ _NORMALS[name].T).max()) + step
    made = make_form(ParticleShape(kind=name, radius=radius), crystal)
    return replace(made, rotation=inner.rotation, asked=dict(asked))


def _surface_points(shape: Shape) -> FloatArray:
    """Return points of a grid that lie inside a shape; corners of boxes are among them."""
    lines = [np.linspace(-h, h, _GRID) for h in shape.half]
    points = np.stack(np.meshgrid(*lines, indexing="ij"), axis=-1).reshape(-1, 3)
    inside: FloatArray = points[shape.distance(points) <= 1e-6]
    return inside
