"""What is said of grains: shares, sizes, walls, and what was taken away at them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.coherent.mixtures_amounts import salts_of
from heterobuild.coherent.mixtures_records import (
    asked_values,
    kind_words,
    measured_values,
    precursor_ratio,
    values_words,
)
from heterobuild.labels import Site
from heterobuild.model import Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray
    from heterobuild.coherent.mixtures_amounts import Amounts
    from heterobuild.coherent.mixtures_fields import Morphology
    from heterobuild.incoherent.grains_clashes import Removal
    from heterobuild.incoherent.grains_filling import Grain
    from heterobuild.incoherent.grains_kept import Kept
    from heterobuild.incoherent.grains_places import GrainMap
    from heterobuild.model import Crystal

MOST_LISTED = 1000
"""Grains that are listed one by one."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Record:
    """The finished grains.

    Parameters
    ----------
    names : tuple of str
        Names of the phases.
    crystals : tuple of Crystal
        The phases.
    grains : sequence of Grain
        The grains as they were filled.
    kept : sequence of Kept
        What is left of each.
    cell : (3, 3) float array
        Cell in Å.
    """

    names: tuple[str, ...]
    crystals: tuple[Crystal, ...]
    grains: Sequence[Grain]
    kept: Sequence[Kept]
    cell: FloatArray

    @property
    def octahedra(self) -> list[int]:
        """Octahedra of each grain."""
        return [int(left.octahedra.sum()) for left in self.kept]

    @property
    def volumes(self) -> FloatArray:
        """Volume of each phase in Å³, its octahedra times the volume for each in the crystal."""
        found = np.zeros(len(self.crystals))
        for grain, count in zip(self.grains, self.octahedra, strict=True):
            found[grain.chosen.place.phase] += (
                count * grain.chosen.block.framework.octahedron_volume
            )
        return found

    def ions(self) -> Counter[tuple[str, int]]:
        """Count units by name and role.

        Returns
        -------
        Counter
            Numbers of units.
        """
        found: Counter[tuple[str, int]] = Counter()
        for grain, left in zip(self.grains, self.kept, strict=True):
            sites = grain.draft.sites
            index = np.flatnonzero(left.sites)
            roles = sites.block.framework.site
            keys = sites.species.ravel()[index].astype(np.int64) * 16 + roles[index % len(roles)]
            counts = np.bincount(keys)
            for key in np.flatnonzero(counts).tolist():
                species, role = divmod(key, 16)
                found[sites.table[species].name, role] += int(counts[key])
        return found


def grains_step(
    record: Record,
    morphology: Morphology,
    amounts: Amounts,
    shares: FloatArray,
    layout: GrainMap,
) -> Step:
    """Describe the grains.

    Parameters
    ----------
    record : Record
        The grains.
    morphology : Morphology
        What was asked for.
    amounts : Amounts
        How much was asked for.
    shares : (n,) float array
        The same as shares of the volume.
    layout : GrainMap
        Places of the grains.

    Returns
    -------
    Step
        Shares asked for and reached, sizes, wall areas, ions.
    """
    volumes = record.volumes
    reached = volumes / volumes.sum()
    counts = np.bincount(layout.codes.ravel(), minlength=len(shares) + 1)[1:]
    values = measured_values(layout.codes, record.cell, counts / counts.sum())
    values["volume_fractions"] = np.round(reached, 6).tolist()
    values["volume_fractions_asked"] = np.round(shares, 6).tolist()
    values |= asked_values(morphology, amounts)
    values |= _sizes(record, layout)
    salts = [salts_of(crystal) for crystal in record.crystals]
    octahedra = [0] * len(salts)
    for grain, count in zip(record.grains, record.octahedra, strict=True):
        octahedra[grain.chosen.place.phase] += count
    values["octahedra"] = dict(zip(record.names, octahedra, strict=True))
    values["precursor_ratio_of_phases"] = precursor_ratio(
        salts, [n / b for n, (_, b) in zip(octahedra, salts, strict=True)]
    )
    values |= _composition(record)
    words = ", ".join(
        f"{name} {100 * share:.2f} % (asked {100 * asked:.2f} %)"
        for name, share, asked in zip(record.names, reached, shares, strict=True)
    )
    return Step(
        name="mixture",
        choice=f"{kind_words(morphology)}: {words} of the volume of whole octahedra; "
        f"{values_words(values)}; {len(record.grains)} grains",
        values=values,
    )


def _sizes(record: Record, layout: GrainMap) -> dict[str, object]:
    """Return the sizes of grains, and the area of walls between grains of one phase."""
    diameters = [
        (6 * count * grain.chosen.block.framework.octahedron_volume / np.pi) ** (1 / 3)
        for grain, count in zip(record.grains, record.octahedra, strict=True)
        if not grain.chosen.place.endless
    ]
    alike = sum(
        area
        for place in layout.places
        for other, area in place.beside.items()
        if layout.places[other].phase == place.phase
    )
    return {
        "mean_diameter_A": round(float(np.mean(diameters)), 3),
        "spread_of_diameters": round(float(np.std(diameters) / np.mean(diameters)), 4),
        "octahedra_each": record.octahedra[:MOST_LISTED],
        "wall_area_within_phases_A2": round(alike / 2, 1),
    }


def _composition(record: Record) -> dict[str, object]:
    """Return the units of the whole, and the ratio of precursors that they make."""
    ions = record.ions()
    names: Counter[str] = Counter()
    cations = metals = 0
    for (name, role), count in sorted(ions.items()):
        names[name] += count
        cations += count * (role in (Site.A, Site.SPACER))
        metals += count * (role == Site.B)
    return {
        "units": dict(names),
        "precursor_ratio_with_walls": round(cations / metals, 6) if metals else None,
    }


def filling_step(
    record: Record, removal: Removal, layout: GrainMap, nearest: dict[str, float]
) -> Step:
    """Describe what was taken away where grains touched, and the walls that are left.

    Parameters
    ----------
    record : Record
        The grains.
    removal : Removal
        What touched.
    layout : GrainMap
        Places of the grains.
    nearest : dict of str to float
        Shortest contacts across walls in Å.

    Returns
    -------
    Step
        Numbers of pairs and units, contacts, share of the cell that crystals fill.
    """
    octahedra = sum(int(lost.sum()) for lost in removal.octahedra)
    cations = sum(int(gone.sum()) for gone in removal.sites)
    filled = float(record.volumes.sum() / abs(np.linalg.det(record.cell)))
    empty = len(layout.places) - len(record.grains)
    words = ", ".join(f"{what} {length:.2f} Å" for what, length in nearest.items())
    choice = (
        f"whole octahedra, {100 * filled:.1f} % of the cell by their volume in the crystals; "
        f"{removal.pairs} pairs touched across walls, {octahedra} octahedra and {cations} cations "
        f"or molecules taken away for them; nearest across walls: {words or 'none within reach'}"
    )
    if empty:
        choice += f"; {empty} places too small for an octahedron stay empty"
    return Step(
        name="walls",
        choice=choice,
        values={
            "filled": round(filled, 6),
            "pairs_that_touched": removal.pairs,
            "octahedra_removed": octahedra,
            "cations_removed": cations,
            "shortest_contacts_A": dict(nearest),
            "empty_places": empty,
        },
    )
