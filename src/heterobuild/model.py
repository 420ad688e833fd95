"""The nouns: small frozen records that the verbs of the other modules take and return.

Lengths are in Å, angles in degrees, charges in units of e, strains are fractions. Cells are
row vectors and right-handed; the stacking axis of slabs and interfaces is the third one.
Records compare by identity, because arrays do not compare to one truth value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from heterobuild.errors import MissingAtomsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ase import Atoms

    from heterobuild.arrays import BoolArray as BoolArray
    from heterobuild.arrays import FloatArray as FloatArray
    from heterobuild.arrays import IntArray as IntArray


Miller = tuple[int, int, int]
Confidence = Literal["high", "medium", "low"]
Level = Literal["info", "warning", "error"]


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a datum comes from and how far it can be trusted.

    Parameters
    ----------
    citation : str
        The publication or database entry.
    doi : str, optional
        Its DOI, empty where unknown.
    cell : {"high", "medium", "low"}, optional
        Confidence in cell and space group.
    coordinates : {"high", "medium", "low"}, optional
        Confidence in the free coordinates.
    notes : str, optional
        What a careful user should know.
    """

    citation: str
    doi: str = ""
    cell: Confidence = "high"
    coordinates: Confidence = "high"
    notes: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Molecule:
    """A rigid molecular ion: geometry, charge, and which atom is its head.

    Parameters
    ----------
    name : str
        Short name, such as ``MA`` or ``R-MBA``.
    formula : str
        Hill formula with all hydrogens.
    charge : float
        Net formal charge in e.
    numbers : (n,) int array
        Atomic numbers.
    positions : (n, 3) float array
        Cartesian coordinates in Å; the centroid of the non-hydrogen atoms is the origin.
    charges : (n,) float array
        Formal charge of each atom in e.
    head : tuple of int
        Atoms of the charged head group (the N of an ammonium, both N of formamidinium).
    smiles : str, optional
        SMILES with stereochemistry.
    source : Source
        Origin of the geometry and trust in the identity.
    """

    name: str
    formula: str
    charge: float
    numbers: IntArray
    positions: FloatArray
    charges: FloatArray
    head: tuple[int, ...]
    smiles: str = ""
    source: Source


@dataclass(frozen=True, kw_only=True, eq=False)
class Crystal:
    """One phase of one compound in its conventional cell.

    Parameters
    ----------
    name : str
        Name in the library, or of the user's file.
    formula : str
        Short formula in the field's notation, such as ``MAPbCl3``.
    phase : str
        Name of the polymorph, such as ``cubic``.
    cell : (3, 3) float array
        Conventional cell in Å, row vectors, right-handed.
    atoms : ase.Atoms or None
        All atoms of the conventional cell with the arrays of `heterobuild.labels`; None where
        only the cell is known.
    space_group : str
        Hermann–Mauguin symbol in the setting of `cell`.
    space_group_number : int
        Number in the International Tables; 0 where unknown.
    molecules : tuple of Molecule, optional
        The kinds of molecule; the array ``kind`` counts from 1 into this tuple.
    placed : tuple of str, optional
        Molecules whose orientation is a modelling choice, because the diffraction data give
        their centre only. They are turned again in every slab and interface.
    pseudocubic : (3, 3) float array or None
        Pseudo-cubic axes as fractions of the conventional ones, rows; None where undefined.
    z : int
        Formula units in the cell.
    temperature : float or None
        Temperature of the measurement in K.
    source : Source
        Origin and trust.
    notices : tuple of str, optional
        Warnings that must be shown wherever the crystal is used.
    """

    name: str
    formula: str
    phase: str
    cell: FloatArray
    atoms: Atoms | None
    space_group: str
    space_group_number: int
    molecules: tuple[Molecule, ...] = ()
    placed: tuple[str, ...] = ()
    pseudocubic: FloatArray | None = None
    z: int = 1
    temperature: float | None = None
    source: Source
    notices: tuple[str, ...] = ()

    def require_atoms(self) -> Atoms:
        """Return the atoms, or say clearly that only the cell is known.

        Returns
        -------
        ase.Atoms
            The conventional cell; not to be changed.

        Raises
        ------
        MissingAtomsError
            If only the cell of this phase is known.
        """
        if self.atoms is None:
            raise MissingAtomsError(
                f"only the cell of {self.name} is known, not its atoms",
                where="the crystal library",
                next_step="use it for mismatch and matching, or give a CIF file with coordinates",
            )
        return self.atoms


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


@dataclass(frozen=True, kw_only=True, eq=False)
class Match:
    """A common in-plane cell of a film and a substrate.

    Parameters
    ----------
    film, substrate : (2, 2) int array
        Rows are the common cell's vectors in surface vectors of either side.
    area, film_area : float
        Area of the unstrained supercells of the substrate and of the film in Å².
    strains : tuple of float
        Principal engineering strains of the film when it takes all the strain, larger first.
    log_strain : float
        Larger absolute principal logarithmic strain; the same for either side.
    rotation : float
        Turn of the film about the normal in degrees, counter-clockwise seen from above.
    deformation : (2, 2) float array
        Map G of film onto substrate for row vectors, ``film_cell @ G = substrate_cell``.
    """

    film: IntArray
    substrate: IntArray
    area: float
    film_area: float
    strains: tuple[float, float]
    log_strain: float
    rotation: float
    deformation: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Region:
    """A part of a heterostructure that came from one crystal.

    Parameters
    ----------
    code : int
        Its code in the array ``region``, from 1.
    name : str
        Its name, such as ``film``.
    crystal : str
        Name of the crystal.
    formula : str
        Formula of the crystal.
    cell : (3, 3) float array
        Unstrained surface vectors u, v and repeat w of the crystal in Å, turned into the
        orientation that the region has in the structure.
    strain : (3, 3) float array
        Small-strain tensor that was applied, in the frame of the structure.
    """

    code: int
    name: str
    crystal: str
    formula: str
    cell: FloatArray
    strain: FloatArray


@dataclass(frozen=True, kw_only=True)
class Step:
    """One choice made while building, with its numbers.

    Parameters
    ----------
    name : str
        What was chosen, such as ``gap``.
    choice : str
        The choice and its reason, in words.
    values : mapping, optional
        The numbers, keys end in their unit; plain Python types, ready for JSON.
    """

    name: str
    choice: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Heterostructure:
    """The finished model.

    Parameters
    ----------
    name : str
        Name used for files.
    atoms : ase.Atoms
        Atoms with the arrays of `heterobuild.labels`.
    regions : tuple of Region
        Parts, in the order of their codes.
    molecules : tuple of Molecule, optional
        Kinds of molecule; the array ``kind`` counts from 1 into this tuple.
    match : Match or None
        The common in-plane cell, where there is one.
    steps : tuple of Step
        Every choice made.
    notices : tuple of str, optional
        Warnings of the data used.
    """

    name: str
    atoms: Atoms
    regions: tuple[Region, ...]
    molecules: tuple[Molecule, ...] = ()
    match: Match | None = None
    steps: tuple[Step, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one check found.

    Parameters
    ----------
    check : str
        Name of the check.
    level : {"info", "warning", "error"}
        Weight of the finding; only "error" stops the files from being written.
    message : str
        One sentence for people.
    value, limit : float, str or None
        What was measured and what is allowed, with the unit in `unit`.
    unit : str, optional
        Unit of both.
    atoms : tuple of int, optional
        Atoms concerned, counted from 0; at most the first ten.
    """

    check: str
    level: Level
    message: str
    value: float | str | None = None
    limit: float | str | None = None
    unit: str = ""
    atoms: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Report:
    """The findings of all checks on one structure.

    Parameters
    ----------
    findings : tuple of Finding
        In the order of the checks.
    """

    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether no finding is an error."""
        return not any(finding.level == "error" for finding in self.findings)
