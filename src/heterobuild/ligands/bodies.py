"""Ligands as rigid bodies: the head that touches the surface at the origin, the tail along z."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.bonds import find_bonds
from heterobuild.chemistry.molecules import FOLDER, list_molecules, load_molecule
from heterobuild.data_files import list_data, read_toml
from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.model import Molecule

_HEAD_SIZE = 3.0
_OF_SMILES = frozenset("[]()=#@/\\+")
_HYDROGEN = 1


@dataclass(frozen=True, kw_only=True, eq=False)
class LigandBody:
    """A ligand in its own frame.

    Parameters
    ----------
    molecule : Molecule
        The molecule.
    body : (n, 3) float array
        Coordinates in Å, turned but not mirrored. The middle of the head is the origin, and the
        direction from there to the middle of the other non-hydrogen atoms is +z.
    heavy, donor, head : (n,) bool array
        Atoms that are no hydrogen; hydrogens on N or O; non-hydrogen atoms of the head.
    head_charge : float
        Formal charge of the head in e. It has the sign of the whole, except in zwitterions,
        where it is that of the end farther from the tail.
    radius : float
        Distance in Å of the farthest atom from the origin.
    """

    molecule: Molecule
    body: FloatArray
    heavy: BoolArray
    donor: BoolArray
    head: BoolArray
    head_charge: float
    radius: float


def load_ligand(name: str) -> Molecule:
    """Return a molecule by its short name, or by its name in words.

    Parameters
    ----------
    name : str
        Name in the library of molecules, such as ``OLA`` or ``oleate``; names in words, such as
        ``oleylammonium``, are taken as well, and capitals and hyphens do not matter.

    Returns
    -------
    Molecule
        The molecule.

    Raises
    ------
    UnknownNameError
        If the library has no such molecule.
    UsageError
        If it is a SMILES.

    Examples
    --------
    >>> load_ligand("OLEATE").name, load_ligand("Br-PEA").name
    ('oleate', 'BrPEA')
    """
    if name in list_molecules():
        return load_molecule(name)
    if set(name) & _OF_SMILES:
        raise UsageError(
            "a ligand is given by its name, a SMILES needs one first",
            where="ligands",
            measured=name,
            next_step=f'name it with --molecule "L1={name}" and use L1, or under molecules in a '
            "recipe",
        )
    return load_molecule(_spellings().get(_plain(name), name))


@cache
def _spellings() -> dict[str, str]:
    """Return the short name for each name in words, and for each short name without hyphens."""
    found: dict[str, str] = {}
    for path in sorted(list_data(FOLDER)):
        entry = read_toml(FOLDER, path.rpartition("/")[2])
        found[_plain(entry["name"])] = entry["name"]
        found.setdefault(_plain(entry["long_name"]), entry["name"])
    return found


def _plain(name: str) -> str:
    """Return a name without capitals and hyphens."""
    return name.lower().replace("-", "")


@lru_cache(maxsize=64)
def as_ligand(molecule: Molecule, sign: int = 0) -> LigandBody:
    """Turn a molecule into the frame of a ligand.

    Parameters
    ----------
    molecule : Molecule
        Any molecule with a head group.
    sign : int, optional
        Sign of the charge of the head group that stands on the surface, where the molecule has
        groups of both signs; 0, the default, asks for none.

    Returns
    -------
    LigandBody
        The rigid body. Of several head groups, such as both ends of a diammonium or of a
        zwitterion, the one farthest from the middle of the molecule stands on the surface.

    Raises
    ------
    UsageError
        If the molecule has no head.

    Examples
    --------
    >>> body = as_ligand(load_molecule("OLA"))
    >>> body.molecule.numbers[body.head].tolist(), bool(body.body[body.heavy, 2].min() >= 0)
    ([7], True)
    """
    if not molecule.head:
        raise UsageError(
            f"{molecule.name} has no head group that could bind to a surface",
            allowed="ammonium, carboxylate or sulfonate ions, zwitterions, neutral donors",
            next_step="give a charged ligand such as OLA or oleate",
        )
    heavy = molecule.numbers != _HYDROGEN
    chosen = _outer_head(molecule, heavy, sign)
    head = np.zeros(len(heavy), dtype=np.bool_)
    head[chosen] = True
    origin = molecule.positions[head].mean(axis=0)
    moved = molecule.positions - origin
    tail = heavy & ~head
    axis = moved[tail].mean(axis=0) if tail.any() else np.array([0.0, 0.0, 1.0])
    body = moved @ _frame(axis, moved[heavy]).T
    return LigandBody(
        molecule=molecule,
        body=body,
        heavy=heavy,
        donor=donors(molecule.numbers, molecule.positions),
        head=head & heavy,
        head_charge=float(molecule.charges[head].sum()),
        radius=float(np.linalg.norm(body, axis=1).max()),
    )


def bound_body(molecule: Molecule, pocket: str = "") -> LigandBody:
    """Return the body of a ligand as it binds to a place.

    Parameters
    ----------
    molecule : Molecule
        The ligand.
    pocket : {"", "A", "X"}, optional
        Role of the ion that a neutral ligand replaces: the group of a zwitterion that has the
        sign of that ion goes into its place. Empty for all others.

    Returns
    -------
    LigandBody
        The rigid body.

    Examples
    --------
    >>> body = bound_body(load_molecule("ODAP"), "A")
    >>> body.molecule.numbers[body.head].tolist(), body.head_charge
    ([7], 1.0)
    """
    return as_ligand(molecule, {"": 0, "A": 1, "X": -1}[pocket])


def _outer_head(molecule: Molecule, heavy: BoolArray, sign: int) -> list[int]:
    """Return the atoms of the head group farthest from the middle of the molecule."""
    middle = molecule.positions[heavy].mean(axis=0)
    groups: list[list[int]] = []
    for atom in molecule.head:
        own = np.sign(molecule.charges[atom])
        for group in groups:
            gap = np.linalg.norm(molecule.positions[group[0]] - molecule.positions[atom])
            if gap < _HEAD_SIZE and np.sign(molecule.charges[group[0]]) == own:
                group.append(atom)
                break
        else:
            groups.append([atom])
    asked = [g for g in groups if np.sign(molecule.charges[g[0]]) == sign]
    groups = asked if sign and asked else groups
    reach = [float(np.linalg.norm(molecule.positions[g].mean(axis=0) - middle)) for g in groups]
    return groups[int(np.argmax(np.round(reach, 6)))]


def _frame(axis: FloatArray, heavy: FloatArray) -> FloatArray:
    """Return the rows x, y, z of a right-handed frame: z an axis, the far end toward +x."""
    length = np.linalg.norm(axis)
    along = axis / length if length > 1e-6 else np.array([0.0, 0.0, 1.0])
    flat = heavy - np.outer(heavy @ along, along)
    across = np.linalg.svd(flat)[2][0]
    across -= (across @ along) * along
    if np.linalg.norm(across) < 1e-6:
        across = np.eye(3)[int(np.argmin(np.abs(along)))]
        across -= (across @ along) * along
    across /= np.linalg.norm(across)
    far = heavy[int(np.argmax(np.round(np.linalg.norm(heavy, axis=1), 3)))] @ across
    across *= -1.0 if far < -1e-6 else 1.0
    return np.stack([across, np.cross(along, across), along])


def donors(numbers: IntArray, positions: FloatArray) -> BoolArray:
    """Tell which atoms are hydrogens on N or O.

    Parameters
    ----------
    numbers : (n,) int array
        Atomic numbers.
    positions : (n, 3) float array
        Coordinates in Å, molecules whole.

    Returns
    -------
    (n,) bool array
        Such hydrogens.
    """
    bonds, _ = find_bonds(numbers, positions)
    pairs = np.concatenate([bonds, bonds[:, ::-1]])
    pairs = pairs[(numbers[pairs[:, 0]] == _HYDROGEN) & np.isin(numbers[pairs[:, 1]], (7, 8))]
    found = np.zeros(len(numbers), dtype=np.bool_)
    found[pairs[:, 0]] = True
    return found
