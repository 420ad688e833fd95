"""All distinct interfaces of two crystals: faces, terminations, matches and in-plane shifts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import HeterobuildError, NothingFitsError
from heterobuild.matching import find_matches
from heterobuild.matching.choice import choose_match
from heterobuild.slabs import turn_slab
from heterobuild.variants.enumeration import Enumeration
from heterobuild.variants.naming import interface_labels
from heterobuild.variants.same_structure import superpose
from heterobuild.variants.shifts import distinct_shifts
from heterobuild.variants.sides import distinct_ends, distinct_faces, facing_end, slab_of
from heterobuild.variants.surface_operations import (
    facing_operations,
    kept_operations,
    lattice_map,
    mirrored,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from heterobuild.architectures.vertical import Vertical
    from heterobuild.arrays import FloatArray
    from heterobuild.model import Heterostructure, Match, Slab
    from heterobuild.variants.shifts import Shift
    from heterobuild.variants.sides import Side
    from heterobuild.variants.surface_operations import SurfaceOperations

SMALL = 2000
"""Atoms up to which models are compared atom by atom; larger ones by symmetry only."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Variant:
    """One of the distinct interfaces.

    Parameters
    ----------
    label : str
        Faces, facing planes, match and shift, fit for a folder.
    film, substrate : Side
        How either slab is cut.
    planes : tuple of str
        Formulas of the facing planes, of the film and of the substrate.
    architecture : Vertical
        How they are joined; its ``match`` and ``shift`` are those of the variant.
    multiplicity : int
        Combinations of faces, planes, matches and shifts that are this interface.
    """

    label: str
    film: Side
    substrate: Side
    planes: tuple[str, str]
    architecture: Vertical
    multiplicity: int


def distinct_interfaces(
    film: Side,
    substrate: Side,
    architecture: Vertical,
    wanted: Enumeration | None = None,
    *,
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> tuple[Variant, ...]:
    """Return every distinct interface of two crystals once.

    Faces that a rotation of the crystal turns into one another, planes that a rotation maps onto
    one another, matches that rotations or mirrors of both surfaces turn into one another, and
    shifts that are the same modulo the surface lattices and the isometries of the interface
    count once. What is left is built and compared atom by atom.

    Parameters
    ----------
    film, substrate : Side
        The crystals, their faces and how their slabs are cut.
    architecture : Vertical
        Limits, strain, gap and all other options; its match is not read, its shift is added to
        those enumerated.
    wanted : Enumeration, optional
        What is enumerated.
    seed : int, optional
        Seed for mixed sites and molecular cations.
    progress : callable, optional
        Called with a line of text before each pair of slabs.

    Returns
    -------
    tuple of Variant
        By faces, planes, rank of the match, and length of the shift. A combination that cannot
        be built is among them with its first shift.

    Raises
    ------
    NothingFitsError
        If no pair of faces has a match within the limits.
    HeterobuildError
        If a face or a termination of the sides does not exist.

    Examples
    --------
    >>> from heterobuild.architectures.vertical import Vertical
    >>> from heterobuild.compounds import load_crystal
    >>> from heterobuild.matching import MatchLimits
    >>> from heterobuild.variants.sides import Side
    >>> sides = [
    ...     Side(crystal=load_crystal(name), miller="001", cut={"layers": 2})
    ...     for name in ("CsPbBr3_cubic", "CsPbI3_alpha")
    ... ]
    >>> found = distinct_interfaces(
    ...     *sides, Vertical(limits=MatchLimits(max_strain=0.08)), Enumeration(matches=1, shifts=1)
    ... )
    >>> [variant.planes for variant in found]
    [('PbBr2', 'PbI2'), ('PbBr2', 'CsI'), ('CsBr', 'PbI2'), ('CsBr', 'CsI')]
    """
    asked = wanted or Enumeration()
    every = asked.terminations == "all"
    choices = [
        [
            (cut, plane, faces * planes)
            for face, faces in distinct_faces(side, _faces(asked, name))
            for cut, plane, planes in distinct_ends(
                face, facing_end(name, architecture), every=every
            )
        ]
        for name, side in (("film", film), ("substrate", substrate))
    ]
    found: list[Variant] = []
    compared: list[tuple[int, Heterostructure]] = []
    misses: list[NothingFitsError] = []
    for above, ours, first in choices[0]:
        for below, theirs, second in choices[1]:
            pair = Variant(
                label="",
                film=above,
                substrate=below,
                planes=(ours, theirs),
                architecture=architecture,
                multiplicity=first * second,
            )
            if progress is not None:
                progress(f"comparing interfaces {ours} | {theirs}")
            try:
                for variant, built in _of_pair(pair, asked, seed):
                    _add(variant, built, found, compared)
            except NothingFitsError as error:
                misses.append(error)
                found.append(pair)
    if len(misses) == len(found):
        raise misses[0]
    labels = interface_labels(
        [(variant.film.miller, variant.substrate.miller) for variant in found],
        [variant.planes for variant in found],
        [variant.architecture.match for variant in found],
    )
    named = zip(found, labels, strict=True)
    return tuple(replace(variant, label=label) for variant, label in named)


def _faces(asked: Enumeration, name: str) -> str | list[object]:
    """Return the faces that are asked for on one side."""
    if isinstance(asked.faces, str):
        return asked.faces
    listed: dict[str, list[object]] = {key: list(value) for key, value in asked.faces.items()}
    return listed.get(name, "given")


def _of_pair(
    pair: Variant, asked: Enumeration, seed: int
) -> Iterator[tuple[Variant, Heterostructure | None]]:
    """Yield the variants of two slabs with their models; None where one cannot be built."""
    try:
        slabs = slab_of(pair.film), slab_of(pair.substrate)
    except HeterobuildError:
        yield pair, None
        return
    options = pair.architecture
    turned = (
        turn_slab(slabs[0]) if options.film_face == "down" else slabs[0],
        turn_slab(slabs[1]) if options.substrate_face == "down" else slabs[1],
    )
    ends = (False, True) if options.below == "substrate" else (True, False)
    every = options.periodic != "slab"
    sides = (
        facing_operations(turned[0], top=ends[0] or every, bottom=ends[1] or every),
        facing_operations(turned[1], top=ends[1] or every, bottom=ends[0] or every),
    )
    for rank, match, count in _distinct_matches(turned, sides, pair.architecture, asked.matches):
        chosen = replace(options, match=rank)
        variant = replace(pair, architecture=chosen, multiplicity=pair.multiplicity * count)
        built = _built(chosen, slabs, seed)
        if built is None:
            yield variant, None
            continue
        for number, shift in enumerate(_shifts(built, match, sides, chosen, asked.shifts)):
            moved = replace(
                chosen,
                shift=(
                    chosen.shift[0] + shift.fractions[0],
                    chosen.shift[1] + shift.fractions[1],
                ),
            )
            yield (
                replace(
                    variant,
                    architecture=moved,
                    multiplicity=variant.multiplicity * shift.multiplicity,
                ),
                built if number == 0 else _built(moved, slabs, seed),
            )


def _distinct_matches(
    slabs: tuple[Slab, Slab],
    sides: tuple[SurfaceOperations, SurfaceOperations],
    architecture: Vertical,
    number: int,
) -> list[tuple[int, Match, int]]:
    """Return rank, match, and how many mirror images there are, of the first distinct ones."""
    limits = architecture.limits
    matches = find_matches(*slabs, limits) or choose_match(*slabs, limits)[1]
    found: list[tuple[int, Match, FloatArray]] = []
    counts: list[int] = []
    for rank, match in enumerate(matches):
        mapped = lattice_map(match)
        same = [i for i, entry in enumerate(found) if mirrored(entry[2], mapped, *sides)]
        if same:
            counts[same[0]] += 1
        elif len(found) == number:
            break
        else:
            found.append((rank, match, mapped))
            counts.append(1)
    return [(rank, match, count) for (rank, match, _), count in zip(found, counts, strict=True)]


def _shifts(
    built: Heterostructure,
    match: Match,
    sides: tuple[SurfaceOperations, SurfaceOperations],
    architecture: Vertical,
    places: int,
) -> tuple[Shift, ...]:
    """Return the distinct shifts from the registry that a model was built with."""
    steps = {step.name: step.values for step in reversed(built.steps)}
    vectors: FloatArray = np.linalg.solve(
        match.substrate.astype(float), np.array(steps["match"]["cell_A"])
    )
    registries = [step.values for step in built.steps if step.name == "registry"]
    found = registries[-1 if architecture.periodic == "sandwich" else 0]
    shift = np.array(found["shift_A"])
    origin = (shift if architecture.below == "substrate" else -shift) @ np.linalg.inv(vectors)
    mapped = lattice_map(match)
    return distinct_shifts(
        mapped,
        vectors,
        origin=origin,
        operations=kept_operations(mapped, *sides),
        places=places,
    )


def _built(architecture: Vertical, slabs: tuple[Slab, Slab], seed: int) -> Heterostructure | None:
    """Build a model; None where it cannot be built, which is told when the study runs."""
    try:
        return architecture.build(*slabs, seed=seed)
    except HeterobuildError:
        return None


def _add(
    variant: Variant,
    built: Heterostructure | None,
    found: list[Variant],
    compared: list[tuple[int, Heterostructure]],
) -> None:
    """Add a variant, or count it with the one whose model superposes on its own."""
    if built is not None and len(built.atoms) <= SMALL:
        for index, other in compared:
            if len(built.atoms) == len(other.atoms) and superpose(built.atoms, other.atoms):
                known = found[index]
                total = known.multiplicity + variant.multiplicity
                found[index] = replace(known, multiplicity=total)
                return
        compared.append((len(found), built))
    found.append(variant)
