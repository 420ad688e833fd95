"""Miller indices as people write them."""

from __future__ import annotations

import operator
import re
from collections.abc import Sequence
from contextlib import suppress
from math import gcd
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from heterobuild.model import Crystal, Miller

_WHOLE = 12
"""Pseudo-cubic axes are multiples of 1/12 of the conventional ones."""

_NEXT = 'write a list [0, 0, 1] or a string "001", "1-10", "1 -1 0"'


def parse_miller(value: object) -> Miller:
    """Read Miller indices from a list or a string.

    Common factors are divided out: (002) names the same planes as (001). Four hexagonal
    indices (hkil) are accepted where h + k + i = 0.

    Parameters
    ----------
    value : sequence of int or str
        ``[0, 0, 1]``, ``"001"``, ``"1-10"``, ``"1 -1 0"``, ``"(1, -1, 0)"``, ``"0001"``. A bare
        integer is refused, because YAML reads 001 as 1.

    Returns
    -------
    tuple of int
        (h, k, l), coprime.

    Raises
    ------
    UsageError
        If the value is no such list or string, or all indices are zero.

    Examples
    --------
    >>> parse_miller("1-10"), parse_miller([0, 0, 2]), parse_miller("(10-10)")
    ((1, -1, 0), (0, 0, 1), (1, 0, 0))
    """
    indices = _indices(value)
    if len(indices) == 4:
        if indices[0] + indices[1] + indices[2] != 0:
            raise UsageError(
                "four indices (hkil) need h + k + i = 0", measured=value, next_step=_NEXT
            )
        indices = [indices[0], indices[1], indices[3]]
    if len(indices) != 3:
        raise UsageError("Miller indices are three integers", measured=repr(value), next_step=_NEXT)
    factor = gcd(*indices)
    if factor == 0:
        raise UsageError(
            "Miller indices (0, 0, 0) name no plane",
            allowed="at least one index other than zero",
            next_step=_NEXT,
        )
    h, k, m = (index // factor for index in indices)
    return (h, k, m)


def face_indices(crystal: Crystal, value: object) -> Miller:
    """Return the Miller indices of a face in the conventional setting of a crystal.

    Parameters
    ----------
    crystal : Crystal
        The crystal.
    value : sequence of int, str or None
        Indices as in `parse_miller`; a string that ends with pc, such as ``"001pc"``, counts
        along the pseudo-cubic axes. None is the default face: pseudo-cubic (001), or (001)
        where the crystal has no such axes.

    Returns
    -------
    tuple of int
        (h, k, l), coprime.

    Raises
    ------
    UsageError
        If the indices cannot be read, or pseudo-cubic ones are given for a crystal without
        pseudo-cubic axes.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> face_indices(load_crystal("CsPbBr3_orthorhombic"), "001pc")
    (0, 1, 0)
    """
    if value is None:
        value = "001" if crystal.pseudocubic is None else "001pc"
    if not is_pseudocubic(value):
        return parse_miller(value)
    indices = parse_miller(str(value).strip()[:-2])
    if crystal.pseudocubic is None:
        raise UsageError(
            f"{crystal.name} has no pseudo-cubic axes",
            measured=repr(value),
            next_step="give the indices in its conventional setting, without pc",
        )
    components = np.linalg.solve(crystal.pseudocubic, indices)
    whole = np.rint(components * _WHOLE).astype(int).tolist()
    return parse_miller(whole)


def is_pseudocubic(value: object) -> bool:
    """Return whether indices are written along pseudo-cubic axes.

    Parameters
    ----------
    value : object
        Indices in any spelling.

    Returns
    -------
    bool
        True for strings that end with pc.

    Examples
    --------
    >>> is_pseudocubic("001pc"), is_pseudocubic([0, 0, 1])
    (True, False)
    """
    return isinstance(value, str) and value.strip().lower().endswith("pc")


def _indices(value: object) -> list[int]:
    """Read integers from a list or a string; a minus sign stands at its digit."""
    if isinstance(value, str):
        words = value.strip().strip("()[]{}").strip()
        index = r"-?\d+" if re.search(r"[\s,]", words) else r"-?\d"
        if re.fullmatch(rf"{index}(?:[\s,]*{index})*", words):
            return [int(word) for word in re.findall(index, words)]
    elif isinstance(value, Sequence) and not any(isinstance(index, bool) for index in value):
        with suppress(TypeError):
            return [operator.index(index) for index in value]
    raise UsageError("these are no Miller indices", measured=repr(value), next_step=_NEXT)


def miller_label(miller: Miller) -> str:
    """Return the usual label of a face, such as (001) or (1-10).

    Parameters
    ----------
    miller : tuple of int
        (h, k, l).

    Returns
    -------
    str
        Spaces separate indices of more than one digit.

    Examples
    --------
    >>> miller_label((1, -1, 0)), miller_label((1, 0, 12))
    ('(1-10)', '(1 0 12)')
    """
    separator = " " if any(abs(index) > 9 for index in miller) else ""
    return f"({separator.join(str(index) for index in miller)})"
