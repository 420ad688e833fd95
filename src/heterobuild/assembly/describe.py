"""The steps that every interface reports: slabs, match, strain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.decoration import largest_rounding
from heterobuild.alloys.supercells import ROUNDING
from heterobuild.chemistry.expansion import EXPANSION, FAR_APART
from heterobuild.geometry.strain import (
    logarithmic_strain,
    principal_strains,
    rotation_angle,
    von_mises,
)
from heterobuild.matching import pareto_indices
from heterobuild.model import Step
from heterobuild.slabs.miller import miller_label
from heterobuild.slabs.terminations import plane_label

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.assembly.part import Part
    from heterobuild.model import Match

DEFINITION = (
    "fractions, positive is stretched; F maps the unstrained surface vectors onto the common cell; "
    "engineering: singular values of F less 1; logarithmic: their logarithms; von Mises: "
    "sqrt(2/3 e:e), e the deviator of the logarithmic tensor with zeros along the normal"
)
"""What the numbers of a strain step mean; told with them."""


def slab_step(part: Part) -> Step:
    """Describe a slab: its face, terminations, charge and polarity.

    Parameters
    ----------
    part : Part
        The part made from the slab.

    Returns
    -------
    Step
        The description; charge and dipole are those of one surface cell.
    """
    slab = part.slab
    turned = ", turned upside down" if slab.flipped else ""
    bottom, top = (plane_label(plane, slab.crystal) for plane in (slab.bottom, slab.top))
    return Step(
        name="slab",
        choice=f"{part.name}: {slab.crystal.name} {miller_label(slab.miller)}, "
        f"{bottom} to {top}, Tasker type {slab.tasker}{turned}",
        values={
            "part": part.name,
            "crystal": slab.crystal.name,
            "miller": list(slab.miller),
            "planes": slab.count,
            "bottom": slab.bottom.formula,
            "top": slab.top.formula,
            "bottom_charge_e_per_A2": slab.bottom.charge,
            "top_charge_e_per_A2": slab.top.charge,
            "tasker": slab.tasker,
            "charge_e": slab.charge,
            "dipole_e_A": slab.dipole,
            "basis": np.round(slab.basis, 6).tolist(),
        },
    )


def match_step(
    match: Match, matches: tuple[Match, ...], cell: FloatArray, repeat: tuple[int, int]
) -> Step:
    """Describe the common in-plane cell, and the less strained ones that were not taken.

    Parameters
    ----------
    match : Match
        The match that is built.
    matches : tuple of Match
        All matches within the limits, in the order of their ranks.
    cell : (2, 2) float array
        The common cell in Å.
    repeat : tuple of int
        Copies of it in the result.

    Returns
    -------
    Step
        Matrices, areas, principal strains of the film if it took all the misfit, rotation.
    """
    rank = matches.index(match)
    front = [(i, matches[i]) for i in pareto_indices(matches)]
    better = [
        f"rank {place} with {100 * other.log_strain:.2f} % at {other.area:.0f} Å²"
        for place, other in front
        if other.log_strain < match.log_strain - 1e-6
    ]
    return Step(
        name="match",
        choice=f"rank {rank} of {len(matches)}: {match.area:.2f} Å², larger principal strain "
        f"{100 * match.log_strain:.3f} % (logarithmic), film turned by {match.rotation:.3f}°"
        + (f"; less strained: {', '.join(better)}" if better else ""),
        values={
            "rank": rank,
            "film": match.film.tolist(),
            "substrate": match.substrate.tolist(),
            "substrate_area_A2": round(match.area, 6),
            "film_area_A2": round(match.film_area, 6),
            "principal_strains": [round(strain, 9) for strain in match.strains],
            "log_strain": round(match.log_strain, 9),
            "rotation_deg": match.rotation,
            "cell_A": np.round(cell, 9).tolist(),
            "repeat": list(repeat),
            "pareto_front": [
                {
                    "rank": place,
                    "area_A2": round(other.area, 6),
                    "log_strain": round(other.log_strain, 9),
                    "rotation_deg": other.rotation,
                }
                for place, other in front
            ],
        },
    )


def strain_step(part: Part) -> Step:
    """Describe the strain that a part was given and its answer along the normal.

    Parameters
    ----------
    part : Part
        The part.

    Returns
    -------
    Step
        Tensors, principal strains, area change and von Mises strain as fractions, the turn in
        degrees, and where the elastic constants come from.
    """
    strain, in_plane = part.strain, part.deformation[:2, :2]
    logarithmic = logarithmic_strain(in_plane)
    principal = principal_strains(in_plane)
    return Step(
        name="strain",
        choice=f"{part.name}: {100 * principal[0]:+.3f} % and {100 * principal[1]:+.3f} % in the "
        f"plane, {100 * strain[2, 2]:+.3f} % along the normal; elastic constants: "
        f"{part.elastic.source}",
        values={
            "part": part.name,
            "definition": DEFINITION,
            "principal_engineering": _rounded(principal),
            "principal_logarithmic": _rounded(np.linalg.eigvalsh(logarithmic)[::-1]),
            "normal_engineering": _rounded(strain[2, 2]),
            "tensor_engineering": _rounded(strain),
            "tensor_logarithmic": _rounded(logarithmic),
            "von_mises_logarithmic": _rounded(von_mises(logarithmic)),
            "area_change_fraction": _rounded(abs(np.linalg.det(in_plane)) - 1),
            "rotation_deg": rotation_angle(part.rotation),
            "elastic_source": part.elastic.source,
            "elastic_assumed": part.elastic.assumed,
        },
    )


def strain_notices(part: Part) -> tuple[str, ...]:
    """Warn where a strained part's normal strain and energy rest on assumed constants.

    Parameters
    ----------
    part : Part
        The part.

    Returns
    -------
    tuple of str
        One sentence, or nothing.
    """
    if not part.elastic.assumed or np.abs(part.strain).max() < 1e-6:
        return ()
    name = part.slab.crystal.name
    return (f"{name}: strain along the normal and elastic energy rest on {part.elastic.source}",)


def composition_notices(part: Part) -> tuple[str, ...]:
    """Warn where the whole cell is too small for the wanted shares of mixed sites.

    Parameters
    ----------
    part : Part
        The part.

    Returns
    -------
    tuple of str
        One sentence, or nothing.
    """
    step = part.composition
    if step is None or largest_rounding(step) <= ROUNDING:
        return ()
    return (f"{step.choice}; repeat the common cell for shares nearer to those wanted",)


def temperature_notices(first: Part, second: Part) -> tuple[str, ...]:
    """Warn where the two cells were measured at temperatures far apart.

    Parameters
    ----------
    first, second : Part
        The parts.

    Returns
    -------
    tuple of str
        One sentence with the misfit that thermal expansion alone makes, or nothing.
    """
    ours, theirs = (part.slab.crystal.temperature for part in (first, second))
    if ours is None or theirs is None or abs(ours - theirs) < FAR_APART:
        return ()
    names = [part.slab.crystal.name for part in (first, second)]
    share = 100 * EXPANSION * abs(ours - theirs)
    cells = f"the cells of {names[0]} ({ours:g} K) and {names[1]} ({theirs:g} K)"
    misfit = f"thermal expansion alone makes about {share:.1f} % of misfit"
    return (f"{cells} were measured at different temperatures; {misfit}",)


def _rounded(value: FloatArray | float) -> object:
    """Return plain numbers without digits that are noise, and without a negative zero."""
    return (np.round(value, 9) + 0.0).tolist()
