"""Names and what they stand for: a literal table, entry points, and "did you mean"."""

from __future__ import annotations

import difflib
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from heterobuild.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def suggest(name: str, known: Iterable[str]) -> str:
    """Return a "did you mean" sentence, or the list of known names where nothing is near.

    Parameters
    ----------
    name : str
        The name that was not found.
    known : iterable of str
        The names that exist.

    Returns
    -------
    str
        The sentence, for `HeterobuildError.next_step`.

    Examples
    --------
    >>> suggest("CsPbBr", ["CsPbBr3", "MAPbI3"])
    'did you mean CsPbBr3?'
    """
    names = sorted(known)
    lowered = {entry.lower(): entry for entry in names}
    near = difflib.get_close_matches(name.lower(), lowered, n=3, cutoff=0.6)
    if near:
        return f"did you mean {' or '.join(lowered[entry] for entry in near)}?"
    return f"choose one of {', '.join(names)}"


def resolve(name: str, table: Mapping[str, str], *, group: str, what: str) -> Any:
    """Import the object that a name stands for.

    Parameters
    ----------
    name : str
        Name used in a recipe or on the command line.
    table : mapping of str to str
        The names of this package, each with its ``module:object``.
    group : str
        Entry-point group in which other packages add names.
    what : str
        What is looked up, for the error message.

    Returns
    -------
    object
        The imported object.

    Raises
    ------
    UnknownNameError
        If neither the table nor an entry point has the name.
    """
    if name in table:
        module, _, attribute = table[name].partition(":")
        return getattr(import_module(module), attribute)
    added = {entry.name: entry for entry in entry_points(group=group)}
    if name in added:
        return added[name].load()
    raise UnknownNameError(f"unknown {what} {name!r}", next_step=suggest(name, [*table, *added]))
