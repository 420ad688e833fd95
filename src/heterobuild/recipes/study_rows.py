"""The table of a study: one row for each distinct interface."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from heterobuild.errors import HeterobuildError
    from heterobuild.recipes.pipeline import RunResult
    from heterobuild.variants import Variant

RECORD = "heterobuild.json"
"""File of a folder of results that the rows are read from."""

TABLES = ("variants.csv", "variants.json")
"""Files of the table."""


@dataclass(frozen=True, kw_only=True)
class StudyRow:
    """One interface of a study. Numbers are None where it could not be built.

    Parameters
    ----------
    label : str
        Name of the folder.
    status : str
        ``built`` or ``failed``.
    film_face, substrate_face : str
        Miller indices.
    film_plane, substrate_plane : str
        Formulas of the facing planes.
    match : int
        Rank of the common cell.
    shift_u, shift_v : float
        In-plane shift of the film in surface vectors of the substrate.
    multiplicity : int
        Combinations that are this interface.
    atoms : int or None
        Atoms of the model.
    area_A2 : float or None
        Unstrained area of the common cell of the substrate.
    log_strain : float or None
        Larger absolute principal logarithmic misfit, as a fraction.
    gap_A : float or None
        Distance of the facing planes.
    network_continues : bool or None
        Whether the octahedral network runs on.
    dipole_e_per_A : float or None
        Formal dipole along the normal by area; None where the stack is endless or charged.
    charge_e : float or None
        Formal charge.
    errors, warnings : int or None
        Findings of the checks.
    reason : str
        Why it could not be built.
    """

    label: str
    status: str
    film_face: str
    substrate_face: str
    film_plane: str
    substrate_plane: str
    match: int
    shift_u: float
    shift_v: float
    multiplicity: int
    atoms: int | None = None
    area_A2: float | None = None  # noqa: N815  # the unit, as in the other tables
    log_strain: float | None = None
    gap_A: float | None = None  # noqa: N815
    network_continues: bool | None = None
    dipole_e_per_A: float | None = None  # noqa: N815
    charge_e: float | None = None
    errors: int | None = None
    warnings: int | None = None
    reason: str = ""


def failed_row(variant: Variant, error: HeterobuildError) -> StudyRow:
    """Return the row of a variant that could not be built.

    Parameters
    ----------
    variant : Variant
        The variant.
    error : HeterobuildError
        Why.

    Returns
    -------
    StudyRow
        The row, with the reason in one line.
    """
    return _row(variant, "failed", {"reason": " ".join(str(error).split())})


def row_of_record(variant: Variant, folder: Path, *, status: str) -> StudyRow:
    """Return the row of a variant from the record in its folder.

    Parameters
    ----------
    variant : Variant
        The variant.
    folder : pathlib.Path
        Its folder.
    status : str
        ``built``.

    Returns
    -------
    StudyRow
        The row.
    """
    record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    steps = [(step["name"], step["values"]) for step in record["steps"]]
    findings = [
        (entry["check"], entry["level"], entry["value"]) for entry in record["report"]["findings"]
    ]
    numbers = {"atoms": record["atoms"], "charge_e": record["formal_charge_e"]}
    return _row(variant, status, numbers | _facts(steps, findings))


def row_of_result(variant: Variant, result: RunResult, *, status: str) -> StudyRow:
    """Return the row of a variant that was built and not written.

    Parameters
    ----------
    variant : Variant
        The variant.
    result : RunResult
        What its recipe gave.
    status : str
        ``built``.

    Returns
    -------
    StudyRow
        The row.
    """
    from heterobuild.labels import CHARGE

    atoms = result.built.atoms
    steps = [(step.name, step.values) for step in result.built.steps]
    findings = [(finding.check, finding.level, finding.value) for finding in result.report.findings]
    numbers = {
        "atoms": len(atoms),
        "charge_e": round(float(atoms.arrays[CHARGE].sum()), 9) + 0.0,
    }
    return _row(variant, status, numbers | _facts(steps, findings))


def write_tables(rows: Sequence[StudyRow], folder: Path) -> None:
    """Write the table of a study as CSV and as JSON.

    Parameters
    ----------
    rows : sequence of StudyRow
        The rows.
    folder : pathlib.Path
        Folder of the study; tables of an earlier run are replaced.

    Raises
    ------
    OutputError
        If the files cannot be written.
    """
    from heterobuild.exporters.output_folder import staged

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(field.name for field in fields(StudyRow))
    for row in rows:
        writer.writerow("" if value is None else value for value in asdict(row).values())
    listed = json.dumps([asdict(row) for row in rows], indent=2, ensure_ascii=False)
    with staged(folder, TABLES, force=True) as staging:
        (staging / TABLES[0]).write_text(text.getvalue(), encoding="utf-8")
        (staging / TABLES[1]).write_text(listed + "\n", encoding="utf-8")


def _row(variant: Variant, status: str, facts: Mapping[str, Any]) -> StudyRow:
    """Return a row of what the variant says and of facts about its model."""
    first, second = (
        " ".join(str(index) for index in side.miller)
        if isinstance(side.miller, tuple)
        else str(side.miller)
        for side in (variant.film, variant.substrate)
    )
    options = variant.architecture
    return StudyRow(
        label=variant.label,
        status=status,
        film_face=first,
        film_plane=variant.planes[0],
        substrate_face=second,
        substrate_plane=variant.planes[1],
        match=options.match,
        shift_u=options.shift[0],
        shift_v=options.shift[1],
        multiplicity=variant.multiplicity,
        **facts,
    )


def _facts(
    steps: Iterable[tuple[str, Mapping[str, Any]]],
    findings: Iterable[tuple[str, str, Any]],
) -> dict[str, Any]:
    """Return match, gap, dipole and the number of findings."""
    first: dict[str, Mapping[str, Any]] = {}
    for name, values in steps:
        first.setdefault(name, values)
    listed = list(findings)
    levels = [level for _, level, _ in listed]
    dipole = [value for check, _, value in listed if check == "dipole"]
    return {
        "area_A2": first["match"]["substrate_area_A2"],
        "log_strain": first["match"]["log_strain"],
        "gap_A": first["gap"]["gap_A"],
        "network_continues": first["gap"]["network_continues"],
        "dipole_e_per_A": None if not dipole else round(float(dipole[0]), 9) + 0.0,
        "errors": levels.count("error"),
        "warnings": levels.count("warning"),
    }
