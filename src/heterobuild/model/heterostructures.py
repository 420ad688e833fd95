"""Matches, regions, steps, and the finished model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model.crystals import Molecule
    from heterobuild.model.ledger import LedgerEntry


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
    multiplicity : int, optional
        Pairs of superlattices within the limits that are this match: the common cell itself in
        all its equivalent settings, and its own superlattices.
    """

    film: IntArray
    substrate: IntArray
    area: float
    film_area: float
    strains: tuple[float, float]
    log_strain: float
    rotation: float
    deformation: FloatArray
    multiplicity: int = 1


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
    ledger : tuple of LedgerEntry, optional
        Every ion that was removed, added or exchanged to reach the formal charge of the whole.
    """

    name: str
    atoms: Atoms
    regions: tuple[Region, ...]
    molecules: tuple[Molecule, ...] = ()
    match: Match | None = None
    steps: tuple[Step, ...] = ()
    notices: tuple[str, ...] = ()
    ledger: tuple[LedgerEntry, ...] = ()
