"""Measured distances of facing halide planes in the layered phases of the library."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from heterobuild.chemistry.formulas import expand_formula
from heterobuild.chemistry.ions import site_role
from heterobuild.chemistry.molecules import list_molecules, molecule_role
from heterobuild.crystals.phase_files import phase_files
from heterobuild.estimates.measured_lengths import in_plane_length
from heterobuild.labels import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from heterobuild.crystals.phase_files import PhaseFile

FAMILIES = ("ruddlesden_popper", "dion_jacobson")


@dataclass(frozen=True, kw_only=True)
class LayeredPhase:
    """What the library says about one layered phase.

    Parameters
    ----------
    name, formula, family : str
        As in its file.
    spacer, b, x : str
        Ions; x is the terminal halide.
    layers : int
        Layers of octahedra in one sheet.
    spacing : float
        Distance of successive sheets in Å.
    length : float
        In-plane pseudo-cubic length in Å at 298 K.
    """

    name: str
    formula: str
    family: str
    spacer: str
    b: str
    x: str
    layers: int
    spacing: float
    length: float


@dataclass(frozen=True, kw_only=True)
class MeasuredGap:
    """A distance of facing planes of terminal halides that follows from measured spacings.

    Parameters
    ----------
    distance : float
        In Å; the mean over `phases`.
    phases : tuple of str
        Phases it comes from.
    """

    distance: float
    phases: tuple[str, ...]


@cache
def spaced_phases() -> tuple[LayeredPhase, ...]:
    """Return the layered phases with molecular spacers whose cell deserves trust.

    Returns
    -------
    tuple of LayeredPhase
        Sorted by name. Phases of low confidence are left out, and low-temperature forms where
        the compound has one of room temperature.
    """
    files = [p for p in phase_files() if p.family in FAMILIES and p.source.cell != "low"]
    warm = {p.formula for p in files if p.room_temperature}
    kept = [p for p in files if p.room_temperature or p.formula not in warm]
    found = [_read(phase) for phase in sorted(kept, key=lambda phase: phase.name)]
    return tuple(phase for phase in found if phase is not None)


def phases_with(spacer: str, x: str, *, without: Collection[str] = ()) -> tuple[LayeredPhase, ...]:
    """Return the measured phases with a spacer, or its mirror image, and a halide.

    Parameters
    ----------
    spacer, x : str
        Spacer and halide.
    without : collection of str, optional
        Names or formulas of phases; their compounds are left out.

    Returns
    -------
    tuple of LayeredPhase
        Sorted by name.
    """
    barred = _formulas(without)
    return tuple(
        phase
        for phase in spaced_phases()
        if _achiral(phase.spacer) == _achiral(spacer)
        and phase.x == x
        and phase.formula not in barred
    )


def measured_gap(
    spacer: str,
    b: str,
    x: str,
    layers: int,
    *,
    thickness: Callable[[str, str, int], float],
    without: Collection[str] = (),
) -> MeasuredGap | None:
    """Look for sheets with this spacer and this halide in the library.

    The spacing of a phase less the thickness of its sheet is the distance of facing halide
    planes. Phases with the same B cation are
    preferred, then those whose number of layers is nearest; equals are averaged. Either
    enantiomer of a spacer serves for the other.

    Parameters
    ----------
    spacer, b, x : str
        Spacer, B cation and terminal halide.
    layers : int
        Layers of octahedra in the wanted sheet.
    thickness : callable
        Thickness in Å of a sheet between its planes of terminal halides from B cation, halide
        and layers.
    without : collection of str, optional
        Names or formulas of phases; their compounds are left out.

    Returns
    -------
    MeasuredGap or None
        None where the library has no such phase.

    Examples
    --------
    >>> ions = "BA", "Pb", "I"
    >>> gap = measured_gap(*ions, 3, thickness=lambda b, x, n: 6.36 * n, without=["BA2MA2Pb3I10"])
    >>> gap.phases, round(gap.distance, 2)
    (('BA2MA3Pb4I13', 'BA2MAPb2I7'), 6.85)
    """
    same = phases_with(spacer, x, without=without)
    if not same:
        return None

    def rank(phase: LayeredPhase) -> tuple[bool, int]:
        return phase.b != b, abs(phase.layers - layers)

    best = min(rank(phase) for phase in same)
    chosen = [phase for phase in same if rank(phase) == best]
    gaps = [phase.spacing - thickness(phase.b, phase.x, phase.layers) for phase in chosen]
    return MeasuredGap(distance=sum(gaps) / len(gaps), phases=tuple(phase.name for phase in chosen))


def gap_error(thickness: Callable[[str, str, int], float]) -> float:
    """Return how well measured gaps serve for other phases with the same spacer and halide.

    Parameters
    ----------
    thickness : callable
        As in `measured_gap`.

    Returns
    -------
    float
        Mean absolute error in Å over the compounds of the library, each left out in turn.
    """
    errors = []
    for phase in spaced_phases():
        ions = phase.spacer, phase.b, phase.x
        other = measured_gap(*ions, phase.layers, thickness=thickness, without=(phase.formula,))
        if other is not None:
            known = phase.spacing - thickness(phase.b, phase.x, phase.layers)
            errors.append(abs(other.distance - known))
    return sum(errors) / len(errors)


def _formulas(names: Collection[str]) -> set[str]:
    """Return the formulas of the compounds that names or formulas mean."""
    known = {phase.name: phase.formula for phase in phase_files()}
    return {known.get(name, name) for name in names}


def _achiral(spacer: str) -> str:
    """Return a name that mirror images share."""
    return spacer.removeprefix("R-").removeprefix("S-")


def _read(phase: PhaseFile) -> LayeredPhase | None:
    """Read one file; None without a spacing or a molecular spacer."""
    counts = expand_formula(phase.formula)
    spacers = [name for name in counts if _is_spacer(name)]
    metals = [name for name in counts if not _is_spacer(name) and site_role(name) is Site.B]
    halides = [name for name in counts if not _is_spacer(name) and site_role(name) is Site.X]
    if "layer_spacing" not in phase.layers or not (
        len(spacers) == len(metals) == len(halides) == 1
    ):
        return None
    return LayeredPhase(
        name=phase.name,
        formula=phase.formula,
        family=phase.family,
        spacer=spacers[0],
        b=metals[0],
        x=halides[0],
        layers=counts[metals[0]],
        spacing=float(phase.layers["layer_spacing"]),
        length=in_plane_length(phase),
    )


def _is_spacer(name: str) -> bool:
    """Tell spacer molecules from all other units."""
    return name in list_molecules() and molecule_role(name) is Site.SPACER
