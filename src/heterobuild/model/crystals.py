"""Crystals and the molecules in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from heterobuild.errors import MissingAtomsError

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model.compounds import Mixture


Confidence: TypeAlias = Literal["high", "medium", "low"]
Origin: TypeAlias = Literal["library", "file", "mixed", "model"]


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
    origin : {"library", "file", "mixed", "model"}, optional
        Where the cell comes from: measured phases, the user's file, end members mixed by a rule,
        or an estimate from radii.
    length_error : float, optional
        Expected relative error of the lengths of a cell that is not measured; 0 for measured
        ones.
    mixtures : tuple of Mixture, optional
        Sites that several ions share; the atoms hold the parent there.
    rests_on : tuple of str, optional
        Phases of the library that a mixed crystal was made from.
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
    origin: Origin = "library"
    length_error: float = 0.0
    mixtures: tuple[Mixture, ...] = ()
    rests_on: tuple[str, ...] = ()

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
