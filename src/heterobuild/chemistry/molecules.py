"""The library of molecules: load one by name, list them, recognise one in a structure.

Each molecule is one file ``structures/molecules/<name>.toml`` with a 3D geometry. Body axes are
stated in each file: the C-N bond of methylammonium points along +x; in formamidinium the C-H bond
points along +x, the nitrogen atoms lie along y and the plane is z = 0; in all others the long
axis is x with the head nearer to its positive end. The origin is the centroid of the non-hydrogen
atoms. Molecules of the user's own are added for a while by `extra_molecules`.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from ase.data import atomic_numbers

from heterobuild.data_files import list_data, read_toml
from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.labels import Site
from heterobuild.model import Molecule, Source
from heterobuild.registry import suggest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FOLDER = "molecules"

OPEN_HAND = "the SMILES leaves the hand at"
"""So begins the note on stereocentres that a SMILES leaves open."""

_EXTRA: ContextVar[tuple[tuple[Molecule, Site], ...]] = ContextVar("extra molecules", default=())


@contextmanager
def extra_molecules(molecules: Sequence[tuple[Molecule, Site]]) -> Iterator[None]:
    """Add molecules to the library while the block runs, in this thread or task only.

    Parameters
    ----------
    molecules : sequence of (Molecule, Site)
        The molecules, each with its usual role.

    Yields
    ------
    None
        Formulas, files and prototypes know the molecules inside the block.

    Raises
    ------
    UsageError
        If a name is taken, or cannot stand in a formula.

    Examples
    --------
    >>> from dataclasses import replace
    >>> mine = replace(load_molecule("BA"), name="Mine")
    >>> with extra_molecules([(mine, Site.SPACER)]):
    ...     load_molecule("Mine").charge, "Mine" in list_molecules()
    (1.0, True)
    >>> "Mine" in list_molecules()
    False
    """
    taken = set(list_molecules()) | set(atomic_numbers)
    for molecule, _ in molecules:
        if molecule.name in taken or not molecule.name.replace("-", "").isalnum():
            raise UsageError(
                f"the name {molecule.name!r} of a molecule cannot be used",
                allowed="letters, digits and - that name no element and no other molecule",
                next_step=f"call it {molecule.name}x" if molecule.name in taken else "rename it",
            )
        taken.add(molecule.name)
    token = _EXTRA.set((*_EXTRA.get(), *molecules))
    try:
        yield
    finally:
        _EXTRA.reset(token)


def molecule_table() -> tuple[Molecule, ...]:
    """Return the molecules that `extra_molecules` adds now, a key for what depends on them.

    Returns
    -------
    tuple of Molecule
        They compare by identity.
    """
    return tuple(molecule for molecule, _ in _EXTRA.get())


def list_molecules() -> tuple[str, ...]:
    """Return the names of all molecules of the library.

    Returns
    -------
    tuple of str
        Short names, sorted.

    Examples
    --------
    >>> [name for name in list_molecules() if name.endswith("MBA")]
    ['R-MBA', 'S-MBA']
    """
    extra = [molecule.name for molecule, _ in _EXTRA.get()]
    return tuple(sorted((*_names(), *extra))) if extra else _names()


@cache
def _names() -> tuple[str, ...]:
    """Return the names of the files."""
    paths = list_data(FOLDER)
    return tuple(sorted(path.removeprefix(f"{FOLDER}/").removesuffix(".toml") for path in paths))


def load_molecule(name: str) -> Molecule:
    """Return one molecule of the library.

    Parameters
    ----------
    name : str
        Short name, such as ``MA``, ``PEA`` or ``R-MBA``.

    Returns
    -------
    Molecule
        The molecule; its arrays are read-only. The field ``cell`` of its source is the trust in
        its identity, ``coordinates`` that in its geometry.

    Raises
    ------
    UnknownNameError
        If the library has no such molecule.

    Examples
    --------
    >>> ma = load_molecule("MA")
    >>> ma.formula, ma.charge, ma.head
    ('CH6N', 1.0, (1,))
    """
    for molecule, _ in _EXTRA.get():
        if molecule.name == name:
            return molecule
    return _from_file(name)


@cache
def _from_file(name: str) -> Molecule:
    """Return the molecule of one file."""
    entry = _entry(name)
    numbers = np.array([atomic_numbers[atom[0]] for atom in entry["atoms"]], dtype=np.int64)
    rows = np.array([atom[1:] for atom in entry["atoms"]], dtype=np.float64)
    origin = entry["source"]
    source = Source(
        citation=origin["citation"],
        doi=origin["doi"],
        cell=origin["identity"],
        coordinates=origin["coordinates"],
        notes="; ".join(text for text in (origin["geometry"], origin["notes"]) if text),
    )
    return Molecule(
        name=entry["name"],
        formula=entry["formula"],
        charge=float(entry["charge"]),
        numbers=_frozen(numbers),
        positions=_frozen(rows[:, :3]),
        charges=_frozen(rows[:, 3]),
        head=tuple(entry["head"]),
        smiles=entry["smiles"],
        source=source,
    )


def molecule_role(name: str) -> Site:
    """Return the usual role of a molecule of the library.

    Parameters
    ----------
    name : str
        Short name, such as ``PEA``.

    Returns
    -------
    Site
        A for cations that fit into the cage of a perovskite, else spacer, ligand or interlayer.

    Raises
    ------
    UnknownNameError
        If the library has no such molecule.

    Examples
    --------
    >>> molecule_role("MA").name, molecule_role("PEA").name
    ('A', 'SPACER')
    """
    for molecule, site in _EXTRA.get():
        if molecule.name == name:
            return site
    return Site[_entry(name)["site"]]


def molecule_notices(molecule: Molecule) -> tuple[str, ...]:
    """Say what is uncertain in a molecule, for the notices of crystals that hold it.

    Parameters
    ----------
    molecule : Molecule
        Any molecule.

    Returns
    -------
    tuple of str
        One sentence if its identity is inferred, one if its hand was not given; often none.

    Examples
    --------
    >>> molecule_notices(load_molecule("PEA"))
    ()
    >>> molecule_notices(load_molecule("3AMP"))
    ('3AMP: the SMILES leaves the hand at C3 open, one of both was taken',)
    """
    notes = [note.strip() for note in molecule.source.notes.split(";")]
    found = [note for note in notes if note.startswith(OPEN_HAND)]
    trust = molecule.source.cell
    if trust != "high":
        reasons = "; ".join(note for note in notes if "inferred" in note or "assumed" in note)
        found.insert(0, f"{trust} confidence in what it is{f', {reasons}' if reasons else ''}")
    return tuple(f"{molecule.name}: {note}" for note in found)


@cache
def _entry(name: str) -> dict[str, Any]:
    """Return the content of one molecule's file; not to be changed."""
    if name not in _names():
        raise UnknownNameError(
            f"unknown molecule {name!r}",
            where="the library of molecules",
            next_step=suggest(name, list_molecules()),
        )
    return read_toml(FOLDER, f"{name}.toml")


def _frozen(array: Any) -> Any:
    """Return a contiguous, read-only copy of an array."""
    copy = np.array(array)
    copy.flags.writeable = False
    return copy
