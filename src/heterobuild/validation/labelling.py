"""Whether every atom says where it belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild import labels
from heterobuild.labels import Site
from heterobuild.model import Finding

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray
    from heterobuild.validation.view import View

_MOST_ATOMS = 10


def check_labels(structure: View) -> tuple[Finding, ...]:
    """Require all label arrays, without unlabelled atoms and unknown codes.

    Parameters
    ----------
    structure : View
        The structure. In files of other programs missing labels are no fault.

    Returns
    -------
    tuple of Finding
        An error for each fault; one info where there is none.
    """
    if structure.foreign and (structure.lacking or not structure.region.any()):
        message = "no labels: the file does not say which atom belongs to which part"
        return (Finding(check="labels", level="info", message=message),)
    if structure.lacking:
        names = ", ".join(structure.lacking)
        return (_error(f"the atoms lack the arrays {names}", value=names),)
    findings = [
        _error(f"{int(wrong.sum())} atoms {fault}", atoms=wrong)
        for wrong, fault in _faults(structure)
        if wrong.any()
    ]
    findings += [
        _error(f"no atom belongs to the region {region.name}", value=region.name)
        for region in structure.regions
        if not (structure.region == region.code).any()
    ]
    if findings:
        return tuple(findings)
    return (Finding(check="labels", level="info", message="every atom is labelled"),)


def _faults(structure: View) -> list[tuple[BoolArray, str]]:
    """Return the atoms with each kind of fault; files do not hold the tables of codes."""
    known = np.full(len(structure.region), structure.foreign)
    regions = [region.code for region in structure.regions]
    bound, kinds = structure.molecule > 0, structure.kind > 0
    return [
        (structure.region == 0, f"have no {labels.REGION}"),
        (structure.layer == 0, f"have no {labels.LAYER}"),
        (structure.site == 0, f"have no {labels.SITE}"),
        (
            ~known & (structure.region != 0) & ~np.isin(structure.region, regions),
            "have a region that is not in the list of regions",
        ),
        (
            (structure.site != 0) & ~np.isin(structure.site, [int(s) for s in Site]),
            "have an unknown site",
        ),
        (bound != kinds, "have a molecule without a kind or a kind without a molecule"),
        (structure.molecule < 0, "have a negative molecule id"),
        (
            ~known & ((structure.kind < 0) | (structure.kind > len(structure.molecules))),
            "have a kind of molecule that is not in the list of molecules",
        ),
    ]


def _error(message: str, *, value: str | None = None, atoms: BoolArray | None = None) -> Finding:
    """Make an error of this check."""
    index = () if atoms is None else tuple(np.flatnonzero(atoms)[:_MOST_ATOMS].tolist())
    number = value if atoms is None else float(atoms.sum())
    unit = "" if atoms is None else "atoms"
    limit = None if atoms is None else 0.0
    return Finding(
        check="labels",
        level="error",
        message=message,
        value=number,
        limit=limit,
        unit=unit,
        atoms=index,
    )
