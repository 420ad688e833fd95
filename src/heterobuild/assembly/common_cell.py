"""The common in-plane cell of two slabs: who takes the misfit, and in which frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from heterobuild.assembly.filling import Frame
from heterobuild.assembly.part import slab_stiffness, slab_thickness, strained_part
from heterobuild.chemistry.elasticity import plane_stress, turn_stiffness
from heterobuild.errors import UsageError
from heterobuild.geometry.strain import (
    logarithmic_strain,
    plane_rotation,
    polar,
    stretch_of,
    stretch_power,
)

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.assembly.part import Part
    from heterobuild.model import Match, Slab


def film_share(
    strain: str | dict[Literal["film", "substrate"], float],
) -> float | Literal["stiffness"]:
    """Return the share of the misfit that the film takes.

    Parameters
    ----------
    strain : str or dict
        See `Vertical`.

    Returns
    -------
    float or "stiffness"
        Share from 0 to 1; the word stays, because it takes two slabs to turn it into strains.

    Raises
    ------
    UsageError
        If the share is no fraction or the word is unknown.

    Examples
    --------
    >>> film_share("shared"), film_share({"film": 0.7}), film_share({"substrate": 1.0})
    (0.5, 0.7, 0.0)
    """
    named = {"film": 1.0, "substrate": 0.0, "shared": 0.5}
    if strain == "stiffness":
        return "stiffness"
    if isinstance(strain, str) and strain in named:
        return named[strain]
    if isinstance(strain, dict) and len(strain) == 1 and set(strain) <= {"film", "substrate"}:
        ((side, share),) = strain.items()
        if 0 <= share <= 1:
            return float(share) if side == "film" else 1.0 - float(share)
    raise UsageError(
        "strain names the side that takes the misfit",
        where="strain",
        measured=repr(strain),
        allowed="film, substrate, shared, stiffness, or one share such as {film: 0.7} from 0 to 1",
        next_step="use film",
    )


def share_strain(match: Match, film_share: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Split the misfit of a match between film and substrate.

    The film takes the power f of the stretch, the substrate the rest, inverted; so the shares
    add up exactly, also at finite strain, and the logarithmic strains are in the ratio
    f : (1 − f).

    Parameters
    ----------
    match : Match
        The match.
    film_share : float
        Share f of the film from 0 to 1.

    Returns
    -------
    film, substrate : (2, 2) float array
        Symmetric stretches in the frames of either slab.
    rotation : (2, 2) float array
        Proper rotation of the film into the frame of the substrate.
    """
    stretch, rotation = polar(match.deformation)
    film = stretch_power(stretch, film_share)
    substrate = rotation.T @ stretch_power(stretch, film_share - 1) @ rotation
    return film, substrate, rotation


def share_by_stiffness(
    match: Match,
    stiffness: tuple[FloatArray, FloatArray],
    thickness: tuple[float, float],
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Split the misfit of a match so that the elastic energy of two thin layers is least.

    With m the logarithmic misfit, Q the plane-stress stiffness and t the thickness of a layer,
    the energy ½ t_f e_f Q_f e_f + ½ t_s e_s Q_s e_s under e_f − e_s = m is least for
    e_f = (t_f Q_f + t_s Q_s)⁻¹ t_s Q_s m. The film takes exactly exp(e_f). The substrate takes
    what then leads onto the same cell, which is exp(e_s) up to terms of third order in the
    strain; the small rotation that comes with it is given to the film, inverted.

    Parameters
    ----------
    match : Match
        The match.
    stiffness : tuple of (6, 6) float array
        Voigt matrices in GPa of film and substrate in the frames of their slabs.
    thickness : tuple of float
        Thicknesses of film and substrate in Å; only their ratio matters.

    Returns
    -------
    film, substrate : (2, 2) float array
        Symmetric stretches in the frames of either slab.
    rotation : (2, 2) float array
        Proper rotation of the film into the frame of the substrate.
    """
    stretch, rotation = polar(match.deformation)
    back = np.eye(3)
    back[:2, :2] = rotation.T
    ours = thickness[0] * plane_stress(stiffness[0])
    theirs = thickness[1] * plane_stress(turn_stiffness(stiffness[1], back))
    misfit = logarithmic_strain(stretch)
    held = np.array([misfit[0, 0], misfit[1, 1], 2 * misfit[0, 1]])
    xx, yy, xy = np.linalg.solve(ours + theirs, theirs @ held)
    film = stretch_of(np.array([[xx, xy / 2], [xy / 2, yy]]))
    substrate, small = polar(np.linalg.solve(match.deformation, film @ rotation))
    return film, substrate, rotation @ small.T


def onto_common_cell(
    match: Match,
    film: Slab,
    substrate: Slab,
    *,
    share: float | Literal["stiffness"],
    copies: tuple[int, int] = (1, 1),
    repeats: tuple[int, int] = (1, 1),
    seed: int = 0,
) -> tuple[tuple[Part, Part], Frame]:
    """Strain both slabs onto the common cell, whose first vector becomes x.

    Parameters
    ----------
    match : Match
        The match.
    film, substrate : Slab
        The slabs that were matched.
    share : float or "stiffness"
        Share of the misfit that the film takes, see `film_share`.
    copies : tuple of int, optional
        How often the structure holds film and substrate; both layers of a film that covers
        two faces resist the strain.
    repeats : tuple of int, optional
        Copies of the common cell along its two vectors.
    seed : int, optional
        Seed for the orientation of molecular cations.

    Returns
    -------
    parts : tuple of Part
        Film and substrate.
    frame : Frame
        The in-plane cell that both share.
    """
    if share == "stiffness":
        ours, theirs, rotation = share_by_stiffness(
            match,
            (slab_stiffness(film)[1], slab_stiffness(substrate)[1]),
            (copies[0] * slab_thickness(film), copies[1] * slab_thickness(substrate)),
        )
    else:
        ours, theirs, rotation = share_strain(match, share)
    cell = match.substrate @ substrate.stacking.cell[:2, :2] @ theirs
    turn = plane_rotation(-np.degrees(np.arctan2(cell[0, 1], cell[0, 0])))
    full = np.eye(3)
    full[:2, :2] = rotation
    cell = cell @ turn[:2, :2]
    cell[0, 1] = 0.0
    frame = Frame(cell=cell, repeats=repeats, seed=seed)
    return (
        strained_part(
            "film", film, frame, stretch=ours, rotation=full @ turn, supercell=match.film
        ),
        strained_part(
            "substrate", substrate, frame, stretch=theirs, rotation=turn, supercell=match.substrate
        ),
    ), frame


def two_fold_axis(cell: FloatArray) -> FloatArray:
    """Return a two-fold axis in the plane that maps a plane lattice onto itself.

    Parameters
    ----------
    cell : (2, 2) float array
        Reduced lattice vectors in Å.

    Returns
    -------
    (2,) float array
        Unit vector.

    Raises
    ------
    UsageError
        If the lattice is oblique: then no proper rotation turns the upper part onto the lower
        face with the same cell.

    Examples
    --------
    >>> two_fold_axis(np.array([[6.0, 0.0], [0.0, 7.0]])).tolist()
    [1.0, 0.0]
    """
    for direction in (cell[0], cell[1], cell[0] + cell[1], cell[0] - cell[1]):
        axis = direction / np.linalg.norm(direction)
        image = cell @ (2 * np.outer(axis, axis) - np.eye(2)) @ np.linalg.inv(cell)
        if np.abs(image - np.rint(image)).max() < 1e-4:
            unit: FloatArray = axis
            return unit
    cosine = cell[0] @ cell[1] / np.linalg.norm(cell[0]) / np.linalg.norm(cell[1])
    angle = float(np.degrees(np.arccos(cosine)))
    raise UsageError(
        "a sandwich needs a common cell with a two-fold axis in the plane",
        where="periodic",
        measured=f"an oblique cell of {np.linalg.norm(cell[0]):.3f} × "
        f"{np.linalg.norm(cell[1]):.3f} Å, {angle:.2f}°",
        next_step="choose another match, or periodic: slab",
    )
