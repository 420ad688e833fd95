"""A report as lines for people and as plain data for JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from heterobuild.model import Finding, Level, Report

_DIGITS = 6
_ORDER: tuple[Level, ...] = ("error", "warning", "info")


def summary_lines(report: Report, *, infos: bool = True) -> list[str]:
    """Return one line a finding, errors first, and the verdict last.

    Parameters
    ----------
    report : Report
        The findings.
    infos : bool, optional
        Whether to list what is in order, too.

    Returns
    -------
    list of str
        The lines.

    Examples
    --------
    >>> from heterobuild.model import Finding, Report
    >>> finding = Finding(check="charge", level="error", message="the formal charge is +2 e")
    >>> summary_lines(Report(findings=(finding,)))
    ['error    charge: the formal charge is +2 e', 'failed: 1 error, 0 warnings']
    """
    shown = [level for level in _ORDER if infos or level != "info"]
    lines = [
        _line(finding) for level in shown for finding in report.findings if finding.level == level
    ]
    errors, warnings = count(report, "error"), count(report, "warning")
    verdict = "passed" if report.passed else "failed"
    return [*lines, f"{verdict}: {_number(errors, 'error')}, {_number(warnings, 'warning')}"]


def count(report: Report, level: Level) -> int:
    """Return how many findings have a level.

    Parameters
    ----------
    report : Report
        The findings.
    level : {"info", "warning", "error"}
        The level.

    Returns
    -------
    int
        Their number.
    """
    return sum(finding.level == level for finding in report.findings)


def report_as_dict(report: Report) -> dict[str, object]:
    """Return the report as plain Python types, ready for JSON.

    Parameters
    ----------
    report : Report
        The findings.

    Returns
    -------
    dict
        ``passed``, ``errors``, ``warnings`` and ``findings``.
    """
    return {
        "passed": report.passed,
        "errors": count(report, "error"),
        "warnings": count(report, "warning"),
        "findings": [_as_dict(finding) for finding in report.findings],
    }


def _line(finding: Finding) -> str:
    """Return one finding on one line."""
    return f"{finding.level:8} {finding.check}: {finding.message}"


def _number(n: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _rounded(value: float | str | None) -> float | str | None:
    """Return a number without the noise of the last digits, so that reports compare."""
    return round(value, _DIGITS) + 0.0 if isinstance(value, int | float) else value


def _as_dict(finding: Finding) -> dict[str, object]:
    """Return one finding without its empty parts."""
    parts: dict[str, object] = {
        "check": finding.check,
        "level": finding.level,
        "message": finding.message,
    }
    optional = {"value": _rounded(finding.value), "limit": _rounded(finding.limit)}
    parts |= {name: value for name, value in optional.items() if value is not None}
    if finding.unit:
        parts["unit"] = finding.unit
    if finding.atoms:
        parts["atoms"] = list(finding.atoms)
    return parts
