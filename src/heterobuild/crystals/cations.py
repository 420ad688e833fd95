"""Turn molecular cations whose orientation diffraction does not give, by a named rule.

The centre of methylammonium or formamidinium in a disordered phase is known, its direction is
not. Each rule gives every cation a direction along the pseudo-cubic axes; the roll about that
direction is then chosen so that ammonium hydrogens point to halides without touching them.

========================  =================================================================
``aligned``               all along the first axis
``dipole-cancelled``      neighbours opposite along the first axis, so that the directions of
                          each kind of cation add up to zero; of an odd number three take the
                          directions a − b, b − c, c − a, which are 120° apart
``random``                one of the six directions ±a, ±b, ±c and one of the allowed rolls,
                          drawn with the seed
========================  =================================================================

The direction of a molecule is the +x axis of its library geometry: from C to N in
methylammonium, from C to its H in formamidinium.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.crystals.rolls import roll_molecules
from heterobuild.errors import UnknownNameError
from heterobuild.labels import KIND, MOLECULE, SITE, Site
from heterobuild.model import Step
from heterobuild.registry import suggest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Molecule

RULES = ("aligned", "dipole-cancelled", "random")
DIRECTIONS = ("+a", "-a", "+b", "-b", "+c", "-c", "a-b", "b-c", "c-a")
_UNITS = np.array(
    [
        *([1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]),
        *([1, -1, 0], [0, 1, -1], [-1, 0, 1]),
    ],
    dtype=np.float64,
)
_UNITS /= np.linalg.norm(_UNITS, axis=1, keepdims=True)
_TRIPLE = (6, 7, 8)
_SAME_PLANE = 1.5


def check_rule(rule: str) -> None:
    """Refuse a rule that does not exist.

    Parameters
    ----------
    rule : str
        Name of a rule.

    Raises
    ------
    UnknownNameError
        If it is not one of `RULES`.
    """
    if rule not in RULES:
        raise UnknownNameError(
            f"unknown rule {rule!r} for the orientation of cations", next_step=suggest(rule, RULES)
        )


def pseudocubic_directions(cell: FloatArray, pseudocubic: FloatArray | None) -> FloatArray:
    """Return three orthonormal directions along which cations are laid.

    Parameters
    ----------
    cell : (3, 3) float array
        Conventional cell in Å, row vectors, in the frame that is wanted.
    pseudocubic : (3, 3) float array or None
        Pseudo-cubic axes as fractions of the cell, as in `heterobuild.model.Crystal`; None takes
        the axes of the cell.

    Returns
    -------
    (3, 3) float array
        Unit rows, right-handed: the orthonormal frame nearest to the axes' directions (polar
        decomposition), exact for orthogonal axes.

    Examples
    --------
    >>> import numpy as np
    >>> pseudocubic_directions(5.874 * np.eye(3), None)
    array([[1., 0., 0.],
           [0., 1., 0.],
           [0., 0., 1.]])
    """
    axes = cell if pseudocubic is None else pseudocubic @ cell
    return _orthonormal(axes)


def _orthonormal(axes: FloatArray) -> FloatArray:
    """Return the nearest orthonormal frame of three directions."""
    units = axes / np.linalg.norm(axes, axis=1, keepdims=True)
    if np.allclose(units @ units.T, np.eye(3), atol=1e-12, rtol=0):
        return np.asarray(units)
    left, _, right = np.linalg.svd(units)
    frame: FloatArray = left @ right
    return frame


def orient_cations(
    atoms: Atoms,
    molecules: Sequence[Molecule],
    *,
    placed: Sequence[str],
    rule: str,
    axes: FloatArray,
    rng: np.random.Generator,
) -> tuple[Atoms, Step]:
    """Turn the placed molecules of a crystal, slab or interface; centres stay.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms with whole molecules; left unchanged.
    molecules : sequence of Molecule
        The table that the array ``kind`` counts into, from 1.
    placed : sequence of str
        Names of the kinds to turn; others stay as they are.
    rule : {"aligned", "dipole-cancelled", "random"}
        How directions are chosen, see the head of this module.
    axes : (3, 3) float array
        Pseudo-cubic directions in the frame of `atoms`, unit rows, see `pseudocubic_directions`.
        Only the first counts for the first two rules.
    rng : numpy.random.Generator
        Generator of the random rule; see `heterobuild.seeds.generator`.

    Returns
    -------
    ase.Atoms
        Copy with turned molecules.
    Step
        Number of molecules in each direction and the mean molecular axis (a dimensionless
        vector, the sum of unit vectors over their number) before and after, by kind.

    Raises
    ------
    UnknownNameError
        If there is no such rule.
    ValueError
        If the atoms of a molecule are not those of its library geometry.
    """
    check_rule(rule)
    frame = _orthonormal(np.asarray(axes, dtype=np.float64))
    turned = atoms.copy()
    halide = (atoms.arrays[SITE] == Site.X) & (atoms.arrays[MOLECULE] == 0)
    values: dict[str, object] = {}
    left_over: list[str] = []
    for code, body in enumerate(molecules, 1):
        index = _members(atoms, code, body) if body.name in placed else None
        if index is None or not len(index):
            continue
        centres = _centres(atoms.positions[index], body)
        chosen = _directions(centres, rule, frame, rng)
        turned.positions[index] = centres[:, None, :] + roll_molecules(
            body,
            centres,
            chosen,
            directions=_UNITS @ frame,
            frame=frame,
            obstacles=(atoms.positions[halide], atoms.numbers[halide]),
            cell=np.asarray(atoms.cell),
            pbc=np.asarray(atoms.pbc),
            rng=rng if rule == "random" else None,
        )
        if rule == "dipole-cancelled" and len(index) == 1:
            left_over.append(body.name)
        values[body.name] = {
            "count": len(index),
            "directions": {
                name: int(n)
                for name, n in zip(DIRECTIONS, np.bincount(chosen, minlength=9), strict=True)
                if n
            },
            "net_axis_before": _net_axis(atoms.positions[index], body),
            "net_axis_after": _net_axis(turned.positions[index], body),
        }
    return turned, Step(name="cations", choice=_choice(rule, values, left_over), values=values)


def _members(atoms: Atoms, code: int, body: Molecule) -> IntArray:
    """Return the atoms of each molecule of a kind in the order of its library geometry."""
    index = np.flatnonzero(atoms.arrays[KIND] == code)
    size = len(body.numbers)
    ids, charge = atoms.arrays[MOLECULE][index], atoms.arrays["formal_charge"][index]
    numbers = atoms.numbers[index]
    ordered = index[np.lexsort((np.round(charge, 6), numbers, ids))]
    slots = np.lexsort((np.round(body.charges, 6), body.numbers))
    found = atoms.numbers[ordered]
    if len(index) % size or (found.reshape(-1, size) != body.numbers[slots]).any():
        raise ValueError(f"the molecules labelled {body.name} are not whole")
    members = np.empty((len(index) // size, size), dtype=np.int64)
    members[:, slots] = ordered.reshape(-1, size)
    return members


def _centres(positions: FloatArray, body: Molecule) -> FloatArray:
    """Return the mean of the non-hydrogen atoms of each molecule, shape (m, 3)."""
    centres: FloatArray = positions[:, body.numbers != 1].mean(axis=1)
    return centres


def _directions(
    centres: FloatArray, rule: str, frame: FloatArray, rng: np.random.Generator
) -> IntArray:
    """Return the number of the direction of each molecule."""
    n = len(centres)
    if rule == "random":
        return rng.integers(6, size=n)
    chosen = np.zeros(n, dtype=np.int64)
    if rule == "dipole-cancelled" and n > 1:
        order = _checkerboard(centres, frame)
        half = n // 2 if n % 2 == 0 else (n - 3) // 2
        chosen[order[n - half :]] = 1
        if n % 2:
            chosen[order[half : half + 3]] = _TRIPLE
    return chosen


def _checkerboard(centres: FloatArray, frame: FloatArray) -> IntArray:
    """Order molecules so that next neighbours fall into different halves."""
    planes = np.column_stack([_plane_numbers(column) for column in (centres @ frame.T).T])
    parity = planes.sum(axis=1) % 2
    return np.lexsort((*planes.T, parity))


def _plane_numbers(heights: FloatArray) -> IntArray:
    """Count the planes of molecules along one axis, and return the plane of each."""
    order = np.argsort(heights, kind="stable")
    steps = np.diff(heights[order], prepend=heights[order[0]]) > _SAME_PLANE
    numbers = np.empty(len(heights), dtype=np.int64)
    numbers[order] = np.cumsum(steps)
    return numbers


def _net_axis(positions: FloatArray, body: Molecule) -> list[float]:
    """Return the mean molecular axis from the coordinates."""
    weights = body.positions[:, 0] * (body.numbers != 1)
    if not np.abs(weights).max() > 0.1:
        weights = body.positions[:, 0]
    axes = np.einsum("a,mai->mi", weights, positions)
    axes /= np.linalg.norm(axes, axis=1, keepdims=True)
    mean = np.round(axes.mean(axis=0), 9) + 0.0
    return [float(value) for value in mean]


def _choice(rule: str, values: dict[str, object], left_over: list[str]) -> str:
    """Say in words what was done."""
    if not values:
        return "no molecular cation to orient"
    text = f"{', '.join(values)} {rule} along the pseudo-cubic axes"
    if left_over:
        text += (
            f"; one {' and one '.join(left_over)} alone cannot cancel and stays along the first "
            "axis, take a larger cell"
        )
    return text
