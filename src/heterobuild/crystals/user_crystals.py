"""The user's own crystals: read, checked, labelled, charged, and said what was done."""

from __future__ import annotations

from collections import Counter
from math import gcd
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.connectivity import identify_molecule, molecule_from_fragment
from heterobuild.chemistry.ions import site_table
from heterobuild.crystals.explicit_molecules import bind_molecules
from heterobuild.crystals.ion_charges import charge_ions
from heterobuild.crystals.mixed_sites import mixed_formula
from heterobuild.crystals.network_axes import network_axes
from heterobuild.crystals.structure_files import read_structure
from heterobuild.crystals.symmetry import MOST_UNITS, rigid_unit_symmetry
from heterobuild.errors import StructureFileError
from heterobuild.labels import CHARGE, KIND, MOLECULE, SITE, Site, label, missing, units
from heterobuild.model import Crystal, Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ase import Atoms

    from heterobuild.arrays import FloatArray
    from heterobuild.model import Mixture, Molecule

SYMMETRY_TOLERANCE = 0.01
"""Distance in Å for the search of the space group: coordinates with three digits in cells of
10 Å are rounded by up to 0.005 Å."""

CLOSEST = 0.5
"""Atoms closer than this, in Å, are an error of the file: the shortest bond, H-H, is 0.74 Å."""

LONGEST = 1e5
"""Longest cell vector in Å that is taken for one; more is a slip of the decimal point."""

FARTHEST = 1e3
"""Farthest fraction of a cell vector that is taken for a position."""

_SMALLEST_VOLUME = 1e-3
_NAMED = 3
_TURNED = (
    "the cell was left-handed; its three vectors are reversed and the atoms stay where they are, "
    "so the structure is the same and Miller indices change sign"
)


def load_user_crystal(path: Path, *, symprec: float = SYMMETRY_TOLERANCE) -> Crystal:
    """Load a crystal from a CIF, POSCAR or extended XYZ file.

    Molecules are found by their bonds and compared with the library; formal charges are those of
    the molecules, the usual ones of the ions, or balanced, and the notices say which. An
    extended XYZ file with the label arrays of this package keeps roles, molecules and charges.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    symprec : float, optional
        Tolerance of the space-group search in Å, see `SYMMETRY_TOLERANCE`. It runs on rigid
        units: a molecule counts as one point at the centre of its non-hydrogen atoms.

    Returns
    -------
    Crystal
        The crystal, named as the file; the space group is P1 where none is found.

    Raises
    ------
    StructureFileError
        If the file cannot be used, see `heterobuild.crystals.structure_files.read_structure`; or
        if the cell has no volume, or two atoms coincide.
    """
    path = Path(path)
    raw, read_notices = read_structure(path)
    mixtures: tuple[Mixture, ...] = raw.info.get("mixtures", ())
    atoms, turned = _checked(raw, path)
    if missing(atoms):
        atoms, molecules, said = _labelled(atoms, raw.info.get("charges"))
    else:
        atoms, molecules, said = _with_labels_of_file(atoms, path)
    symbol, number = rigid_unit_symmetry(atoms, symprec=symprec)
    counts = _unit_counts(atoms, molecules)
    z = gcd(*counts.values())
    if len(atoms) > MOST_UNITS and len(np.unique(units(atoms))) > MOST_UNITS:
        said += f"; the space group is not searched above {MOST_UNITS} ions and molecules"
    notices = tuple(f"{path.name}: {text}" for text in (*turned, said))
    return Crystal(
        name=path.stem,
        formula=mixed_formula({name: count // z for name, count in counts.items()}, mixtures),
        phase="user",
        cell=np.array(atoms.cell),
        atoms=atoms,
        space_group=symbol,
        space_group_number=number,
        molecules=molecules,
        pseudocubic=network_axes(atoms),
        z=z,
        source=Source(citation=f"the user's file {path.name}", cell="medium", coordinates="medium"),
        notices=(*read_notices, *notices),
        origin="file",
        mixtures=mixtures,
    )


def _checked(atoms: Atoms, path: Path) -> tuple[Atoms, tuple[str, ...]]:
    """Refuse what is no crystal; turn a left-handed cell."""
    cell = np.asarray(atoms.cell, dtype=np.float64)
    if not len(atoms):
        raise StructureFileError("there are no atoms", where=path.name, next_step="export it again")
    if not (np.isfinite(cell).all() and np.isfinite(atoms.positions).all()):
        raise StructureFileError(
            "the cell or a position is not a number", where=path.name, next_step="export it again"
        )
    volume = float(np.linalg.det(cell))
    if abs(volume) < _SMALLEST_VOLUME:
        raise StructureFileError(
            "the cell has no volume",
            where=path.name,
            measured=f"{abs(volume):.3g} Å³",
            next_step="correct the cell vectors",
        )
    _require_extent(atoms, path)
    if (atoms.numbers < 1).any():
        raise StructureFileError(
            "an atom has no chemical element", where=path.name, next_step="name all elements"
        )
    crystal = atoms.copy()
    crystal.calc = None
    crystal.info = {}
    crystal.set_constraint()
    crystal.pbc = True
    turned: tuple[str, ...] = ()
    if volume < 0:
        crystal.set_cell(-cell, scale_atoms=False)
        turned = (_TURNED,)
    _require_distances(crystal, path)
    return crystal, turned


def _require_extent(atoms: Atoms, path: Path) -> None:
    """Refuse cells and positions that no crystal has and neighbour searches cannot bear."""
    inverse = np.linalg.inv(np.asarray(atoms.cell))
    thin = float((1.0 / np.linalg.norm(inverse, axis=0)).min())
    long = float(np.linalg.norm(np.asarray(atoms.cell), axis=1).max())
    far = float(np.abs(atoms.positions @ inverse).max())
    for found, wrong, what, allowed in (
        (thin, thin < CLOSEST, "the cell is too thin", f"at least {CLOSEST} Å"),
        (long, long > LONGEST, "the cell is too long", f"at most {LONGEST:g} Å"),
        (far, far > FARTHEST, "an atom lies far outside the cell", f"within {FARTHEST:g} cells"),
    ):
        if wrong:
            raise StructureFileError(
                what,
                where=path.name,
                measured=f"{found:.4g}",
                allowed=allowed,
                next_step="check the cell, the positions and their units",
            )


def _require_distances(atoms: Atoms, path: Path) -> None:
    """Refuse atoms that coincide."""
    from vesin import NeighborList

    first, second, lengths = NeighborList(cutoff=CLOSEST, full_list=False).compute(
        points=np.ascontiguousarray(atoms.positions),
        box=np.ascontiguousarray(atoms.cell),
        periodic=True,
        quantities="ijd",
    )
    if not len(first):
        return
    order = np.argsort(lengths, kind="stable")[:_NAMED]
    symbols = atoms.get_chemical_symbols()
    pairs = [
        f"{symbols[first[k]]} {first[k]} and {symbols[second[k]]} {second[k]} {lengths[k]:.3f} Å"
        for k in order
    ]
    raise StructureFileError(
        f"{len(first)} pairs of atoms are too close to one another",
        where=path.name,
        measured="; ".join(pairs) + " (atoms counted from 0)",
        allowed=f"at least {CLOSEST} Å",
        next_step="remove duplicates or alternative positions",
    )


def _labelled(
    atoms: Atoms, stated: Mapping[str, float] | None
) -> tuple[Atoms, tuple[Molecule, ...], str]:
    """Label the atoms from their bonds and elements, and the charges that the file states."""
    plain = atoms[:]
    for name in set(plain.arrays) - {"numbers", "positions"}:
        del plain.arrays[name]
    zeros = np.zeros(len(plain), dtype=np.int64)
    site = site_table()[plain.numbers]
    plain = label(plain, site=site, molecule=zeros, kind=zeros, charge=zeros.astype(np.float64))
    bound, molecules = bind_molecules(plain)
    return charge_ions(bound, molecules, stated)


def _with_labels_of_file(atoms: Atoms, path: Path) -> tuple[Atoms, tuple[Molecule, ...], str]:
    """Take over the labels of a file that this package wrote."""
    arrays = {name: np.asarray(atoms.arrays[name]) for name in (SITE, MOLECULE, KIND, CHARGE)}
    _require_labels(arrays, path)
    plain = atoms[:]
    for name in set(plain.arrays) - {"numbers", "positions"}:
        del plain.arrays[name]
    codes, kind = np.unique(arrays[KIND], return_inverse=True)
    molecules = []
    for code in codes[codes > 0]:
        one = arrays[MOLECULE] == arrays[MOLECULE][arrays[KIND] == code][0]
        numbers, positions = plain.numbers[one], plain.positions[one]
        charge = float(arrays[CHARGE][one].sum())
        molecules.append(
            identify_molecule(numbers, positions)
            or molecule_from_fragment(f"[kind {code}]", numbers, positions, round(charge))
        )
    if codes[0] > 0:
        kind = kind + 1
    labelled = label(
        plain,
        site=arrays[SITE],
        molecule=arrays[MOLECULE],
        kind=kind.reshape(-1),
        charge=arrays[CHARGE],
    )
    return labelled, tuple(molecules), "roles, molecules and formal charges are those of the file"


def _require_labels(arrays: dict[str, FloatArray], path: Path) -> None:
    """Refuse labels that contradict one another."""
    plain = all(column.ndim == 1 and column.dtype.kind in "iuf" for column in arrays.values())
    bound = plain and arrays[MOLECULE] > 0
    good = (
        plain
        and np.isin(arrays[SITE], list(Site)).all()
        and (arrays[MOLECULE] >= 0).all()
        and ((arrays[KIND] > 0) == bound).all()
        and np.isfinite(arrays[CHARGE]).all()
    )
    if not good:
        raise StructureFileError(
            "the labels of the atoms contradict one another",
            where=path.name,
            allowed="site 1 to 7, kind above 0 exactly where molecule is, finite charges",
            next_step=f"remove the columns {', '.join(arrays)}, and they are assigned anew",
        )


def _unit_counts(atoms: Atoms, molecules: tuple[Molecule, ...]) -> dict[str, int]:
    """Count ions by element and molecules by name."""
    _, first = np.unique(units(atoms), return_index=True)
    kinds = atoms.arrays[KIND][first]
    symbols = [
        molecules[kind - 1].name if kind else symbol
        for kind, symbol in zip(kinds, np.array(atoms.get_chemical_symbols())[first], strict=True)
    ]
    return {str(name): count for name, count in Counter(symbols).items()}
