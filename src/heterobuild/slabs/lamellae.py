"""Say which molecules a lamella holds inside and how far they widen it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from heterobuild.errors import UsageError
from heterobuild.ligands.bodies import load_ligand

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heterobuild.model import Slab

MOST_EXPANSION = 0.1
"""Largest strain along the normal: bonds break before."""


def fill_slab(
    slab: Slab, inside: Mapping[str, int] | None = None, *, expansion: float = 0.0
) -> Slab:
    """Put molecules inside a slab, which becomes a widened lamella of a grain.

    The atoms of the slab stay as they are: the molecules get their places once the whole in-plane
    cell is known, see `heterobuild.assembly.inserting.insert_molecules`. Expanded and normal
    lamellae of one crystal alternate in a multilayer.

    Parameters
    ----------
    slab : Slab
        The slab; left unchanged.
    inside : mapping of str to int, optional
        Molecules and how many of each the whole in-plane cell holds.
    expansion : float, optional
        Strain along the normal, a fraction; none by default, because it has to be measured.

    Returns
    -------
    Slab
        The lamella.

    Raises
    ------
    UsageError
        If the strain is out of range or a number is not positive.
    UnknownNameError
        If a molecule is unknown.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> from heterobuild.slabs import cut_slab
    >>> slab = cut_slab(load_crystal("CsPbI3_alpha"), "001", layers=4)
    >>> lamella = fill_slab(slab, {"PTLA": 1}, expansion=0.015)
    >>> lamella.inside, lamella.expansion
    ((('PTLA', 1),), 0.015)
    """
    if not abs(expansion) <= MOST_EXPANSION:
        raise UsageError(
            "no lamella is widened that far",
            where="expansion",
            measured=f"{expansion:g}",
            allowed=f"a fraction from {-MOST_EXPANSION:g} to {MOST_EXPANSION:g}",
            next_step="1.5 % are written 0.015",
        )
    asked = sorted((inside or {}).items())  # as in the record
    named = tuple((load_ligand(name).name, int(count)) for name, count in asked)
    for name, count in named:
        if count < 1:
            raise UsageError(
                "a number of molecules is positive",
                where="inside",
                measured=f"{count} {name}",
                allowed="1 or more",
                next_step="leave the molecule out for none",
            )
    return replace(slab, inside=named, expansion=float(expansion))
