"""Tables of models beside measured crystals, and of tilts, in Markdown."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.compounds.rebuilding import rebuild
from heterobuild.crystals import load_phase
from heterobuild.crystals.phase_files import phase_files
from heterobuild.crystals.phase_names import find_phase
from heterobuild.prototypes.abx3 import tilted_perovskite
from heterobuild.prototypes.leave_one_out import mean_errors
from heterobuild.tilts.angles import tilt_angles
from heterobuild.tilts.glazer import TILT_SYSTEMS, parse_tilting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from heterobuild.compounds.rebuilding import Rebuilt, RebuiltLength
    from heterobuild.model import Crystal

FAR = 0.02
SPACINGS = (
    *("BA2PbI4", "BA2MAPb2I7", "BA2MA2Pb3I10", "BA2MA3Pb4I13"),
    *("PEA2PbI4", "PEA2PbBr4", "RMBA2PbI4"),
)
TILTED = ("CsPbBr3_orthorhombic", "CsPbI3_gamma", "CsSnI3_gamma")
SIZES = {"a": 9.0, "b": 7.0, "c": 5.0}
FAMILIES = {
    "abx3": "ABX₃ with shared corners",
    "delta": "ABX₃, delta",
    "2H": "ABX₃, hexagonal",
    "a4bx6": "A₄BX₆",
    "ab2x5": "AB₂X₅",
    "copper_halide": "CsCu₂X₃",
    "double_perovskite": "A₂BB′X₆",
    "vacancy_ordered": "A₂BX₆",
    "ruddlesden_popper": "Ruddlesden–Popper",
    "dion_jacobson": "Dion–Jacobson",
}
MEASURED_BY = {
    "refined-cif": "refined",
    "symmetry-fixed": "fixed by symmetry",
    "dft-cif": "DFT",
    "mlip-relaxed": "potential",
    "memory": "literature",
}


@cache
def all_rebuilt() -> tuple[Rebuilt, ...]:
    """Build every phase of the library again."""
    names = sorted((phase.family, phase.name) for phase in phase_files())
    return tuple(rebuild(name) for _, name in names)


def family_of(found: Rebuilt) -> str:
    """Return the key of the structure type."""
    phase = found.model.phase if found.model is not None else ""
    return phase if phase in ("delta", "2H") else found.family


def means() -> str:
    """Return mean and largest errors of each structure type."""
    rows = []
    for key, title in FAMILIES.items():
        members = [found for found in all_rebuilt() if found.model and family_of(found) == key]
        for quantity, pick in QUANTITIES.items():
            errors = [(row.error, found.name) for found in members for row in pick(found)]
            if errors:
                rows.append([title, quantity, *summary(errors)])
    return table(("type", "length", "phases", "mean error", "largest", "of"), rows, "llrrrl")


def summary(errors: Sequence[tuple[float, str]]) -> list[str]:
    """Return how many phases, the mean, the largest error and whose it is."""
    worst, name = max(errors, key=lambda entry: abs(entry[0]))
    mean = float(np.mean([abs(error) for error, _ in errors]))
    return [str(len({name for _, name in errors})), f"{100 * mean:.1f} %", percent(worst), name]


def of_quantity(*names: str) -> Callable[[Rebuilt], list[RebuiltLength]]:
    """Return a function that picks lengths of a phase by what they are."""
    return lambda found: [
        row for row in (*found.lengths, *found.edges, *found.bonds) if row.quantity in names
    ]


QUANTITIES = {
    "∛(V/Z)": of_quantity("length"),
    "a, b, c": of_quantity("a", "b", "c"),
    "in-plane length": of_quantity("in-plane length"),
    "layer spacing": of_quantity("layer spacing"),
    "mean bond": of_quantity("mean bond"),
}


def phases() -> str:
    """Return each phase that is not layered."""
    rows = []
    for found in all_rebuilt():
        if found.model is None or found.lengths[0].quantity != "length":
            continue
        edges = max((row.error for row in found.edges), key=abs, default=None)
        rows.append(
            [
                *opening(found),
                *beside(found.lengths[0], 3),
                "–" if edges is None else percent(edges),
                *shell(found),
            ]
        )
    return table(
        (
            *("phase", "K", "space group", "∛(V/Z)", "model", "error", "worst edge"),
            *("mean B–X", "model", "error", "coordinates"),
        ),
        rows,
        "lrlrrrrrrrl",
    )


def layered() -> str:
    """Return each layered phase."""
    rows = [
        [
            *opening(found),
            *(text for row in found.lengths for text in beside(row, 2)),
            *shell(found)[:3],
        ]
        for found in all_rebuilt()
        if found.model is not None and found.lengths[0].quantity != "length"
    ]
    return table(
        (
            *("phase", "K", "space group", "in plane", "model", "error", "spacing", "model"),
            *("error", "mean B–X", "model", "error"),
        ),
        rows,
        "lrlrrrrrrrrr",
    )


def opening(found: Rebuilt) -> list[str]:
    """Return name, temperature and space groups."""
    measured = find_phase(found.name)[0].temperature
    groups = [found.space_group, found.model.space_group if found.model else ""]
    joined = groups[0] if groups[0] == groups[1] else f"{groups[0] or 'unknown'} → {groups[1]}"
    return [found.name, "–" if measured is None else f"{measured:.0f}", joined]


def shell(found: Rebuilt) -> list[str]:
    """Return the mean bond, and how the coordinates were found."""
    for row in found.bonds:
        if row.quantity == "mean bond":
            return [*beside(row, 3), MEASURED_BY[find_phase(found.name)[0].coordinates]]
    return ["–", "–", "–", "–"]


def spacings() -> str:
    """Return the layer spacings that are asked for within 5 %."""
    rows = []
    for name in SPACINGS:
        found = next(found for found in all_rebuilt() if found.name == name)
        spacing = next(row for row in found.lengths if row.quantity == "layer spacing")
        rule = found.model.source.citation.rpartition("; gap ")[2] if found.model else ""
        rows.append([name, *beside(spacing, 2), rule.partition(", fitted")[0]])
    return table(("phase", "measured, Å", "model, Å", "error", "gap of the sheets"), rows, "lrrrl")


def lengths() -> str:
    """Return the errors of the rules alone."""
    rows = [
        [quantity, str(count), f"{100 * mean:.1f} %", f"{100 * largest:.1f} %"]
        for quantity, (mean, largest, count) in mean_errors().items()
    ]
    return table(("length", "compounds", "mean error", "largest"), rows, "lrrr")


def glazer() -> str:
    """Return the tilt systems with the space group that spglib finds."""
    rows = []
    for system in TILT_SYSTEMS:
        tilting = parse_tilting(system.symbol)
        pairs = zip(tilting.letters, tilting.signs, strict=True)
        angles = tuple(0.0 if sign == "0" else SIZES[letter] for letter, sign in pairs)
        crystal = tilted_perovskite("Cs", "Pb", "Br", system=system.symbol, angles=angles)
        bonds = tilt_angles(crystal).octahedra.lengths
        spread = float(np.abs(bonds / bonds.mean() - 1).max())
        expected = f"{system.space_group} ({system.space_group_number})"
        rows.append(
            [
                str(system.number),
                f"`{system.symbol}`",
                expected,
                symmetry_found(crystal),
                f"{100 * spread:.2f} %",
            ]
        )
    return table(("no.", "system", "published", "spglib", "spread of B–X"), rows, "rlllr")


def symmetry_found(crystal: Crystal) -> str:
    """Return the space group that spglib finds from the atoms."""
    import spglib

    atoms = crystal.require_atoms()
    cell = crystal.cell, atoms.positions @ np.linalg.inv(crystal.cell), atoms.numbers
    found = spglib.get_symmetry_dataset(cell, symprec=1e-4)
    return f"{found.international} ({found.number})"


def tilts() -> str:
    """Return tilts from coordinates, from displacements of X, and by the model."""
    rows = []
    for name in TILTED:
        measured = tilt_angles(load_phase(name))
        model = rebuild(name).model
        if model is None:
            raise RuntimeError(f"{name} has no model")
        estimated = tilt_angles(model)
        in_phase, antiphase = by_displacements(name)
        rows.append(
            [
                name,
                f"`{measured.symbol}`",
                f"{measured.angles[0]:.2f}, {measured.angles[2]:.2f}",
                f"{antiphase:.2f}, {in_phase:.2f}",
                f"{estimated.angles[0]:.2f}, {estimated.angles[2]:.2f}",
            ]
        )
    heads = ("phase", "system", "octahedra, °", "displacements of X, °", "model without it, °")
    return table(heads, rows, "llrrr")


def by_displacements(name: str) -> tuple[float, float]:
    """Return in-phase and antiphase tilt of a phase Pnma by Zhao et al. 1993, in degrees."""
    phase = find_phase(name)[0]
    edges = np.array(phase.lengths_angles[:3])
    x = {site.wyckoff: np.array(site.position) for site in phase.sites if site.role.name == "X"}
    apical = (x["4c"] - np.round(2 * x["4c"]) / 2)[[0, 2]] * edges[[0, 2]]
    plane = (x["8d"] - np.round(4 * x["8d"]) / 4)[[0, 2]] * edges[[0, 2]]
    both = np.degrees(np.arctan(4 * np.linalg.norm(apical) / edges[1]))
    in_phase = np.degrees(np.arctan(4 * np.linalg.norm(plane) / np.hypot(edges[0], edges[2])))
    return float(in_phase), float(both / np.sqrt(2))


def far() -> str:
    """Return what a model misses by more than `FAR`; equal errors of one phase once."""
    rows = {}
    for found in all_rebuilt():
        for row in (*found.lengths, *found.edges, *found.bonds):
            if abs(row.error) > FAR:
                rows.setdefault((found.name, percent(row.error)), (row.quantity, *beside(row, 3)))
    listed = [(name, *cells) for (name, _), cells in rows.items()]
    return table(("phase", "length", "measured, Å", "model, Å", "error"), listed, "llrrr")


def unbuilt() -> str:
    """Return the phases without a model, by reason."""
    reasons: dict[str, list[str]] = {}
    for found in all_rebuilt():
        if found.model is None:
            reasons.setdefault(found.reason, []).append(found.name)
    return table(("phases", "why"), [[", ".join(names), why] for why, names in reasons.items()])


def beside(row: RebuiltLength, digits: int) -> list[str]:
    """Return a measured length, the predicted one and the error."""
    return [f"{row.measured:.{digits}f}", f"{row.predicted:.{digits}f}", percent(row.error)]


def percent(error: float) -> str:
    """Return an error in percent with its sign."""
    text = f"{100 * error:+.1f} %".replace("-", "−")
    return "0.0 %" if text[1:] == "0.0 %" else text


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], sides: str = "") -> str:
    """Return a table in Markdown."""
    rules = [{"r": "--:"}.get(side, "---") for side in sides or "l" * len(heads)]
    lines = (" | ".join(row) for row in (heads, rules, *rows))
    return "".join(f"| {line} |\n" for line in lines)


TABLES = {
    "means": means,
    "phases": phases,
    "layered": layered,
    "spacings": spacings,
    "lengths": lengths,
    "glazer": glazer,
    "tilts": tilts,
    "far": far,
    "unbuilt": unbuilt,
}
