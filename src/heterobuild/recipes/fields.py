"""What the fields of a record mean, taken from its docstring: an option is described once."""

from __future__ import annotations

import inspect
import re
from functools import cache


@cache
def field_texts(record: type) -> dict[str, str]:
    """Return the description of each field of a dataclass.

    Parameters
    ----------
    record : type
        A dataclass whose NumPy docstring has a section ``Parameters``.

    Returns
    -------
    dict of str
        One paragraph a field, without markup, in the order of the docstring.

    Examples
    --------
    >>> class Record:
    ...     '''A record.
    ...
    ...     Parameters
    ...     ----------
    ...     low, high : float
    ...         Ends of the ``range`` in Å.
    ...     '''
    >>> field_texts(Record)
    {'low': 'Ends of the range in Å.', 'high': 'Ends of the range in Å.'}
    """
    texts: dict[str, list[str]] = {}
    names: list[str] = []
    for line in _parameter_lines(inspect.getdoc(record) or ""):
        if line and not line.startswith(" "):
            names = [name.strip() for name in line.partition(":")[0].split(",")]
            texts |= {name: [] for name in names}
        else:
            for name in names:
                texts[name].append(line.strip())
    return {name: _unmarked(" ".join(lines)) for name, lines in texts.items()}


def first_sentence(text: str) -> str:
    """Return the first sentence of a description, for help texts.

    Parameters
    ----------
    text : str
        The description.

    Returns
    -------
    str
        Up to the first full stop that ends a sentence.

    Examples
    --------
    >>> first_sentence("Height in Å, e.g. 3.1 for Br. More follows.")
    'Height in Å, e.g. 3.1 for Br.'
    """
    return re.split(r"(?<=\.)(?<!e\.g\.)(?<!i\.e\.)\s+(?=[A-ZÅ])", text.strip(), maxsplit=1)[0]


def _parameter_lines(text: str) -> list[str]:
    """Return the lines of the section Parameters."""
    lines = text.splitlines()
    start = next((n for n, line in enumerate(lines) if line.strip() == "Parameters"), len(lines))
    body = lines[start + 2 :]
    end = next((n for n, line in enumerate(body) if re.fullmatch(r"\s*-{3,}\s*", line)), None)
    return body if end is None else body[: end - 1]


def _unmarked(text: str) -> str:
    """Return the text without backticks and repeated blanks."""
    return re.sub(r"\s+", " ", text.replace("`", "")).strip()
