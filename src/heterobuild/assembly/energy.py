"""Elastic energy of strained parts, and how thick a strained film may grow: estimates."""

from __future__ import annotations

from math import inf, log, pi
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.assembly.part import slab_stiffness, slab_thickness
from heterobuild.assembly.part_kinds import is_sheet
from heterobuild.chemistry.elasticity import average_poisson, plane_stress, turn_stiffness
from heterobuild.geometry.strain import logarithmic_strain
from heterobuild.model import Step
from heterobuild.slabs.orientation import crystal_to_slab

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray
    from heterobuild.assembly.part import Part
    from heterobuild.model import Slab

MEV_PER_GPA_A3 = 1e9 * 1e-30 / 1.602176634e-19 * 1e3
"""meV in one GPa·Å³: 1e9 J/m³ · 1e-30 m³ over the elementary charge, 6.2415."""

UNSTRAINED = 1e-9
"""Logarithmic strain below which a part counts as unstrained: rounding of lattice constants."""

FARTHEST = 4
"""Largest integer along a pseudo-cubic axis in the search for translations in a face."""


def areal_energy(matrix: FloatArray, strain: FloatArray, thickness: float) -> float:
    """Return the elastic energy of a uniformly strained layer with a free surface.

    ½ t ε Q ε, with Q the plane-stress stiffness: the strain along the normal has relaxed.

    Parameters
    ----------
    matrix : (6, 6) float array
        Voigt matrix in GPa in the frame whose z is the normal.
    strain : (2, 2) float array
        Strain in the plane in that frame, fraction.
    thickness : float
        Thickness in Å.

    Returns
    -------
    float
        Energy in meV/Å².

    Examples
    --------
    >>> from heterobuild.chemistry.elasticity import cubic_stiffness
    >>> energy = areal_energy(cubic_stiffness(42, 7, 4), np.diag([0.01, 0.01]), 100.0)
    >>> round(energy, 4)
    2.9127
    """
    held = np.array([strain[0, 0], strain[1, 1], 2 * strain[0, 1]])
    return float(held @ plane_stress(matrix) @ held) / 2 * thickness * MEV_PER_GPA_A3


def part_energy(part: Part) -> float:
    """Return the elastic energy of a part, from its logarithmic strain.

    Parameters
    ----------
    part : Part
        The part.

    Returns
    -------
    float
        Energy in meV/Å².
    """
    matrix = turn_stiffness(slab_stiffness(part.slab)[1], part.rotation)
    strain = logarithmic_strain(part.deformation[:2, :2])
    return areal_energy(matrix, strain, slab_thickness(part.slab))


def critical_thickness(
    misfit: float,
    *,
    burgers: float,
    poisson: float,
    cos_alpha: float = 0.0,
    cos_lambda: float = 1.0,
) -> float | None:
    """Estimate how thick a strained film on a thick substrate grows before it dislocates.

    The condition of Matthews and Blakeslee (10.1016/S0022-0248(74)80055-2) for one uncapped
    layer: the force of the misfit stress on a threading dislocation equals the line tension of
    the misfit dislocation that it would leave behind,
    ``h = b (1 − ν cos²α) / (8π |f| (1 + ν) cos λ) · (ln(h/b) + 1)``. It holds for isotropic
    crystals of equal stiffness; films often stay coherent up to thicknesses well above it.

    Parameters
    ----------
    misfit : float
        Strain f of the film, fraction.
    burgers : float
        Length b of the Burgers vector in Å.
    poisson : float
        Poisson ratio ν of the film.
    cos_alpha : float, optional
        Cosine of the angle between Burgers vector and dislocation line; the default 0 is an
        edge dislocation.
    cos_lambda : float, optional
        Cosine of the angle between the Burgers vector and the direction in the interface
        normal to the line; the default 1 is a Burgers vector in the interface, the shortest
        one that relieves misfit.

    Returns
    -------
    float or None
        Thickness h in Å; infinite where no misfit is relieved. None where no thickness solves
        the equation: then even one Burgers vector is too thick.

    Examples
    --------
    >>> round(critical_thickness(0.01, burgers=5.874, poisson=0.3), 1)
    59.7
    >>> critical_thickness(0.05, burgers=5.874, poisson=0.3) is None
    True
    """
    if abs(misfit) * cos_lambda < UNSTRAINED:
        return inf
    scale = (1 - poisson * cos_alpha**2) / (8 * pi * abs(misfit) * (1 + poisson) * cos_lambda)
    if scale < 1:
        return None
    low, high = scale, 2 * scale
    while high < scale * (log(high) + 1):
        low, high = high, 2 * high
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        if not low < middle < high:
            break
        if middle < scale * (log(middle) + 1):
            low = middle
        else:
            high = middle
    return high * burgers


def burgers_length(slab: Slab) -> float:
    """Return the shortest translation in the plane of a face.

    In perovskites it is taken from the lattice of the pseudo-cubic axes, a⟨100⟩ on (001), because
    octahedral tilts multiply the true cell but hardly the energy of a dislocation.

    Parameters
    ----------
    slab : Slab
        The slab.

    Returns
    -------
    float
        Length in Å.
    """
    lengths = np.linalg.norm(slab.stacking.cell[:2], axis=1)
    crystal = slab.crystal
    if crystal.pseudocubic is not None:
        axes = crystal.pseudocubic @ crystal.cell @ crystal_to_slab(slab.stacking)
        steps = np.indices((2 * FARTHEST + 1,) * 3).reshape(3, -1).T - FARTHEST
        vectors = steps[np.any(steps != 0, axis=1)] @ axes
        flat = vectors[np.abs(vectors[:, 2]) < 1e-3]
        lengths = np.append(lengths, np.linalg.norm(flat, axis=1))
    return float(lengths.min())


def energy_step(
    entries: Sequence[tuple[Part, int, float | None]],
    cell: FloatArray,
) -> Step:
    """Describe the elastic energy of all parts and the critical thickness of the strained layers.

    The critical thickness is that of one layer alone on a thick substrate, where it takes all
    the misfit, however the parts share it here. It is told where the layer is strained.

    Parameters
    ----------
    entries : sequence of (Part, int, float or None)
        Each distinct part, how often the structure holds it, and the larger logarithmic misfit
        of its match; None for the part that the others are matched to.
    cell : (2, 2) float array
        The common cell in Å.

    Returns
    -------
    Step
        Energies in meV/Å² and in eV for one common cell, thicknesses in Å, sources.
    """
    energy = {part.name: count * part_energy(part) for part, count, _ in entries}
    total = sum(energy.values())
    per_cell = total * float(np.linalg.det(cell)) / 1000
    grown = {
        part.name: found
        for part, _, misfit in entries
        if misfit is not None and (found := _growth(misfit, part))
    }
    values: dict[str, object] = {"estimate": True}
    for part, count, _ in entries:
        values |= {
            f"{part.name}_meV_per_A2": round(energy[part.name], 9),
            f"{part.name}_thickness_A": round(count * slab_thickness(part.slab), 6),
            f"{part.name}_elastic_source": part.elastic.source,
            f"{part.name}_elastic_assumed": part.elastic.assumed,
        }
    values |= {"total_meV_per_A2": round(total, 9), "total_eV_per_cell": round(per_cell, 9)}
    for name, growth in grown.items():
        head = "" if len(entries) == 2 else f"{name}_"
        values |= {f"{head}{key}": value for key, value in growth.items()}
    return Step(name="elastic energy", choice=_words(energy, per_cell, grown), values=values)


def _growth(misfit: float, part: Part) -> dict[str, object]:
    """Return the critical thickness of a misfitting layer, with what it was computed from."""
    unstrained = np.abs(logarithmic_strain(part.deformation[:2, :2])).max() < UNSTRAINED
    if unstrained or abs(misfit) < UNSTRAINED or is_sheet(part.slab):
        return {}
    poisson = average_poisson(part.elastic.matrix)
    burgers = burgers_length(part.slab)
    thickness = critical_thickness(misfit, burgers=burgers, poisson=poisson)
    return {
        "critical_thickness_A": None if thickness is None else round(thickness, 3),
        "critical_misfit_logarithmic": round(misfit, 9),
        "critical_burgers_A": round(burgers, 6),
        "critical_poisson": round(poisson, 6),
    }


def _words(energy: dict[str, float], per_cell: float, grown: dict[str, dict[str, object]]) -> str:
    """Return energies and critical thicknesses in a line."""
    if max(energy.values()) < UNSTRAINED:
        return "none, nothing is strained"
    sides = ", ".join(
        f"{name} {value if value >= UNSTRAINED else 0:.4g}" for name, value in energy.items()
    )
    text = f"{sides} meV/Å², {per_cell:.4g} eV a common cell"
    if not grown:
        return f"{text} (estimate)"
    found = {}
    for name, growth in grown.items():
        thickness, burgers = growth["critical_thickness_A"], growth["critical_burgers_A"]
        found[name] = f"below {burgers:.1f}" if thickness is None else f"about {thickness:.0f}"
    several = len(energy) > 2
    listed = ", ".join(f"{name} {words}" if several else words for name, words in found.items())
    return f"{text}; critical thickness on a thick substrate {listed} Å (estimates)"
