"""One door to all models: from the structure type of a compound to the function that builds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection

    from heterobuild.model import Compound, Crystal
    from heterobuild.prototypes.family_members import Family

MODELS = {
    "abx3": "heterobuild.prototypes.abx3:build_abx3",
    "ruddlesden_popper": "heterobuild.layered.building:build_layered",
    "dion_jacobson": "heterobuild.layered.building:build_layered",
}
"""Structure types with a model of their own; all others are scaled from measured members."""


def build_prototype(
    compound: Compound, phase: str | None = None, *, without: Collection[str] = ()
) -> Crystal:
    """Build a crystal from the formula alone.

    Parameters
    ----------
    compound : Compound
        A pure compound.
    phase : str, optional
        Name of the phase. By default the only one of the structure type; of ABX3 the perovskite
        that the tolerance factor suggests, see `heterobuild.prototypes.abx3.build_abx3`, with
        ``delta`` and ``2H`` besides.
    without : collection of str, optional
        Names of phases or formulas of the library that are not used; none by default.

    Returns
    -------
    Crystal
        Of origin ``model``; `Crystal.length_error` and the notices say how far to trust it.

    Raises
    ------
    UsageError
        If the compound is mixed, of a structure type without a model, or has no such phase.
    UnknownNameError
        If a radius or a molecule is not known.

    Examples
    --------
    >>> from heterobuild.chemistry.compounds import parse_compound
    >>> build_prototype(parse_compound("Cs2SnF6")).space_group
    'Fm-3m'
    >>> build_prototype(parse_compound("RbPbI3"), "delta").space_group
    'Pnma'
    """
    from heterobuild.prototypes.families import build_family
    from heterobuild.prototypes.family_members import FAMILIES

    families = [family for family in FAMILIES if family.prototype == compound.prototype]
    chosen = next((family for family in families if _is_called(family, phase)), None)
    if chosen is not None:
        return build_family(compound, chosen, without=without)
    if compound.prototype in MODELS:
        from heterobuild.registry import resolve

        build = resolve(compound.prototype, MODELS, group="heterobuild.prototypes", what="model")
        made: Crystal = build(compound, phase, without=without)
        return made
    if not families:
        raise UsageError(
            f"there is no model for the structure type {compound.prototype}",
            where=compound.formula,
            next_step="give the crystal as a CIF file",
        )
    known = [name for family in families for name in (family.phase, *family.aliases)]
    raise UsageError(
        f"unknown phase {phase!r} of {compound.formula}",
        allowed=", ".join(known),
        next_step="use one of them, or no phase",
    )


def _is_called(family: Family, phase: str | None) -> bool:
    """Tell whether a family is meant by the name of a phase."""
    if phase is None:
        return not family.several
    return phase.lower() in {name.lower() for name in (family.phase, *family.aliases)}
