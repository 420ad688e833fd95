"""What checks find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Level: TypeAlias = Literal["info", "warning", "error"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one check found.

    Parameters
    ----------
    check : str
        Name of the check.
    level : {"info", "warning", "error"}
        Weight of the finding; only "error" stops the files from being written.
    message : str
        One sentence for people.
    value, limit : float, str or None
        What was measured and what is allowed, with the unit in `unit`.
    unit : str, optional
        Unit of both.
    atoms : tuple of int, optional
        Atoms concerned, counted from 0; at most the first ten.
    """

    check: str
    level: Level
    message: str
    value: float | str | None = None
    limit: float | str | None = None
    unit: str = ""
    atoms: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Report:
    """The findings of all checks on one structure.

    Parameters
    ----------
    findings : tuple of Finding
        In the order of the checks.
    """

    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether no finding is an error."""
        return not any(finding.level == "error" for finding in self.findings)
