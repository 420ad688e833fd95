"""What it costs to strain a film in the plane of its face, for many matches at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from heterobuild.assembly.energy import MEV_PER_GPA_A3
from heterobuild.chemistry.compounds import parse_compound
from heterobuild.chemistry.elasticity import plane_stress, stiffness, turn_stiffness
from heterobuild.chemistry.pure_members import pure_members
from heterobuild.crystals.cations import pseudocubic_directions
from heterobuild.errors import HeterobuildError

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Crystal

Knowledge: TypeAlias = Literal["known", "mixed", "assumed"]


def face_stiffness(crystal: Crystal, turns: FloatArray) -> tuple[FloatArray, Knowledge]:
    """Return the stiffness of a film in the plane of each face, its upper side free.

    Parameters
    ----------
    crystal : Crystal
        The film; its atoms are not needed.
    turns : (k, 3, 3) float array
        Rotations of row vectors from the crystal's frame into those of the faces, z along the
        normal, see `heterobuild.screening.face_frames.face_frames`.

    Returns
    -------
    matrices : (k, 3, 3) float array
        Plane-stress stiffness in GPa, order xx, yy, xy with engineering shear, in the frames of
        the faces.
    knowledge : {"known", "mixed", "assumed"}
        Whether they rest on constants of the compound, on the mean of those of the end members of
        a mixed crystal, or on the isotropic default.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> matrices, knowledge = face_stiffness(load_crystal("CsPbBr3_cubic"), np.eye(3)[None])
    >>> matrices[0].round(3).tolist(), knowledge
    ([[40.833, 5.833, 0.0], [5.833, 40.833, 0.0], [0.0, 0.0, 4.0]], 'known')
    """
    matrix, knowledge = _elastic_constants(crystal)
    axes = pseudocubic_directions(crystal.cell, crystal.pseudocubic)
    found = [plane_stress(turn_stiffness(matrix, axes @ turn)) for turn in turns]
    return np.array(found).reshape(-1, 3, 3), knowledge


def energy_densities(matrices: FloatArray, face: IntArray, strains: FloatArray) -> FloatArray:
    """Return the elastic energy of strained films per volume.

    ½ ε Q ε of `heterobuild.assembly.energy.areal_energy`, for one Å of thickness.

    Parameters
    ----------
    matrices : (f, 3, 3) float array
        Plane-stress stiffness of each face in GPa.
    face : (k,) int array
        Face of each film.
    strains : (k, 2, 2) float array
        Logarithmic strain of each film in the frame of its face, fractions.

    Returns
    -------
    (k,) float array
        Energies in meV/Å³.

    Examples
    --------
    >>> from heterobuild.chemistry.elasticity import cubic_stiffness
    >>> matrix = plane_stress(cubic_stiffness(42, 7, 4))[None]
    >>> energy_densities(matrix, np.array([0]), np.diag([0.01, 0.01])[None]).round(6).tolist()
    [0.029127]
    """
    held = np.stack([strains[:, 0, 0], strains[:, 1, 1], 2 * strains[:, 0, 1]], axis=1)
    stress = (matrices[face] @ held[:, :, None])[:, :, 0]
    energies: FloatArray = (held * stress).sum(axis=1) / 2 * MEV_PER_GPA_A3
    return energies


def _elastic_constants(crystal: Crystal) -> tuple[FloatArray, Knowledge]:
    """Return the Voigt matrix along the pseudo-cubic axes, and what it rests on."""
    if crystal.mixtures:
        members = _end_members(crystal)
        ends = [stiffness(f"{name}_{crystal.phase}", name) for name, _ in members]
        if ends and not any(end.assumed for end in ends):
            weights = np.array([share for _, share in members])
            return np.tensordot(weights, [end.matrix for end in ends], axes=1), "mixed"
    elastic = stiffness(crystal.name, crystal.formula)
    return elastic.matrix, "assumed" if elastic.assumed else "known"


def _end_members(crystal: Crystal) -> list[tuple[str, float]]:
    """Return formulas and shares of the end members; none where the formula is not understood."""
    try:
        members = pure_members(parse_compound(crystal.formula))
    except HeterobuildError:
        return []
    return [(compound.formula, share) for compound, share in members]
