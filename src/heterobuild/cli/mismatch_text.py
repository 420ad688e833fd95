"""A comparison of two crystals as text for people and as plain data."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from heterobuild.cli.screen import table
from heterobuild.screening.face_labels import face_label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heterobuild.model import Crystal, Match
    from heterobuild.screening.alignment import Alignment
    from heterobuild.screening.face_misfits import FaceMisfit
    from heterobuild.screening.mismatch import Mismatch

MOST_FACES = 10
"""Pairs of faces that are shown; JSON holds them all."""


def mismatch_lines(found: Mismatch) -> list[str]:
    """Return a comparison as a short text.

    Parameters
    ----------
    found : Mismatch
        The comparison.

    Returns
    -------
    list of str
        Lines, the verdict first.
    """
    lines = [f"{found.film.name} on {found.substrate.name}: {found.verdict}"]
    lines += [f"note: {notice}" for notice in other_phases(found)]
    lines.append("")
    entries = list(_entries(found))
    width = max(len(label) for label, _ in entries) + 2
    lines += [f"  {label:<{width}}{text}" for label, text in entries]
    return [*lines, *_face_table(found)]


def other_phases(found: Mismatch) -> tuple[str, ...]:
    """Return the notices that a name stands for a phase which is no perovskite.

    Parameters
    ----------
    found : Mismatch
        The comparison.

    Returns
    -------
    tuple of str
        Those of its notices that decide what the verdict is about.
    """
    names = (found.film.name, found.substrate.name)
    return tuple(
        notice for notice in found.notices if any(f" means {name}, " in notice for name in names)
    )


def mismatch_as_dict(found: Mismatch) -> dict[str, Any]:
    """Return a comparison as plain data.

    Parameters
    ----------
    found : Mismatch
        The comparison.

    Returns
    -------
    dict
        Ready for JSON; keys end in their unit, misfits are in percent.
    """
    thermal, alignment = found.thermal, found.alignment
    return {
        "film": found.film.name,
        "substrate": found.substrate.name,
        "verdict": found.verdict,
        "strained": found.strained,
        "film_edges_angstrom": None if found.film_cube is None else asdict(found.film_cube),
        "substrate_edges_angstrom": (
            None if found.substrate_cube is None else asdict(found.substrate_cube)
        ),
        "edge_misfit_percent": _in_percent(found.cube_misfit),
        "edge_coincidence": None
        if found.coincidence is None
        else {
            "film": found.coincidence.film,
            "substrate": found.coincidence.substrate,
            "misfit_percent": _in_percent(found.coincidence.misfit),
        },
        "faces": [_face_as_dict(face) for face in found.faces],
        "alignment": asdict(alignment),
        "temperature": {
            "temperature_kelvin": thermal.temperature,
            "slope_percent_per_100_kelvin": None if thermal.slope is None else 1e4 * thermal.slope,
            "edge_misfit_percent": _in_percent(_at_temperature(found, found.cube_misfit)),
            "misfits_percent": [
                _in_percent(_at_temperature(found, misfit))
                for misfit in found.faces[0].misfits or ()
            ],
            "unknown": list(thermal.unknown),
        },
        "notices": list(found.notices),
    }


def _entries(found: Mismatch) -> Iterator[tuple[str, str]]:
    """Yield label and text of each line."""
    yield "film", _crystal(found.film, found)
    yield "substrate", _crystal(found.substrate, found)
    yield "lattice", _lattice(found)
    if found.coincidence is not None:
        edges = found.coincidence
        counts = f"{edges.film} film on {edges.substrate} substrate"
        yield "", f"edges {counts}: misfit {_percent(edges.misfit)}"
    best = found.faces[0]
    yield "faces", f"{_pair(found, best)}: {_face(best)}"
    yield "", found.strained
    if best.better is not None:
        yield "", f"less strained: {_common_cell(best.better_relation, best.better)}"
    yield from _bands(found)
    yield from _temperature(found)


def _crystal(crystal: Crystal, found: Mismatch) -> str:
    """Return space group, edges, temperature and gap of a crystal."""
    is_film = crystal is found.film
    cube = found.film_cube if is_film else found.substrate_cube
    bands = found.alignment.film if is_film else found.alignment.substrate
    between = " interpolated" if bands is not None and bands.kind == "interpolated" else ""
    gap = "" if bands is None else f", gap {bands.gap:.2f} eV{between}"
    measured = "" if crystal.temperature is None else f" at {crystal.temperature:g} K"
    lengths = np.linalg.norm(crystal.cell, axis=1) if cube is None else cube.edges
    kind = "cell" if cube is None else cube.kind
    shown = " ".join(f"{length:.3f}" for length in lengths)
    return f"{crystal.name}, {crystal.space_group}, {kind} {shown} Å{measured}{gap}"


def _lattice(found: Mismatch) -> str:
    """Return the misfit of the mean edges."""
    if found.film_cube is None or found.substrate_cube is None or found.cube_misfit is None:
        lacking = found.film if found.film_cube is None else found.substrate
        return f"{lacking.name} has no pseudo-cubic axes; only surface cells are compared"
    edges = f"{found.film_cube.mean:.3f} Å on {found.substrate_cube.mean:.3f} Å"
    return f"{edges}: misfit {_percent(found.cube_misfit)}"


def _pair(found: Mismatch, face: FaceMisfit) -> str:
    """Return the labels of two faces."""
    ours = face_label(found.film, face.film_face)
    return f"{ours} on {face_label(found.substrate, face.substrate_face)}"


def _face(face: FaceMisfit) -> str:
    """Return the misfit of a pair of faces."""
    if face.misfits is None:
        return "no common cell is near"
    misfits = " and ".join(_percent(misfit) for misfit in face.misfits)
    area = "" if face.match is None else f", {face.match.area:.1f} Å²"
    return f"{misfits}, {face.relation}{area}"


def _common_cell(relation: str, match: Match) -> str:
    from heterobuild.screening.face_misfits import match_misfits

    largest = _percent(match_misfits(match)[0])
    return f"{relation}, {match.area:.1f} Å², misfit up to {largest}"


def _bands(found: Mismatch) -> Iterator[tuple[str, str]]:
    """Yield the band alignment, and what is reported."""
    alignment = found.alignment
    if alignment.kind == "unknown":
        yield "bands", f"alignment unknown: {_missing_edges(found)}"
    else:
        yield "bands", f"type {alignment.kind}: {_offsets(alignment)}"
        yield "", _carriers(found)
    for entry in alignment.reported:
        notes = f", {entry.notes}" if entry.notes else ""
        yield "", f"reported: type {entry.kind}{notes} ({entry.source})"


def _offsets(alignment: Alignment) -> str:
    """Return the offsets of the film's edges."""
    pairs = (("CBM", alignment.conduction_offset), ("VBM", alignment.valence_offset))
    texts = [
        f"{name} {abs(offset):.2f} eV {'below' if offset < 0 else 'above'}"
        for name, offset in pairs
        if offset is not None
    ]
    return f"film {' and '.join(texts)} the substrate's, each ± {alignment.uncertainty:.2f} eV"


def _carriers(found: Mismatch) -> str:
    """Say to which side electrons and holes go."""
    electrons, holes = (
        _side(found, side) for side in (found.alignment.electrons, found.alignment.holes)
    )
    if electrons == holes:
        return f"electrons and holes go to {electrons}"
    return f"electrons go to {electrons}, holes to {holes}"


def _missing_edges(found: Mismatch) -> str:
    """Say of which crystal the band edges are not known."""
    pairs = (found.film, found.alignment.film), (found.substrate, found.alignment.substrate)
    names = [crystal.name for crystal, edges in pairs if edges is None or edges.vbm is None]
    return f"no band edges of {' and '.join(names)}"


def _side(found: Mismatch, side: str | None) -> str:
    if side == "film":
        return found.film.name
    return found.substrate.name if side == "substrate" else "either side"


def _temperature(found: Mismatch) -> Iterator[tuple[str, str]]:
    """Yield the misfit at the temperature asked for, or how it changes."""
    thermal = found.thermal
    if thermal.factor is not None and thermal.temperature is not None:
        shown = [
            _percent(_at_temperature(found, misfit)) for misfit in found.faces[0].misfits or ()
        ]
        edges = found.cube_misfit if found.coincidence is None else found.coincidence.misfit
        lattice = f"lattice {_percent(_at_temperature(found, edges))}, " if edges else ""
        text = f"{lattice}faces {' and '.join(shown)}"
        yield (
            f"at {thermal.temperature:g} K",
            f"{text}, by linear expansion if neither changes its phase",
        )
    elif thermal.unknown and thermal.temperature is not None:
        yield f"at {thermal.temperature:g} K", f"unknown: {'; '.join(thermal.unknown)}"
    elif thermal.slope is not None:
        yield "heating", f"changes the misfit by {_percent(100 * thermal.slope)} per 100 K"
    else:
        yield "heating", f"effect unknown: {'; '.join(thermal.unknown)}"


def _at_temperature(found: Mismatch, misfit: float | None) -> float | None:
    return None if misfit is None else found.thermal.at_temperature(misfit)


def _face_table(found: Mismatch) -> list[str]:
    """Return the pairs of faces, the best first; those alike in every number once."""
    if len(found.faces) < 2:
        return []
    rows: dict[tuple[str, str], tuple[str, str, str]] = {}
    for face in found.faces:
        row = (_pair(found, face), face.verdict, _face(face))
        rows.setdefault(row[1:], row)
    lines = table([("faces", "verdict", "misfit"), *list(rows.values())[:MOST_FACES]])
    rest = len(rows) - MOST_FACES
    return ["", *(f"  {line}" for line in lines), *([f"  and {rest} more"] if rest > 0 else [])]


def _face_as_dict(face: FaceMisfit) -> dict[str, Any]:
    """Return a pair of faces as plain data."""
    return {
        "film_face": list(face.film_face),
        "substrate_face": list(face.substrate_face),
        "film_cell_angstrom": face.film_cell.round(6).tolist(),
        "substrate_cell_angstrom": face.substrate_cell.round(6).tolist(),
        "verdict": face.verdict,
        "relation": face.relation or None,
        "misfits_percent": [_in_percent(misfit) for misfit in face.misfits or ()],
        "cube_on_cube_percent": [_in_percent(misfit) for misfit in face.cube_on_cube or ()],
        "match": _match_as_dict(face.match),
        "better_relation": face.better_relation or None,
        "better": _match_as_dict(face.better),
    }


def _match_as_dict(match: Match | None) -> dict[str, Any] | None:
    """Return a common cell as plain data."""
    if match is None:
        return None
    return {
        "film": np.asarray(match.film).tolist(),
        "substrate": np.asarray(match.substrate).tolist(),
        "area_angstrom2": round(match.area, 4),
        "rotation_degrees": round(match.rotation, 4) + 0.0,
    }


def _in_percent(misfit: float | None) -> float | None:
    return None if misfit is None else round(100 * misfit, 4) + 0.0


def _percent(misfit: float | None) -> str:
    """Return a misfit in percent with its sign."""
    if misfit is None:
        return "unknown"
    value = round(100 * misfit, 2)
    return f"{value:+.2f} %".replace("-", "−") if value else "0.00 %"
