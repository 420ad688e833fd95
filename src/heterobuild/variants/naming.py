"""Names of interfaces, fit for folders."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def interface_labels(
    faces: Sequence[tuple[object, object]],
    planes: Sequence[tuple[str, str]],
    matches: Sequence[int],
) -> list[str]:
    """Name interfaces by faces, facing planes and match; those that agree are numbered.

    Parameters
    ----------
    faces : sequence of tuple
        Miller indices or text, of the film and of the substrate.
    planes : sequence of tuple of str
        Formulas of the facing planes.
    matches : sequence of int
        Ranks of the matches.

    Returns
    -------
    list of str
        All different; letters, digits, dots, plus, minus and underscores only.

    Examples
    --------
    >>> interface_labels([((0, 0, 1), (0, 0, -1))] * 2, [("(MA)Br", "PbI2")] * 2, [0, 0])
    ['001_MABr-on-00-1_PbI2_m0_s0', '001_MABr-on-00-1_PbI2_m0_s1']
    """
    seen: Counter[str] = Counter()
    labels = []
    for both, formulas, rank in zip(faces, planes, matches, strict=True):
        sides = [
            f"{_face(face)}_{re.sub(r'[^A-Za-z0-9.+]+', '', formula)}"
            for face, formula in zip(both, formulas, strict=True)
        ]
        head = f"{'-on-'.join(sides)}_m{rank}"
        labels.append(f"{head}_s{seen[head]}")
        seen[head] += 1
    return labels


def _face(miller: object) -> str:
    """Return the indices in one word; two digits are kept apart by dots."""
    if not isinstance(miller, tuple):
        return re.sub(r"[^A-Za-z0-9.+-]+", "", str(miller))
    separator = "." if max(abs(index) for index in miller) > 9 else ""
    return separator.join(str(index) for index in miller)
