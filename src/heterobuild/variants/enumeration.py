"""Which interfaces of two crystals a study is made of."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003  # pydantic reads the annotations
from dataclasses import dataclass
from typing import Literal

from heterobuild.errors import UsageError

Face = tuple[int, ...] | str
"""Miller indices, or text such as "001pc"."""

MOST_MATCHES = 50
"""Matches of one pair of faces; more are not a study that anybody reads."""

MOST_SHIFTS = 8
"""Shifts along one vector; finer ones relax into one another."""


@dataclass(frozen=True, kw_only=True)
class Enumeration:
    """Which interfaces of two crystals are built, each distinct one once.

    Parameters
    ----------
    terminations : {"all", "given"}, optional
        Every plane at which each side can end at the interface, or those of the parts.
    matches : int, optional
        Number of distinct common cells of each pair of faces, those of the lowest ranks.
    faces : {"both", "given"} or dict, optional
        Faces of the two sides. "both" takes the faces of the parts and their opposites, which
        differ only where no rotation of the crystal turns one into the other; a list for each
        side names others.
    shifts : int, optional
        Number of places along each vector of the smallest cell in which shifts differ; 1 takes
        only the registry found. Places nearer than 1 Å are left out.

    Raises
    ------
    UsageError
        If a number is out of range or a word is unknown.

    Examples
    --------
    >>> Enumeration(shifts=1).matches
    3
    """

    terminations: Literal["all", "given"] = "all"
    matches: int = 3
    faces: Literal["both", "given"] | Mapping[Literal["film", "substrate"], tuple[Face, ...]] = (
        "both"
    )
    shifts: int = 2

    def __post_init__(self) -> None:
        """Refuse what cannot be enumerated."""
        for name, most in (("matches", MOST_MATCHES), ("shifts", MOST_SHIFTS)):
            value = getattr(self, name)
            if not 1 <= value <= most:
                raise UsageError(
                    f"{name} is out of range",
                    where="enumerate",
                    measured=value,
                    allowed=f"1 to {most}",
                    next_step="use 1 for the first only",
                )
        if self.terminations not in ("all", "given"):
            raise UsageError(
                "unknown terminations",
                where="enumerate",
                measured=self.terminations,
                allowed="all or given",
            )
        lists = {} if isinstance(self.faces, str) else self.faces
        wrong = self.faces not in ("both", "given") if isinstance(self.faces, str) else not lists
        if wrong or not set(lists) <= {"film", "substrate"} or not all(lists.values()):
            raise UsageError(
                "faces are both, given, or lists for the film and the substrate",
                where="enumerate",
                measured=repr(self.faces),
                next_step="write faces: {film: [[0, 0, 1], [1, 1, 0]]}",
            )
