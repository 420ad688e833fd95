"""The elastic estimate of a draft, and what it says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.elasticity import crystal_stiffness
from heterobuild.crystals.cations import pseudocubic_directions
from heterobuild.frameworks.block import mean_over_octahedra
from heterobuild.frameworks.scaling import cube_edge
from heterobuild.model import Step
from heterobuild.relaxation.fit_in_lattice import fit_in_lattice
from heterobuild.relaxation.lattice_strain import mean_strain
from heterobuild.relaxation.site_bonds import host_bonds
from heterobuild.relaxation.site_network import estimate_positions
from heterobuild.relaxation.spring_constants import fit_constants

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heterobuild.arrays import CodeArray, FloatArray
    from heterobuild.coherent.draft import Draft
    from heterobuild.relaxation.site_network import ElasticEstimate
    from heterobuild.relaxation.spring_constants import SpringConstants

UNSTRAINED = 1e-9
STRAIGHT = 1e-4
"""How far cosines between bonds and pseudo-cubic axes are from 1 where octahedra are not tilted."""

LOCAL_STRAIN = "local_strain"
"""Name of the array of volumetric strains, fractions, in the atoms."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Elastic:
    """The estimate as the model takes it.

    Parameters
    ----------
    moves : (s, 3) float array or None
        Displacement in Å of each site of the block; None where there is no estimate.
    strain : (3, 3) float array
        Strain of the cell.
    extra : mapping of str to (s,) float array
        Local strain of each site.
    region_strain : mapping of int to (3, 3) float array
        Mean strain of the lattice of each part.
    steps : tuple of Step
        What was done.
    notices : tuple of str
        What the user should know.
    """

    moves: FloatArray | None = None
    strain: FloatArray = field(default_factory=lambda: np.zeros((3, 3)))
    extra: Mapping[str, FloatArray] = field(default_factory=dict)
    region_strain: Mapping[int, FloatArray] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    notices: tuple[str, ...] = ()


def elastic_estimate(
    draft: Draft, *, free_strain: tuple[bool, ...] | None, wanted: bool
) -> Elastic:
    """Relax the positions of a draft, or tell why not.

    Parameters
    ----------
    draft : Draft
        The draft.
    free_strain : tuple of bool or None
        Components xx, yy, zz, yz, xz, xy of the strain of the cell that relax.
    wanted : bool
        Whether it is made.

    Returns
    -------
    Elastic
        The estimate; without moves where nothing is strained or it is not wanted.

    Raises
    ------
    HeterobuildError
        If the network is not stable or the solution does not converge.
    """
    spread = float(np.abs(draft.own_stretches).max(initial=0.0))
    if spread < UNSTRAINED:
        return Elastic()
    if not wanted:
        words = f"not relaxed: all parts on one lattice, up to {100 * spread:.2f} % strained"
        return Elastic(steps=(Step(name="elastic", choice=words, values={"relaxed": False}),))
    constants, sources = _constants(draft)
    found = estimate_positions(
        draft.sites,
        constants,
        draft.stretch,
        rotation=draft.rotation,
        free_strain=free_strain,
    )
    volume = found.lattice[:, :3].sum(axis=1)
    return Elastic(
        moves=found.moves,
        strain=found.relaxed.strain,
        extra={LOCAL_STRAIN: _at_sites(draft, found.centres, volume)},
        region_strain=_by_region(draft, found),
        steps=(_step(draft, found, sources),),
        notices=tuple(
            f"{name}: the elastic estimate has {', '.join(entry.missed)}"
            for name, entry in zip(draft.names, constants, strict=True)
            if entry.missed
        ),
    )


def _constants(draft: Draft) -> tuple[list[SpringConstants], dict[str, str]]:
    """Return the springs of each part and where their elastic constants come from."""
    host = draft.sites.block.framework
    axes = pseudocubic_directions(host.cell, host.crystal.pseudocubic) @ draft.rotation
    volume = float(abs(np.linalg.det(host.cell)))
    bonds = host_bonds(host, draft.rotation)
    along = np.abs(bonds.arms @ axes.T).max(axis=2) / np.linalg.norm(bonds.arms, axis=2)
    straight = bool((along > 1 - STRAIGHT).all())
    constants, sources = [], {}
    for name, crystal in zip(draft.names, draft.crystals, strict=True):
        elastic = crystal_stiffness(crystal)
        if straight:
            constants.append(fit_constants(elastic.matrix, cube_edge(crystal)))
        else:
            constants.append(fit_in_lattice(elastic.matrix, bonds, volume=volume, axes=axes))
        sources[name] = elastic.source + (" (assumed)" if elastic.assumed else "")
    return constants, sources


def _at_sites(draft: Draft, centres: CodeArray, values: FloatArray) -> FloatArray:
    """Give values of B cations to all sites: the mean over the octahedra that a site belongs to."""
    block = draft.sites.block
    flat = np.full(draft.sites.species.size, np.nan)
    flat[centres] = values
    octahedra = flat.reshape(block.grid)[..., block.framework.b_units]
    known = ~np.isnan(octahedra)
    total = mean_over_octahedra(block, np.where(known, octahedra, 0.0))
    share = mean_over_octahedra(block, known.astype(np.float32))
    mean: FloatArray = (total / np.maximum(share, 1e-6)).ravel().astype(np.float64)
    return mean


def _strains_of(draft: Draft, found: ElasticEstimate, code: int) -> FloatArray:
    """Return the strain of the lattice of one part, in Voigt order with tensor shears."""
    tensor = found.lattice[draft.sites.region.ravel()[found.centres] == code]
    known: FloatArray = tensor[~np.isnan(tensor[:, 0])]
    return known


def _by_region(draft: Draft, found: ElasticEstimate) -> dict[int, FloatArray]:
    """Return the mean strain of each part, from the steps inside it, against its own crystal.

    Of a part one octahedron thick the steps into its neighbours tell the strain across it.
    """
    i, j, built, moved = found.steps
    region = draft.sites.region.ravel()
    stretch = draft.stretch
    between = built * (1 + (stretch[i] + stretch[j]) / 2)[:, None]
    strains = {}
    for code, crystal in enumerate(draft.crystals, 1):
        inside = (region[i] == code) & (region[j] == code)
        strain = mean_strain(built[inside] * (cube_edge(crystal) / draft.edge), moved[inside])
        if strain is None:
            touching = (region[i] == code) | (region[j] == code)
            strain = mean_strain(between[touching], moved[touching])
        if strain is not None:
            strains[code] = strain
    return strains


def _step(draft: Draft, found: ElasticEstimate, sources: dict[str, str]) -> Step:
    """Say what the estimate found."""
    relaxed = found.relaxed
    parts: dict[str, object] = {}
    words = []
    for code, name in enumerate(draft.names, 1):
        tensor = _strains_of(draft, found, code)
        if not len(tensor):
            continue
        volume = tensor[:, :3].sum(axis=1)
        low, mean, high = float(volume.min()), float(volume.mean()), float(volume.max())
        parts[name] = {
            "volumetric_min": round(low, 6),
            "volumetric_mean": round(mean, 6),
            "volumetric_max": round(high, 6),
            "elastic_source": sources[name],
        }
        words.append(f"{name} {100 * mean:+.2f} % ({100 * low:+.2f} to {100 * high:+.2f})")
    return Step(
        name="elastic",
        choice="elastic estimate by springs, local change of volume against the composition there: "
        + ", ".join(words),
        values={
            "relaxed": True,
            "parts": parts,
            "energy_before_eV": round(relaxed.energy_before, 6),
            "energy_after_eV": round(relaxed.energy_after, 6),
            "largest_displacement_A": round(
                float(np.linalg.norm(relaxed.displacements, axis=1).max(initial=0.0)), 4
            ),
            "cell_strain": np.round(relaxed.strain, 9).tolist(),
            "iterations": relaxed.iterations,
        },
    )
