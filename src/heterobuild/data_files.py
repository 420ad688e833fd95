"""The curated data of `heterobuild.structures`: find, list, read and fingerprint its files.

The files are found as data of the installed package. In a checkout that is not installed they
are found in the folder ``structures`` beside ``src``.
"""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heterobuild.errors import StructureFileError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

PACKAGE = "heterobuild.structures"
CHECKOUT = Path(__file__).resolve().parents[2] / "structures"


@cache
def _root() -> Traversable:
    """Return the data folder, of the package or of the checkout."""
    from importlib.resources import files

    try:
        import_module(PACKAGE)
    except ModuleNotFoundError:
        return CHECKOUT
    return files(PACKAGE)


def open_data(*parts: str) -> Traversable:
    """Return one data file, to be read with ``read_bytes`` or ``read_text``.

    Parameters
    ----------
    *parts : str
        Path below the data folder, in pieces or with slashes.

    Returns
    -------
    importlib.resources.abc.Traversable
        The file.

    Raises
    ------
    StructureFileError
        If there is no such file.

    Examples
    --------
    >>> open_data("molecules", "MA.toml").name
    'MA.toml'
    """
    entry = _root().joinpath(*"/".join(parts).split("/"))
    if not entry.is_file():
        raise StructureFileError(
            f"there is no data file {'/'.join(parts)}",
            where="the data of heterobuild",
            next_step="install heterobuild again, or list the folder with list_data",
        )
    return entry


def read_toml(*parts: str) -> dict[str, Any]:
    """Read one TOML file of the data.

    The result is read anew each time, so that the caller may change it.

    Parameters
    ----------
    *parts : str
        Path below the data folder, in pieces or with slashes.

    Returns
    -------
    dict
        The content.

    Raises
    ------
    StructureFileError
        If there is no such file, or it is not valid TOML; the message has line and column.

    Examples
    --------
    >>> read_toml("radii.toml")["ions"]["Pb"]["charge"]
    2
    """
    entry = open_data(*parts)
    try:
        return tomllib.loads(entry.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise StructureFileError(
            f"not a valid TOML file: {error}",
            where="/".join(parts),
            next_step="correct the line that the message names",
        ) from error


def list_data(folder: str, *, suffix: str = ".toml") -> tuple[str, ...]:
    """List the data files in a folder and in all folders below it.

    Parameters
    ----------
    folder : str
        Folder below the data folder, with slashes; empty for everything.
    suffix : str, optional
        Ending of the names; TOML, the form of all curated data, by default.

    Returns
    -------
    tuple of str
        Paths for `open_data` and `read_toml`, sorted; empty where there is no such folder.

    Examples
    --------
    >>> "molecules/MA.toml" in list_data("molecules")
    True
    """
    pieces = [piece for piece in folder.split("/") if piece]
    start = _root().joinpath(*pieces) if pieces else _root()
    if not start.is_dir():
        return ()
    return tuple(sorted(_walk(start, "/".join(pieces), suffix)))


def _walk(folder: Traversable, prefix: str, suffix: str) -> Iterator[str]:
    """Yield the paths of the files below a folder."""
    for entry in folder.iterdir():
        path = f"{prefix}/{entry.name}" if prefix else entry.name
        if entry.is_dir():
            yield from _walk(entry, path, suffix)
        elif entry.name.endswith(suffix):
            yield path


def digest(*parts: str) -> str:
    """Return the fingerprint of a data file for the provenance record.

    Parameters
    ----------
    *parts : str
        Path below the data folder, in pieces or with slashes.

    Returns
    -------
    str
        SHA-256 of its bytes in hexadecimal.

    Raises
    ------
    StructureFileError
        If there is no such file.

    Examples
    --------
    >>> len(digest("radii.toml"))
    64
    """
    return hashlib.sha256(open_data(*parts).read_bytes()).hexdigest()
