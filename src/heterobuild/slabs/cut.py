"""Cut a slab between two planes, whole molecules only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.patterns import parse_rule
from heterobuild.crystals.cations import orient_cations
from heterobuild.errors import UsageError
from heterobuild.labels import LAYER, repeat, take
from heterobuild.model import Slab, Stacking
from heterobuild.seeds import generator
from heterobuild.slabs.miller import miller_label
from heterobuild.slabs.orientation import cation_axes, crystal_to_slab
from heterobuild.slabs.polarity import charge_and_dipole, tasker_type
from heterobuild.slabs.stacking import plane_height, stack_planes
from heterobuild.slabs.terminations import default_bottom, find_termination

if TYPE_CHECKING:
    from collections.abc import Callable

    from ase import Atoms

    from heterobuild.arrays import IntArray
    from heterobuild.model import Crystal, Termination

SYMMETRIC_SPACING = 0.3
"""Å by which mirrored plane spacings may differ: rumpling of one plane, not another stacking."""


def cut_slab(
    crystal: Crystal,
    miller: object,
    *,
    layers: int | None = None,
    thickness: float | None = None,
    bottom: int | str | None = None,
    top: int | str | None = None,
    symmetric: bool = False,
    cations: str = "aligned",
    mixing: str = "random",
    seed: int = 0,
    tolerance: float | None = None,
) -> Slab:
    """Cut a slab parallel to (hkl).

    A layer is the shortest stoichiometric group of planes: AX + BX2 on (001) of a perovskite.
    The slab holds at least the wanted number of whole layers and then ends at the first plane
    that fits `top`. Six layers of CsPbBr3 from CsBr to CsBr are therefore Cs7Pb6Br19.

    Parameters
    ----------
    crystal : Crystal
        A crystal with atoms.
    miller : sequence of int or str
        The face, see `heterobuild.slabs.miller.face_indices`.
    layers : int, optional
        Whole layers, at least 1. Give either this or `thickness`; 6 where neither is given,
        because three or more layers on each side of an interface become bulk-like.
    thickness : float, optional
        Least height in Å from the lowest to the highest plane.
    bottom, top : int or str, optional
        Outermost planes by index or formula, see `list_terminations`. By default the bottom is
        an A-cation halide plane where there is one, and the top completes the last layer, so
        that the slab is stoichiometric.
    symmetric : bool, optional
        End with planes that read the same from above and from below; then `top` is not given.
    cations : str, optional
        Rule for molecular cations whose orientation is a choice: ``aligned``,
        ``dipole-cancelled`` or ``random``.
    mixing : str, optional
        How ions are spread over the mixed sites of an alloy once the whole cell is known:
        ``random``, ``sqs``, ``rock-salt``, ``planes hkl`` or ``rows 100``, see
        `heterobuild.alloys.patterns.spread`. The slab itself holds the parents.
    seed : int, optional
        Seed of the rule for cations.
    tolerance : float, optional
        Largest height step in Å inside a plane, see `stack_planes`.

    Returns
    -------
    Slab
        The slab with its terminations, formal charge, dipole and Tasker type.

    Raises
    ------
    MissingAtomsError
        If only the cell is known.
    UnknownNameError
        If a rule does not exist.
    UsageError
        If a termination does not exist, the size is not positive, options contradict one
        another, or a symmetric slab is impossible on this face.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> slab = cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=6, bottom="CsBr", top="CsBr")
    >>> slab.atoms.get_chemical_formula(), slab.charge, slab.tasker
    ('Br19Cs7Pb6', 0.0, 'I')
    """
    parse_rule(mixing)
    stacking = stack_planes(crystal, miller, tolerance=tolerance)
    lowest = default_bottom(stacking) if bottom is None else find_termination(stacking, bottom)
    if symmetric and top is not None:
        raise UsageError(
            "symmetric fixes the top plane", where="top", next_step="leave out top or symmetric"
        )

    def planes(whole_layers: int) -> int:
        if symmetric:
            return _symmetric_count(stacking, lowest, whole_layers)
        return _up_to(stacking, lowest, top, whole_layers)

    count = _plane_count(stacking, lowest, planes, layers=layers, thickness=thickness)
    slab = slab_from_planes(stacking, lowest.index, count, cations=cations, seed=seed)
    return replace(slab, mixing=mixing)


def slab_from_planes(
    stacking: Stacking, first: int, count: int, *, cations: str = "aligned", seed: int = 0
) -> Slab:
    """Take consecutive planes of a stacking as a slab.

    Parameters
    ----------
    stacking : Stacking
        The endless sequence of planes.
    first : int
        Number of the lowest plane; may be negative or beyond one repeat.
    count : int
        Number of planes.
    cations, seed
        See `cut_slab`.

    Returns
    -------
    Slab
        The slab.
    """
    atoms, plane = planes_between(stacking, first, count)
    crystal = stacking.crystal
    atoms.arrays[LAYER] = plane - first + 1
    atoms.set_cell([*stacking.cell[:2], stacking.cell[2] * count / len(stacking.terminations)])
    atoms.pbc = (True, True, False)
    atoms, _ = orient_cations(
        atoms,
        crystal.molecules,
        placed=crystal.placed,
        rule=cations,
        axes=cation_axes(crystal, crystal_to_slab(stacking)),
        rng=generator(seed, f"cations of {crystal.name}"),
    )
    charge, dipole = charge_and_dipole(atoms)
    period = len(stacking.terminations)
    return Slab(
        atoms=atoms,
        stacking=stacking,
        first=first,
        count=count,
        bottom=stacking.terminations[first % period],
        top=stacking.terminations[(first + count - 1) % period],
        charge=charge,
        dipole=dipole,
        tasker=tasker_type(stacking, first),
        cations=cations,
    )


def planes_between(stacking: Stacking, first: int, count: int) -> tuple[Atoms, IntArray]:
    """Return the atoms of consecutive planes at their places in the endless sequence.

    Parameters
    ----------
    stacking : Stacking
        The planes.
    first, count : int
        Number of the lowest plane, and how many.

    Returns
    -------
    atoms : ase.Atoms
        Labelled atoms, plane by plane upward.
    plane : (n,) int array
        Number of the plane of each atom.
    """
    period = len(stacking.terminations)
    repeats = np.arange(first // period, (first + count - 1) // period + 1)
    atoms = repeat(stacking.atoms, repeats[:, None] * stacking.cell[2], stacking.cell)
    plane = (repeats[:, None] * period + stacking.plane[None, :]).ravel()
    inside = np.flatnonzero((plane >= first) & (plane < first + count))
    return take(atoms, inside), plane[inside]


def _plane_count(
    stacking: Stacking,
    lowest: Termination,
    planes: Callable[[int], int],
    *,
    layers: int | None,
    thickness: float | None,
) -> int:
    """Return the planes of the wanted whole layers, or of those that reach the thickness."""
    if layers is not None and thickness is not None:
        raise UsageError(
            "give layers or thickness, not both",
            measured=f"layers {layers}, thickness {thickness} Å",
            next_step="leave one out",
        )
    if thickness is None:
        return planes(_wanted_layers(layers))
    if not 0 < thickness < np.inf:
        raise UsageError(
            "the thickness of a slab is positive", measured=f"{thickness} Å", next_step="raise it"
        )
    fitting = 1
    while _span(stacking, lowest, planes(fitting)) < thickness - 1e-6:
        fitting += 1
    return planes(fitting)


def _up_to(stacking: Stacking, lowest: Termination, top: int | str | None, layers: int) -> int:
    """Return the planes of whole layers and of what follows up to the wanted top plane."""
    least = layers * stacking.planes_per_layer
    if top is None:
        return least
    highest = find_termination(stacking, top).index
    step = len(stacking.terminations) if isinstance(top, int) else stacking.planes_per_layer
    return least + (highest - (lowest.index + least - 1)) % step


def _span(stacking: Stacking, lowest: Termination, count: int) -> float:
    """Return the height in Å between the lowest and the highest plane."""
    return plane_height(stacking, lowest.index + count - 1) - lowest.height


def _wanted_layers(layers: int | None) -> int:
    if layers is None:
        return 6
    if layers < 1:
        raise UsageError(
            "a slab has at least one layer",
            measured=layers,
            allowed="1 or more",
            next_step="raise layers",
        )
    return layers


def _symmetric_count(stacking: Stacking, lowest: Termination, layers: int) -> int:
    """Return the smallest number of planes that reads the same from above and from below."""
    least = layers * stacking.planes_per_layer
    period = len(stacking.terminations)
    for count in range(least, least + period + 1):
        numbers = range(lowest.index, lowest.index + count)
        formulas = [stacking.terminations[number % period].formula for number in numbers]
        spacing = np.diff([plane_height(stacking, number) for number in numbers])
        uneven = np.abs(spacing - spacing[::-1]).max(initial=0.0)
        if formulas == formulas[::-1] and uneven <= SYMMETRIC_SPACING:
            return count
    raise UsageError(
        "no symmetric slab starts with this plane",
        where=f"{stacking.crystal.name} {miller_label(stacking.miller)}",
        measured="planes " + " ".join(plane.formula for plane in stacking.terminations),
        next_step="choose another bottom, another face, or a stoichiometric slab",
    )
