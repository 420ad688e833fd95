"""JSON with one text for one value: plain types only, sorted keys, shortest floats, no NaN."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from heterobuild.errors import UsageError

Plain = None | bool | int | float | str | list[Any] | dict[str, Any]


def plain(value: object, where: str = "the record") -> Plain:
    """Turn a value into the types of JSON; numpy scalars and arrays become Python's own.

    Parameters
    ----------
    value : object
        Mapping with text keys, sequence, array, number, text, bool or None.
    where : str, optional
        Name of the value in messages.

    Returns
    -------
    None, bool, int, float, str, list or dict
        The same value, ready for JSON.

    Raises
    ------
    UsageError
        If a number is not finite, or a type has no place in JSON.

    Examples
    --------
    >>> import numpy as np
    >>> plain({"shift": np.array([0.5, 0.0]), "layers": np.int64(6)})
    {'shift': [0.5, 0.0], 'layers': 6}
    """
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return _finite(value, where)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return plain_mapping(value, where)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [plain(entry, f"{where}[{i}]") for i, entry in enumerate(value)]
    raise UsageError(
        "a value cannot be recorded",
        where=where,
        measured=type(value).__name__,
        allowed="numbers, text, lists and mappings",
    )


def _finite(value: float, where: str) -> float:
    if not math.isfinite(value):
        raise UsageError(
            "a number is not finite", where=where, measured=value, allowed="finite numbers"
        )
    return float(value) + 0.0  # -0.0 becomes 0.0


def plain_mapping(value: Mapping[Any, object], where: str) -> dict[str, Any]:
    """Turn a mapping into the types of JSON.

    Parameters
    ----------
    value : mapping
        Text keys, and values that `plain` accepts.
    where : str
        Name of the mapping in messages.

    Returns
    -------
    dict
        A copy in plain types, keys in the given order.

    Raises
    ------
    UsageError
        If a key is not text or a value cannot be recorded.
    """
    result: dict[str, Any] = {}
    for key, entry in value.items():
        if not isinstance(key, str):
            raise UsageError(
                "a key is not text", where=where, measured=repr(key), allowed="text keys"
            )
        result[str(key)] = plain(entry, f"{where}.{key}")
    return result


def canonical_json(value: object) -> bytes:
    """Return the one JSON text of a value, as UTF-8.

    Parameters
    ----------
    value : object
        Anything that `plain` accepts.

    Returns
    -------
    bytes
        Sorted keys, no spaces, shortest floats, no line end.

    Raises
    ------
    UsageError
        If the value cannot be recorded.

    Examples
    --------
    >>> canonical_json({"seed": 7, "name": "CsPbBr₃"}).decode()
    '{"name":"CsPbBr₃","seed":7}'
    """
    text = json.dumps(
        plain(value), sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )
    return _utf8(text)


def readable_json(value: object) -> bytes:
    """Return JSON for people: sorted keys, indented, lists of numbers on one line.

    Parameters
    ----------
    value : object
        Anything that `plain` accepts.

    Returns
    -------
    bytes
        UTF-8 with a line end; the same value gives the same bytes.

    Raises
    ------
    UsageError
        If the value cannot be recorded.

    Examples
    --------
    >>> print(readable_json({"shift": (0.5, 0.0), "gap": 3.1}).decode())
    {
      "gap": 3.1,
      "shift": [0.5, 0.0]
    }
    """
    return _utf8(_indented(plain(value), "") + "\n")


def _utf8(text: str) -> bytes:
    """Encode, so that a lone surrogate becomes a clear message."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UsageError(
            "a text is not valid Unicode", where="the record", measured=repr(error.object[:40])
        ) from error


def _indented(value: Plain, margin: str) -> str:
    inner = margin + "  "
    if isinstance(value, dict) and value:
        lines = [
            f"{inner}{json.dumps(key, ensure_ascii=False)}: {_indented(value[key], inner)}"
            for key in sorted(value)
        ]
        return "{\n" + ",\n".join(lines) + f"\n{margin}}}"
    if isinstance(value, list) and any(isinstance(entry, list | dict) for entry in value):
        lines = [inner + _indented(entry, inner) for entry in value]
        return "[\n" + ",\n".join(lines) + f"\n{margin}]"
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
