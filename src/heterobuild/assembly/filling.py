"""Fill the in-plane cell of an interface with the atoms of one slab."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.crystals.cations import orient_cations
from heterobuild.geometry.lattice_plane import coset_points
from heterobuild.geometry.rigid import move_units
from heterobuild.labels import repeat, units
from heterobuild.model import Step
from heterobuild.seeds import generator
from heterobuild.slabs.orientation import cation_axes, crystal_to_slab

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import FloatArray
    from heterobuild.model import Slab


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
        Seed for the orientation of molecular cations.
    """

    cell: FloatArray
    repeats: tuple[int, int]
    seed: int

    @property
    def whole(self) -> FloatArray:
        """The in-plane cell of the result, shape (2, 2), in Å."""
        vectors: FloatArray = np.diag(self.repeats) @ self.cell
        return vectors


def fill_cell(
    name: str,
    slab: Slab,
    frame: Frame,
    *,
    deformation: FloatArray,
    rotation: FloatArray,
    cells: FloatArray,
) -> tuple[Atoms, Step | None]:
    """Deform one surface cell, repeat it over the whole cell, and orient the cations there.

    Cations are oriented here and not in the slab, because only the whole cell shows how many
    there are to cancel one another, and before gaps are found, because their hydrogens touch.

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
    atoms : ase.Atoms
        Labelled atoms of the whole cell before stacking.
    step : Step or None
        How cations were oriented, where there are any.
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
    if not crystal.placed:
        return atoms, None
    turned, step = orient_cations(
        atoms,
        crystal.molecules,
        placed=crystal.placed,
        rule=slab.cations,
        axes=cation_axes(crystal, crystal_to_slab(slab.stacking) @ rotation),
        rng=generator(frame.seed, f"cations of {name}"),
    )
    return turned, Step(name="cations", choice=f"{name}: {step.choice}", values={name: step.values})
