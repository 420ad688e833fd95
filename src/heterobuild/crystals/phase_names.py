"""Names of crystals: what users write, and the crystal file that is meant."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from heterobuild.crystals.phase_files import phase_files
from heterobuild.errors import UnknownNameError
from heterobuild.registry import suggest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from heterobuild.crystals.phase_files import PhaseFile

_GREEK = str.maketrans({"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta"})


def find_phase(name: str) -> tuple[PhaseFile, tuple[str, ...]]:
    """Find the crystal file that a name means.

    Parameters
    ----------
    name : str
        Name in the library, alias, formula alone (the phase stable at room temperature), or
        formula and phase as ``CsPbI3_alpha``, ``CsPbI3:alpha`` or ``alpha-CsPbI3``. Formulas
        may be short (``MAPbI3``) or full (``CH3NH3PbI3``). Upper and lower case count only
        where they make a difference.

    Returns
    -------
    PhaseFile
        The file.
    tuple of str
        What the user should know about the choice; empty where the name leaves no choice.

    Raises
    ------
    UnknownNameError
        If no crystal has that name.

    Examples
    --------
    >>> find_phase("α-CsPbI3")[0].name, find_phase("CsPbI3")[0].name
    ('CsPbI3_alpha', 'CsPbI3_delta')
    """
    phases, by_formula = _candidates(name)
    if not phases:
        raise UnknownNameError(
            f"unknown crystal {name!r}", where="the crystal library", next_step=_next_step(name)
        )
    return phases[0], tuple(_choice_notices(phases)) if by_formula else ()


def is_crystal_name(name: str) -> bool:
    """Tell whether the library has a crystal of that name.

    Parameters
    ----------
    name : str
        Any text.

    Returns
    -------
    bool
        Whether `find_phase` finds it.
    """
    return bool(_candidates(name)[0])


def _candidates(name: str) -> tuple[list[PhaseFile], bool]:
    """Return what a name can mean, likeliest first, and whether it is a bare formula."""
    wanted = name.strip().translate(_GREEK)
    for key, fold in ((wanted, False), (wanted.lower(), True)):
        named, formulas = _tables(fold=fold)
        if key in named:
            return [named[key]], False
        if key in formulas:
            return formulas[key], True
    return [], False


def _next_step(name: str) -> str:
    """Suggest near names, or where to find them."""
    known = {entry for phase in phase_files() for entry in (phase.name, phase.formula)}
    near = suggest(name, known)
    if near.startswith("did you mean"):
        return near
    return "list the names with list_crystals, or give the path of a CIF, POSCAR or extxyz file"


@cache
def _tables(*, fold: bool) -> tuple[Mapping[str, PhaseFile], Mapping[str, list[PhaseFile]]]:
    """Return the table of full names and that of bare formulas."""
    convert = str.lower if fold else str
    phases = phase_files()
    formulas: dict[str, list[PhaseFile]] = {}
    for phase in sorted(phases, key=_preference):
        for formula in dict.fromkeys((phase.formula, phase.full_formula)):
            formulas.setdefault(convert(formula), []).append(phase)
    named: dict[str, PhaseFile] = {}
    for names in (_given_names, _derived_names):
        for phase in phases:
            for entry in names(phase):
                if convert(entry) not in formulas:
                    named.setdefault(convert(entry), phase)
    return named, formulas


def _preference(phase: PhaseFile) -> tuple[bool, bool, str]:
    """Order the phases of one formula: stable at room temperature, perovskite, name."""
    return (not phase.room_temperature, phase.pseudocubic is None, phase.name)


def _given_names(phase: PhaseFile) -> Iterator[str]:
    """Yield the names that the file gives itself."""
    yield phase.name
    yield from phase.aliases


def _derived_names(phase: PhaseFile) -> Iterator[str]:
    """Yield all combinations of formula and phase."""
    words = [phase.phase, phase.phase.replace(" ", "-")]
    for given in _given_names(phase):
        for formula in (phase.formula, phase.full_formula):
            if given.startswith((f"{formula}_", f"{formula}:")):
                words.append(given[len(formula) + 1 :])
            elif given.endswith(f"-{formula}"):
                words.append(given[: -len(formula) - 1])
    for formula in dict.fromkeys((phase.formula, phase.full_formula)):
        for word in dict.fromkeys(words):
            yield f"{formula}_{word}"
            yield f"{formula}:{word}"
            yield f"{word}-{formula}"


def _choice_notices(phases: list[PhaseFile]) -> Iterator[str]:
    """Say what else a bare formula could have meant."""
    chosen, others = phases[0], phases[1:]
    stable = [phase.name for phase in others if phase.room_temperature]
    if not chosen.room_temperature:
        yield (
            f"no phase of {chosen.formula} in the library is stable at room temperature; "
            f"{chosen.name} is used"
        )
    elif stable:
        yield (
            f"{chosen.formula} has several phases at room temperature; {chosen.name} is used, "
            f"ask for {', '.join(stable)} by name"
        )
    black = [phase.name for phase in others if phase.pseudocubic is not None]
    if chosen.pseudocubic is None and black:
        yield (
            f"{chosen.formula} means {chosen.name}, stable at room temperature and not a "
            f"perovskite; ask for the perovskite {' or '.join(black)} by name"
        )
