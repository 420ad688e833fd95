"""The ions of a face that a monolayer replaces, and the squares of halides around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.geometry.rigid import unit_centres
from heterobuild.labels import CHARGE, LAYER, MOLECULE, SITE, Site, units

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Molecule, Slab
    from heterobuild.model.caps import Cap

_DEEP = 9.0
_CORNERS = 4
_UNEVEN = 1.25


@dataclass(frozen=True, kw_only=True, eq=False)
class BarePart:
    """A slab in the whole in-plane cell, before it gets its caps.

    Parameters
    ----------
    name : str
        Name of the part.
    slab : Slab
        The slab, with what its caps are made of.
    atoms : ase.Atoms
        Its atoms in the whole cell; ``layer`` counts the planes of the slab.
    molecules : tuple of Molecule
        Kinds of molecule in the atoms.
    whole : (2, 2) float array
        The in-plane cell in Å.
    seed : int
        Seed of the search for places.
    upright : bool
        Whether the planes of the slab run upward.
    """

    name: str
    slab: Slab
    atoms: Atoms
    molecules: tuple[Molecule, ...]
    whole: FloatArray
    seed: int
    upright: bool

    def cap(self, *, top: bool) -> Cap | None:
        """Return the cap of the face that lies above or below.

        Parameters
        ----------
        top : bool
            Whether the face above is meant.

        Returns
        -------
        Cap or None
            None for a bare face.
        """
        return self.slab.cap(top=top, upright=self.upright)


@dataclass(frozen=True, kw_only=True, eq=False)
class CapFace:
    """One face of a part.

    Parameters
    ----------
    top : bool
        Whether it faces upward.
    sign : int
        Charge of the exchanged ions in e.
    layer : int
        Number of its outermost plane in the array ``layer``.
    members : tuple of (n,) int array
        Atoms of each ion or molecular cation that can be exchanged.
    centres : (m, 3) float array
        Their centres in Å.
    pockets : (m, 3) float array
        Centres of the four halides around each in Å, at the mean height of these; the centres
        themselves where there is no such square.
    square : bool
        Whether each stands in a square of four halides.
    wall_positions : (k, 3) float array
        All other atoms near the face in Å.
    wall_numbers : (k,) int array
        Their atomic numbers.
    """

    top: bool
    sign: int
    layer: int
    members: tuple[IntArray, ...]
    centres: FloatArray
    pockets: FloatArray
    square: bool
    wall_positions: FloatArray
    wall_numbers: IntArray


def cap_face(part: BarePart, *, top: bool, sign: int) -> CapFace:
    """Find the ions of a face that a monolayer replaces.

    Parameters
    ----------
    part : BarePart
        The part.
    top : bool
        Whether the upper face is meant.
    sign : int
        Charge of the molecules in e: +1 replaces A cations, −1 halides.

    Returns
    -------
    CapFace
        The face.
    """
    atoms = part.atoms
    layer = part.slab.count if top == part.upright else 1
    outer = atoms.arrays[LAYER] == layer
    site = atoms.arrays[SITE]
    halide = (site == Site.X) & (atoms.arrays[MOLECULE] == 0) & (atoms.arrays[CHARGE] < 0)
    wanted = outer & ((site == Site.A) if sign > 0 else halide)
    unit = units(atoms)
    chosen = np.unique(unit[wanted])
    members = tuple(np.flatnonzero(unit == one) for one in chosen.tolist())
    centres = unit_centres(atoms.positions, atoms.numbers, unit)[chosen]
    pockets, square = square_centres(centres, atoms.positions[outer & halide], part.whole)
    depth = (centres[:, 2].mean() - atoms.positions[:, 2]) * (1 if top else -1)
    wall = (depth < _DEEP) & ~np.isin(unit, chosen)
    return CapFace(
        top=top,
        sign=sign,
        layer=layer,
        members=members,
        centres=centres,
        pockets=pockets,
        square=square and sign > 0,
        wall_positions=atoms.positions[wall],
        wall_numbers=atoms.numbers[wall],
    )


def square_centres(
    centres: FloatArray, halides: FloatArray, whole: FloatArray
) -> tuple[FloatArray, bool]:
    """Find the square of halides around each of some points of a plane.

    Parameters
    ----------
    centres : (m, 3) float array
        Points in Å.
    halides : (h, 3) float array
        Halides of the plane in Å.
    whole : (2, 2) float array
        In-plane cell in Å.

    Returns
    -------
    centres : (m, 3) float array
        Middle of the four nearest halides; the points as they are where the plane has not as
        many halides as points.
    square : bool
        Whether exactly four halides are about equally near to each point.
    """
    if not len(halides) or len(halides) != len(centres):
        return centres, False
    steps = np.stack(np.meshgrid(*[[-1, 0, 1]] * 2, indexing="ij"), axis=-1).reshape(-1, 2) @ whole
    shift = halides[None, :, :2] - centres[:, None, :2]
    shift -= np.rint(shift @ np.linalg.inv(whole)) @ whole
    every = (shift[:, None] + steps[None, :, None]).reshape(len(centres), -1, 2)
    height = np.tile(halides[:, 2], len(steps))
    gaps = np.linalg.norm(every, axis=2)
    order = np.argsort(gaps, axis=1, kind="stable")[:, : _CORNERS + 1]
    near = np.take_along_axis(gaps, order, axis=1)
    four = order[:, :_CORNERS]
    flat = np.take_along_axis(every, four[:, :, None], axis=1).mean(axis=1) + centres[:, :2]
    even = near[:, _CORNERS - 1] < _UNEVEN * near[:, 0]
    alone = near[:, _CORNERS] > _UNEVEN * near[:, _CORNERS - 1]
    middles = np.column_stack([flat, height[four].mean(axis=1)])
    return middles, bool((even & alone).all())
