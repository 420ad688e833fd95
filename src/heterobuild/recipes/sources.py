"""The data files that a model rests on, with fingerprint and DOI, for the provenance."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from heterobuild.chemistry.molecules import list_molecules, molecule_table
from heterobuild.crystals import crystal_data_file, load_phase
from heterobuild.data_files import digest, list_data

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from heterobuild.model import Crystal

_ALL_PHASES = "phases/*"
_TABLES = ("radii.toml", "elastic.toml")
"""Tables of which every interface uses some row: contact distances and elastic response."""


def data_files(
    crystals: Mapping[str, Crystal], inputs: Mapping[str, bytes], own: Container[str]
) -> tuple[tuple[str, str, str], ...]:
    """Return the data files that crystals and the rules of building rest on.

    Parameters
    ----------
    crystals : mapping of str to Crystal
        The crystals of the parts.
    inputs : mapping of str to bytes
        The user's own structure files by name.
    own : container of str
        Parts whose crystals come from such files.

    Returns
    -------
    tuple of (str, str, str)
        Name, SHA-256 and DOI of each file, sorted; no paths outside the data folder.
    """
    found = set(_tables())
    for part, crystal in crystals.items():
        found |= set(_molecules(crystal))
        if part not in own:
            found |= set(_phase(crystal))
    for name, content in inputs.items():
        found.add((name, hashlib.sha256(content).hexdigest(), ""))
    return tuple(sorted(found))


def _tables() -> Iterator[tuple[str, str, str]]:
    """Yield the tables of element data."""
    present = list_data("")
    for name in _TABLES:
        if name in present:
            yield name, digest(name), ""


def _phase(crystal: Crystal) -> Iterator[tuple[str, str, str]]:
    """Yield the files of the library that a crystal was made from."""
    if crystal.origin == "library" and not crystal.rests_on:
        path = crystal_data_file(crystal.name)
        yield path, digest(path), crystal.source.doi
        return
    for name in crystal.rests_on:
        path = crystal_data_file(name)
        yield path, digest(path), load_phase(name).source.doi
    if crystal.origin == "model" or not crystal.rests_on:
        yield _ALL_PHASES, _digest_of_all(), ""


def _digest_of_all() -> str:
    """Return one fingerprint of all crystal files, on which estimates rest."""
    lines = "".join(f"{path} {digest(path)}\n" for path in list_data("phases"))
    return hashlib.sha256(lines.encode()).hexdigest()


def _molecules(crystal: Crystal) -> Iterator[tuple[str, str, str]]:
    """Yield the files of the molecules of a crystal that the library has."""
    for molecule in crystal.molecules:
        own = {extra.name for extra in molecule_table()}
        if molecule.name in list_molecules() and molecule.name not in own:
            name = f"molecules/{molecule.name}.toml"
            yield name, digest(name), molecule.source.doi
