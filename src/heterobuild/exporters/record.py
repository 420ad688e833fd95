"""``heterobuild.json``: what a result is and how it was made, beside its files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from ase.data import chemical_symbols

from heterobuild import labels
from heterobuild.plain_json import readable_json
from heterobuild.provenance import as_mapping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heterobuild.arrays import IntArray
    from heterobuild.model import (
        Heterostructure,
        LedgerEntry,
        Match,
        Molecule,
        Region,
        Report,
    )
    from heterobuild.provenance import Provenance

SCHEMA_VERSION = 1


def encode_record(
    built: Heterostructure,
    provenance: Provenance,
    report: Report | None,
    files: Mapping[str, Mapping[str, object]],
) -> bytes:
    """Return the contents of ``heterobuild.json``.

    Parameters
    ----------
    built : Heterostructure
        The structure.
    provenance : Provenance
        What it was made from. Where it holds no steps, those of the structure are taken.
    report : Report or None
        Findings of the checks; None where none were made.
    files : mapping
        For each format the file's name, size, SHA-256 and further facts.

    Returns
    -------
    bytes
        JSON; the same input gives the same bytes.

    Raises
    ------
    UsageError
        If something cannot be recorded, such as a NaN.
    """
    if not provenance.steps:
        provenance = replace(provenance, steps=built.steps)
    atoms = built.atoms
    record = as_mapping(provenance) | {
        "schema_version": SCHEMA_VERSION,
        "name": built.name,
        "atoms": len(atoms),
        "composition": _composition(atoms.numbers),
        "formal_charge_e": float(np.round(atoms.arrays[labels.CHARGE].sum(), 9)),
        "cell_angstrom": atoms.cell.array,
        "periodic": [bool(flag) for flag in atoms.pbc],
        "regions": [_region(built, region) for region in built.regions],
        "molecules": [_molecule(molecule) for molecule in built.molecules],
        "match": None if built.match is None else _match(built.match),
        "notices": built.notices,
        "ledger": [_entry(entry) for entry in built.ledger],
        "report": None if report is None else _report(report),
        "files": files,
    }
    return readable_json(record)


def _composition(numbers: IntArray) -> dict[str, int]:
    counts = np.bincount(numbers)
    return {chemical_symbols[e]: int(counts[e]) for e in np.flatnonzero(counts)}


def _region(built: Heterostructure, region: Region) -> dict[str, Any]:
    chosen = built.atoms.arrays[labels.REGION] == region.code
    return {
        "code": region.code,
        "name": region.name,
        "crystal": region.crystal,
        "formula": region.formula,
        "atoms": int(chosen.sum()),
        "composition": _composition(built.atoms.numbers[chosen]),
        "unstrained_cell_angstrom": region.cell,
        "strain_percent": np.round(100 * np.asarray(region.strain), 9),
    }


def _molecule(molecule: Molecule) -> dict[str, Any]:
    return {
        "name": molecule.name,
        "formula": molecule.formula,
        "charge_e": molecule.charge,
        "smiles": molecule.smiles,
    }


def _entry(entry: LedgerEntry) -> dict[str, Any]:
    return {
        "action": entry.action,
        "species": entry.species,
        "site": entry.site,
        "count": entry.count,
        "charge_e": entry.charge,
        "where": entry.where,
        "why": entry.why,
    }


def _match(match: Match) -> dict[str, Any]:
    return {
        "film": match.film,
        "substrate": match.substrate,
        "substrate_area_angstrom2": match.area,
        "film_area_angstrom2": match.film_area,
        "principal_strains_percent": [100 * strain for strain in match.strains],
        "log_strain": match.log_strain,
        "rotation_degrees": match.rotation,
        "deformation": match.deformation,
    }


def _report(report: Report) -> dict[str, Any]:
    return {
        "passed": report.passed,
        "findings": [
            {
                "check": finding.check,
                "level": finding.level,
                "message": finding.message,
                "value": finding.value,
                "limit": finding.limit,
                "unit": finding.unit,
                "atoms": finding.atoms,
            }
            for finding in report.findings
        ],
    }
