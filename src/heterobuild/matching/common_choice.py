"""Choose one common cell of several slabs, or say which of them does not fit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import NothingFitsError
from heterobuild.matching.advice import Advice
from heterobuild.matching.choice import no_match
from heterobuild.matching.common_superlattice import CommonCell, cells_of
from heterobuild.matching.miss_words import describe_limits
from heterobuild.matching.placements import placements
from heterobuild.matching.surfaces import surface_of
from heterobuild.model import Match

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heterobuild.matching.limits import MatchLimits
    from heterobuild.matching.surfaces import Surface
    from heterobuild.model import Slab

    Key = tuple[object, ...]

LARGEST = 32.0
"""Common cells up to this multiple of the area allowed are told as nearest misses."""


def choose_common_cell(
    layers: Mapping[str, Slab],
    reference: tuple[str, Slab],
    limits: MatchLimits,
    *,
    rank: int = 0,
) -> tuple[CommonCell, tuple[CommonCell, ...]]:
    """Return one common cell of several slabs on a reference slab, and the others.

    Slabs of the same crystal and face lie alike: they are matched once, and those of the
    reference lie as it does.

    Parameters
    ----------
    layers : mapping of str to Slab
        The slabs by name; there may be none.
    reference : tuple of (str, Slab)
        Name and slab that the others are matched to.
    limits : MatchLimits
        Largest strain of each slab and largest area of the common cell.
    rank : int, optional
        0 for the first of `common_cells`.

    Returns
    -------
    cell : CommonCell
        The common cell of this rank, with one match a layer.
    cells : tuple of CommonCell
        All of them, with one match a distinct surface.

    Raises
    ------
    NothingFitsError
        If there are not that many; the message names the slab that does not fit and holds the
        nearest misses.
    """
    name, base = reference
    groups: dict[Key, list[str]] = {}
    for label, slab in layers.items():
        groups.setdefault(_key(slab), []).append(label)
    alike = groups.pop(_key(base), [])
    slabs = {**layers, name: base}
    below = _surface(slabs, [*alike, name])
    films = {labels[0]: _surface(slabs, labels) for labels in groups.values()}
    cells = _cells(films, below, name, limits)
    if rank >= len(cells):
        raise NothingFitsError(
            f"there is no common cell of rank {rank}",
            measured=f"{len(cells)} common cells",
            allowed=f"ranks 0 to {len(cells) - 1}",
            next_step=Advice(
                "choose a lower rank or relax max_area or max_strain",
                options="choose a lower --match or relax --max-area or --max-strain",
            ),
        )
    place = {label: k for k, labels in enumerate(groups.values()) for label in labels}
    return _for_layers(cells[rank], [place.get(label) for label in layers], below), cells


def _key(slab: Slab) -> Key:
    """Return what slabs that lie alike have in common: crystal, face and surface cell."""
    cell = np.round(slab.stacking.cell[:2, :2], 6) + 0.0
    return (slab.crystal.name, slab.miller, slab.flipped, *cell.ravel().tolist())


def _surface(slabs: Mapping[str, Slab], labels: Sequence[str]) -> Surface:
    """Return the surface of slabs that lie alike, with the atoms of all of them."""
    atoms = sum(len(slabs[label].atoms) for label in labels)
    return replace(surface_of(slabs[labels[0]], labels[0]), atoms=atoms)


def _cells(
    films: Mapping[str, Surface], below: Surface, name: str, limits: MatchLimits
) -> tuple[CommonCell, ...]:
    """Return all common cells, or say what stands against them."""
    surfaces = list(films.values())
    placed = []
    for label, surface in films.items():
        placed.append(placements(surface, below, limits))
        if not len(placed[-1]):
            raise no_match([(surface, below)], limits, [f"{label} on {name}:"])
    cells = cells_of(placed, surfaces, below, limits, most_area=limits.max_area)
    if cells:
        return cells
    free = replace(limits, max_atoms=None)
    larger = cells_of(placed, surfaces, below, free, most_area=LARGEST * limits.max_area)
    least = {}
    for left, label in enumerate(films):
        rest = [k for k in range(len(surfaces)) if k != left]
        found = cells_of(
            [placed[k] for k in rest],
            [surfaces[k] for k in rest],
            below,
            limits,
            most_area=limits.max_area,
        )
        if found:
            least[label] = found[0].area
    raise _apart(larger, least, name, limits)


def _apart(
    larger: Sequence[CommonCell], least: Mapping[str, float], name: str, limits: MatchLimits
) -> NothingFitsError:
    """Return the error for slabs that fit on the reference one by one but not together."""
    told = [f"without {label} {area:.1f} Å² would do" for label, area in least.items()]
    area = min((cell.area for cell in larger), default=None)
    if area is not None:
        told.insert(0, f"together from {area:.1f} Å²")
    next_step: str = Advice(
        "relax max_strain, or choose another reference or other faces",
        options="relax --max-strain, or choose another --reference or other faces",
    )
    if area is not None and area > limits.max_area:
        up = np.ceil(area)
        next_step = Advice(
            f"set max_area: {up:.0f}, or relax max_strain",
            options=f"set --max-area {up:.0f}, or relax --max-strain",
        )
    return NothingFitsError(
        f"every part fits on {name}, but they have no common in-plane cell within the limits",
        measured="; ".join(told) or "no common cell of any size was found",
        allowed=describe_limits(limits),
        next_step=next_step,
    )


def _for_layers(cell: CommonCell, places: Sequence[int | None], below: Surface) -> CommonCell:
    """Return a common cell with one match a layer; None stands for one like the reference."""
    alike = Match(
        film=np.eye(2, dtype=np.int64),
        substrate=np.eye(2, dtype=np.int64),
        area=below.area,
        film_area=below.area,
        strains=(0.0, 0.0),
        log_strain=0.0,
        rotation=0.0,
        deformation=np.eye(2),
    )
    films = [cell.reference if place is None else cell.films[place] for place in places]
    return replace(
        cell,
        films=np.array(films, dtype=np.int64).reshape(-1, 2, 2),
        matches=tuple(alike if place is None else cell.matches[place] for place in places),
    )
