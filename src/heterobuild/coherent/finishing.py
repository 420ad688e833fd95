"""From a draft to the finished model: elastic estimate, atoms, cations, ligands, box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from heterobuild.coherent.draft import composition_steps
from heterobuild.coherent.elastic_step import Elastic, elastic_estimate
from heterobuild.coherent.ligand_shell import with_ligands
from heterobuild.crystals.cations import orient_cations, pseudocubic_directions
from heterobuild.frameworks.block import shift_points
from heterobuild.frameworks.emission import site_atoms
from heterobuild.frameworks.scaling import cube_edge
from heterobuild.geometry.rigid import cells_away
from heterobuild.labels import units
from heterobuild.model import Heterostructure, Region, Step
from heterobuild.particles.estimating import ELASTIC_UP_TO
from heterobuild.seeds import generator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ase import Atoms

    from heterobuild.arrays import FloatArray
    from heterobuild.coherent.draft import Draft
    from heterobuild.model import Molecule

ElasticOption: TypeAlias = bool | Literal["auto"]

_ROW = 4096


@dataclass(frozen=True, kw_only=True, eq=False)
class Finish:
    """What is done with a draft.

    Parameters
    ----------
    name : str
        Name of the model.
    seed : int
        Seed of all draws.
    cell : (3, 3) float array or None
        Cell of a periodic model; None puts a free particle into a box.
    periodic : tuple of bool
        Periodic directions.
    vacuum : float
        Empty distance in Å along the directions that are not periodic.
    cations : str
        Rule that orients molecular cations of free orientation.
    elastic : bool or "auto"
        Whether positions are relaxed by the elastic estimate.
    free_strain : tuple of bool or None
        Components of the strain of the cell that relax with it.
    ligands : mapping of str to float
        Ligands and their fractions.
    coverage : float
        Fraction of the surface sites that they take.
    """

    name: str
    seed: int
    cell: FloatArray | None
    periodic: tuple[bool, bool, bool]
    vacuum: float
    cations: str
    elastic: ElasticOption
    free_strain: tuple[bool, ...] | None
    ligands: Mapping[str, float]
    coverage: float


def finish(draft: Draft, options: Finish) -> Heterostructure:
    """Make the model.

    Parameters
    ----------
    draft : Draft
        The draft, neutral.
    options : Finish
        What is done.

    Returns
    -------
    Heterostructure
        The labelled atoms and every choice made.

    Raises
    ------
    HeterobuildError
        Where a ligand is not known, does not fit, or the elastic estimate fails.
    """
    elastic = _elastic(draft, options)
    atoms, molecules = strained_atoms(
        draft, options, elastic.strain, moves=elastic.moves, extra=elastic.extra
    )
    steps = [*draft.steps, *composition_steps(draft), *elastic.steps]
    atoms, molecules, cations = _oriented(draft, atoms, molecules, options)
    ledger = draft.ledger
    steps += cations
    covered = with_ligands(
        draft,
        (atoms, molecules),
        options.ligands,
        coverage=options.coverage,
        seed=options.seed,
    )
    atoms, molecules = covered.atoms, covered.molecules
    ledger, steps = (*ledger, *covered.ledger), [*steps, *covered.steps]
    if not all(options.periodic):
        atoms, step = in_box(atoms, options.vacuum)
        if any(options.periodic):
            atoms.positions -= cells_away(
                atoms.positions, atoms.numbers, units(atoms), cell=atoms.cell.array, pbc=atoms.pbc
            )
        steps.append(step)
    return Heterostructure(
        name=options.name,
        atoms=atoms,
        regions=_regions(draft, elastic),
        molecules=molecules,
        steps=tuple(steps),
        notices=tuple(dict.fromkeys((*draft.notices, *elastic.notices))),
        ledger=ledger,
    )


def strained_atoms(
    draft: Draft,
    options: Finish,
    strain: FloatArray,
    *,
    moves: FloatArray | None,
    extra: Mapping[str, FloatArray],
) -> tuple[Atoms, tuple[Molecule, ...]]:
    """Make the atoms of a draft whose cell and sites have relaxed.

    Parameters
    ----------
    draft : Draft
        The draft.
    options : Finish
        Cell and periodic directions before the cell relaxed.
    strain : (3, 3) float array
        Strain of the whole.
    moves : (s, 3) float array or None
        Moves of the sites in Å.
    extra : mapping of str to (s,) float array
        Further values of the sites, which become arrays of the atoms.

    Returns
    -------
    ase.Atoms
        Labelled atoms.
    tuple of Molecule
        Kinds of molecule.
    """
    whole = np.eye(3) + strain
    cell: FloatArray = np.zeros((3, 3)) if options.cell is None else options.cell @ whole
    return site_atoms(
        draft.sites,
        rotation=draft.rotation @ whole,
        shift=-draft.centre @ draft.rotation @ whole,
        cell=cell,
        pbc=options.periodic,
        moves=moves,
        extra=extra,
    )


def in_box(atoms: Atoms, vacuum: float) -> tuple[Atoms, Step]:
    """Put a model into a box with vacuum along the directions that are not periodic.

    The box is upright: along directions without a period its vectors are Cartesian axes.

    Parameters
    ----------
    atoms : ase.Atoms
        The model; its positions are changed in place.
    vacuum : float
        Empty distance in Å between the outermost atoms and their images.

    Returns
    -------
    ase.Atoms
        The same atoms, in the middle of the box.
    Step
        The vacuum and its directions.
    """
    cell = np.asarray(atoms.cell).copy()
    low, high = _extent(atoms.positions)
    free = ~np.asarray(atoms.pbc)
    for axis in np.flatnonzero(free):
        cell[axis] = 0.0
        cell[axis, axis] = high[axis] - low[axis] + vacuum
    if free.all():
        shift_points(atoms.positions, vacuum / 2 - low, atoms.positions)
    else:
        for axis in np.flatnonzero(free):
            atoms.positions[:, axis] += vacuum / 2 - low[axis]
    atoms.cell = cell
    return atoms, Step(
        name="vacuum",
        choice=f"{vacuum:g} Å along {', '.join('xyz'[k] for k in np.flatnonzero(free))}",
        values={"vacuum_A": float(vacuum), "directions": free.tolist()},
    )


def _extent(points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the least and the largest coordinates; many points are compared as long rows."""
    whole = len(points) - len(points) % _ROW
    low, high = points[:_ROW].flatten(), points[:_ROW].flatten()
    for row in points[:whole].reshape(-1, 3 * _ROW):
        np.minimum(low, row, out=low)
        np.maximum(high, row, out=high)
    ends = np.concatenate([low.reshape(-1, 3), high.reshape(-1, 3), points[whole:]])
    return ends.min(axis=0), ends.max(axis=0)


def _elastic(draft: Draft, options: Finish) -> Elastic:
    """Make the elastic estimate where it is wanted and says something."""
    wanted = options.elastic
    if wanted == "auto":
        wanted = len(draft.crystals) > 1 and draft.sites.species.size <= ELASTIC_UP_TO
    return elastic_estimate(draft, free_strain=options.free_strain, wanted=bool(wanted))


def _oriented(
    draft: Draft, atoms: Atoms, molecules: tuple[Molecule, ...], options: Finish
) -> tuple[Atoms, tuple[Molecule, ...], list[Step]]:
    """Turn the molecules of free orientation."""
    free = {entry.name for entry in draft.sites.table if entry.molecule is not None and entry.free}
    placed = tuple(molecule.name for molecule in molecules if molecule.name in free)
    if not placed:
        return atoms, molecules, []
    crystal = draft.sites.block.framework.crystal
    axes = pseudocubic_directions(crystal.cell, crystal.pseudocubic) @ draft.rotation
    turned, step = orient_cations(
        atoms,
        molecules,
        placed=placed,
        rule=options.cations,
        axes=axes,
        rng=generator(options.seed, "cations"),
    )
    return turned, molecules, [step]


def _regions(draft: Draft, elastic: Elastic) -> tuple[Region, ...]:
    """Describe the parts that have sites.

    The cell of each is that of the host without stress; exchanged planes of halides without
    octahedra have no lattice of their own.
    """
    framework = draft.sites.block.framework
    host, octahedra = framework.crystal, draft.sites.region[..., framework.b_units]
    found = []
    for code, (name, crystal) in enumerate(zip(draft.names, draft.crystals, strict=True), 1):
        whole = bool((octahedra == code).any())
        if not whole and not (draft.sites.region == code).any():
            continue
        own = cube_edge(crystal) / draft.edge
        strain = elastic.region_strain.get(code, np.eye(3) * (1 / own - 1))
        found.append(
            Region(
                code=code,
                name=name,
                crystal=crystal.name,
                formula=crystal.formula,
                cell=host.cell @ draft.rotation * own * whole,
                strain=strain * whole,
            )
        )
    return tuple(found)
