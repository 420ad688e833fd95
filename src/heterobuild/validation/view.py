"""What all checks look at, computed once: labels, rigid units, neighbours, whole molecules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from heterobuild import labels
from heterobuild.chemistry.ions import charge_table
from heterobuild.geometry.rigid import unit_centres
from heterobuild.validation.limits import CheckLimits
from heterobuild.validation.neighbours import neighbours

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Crystal, Heterostructure, Molecule, Region, Step
    from heterobuild.validation.neighbours import Pairs


@dataclass(frozen=True, kw_only=True, eq=False)
class View:
    """A structure and everything that more than one check needs.

    Parameters
    ----------
    atoms : ase.Atoms
        The structure; not to be changed.
    limits : CheckLimits
        Tolerances.
    lacking : tuple of str
        Label arrays that the atoms lack; the arrays below hold zeros then, the charge the
        usual one of each element.
    foreign : bool
        Whether it came from a file, so that labels are not expected.
    region, layer, site, molecule, kind : (n,) int array
        The arrays of `heterobuild.labels`.
    charge : (n,) float array
        Formal charge in e.
    positions : (n, 3) float array
        Positions in Å; molecules that a periodic border cuts are put together.
    unit : (n,) int array
        Rigid unit of each atom.
    centres : (m, 3) float array
        Centre of each rigid unit in Å: an ion's nucleus, a molecule's centroid without H.
    unit_charge : (m,) float array
        Formal charge of each rigid unit in e.
    first : (m,) int array
        First atom of each rigid unit.
    pairs : Pairs
        Neighbours within ``limits.cutoff``.
    regions : tuple of Region
        Parts of the structure; empty for foreign files.
    molecules : tuple of Molecule
        Kinds of molecule.
    steps : tuple of Step
        Choices made while building; empty for foreign files.
    crystals : mapping of str to Crystal
        Crystals of the regions by name, as far as they were given.
    """

    atoms: Atoms
    limits: CheckLimits
    lacking: tuple[str, ...]
    foreign: bool
    region: IntArray
    layer: IntArray
    site: IntArray
    molecule: IntArray
    kind: IntArray
    charge: FloatArray
    positions: FloatArray
    unit: IntArray
    centres: FloatArray
    unit_charge: FloatArray
    first: IntArray
    pairs: Pairs
    regions: tuple[Region, ...] = ()
    molecules: tuple[Molecule, ...] = ()
    steps: tuple[Step, ...] = ()
    crystals: Mapping[str, Crystal] = field(default_factory=dict)

    @property
    def numbers(self) -> IntArray:
        """Atomic numbers, shape (n,)."""
        numbers: IntArray = self.atoms.numbers
        return numbers

    @property
    def cell(self) -> FloatArray:
        """Cell in Å, row vectors, shape (3, 3); zero vectors are replaced by unit ones."""
        cell: FloatArray = self.atoms.cell.complete().array
        return cell


DEFECT = "defect"
"""Array of a structure with point defects that were asked for: positive for their atoms, negative
for those that lost a neighbour."""


def on_defects(structure: View) -> IntArray:
    """Return the array of point defects that were asked for.

    Parameters
    ----------
    structure : View
        The structure.

    Returns
    -------
    (n,) int array
        As `DEFECT`; zeros where there are none.
    """
    marks = structure.atoms.arrays.get(DEFECT)
    none = np.zeros(len(structure.atoms), dtype=np.int64)
    return none if marks is None else np.asarray(marks, dtype=np.int64)


def view_structure(
    built: Heterostructure,
    *,
    limits: CheckLimits | None = None,
    crystals: Mapping[str, Crystal] | None = None,
) -> View:
    """Prepare a built structure for the checks.

    Parameters
    ----------
    built : Heterostructure
        The structure.
    limits : CheckLimits, optional
        Tolerances.
    crystals : mapping of str to Crystal, optional
        Crystals of the regions by name.

    Returns
    -------
    View
        What the checks look at.
    """
    return view_atoms(
        built.atoms,
        limits=limits,
        regions=built.regions,
        molecules=built.molecules,
        steps=built.steps,
        crystals=crystals,
    )


def view_atoms(
    atoms: Atoms,
    *,
    limits: CheckLimits | None = None,
    foreign: bool = False,
    regions: tuple[Region, ...] = (),
    molecules: tuple[Molecule, ...] = (),
    steps: tuple[Step, ...] = (),
    crystals: Mapping[str, Crystal] | None = None,
) -> View:
    """Prepare any atoms for the checks; label arrays that are missing are filled with zeros.

    Parameters
    ----------
    atoms : ase.Atoms
        The atoms; left unchanged.
    limits : CheckLimits, optional
        Tolerances.
    foreign : bool, optional
        Whether labels are not expected.
    regions, molecules, steps : tuple, optional
        As in `Heterostructure`.
    crystals : mapping of str to Crystal, optional
        Crystals of the regions by name.

    Returns
    -------
    View
        What the checks look at.

    Examples
    --------
    >>> from ase import Atoms
    >>> rock = Atoms("NaCl", [[0, 0, 0], [2.82, 0, 0]], cell=[5.64, 5.64, 5.64], pbc=True)
    >>> view_atoms(rock, foreign=True).charge.tolist()
    [1.0, -1.0]
    """
    limits = limits or CheckLimits()
    arrays = _label_arrays(atoms)
    pairs, positions = neighbours(atoms, arrays[labels.MOLECULE], limits.cutoff)
    unit, first = labels.rigid_units(arrays[labels.MOLECULE])
    charge = _charges(atoms, arrays[labels.MOLECULE])
    single = len(first) == len(unit)
    return View(
        atoms=atoms,
        limits=limits,
        lacking=labels.missing(atoms),
        foreign=foreign,
        region=arrays[labels.REGION],
        layer=arrays[labels.LAYER],
        site=arrays[labels.SITE],
        molecule=arrays[labels.MOLECULE],
        kind=arrays[labels.KIND],
        charge=charge,
        positions=positions,
        unit=unit,
        centres=positions if single else unit_centres(positions, atoms.numbers, unit),
        unit_charge=charge if single else np.bincount(unit, charge).astype(np.float64),
        first=first,
        pairs=pairs,
        regions=regions,
        molecules=molecules,
        steps=steps,
        crystals=crystals or {},
    )


def _label_arrays(atoms: Atoms) -> dict[str, IntArray]:
    """Return the integer label arrays, zeros where one is missing."""
    zeros = np.zeros(len(atoms), dtype=np.int64)
    return {
        name: np.asarray(atoms.arrays.get(name, zeros), dtype=np.int64)
        for name in labels.NAMES
        if name != labels.CHARGE
    }


def _charges(atoms: Atoms, molecule: IntArray) -> FloatArray:
    """Return the formal charges, the usual one of each ion where the label is missing."""
    if labels.CHARGE in atoms.arrays:
        return np.asarray(atoms.arrays[labels.CHARGE], dtype=np.float64)
    usual = np.nan_to_num(charge_table()[atoms.numbers])
    return np.where(molecule > 0, 0.0, usual)
