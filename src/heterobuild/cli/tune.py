"""``heterobuild tune``: find the composition of a series that fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click

from heterobuild.cli.screen import complain, print_json, print_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heterobuild.screening.tune import Tuning

LIMIT = "x=0:0.6"


@click.command()
@click.argument("series", metavar="SERIES")
@click.option("--onto", metavar="NAME", help="Crystal to fit on, or a structure file.")
@click.option("--length", type=float, metavar="LENGTH", help="Pseudo-cubic length in Å instead.")
@click.option(
    "--limit",
    "limits",
    multiple=True,
    metavar="NAME=LOW:HIGH",
    help=f"Between which values a variable may lie, such as {LIMIT}; may be repeated.",
)
@click.option("--alignment", metavar="TYPE", help="Only type-I, type-II or type-III alignment.")
@click.option("--min-gap", type=float, metavar="GAP", help="Least band gap in eV, such as 2.0.")
@click.option("--max-gap", type=float, metavar="GAP", help="Largest band gap in eV.")
@click.option("--phase", metavar="PHASE", help="Phase of the end members, such as cubic.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def tune(
    series: str,
    *,
    onto: str | None,
    length: float | None,
    limits: Sequence[str],
    alignment: str | None,
    min_gap: float | None,
    max_gap: float | None,
    phase: str | None,
    as_json: bool,
) -> None:
    """Find the composition of SERIES with the least misfit to a crystal or a length.

    SERIES is a formula with variables x, y or z. Lengths are linear between the end members.

    Example: heterobuild tune "CsPb(Br_xI_1-x)3" --onto CsPbI3 --alignment type-I
    """
    from heterobuild.errors import UsageError
    from heterobuild.screening.tune import tune as find

    target = length if onto is None else onto
    if target is None or (onto is not None and length is not None):
        raise UsageError(
            "a series is fitted on a crystal or on a length",
            measured="neither" if target is None else "both",
            next_step="give --onto NAME or --length LENGTH",
        )
    found = find(
        series,
        target,
        bounds=_bounds(limits),
        alignment=alignment,
        min_gap=min_gap,
        max_gap=max_gap,
        phase=phase,
    )
    if as_json:
        print_json(tuning_as_dict(found))
        return
    print_lines(tuning_lines(found))
    for notice in found.notices:
        complain(f"note: {notice}")


def tuning_lines(found: Tuning) -> list[str]:
    """Return a composition as a short text.

    Parameters
    ----------
    found : Tuning
        The composition.

    Returns
    -------
    list of str
        Lines, the answer first.
    """
    entries = list(_entries(found))
    width = max(len(label) for label, _ in entries) + 2
    head = f"{found.formula} on {_target(found)}: misfit {_misfit(found)}"
    return [head, "", *(f"  {label:<{width}}{text}" for label, text in entries)]


def tuning_as_dict(found: Tuning) -> dict[str, Any]:
    """Return a composition as plain data.

    Parameters
    ----------
    found : Tuning
        The composition.

    Returns
    -------
    dict
        Ready for JSON; keys end in their unit, misfits are in percent.
    """
    target, edges = found.target, found.edges
    return {
        "series": found.series.formula,
        "onto": None if target.crystal is None else target.crystal.name,
        "formula": found.formula,
        "fractions": {name: round(value, 6) for name, value in found.fractions.items()},
        "limits": {name: list(ends) for name, ends in found.limits.items()},
        "length_angstrom": round(found.length, 6),
        "length_uncertainty_angstrom": round(found.length_uncertainty, 6),
        "target_length_angstrom": round(target.length, 6),
        "target_uncertainty_angstrom": round(target.uncertainty, 6),
        "temperature_kelvin": target.temperature,
        "misfit_percent": round(100 * found.misfit, 4) + 0.0,
        "misfit_uncertainty_percent": round(100 * found.misfit_uncertainty, 4),
        "rule": found.rule,
        "end_members": [
            {
                "formula": member.formula,
                "crystal": member.crystal.name,
                "share": share,
                "length_angstrom": round(member.length, 6),
                "misfit_percent": round(100 * misfit, 4) + 0.0,
                "temperature_kelvin": member.crystal.temperature,
                "confidence": member.crystal.source.cell,
                "source": member.crystal.source.citation,
                "doi": member.crystal.source.doi or None,
            }
            for member, share, misfit in zip(
                found.members, found.weights, found.member_misfits, strict=True
            )
        ],
        "bands": None
        if edges is None
        else {
            "gap_eV": edges.gap,
            "vbm_eV": edges.vbm,
            "cbm_eV": edges.cbm,
            "uncertainty_eV": edges.uncertainty,
            "rule": edges.source,
        },
        "alignment": found.alignment,
        "notices": list(found.notices),
    }


def _bounds(limits: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Read the limits of the variables."""
    from heterobuild.errors import UsageError

    bounds: dict[str, tuple[float, float]] = {}
    for text in limits:
        name, _, ends = text.partition("=")
        low, _, high = ends.partition(":")
        try:
            pair = (float(low), float(high))
        except ValueError:
            raise UsageError(
                "a limit is a variable with its lowest and highest value",
                where="--limit",
                measured=repr(text),
                next_step=f"write --limit {LIMIT}",
            ) from None
        if name.strip() in bounds:
            raise UsageError(
                f"--limit names {name.strip()} twice", next_step="give each variable one limit"
            )
        bounds[name.strip()] = pair
    return bounds


def _entries(found: Tuning) -> Iterator[tuple[str, str]]:
    """Yield label and text of each line."""
    for name, value in found.fractions.items():
        low, high = found.limits[name]
        yield name, f"{value:.3f}, looked for from {low:g} to {high:g}"
    target = found.target
    ours = f"{found.length:.3f} ± {found.length_uncertainty:.3f} Å"
    theirs = f"{target.length:.3f} ± {target.uncertainty:.3f} Å"
    if target.crystal is None:
        theirs = f"{target.length:.3f} Å"
    yield "lattice", f"{ours} on {theirs}, at {target.temperature:g} K"
    yield "rule", found.rule
    label = "ends"
    for member, misfit in zip(found.members, found.member_misfits, strict=True):
        crystal = member.crystal
        measured = "" if crystal.temperature is None else f" at {crystal.temperature:g} K"
        trust = f"confidence {crystal.source.cell}"
        length = f"{member.length:.3f} Å{measured}"
        origin = crystal.source.doi or crystal.source.citation
        yield label, f"{crystal.name} {length}, misfit {_percent(misfit)}, {trust}, {origin}"
        label = ""
    yield "bands", _bands(found)


def _bands(found: Tuning) -> str:
    """Return gap and alignment."""
    if found.edges is None:
        return "unknown"
    gap = f"gap {found.edges.gap:.2f} eV, {found.edges.source}"
    if found.target.crystal is None:
        return gap
    kind = "unknown" if found.alignment == "unknown" else f"type {found.alignment}"
    return f"{gap}; alignment {kind}"


def _target(found: Tuning) -> str:
    """Return the name of the target."""
    crystal = found.target.crystal
    return f"{found.target.length:g} Å" if crystal is None else crystal.name


def _misfit(found: Tuning) -> str:
    """Return the misfit with its uncertainty."""
    return f"{_percent(found.misfit)} ± {100 * found.misfit_uncertainty:.2f} %"


def _percent(misfit: float) -> str:
    value = round(100 * misfit, 2)
    return f"{value:+.2f} %".replace("-", "−") if value else "0.00 %"
