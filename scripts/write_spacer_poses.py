"""Find the poses of the library's spacers anew: python scripts/write_spacer_poses.py [NAME...].

Each spacer is packed between two sheets of lead halide with the usual lengths: bilayers of
spacers with one head between faces that are shifted by half a square along both axes, as in
Ruddlesden-Popper phases, single layers of those with two heads between faces without shift. The
pose of the file is refined; where that leaves short contacts, the best of many arrangements is
searched. Then layered phases of Pb and Sn with one to four layers are built, and what had to be
refined for them is kept as well. With names, only these molecules are done; the others stay. A
search takes a minute for each molecule.
"""

from __future__ import annotations

import sys
import tomllib
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from heterobuild.chemistry.molecules import list_molecules, load_molecule, molecule_role
from heterobuild.errors import UsageError
from heterobuild.labels import Site
from heterobuild.layered.building import layered_crystal
from heterobuild.layered.options import LayeredIons
from heterobuild.layered.sheets import make_sheet
from heterobuild.spacers import library_poses, packing
from heterobuild.spacers.arranging import arrange
from heterobuild.spacers.bodies import as_spacer
from heterobuild.spacers.galleries import Face, Gallery, make_gallery
from heterobuild.spacers.layer_thickness import organic_thickness
from heterobuild.spacers.pose_search import (
    Arrangement,
    Wishes,
    bound_poses,
    judge_poses,
    refine,
    roles_of,
)
from heterobuild.spacers.poses import DEPTH

FILE = Path(__file__).resolve().parents[1] / "structures" / "spacer_poses.toml"

SHEETS = {"I": (6.26, 3.18), "Br": (5.90, 2.98), "Cl": (5.60, 2.86)}
"""In-plane pseudo-cubic length and Pb-X bond in Å of the reference sheets."""

PHASES = tuple(product(("Pb", "Sn"), SHEETS, (1, 2, 3, 4)))
"""B cation, halide and layers of the phases for which poses have to fit as they are."""

TRIED = 16
HEADER = """\
# Poses of spacers between two sheets of metal halide, written by scripts/write_spacer_poses.py.
# Each is the start for other sheets with the same halide, where it is judged and refined again.
# offset: place of the pockets above in units of the pseudo-cubic axes. length: in-plane
# pseudo-cubic length in Å. wanted, thickness: distance of the terminal halide planes in Å as it was
# predicted, and at which there is room. clearance: shortest contact over the allowed one. pose:
# tilt, azimuth, roll in degrees; displacement of the head along both axes and its depth in Å.
# beside, across: quarter turns, mirrored pose, roll by 180° more, for the neighbour on the same
# face and for the other face.

citation = "model: search of heterobuild.spacers.arranging between ideal sheets of metal halide"
confidence = "medium"
"""


def main() -> None:
    """Write the file, anew after each molecule."""
    roles = Site.SPACER, Site.LIGAND
    wanted = sys.argv[1:] or sorted(n for n in list_molecules() if molecule_role(n) in roles)
    for name in wanted:
        found = [found_pose(name, halide) for halide in SHEETS]
        first = [entry for entry in found if entry is not None]
        write(name, first)
        write(name, [*first, *fitted_poses(name, {entry["halide"] for entry in first})])


def write(name: str, entries: list[dict[str, Any]]) -> None:
    """Replace the entries of one molecule."""
    old = tomllib.loads(FILE.read_text(encoding="utf-8"))["poses"]
    kept = [entry for entry in old if entry["spacer"] != name] + entries
    kept.sort(key=lambda entry: (entry["spacer"], entry["halide"]))
    FILE.write_text(HEADER + "".join(map(text_of, kept)), encoding="utf-8")
    for table in (library_poses.read_toml, library_poses._entries):  # noqa: SLF001
        if hasattr(table, "cache_clear"):
            table.cache_clear()


def found_pose(name: str, halide: str) -> dict[str, Any] | None:
    """Return the best pose of one spacer, or None where it does not fit."""
    molecule = load_molecule(name)
    try:
        spacer = as_spacer(molecule)
        offset = (0.0, 0.0) if spacer.two_headed else (0.5, 0.5)
        gallery = make_gallery(spacer, *faces(halide, offset))
        wanted = organic_thickness(molecule, SHEETS[halide][0] ** 2).value
        found, thickness = refined_pose(gallery, wanted) or arrange(
            gallery, wanted, Wishes(), grow=True, tried=TRIED
        )
    except UsageError as error:
        print(name, halide, error, flush=True)
        return None
    return entry_of(gallery, found, wanted, thickness)


def refined_pose(gallery: Gallery, wanted: float) -> tuple[Arrangement, float] | None:
    """Return the first pose of the file refined in its gallery, None where it does not fit."""
    known = library_poses.known_poses(gallery, wanted)
    if not known:
        return None
    start = known[0].arrangement
    roles = roles_of(gallery, start.beside, start.across)
    for thickness in np.arange(wanted, wanted + 0.3, 0.1).tolist():
        poses = bound_poses(gallery, start.pose[None], thickness)
        judged = judge_poses(gallery, poses, roles, thickness, start)[0]
        found = refine(gallery, judged, thickness, Wishes(), rounds=30, trials=64)
        if found.clearance >= 1:
            return found, thickness
    return None


def fitted_poses(name: str, halides: set[str]) -> list[dict[str, Any]]:
    """Return the poses that layered phases refine."""
    found: list[dict[str, Any]] = []
    usual = library_poses.library_arrangement

    def recording(
        gallery: Gallery, thickness: float, *, grow: bool
    ) -> tuple[Arrangement, float] | None:
        known = [
            entry.arrangement.pose[:DEPTH]
            for entry in library_poses.known_poses(gallery, thickness)
        ]
        made = usual(gallery, thickness, grow=grow)
        made = made or arrange(gallery, thickness, Wishes(), grow=grow)
        if gallery.spacer.molecule.name == name and not any(
            np.array_equal(made[0].pose[:DEPTH], pose) for pose in known
        ):
            found.append(entry_of(gallery, made[0], thickness, made[1]))
        return made

    packing.library_arrangement = recording
    double = as_spacer(load_molecule(name)).two_headed
    for b, x, n in (phase for phase in PHASES if phase[1] in halides):
        ions = LayeredIons(spacer=name, a="MA", b=b, x=x)
        try:
            layered_crystal(
                ions, (n,), prototype="dion_jacobson" if double else "ruddlesden_popper"
            )
        except UsageError as error:
            print(name, b, x, n, error, flush=True)
    packing.library_arrangement = usual
    return [entry for k, entry in enumerate(found) if entry not in found[:k]]


def entry_of(
    gallery: Gallery, found: Arrangement, wanted: float, thickness: float
) -> dict[str, Any]:
    """Describe an arrangement as in the file."""
    name, halide = gallery.spacer.molecule.name, library_poses.halide_of(gallery)
    length = float(np.sqrt(abs(np.linalg.det(gallery.square))))
    print(
        name, halide, round(length, 2), round(thickness, 2), round(found.clearance, 3), flush=True
    )
    return {
        "spacer": name,
        "halide": halide,
        "offset": list(library_poses.offset_of(gallery) or ()),
        "length": round(length, 2),
        "wanted": round(wanted, 2),
        "thickness": round(round(wanted, 2) + round(thickness - wanted, 2), 2),
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
