"""The record of a layered model: atoms, name, axes, symmetry, and what is estimated in it."""

from __future__ import annotations

import re
from collections import Counter
from math import gcd
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.formulas import unit_formula
from heterobuild.crystals.turned_cations import turn_cations
from heterobuild.estimates.measured_lengths import ROOM
from heterobuild.layered.atoms import molecule_table, stack_atoms
from heterobuild.layered.contacts import require_room
from heterobuild.layered.explicit_symmetry import explicit_space_group
from heterobuild.model import Crystal, Source

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.layered.options import LayeredIons, LayeredOptions
    from heterobuild.layered.sizes import LayeredSizes
    from heterobuild.layered.stacking_sequence import Stack
    from heterobuild.model import Molecule


def layered_record(
    ions: LayeredIons,
    stack: Stack,
    sizes: LayeredSizes,
    *,
    spacer: str | Molecule,
    cage: str | Molecule | None,
    suffix: str,
    options: LayeredOptions,
) -> Crystal:
    """Make the crystal of a stack.

    The space group is that of all atoms, to 0.01 Å, molecules in the cages taken as points.

    Parameters
    ----------
    ions : LayeredIons
        Names of the ions.
    stack : Stack
        Sheets and spacers.
    sizes : LayeredSizes
        Lengths it was built with.
    spacer, cage : str or Molecule or None
        Cations between and in the sheets.
    suffix : str
        Ending of the name, ``rp`` or ``dj``.
    options : LayeredOptions
        Rule and seed for the molecules in the cages.

    Returns
    -------
    Crystal
        The crystal.

    Raises
    ------
    UsageError
        If spacers come too near to one another or to other ions, through a sheet for example.
    """
    atoms = stack_atoms(stack, cage, spacer)
    molecules = molecule_table(cage, spacer)
    placed = () if cage is None or isinstance(cage, str) else (cage.name,)
    formula, z = _formula(ions, stack, per_square=2 if suffix == "rp" else 1)
    name = f"{_plain(formula)}_{suffix}"
    group, number = explicit_space_group(atoms, stack.cell, range(1, len(placed) + 1))
    crystal = Crystal(
        name=name,
        formula=formula,
        phase=f"{suffix.upper()} n={','.join(str(n) for n in _layers(stack))}",
        cell=stack.cell,
        atoms=atoms,
        space_group=group,
        space_group_number=number,
        molecules=molecules,
        placed=placed,
        pseudocubic=_pseudocubic(stack),
        z=z,
        temperature=ROOM,
        source=_source(stack, sizes),
        notices=_notices(name, stack, sizes),
        origin="model",
        length_error=sizes.length.error,
    )
    turned = turn_cations(crystal, options.cations, seed=options.seed)
    if molecules:
        require_room(turned.require_atoms(), name)
    return turned


def _plain(formula: str) -> str:
    """Return a formula without parentheses: 4AMP_PbI4, R-MBA2PbI4."""
    return re.sub(r"\)(?=\D)", "_", formula).replace("(", "").replace(")", "")


def _layers(stack: Stack) -> list[int]:
    """Return the layers of octahedra of the sheets, of all or of the half that repeats."""
    layers = [sheet.layers for sheet in stack.sheets]
    half = len(layers) // 2
    return layers[:half] if half and layers[:half] == layers[half:] else layers


def _pseudocubic(stack: Stack) -> FloatArray:
    """Return the in-plane pseudo-cubic axes and the step to the next sheet as fractions."""
    axes = np.zeros((3, 3))
    axes[:2, :2] = stack.sheets[0].square @ np.linalg.inv(stack.sheets[0].cell)
    axes[2, 2] = 1 / len(stack.sheets)
    return np.round(axes, 12) + 0.0


def _formula(ions: LayeredIons, stack: Stack, *, per_square: int) -> tuple[str, int]:
    """Return the reduced formula and the number of such units in the cell."""
    squares = len(stack.sheets[0].pockets_top)
    counts: Counter[str] = Counter()
    for sheet in stack.sheets:
        counts[ions.spacer] += per_square
        counts[ions.b] += sheet.layers
        counts[ions.x] += 3 * sheet.layers - 1
        counts[ions.end] += 2
        if ions.a is not None:
            counts[ions.a] += sheet.layers - 1
    divisor = gcd(*counts.values())
    order = [ions.spacer, ions.a or "", ions.b, ions.end, ions.x]
    reduced = {name: count // divisor for name, count in counts.items()}
    return unit_formula(reduced, order), divisor * squares


def _source(stack: Stack, sizes: LayeredSizes) -> Source:
    """Say where the numbers come from."""
    rules = [f"in-plane length {sizes.length.rule}", f"gap {stack.interlayers[0].rule}"]
    return Source(citation=f"estimated: {'; '.join(rules)}", cell="low", coordinates="low")


def _notices(name: str, stack: Stack, sizes: LayeredSizes) -> tuple[str, ...]:
    """Say which lengths are estimated, and how well."""
    spacing = float(stack.cell[2, 2]) / len(stack.sheets)
    error = max(gap.error for gap in stack.interlayers)
    text = (
        f"{name}: a model, nothing of it was measured; in-plane pseudo-cubic length "
        f"{sizes.length.value:.3f} Å (expected error {100 * sizes.length.error:.1f} %), layer "
        f"spacing {spacing:.2f} Å (expected error {100 * error / spacing:.1f} %)"
    )
    return (text,)
