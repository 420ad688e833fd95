"""Sheets side by side: the elastic estimate of their network, spacers carried along."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.coherent.draft import composition_steps
from heterobuild.coherent.elastic_step import LOCAL_STRAIN
from heterobuild.coherent.finishing import in_box, strained_atoms
from heterobuild.coherent.junctions_phases import own_lengths
from heterobuild.coherent.junctions_springs import relax_sheet_sites
from heterobuild.crystals.cations import orient_cations, pseudocubic_directions
from heterobuild.frameworks.block import mean_over_octahedra
from heterobuild.labels import Site
from heterobuild.model import Heterostructure, Region, Step
from heterobuild.seeds import generator

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import FloatArray
    from heterobuild.coherent.draft import Draft
    from heterobuild.coherent.finishing import Finish
    from heterobuild.coherent.junctions_springs import SheetEstimate
    from heterobuild.model import Molecule


@dataclass(frozen=True, kw_only=True, eq=False)
class RelaxedSheets:
    """Where the sites of sheets go.

    Parameters
    ----------
    moves : (s, 3) float array or None
        Displacement in Å of each site of the block; None where nothing is relaxed.
    strain : (3, 3) float array
        Strain of the cell.
    extra : dict of str to (s,) float array
        Local strain of each site: the relative change of area around its B cations.
    region_strain : dict of int to (3, 3) float array
        Strain of each part in the plane against its own crystal.
    steps : tuple of Step
        What was done.
    """

    moves: FloatArray | None
    strain: FloatArray
    extra: dict[str, FloatArray] = field(default_factory=dict)
    region_strain: dict[int, FloatArray] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()


def finish_sheets(draft: Draft, options: Finish) -> Heterostructure:
    """Make the model of sheets side by side.

    Parameters
    ----------
    draft : Draft
        The draft, neutral; its crystals have sheets in the plane of the model.
    options : Finish
        What is done.

    Returns
    -------
    Heterostructure
        The labelled atoms and every choice made.
    """
    relaxed = relax_sheets(draft, options.free_strain, wanted=options.elastic is not False)
    atoms, molecules = strained_atoms(
        draft, options, relaxed.strain, moves=relaxed.moves, extra=relaxed.extra
    )
    steps = [*draft.steps, *composition_steps(draft), *relaxed.steps]
    atoms, molecules, turned = _turned(draft, atoms, molecules, options)
    atoms, box = in_box(atoms, options.vacuum)
    return Heterostructure(
        name=options.name,
        atoms=atoms,
        regions=_regions(draft, relaxed),
        molecules=molecules,
        steps=(*steps, *turned, box),
        notices=tuple(dict.fromkeys(draft.notices)),
        ledger=draft.ledger,
    )


def relax_sheets(
    draft: Draft, free_strain: tuple[bool, ...] | None, *, wanted: bool
) -> RelaxedSheets:
    """Relax the octahedra of sheets; spacers go along with the squares they stand on.

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
    RelaxedSheets
        The estimate; without moves where it is not wanted.
    """
    common = own_lengths(draft.sites.block.framework.crystal, sheets=True)
    own = np.array([own_lengths(c, sheets=True) / common - 1 for c in draft.crystals])
    regions = np.append(own, 0.0)[draft.sites.region.astype(np.int64) - 1].ravel()
    stretch = regions if draft.blend is None else (draft.blend[0] @ own)[draft.blend[1].ravel()]
    spread = float(np.abs(own).max(initial=0.0))
    if not wanted or spread < 1e-9:
        strains = {k: np.diag([1.0, 1.0, 0.0]) * (1 / (1 + s) - 1) for k, s in enumerate(own, 1)}
        words = f"not relaxed: all parts on one lattice, up to {100 * spread:.2f} % strained"
        return RelaxedSheets(
            moves=None,
            strain=np.zeros((3, 3)),
            region_strain=strains,
            steps=(Step(name="elastic", choice=words, values={"relaxed": False}),),
        )
    found = relax_sheet_sites(draft, stretch, common, free_strain)
    strains = {k: _plane_strain(draft, found, k, s) for k, s in enumerate(own.tolist(), 1)}
    return RelaxedSheets(
        moves=_with_spacers(draft, found.moves),
        strain=found.relaxed.strain,
        extra={LOCAL_STRAIN: _area_strain(draft, found, stretch)},
        region_strain=strains,
        steps=(_step(draft, found, strains),),
    )


def _plane_strain(draft: Draft, found: SheetEstimate, code: int, own: float) -> FloatArray:
    """Return the mean strain in the plane of one part, from the steps between its B cations."""
    i, j, built, moved = found.steps
    region = draft.sites.region.ravel()
    inside = (region[i] == code) & (region[j] == code)
    if inside.sum() < 2 or np.linalg.matrix_rank(built[inside][:, :2], tol=0.1) < 2:
        inside = (region[i] == code) | (region[j] == code)
    free = built[inside][:, :2] * (1 + own)
    map_, *_ = np.linalg.lstsq(free, moved[inside][:, :2], rcond=None)
    strain = np.zeros((3, 3))
    strain[:2, :2] = (map_ + map_.T) / 2 - np.eye(2)
    return strain


def _area_strain(draft: Draft, found: SheetEstimate, stretch: FloatArray) -> FloatArray:
    """Return the change of area around each site: twice the mean change of the B–B distances."""
    i, j, built, moved = found.steps
    block = draft.sites.block
    free = np.linalg.norm(built, axis=1) * (1 + (stretch[i] + stretch[j]) / 2)
    change = 2 * (np.linalg.norm(moved, axis=1) / free - 1)
    size = draft.sites.species.size
    ends, twice = np.concatenate([i, j]), np.concatenate([change, change])
    count = np.bincount(ends, minlength=size).reshape(block.grid)[..., block.framework.b_units]
    total = np.bincount(ends, twice, size).reshape(block.grid)[..., block.framework.b_units]
    there = (count > 0).astype(np.float32)
    mean = mean_over_octahedra(block, total / np.maximum(count, 1))
    share = mean_over_octahedra(block, there)
    found_strain: FloatArray = (mean / np.maximum(share, 1e-6)).ravel().astype(np.float64)
    return found_strain


def _with_spacers(draft: Draft, moves: FloatArray) -> FloatArray:
    """Let spacers follow the B cations of their squares, and the apical halides on their side."""
    block, framework = draft.sites.block, draft.sites.block.framework
    grid = moves.reshape(*block.grid, 3).copy()
    spacers = np.flatnonzero(framework.site == Site.SPACER)
    octahedra = grid[..., framework.b_units, :]
    height = framework.centres @ draft.rotation[:, 2]
    tall = framework.cell @ draft.rotation[:, 2]
    apical = np.zeros((2, *block.octahedra))
    side = np.zeros(len(framework.site), dtype=np.int64)
    for b, v, *step in framework.links.tolist():
        above = height[v] + np.array(step) @ tall > height[framework.b_units[b]]
        if framework.site[v] == Site.X and framework.full[v] == 1:
            apex = np.roll(grid[..., v, 2], [-s for s in step], axis=(0, 1, 2))
            apical[int(above)][..., b] = apex - octahedra[..., b, 2]
        elif framework.site[v] == Site.SPACER:
            side[v] = int(above)
    for axis in range(3):
        carried = mean_over_octahedra(block, octahedra[..., axis])
        grid[..., spacers, axis] = carried[..., spacers]
    for above in (0, 1):
        chosen = spacers[side[spacers] == above]
        lifted = mean_over_octahedra(block, apical[above])
        grid[..., chosen, 2] += lifted[..., chosen]
    return grid.reshape(-1, 3)


def _turned(
    draft: Draft, atoms: Atoms, molecules: tuple[Molecule, ...], options: Finish
) -> tuple[Atoms, tuple[Molecule, ...], tuple[Step, ...]]:
    """Turn the molecules of free orientation in the cages of thick sheets."""
    free = {entry.name for entry in draft.sites.table if entry.molecule is not None and entry.free}
    placed = tuple(molecule.name for molecule in molecules if molecule.name in free)
    if not placed:
        return atoms, molecules, ()
    crystal = draft.sites.block.framework.crystal
    turned, step = orient_cations(
        atoms,
        molecules,
        placed=placed,
        rule=options.cations,
        axes=pseudocubic_directions(crystal.cell, crystal.pseudocubic) @ draft.rotation,
        rng=generator(options.seed, "cations"),
    )
    return turned, molecules, (step,)


def _regions(draft: Draft, relaxed: RelaxedSheets) -> tuple[Region, ...]:
    """Describe the parts; the cell of each is that of the host with its own area."""
    host = draft.sites.block.framework.crystal
    common = own_lengths(host, sheets=True)
    found = []
    for code, (name, crystal) in enumerate(zip(draft.names, draft.crystals, strict=True), 1):
        own = own_lengths(crystal, sheets=True) / common
        found.append(
            Region(
                code=code,
                name=name,
                crystal=crystal.name,
                formula=crystal.formula,
                cell=host.cell @ draft.rotation @ np.diag([own, own, 1.0]),
                strain=relaxed.region_strain[code],
            )
        )
    return tuple(found)


def _step(draft: Draft, found: SheetEstimate, strains: dict[int, FloatArray]) -> Step:
    """Say what the estimate found."""
    words = ", ".join(
        f"{name} {100 * strains[code][0, 0]:+.2f} % along the line and "
        f"{100 * strains[code][1, 1]:+.2f} % across"
        for code, name in enumerate(draft.names, 1)
    )
    relaxed = found.relaxed
    return Step(
        name="elastic",
        choice="elastic estimate of the octahedra by springs, spacers carried along: " + words,
        values={
            "relaxed": True,
            "energy_before_eV": round(relaxed.energy_before, 6),
            "energy_after_eV": round(relaxed.energy_after, 6),
            "largest_displacement_A": round(
                float(np.linalg.norm(relaxed.displacements, axis=1).max(initial=0.0)), 4
            ),
            "cell_strain": np.round(relaxed.strain, 9).tolist(),
            "strains": {n: np.round(strains[k], 6).tolist() for k, n in enumerate(draft.names, 1)},
            "iterations": relaxed.iterations,
        },
    )
