"""From the asymmetric unit of a crystal file to the labelled atoms of its conventional cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from ase import Atoms
from ase.data import atomic_numbers

from heterobuild.chemistry.ions import formal_charge
from heterobuild.chemistry.molecules import load_molecule
from heterobuild.crystals.metric import cell_vectors
from heterobuild.crystals.orbits import expand, hall_number, symmetry_operations
from heterobuild.errors import HeterobuildError, StructureFileError
from heterobuild.labels import CHARGE, MOLECULE, Site, label, take
from heterobuild.model import Crystal

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.crystals.phase_files import AtomSite, PhaseFile
    from heterobuild.model import Molecule

_NEUTRAL = 1e-6


def crystal_from_phase(phase: PhaseFile) -> Crystal:
    """Build the crystal that a file describes; placed molecules are not turned yet.

    Parameters
    ----------
    phase : PhaseFile
        Content of the file.

    Returns
    -------
    Crystal
        The crystal, with ``atoms`` None where the file gives a cell only.

    Raises
    ------
    StructureFileError
        If the cell, the space group, a Wyckoff site or the charges are wrong.
    """
    cell = conventional_cell(phase)
    placed = tuple(dict.fromkeys(s.species for s in phase.sites if s.species not in atomic_numbers))
    atoms: Atoms | None = None
    molecules: tuple[Molecule, ...] = ()
    if phase.sites:
        atoms, molecules = _atoms(phase, cell, tuple(load_molecule(name) for name in placed))
    return Crystal(
        name=phase.name,
        formula=phase.formula,
        phase=phase.phase,
        cell=cell,
        atoms=atoms,
        space_group=phase.space_group,
        space_group_number=phase.number,
        molecules=molecules,
        placed=placed,
        pseudocubic=phase.pseudocubic,
        z=phase.z,
        temperature=phase.temperature,
        source=phase.source,
        notices=trust_notices(phase),
    )


def conventional_cell(phase: PhaseFile) -> FloatArray:
    """Return the cell of a crystal file: a along x, b in the xy plane.

    Parameters
    ----------
    phase : PhaseFile
        Content of the file.

    Returns
    -------
    (3, 3) float array
        Row vectors in Å, right-handed.

    Raises
    ------
    StructureFileError
        If the angles do not close to a cell.
    """
    cell = cell_vectors(phase.lengths_angles)
    if cell is None:
        raise StructureFileError(
            "the cell has no volume",
            where=phase.path,
            measured=f"angles {phase.lengths_angles[3:]} degrees",
            next_step="correct the angles",
        )
    return cell


def trust_notices(phase: PhaseFile) -> tuple[str, ...]:
    """Say where the data of a crystal deserve less trust than a refined structure.

    Parameters
    ----------
    phase : PhaseFile
        Content of the file.

    Returns
    -------
    tuple of str
        Sentences that start with the name of the crystal; empty where all is well.
    """
    told = []
    if phase.source.cell == "low":
        told.append(
            f"{phase.name}: low confidence in the cell and space group "
            f"({phase.source.notes or phase.source.citation})"
        )
    elif phase.source.cell == "medium":
        told.append(
            f"{phase.name}: medium confidence in the cell, recalled from the literature and not "
            "compared with the source"
        )
    if phase.sites and phase.coordinates in _COORDINATE_NOTICES:
        trust = phase.source.coordinates
        told.append(
            f"{phase.name}: {trust} confidence in the free coordinates, "
            f"{_COORDINATE_NOTICES[phase.coordinates]}"
        )
    return tuple(told)


_COORDINATE_NOTICES = {
    "mlip-relaxed": "relaxed with a machine-learned potential at the experimental cell "
    "(errors of 0.05 to 0.15 Å)",
    "model": "a model and not a refinement",
    "memory": "recalled from the literature and not compared with the source",
    "dft-cif": "from a density-functional relaxation and not a refinement",
}


def _atoms(
    phase: PhaseFile, cell: FloatArray, placed: tuple[Molecule, ...]
) -> tuple[Atoms, tuple[Molecule, ...]]:
    """Expand all sites and label the atoms."""
    operations = symmetry_operations(
        hall_number(phase.number, phase.space_group, phase.setting, where=phase.path)
    )
    rows = np.array([site.position for site in phase.sites])
    fractional, owner = expand(rows, *operations, cell)
    _require_multiplicities(phase, np.bincount(owner, minlength=len(rows)))
    centres = fractional @ cell
    blocks = []
    molecule = 0
    for row, site in enumerate(phase.sites):
        orbit = centres[owner == row]
        block, molecule = _block(phase, site, orbit, placed, molecule)
        blocks.append(block)
    numbers, positions, role, ids, kind, charge = (
        np.concatenate(column) for column in zip(*blocks, strict=True)
    )
    atoms = Atoms(numbers=numbers, positions=positions, cell=cell, pbc=True)
    atoms = label(atoms, site=role, molecule=ids, kind=kind, charge=charge)
    return _with_explicit_molecules(phase, atoms, placed)


Block = tuple["IntArray", "FloatArray", "IntArray", "IntArray", "IntArray", "FloatArray"]


def _block(
    phase: PhaseFile,
    site: AtomSite,
    orbit: FloatArray,
    placed: tuple[Molecule, ...],
    last: int,
) -> tuple[Block, int]:
    """Return the columns of one orbit, of ions or of placed molecules, and the last id used."""
    n = len(orbit)
    positions: FloatArray
    kind = next((k for k, m in enumerate(placed, 1) if m.name == site.species), 0)
    if kind:
        body = placed[kind - 1]
        size = len(body.numbers)
        numbers = np.tile(body.numbers, n)
        positions = (orbit[:, None, :] + body.positions).reshape(-1, 3)
        ids = np.repeat(np.arange(last + 1, last + n + 1), size)
        charge = np.tile(body.charges, n)
        last += n
    else:
        numbers = np.full(n, atomic_numbers[site.species])
        positions, ids = orbit, np.zeros(n, dtype=np.int64)
        charge = np.full(n, _charge(phase, site))
    columns = (np.full(len(numbers), site.role), ids, np.full(len(numbers), kind))
    return (numbers, positions, *columns, charge), last


def _charge(phase: PhaseFile, site: AtomSite) -> float:
    """Return the formal charge of an ion; zero for the atoms of explicit molecules for now."""
    if site.species in phase.charges:
        return float(phase.charges[site.species])
    if site.role is Site.SPACER:
        return 0.0
    try:
        return float(formal_charge(site.species))
    except HeterobuildError as error:
        raise StructureFileError(
            f"the formal charge of {site.species} is not known",
            where=phase.path,
            next_step="give it in [atoms] as charges = { ... }",
        ) from error


def _require_multiplicities(phase: PhaseFile, found: IntArray) -> None:
    """Compare the sizes of the orbits with the Wyckoff sites."""
    for site, count in zip(phase.sites, found, strict=True):
        if count != site.multiplicity:
            raise StructureFileError(
                f"the site {site.species} {site.wyckoff} at {site.position} has the wrong "
                f"multiplicity in {phase.space_group}",
                where=phase.path,
                measured=f"{count} positions",
                allowed=site.multiplicity,
                next_step="correct the coordinates, the Wyckoff site or the setting",
            )


def _with_explicit_molecules(
    phase: PhaseFile, atoms: Atoms, placed: tuple[Molecule, ...]
) -> tuple[Atoms, tuple[Molecule, ...]]:
    """Bind the atoms of molecules that are given atom by atom, and check the sum of charges."""
    molecules = placed
    if any(site.role is Site.SPACER for site in phase.sites):
        atoms, molecules = _bound(phase, atoms, placed)
    total = float(atoms.arrays[CHARGE].sum())
    if abs(total) > _NEUTRAL:
        raise StructureFileError(
            "the formal charges of the cell do not add up to zero",
            where=phase.path,
            measured=f"{total:+g} e",
            next_step="correct the sites, or give the charges in [atoms]",
        )
    return atoms, molecules


def _bound(
    phase: PhaseFile, atoms: Atoms, placed: tuple[Molecule, ...]
) -> tuple[Atoms, tuple[Molecule, ...]]:
    """Find the explicit molecules; ions come first, then each molecule in one run."""
    from heterobuild.crystals.explicit_molecules import bind_molecules, is_in_library

    atoms, molecules = bind_molecules(atoms, placed)
    for molecule in molecules:
        if not is_in_library(molecule):
            raise StructureFileError(
                f"the molecule {molecule.name} is not in the library of molecules",
                where=phase.path,
                next_step="correct its sites, or add the molecule to structures/molecules",
            )
    return take(atoms, np.argsort(atoms.arrays[MOLECULE], kind="stable")), molecules
