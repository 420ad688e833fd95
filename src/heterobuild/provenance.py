"""What a result was made from: the recipe, the seed, the versions and the data files.

A record holds no date, host, user or path, so that the same input gives the same bytes. The
fingerprint of a recipe is the SHA-256 of its canonical JSON: keys sorted, no spaces, UTF-8,
each float as the shortest decimal that reads back to the same number.
"""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heterobuild.errors import StructureFileError
from heterobuild.model import Step
from heterobuild.plain_json import canonical_json, plain, plain_mapping, readable_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PACKAGES = ("heterobuild", "numpy", "ase", "spglib", "pymatgen")
UNINSTALLED = "not installed"


@dataclass(frozen=True, kw_only=True)
class DataFile:
    """One file of curated data that a result rests on.

    Parameters
    ----------
    name : str
        Name relative to the data folder, such as ``phases/abx3/CsPbBr3_cubic.toml``.
    sha256 : str
        SHA-256 of its bytes, hexadecimal.
    doi : str, optional
        DOI of the publication behind it; empty where unknown.
    """

    name: str
    sha256: str
    doi: str = ""


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Everything that is needed to make a result again.

    Parameters
    ----------
    recipe : mapping
        The recipe, plain types only.
    recipe_sha256 : str
        SHA-256 of its canonical JSON.
    seed : int
        Seed of all random choices.
    versions : mapping of str to str
        Versions of the programs that took part, Python among them.
    data_files : tuple of DataFile
        Data used, sorted by name.
    steps : tuple of Step
        Choices made while building.
    """

    recipe: Mapping[str, Any]
    recipe_sha256: str
    seed: int
    versions: Mapping[str, str]
    data_files: tuple[DataFile, ...] = ()
    steps: tuple[Step, ...] = ()


def make_provenance(
    recipe: Mapping[str, Any],
    *,
    seed: int,
    data_files: Iterable[tuple[str, str, str]] = (),
    steps: Iterable[Step] = (),
) -> Provenance:
    """Record what a result is made from.

    Parameters
    ----------
    recipe : mapping
        The recipe with all defaults filled in; copied into plain types.
    seed : int
        Seed of all random choices.
    data_files : iterable of (str, str, str), optional
        Relative name, SHA-256 and DOI of each data file; repeated entries count once.
    steps : iterable of Step, optional
        Choices made while building.

    Returns
    -------
    Provenance
        The record.

    Raises
    ------
    UsageError
        If the recipe holds something that cannot be recorded, such as a NaN.

    Examples
    --------
    >>> make_provenance({"name": "demo"}, seed=7).recipe_sha256[:12]
    'd7d234f759ec'
    """
    copied = plain_mapping(recipe, "the recipe")
    files = sorted(set(data_files))
    return Provenance(
        recipe=copied,
        recipe_sha256=hashlib.sha256(canonical_json(copied)).hexdigest(),
        seed=int(seed),
        versions=versions(),
        data_files=tuple(DataFile(name=name, sha256=sha, doi=doi) for name, sha, doi in files),
        steps=tuple(steps),
    )


def versions() -> dict[str, str]:
    """Return the versions of heterobuild, Python and the libraries that shape a result.

    Returns
    -------
    dict of str
        Name to version, sorted by name.
    """
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = UNINSTALLED
    return dict(sorted(found.items()))


def as_mapping(provenance: Provenance) -> dict[str, Any]:
    """Return the record as a mapping of plain types.

    Parameters
    ----------
    provenance : Provenance
        The record.

    Returns
    -------
    dict
        Keys ``recipe``, ``recipe_sha256``, ``seed``, ``versions``, ``data_files``, ``steps``.

    Raises
    ------
    UsageError
        If a step holds something that cannot be recorded.
    """
    return {
        "recipe": plain(provenance.recipe, "the recipe"),
        "recipe_sha256": provenance.recipe_sha256,
        "seed": provenance.seed,
        "versions": plain(provenance.versions, "the versions"),
        "data_files": [
            {"name": entry.name, "sha256": entry.sha256, "doi": entry.doi}
            for entry in provenance.data_files
        ],
        "steps": [
            {
                "name": step.name,
                "choice": step.choice,
                "values": plain(step.values, f"step {step.name!r}"),
            }
            for step in provenance.steps
        ],
    }


def encode(provenance: Provenance) -> bytes:
    """Return the record as JSON.

    Parameters
    ----------
    provenance : Provenance
        The record.

    Returns
    -------
    bytes
        UTF-8; the same record gives the same bytes.

    Raises
    ------
    UsageError
        If a step holds something that cannot be recorded.
    """
    return readable_json(as_mapping(provenance))


def decode(data: bytes, *, origin: str = "the record") -> Provenance:
    """Read a record back; further keys are passed over.

    Parameters
    ----------
    data : bytes
        JSON as written by `encode`, or the contents of ``heterobuild.json``.
    origin : str, optional
        Name of the source in messages.

    Returns
    -------
    Provenance
        The record.

    Raises
    ------
    StructureFileError
        If it is not JSON, a key is missing or of the wrong kind, or the recipe does not have
        the recorded fingerprint.
    """
    try:
        entry = json.loads(data)
        provenance = _from_mapping(entry)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        reason = f"no key {error}" if isinstance(error, KeyError) else str(error)
        raise StructureFileError(
            "the provenance cannot be read",
            where=origin,
            measured=reason,
            next_step="run the recipe again to write a new one",
        ) from error
    found = hashlib.sha256(canonical_json(provenance.recipe)).hexdigest()
    if found != provenance.recipe_sha256:
        raise StructureFileError(
            "the recipe in the provenance was changed after it was recorded",
            where=origin,
            measured=f"SHA-256 {found[:12]}…",
            allowed=f"{provenance.recipe_sha256[:12]}…",
            next_step="edit recipe.yaml and run it again",
        )
    return provenance


def _from_mapping(entry: Any) -> Provenance:
    if not isinstance(entry, dict):
        raise TypeError(f"a JSON object was expected, not {type(entry).__name__}")
    for key, kind in (("recipe", dict), ("recipe_sha256", str), ("seed", int), ("versions", dict)):
        if not isinstance(entry[key], kind):
            raise TypeError(f"{key} is not of type {kind.__name__}")
    return Provenance(
        recipe=entry["recipe"],
        recipe_sha256=entry["recipe_sha256"],
        seed=entry["seed"],
        versions=entry["versions"],
        data_files=tuple(DataFile(**part) for part in entry["data_files"]),
        steps=tuple(Step(**part) for part in entry["steps"]),
    )


def read_provenance(path: str | Path) -> Provenance:
    """Read the record of a result from its ``heterobuild.json``.

    Parameters
    ----------
    path : str or Path
        The file, or the folder that holds it.

    Returns
    -------
    Provenance
        The record.

    Raises
    ------
    StructureFileError
        If the file is missing or unreadable, broken, or its recipe was changed.
    """
    file = Path(path)
    if file.is_dir():
        file /= "heterobuild.json"
    try:
        data = file.read_bytes()
    except OSError as error:
        raise StructureFileError(
            "the provenance cannot be read", where=str(path), measured=error.strerror
        ) from error
    return decode(data, origin=str(path))
