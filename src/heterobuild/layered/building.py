"""Layered perovskites by model: Ruddlesden–Popper A'2A(n−1)BnX(3n+1) and Dion–Jacobson.

Sheets of octahedra (`sheets`) are stacked along c with spacers between them (`packing` for
molecules, `ionic_spacers` for single ions). A Ruddlesden–Popper phase shifts every second sheet
by half a square along both pseudo-cubic axes, which needs two sheets in an orthogonal cell; a
Dion–Jacobson phase stacks them straight. Sheets and spacers follow one another by translations,
and no molecule is ever mirrored, so a chiral spacer makes a chiral crystal. The crystal with the
other enantiomer is its exact mirror image, see `mirror_images`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ase.data import atomic_numbers

from heterobuild.chemistry.ions import formal_charge
from heterobuild.chemistry.molecules import load_molecule
from heterobuild.chemistry.valences import possible_charges
from heterobuild.crystals.cations import check_rule
from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.layered.gaps import fill_gap
from heterobuild.layered.mirror_images import reflect, reflected_crystal, twin_of
from heterobuild.layered.options import LayeredIons, LayeredOptions
from heterobuild.layered.record import layered_record
from heterobuild.layered.sheet_limits import check_layers
from heterobuild.layered.sheets import make_sheet
from heterobuild.layered.sizes import estimate_sizes
from heterobuild.layered.stacking_sequence import stack_sheets
from heterobuild.registry import suggest

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from heterobuild.layered.options import Prototype
    from heterobuild.layered.sizes import LayeredSizes
    from heterobuild.layered.stacking_sequence import Stack
    from heterobuild.model import Compound, Crystal, Molecule

SUFFIXES = {"ruddlesden_popper": "rp", "dion_jacobson": "dj"}
OFFSETS = {"ruddlesden_popper": (0.5, 0.5), "dion_jacobson": (0.0, 0.0)}
CHARGES = {"ruddlesden_popper": 1, "dion_jacobson": 2}
"""By prototype: ending of names, usual shift of sheets, charge of a spacer in e."""

SINGLE_SHEET_ROTATION = 13.0
"""Degrees; turn of the octahedra about the normal in single sheets under ammonium: bridging
angles are 152.8 to 153.7° in PEA2PbI4 and 151.5 and 157.3° in (R-MBA)2PbI4, 180° less two turns."""

WIDEST_GAP = 100.0
"""Å; two upright chains of eighteen carbon atoms, end to end, span half of it."""

DEFAULTS = LayeredOptions()


def build_layered(
    compound: Compound,
    phase: str | None = None,
    *,
    without: Collection[str] = (),
    options: LayeredOptions = DEFAULTS,
) -> Crystal:
    """Build the crystal of a layered compound from its formula alone.

    Parameters
    ----------
    compound : Compound
        A Ruddlesden–Popper or Dion–Jacobson compound without mixed sites.
    phase : str, optional
        Name of the structure, ``rp`` or ``dj``, also with its layers as in ``RP n=3``; the one
        of the formula by default.
    without : collection of str, optional
        Names or formulas of phases of the library that must not be used, with their compounds.
    options : LayeredOptions, optional
        How it is built.

    Returns
    -------
    Crystal
        The model.

    Raises
    ------
    UsageError
        If the compound is not layered or mixed, or a number is out of range.
    UnknownNameError
        If there is no such phase.
    """
    suffix = SUFFIXES.get(compound.prototype)
    if suffix is None or compound.mixed:
        raise UsageError(
            "no layered crystal can be built of this compound as it is",
            where=compound.formula,
            measured="mixed sites" if suffix else f"structure type {compound.prototype}",
            allowed=f"one ion on each site, structure type {' or '.join(SUFFIXES)}",
            next_step="build its end members, or give a layered formula such as PEA2PbI4",
        )
    names = (suffix, f"{suffix} n={compound.layers}")
    if phase is not None and phase.lower() not in names:
        raise UnknownNameError(
            f"unknown phase {phase!r} of {compound.formula}", next_step=suggest(phase, names)
        )
    ions = LayeredIons(
        spacer=compound.on("spacer").parent,
        a=compound.on("A").parent if compound.on("A").amounts else None,
        b=compound.on("B").parent,
        x=compound.on("X").parent,
        terminal=compound.on("X'").parent if compound.on("X'").amounts else None,
    )
    prototype: Prototype = "dion_jacobson" if suffix == "dj" else "ruddlesden_popper"
    built = layered_crystal(
        ions, (compound.layers,), prototype=prototype, without=without, options=options
    )
    return replace(built, formula=compound.formula)


def layered_crystal(
    ions: LayeredIons,
    sequence: Sequence[int],
    *,
    prototype: Prototype = "ruddlesden_popper",
    without: Collection[str] = (),
    options: LayeredOptions = DEFAULTS,
) -> Crystal:
    """Build a layered crystal from its ions and the thickness of its sheets.

    Parameters
    ----------
    ions : LayeredIons
        Spacer, A, B, X and, where it is another element, the terminal halide.
    sequence : sequence of int
        Layers of octahedra in the sheets of one period, upward: ``(3,)``, or ``(1, 2)`` for
        sheets of one and two layers in turn.
    prototype : {"ruddlesden_popper", "dion_jacobson"}, optional
        Two spacers of charge +1, or one of +2, for each square of a sheet.
    without, options
        As in `build_layered`.

    Returns
    -------
    Crystal
        The model: c is the stacking axis, at right angles to a and b.

    Raises
    ------
    UsageError
        If the spacer has the wrong charge, a cation is missing, or a number is out of range.
    UnknownNameError
        If an ion is unknown.

    Examples
    --------
    >>> ions = LayeredIons(spacer="Cs", b="Pb", x="Cl", terminal="I")
    >>> crystal = layered_crystal(ions, (1,), options=LayeredOptions(length=5.64))
    >>> crystal.space_group, crystal.z, len(crystal.require_atoms())
    ('I4/mmm', 2, 14)
    """
    check_rule(options.cations)
    _require(sequence, options)
    spacer, cage = _cations(ions, tuple(sequence), prototype, options)
    charge = _metal_charge(ions, tuple(sequence), cage)
    sizes = estimate_sizes(ions, sequence, options, without=without)
    twin = None if isinstance(spacer, str) else twin_of(spacer)
    packed, caged = (spacer, cage) if twin is None else (twin.molecule, _reflected(cage))
    stack = _stack(
        ions,
        packed,
        tuple(sequence),
        usual=OFFSETS[prototype],
        charge=charge,
        sizes=sizes,
        options=options,
        without=without,
    )
    made = layered_record(
        ions, stack, sizes, spacer=packed, cage=caged, suffix=SUFFIXES[prototype], options=options
    )
    if twin is None or isinstance(spacer, str):
        return made
    return reflected_crystal(made, spacer, cage, twin)


def _require(sequence: Sequence[int], options: LayeredOptions) -> None:
    """Refuse empty stacks, impossible sheets and offsets."""
    for layers in sequence or (0,):
        check_layers(layers)
    if options.gap is not None and not 0 < options.gap < WIDEST_GAP:
        raise UsageError(
            "no spacer keeps sheets that far apart",
            measured=f"{options.gap} Å between the planes of terminal halides",
            allowed=f"above 0, below {WIDEST_GAP:g} Å",
            next_step="leave the gap open, or give a smaller one",
        )
    if options.offset is not None and not all(abs(part) <= 1 for part in options.offset):
        raise UsageError(
            "sheets are shifted by parts of a square",
            measured=f"an offset of {options.offset}",
            allowed="-1 to 1 along either pseudo-cubic axis",
            next_step="give an offset such as 0.5 0.5, 0.5 0 or 0 0",
        )


def _cations(
    ions: LayeredIons, sequence: tuple[int, ...], prototype: Prototype, options: LayeredOptions
) -> tuple[str | Molecule, str | Molecule | None]:
    """Return spacer and A cation, elements by name; refuse those that cannot be right."""
    spacer = _cation(ions.spacer, options)
    charge = formal_charge(spacer) if isinstance(spacer, str) else spacer.charge
    if round(charge) != CHARGES[prototype]:
        raise UsageError(
            f"the spacer {ions.spacer} has the wrong charge for this structure type",
            measured=f"{charge:+g} e",
            allowed=f"{CHARGES[prototype]:+d} e in a {prototype.replace('_', '-')} phase",
            next_step="one spacer of charge +2 or two of +1 belong to each square of a sheet",
        )
    caged = max(sequence, default=1) > 1
    if caged and ions.a is None:
        raise UsageError(
            "sheets of several layers need an A cation in their cages",
            measured=f"n = {', '.join(map(str, sequence))}",
            next_step="name one, such as MA, FA or Cs",
        )
    return spacer, _cation(ions.a, options) if caged and ions.a is not None else None


def _metal_charge(
    ions: LayeredIons, sequence: tuple[int, ...], cage: str | Molecule | None
) -> float:
    """Return the charge of B that makes the sheets with their cations neutral."""
    held = 0.0
    if cage is not None:
        held = float(formal_charge(cage)) if isinstance(cage, str) else cage.charge
    halides = sum(3 * n + 1 for n in sequence)
    charge = (halides - 2 * len(sequence) - held * sum(n - 1 for n in sequence)) / sum(sequence)
    if charge not in possible_charges(ions.b):
        raise UsageError(
            f"no neutral sheets of {ions.b} and these ions exist",
            measured=f"{ions.b} would have a charge of {charge:+g} e",
            allowed=f"{', '.join(f'{q:+d}' for q in possible_charges(ions.b))} e",
            next_step="take a B cation of charge +2, and A cations of +1",
        )
    return charge


def _reflected(cage: str | Molecule | None) -> str | Molecule | None:
    """Return the mirror image of what is in the cages."""
    return cage if cage is None or isinstance(cage, str) else reflect(cage)


def _cation(name: str, options: LayeredOptions) -> str | Molecule:
    """Return an element as it is, a molecule as its record."""
    if name in atomic_numbers:
        return name
    given = {molecule.name: molecule for molecule in options.molecules}
    return given[name] if name in given else load_molecule(name)


def _stack(
    ions: LayeredIons,
    spacer: str | Molecule,
    sequence: tuple[int, ...],
    *,
    usual: tuple[float, float],
    charge: float,
    sizes: LayeredSizes,
    options: LayeredOptions,
    without: Collection[str],
) -> Stack:
    """Make the sheets and fill the gaps between them."""
    ionic = isinstance(spacer, str)
    rotation = 0.0 if ionic and options.rotation is None else options.rotation
    least = 0.0 if ionic or options.bond is not None else SINGLE_SHEET_ROTATION
    sheet = partial(
        make_sheet,
        ions.b,
        ions.x,
        length=sizes.length.value,
        bond=sizes.bond,
        terminal=ions.terminal,
        terminal_bond=sizes.terminal_bond,
        step=sizes.step,
        rotation=rotation,
        tilt=options.tilt,
        in_phase=options.in_phase,
        smallest=ionic and not rotation and not options.tilt,
        charge=charge,
    )
    made = {n: sheet(n, least_rotation=least if n == 1 else 0.0) for n in sorted(set(sequence))}
    fill = partial(fill_gap, spacer=spacer, sizes=sizes, options=options, without=without)
    offset = usual if options.offset is None else options.offset
    return stack_sheets([made[n] for n in sequence], offset, fill)
