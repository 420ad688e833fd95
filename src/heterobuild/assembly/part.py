"""A slab in its place: strained onto the common cell, turned, ready to be stacked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.elasticity import crystal_stiffness
from heterobuild.assembly.filling import fill_cell
from heterobuild.chemistry.elasticity import free_normal_strain, turn_stiffness
from heterobuild.crystals.cations import pseudocubic_directions
from heterobuild.geometry.lattice_plane import coset_points
from heterobuild.geometry.rigid import unit_centres
from heterobuild.labels import CHARGE, SITE, Site, units
from heterobuild.slabs.cut import planes_between
from heterobuild.slabs.orientation import crystal_to_slab
from heterobuild.slabs.stacking import plane_height

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.assembly.filling import Frame
    from heterobuild.chemistry.elasticity import Stiffness
    from heterobuild.model import Molecule, Slab, Step


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """A slab strained and turned into the frame of the interface.

    Parameters
    ----------
    name : str
        Name of the region it becomes, such as ``film``.
    slab : Slab
        The slab as cut.
    deformation : (3, 3) float array
        Map of rigid-unit centres from the slab's frame, ``x' = x @ deformation``.
    rotation : (3, 3) float array
        Its proper rotation, applied to the shapes of molecules.
    strain : (3, 3) float array
        Small-strain tensor in the frame of the interface.
    elastic : Stiffness
        The elastic constants that gave the strain along the normal.
    cells : (m, 3) float array
        Positions in Å of the surface cells inside one common cell.
    atoms : ase.Atoms
        All atoms of the part in the whole in-plane cell, the ions of mixed sites drawn and
        cations oriented, before stacking; the array ``layer`` still counts the planes of the
        slab.
    molecules : tuple of Molecule
        Kinds of molecule in the atoms.
    composition, cations : Step or None
        How many of the mixed sites each ion takes; how molecular cations were oriented.
    organics : tuple of Step, optional
        Molecules put inside and on the faces, where the slab asks for some.
    """

    name: str
    slab: Slab
    deformation: FloatArray
    rotation: FloatArray
    strain: FloatArray
    elastic: Stiffness
    cells: FloatArray
    atoms: Atoms
    molecules: tuple[Molecule, ...]
    composition: Step | None
    cations: Step | None
    organics: tuple[Step, ...] = ()

    @property
    def upright(self) -> bool:
        """Whether the planes of the stacking run upward in the interface."""
        return bool(self.deformation[2, 2] > 0)

    @property
    def top(self) -> int:
        """Number of the highest plane in the stacking."""
        return self.slab.first + (self.slab.count - 1 if self.upright else 0)

    @property
    def bottom(self) -> int:
        """Number of the lowest plane in the stacking."""
        return self.slab.first + (0 if self.upright else self.slab.count - 1)

    @property
    def step(self) -> int:
        """Change of the plane number from one plane to the next higher one."""
        return 1 if self.upright else -1


@dataclass(frozen=True, kw_only=True, eq=False)
class Plane:
    """The rigid units of one plane inside one common cell.

    Parameters
    ----------
    centres : (n, 3) float array
        Centres in Å in the frame of the interface, before stacking.
    role : (n,) int array
        Site code, doubled, plus one for cations: units that can take one another's place have
        the same role.
    charge : (n,) float array
        Formal charge in e.
    """

    centres: FloatArray
    role: IntArray
    charge: FloatArray


def strained_part(
    name: str,
    slab: Slab,
    frame: Frame,
    *,
    stretch: FloatArray,
    rotation: FloatArray,
    supercell: IntArray,
) -> Part:
    """Strain a slab in its plane, let it respond along the normal, and fill the whole cell.

    Parameters
    ----------
    name : str
        Name of the region.
    slab : Slab
        The slab; left unchanged.
    frame : Frame
        Common cell, its copies, and the seed for mixed sites and molecular cations.
    stretch : (2, 2) float array
        Symmetric stretch in the slab's frame.
    rotation : (3, 3) float array
        Proper rotation from the slab's frame into that of the interface.
    supercell : (2, 2) int array
        Rows are the common cell's vectors in surface vectors.

    Returns
    -------
    Part
        The part, with zero stress on its free surface.
    """
    elastic, matrix = slab_stiffness(slab)
    strain = free_normal_strain(matrix, stretch - np.eye(2))
    strain[2, 2] += slab.expansion
    full = np.eye(3)
    full[:2, :2] = stretch
    full[2] = [2 * strain[0, 2], 2 * strain[1, 2], 1 + strain[2, 2]]
    deformation = full @ rotation
    cells = coset_points(supercell) @ slab.stacking.cell[:2] @ deformation
    filling = fill_cell(name, slab, frame, deformation=deformation, rotation=rotation, cells=cells)
    return Part(
        name=name,
        slab=slab,
        deformation=deformation,
        rotation=rotation,
        strain=rotation.T @ strain @ rotation,
        elastic=elastic,
        cells=cells,
        atoms=filling.atoms,
        molecules=filling.molecules,
        composition=filling.composition,
        cations=filling.cations,
        organics=filling.organics,
    )


def slab_stiffness(slab: Slab) -> tuple[Stiffness, FloatArray]:
    """Look up the elastic constants of a slab and turn them into its frame.

    Parameters
    ----------
    slab : Slab
        The slab.

    Returns
    -------
    elastic : Stiffness
        The constants along the pseudo-cubic axes, and their source.
    matrix : (6, 6) float array
        Voigt matrix in GPa in the slab's frame, z along the normal.
    """
    crystal = slab.crystal
    elastic = crystal_stiffness(crystal)
    axes = pseudocubic_directions(crystal.cell, crystal.pseudocubic)
    return elastic, turn_stiffness(elastic.matrix, axes @ crystal_to_slab(slab.stacking))


def slab_thickness(slab: Slab) -> float:
    """Return the thickness of a slab as a piece of its crystal.

    Parameters
    ----------
    slab : Slab
        The slab, unstrained.

    Returns
    -------
    float
        Number of planes times their mean spacing in Å.
    """
    return float(slab.atoms.cell[2, 2])


def turned_part(part: Part, axis: FloatArray) -> Part:
    """Turn a part upside down about an axis in the plane.

    Parameters
    ----------
    part : Part
        The part; left unchanged.
    axis : (2,) float array
        Direction of the two-fold axis.

    Returns
    -------
    Part
        The turned part, named "<name> (lower)".
    """
    unit = np.append(axis / np.linalg.norm(axis), 0.0)
    half_turn = 2 * np.outer(unit, unit) - np.eye(3)
    atoms = part.atoms.copy()
    atoms.positions = atoms.positions @ half_turn
    return replace(
        part,
        name=f"{part.name} (lower)",
        deformation=part.deformation @ half_turn,
        rotation=part.rotation @ half_turn,
        strain=half_turn.T @ part.strain @ half_turn,
        cells=part.cells @ half_turn,
        atoms=atoms,
    )


def height_of(part: Part, number: int) -> float:
    """Return the mean height of a plane before stacking.

    Parameters
    ----------
    part : Part
        The part.
    number : int
        Number of the plane; those outside the slab are where the crystal would continue.

    Returns
    -------
    float
        Height in Å in the frame of the interface.
    """
    return plane_height(part.slab.stacking, number) * float(part.deformation[2, 2])


def plane_of(part: Part, number: int) -> Plane:
    """Return a plane of the part, or one where its crystal would continue.

    Parameters
    ----------
    part : Part
        The part.
    number : int
        Number of the plane in the stacking.

    Returns
    -------
    Plane
        Its rigid units in one common cell.
    """
    atoms, _ = planes_between(part.slab.stacking, number, 1)
    unit = units(atoms)
    centres = unit_centres(atoms.positions, atoms.numbers, unit) @ part.deformation
    charge = np.bincount(unit, weights=atoms.arrays[CHARGE])
    _, first = np.unique(unit, return_index=True)
    role = 2 * atoms.arrays[SITE][first] + (charge > 0)
    count = len(part.cells)
    return Plane(
        centres=(part.cells[:, None, :] + centres[None]).reshape(-1, 3),
        role=np.tile(role, count),
        charge=np.tile(charge, count),
    )


def has_b_site(plane: Plane) -> bool:
    """Return whether a plane holds B cations.

    Parameters
    ----------
    plane : Plane
        The plane.

    Returns
    -------
    bool
        True for BX2, ABX and B planes.
    """
    return bool((plane.role // 2 == Site.B).any())
