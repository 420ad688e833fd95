"""What is known of one crystal, as plain data and as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from heterobuild import labels
from heterobuild.chemistry.bands import band_edges
from heterobuild.cli.structure_facts import mean_mass, structure_facts, structure_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from heterobuild.model import Crystal

_BOND_CUTOFF = 4.0
"""Å; beyond the longest B–X bond of a halide, short of the second shell."""


def portrait(crystal: Crystal, miller: str | None = None) -> dict[str, Any]:
    """Collect what is known of a crystal.

    Parameters
    ----------
    crystal : Crystal
        The crystal.
    miller : str, optional
        A face whose terminations are listed.

    Returns
    -------
    dict
        Plain data; keys end in their unit. Unknown facts are None.

    Raises
    ------
    UsageError
        If the Miller indices cannot be read.
    MissingAtomsError
        If terminations are asked for and only the cell is known.
    """
    from ase.geometry import cell_to_cellpar

    source = crystal.source
    facts: dict[str, Any] = {
        "name": crystal.name,
        "formula": crystal.formula,
        "phase": crystal.phase,
        "space_group": crystal.space_group,
        "space_group_number": crystal.space_group_number or None,
        "cell_angstrom_degrees": [round(float(x), 6) for x in cell_to_cellpar(crystal.cell)],
        "volume_angstrom3": round(float(np.linalg.det(crystal.cell)), 4),
        "z": crystal.z,
        "temperature_kelvin": crystal.temperature,
        "density_g_cm3": _density(crystal),
        "shortest_bx_angstrom": _shortest_bond(crystal),
        **structure_facts(crystal),
        "molecules": [f"{m.name} ({m.formula}, {m.charge:+g} e)" for m in crystal.molecules],
        "orientation_chosen_for": list(crystal.placed),
        "source": source.citation,
        "doi": source.doi or None,
        "confidence_cell": source.cell,
        "confidence_coordinates": source.coordinates if crystal.atoms is not None else None,
        "notes": source.notes or None,
        "band_edges": _bands(crystal),
        "notices": list(crystal.notices),
    }
    if miller is not None:
        facts["terminations"] = _terminations(crystal, miller)
    return facts


def portrait_lines(facts: Mapping[str, Any]) -> list[str]:
    """Set the facts as text.

    Parameters
    ----------
    facts : mapping
        As `portrait` returns them.

    Returns
    -------
    list of str
        Lines.
    """
    lines = [f"{facts['name']}: {facts['formula']}, {facts['phase']}", ""]
    lines += [f"  {label:<14}{text}" for label, text in _entries(facts) if text]
    for entry in facts.get("terminations", ()):
        lines.append(
            f"  {'plane ' + str(entry['index']):<14}{entry['formula']}, height "
            f"{entry['height_angstrom']:.3f} Å, {entry['charge_e_angstrom2']:+.4f} e/Å²"
        )
    return lines


def _entries(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield label and text of each fact."""
    a, b, c, alpha, beta, gamma = facts["cell_angstrom_degrees"]
    number = f" (No. {facts['space_group_number']})" if facts["space_group_number"] else ""
    yield "cell", f"{a:g} {b:g} {c:g} Å, {alpha:g} {beta:g} {gamma:g}°, Z = {facts['z']}"
    yield "space group", f"{facts['space_group']}{number}"
    known = {"mixed": "mean of", "model": "meant for"}.get(facts["origin"], "measured at")
    yield known, _with_unit(facts["temperature_kelvin"], "K")
    yield "density", _with_unit(facts["density_g_cm3"], "g/cm³")
    yield "shortest B–X", _with_unit(facts["shortest_bx_angstrom"], "Å")
    yield from structure_lines(facts)
    yield "molecules", ", ".join(facts["molecules"])
    if facts["orientation_chosen_for"]:
        chosen = ", ".join(facts["orientation_chosen_for"])
        yield "", f"orientation of {chosen} is a choice (aligned here)"
    yield "bands", _band_text(facts["band_edges"])
    yield "source", facts["source"]
    yield "DOI", facts["doi"] or ""
    coordinates = facts["confidence_coordinates"]
    known = f"coordinates {coordinates}" if coordinates else "only the cell is known"
    yield "confidence", f"cell {facts['confidence_cell']}, {known}"
    yield "notes", facts["notes"] or ""


def _with_unit(value: float | None, unit: str) -> str:
    """Return a number with its unit, or nothing."""
    return "" if value is None else f"{value:g} {unit}"


def _density(crystal: Crystal) -> float | None:
    """Return the density in g/cm³."""
    if crystal.atoms is None:
        return None
    return round(mean_mass(crystal) * 1.66053906660 / float(np.linalg.det(crystal.cell)), 4)


def _shortest_bond(crystal: Crystal) -> float | None:
    """Return the shortest distance in Å between a B cation and a halide."""
    from vesin import NeighborList

    if crystal.atoms is None:
        return None
    site = crystal.atoms.arrays[labels.SITE]
    finder = NeighborList(cutoff=_BOND_CUTOFF, full_list=True)
    first, second, distance = finder.compute(
        points=crystal.atoms.positions, box=crystal.cell, periodic=True, quantities="ijd"
    )
    bonds = distance[(site[first] == labels.Site.B) & (site[second] == labels.Site.X)]
    return round(float(bonds.min()), 4) if len(bonds) else None


def _bands(crystal: Crystal) -> dict[str, Any] | None:
    """Return gap and band edges, where they are known."""
    from dataclasses import asdict

    edges = band_edges(crystal.name) or band_edges(f"{crystal.formula}_{crystal.phase}")
    return None if edges is None else asdict(edges)


def _band_text(edges: Mapping[str, Any] | None) -> str:
    """Return gap and edges in a line."""
    if edges is None:
        return ""
    text = f"gap {edges['gap']:g} eV"
    if edges["vbm"] is not None and edges["cbm"] is not None:
        text += f", VBM {edges['vbm']:g} eV, CBM {edges['cbm']:g} eV from vacuum"
    return f"{text} ({edges['kind']}, {edges['source']}, confidence {edges['confidence']})"


def _terminations(crystal: Crystal, miller: str) -> list[dict[str, Any]]:
    """Return the distinct planes of a face."""
    from heterobuild.slabs import list_terminations

    return [
        {
            "index": plane.index,
            "formula": plane.formula,
            "height_angstrom": round(plane.height, 4),
            "charge_e_angstrom2": round(plane.charge, 6),
            "thickness_angstrom": round(plane.thickness, 4),
        }
        for plane in list_terminations(crystal, miller)
    ]
