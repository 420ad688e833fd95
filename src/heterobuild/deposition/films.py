"""The film under an array: its cell repeated in the plane, without strain."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.assembly.filling import Frame
from heterobuild.assembly.notices import composition_notices, polarity_notices
from heterobuild.assembly.part import strained_part
from heterobuild.crystals.cations import pseudocubic_directions
from heterobuild.errors import UsageError
from heterobuild.labels import CHARGE, LAYER, REGION
from heterobuild.slabs.orientation import crystal_to_slab
from heterobuild.slabs.turn import HALF_TURN, turn_slab

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.assembly.part import Part
    from heterobuild.model import Slab


@dataclass(frozen=True, kw_only=True, eq=False)
class Film:
    """A film in the whole in-plane cell, its free side up.

    Parameters
    ----------
    part : Part
        The film as a part that is not strained.
    slab : Slab
        The slab as cut, before it was turned.
    atoms : ase.Atoms
        Labelled atoms of region 1; layers count down from the free side.
    surface_cell : ase.Atoms
        The same of one surface cell, before ions of mixed sites are drawn.
    cell, surface : (2, 2) float array
        In-plane cell and surface vectors in Å, rows.
    turn : (2, 2) float array
        Rotation from the frame of the slab that brings the first vector along x.
    notices : tuple of str
        What the user should know.
    """

    part: Part
    slab: Slab
    atoms: Atoms
    surface_cell: Atoms
    cell: FloatArray
    surface: FloatArray
    turn: FloatArray
    notices: tuple[str, ...]


def facing_slab(slab: Slab, *, turned: bool) -> Slab:
    """Return the slab whose upper side meets the particles.

    Parameters
    ----------
    slab : Slab
        The slab as cut.
    turned : bool
        Whether its lower side meets them.

    Returns
    -------
    Slab
        The slab, or it turned over by a proper two-fold rotation.
    """
    return turn_slab(slab) if turned else slab


def along_film(slab: Slab) -> FloatArray:
    """Return the direction of the film along which arrays and particles are aligned.

    Parameters
    ----------
    slab : Slab
        The film, its free side up.

    Returns
    -------
    (2,) float array
        Unit vector in the frame of the slab: the pseudo-cubic axis, or axis of the cell, that
        lies most in the plane, the first of equals.
    """
    crystal = slab.crystal
    axes = pseudocubic_directions(crystal.cell, crystal.pseudocubic)
    flat = (axes @ crystal_to_slab(slab.stacking))[:, :2]
    length = np.linalg.norm(flat, axis=1).round(3)
    chosen: FloatArray = flat[int(np.argmax(length))]
    return chosen / np.linalg.norm(chosen)


def laid_film(slab: Slab, matrix: IntArray, *, seed: int, turned: bool) -> Film:
    """Repeat a film in the plane.

    Parameters
    ----------
    slab : Slab
        The slab as cut.
    matrix : (2, 2) int array
        The in-plane cell in surface vectors of the slab whose free side is up.
    seed : int
        Seed of mixed sites and molecular cations.
    turned : bool
        Whether the lower side of the slab meets the particles.

    Returns
    -------
    Film
        The film.

    Raises
    ------
    UsageError
        If it is charged.
    """
    upright = facing_slab(slab, turned=turned)
    surface = upright.stacking.cell[:2, :2]
    whole = matrix @ surface
    cosine, sine = whole[0] / np.linalg.norm(whole[0])
    turn = np.array([[cosine, -sine], [sine, cosine]])
    rotation = np.eye(3)
    rotation[:2, :2] = turn
    cell = whole @ turn
    cell[0, 1] = 0.0
    frame = Frame(cell=cell, repeats=(1, 1), seed=seed)
    part = strained_part(
        "film", upright, frame, stretch=np.eye(2), rotation=rotation, supercell=matrix
    )
    atoms = part.atoms.copy()
    _refuse_charge(slab, atoms)
    atoms.arrays[REGION] = np.ones(len(atoms), dtype=np.int64)
    atoms.arrays[LAYER] = atoms.arrays[LAYER] - slab.count - 1
    single = upright.atoms.copy()
    single.positions = single.positions @ rotation
    described = replace(part, slab=slab)
    return Film(
        part=part,
        slab=slab,
        atoms=atoms,
        surface_cell=single,
        cell=cell,
        surface=surface @ turn,
        turn=turn,
        notices=(
            *slab.crystal.notices,
            *polarity_notices(described),
            *composition_notices(part),
        ),
    )


def _refuse_charge(slab: Slab, atoms: Atoms) -> None:
    """Refuse a film that has a charge before anything lies on it."""
    charge = float(atoms.arrays[CHARGE].sum())
    if abs(charge) > 1e-6:
        raise UsageError(
            "the film is charged",
            where=f"film, {slab.bottom.formula} to {slab.top.formula}",
            measured=f"{slab.charge:+g} e a surface cell",
            allowed="a neutral film",
            next_step="leave top out, so that the slab is stoichiometric, or take other planes",
        )


def turned_model(atoms: Atoms) -> Atoms:
    """Turn a model over by the two-fold rotation about x.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms in a cell whose first vector lies along x; left unchanged.

    Returns
    -------
    ase.Atoms
        The same in a right-handed cell with its third vector up.
    """
    turned = atoms.copy()
    cell = np.asarray(atoms.cell).copy()
    cell[1, 0] = -cell[1, 0]
    turned.set_cell(cell)
    turned.positions = atoms.positions @ HALF_TURN
    return turned
