"""Errors of a recipe that begin with the place they are at."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from heterobuild.errors import ChecksFailedError, HeterobuildError, OutputError, RecipeError
from heterobuild.recipes.nodes import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heterobuild.model import Report
    from heterobuild.recipes.document import Document
    from heterobuild.recipes.nodes import Keys


def problem(
    document: Document,
    keys: Keys,
    what: str,
    *,
    measured: object = None,
    allowed: object = None,
    next_step: str = "",
) -> RecipeError:
    """Return an error that starts with the place and the path of a key.

    Parameters
    ----------
    document : Document
        The recipe.
    keys : tuple of str or int
        Path to the key; empty for the recipe as a whole.
    what : str
        What is wrong.
    measured, allowed : object, optional
        What was found and what may stand there.
    next_step : str, optional
        What to do about it.

    Returns
    -------
    RecipeError
        The error, to be raised.
    """
    return RecipeError(
        _prefix(document, keys) + what,
        measured=measured,
        allowed=allowed or None,
        next_step=next_step,
    )


def locate(error: HeterobuildError, document: Document, keys: Keys) -> None:
    """Put the place of a key in front of the message of another module's error.

    The key is the first one below the given block whose name or text the message holds, else
    the block.

    Parameters
    ----------
    error : HeterobuildError
        The error; its ``what`` is changed.
    document : Document
        The recipe.
    keys : tuple of str or int
        Path to the block that was being worked on.
    """
    error.what = _prefix(document, blame(str(error), document, keys)) + error.what


@contextmanager
def located(document: Document, keys: Keys) -> Iterator[None]:
    """Give errors of other modules their place in the recipe.

    Parameters
    ----------
    document : Document
        The recipe.
    keys : tuple of str or int
        Path to the block that is being worked on.

    Yields
    ------
    None
        Errors inside the block begin with the place; those of the folder of results do not.
    """
    try:
        yield
    except OutputError:
        raise
    except HeterobuildError as error:
        locate(error, document, keys)
        raise


def blame(message: str, document: Document, keys: Keys) -> Keys:
    """Return the key that a message most likely speaks of.

    Parameters
    ----------
    message : str
        The message.
    document : Document
        The recipe.
    keys : tuple of str or int
        Path to the block that was being worked on.

    Returns
    -------
    tuple of str or int
        The key whose name, else whose text, comes first in the message; else the block.
    """
    inside = list(_below(document, keys))
    for words in ([(name, path) for name, _, path in inside], [entry[1:] for entry in inside]):
        places = [(_position(word, message), -len(path), path) for word, path in words]
        named = [entry for entry in places if entry[0] >= 0]
        if named:
            return min(named, key=lambda entry: entry[:2])[2]
    return keys


def _below(document: Document, keys: Keys) -> Iterator[tuple[str, str, Keys]]:
    """Yield name, text and path of all keys below a block."""
    block: object = document.data
    for key in keys:
        block = block.get(key) if isinstance(block, dict) else None
    if isinstance(block, dict):
        for key, value in block.items():
            plain = isinstance(value, str | int) and not isinstance(value, bool)
            yield str(key), str(value) if plain else "", (*keys, key)
            yield from _below(document, (*keys, key))


def _position(word: str, message: str) -> int:
    """Return where a word stands in a message, with blanks or hyphens for underscores, or -1.

    The "in-plane cell" of many messages is not the option `in_plane`.
    """
    pattern = re.escape(word).replace("_", "[ _-]")
    found = re.search(rf"(?<![\w-]){pattern}(?![\w-]| cell)", message) if word else None
    return found.start() if found else -1


def _prefix(document: Document, keys: Keys) -> str:
    """Return place and path of a key as the head of a message."""
    place, path = document.place(keys), dotted(keys)
    return f"{place}: " if not path or place.endswith(f" {path}") else f"{place}: {path}: "


def checks_failed(report: Report) -> ChecksFailedError:
    """Return the error that says which checks failed.

    Parameters
    ----------
    report : Report
        The findings.

    Returns
    -------
    ChecksFailedError
        One line with all errors.
    """
    errors = [finding for finding in report.findings if finding.level == "error"]
    return ChecksFailedError(
        "; ".join(finding.message.rstrip(".") for finding in errors),
        measured=f"{len(errors)} failed check{'s' if len(errors) > 1 else ''}",
        next_step="change the recipe, or write the files all the same with --allow-failed-checks",
    )
