"""The common in-plane cell of several slabs: who takes the misfit, and in which frame."""

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
from heterobuild.memory import require_memory
from heterobuild.model import Estimate
from heterobuild.particles.estimating import BASE, PER_ATOM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heterobuild.arrays import FloatArray
    from heterobuild.assembly.part import Part
    from heterobuild.matching.common_superlattice import CommonCell
    from heterobuild.model import Slab


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


def reference_stretch(
    common: CommonCell,
    layers: Sequence[Slab],
    reference: Slab,
    *,
    share: float | Literal["stiffness"],
    copies: Sequence[int] = (),
) -> FloatArray:
    """Return how the reference itself is stretched, so that the others take the rest.

    Parameters
    ----------
    common : CommonCell
        The common cell; its matches are those of the layers.
    layers : sequence of Slab
        The other slabs.
    reference : Slab
        The slab they were matched to.
    share : float or "stiffness"
        Share of the misfit that a layer takes, 1 leaves the reference as it is; a share between
        is for one layer. "stiffness" makes the elastic energy of all slabs least.
    copies : sequence of int, optional
        How often the structure holds each layer and, last, the reference; once by default.

    Returns
    -------
    (2, 2) float array
        Symmetric stretch in the frame of the reference.
    """
    maps = [match.deformation for match in common.matches]
    if share == "stiffness":
        slabs = [*layers, reference]
        counts = copies or [1] * len(slabs)
        return least_energy_stretch(
            maps,
            [slab_stiffness(slab)[1] for slab in slabs],
            [count * slab_thickness(slab) for count, slab in zip(counts, slabs, strict=True)],
        )
    if share == 1:
        return np.eye(2)
    (single,) = maps
    stretch, rotation = polar(single)
    held: FloatArray = rotation.T @ stretch_power(stretch, share - 1) @ rotation
    return held


def least_energy_stretch(
    maps: Sequence[FloatArray],
    stiffness: Sequence[FloatArray],
    thickness: Sequence[float],
) -> FloatArray:
    """Stretch a reference so that the elastic energy of all thin layers is least.

    With m_k the logarithmic misfit of layer k seen from the reference, Q_k the plane-stress
    stiffness and t_k the thickness, the energy ½ Σ t_k (m_k + e) Q_k (m_k + e) + ½ t_0 e Q_0 e
    is least for e = −(Σ t_k Q_k + t_0 Q_0)⁻¹ Σ t_k Q_k m_k. The reference takes exactly exp(e);
    the layers take what then leads onto the same cell, which is exp(m_k + e) up to terms of
    third order in the strain.

    Parameters
    ----------
    maps : sequence of (2, 2) float array
        Map of each layer's lattice onto that of the reference.
    stiffness : sequence of (6, 6) float array
        Voigt matrices in GPa in the frames of the slabs; the reference last.
    thickness : sequence of float
        Thicknesses in Å in the same order; only their ratios matter.

    Returns
    -------
    (2, 2) float array
        Symmetric stretch exp(e) of the reference in its frame.

    Examples
    --------
    >>> from heterobuild.chemistry.elasticity import cubic_stiffness
    >>> stiff, soft = cubic_stiffness(40, 10, 5), cubic_stiffness(20, 5, 2.5)
    >>> equal = least_energy_stretch([np.eye(2) * 1.03], [stiff, stiff], [10.0, 10.0])
    >>> round(float(np.log(equal[0, 0]) / np.log(1.03)), 6)
    -0.5
    """
    total = thickness[-1] * plane_stress(stiffness[-1])
    force = np.zeros(3)
    for deformation, matrix, thick in zip(maps, stiffness[:-1], thickness[:-1], strict=True):
        stretch, rotation = polar(deformation)
        forward = np.eye(3)
        forward[:2, :2] = rotation
        rigid = thick * plane_stress(turn_stiffness(matrix, forward))
        misfit = rotation.T @ logarithmic_strain(stretch) @ rotation
        total = total + rigid
        force += rigid @ [misfit[0, 0], misfit[1, 1], 2 * misfit[0, 1]]
    xx, yy, xy = -np.linalg.solve(total, force)
    return stretch_of(np.array([[xx, xy / 2], [xy / 2, yy]]))


def onto_common_cell(
    common: CommonCell,
    layers: Mapping[str, Slab],
    reference: tuple[str, Slab],
    *,
    stretch: FloatArray,
    repeats: tuple[int, int] = (1, 1),
    seed: int = 0,
) -> tuple[dict[str, Part], Frame]:
    """Strain all slabs onto the common cell, whose first vector becomes x.

    Parameters
    ----------
    common : CommonCell
        The common cell; its matches are those of the layers, in their order.
    layers : mapping of str to Slab
        Names and slabs of the layers.
    reference : tuple of (str, Slab)
        Name and slab that they were matched to.
    stretch : (2, 2) float array
        Stretch of the reference, see `reference_stretch`.
    repeats : tuple of int, optional
        Copies of the common cell along its two vectors.
    seed : int, optional
        Seed for the ions of mixed sites and the orientation of molecular cations.

    Returns
    -------
    parts : dict of str to Part
        All parts by name, the reference last.
    frame : Frame
        The in-plane cell that they share.

    Raises
    ------
    UsageError
        If the parts do not fit in memory.
    """
    name, base = reference
    _require_room(common, [*layers.values(), base], repeats)
    cell = common.reference @ base.stacking.cell[:2, :2] @ stretch
    turn = plane_rotation(-np.degrees(np.arctan2(cell[0, 1], cell[0, 0])))
    cell = cell @ turn[:2, :2]
    cell[0, 1] = 0.0
    frame = Frame(cell=cell, repeats=repeats, seed=seed)
    parts = {}
    for (layer, slab), match, matrix in zip(
        layers.items(), common.matches, common.films, strict=True
    ):
        ours, rotation = polar(match.deformation @ stretch)
        full = np.eye(3)
        full[:2, :2] = rotation
        parts[layer] = strained_part(
            layer, slab, frame, stretch=ours, rotation=full @ turn, supercell=matrix
        )
    parts[name] = strained_part(
        name, base, frame, stretch=stretch, rotation=turn, supercell=common.reference
    )
    return parts, frame


def _require_room(common: CommonCell, slabs: Sequence[Slab], repeats: tuple[int, int]) -> None:
    """Refuse a stack that does not fit in memory before an atom of it is made."""
    cells = [abs(round(np.linalg.det(each))) for each in (*common.films, common.reference)]
    atoms = sum(len(slab.atoms) * count for slab, count in zip(slabs, cells, strict=True))
    atoms *= repeats[0] * repeats[1]
    require_memory(Estimate(atoms=atoms, memory=BASE + PER_ATOM * atoms))


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
