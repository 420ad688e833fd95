"""Which sites a defect may take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.labels import Site
from heterobuild.registry import suggest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.defects.specification import Defect
    from heterobuild.defects.units import Units
    from heterobuild.model import Heterostructure

_SAME = 0.1


def candidate_units(
    built: Heterostructure,
    units: Units,
    wanted: Defect,
    *,
    species: str | None,
    wall: FloatArray | None,
    taken: Sequence[int] = (),
) -> IntArray:
    """Return the units of one species where a defect is wanted.

    Parameters
    ----------
    built : Heterostructure
        The model.
    units : Units
        Its rigid units.
    wanted : Defect
        What is asked for.
    species : str or None
        Element or molecule whose sites are looked for; None for all.
    wall : (m,) float array or None
        Distance of each unit from the wall in Å.
    taken : sequence of int, optional
        Units that other defects have.

    Returns
    -------
    (k,) int array
        Numbers of the units, at least one.

    Raises
    ------
    UsageError
        If none stands there; the message tells the nearest place that has some.
    """
    free = _of_species(units, species, wanted.name)
    free = _in_region(built, units, free, wanted)
    if wanted.layer is not None:
        found = free[units.layer[free] == wanted.layer]
        if not len(found):
            raise _empty_layer(units, free, wanted, species)
        free = found
    elif wanted.distance is not None:
        free = _at_distance(free, wanted, species, wall)
    elif wall is not None:
        free = _nearest(free, wall, taken)
    return free


def nearest_layers(units: Units, members: IntArray) -> str:
    """Return in words which layers some units are in.

    Parameters
    ----------
    units : Units
        The units.
    members : (k,) int array
        Some of them.

    Returns
    -------
    str
        Such as ``-2, -1, 1``.
    """
    return ", ".join(map(str, np.unique(units.layer[members]).tolist()))


def _of_species(units: Units, species: str | None, name: str) -> IntArray:
    """Return all units of a species, or all but those without a region."""
    if species is None:
        return np.flatnonzero(units.region > 0)
    if species not in units.names:
        raise UsageError(
            f"there is no {species} for {name}",
            where="defects",
            next_step=suggest(species, units.names),
        )
    found = np.flatnonzero(units.species == units.names.index(species))
    bound = np.isin(units.site[found], (Site.LIGAND, Site.INTERLAYER))
    return found[~bound] if not bound.all() else found


def _in_region(built: Heterostructure, units: Units, members: IntArray, wanted: Defect) -> IntArray:
    """Keep the units of the region that is wanted."""
    if wanted.region is None:
        return members
    names = [region.name for region in built.regions]
    if wanted.region not in names:
        raise UsageError(
            f"there is no region {wanted.region!r}",
            where="defects",
            next_step=suggest(wanted.region, names),
        )
    codes = [region.code for region in built.regions if region.name == wanted.region]
    found = members[np.isin(units.region[members], codes)]
    if not len(found):
        held = units.region[members]
        homes = sorted({region.name for region in built.regions if region.code in held})
        raise UsageError(
            f"{wanted.region} holds no site for {wanted.name}",
            where="defects",
            next_step=f"take the region {' or '.join(homes)}",
        )
    return found


def _empty_layer(
    units: Units, members: IntArray, wanted: Defect, species: str | None
) -> UsageError:
    """Say which layers hold a species."""
    layers = np.unique(units.layer[members])
    side = layers[np.sign(layers) == np.sign(wanted.layer or 1)]
    choice = side if len(side) else layers
    nearest = int(choice[np.argmin(np.abs(choice - (wanted.layer or 1)))])
    return UsageError(
        f"no {species or 'ion'} for {wanted.name} in that layer",
        where="defects",
        measured=f"layer {wanted.layer}",
        allowed=f"layer {nearest_layers(units, members)}",
        next_step=f"write layer: {nearest}",
    )


def _at_distance(
    members: IntArray, wanted: Defect, species: str | None, wall: FloatArray | None
) -> IntArray:
    """Keep the units nearest to a distance from the wall."""
    distance = wanted.distance or 0.0
    if wall is None:
        raise UsageError(
            "the model has no wall to measure a distance from",
            where="defects",
            next_step="give a layer, or neither",
        )
    off = np.abs(wall[members] - distance)
    if off.min() > wanted.tolerance:
        nearest = float(wall[members][np.argmin(off)])
        raise UsageError(
            f"no {species or 'ion'} for {wanted.name} at that distance from the wall",
            where="defects",
            measured=f"{distance:g} Å ± {wanted.tolerance:g} Å",
            allowed=f"{wall[members].min():.2f} to {wall[members].max():.2f} Å",
            next_step=f"write distance: {nearest:.2f}",
        )
    return np.asarray(members[off <= off.min() + _SAME])


def _nearest(members: IntArray, wall: FloatArray, taken: Sequence[int]) -> IntArray:
    """Keep the units nearest to the wall of which not all are taken."""
    free = members[~np.isin(members, taken)]
    if not len(free):
        return members
    return np.asarray(members[wall[members] <= wall[free].min() + _SAME])
