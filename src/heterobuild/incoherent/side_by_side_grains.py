"""One grain of a row: whole octahedra between two side faces and two heights, made neutral."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.coherent.draft import composition_steps, neutral
from heterobuild.coherent.junctions_lattice import deformed
from heterobuild.geometry.rigid import unit_centres
from heterobuild.incoherent.guests import SITE_INDEX, emitted
from heterobuild.incoherent.side_by_side_windows import window_draft, window_starts
from heterobuild.labels import LAYER, Site, units
from heterobuild.particles.site_neutrality import dipole_of

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import FloatArray
    from heterobuild.coherent.draft import Draft
    from heterobuild.incoherent.side_by_side_standing import Standing
    from heterobuild.incoherent.side_by_side_windows import GrainSize
    from heterobuild.model import Crystal, LedgerEntry, Molecule, Step

EDGE = 6.0
"""Width in Å of what counts as one layer of octahedra."""

_LEAST = 1e-6
_BALANCED = 4
"""So many of the places of the faces are made neutral, and the least polar grain is taken."""

_ACROSS = np.array([False, True, True])


@dataclass(frozen=True, kw_only=True, eq=False)
class Grain:
    """A grain, periodic along x, its bottom at z = 0 and its left face near y = 0.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms.
    molecules : tuple of Molecule
        Their molecules.
    octahedra : int
        Number of octahedra.
    size : tuple of float
        Extent of the octahedra across the line and through the film in Å, halide to halide.
    steps : tuple of Step
        How it became neutral, and how molecules were turned.
    ledger : tuple of LedgerEntry
        Ions that went or came.
    """

    atoms: Atoms
    molecules: tuple[Molecule, ...]
    octahedra: int
    size: tuple[float, float]
    steps: tuple[Step, ...]
    ledger: tuple[LedgerEntry, ...]


def make_grain(
    crystal: Crystal,
    stands: Standing,
    size: GrainSize,
    *,
    name: str,
    region: int,
    policy: str,
    cations: str,
    seed: int,
) -> Grain:
    """Cut a grain from a crystal.

    Faces are tried between the first rows of B cations. Those whose whole octahedra carry the
    least charge are made neutral, and the grain with the least dipole across the line is taken.

    Parameters
    ----------
    crystal : Crystal
        The crystal.
    stands : Standing
        How it stands.
    size : GrainSize
        How large it is.
    name : str
        Name of the part.
    region : int
        Code of the part.
    policy : str
        How its formal charge is brought to zero.
    cations : str
        Rule that orients molecular cations of free orientation.
    seed : int
        Seed of all draws.

    Returns
    -------
    Grain
        The grain, neutral.

    Raises
    ------
    UsageError
        If it holds no octahedron, or the policy cannot reach zero charge.
    """
    line = stands.rotation[:, 0]
    strained = deformed(crystal, np.eye(3) + size.strain * np.outer(line, line))
    drafts = [
        window_draft(strained, crystal, stands, size, start=start, name=name, seed=seed)
        for start in window_starts(strained, stands)
    ]
    balanced = [
        neutral(draft, policy, seed=seed, where=name, directions=_ACROSS)
        for draft in sorted(drafts, key=_unbalance)[:_BALANCED]
    ]
    draft = min(balanced, key=_polarity)
    length = float(np.linalg.norm(stands.basis[0] @ strained.cell)) * size.repeats
    atoms, molecules, steps = emitted(
        draft,
        turn=np.eye(3),
        cell=np.diag([length, 0.0, 0.0]),
        pbc=(True, False, False),
        region=region,
        cations=cations,
        seed=seed,
        name=name,
    )
    del atoms.arrays[SITE_INDEX]
    low, high = _octahedra_extent(draft)
    atoms.positions -= [0.0, low[0], low[1]]
    return Grain(
        atoms=atoms,
        molecules=molecules,
        octahedra=int((draft.sites.region[..., draft.sites.block.framework.b_units] > 0).sum()),
        size=(float(high[0] - low[0]), float(high[1] - low[1])),
        steps=(*draft.steps, *composition_steps(draft), *steps),
        ledger=draft.ledger,
    )


def _unbalance(draft: Draft) -> tuple[float, int]:
    """Order drafts by charge for each octahedron; of equal ones the largest is first."""
    count = int((draft.sites.region[..., draft.sites.block.framework.b_units] > 0).sum())
    return round(abs(draft.sites.charge) / count, 6), -count


def _polarity(draft: Draft) -> float:
    """Return the dipole of a draft across the line in e·Å for each octahedron."""
    count = int((draft.sites.region[..., draft.sites.block.framework.b_units] > 0).sum())
    dipole = dipole_of(draft.sites, rotation=draft.rotation, centre=_middle(draft))
    return round(float(np.linalg.norm(dipole[1:])) / count, 3)


def _middle(draft: Draft) -> FloatArray:
    """Return the centre of the octahedra in the frame of the crystal."""
    block = draft.sites.block
    points = [
        block.positions(unit)[(draft.sites.region[..., unit] > 0).ravel()]
        for unit in block.framework.b_units.tolist()
    ]
    middle: FloatArray = np.concatenate(points).mean(axis=0)
    return middle


def _octahedra_extent(draft: Draft) -> tuple[FloatArray, FloatArray]:
    """Return the least and the largest place of halides across the line and through the film."""
    block = draft.sites.block
    halides = np.flatnonzero(block.framework.site == Site.X).tolist()
    points = np.concatenate(
        [
            (block.positions(unit) @ draft.rotation)[(draft.sites.region[..., unit] > 0).ravel()]
            for unit in halides
        ]
    )[:, 1:]
    return points.min(axis=0), points.max(axis=0)


def shifted(grain: Grain, along: float, across: float) -> Grain:
    """Move a grain in the plane of the film.

    Parameters
    ----------
    grain : Grain
        The grain; left unchanged.
    along, across : float
        Steps in Å.

    Returns
    -------
    Grain
        The moved grain.
    """
    atoms = grain.atoms.copy()
    atoms.positions += [along, across, 0.0]
    return replace(grain, atoms=atoms)


def count_layers(grain: Grain, *, left: bool, right: bool) -> None:
    """Count octahedra from the nearest junction, upward from the left one, downward to the right.

    Parameters
    ----------
    grain : Grain
        The grain; the array ``layer`` of its atoms is changed in place.
    left, right : bool
        On which sides there is a junction.
    """
    atoms = grain.atoms
    unit = units(atoms)
    y = unit_centres(atoms.positions, atoms.numbers, unit)[unit][:, 1]
    low, wide = float(y.min()), float(np.ptp(y)) + _LEAST
    count = max(1, round(wide / EDGE))
    after = np.floor((y - low) / wide * count).astype(np.int64) + 1
    before = count + 1 - after
    nearer = (after <= before) if left and right else np.full(len(atoms), left)
    atoms.arrays[LAYER] = np.where(nearer, after, -before)
