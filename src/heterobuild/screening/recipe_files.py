"""Recipes that build the best rows of a screen."""

from __future__ import annotations

import json
import math
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from heterobuild.crystals.structure_files import SUFFIXES
from heterobuild.errors import UsageError
from heterobuild.exporters.output_folder import staged
from heterobuild.screening.rows import COLUMNS
from heterobuild.screening.summary_table import smallest_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heterobuild.screening.rows import Row

FOLDER = "recipes"
"""Name of the folder of recipes inside the folder of results."""

THICKNESS = 15
"""Least thickness in Å of each slab: two to three layers of a three-dimensional perovskite."""


def write_recipes(
    rows: Sequence[Row],
    number: int,
    folder: str | Path,
    *,
    files: Mapping[str, str] | None = None,
    force: bool = False,
) -> tuple[Path, ...]:
    """Write recipes of the first rows on the screen whose atoms are known.

    These are one a pair of crystals, that with the smallest cell, and a recipe has the number
    that the row has on the screen. The limits of a recipe are those of the row, so that its match
    is the only smallest one.

    Parameters
    ----------
    rows : sequence of tuple of str
        Rows of a screen, best first.
    number : int
        How many recipes; fewer where there are not that many rows.
    folder : str or Path
        Folder of the recipes; the user's structure files are copied into it.
    files : mapping of str to str, optional
        Paths of the user's files by the names of the materials.
    force : bool, optional
        Whether files that exist may be replaced.

    Returns
    -------
    tuple of Path
        The recipes.

    Raises
    ------
    UsageError
        If the number is not positive.
    OutputError
        If the folder cannot be written.
    """
    if number < 1:
        raise UsageError(
            "the number of recipes is 1 or more", measured=number, next_step="give 1 or more"
        )
    records = [dict(zip(COLUMNS, row, strict=True)) for row in smallest_rows(rows)]
    places = [i for i, record in enumerate(records, 1) if record["atoms_known"] == "both"][:number]
    chosen = [records[place - 1] for place in places]
    known = files or {}
    copies = {
        _copy(record[side]): known[record[side]]
        for record in chosen
        for side in ("film", "substrate")
        if record[side] in known
    }
    texts = {}
    for place, record in zip(places, chosen, strict=True):
        name = _name(place, record)
        texts[f"{name}.yaml"] = recipe_of(record, name=name, own=frozenset(known))
    if not texts:
        return ()
    with staged(folder, (*texts, *copies), force=force) as staging:
        for file, text in texts.items():
            (staging / file).write_text(text, encoding="utf-8")
        for file, source in copies.items():
            shutil.copyfile(source, staging / file)
    return tuple(Path(folder) / file for file in texts)


def recipe_of(record: Mapping[str, str], *, name: str, own: frozenset[str] = frozenset()) -> str:
    """Return the recipe that builds one row.

    Parameters
    ----------
    record : mapping of str to str
        The row by column.
    name : str
        Name of the structure.
    own : frozenset of str, optional
        Materials that are the user's files; the recipe names copies that lie beside it.

    Returns
    -------
    str
        YAML.
    """
    strain = math.ceil((float(record["log_strain"]) + 1e-6) * 1e6) / 1e6
    area = max(float(record["film_area_A2"]), float(record["area_A2"])) + 0.002
    parts = [
        f"  {side}: {{crystal: {json.dumps(_crystal(record[side], own), ensure_ascii=False)}, "
        f"miller: [{record[f'{side}_face'].replace(' ', ', ')}], thickness: {THICKNESS}}}"
        for side in ("film", "substrate")
    ]
    sides = [f"{record[side]} ({record[f'{side}_face']})" for side in ("film", "substrate")]
    lines = [
        f"# {sides[0]} on {sides[1]}",
        f"# strain {100 * float(record['log_strain']):.2f} %, {float(record['area_A2']):.1f} Å²",
        "schema_version: 1",
        f"name: {name}",
        "seed: 0",
        "parts:",
        *parts,
        "build:",
        "  kind: vertical",
        f"  limits: {{max_strain: {strain:.6f}, max_area: {area:.3f}}}",
        "export: [cif, poscar, lammps, extxyz]",
    ]
    return "\n".join(lines) + "\n"


def _crystal(material: str, own: frozenset[str]) -> str:
    return _copy(material) if material in own else material


def _copy(material: str) -> str:
    """Return the name of a copy of a user's file: folder and file joined, POSCAR with ending."""
    name = material.replace("/", "-").lstrip("-.")
    return name if Path(name).suffix.lower() in SUFFIXES else f"{name}.vasp"


def _name(place: int, record: Mapping[str, str]) -> str:
    stems = [re.sub(r"[^A-Za-z0-9+_-]+", "-", record[side]) for side in ("film", "substrate")]
    return f"{place:03d}-{'-on-'.join(stems)}"[:90].rstrip("-")
