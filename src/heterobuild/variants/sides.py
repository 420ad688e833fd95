"""The faces and terminations that one side of an interface can have."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from heterobuild.errors import UsageError
from heterobuild.slabs import cut_slab, face_indices, stack_planes
from heterobuild.slabs.terminations import find_termination
from heterobuild.variants.surface_operations import same_faces

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from heterobuild.architectures.vertical import Vertical
    from heterobuild.model import Crystal, Miller, Slab, Stacking

End = Literal["bottom", "top"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Side:
    """A crystal and how its slab is cut.

    Parameters
    ----------
    crystal : Crystal
        A crystal with atoms.
    miller : sequence of int or str
        The face, see `heterobuild.slabs.face_indices`.
    cut : mapping of str to object, optional
        Further keywords of `heterobuild.slabs.cut_slab`, such as ``layers``.
    slab : callable, optional
        Cuts the slab of a side, where there is more to do than `heterobuild.slabs.cut_slab` does.
    """

    crystal: Crystal
    miller: object
    cut: Mapping[str, Any] = field(default_factory=dict)
    slab: Callable[[Side], Slab] | None = None


def slab_of(side: Side) -> Slab:
    """Cut the slab of a side.

    Parameters
    ----------
    side : Side
        The side.

    Returns
    -------
    Slab
        The slab.
    """
    if side.slab is not None:
        return side.slab(side)
    return cut_slab(side.crystal, side.miller, **side.cut)


def facing_end(name: str, architecture: Vertical) -> End:
    """Return which end of a slab, as cut, faces the other side.

    Parameters
    ----------
    name : str
        ``film`` or ``substrate``.
    architecture : Vertical
        Which side lies below, and which is turned over.

    Returns
    -------
    {"bottom", "top"}
        The end.

    Examples
    --------
    >>> from heterobuild.architectures.vertical import Vertical
    >>> facing_end("film", Vertical()), facing_end("film", Vertical(film_face="down"))
    ('bottom', 'top')
    """
    above = (name == "film") == (architecture.below == "substrate")
    face = architecture.film_face if name == "film" else architecture.substrate_face
    return "bottom" if above == (face == "up") else "top"


def distinct_faces(side: Side, wanted: str | Sequence[object]) -> list[tuple[Side, int]]:
    """Return a side with each of its distinct faces.

    Parameters
    ----------
    side : Side
        The side.
    wanted : {"both", "given"} or sequence
        The opposite face too, only that of the side, or these faces.

    Returns
    -------
    list of (Side, int)
        The side with each face, and how many of the faces it stands for.
    """
    given = face_indices(side.crystal, side.miller)
    if isinstance(wanted, str):
        opposite = (-given[0], -given[1], -given[2])
        faces: list[Miller] = [given] if wanted == "given" else [given, opposite]
    else:
        faces = [face_indices(side.crystal, face) for face in wanted]
    found: Counter[Miller] = Counter()
    for face in faces:
        known = next((one for one in found if same_faces(side.crystal, one, face)), face)
        found[known] += 1
    return [(replace(side, miller=face), count) for face, count in found.items()]


def distinct_ends(side: Side, end: End, *, every: bool) -> list[tuple[Side, str, int]]:
    """Return a side with each of the planes that it can end with at the interface.

    Parameters
    ----------
    side : Side
        The side.
    end : {"bottom", "top"}
        The end that faces the other side.
    every : bool
        Whether all planes are wanted, or that of the side only.

    Returns
    -------
    list of (Side, str, int)
        The side with each plane, the formula of the plane, and how many equivalent planes of
        one repeat it stands for.

    Raises
    ------
    UsageError
        If the slab cannot be cut.
    """
    if not every:
        slab = slab_of(side)
        return [(side, getattr(slab, end).formula, 1)]
    stacking = stack_planes(side.crystal, side.miller)
    key = "bottom" if side.cut.get("symmetric") else end
    ends = Counter(plane.equivalent for plane in stacking.terminations)
    found = []
    for number, count in ends.items():
        plane = stacking.terminations[number]
        named = _name(stacking, number)
        found.append((replace(side, cut={**side.cut, key: named}), plane.formula, count))
    return found


def _name(stacking: Stacking, number: int) -> int | str:
    """Return the formula of a plane where it names it, else its number."""
    formula = stacking.terminations[number].formula
    try:
        same = find_termination(stacking, formula).equivalent == number
    except UsageError:
        return number
    return formula if same else number
