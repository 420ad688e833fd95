"""Fill the in-plane cell of an interface with the atoms of one slab."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.decoration import decorate
from heterobuild.alloys.repeats import pseudocubic_axes
from heterobuild.assembly.cap_faces import BarePart
from heterobuild.assembly.capping import add_organics
from heterobuild.crystals.cations import orient_cations
from heterobuild.geometry.lattice_plane import coset_points
from heterobuild.geometry.rigid import move_units
from heterobuild.labels import repeat, units
from heterobuild.seeds import generator
from heterobuild.slabs.orientation import cation_axes, crystal_to_slab

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import FloatArray
    from heterobuild.model import Molecule, Slab, Step


@dataclass(frozen=True, kw_only=True, eq=False)
class Frame:
    """The in-plane cell that all parts share.

    Parameters
    ----------
    cell : (2, 2) float array
        Common cell in Å, the first vector along x.
    repeats : tuple of int
        Copies of it along its two vectors.
    seed : int
        Seed for the ions of mixed sites and the orientation of molecular cations.
    """

    cell: FloatArray
    repeats: tuple[int, int]
    seed: int

    @property
    def whole(self) -> FloatArray:
        """The in-plane cell of the result, shape (2, 2), in Å."""
        vectors: FloatArray = np.diag(self.repeats) @ self.cell
        return vectors


@dataclass(frozen=True, kw_only=True, eq=False)
class Filling:
    """The atoms of one part in the whole in-plane cell.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms before stacking.
    molecules : tuple of Molecule
        Kinds of molecule; the array ``kind`` counts from 1 into this tuple.
    composition : Step or None
        How many of the mixed sites each ion takes, where there are any.
    cations : Step or None
        How molecular cations were oriented, where there are any.
    organics : tuple of Step
        Molecules put inside and on the faces, where the slab asks for some.
    """

    atoms: Atoms
    molecules: tuple[Molecule, ...]
    composition: Step | None
    cations: Step | None
    organics: tuple[Step, ...]


def fill_cell(
    name: str,
    slab: Slab,
    frame: Frame,
    *,
    deformation: FloatArray,
    rotation: FloatArray,
    cells: FloatArray,
) -> Filling:
    """Deform one surface cell, repeat it over the whole cell, draw ions and orient cations there.

    The ions of mixed sites are drawn and cations oriented here and not in the slab, because only
    the whole cell shows how many there are, and before gaps are found, because their hydrogens
    touch.

    Parameters
    ----------
    name : str
        Name of the part, which names its stream of random numbers.
    slab : Slab
        The slab; left unchanged.
    frame : Frame
        The in-plane cell.
    deformation : (3, 3) float array
        Map of rigid-unit centres from the slab's frame.
    rotation : (3, 3) float array
        Its proper rotation, for the shapes of molecules.
    cells : (m, 3) float array
        Positions in Å of the surface cells inside one common cell.

    Returns
    -------
    Filling
        The atoms, and what was chosen.
    """
    unit_cell = slab.atoms.copy()
    unit_cell.positions = move_units(
        unit_cell.positions,
        unit_cell.numbers,
        units(unit_cell),
        deformation=deformation,
        rotation=rotation,
    )
    copies = coset_points(np.diag(frame.repeats)) @ np.pad(frame.cell, ((0, 0), (0, 1)))
    vectors = np.zeros((3, 3))
    vectors[:2, :2] = frame.whole
    vectors[2, 2] = float(np.ptp(unit_cell.positions[:, 2])) + 20.0
    atoms = repeat(unit_cell, (copies[:, None] + cells[None]).reshape(-1, 3), vectors)
    crystal = slab.crystal
    molecules, placed, composition, cations = crystal.molecules, crystal.placed, None, None
    axes = crystal_to_slab(slab.stacking)
    if crystal.mixtures:
        atoms, molecules, added, step = decorate(
            atoms,
            molecules,
            crystal.mixtures,
            rule=slab.mixing,
            rng=generator(frame.seed, f"composition of {name}"),
            lattice=pseudocubic_axes(crystal) @ axes @ deformation,
        )
        placed = (*placed, *added)
        composition = replace(
            step, choice=f"{name}: {step.choice}", values={"part": name, **step.values}
        )
    if placed:
        atoms, step = orient_cations(
            atoms,
            molecules,
            placed=placed,
            rule=slab.cations,
            axes=cation_axes(crystal, axes @ rotation),
            rng=generator(frame.seed, f"cations of {name}"),
        )
        cations = replace(step, choice=f"{name}: {step.choice}", values={name: step.values})
    bare = BarePart(
        name=name,
        slab=slab,
        atoms=atoms,
        molecules=molecules,
        whole=frame.whole,
        seed=frame.seed,
        upright=bool(deformation[2, 2] > 0),
    )
    atoms, molecules, organics = add_organics(bare)
    return Filling(
        atoms=atoms,
        molecules=molecules,
        composition=composition,
        cations=cations,
        organics=organics,
    )
