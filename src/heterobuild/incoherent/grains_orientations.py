"""How the grains of a mixture are turned: at random, all alike, or by a relation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from heterobuild.geometry.orientation_relations import parse_relation, relation_label
from heterobuild.geometry.rotations import random_rotations
from heterobuild.incoherent.relations import known_relation, rotation_for
from heterobuild.model import Step
from heterobuild.particles.options import ParticleShape
from heterobuild.particles.orientation import orient
from heterobuild.seeds import generator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray
    from heterobuild.coherent.matrix import Matrix
    from heterobuild.incoherent.grains_places import GrainPlace
    from heterobuild.model import Crystal


def grain_rotations(
    places: Sequence[GrainPlace],
    crystals: Sequence[Crystal],
    asked: str,
    *,
    matrix: Matrix | None = None,
    seed: int,
) -> tuple[FloatArray, Step]:
    """Turn all grains.

    Parameters
    ----------
    places : sequence of GrainPlace
        The grains.
    crystals : sequence of Crystal
        The phases.
    asked : str
        ``random``; ``aligned``, the axes of all along those of the cell; a relation, the first
        phase on the left; or ``auto``, the known relation, else random.
    matrix : Matrix, optional
        The block of an endless matrix.
    seed : int
        Seed of the draws.

    Returns
    -------
    (n, 3, 3) float array
        Rotations from the frames of the crystals into that of the model. In a relation each grain
        follows the grain of the first phase with which it has the largest wall; those of the
        first phase, and grains that touch none, are turned at random. An endless matrix has the
        axes of the cell, and inclusions follow it.
    Step
        The choice in words.

    Raises
    ------
    UsageError
        If the relation cannot be read or contradicts itself.
    """
    own = [orient(ParticleShape(), crystal).rotation for crystal in crystals]
    turns = random_rotations(len(places), generator(seed, "orientations of grains"))
    related = [_relation(asked, crystals[0], crystal) for crystal in crystals]
    for k, place in enumerate(places):
        if place.endless and matrix is not None:
            turns[k] = matrix.rotation
        elif asked == "aligned":
            turns[k] = own[place.phase]
    followers = 0
    leader = len(crystals) - 1 if places and places[-1].endless else 0
    if leader:
        related = [_relation(asked, crystal, crystals[leader]) for crystal in crystals]
    for k, place in enumerate(places):
        relation = related[place.phase]
        near = {j: a for j, a in place.beside.items() if places[j].phase == leader}
        if place.phase == leader or relation is None or not near:
            continue
        first = max(sorted(near), key=near.__getitem__)
        turns[k] = _related(relation, crystals, leader, turns[first], place.phase)
        followers += 1
    return turns, _step(asked, crystals, related, len(places), followers)


def _relation(asked: str, first: Crystal, second: Crystal) -> str | None:
    """Return the relation of two phases, the first on the left; None of none."""
    if first is second or asked in {"random", "aligned"}:
        return None
    return known_relation(first, second) if asked == "auto" else asked


def _related(
    relation: str, crystals: Sequence[Crystal], leader: int, turned: FloatArray, phase: int
) -> FloatArray:
    """Return the rotation of a grain that follows another one."""
    found = parse_relation(relation)
    if leader:
        # The relation names the inclusion first, but the matrix stands already.
        found = replace(
            found,
            directions=(found.directions[1], found.directions[0]),
            planes=(found.planes[1], found.planes[0]),
            pseudocubic=(found.pseudocubic[1], found.pseudocubic[0]),
        )
    return rotation_for(found, crystals[leader], turned, crystals[phase])


def _step(
    asked: str,
    crystals: Sequence[Crystal],
    related: Sequence[str | None],
    count: int,
    followers: int,
) -> Step:
    """Say how grains are turned."""
    if asked == "aligned":
        words = "axes of all grains along those of the cell"
    elif followers:
        labels = [
            f"{relation_label(parse_relation(relation))} for {crystal.name}"
            for relation, crystal in zip(related, crystals, strict=True)
            if relation is not None
        ]
        words = f"{'; '.join(labels)}: {followers} of {count} grains by their largest neighbour"
    else:
        words = f"{count} random orientations, uniform over all rotations"
        words += ", no relation is known" if asked == "auto" else ""
    values = {"asked": asked, "relations": list(related), "grains_in_relation": followers}
    return Step(name="orientation", choice=words, values=values)
