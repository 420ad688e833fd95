"""The result of ``run`` and ``build`` on the screen and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from heterobuild import labels
from heterobuild.exporters.record import encode_record
from heterobuild.memory import estimate_text
from heterobuild.slabs.miller import miller_label
from heterobuild.validation import summary_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heterobuild.arrays import FloatArray
    from heterobuild.model import Estimate, LedgerEntry, Match, Region, Report, Step
    from heterobuild.recipes import Plan, RunResult

_UNSTRAINED = 1e-9
_MEASURED = ("charge", "dipole", "vacuum")
_SAID_ELSEWHERE = {"slab", "match", "strain", *_MEASURED}
_LEDGER_LINES = 8
"""Entries of the ledger that are shown one by one; more are added up over their places."""


def result_as_dict(result: RunResult) -> dict[str, Any]:
    """Return the result as plain data: the record of ``heterobuild.json``, files and notes.

    Parameters
    ----------
    result : RunResult
        The result.

    Returns
    -------
    dict
        Ready for JSON; ``written`` tells a run from a dry run.
    """
    record: dict[str, Any] = json.loads(
        encode_record(result.built, result.provenance, result.report, {})
    )
    return record | {
        "written": result.folder is not None,
        "folder": None if result.folder is None else str(result.folder),
        "files": list(result.files),
        "remarks": list(result.remarks),
        **_estimate(result.estimate),
    }


def plan_as_dict(plan: Plan) -> dict[str, Any]:
    """Return what is known of a model that is not built as plain data.

    Parameters
    ----------
    plan : Plan
        The recipe with its parts.

    Returns
    -------
    dict
        Ready for JSON; ``built`` is false.
    """
    return {
        "name": plan.recipe.name,
        "built": False,
        "written": False,
        "remarks": list(plan.remarks),
        **_estimate(plan.estimate),
    }


def estimate_lines(plan: Plan) -> list[str]:
    """Return how large a model becomes as a short text.

    Parameters
    ----------
    plan : Plan
        The recipe with its parts.

    Returns
    -------
    list of str
        One line; none where the architecture does not tell.
    """
    if plan.estimate is None:
        return []
    return [f"{plan.recipe.name}: estimate {estimate_text(plan.estimate)}"]


def _estimate(estimate: Estimate | None) -> dict[str, Any]:
    """Return an estimate as plain data, where there is one."""
    if estimate is None:
        return {}
    return {"estimate": {"atoms": estimate.atoms, "memory_bytes": estimate.memory}}


def result_lines(result: RunResult) -> list[str]:
    """Return the result as a short text for people.

    Parameters
    ----------
    result : RunResult
        The result.

    Returns
    -------
    list of str
        Lines, a label of each kind in the first column.
    """
    built = result.built
    lines = [f"{built.name}: {len(built.atoms)} atoms", ""]
    entries = list(_entries(result))
    width = max(len(label) for label, _ in entries) + 2
    return [*lines, *(f"  {label:<{width}}{text}" for label, text in entries)]


def _entries(result: RunResult) -> Iterator[tuple[str, str]]:
    """Yield label and text of each line."""
    built = result.built
    for region in built.regions:
        yield from _region(result, region)
    yield "cell", _cell(built.atoms.cell.cellpar())
    if built.match is not None:
        yield "match", _match(built.match)
    for step in built.steps:
        if step.name == "match":
            yield from _less_strained(step)
        if step.name not in _SAID_ELSEWHERE:
            yield step.name, _step(step)
    yield from _ledger(built.ledger)
    yield from _measured(result)
    yield from _checks(result.report)
    yield "files", _files(result)


def _region(result: RunResult, region: Region) -> Iterator[tuple[str, str]]:
    """Yield what a region is made of and how it is strained."""
    count = int((result.built.atoms.arrays[labels.REGION] == region.code).sum())
    face = ""
    if region.name in result.slabs:
        slab = result.slabs[region.name]
        ends = f"{slab.bottom.formula} to {slab.top.formula}"
        face = f" {miller_label(slab.miller)}, {ends}, Tasker {slab.tasker}"
    yield region.name, f"{region.crystal}{face}, {_composition(result, region)}, {count} atoms"
    strain = np.asarray(region.strain)
    if not result.slabs:
        yield from _strained_in_space(strain)
        return
    if np.abs(strain).max() < _UNSTRAINED:
        yield "", "not strained"
        return
    low, high = np.linalg.eigvalsh(strain[:2, :2])
    plane = f"{_percent(high)} and {_percent(low)} in the plane"
    yield "", f"strained {plane}, {_percent(strain[2, 2])} along the normal"
    for step in result.built.steps:
        if step.name == "strain" and step.values.get("part") == region.name:
            yield "", f"elastic constants: {step.values['elastic_source']}"


def _strained_in_space(strain: FloatArray) -> Iterator[tuple[str, str]]:
    """Yield the strain of a region without a plane: its volume and the principal values."""
    if np.abs(strain).max() < _UNSTRAINED:
        return
    low, middle, high = (_percent(value) for value in np.linalg.eigvalsh(strain))
    volume = _percent(float(np.trace(strain)))
    yield (
        "",
        (
            f"strained {volume} in volume against its crystal, {high}, {middle} and {low} along "
            "its principal axes"
        ),
    )


def _ledger(entries: Sequence[LedgerEntry]) -> Iterator[tuple[str, str]]:
    """Yield what was removed, added or exchanged, with the change of charge."""
    if len(entries) > _LEDGER_LINES:
        entries = _added_up(entries)
    for number, entry in enumerate(entries):
        change = f"{entry.charge:+g} e".replace("-", "−") if entry.charge else "0 e"
        site = entry.site if len(entry.site) == 1 else entry.site.lower()
        text = f"{entry.action} {entry.count} {entry.species} ({site}) at the {entry.where}"
        yield "" if number else "ledger", f"{text}, {change}: {entry.why}"


def _added_up(entries: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    """Return one entry for all places of the same change."""
    groups: dict[tuple[str, ...], list[LedgerEntry]] = {}
    for entry in entries:
        key = (entry.action, entry.species, entry.site, entry.why)
        groups.setdefault(key, []).append(entry)
    return [
        replace(
            group[0],
            count=sum(entry.count for entry in group),
            charge=sum(entry.charge for entry in group),
            where=group[0].where + (f" and {len(group) - 1} more" if group[1:] else ""),
        )
        for group in groups.values()
    ]


def _composition(result: RunResult, region: Region) -> str:
    """Return the formula of a region as the checks found it."""
    for finding in result.report.findings:
        if finding.check == "composition" and finding.message.startswith(f"{region.name}:"):
            return str(finding.value)
    return region.formula


def _step(step: Step) -> str:
    """Return a choice with its length in Å, where it has one of its own name.

    The elastic estimate measures strain octahedron by octahedron, against the composition there
    and across walls. That of whole regions stands beside them; both here would be taken for one.
    """
    if step.name == "elastic" and step.values.get("relaxed"):
        moved = step.values["largest_displacement_A"]
        return f"positions from an elastic estimate by springs, moved by up to {moved:.2f} Å"
    length = step.values.get(f"{step.name}_A")
    return f"{length:.3f} Å, {step.choice}" if isinstance(length, float) else step.choice


def _match(match: Match) -> str:
    """Return the common cell in a line."""
    film, substrate = (str(np.asarray(m).tolist()) for m in (match.film, match.substrate))
    turn = f", film turned by {match.rotation:.2f}°" if abs(match.rotation) > 0.005 else ""
    low, high = (1 / (1 + strain) - 1 for strain in match.strains)
    return (
        f"film {film} on substrate {substrate}, {match.area:.1f} Å²{turn}, "
        f"mismatch {_percent(high)} and {_percent(low)}"
    )


def _less_strained(step: Step) -> Iterator[tuple[str, str]]:
    """Yield the larger cells with less strain that the user could take instead."""
    front: Any = step.values["pareto_front"]
    better = [
        f"{place['rank']} ({100 * place['log_strain']:.2f} % on {place['area_A2']:.0f} Å²)"
        for place in front
        if place["log_strain"] < step.values["log_strain"]
    ]
    if better:
        yield "", f"less strained as match {' or '.join(better)}"


def _cell(parameters: Any) -> str:
    """Return the cell in a line."""
    a, b, c, alpha, beta, gamma = parameters
    return f"{a:.3f} × {b:.3f} × {c:.3f} Å, {alpha:.2f}° {beta:.2f}° {gamma:.2f}°"


def _measured(result: RunResult) -> Iterator[tuple[str, str]]:
    """Yield charge, dipole and vacuum as the checks measured them, else as they were chosen."""
    for name in _MEASURED:
        found = [entry for entry in result.report.findings if entry.check == name]
        chosen = [step.choice for step in result.built.steps if step.name == name]
        if found and found[0].level == "info":
            yield name, found[0].message.removeprefix(f"{name} ")
        elif chosen and not found:
            yield name, chosen[0]


def _checks(report: Report) -> Iterator[tuple[str, str]]:
    """Yield the verdict, then errors and warnings."""
    *findings, verdict = summary_lines(report, infos=False)
    yield "checks", verdict
    for line in findings:
        yield "", line


def _files(result: RunResult) -> str:
    """Return where the files are, or would be; names that differ in the ending in braces."""
    ends = (result.built, *(() if result.final is None else (result.final,)))
    stems = [f"{end.name}." for end in ends]
    grouped = [_braced(stem, result.files) for stem in stems]
    others = [name for name in result.files if not name.startswith(tuple(stems))]
    names = ", ".join([*grouped, *others])
    if result.folder is None:
        return f"none, a dry run; a run writes {names}"
    return f"{names} in {result.folder}"


def _braced(stem: str, files: Sequence[str]) -> str:
    """Return the names of files that differ in the ending in one word."""
    endings = [name.removeprefix(stem) for name in files if name.startswith(stem)]
    return f"{stem}{endings[0]}" if len(endings) == 1 else f"{stem}{{{','.join(endings)}}}"


def _percent(strain: float) -> str:
    """Return a strain in percent with its sign."""
    return f"{100 * strain:+.2f} %".replace("-", "−")
