"""What an architecture asks for: its parts, named or of the user's own naming."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from heterobuild.recipes.records import CrystalOptions, SlabOptions

if TYPE_CHECKING:
    from collections.abc import Iterable


def full_kind(kind: str) -> str:
    """Return the name of an architecture as recipes write it; hyphens stand for underscores.

    Parameters
    ----------
    kind : str
        Name as the user wrote it; it need not exist.

    Returns
    -------
    str
        Such as ``core_shell`` for ``core-shell``.

    Examples
    --------
    >>> full_kind("core-shell")
    'core_shell'
    """
    from heterobuild.architectures import ARCHITECTURES

    spelled = kind.replace("-", "_")
    return spelled if spelled in ARCHITECTURES else kind


def architecture(kind: str) -> type:
    """Return the architecture of a name.

    Parameters
    ----------
    kind : str
        Name such as ``vertical``, ``core_shell`` or ``core-shell``.

    Returns
    -------
    type
        A dataclass whose fields are its options.

    Raises
    ------
    UnknownNameError
        If no table holds the name.
    """
    from heterobuild.architectures import ARCHITECTURES
    from heterobuild.registry import resolve

    found: type = resolve(
        full_kind(kind), ARCHITECTURES, group="heterobuild.architectures", what="architecture"
    )
    return found


def has_variants(kind: str) -> bool:
    """Return whether the distinct interfaces of an architecture can be enumerated.

    Parameters
    ----------
    kind : str
        Name of the architecture.

    Returns
    -------
    bool
        True for a film on a substrate: its terminations, matches and shifts are a finite list.

    Examples
    --------
    >>> has_variants("vertical"), has_variants("core_shell")
    (True, False)
    """
    return full_kind(kind) == "vertical"


def part_records(kind: str) -> dict[str, type]:
    """Return the parts that an architecture names, and what a recipe says about each.

    They are the positional parameters of its ``build``. A parameter of the type `Crystal` takes
    the crystal itself, any other one a slab cut from it.

    Parameters
    ----------
    kind : str
        Name of the architecture.

    Returns
    -------
    dict of str to type
        Name of the part, and `SlabOptions` or `CrystalOptions`.

    Raises
    ------
    UnknownNameError
        If no table holds the name.

    Examples
    --------
    >>> [(name, record.__name__) for name, record in part_records("core_shell").items()]
    [('core', 'CrystalOptions')]
    """
    positional = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return {
        parameter.name: _record(parameter)
        for parameter in _parameters(kind)
        if parameter.kind is positional and parameter.name != "self"
    }


def further_parts(kind: str) -> tuple[str, type] | None:
    """Return what stands after the named parts: any number of parts under the user's names.

    They are the parameter of ``build`` with a star.

    Parameters
    ----------
    kind : str
        Name of the architecture.

    Returns
    -------
    tuple of (str, type) or None
        What one such part is, such as ``shell``, and its record; None where there are none.

    Raises
    ------
    UnknownNameError
        If no table holds the name.

    Examples
    --------
    >>> further_parts("core_shell")[0], further_parts("vertical")
    ('shell', None)
    """
    for parameter in _parameters(kind):
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            return parameter.name.removesuffix("s"), _record(parameter)
    return None


def _parameters(kind: str) -> Iterable[inspect.Parameter]:
    """Return the parameters of ``build``."""
    return inspect.signature(architecture(kind).build).parameters.values()  # type: ignore[attr-defined]


def _record(parameter: inspect.Parameter) -> type:
    """Return the record that fits the type of a parameter, written as text or not."""
    written = parameter.annotation
    name = written if isinstance(written, str) else getattr(written, "__name__", "")
    return CrystalOptions if name.rpartition(".")[2].strip("'\" ") == "Crystal" else SlabOptions
