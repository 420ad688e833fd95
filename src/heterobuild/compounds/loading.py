"""Load a crystal by name, path or formula: the library, a file, an alloy or a prototype."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from heterobuild.crystals import load_phase
from heterobuild.crystals.cations import check_rule
from heterobuild.crystals.library import is_path
from heterobuild.crystals.phase_files import phase_files
from heterobuild.crystals.phase_names import is_crystal_name
from heterobuild.errors import HeterobuildError, UnknownNameError

if TYPE_CHECKING:
    import os

    from heterobuild.model import Compound, Crystal

_GREEK = str.maketrans({"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta"})
_BEHIND = re.compile(r"(.+?)[_:](2H|[A-Za-z][A-Za-z0-9/ =+-]*)")
_BEFORE = re.compile(r"(alpha|beta|gamma|delta|cubic|tetragonal|orthorhombic)-(.+)")


def load_crystal(
    name_or_path: str | os.PathLike[str], *, cations: str = "aligned", seed: int = 0
) -> Crystal:
    """Load a crystal: measured where it is known, from a model where not.

    Parameters
    ----------
    name_or_path : str or path-like
        One of

        - a name of the library as in `heterobuild.crystals.phase_names.find_phase`: ``CsPbBr3``
          is the phase stable at room temperature, ``CsPbBr3_cubic``, ``CsPbBr3:cubic`` and
          ``alpha-CsPbI3`` name others;
        - a formula that the library does not have. Of a mixed compound, such as
          ``FA0.85Cs0.15Pb(Br0.4I0.6)3``, the cell lies between those of its end members; of a
          pure one, such as ``PEA2MAPb2I7``, it is estimated from radii. A phase may follow, as
          in ``CsPb(Br0.5I0.5)3:cubic``; sheets of unequal thickness are written as
          ``PEA2FAn-1SnnI3n+1, n = 1+2``. `Crystal.origin`, `Crystal.length_error` and the notices
          say what was done;
        - text with a path separator or a known ending, or that names an existing file: the path
          of a CIF, POSCAR or extxyz file.
    cations : {"aligned", "dipole-cancelled", "random"}, optional
        Rule that orients methylammonium and formamidinium, of which diffraction gives the centre
        only, see `heterobuild.crystals.cations.orient_cations`. Explicit molecules stay.
    seed : int, optional
        Seed of the random rule.

    Returns
    -------
    Crystal
        The crystal; its arrays belong to the caller.

    Raises
    ------
    UnknownNameError
        If no crystal or rule has that name.
    UsageError
        If a formula is no possible compound.
    StructureFileError
        If the file cannot be used.

    Examples
    --------
    >>> crystal = load_crystal("CsPbBr3_cubic")
    >>> crystal.space_group, len(crystal.require_atoms())
    ('Pm-3m', 5)
    >>> mixed = load_crystal("CsPb(Br0.4I0.6)3:cubic")
    >>> mixed.origin, round(float(mixed.cell[0, 0]), 3)
    ('mixed', 6.123)
    """
    from heterobuild.chemistry.molecules import molecule_notices

    check_rule(cations)
    text = str(name_or_path)
    if not isinstance(name_or_path, str) or (is_path(text) and not _is_formula(text)):
        return load_phase(name_or_path)
    crystal = _loaded(text, cations, seed)
    told = (note for molecule in crystal.molecules for note in molecule_notices(molecule))
    return replace(crystal, notices=tuple(dict.fromkeys((*crystal.notices, *told))))


def _loaded(text: str, cations: str, seed: int) -> Crystal:
    """Load what a name or formula means."""
    from heterobuild.chemistry.compounds import parse_compound
    from heterobuild.compounds.stacks import is_stack, stacked_sheets
    from heterobuild.crystals.turned_cations import turn_cations

    if is_crystal_name(text):
        return _measured(text, cations, seed)
    if is_stack(text):
        return turn_cations(stacked_sheets(text), cations, seed=seed)
    formula, phase = split_phase(text)
    try:
        compound = parse_compound(formula)
        known = library_name(compound, phase)
        made = None if known is not None else _made(compound, phase)
    except HeterobuildError as error:
        raise _clearer(text, error) from None
    if made is None:
        return _measured(str(known), cations, seed)
    return turn_cations(made, cations, seed=seed)


def split_phase(text: str) -> tuple[str, str | None]:
    """Split a name into formula and phase.

    Parameters
    ----------
    text : str
        Such as ``CsGeBr3:cubic`` or ``gamma-CsPb(Br0.5I0.5)3``.

    Returns
    -------
    str
        The formula.
    str or None
        The phase, None where the text names none.

    Examples
    --------
    >>> split_phase("CsGeBr3_cubic"), split_phase("CsPb(Br_0.4I_0.6)3")
    (('CsGeBr3', 'cubic'), ('CsPb(Br_0.4I_0.6)3', None))
    """
    plain = text.strip().translate(_GREEK)
    if match := _BEFORE.fullmatch(plain):
        return match[2], match[1]
    if (match := _BEHIND.fullmatch(plain)) and match[1].count("(") == match[1].count(")"):
        return match[1], match[2]
    return plain, None


def library_name(compound: Compound, phase: str | None) -> str | None:
    """Return under which name the library holds a compound, however its formula was written.

    Parameters
    ----------
    compound : Compound
        The compound.
    phase : str or None
        The phase asked for.

    Returns
    -------
    str or None
        Name for `heterobuild.crystals.load_phase`; None where the library lacks it.

    Examples
    --------
    >>> from heterobuild.chemistry.compounds import parse_compound
    >>> library_name(parse_compound("I3PbCs"), "gamma")
    'CsPbI3:gamma'
    """
    if compound.mixed:
        return None
    for formula in (compound.formula, *_same_formulas(compound)):
        name = formula if phase is None else f"{formula}:{phase}"
        if is_crystal_name(name):
            return name
    return None


def _same_formulas(compound: Compound) -> tuple[str, ...]:
    """Return the formulas of the library that mean the same compound."""
    amounts: dict[str, Fraction] = {}
    for entry in compound.sublattices:
        for ion, amount in entry.amounts:
            amounts[ion] = amounts.get(ion, Fraction(0)) + amount
    return _library_formulas().get(frozenset(amounts.items()), ())


@cache
def _library_formulas() -> dict[frozenset[tuple[str, Fraction]], tuple[str, ...]]:
    """Return the formulas of the library by their ions and amounts."""
    from heterobuild.chemistry.formulas import expand_formula

    table: dict[frozenset[tuple[str, Fraction]], tuple[str, ...]] = {}
    for formula in dict.fromkeys(phase.formula for phase in phase_files()):
        key = frozenset((ion, Fraction(n)) for ion, n in expand_formula(formula).items())
        table[key] = (*table.get(key, ()), formula)
    return table


def _clearer(text: str, error: HeterobuildError) -> HeterobuildError:
    """Return the library's answer where the text is nearly one of its names, else the error."""
    try:
        load_phase(text)
    except UnknownNameError as unknown:
        if not re.search("[A-Z]", text):
            return unknown
        near = (unknown.next_step or "").startswith("did you mean")
        names_phase = split_phase(text)[1] is not None
        ion = str(error).startswith("unknown ion ")
        if near and (names_phase or (isinstance(error, UnknownNameError) and not ion)):
            return unknown
    return error


def _measured(name: str, cations: str, seed: int) -> Crystal:
    """Return a phase of the library; where only its cell is known, with atoms by model."""
    crystal = load_phase(name, cations=cations, seed=seed)
    if crystal.atoms is not None:
        return crystal
    from heterobuild.crystals.turned_cations import turn_cations

    return turn_cations(_completed(crystal.name, crystal.notices), cations, seed=seed)


@lru_cache(maxsize=64)
def _completed(name: str, notices: tuple[str, ...]) -> Crystal:
    """Return a phase of which only the cell is known, with atoms by model; never given away."""
    from heterobuild.chemistry.compounds import parse_compound
    from heterobuild.compounds.completing import complete

    crystal = replace(load_phase(name), notices=notices)
    try:
        return complete(crystal, parse_compound(crystal.formula))
    except HeterobuildError as error:
        reason = f"{name}: no atoms by model fit into the measured lattice ({error})"
        return replace(crystal, notices=(*crystal.notices, reason))


def _is_formula(text: str) -> bool:
    """Tell a formula with thirds, such as CsPb(Br1/3I2/3)3, from a path."""
    from heterobuild.chemistry.compounds import parse_compound

    if "/" not in text or Path(text).exists():
        return False
    try:
        parse_compound(split_phase(text)[0])
    except HeterobuildError:
        return False
    return True


def _mirrored(compound: Compound, phase: str | None) -> Crystal | None:
    """Return the mirror image of a measured phase with molecules of the other hand."""
    from heterobuild.compounds.enantiomers import (
        is_own_mirror_image,
        mirror_compound,
        mirror_image,
    )

    other = mirror_compound(compound)
    known = None if other is None or other.mixed else library_name(other, phase)
    measured = None if known is None else load_phase(known)
    if measured is None or measured.atoms is None:
        return None
    if not is_own_mirror_image(measured.space_group_number):
        return None
    return mirror_image(measured, name=compound.formula, formula=compound.formula)


def _made(compound: Compound, phase: str | None) -> Crystal:
    """Mix, mirror or build a crystal that the library does not hold."""
    if mirrored := _mirrored(compound, phase):
        return mirrored
    if compound.mixed:
        from heterobuild.alloys.mixing import mixed_crystal

        return mixed_crystal(compound, phase=phase)
    from heterobuild.prototypes.builders import build_prototype

    return build_prototype(compound, phase)
