"""Faces, planes and slabs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model.caps import Cap
    from heterobuild.model.crystals import Crystal


Miller: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True)
class Termination:
    """One plane at which a crystal can end.

    Parameters
    ----------
    index : int
        Position of the plane in the repeat, counted from 0 upward along the face normal.
    height : float
        Mean height of its ions in Å above the crystal's origin, below one repeat.
    formula : str
        Ions of the plane in one surface cell, such as ``CsBr`` or ``PbBr2``.
    charge : float
        Formal areal charge in e/Å².
    thickness : float
        Distance in Å between its lowest and highest ion (rumpling).
    equivalent : int
        Lowest index of a plane that a proper space-group operation maps onto this one.
    """

    index: int
    height: float
    formula: str
    charge: float
    thickness: float
    equivalent: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Stacking:
    """A crystal turned until hkl points up: an endless sequence of atomic planes.

    Parameters
    ----------
    crystal : Crystal
        The crystal.
    miller : tuple of int
        The face, in the conventional setting.
    cell : (3, 3) float array
        Primitive surface vectors u, v and one repeat w along the normal, rows in Å; u lies
        along x, v in the xy plane, w points up.
    basis : (3, 3) float array
        The same vectors as fractions of the conventional axes.
    atoms : ase.Atoms
        One repeat, molecules whole, labelled.
    plane : (n_atoms,) int array
        Plane of each atom.
    unit : (n_atoms,) int array
        Rigid unit (ion or molecule) of each atom.
    terminations : tuple of Termination
        All planes of one repeat, upward.
    planes_per_layer : int
        Planes in one stoichiometric layer.
    turns : (k, 2, 2) int array
        Rotations about the normal that leave the crystal and each of its planes as they are,
        acting on row coordinates along u and v; the identity first.
    tolerance : float or None
        Height step in Å inside a plane, as asked for; None where the crystal decided.
    """

    crystal: Crystal
    miller: Miller
    cell: FloatArray
    basis: FloatArray
    atoms: Atoms
    plane: IntArray
    unit: IntArray
    terminations: tuple[Termination, ...]
    planes_per_layer: int
    turns: IntArray
    tolerance: float | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Slab:
    """A piece of crystal between two chosen planes.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms; the cell's third vector spans the planes and points up, no vacuum.
    stacking : Stacking
        The endless sequence of planes it was taken from, in the same orientation.
    first : int
        Number of the lowest plane in that sequence.
    count : int
        Number of planes.
    bottom, top : Termination
        The outermost planes.
    charge : float
        Formal charge of one surface cell in e.
    dipole : float
        Formal dipole along the normal in e·Å for one surface cell, each rigid unit a point
        charge at its centre; measured from the middle of the slab.
    tasker : {"I", "II", "III"}
        Type of the face with this bottom plane after Tasker (10.1088/0022-3719/12/22/036).
    cations : str
        Rule that oriented the molecular cations.
    flipped : bool, optional
        Whether it was turned upside down by a proper two-fold rotation.
    mixing : str, optional
        Rule that will spread ions over mixed sites, see `heterobuild.alloys.patterns.spread`.
    cap_bottom, cap_top : Cap or None, optional
        Monolayers that will stand on its faces, see `heterobuild.slabs.caps.cap_slab`.
    inside : tuple of (str, int), optional
        Molecules that will be put inside, and how many the whole in-plane cell holds, see
        `heterobuild.slabs.lamellae.fill_slab`.
    expansion : float, optional
        Strain along the normal that the molecules cause, a fraction; added to the elastic one.
    """

    atoms: Atoms
    stacking: Stacking
    first: int
    count: int
    bottom: Termination
    top: Termination
    charge: float
    dipole: float
    tasker: Literal["I", "II", "III"]
    cations: str
    flipped: bool = False
    mixing: str = "random"
    cap_bottom: Cap | None = None
    cap_top: Cap | None = None
    inside: tuple[tuple[str, int], ...] = ()
    expansion: float = 0.0

    def cap(self, *, top: bool, upright: bool) -> Cap | None:
        """Return the monolayer of the face that lies above or below.

        Parameters
        ----------
        top : bool
            Whether the face above is meant.
        upright : bool
            Whether the planes of the slab run upward where it lies.

        Returns
        -------
        Cap or None
            None for a bare face.
        """
        return self.cap_top if top == upright else self.cap_bottom

    @property
    def crystal(self) -> Crystal:
        """The crystal it was cut from."""
        return self.stacking.crystal

    @property
    def miller(self) -> Miller:
        """The face, in the conventional setting of the crystal."""
        return self.stacking.miller

    @property
    def basis(self) -> FloatArray:
        """Surface vectors and repeat as fractions of the conventional axes, shape (3, 3)."""
        return self.stacking.basis
