"""The table of checks, and the two verbs that run them."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from heterobuild.model import Report
from heterobuild.registry import resolve
from heterobuild.validation.limits import CheckLimits
from heterobuild.validation.view import view_structure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heterobuild.model import Crystal, Finding, Heterostructure
    from heterobuild.validation.view import View

GROUP = "heterobuild.checks"
"""Entry-point group in which other packages add checks: functions of a `View`."""

CHECKS = {
    "handedness": "heterobuild.validation.handedness:check_handedness",
    "labels": "heterobuild.validation.labelling:check_labels",
    "composition": "heterobuild.validation.composition:check_composition",
    "charge": "heterobuild.validation.charge:check_charge",
    "contacts": "heterobuild.validation.contacts:check_contacts",
    "coordination": "heterobuild.validation.coordination:check_coordination",
    "molecules": "heterobuild.validation.molecules:check_molecules",
    "vacuum": "heterobuild.validation.vacuum:check_vacuum",
    "strain": "heterobuild.validation.strain:check_strain",
}
"""The checks of this package in the order of the report."""

DEFAULT_LIMITS = CheckLimits()


def check(
    built: Heterostructure,
    *,
    limits: CheckLimits = DEFAULT_LIMITS,
    crystals: Mapping[str, Crystal] | None = None,
) -> Report:
    """Judge a built structure by all checks.

    Parameters
    ----------
    built : Heterostructure
        The structure; left unchanged.
    limits : CheckLimits, optional
        Tolerances.
    crystals : mapping of str to Crystal, optional
        Crystals of the regions by name. With them the coordination expected inside a region
        is that of its crystal, otherwise the most common one in the region.

    Returns
    -------
    Report
        The findings, in the order of the checks.
    """
    return judge(view_structure(built, limits=limits, crystals=crystals))


def judge(structure: View) -> Report:
    """Run all checks, those of other packages last and by name.

    Parameters
    ----------
    structure : View
        The structure, prepared.

    Returns
    -------
    Report
        The findings.
    """
    added = sorted({entry.name for entry in entry_points(group=GROUP)} - set(CHECKS))
    findings: list[Finding] = []
    for name in [*CHECKS, *added]:
        findings += resolve(name, CHECKS, group=GROUP, what="check")(structure)
    return Report(findings=tuple(findings))
