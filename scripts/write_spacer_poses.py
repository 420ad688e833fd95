"""Find the poses of the library's spacers anew: python scripts/write_spacer_poses.py [NAME...].

Each spacer is packed between two sheets of lead halide with the usual lengths: bilayers of
spacers with one head between faces that are shifted by half a square along both axes, as in
Ruddlesden-Popper phases, single layers of those with two heads between faces without shift. The
best of many refined arrangements goes to ``structures/spacer_poses.toml``. With names, only these
molecules are done again; the others stay. It takes a minute for each molecule.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

from heterobuild.chemistry.molecules import list_molecules, load_molecule, molecule_role
from heterobuild.errors import UsageError
from heterobuild.labels import Site
from heterobuild.layered.sheets import make_sheet
from heterobuild.spacers.arranging import arrange
from heterobuild.spacers.bodies import as_spacer
from heterobuild.spacers.galleries import Face, make_gallery
from heterobuild.spacers.layer_thickness import organic_thickness
from heterobuild.spacers.pose_search import Wishes

FILE = Path(__file__).resolve().parents[1] / "structures" / "spacer_poses.toml"

SHEETS = {"I": (6.26, 3.18), "Br": (5.90, 2.98), "Cl": (5.60, 2.86)}
"""In-plane pseudo-cubic length and Pb-X bond in Å of the reference sheets."""

TRIED = 16
HEADER = """\
# Poses of spacers between two sheets of lead halide, written by scripts/write_spacer_poses.py.
# Each is the start for other sheets with the same halide, where it is judged and refined again.
# offset: place of the pockets above in units of the pseudo-cubic axes. thickness: distance of the
# terminal halide planes in Å. clearance: shortest contact over the allowed one. pose: tilt,
# azimuth, roll in degrees; displacement of the head along both axes and its depth in Å.
# beside, across: quarter turns, mirrored pose, roll by 180° more, for the neighbour on the same
# face and for the other face.

citation = "model: search of heterobuild.spacers.arranging between ideal sheets of lead halide"
confidence = "medium"
"""


def main() -> None:
    """Write the file, anew after each molecule."""
    roles = Site.SPACER, Site.LIGAND
    wanted = set(sys.argv[1:]) or {n for n in list_molecules() if molecule_role(n) in roles}
    old = tomllib.loads(FILE.read_text(encoding="utf-8"))["poses"] if sys.argv[1:] else []
    entries = [entry for entry in old if entry["spacer"] not in wanted]
    for name in sorted(wanted):
        found = [found_pose(name, halide) for halide in SHEETS]
        entries += [entry for entry in found if entry is not None]
        entries.sort(key=lambda entry: (entry["spacer"], entry["halide"]))
        FILE.write_text(HEADER + "".join(map(text_of, entries)), encoding="utf-8")


def found_pose(name: str, halide: str) -> dict[str, Any] | None:
    """Return the best pose of one spacer, or None where it does not fit."""
    molecule = load_molecule(name)
    try:
        spacer = as_spacer(molecule)
        offset = (0.0, 0.0) if spacer.two_headed else (0.5, 0.5)
        cell, below, above = faces(halide, offset)
        gallery = make_gallery(spacer, cell, below, above)
        wanted = organic_thickness(molecule, SHEETS[halide][0] ** 2).value
        found, thickness = arrange(gallery, wanted, Wishes(), grow=True, tried=TRIED)
    except UsageError as error:
        print(name, halide, error, flush=True)
        return None
    print(name, halide, round(thickness, 2), round(found.clearance, 3), flush=True)
    return {
        "spacer": name,
        "halide": halide,
        "offset": list(offset),
        "thickness": round(thickness, 2),
        "clearance": round(found.clearance, 3),
        "pose": [round(value, 3) for value in found.pose.tolist()],
        "beside": [found.beside.quarter, found.beside.mirrored, found.beside.half_roll],
        "across": [found.across.quarter, found.across.mirrored, found.across.half_roll],
    }


def faces(halide: str, offset: tuple[float, float]) -> tuple[Any, Face, Face]:
    """Return the cell and two facing sheets of lead halide."""
    length, bond = SHEETS[halide]
    sheet = make_sheet("Pb", halide, 1, length=length, bond=bond)
    shift = [*(offset @ sheet.square).tolist(), 0.0]
    below = Face(positions=sheet.positions, numbers=sheet.numbers, pockets=sheet.pockets_top)
    above = Face(
        positions=sheet.positions + shift,
        numbers=sheet.numbers,
        pockets=sheet.pockets_bottom + shift,
    )
    return sheet.cell, below, above


def text_of(entry: dict[str, Any]) -> str:
    """Return an entry as TOML."""
    lines = "".join(f"{key} = {literal(value)}\n" for key, value in entry.items())
    return f"\n[[poses]]\n{lines}"


def literal(value: Any) -> str:
    """Return a value as TOML."""
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else repr(value)


if __name__ == "__main__":
    main()
