"""One grain filled with whole octahedra of its crystal and what belongs to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.coherent.draft import draft_parts
from heterobuild.coherent.parts import Parts
from heterobuild.frameworks.block import Block, halides_of, links_of
from heterobuild.frameworks.carving import AT_A_TIME
from heterobuild.incoherent.guests import SITE_INDEX, emitted
from heterobuild.incoherent.hanging_octahedra import well_bound
from heterobuild.labels import Site
from heterobuild.model import WallProfile
from heterobuild.seeds import generator

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.coherent.draft import Draft
    from heterobuild.coherent.matrix import Matrix
    from heterobuild.frameworks.framework import Framework
    from heterobuild.incoherent.grains_places import GrainPlace
    from heterobuild.model import Molecule, Step

OUT = 1.0
"""Å that cations and molecules of cages may stand outside the wall of their grain, where half of
them have to go for neutrality. Halides stay inside; what touches another grain goes."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Chosen:
    """The sites of a crystal that have a place in a grain.

    Parameters
    ----------
    number : int
        Number of the grain, from 1.
    place : GrainPlace
        Its place.
    block : Block
        Cells of the crystal around it.
    centre : (3,) float array
        Point of the crystal at the centre of the place in Å.
    rotation : (3, 3) float array
        From the frame of the crystal into that of the model.
    octahedra : (nx, ny, nz, b) bool array
        Octahedra that are there.
    occupied : (nx, ny, nz, u) bool array
        Sites that are there.
    depth : (nx, ny, nz, u) float32 array
        Depth of each site below the wall in Å.
    """

    number: int
    place: GrainPlace
    block: Block
    centre: FloatArray
    rotation: FloatArray
    octahedra: BoolArray
    occupied: BoolArray
    depth: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Grain:
    """A filled grain.

    Parameters
    ----------
    chosen : Chosen
        Its sites.
    draft : Draft
        What stands on them.
    atoms : ase.Atoms
        Its atoms where they stand.
    site_of : (n,) int array
        Flat index of the site of each atom.
    molecules : tuple of Molecule
        Kinds of its molecules.
    steps : tuple of Step
        What was chosen for its molecules.
    """

    chosen: Chosen
    draft: Draft
    atoms: Atoms
    site_of: IntArray
    molecules: tuple[Molecule, ...]
    steps: tuple[Step, ...]

    @property
    def octahedra(self) -> BoolArray:
        """Octahedra that are there, shape (nx, ny, nz, b)."""
        return self.chosen.octahedra

    @property
    def depth(self) -> FloatArray:
        """Depth of each site below the wall in Å, shape (s,)."""
        return self.chosen.depth.ravel()


@dataclass(frozen=True, kw_only=True, eq=False)
class Filling:
    """How grains are filled.

    Parameters
    ----------
    gap : float
        Distance in Å that all ions of two grains keep at least; 0 where touching is enough.
    cations : str
        Rule that orients molecular cations of free orientation.
    seed : int
        Seed of all draws.
    """

    gap: float
    cations: str
    seed: int


def chosen_sites(
    place: GrainPlace,
    framework: Framework,
    rotation: FloatArray,
    filling: Filling,
    *,
    number: int,
    matrix: Matrix | None = None,
) -> Chosen | None:
    """Choose what of a crystal has a place in a grain.

    An octahedron is there if all its halides are half the gap below the wall at least; cations
    and molecules of cages are there where one octahedron of the cage is, unless they are outside.

    Parameters
    ----------
    place : GrainPlace
        The place.
    framework : Framework
        Framework of the crystal.
    rotation : (3, 3) float array
        From the frame of the crystal into that of the model.
    filling : Filling
        Gap and seed.
    number : int
        Number of the grain, from 1; decides which point of the crystal is at its centre.
    matrix : Matrix, optional
        The block of an endless grain.

    Returns
    -------
    Chosen or None
        The sites; None where no octahedron has a place.
    """
    if matrix is not None:
        framework = matrix.block.framework
        centre, block = np.zeros(3), matrix.block
    else:
        rng = generator(filling.seed, f"place of grain {number}")
        centre = rng.random(3) @ framework.cell
        block = _block(framework, place, centre, rotation)
    depth = _depths(block, place, centre, rotation)
    octahedra, occupied = _inside(block, depth - filling.gap / 2)
    if not octahedra.any():
        return None
    return Chosen(
        number=number,
        place=place,
        block=block,
        centre=centre,
        rotation=rotation,
        octahedra=octahedra,
        occupied=occupied,
        depth=depth,
    )


def _block(
    framework: Framework, place: GrainPlace, centre: FloatArray, rotation: FloatArray
) -> Block:
    """Return the cells that have a site in a grain; nothing outside it is looked at."""
    inverse = np.linalg.inv(framework.cell)
    fractions = (place.corners @ rotation.T + centre) @ inverse
    beyond = OUT * np.linalg.norm(inverse, axis=0)
    sites = framework.centres @ inverse
    low = np.ceil(fractions.min(axis=0) - beyond - sites.max(axis=0)).astype(int)
    high = np.floor(fractions.max(axis=0) + beyond - sites.min(axis=0)).astype(int) + 1
    high = np.maximum(high, low + 1)
    return Block(
        framework=framework,
        origin=tuple(low.tolist()),
        cells=tuple((high - low).tolist()),
        periodic=(False, False, False),
    )


def _depths(
    block: Block, place: GrainPlace, centre: FloatArray, rotation: FloatArray
) -> FloatArray:
    """Measure how deep all sites of a block are below the wall of a grain."""
    cells = np.stack(np.meshgrid(*map(np.arange, block.cells), indexing="ij"), axis=-1)
    corners = (cells.reshape(-1, 3) + block.origin) @ (block.framework.cell @ rotation)
    units = (block.framework.centres - centre) @ rotation
    found = np.empty((len(corners), len(units)), dtype=np.float32)
    step = max(1, AT_A_TIME // len(units))
    for first in range(0, len(corners), step):
        points = corners[first : first + step, None] + units
        part = found[first : first + step]
        part[...] = place.depth(points.reshape(-1, 3)).reshape(part.shape)
    return found.reshape(block.grid)


def _inside(block: Block, depth: FloatArray) -> tuple[BoolArray, BoolArray]:
    """Choose octahedra whose halides are all inside, and what belongs to them."""
    framework = block.framework
    roles, b_units = framework.site, framework.b_units
    deep = depth >= 0
    bonded = framework.site[framework.links[:, 1]] == Site.X
    corners = np.bincount(framework.links[bonded, 0], minlength=len(b_units))
    octahedra = deep[..., b_units] & (halides_of(block, deep & (roles == Site.X)) == corners)
    octahedra = well_bound(block, octahedra)
    occupied = (links_of(block, octahedra) > 0) & (depth >= -OUT)
    occupied[..., b_units] = octahedra
    return octahedra, occupied


def filled(chosen: Chosen, filling: Filling) -> Grain:
    """Put ions on the sites of a grain.

    Parameters
    ----------
    chosen : Chosen
        The sites.
    filling : Filling
        Rule for molecules, and seed.

    Returns
    -------
    Grain
        The grain, charged.
    """
    framework, number = chosen.block.framework, chosen.number
    crystal, name = framework.crystal, f"grain {chosen.number}"
    draft = draft_parts(
        chosen.block,
        chosen.occupied,
        Parts(names=(name,), crystals=(crystal,), walls=(), shared="outer", profile=WallProfile()),
        rotation=chosen.rotation,
        centre=chosen.centre,
        surface=-chosen.depth[..., framework.b_units],
        seed=filling.seed + number if crystal.mixtures else filling.seed,
    )
    atoms, molecules, steps = emitted(
        draft,
        turn=np.eye(3),
        cell=np.zeros((3, 3)),
        pbc=(False, False, False),
        region=chosen.place.phase + 1,
        cations=filling.cations,
        seed=filling.seed,
        name=name,
    )
    atoms.positions += chosen.place.centre
    return Grain(
        chosen=chosen,
        draft=draft,
        atoms=atoms,
        site_of=atoms.arrays.pop(SITE_INDEX).astype(np.int64),
        molecules=molecules,
        steps=tuple(steps),
    )
