"""Grains of phases that share no lattice: from crystals to the finished model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from heterobuild.coherent.mixtures_amounts import volume_shares
from heterobuild.geometry.rigid import unit_centres
from heterobuild.incoherent.grains_contacts import shortest_contacts
from heterobuild.incoherent.grains_filling import Filling
from heterobuild.incoherent.grains_neutrality import neutral_grains
from heterobuild.incoherent.grains_records import Record, filling_step, grains_step
from heterobuild.incoherent.grains_sized import Task, clear_of_contacts
from heterobuild.labels import LAYER, join, take, units
from heterobuild.model import Heterostructure, Region

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ase import Atoms

    from heterobuild.arrays import FloatArray
    from heterobuild.coherent.matrix import Matrix
    from heterobuild.coherent.mixtures_amounts import Amounts
    from heterobuild.coherent.mixtures_fields import Morphology
    from heterobuild.incoherent.grains_filling import Grain
    from heterobuild.incoherent.grains_kept import Kept
    from heterobuild.model import Crystal, Molecule, Step

GRAIN = "grain"
"""Array of the atoms: the number of the grain, from 1."""

TOLD = 0.01
"""Deviation of a volume fraction that a notice tells."""


@dataclass(frozen=True, kw_only=True)
class IncoherentGrains:
    """What is built.

    Parameters
    ----------
    morphology : Morphology
        How the phases share the cell.
    amounts : Amounts
        How much there is of each.
    orientation : str
        ``auto``, ``aligned``, ``random``, or a relation, the first phase on the left.
    gap : float or "auto"
        Distance in Å between the ions of two grains at least; "auto" lets the closest touch.
    neutrality : str
        How the formal charge of each grain is brought to zero.
    cations : str
        Rule that orients molecular cations of free orientation.
    """

    morphology: Morphology
    amounts: Amounts
    orientation: str = "auto"
    gap: float | Literal["auto"] = "auto"
    neutrality: str = "auto"
    cations: str = "random"


def incoherent_grains(
    crystals: tuple[Crystal, ...],
    options: IncoherentGrains,
    cell: FloatArray,
    *,
    matrix: Matrix | None = None,
    names: tuple[str, ...],
    name: str,
    seed: int,
) -> Heterostructure:
    """Build grains of several phases, each on its own lattice.

    Parameters
    ----------
    crystals : tuple of Crystal
        The phases.
    options : IncoherentGrains
        What is built.
    cell : (3, 3) float array
        Cell of the model in Å.
    matrix : Matrix, optional
        The block of the last phase, whose lattice is that of the cell, for inclusions.
    names : tuple of str
        Names of the phases.
    name : str
        Name of the model.
    seed : int
        Seed of all draws.

    Returns
    -------
    Heterostructure
        Labelled atoms, the phases as regions in their order, and the array ``grain``.

    Raises
    ------
    UsageError
        If amounts contradict each other, a phase gets no octahedron, or the policy cannot reach
        zero charge.
    """
    shares = volume_shares(options.amounts, crystals)
    gap = 0.0 if options.gap == "auto" else float(options.gap)
    filling = Filling(gap=gap, cations=options.cations, seed=seed)
    task = Task(
        crystals=crystals,
        morphology=options.morphology,
        orientation=options.orientation,
        filling=filling,
        cell=cell,
        matrix=matrix,
    )
    build = clear_of_contacts(task, shares)
    grains, removal, kept = build.grains, build.removal, build.kept
    endless = [grain.chosen.place.endless for grain in grains]
    whole, ledger, neutrality = neutral_grains(
        grains, kept, options.neutrality, seed=seed, endless=endless
    )
    atoms, molecules = _atoms(grains, whole, cell)
    record = Record(names=names, crystals=crystals, grains=grains, kept=whole, cell=cell)
    nearest = shortest_contacts(build.contacts, [left.sites for left in whole])
    return Heterostructure(
        name=name,
        atoms=atoms,
        regions=_regions(crystals, names),
        molecules=molecules,
        steps=(
            grains_step(record, options.morphology, options.amounts, shares, build.layout),
            build.turned,
            filling_step(record, removal, build.layout, nearest),
            neutrality,
            *_cation_steps(grains),
        ),
        notices=tuple(
            dict.fromkeys(
                [*(n for crystal in crystals for n in crystal.notices), *_missed(record, shares)]
            )
        ),
        ledger=ledger,
    )


def _atoms(
    grains: Sequence[Grain], kept: Sequence[Kept], cell: FloatArray
) -> tuple[Atoms, tuple[Molecule, ...]]:
    """Join what is left of all grains, whole units wrapped into the cell."""
    parts, numbers = [], []
    for grain, left in zip(grains, kept, strict=True):
        atoms = take(grain.atoms, np.flatnonzero(left.sites[grain.site_of]))
        if not len(atoms):
            continue
        layer = np.maximum(atoms.arrays[LAYER], 1)
        atoms.arrays[LAYER] = -layer if grain.chosen.place.phase == 0 else layer
        parts.append((atoms, grain.molecules))
        numbers.append(np.full(len(atoms), grain.chosen.number, dtype=np.int32))
    atoms, molecules = join(parts, cell=cell, pbc=(True, True, True))
    atoms.arrays[GRAIN] = np.concatenate(numbers)
    unit = units(atoms)
    fractions = unit_centres(atoms.positions, atoms.numbers, unit) @ np.linalg.inv(cell)
    atoms.positions -= (np.floor(fractions + 1e-9) @ cell)[unit]
    return atoms, molecules


def _missed(record: Record, shares: FloatArray) -> list[str]:
    """Tell when whole octahedra of grains so small cannot have the wanted shares."""
    reached = record.volumes / record.volumes.sum()
    worst = int(np.abs(reached - shares).argmax())
    if abs(reached[worst] - shares[worst]) <= TOLD:
        return []
    words = (
        f"{record.names[worst]} has {reached[worst]:.1%} of the volume, asked for "
        f"{shares[worst]:.1%}: the grains have few octahedra"
    )
    return [f"{words}; a larger cell or larger grains come nearer"]


def _cation_steps(grains: Sequence[Grain]) -> list[Step]:
    """Tell the rule for molecules once."""
    return [step for grain in grains for step in grain.steps][:1]


def _regions(crystals: tuple[Crystal, ...], names: tuple[str, ...]) -> tuple[Region, ...]:
    """Describe the phases; grains that are turned differently have no cell in common."""
    return tuple(
        Region(
            code=code,
            name=name,
            crystal=crystal.name,
            formula=crystal.formula,
            cell=np.zeros((3, 3)),
            strain=np.zeros((3, 3)),
        )
        for code, (name, crystal) in enumerate(zip(names, crystals, strict=True), 1)
    )
