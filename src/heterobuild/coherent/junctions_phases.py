"""Which phases can meet side by side on one lattice, and which lattice that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.elasticity import crystal_stiffness
from heterobuild.alloys.repeats import pseudocubic_axes
from heterobuild.coherent.junctions_lattice import deformed
from heterobuild.errors import UsageError
from heterobuild.frameworks.framework import framework_of
from heterobuild.frameworks.networks import coherent_together
from heterobuild.frameworks.scaling import cube_edge
from heterobuild.labels import KIND, MOLECULE, SITE, Site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray
    from heterobuild.model import Crystal


@dataclass(frozen=True, kw_only=True)
class Sheets:
    """What is compared of layered phases.

    Parameters
    ----------
    layers : int
        Layers of octahedra in a sheet.
    spacers : tuple of str
        Molecules between the sheets.
    """

    layers: int
    spacers: tuple[str, ...]


def sheets_of(crystal: Crystal) -> Sheets | None:
    """Describe the sheets of a layered crystal.

    Parameters
    ----------
    crystal : Crystal
        Any crystal.

    Returns
    -------
    Sheets or None
        None of a crystal without spacers, or without sheets along its pseudo-cubic plane.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> sheets_of(load_crystal("BA2PbI4"))
    Sheets(layers=1, spacers=('BA',))
    """
    if crystal.atoms is None or crystal.pseudocubic is None:
        return None
    atoms = crystal.require_atoms()
    spacer = atoms.arrays[SITE] == Site.SPACER
    if not spacer.any():
        return None
    framework = framework_of(crystal)
    layers = len(framework.b_units) * abs(float(np.linalg.det(crystal.pseudocubic)))
    kinds = {
        crystal.molecules[k - 1].name if k else str(atoms.symbols[n])
        for n, k in zip(np.flatnonzero(spacer), atoms.arrays[KIND][spacer], strict=True)
        if atoms.arrays[MOLECULE][n] or not k
    }
    return Sheets(layers=round(layers), spacers=tuple(sorted(kinds)))


def _normal(axes: FloatArray) -> FloatArray:
    """Return the unit normal of the first two of three vectors."""
    normal = np.cross(axes[0], axes[1])
    unit: FloatArray = normal / np.linalg.norm(normal)
    return unit


def lateral_together(crystals: Sequence[Crystal]) -> bool:
    """Tell whether crystals can meet side by side on one lattice.

    Parameters
    ----------
    crystals : sequence of Crystal
        The parts.

    Returns
    -------
    bool
        Whether all are perovskites, or all layered with the same sheets and spacers.
    """
    if coherent_together(tuple(crystals)):
        return True
    found = [sheets_of(crystal) for crystal in crystals]
    return None not in found and len({(s.layers, s.spacers) for s in found if s}) == 1


def judge_phases(crystals: Sequence[Crystal]) -> Sheets | None:
    """Refuse phases whose octahedra cannot continue one another.

    Parameters
    ----------
    crystals : sequence of Crystal
        The parts.

    Returns
    -------
    Sheets or None
        The sheets they have in common; None of perovskites.

    Raises
    ------
    UsageError
        If they have no common network.
    """
    if coherent_together(tuple(crystals)):
        return None
    found = [sheets_of(crystal) for crystal in crystals]
    sheets = [entry for entry in found if entry is not None]
    if len(sheets) < len(found):
        raise UsageError(
            "these crystals have no common network of octahedra",
            where="wall",
            measured=", ".join(crystal.name for crystal in crystals),
            allowed="perovskites, or layered phases with the same sheets",
            next_step="use wall: incoherent, or auto",
        )
    for what, values in (
        ("layers in a sheet", [entry.layers for entry in sheets]),
        ("spacers", [", ".join(entry.spacers) for entry in sheets]),
    ):
        if len(set(values)) > 1:
            pairs = zip(crystals, values, strict=True)
            raise UsageError(
                f"the sheets cannot continue one another: different {what}",
                where="parts",
                measured=", ".join(f"{crystal.name} {value}" for crystal, value in pairs),
                allowed=f"the same {what} on both sides",
                next_step=f"take phases that all have {values[0]}, or wall: incoherent",
            )
    return sheets[0]


def own_lengths(crystal: Crystal, *, sheets: bool) -> float:
    """Return the length that is compared at a junction.

    Parameters
    ----------
    crystal : Crystal
        A part.
    sheets : bool
        Whether only the plane of its sheets counts.

    Returns
    -------
    float
        Pseudo-cubic edge in Å: of the cube with the volume, or the square with the area.
    """
    if not sheets:
        return cube_edge(crystal)
    axes = pseudocubic_axes(crystal)
    return float(np.linalg.norm(np.cross(axes[0], axes[1])) ** 0.5)


def common_length(
    crystals: Sequence[Crystal], shares: FloatArray, strain: str | float, *, sheets: bool
) -> float:
    """Return the length that the parts take along the line.

    Parameters
    ----------
    crystals : sequence of Crystal
        The parts.
    shares : (n,) float array
        Their shares of the octahedra.
    strain : {"first", "second", "shared", "stiffness"} or float
        Who takes the misfit: the first part, the later ones, all by their volumes, all by
        volumes and stiffness; or the share that the first part takes.
    sheets : bool
        Whether only the plane of the sheets counts.

    Returns
    -------
    float
        Edge in Å.
    """
    edges = np.array([own_lengths(crystal, sheets=sheets) for crystal in crystals])
    rest = float(shares[1:] @ edges[1:] / shares[1:].sum())
    if strain == "first":
        return rest
    if strain == "second":
        return float(edges[0])
    if isinstance(strain, int | float):
        return float(edges[0] * (rest / edges[0]) ** strain)
    weights = shares.astype(np.float64)
    if strain == "stiffness":
        weights = weights * [crystal_stiffness(c).matrix[0, 0] for c in crystals]
    return float(weights @ edges / weights.sum())


def host_crystal(
    crystals: Sequence[Crystal], shares: FloatArray, length: float, *, sheets: bool
) -> Crystal:
    """Return the crystal whose sites all parts take, on the common lattice.

    Of perovskites it is the part with most octahedra. Of layered phases it is the one with the
    smallest area: its spacers fit into the larger squares of the others, not the other way round.
    Sheets are stretched in their plane only.

    Parameters
    ----------
    crystals : sequence of Crystal
        The parts.
    shares : (n,) float array
        Their shares of the octahedra.
    length : float
        Edge that they have in common in Å.
    sheets : bool
        Whether only the plane of the sheets counts.

    Returns
    -------
    Crystal
        The strained crystal.
    """
    edges = np.array([own_lengths(crystal, sheets=sheets) for crystal in crystals])
    pick = int(np.argmin(edges.round(6)) if sheets else np.argmax(shares.round(9)))
    factor = length / float(edges[pick])
    if not sheets:
        return deformed(crystals[pick], factor * np.eye(3))
    normal = _normal(pseudocubic_axes(crystals[pick]))
    along = np.outer(normal, normal)
    return deformed(crystals[pick], factor * (np.eye(3) - along) + along)
