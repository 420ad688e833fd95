"""The steps that every interface reports: slabs, match, strain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.geometry.strain import (
    logarithmic_strain,
    principal_strains,
    rotation_angle,
    von_mises,
)
from heterobuild.matching import pareto_indices
from heterobuild.matching.common_superlattice import cell_front
from heterobuild.model import Step
from heterobuild.slabs.miller import miller_label
from heterobuild.slabs.terminations import plane_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray
    from heterobuild.assembly.filling import Frame
    from heterobuild.assembly.part import Part
    from heterobuild.matching.common_superlattice import CommonCell
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
    match: Match,
    matches: tuple[Match, ...],
    cell: FloatArray,
    repeat: tuple[int, int],
    *,
    window: tuple[float, float] | None = None,
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
    window : tuple of float, optional
        Angles in degrees between which the film was asked to be turned.

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
        + _asked(window)
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


def common_cell_steps(
    common: CommonCell,
    cells: tuple[CommonCell, ...],
    layers: Sequence[str],
    reference: str,
    frame: Frame,
    *,
    window: tuple[float, float] | None = None,
) -> list[Step]:
    """Describe the common cell of several parts, and how each of them fits on the reference.

    Parameters
    ----------
    common : CommonCell
        The common cell that is built, with one match a layer.
    cells : tuple of CommonCell
        All common cells within the limits, in the order of their ranks.
    layers : sequence of str
        Names of the layers, in the order of the matches; a part that occurs several times is
        told once.
    reference : str
        Name of the part that they were matched to.
    frame : Frame
        The in-plane cell.
    window : tuple of float, optional
        Angles in degrees between which the layers were asked to be turned.

    Returns
    -------
    list of Step
        One for the cell, and one a part.
    """
    rank = [cell.reference is common.reference for cell in cells].index(True)
    front = cell_front(cells)
    better = [
        f"rank {place} with {100 * cells[place].log_strain:.2f} % at {cells[place].area:.0f} Å²"
        for place in front
        if cells[place].log_strain < common.log_strain - 1e-6
    ]
    less = f"; less strained: {', '.join(better)}" if better else ""
    shared = Step(
        name="common cell",
        choice=f"rank {rank} of {len(cells)}: {common.area:.2f} Å² of the {reference}, larger "
        f"principal strain {100 * common.log_strain:.3f} % (logarithmic){less}",
        values={
            "rank": rank,
            "reference": reference,
            "matrix": common.reference.tolist(),
            "area_A2": round(common.area, 6),
            "log_strain": round(common.log_strain, 9),
            "cell_A": np.round(frame.cell, 9).tolist(),
            "repeat": list(frame.repeats),
            "pareto_front": [
                {
                    "rank": place,
                    "area_A2": round(cells[place].area, 6),
                    "log_strain": round(cells[place].log_strain, 9),
                }
                for place in front
            ],
        },
    )
    told = dict(zip(layers, zip(common.matches, common.films, strict=True), strict=True))
    fits = [
        Step(
            name="fit",
            choice=f"{layer} on {reference}: misfit {100 * match.log_strain:.3f} % (logarithmic), "
            f"turned by {match.rotation:.3f}°{_asked(window)}",
            values={
                "part": layer,
                "reference": reference,
                "matrix": matrix.tolist(),
                "principal_strains": [round(strain, 9) for strain in match.strains],
                "log_strain": round(match.log_strain, 9),
                "rotation_deg": match.rotation,
            },
        )
        for layer, (match, matrix) in told.items()
        if layer != reference
    ]
    return [shared, *fits]


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


def _asked(window: tuple[float, float] | None) -> str:
    """Say which angles were asked for."""
    return "" if window is None else " (asked for {:g}° to {:g}°)".format(*window)


def _rounded(value: FloatArray | float) -> object:
    """Return plain numbers without digits that are noise, and without a negative zero."""
    return (np.round(value, 9) + 0.0).tolist()
