"""Coordinates that bond lengths set: bonds of B to X follow the radii, whatever the cell does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.charged_radii import compound_charges
from heterobuild.chemistry.ions import ionic_radius
from heterobuild.crystals.asymmetric_units import crystal_from_phase
from heterobuild.estimates.lengths import bond_length
from heterobuild.estimates.library_fits import LONE_PAIR
from heterobuild.estimates.scaled_cells import octahedral_radius
from heterobuild.labels import SITE, Site

if TYPE_CHECKING:
    from heterobuild.crystals.phase_files import PhaseFile
    from heterobuild.model import Compound

CUBIC = 225
HEXAGONAL = 194


_LONE = {("Te", 4), ("Se", 4), ("Bi", 3), ("Sb", 3), ("As", 3)} | {("Tl", 1), ("In", 1)}
_LONE |= {(symbol, 2) for symbol in LONE_PAIR}


def with_bonds(
    phase: PhaseFile,
    compound: Compound,
    template: PhaseFile,
    other: Compound,
    *,
    endless: tuple[bool, bool, bool] | None = None,
    without: frozenset[str] = frozenset(),
) -> PhaseFile:
    """Move the halides so that the bonds of B follow the radii.

    In cubic A2BX6 the bond is that of the template times the ratio of the sums of radii; in
    double perovskites the halide shares the distance of the two metals as in the template, in
    the ratio of the sums of radii; in the hexagonal chains of ABX3 the bond is again that of the
    template times the ratio. In the types with separate octahedra, chains or layers these units
    are scaled across their endless axes, from their centres, as the bonds that
    `heterobuild.estimates.lengths.bond_length` estimates; what the cell is larger lies between
    them. Other structure types stay as they are.

    Parameters
    ----------
    phase : PhaseFile
        The phase that is made, with the coordinates of the template.
    compound : Compound
        Its compound.
    template : PhaseFile
        The measured phase.
    other : Compound
        The compound of the template.
    endless : tuple of bool or None, optional
        Axes along which units of B and X are endless; None leaves them as they are.
    without : frozenset of str, optional
        Names of phases or formulas that radii must not rest on; none by default.

    Returns
    -------
    PhaseFile
        The phase with its halides moved.

    Raises
    ------
    UnknownNameError
        If a radius is not known.
    """
    new, old = bond_sums(compound, without=without), bond_sums(other, without=without)
    edge, edge_then = phase.lengths_angles[0], template.lengths_angles[0]
    x = next(site.position[0] for site in template.sites if site.role is Site.X)
    if phase.number == CUBIC and len(new) == 1:
        return _moved(phase, (x * edge_then * new[0] / old[0] / edge, 0.0, 0.0))
    if phase.number == CUBIC:
        share, share_then = new[1] / sum(new), old[1] / sum(old)
        return _moved(phase, (x * share / share_then, 0.0, 0.0))
    if phase.number == HEXAGONAL:
        pitch, pitch_then = phase.lengths_angles[2] / 4, template.lengths_angles[2] / 4
        bond = np.hypot(np.sqrt(3) * x * edge_then, pitch_then) * new[0] / old[0]
        radius = float(np.sqrt(max(bond**2 - pitch**2, 0.0)) / np.sqrt(3) / edge)
        return _moved(phase, (radius, 2 * radius, 0.25))
    if endless is None:
        return phase
    bonds = [
        bond_length(entry.on("B").parent, entry.on("X").parent, without=without).value
        for entry in (compound, other)
    ]
    return _units_kept(phase, template, endless, bonds[0] / bonds[1])


def bond_sums(compound: Compound, *, without: frozenset[str] = frozenset()) -> list[float]:
    """Return the sums of radii that bonds follow.

    Parameters
    ----------
    compound : Compound
        A pure compound.
    without : frozenset of str, optional
        Names of phases or formulas that radii must not rest on; none by default.

    Returns
    -------
    list of float
        rB + rX in Å, then that of B' in a double perovskite.
    """
    charges = compound_charges(compound)
    halide = ionic_radius(compound.on("X").parent, 2)
    metals = [name for site in ("B", "B'") for name, _ in compound.on(site).amounts]
    return [octahedral_radius(name, charges[name], without=without) + halide for name in metals]


def lone_pairs(compound: Compound) -> int:
    """Count the metals with a lone pair of s electrons.

    Parameters
    ----------
    compound : Compound
        A pure compound.

    Returns
    -------
    int
        0, 1 or 2.
    """
    charges = compound_charges(compound)
    metals = [name for site in ("B", "B'") for name, _ in compound.on(site).amounts]
    return sum((name, charges[name]) in _LONE for name in metals)


def _units_kept(
    phase: PhaseFile, template: PhaseFile, endless: tuple[bool, bool, bool], ratio: float
) -> PhaseFile:
    """Scale octahedra, chains or layers by a ratio across their endless axes."""
    atoms = crystal_from_phase(template).require_atoms()
    cell = np.asarray(atoms.cell)
    metals = atoms.positions[atoms.arrays[SITE] == Site.B] @ np.linalg.inv(cell)
    lengths = np.array([template.lengths_angles[:3], phase.lengths_angles[:3]])
    factors = np.where(endless, 1.0, ratio * lengths[0] / lengths[1])
    sites = []
    for site in template.sites:
        if site.role in {Site.B, Site.X}:
            place = np.array(site.position)
            gaps = place - metals
            shifts = np.rint(gaps)
            nearest = int(np.linalg.norm((gaps - shifts) @ cell, axis=1).argmin())
            centre = metals[nearest] + shifts[nearest]
            if any(endless):
                centre = np.rint(2 * centre) / 2
            sites.append(tuple((centre + factors * (place - centre)).tolist()))
        else:
            sites.append(site.position)
    moved = zip(phase.sites, sites, strict=True)
    return replace(phase, sites=tuple(replace(site, position=at) for site, at in moved))


def _moved(phase: PhaseFile, position: tuple[float, float, float]) -> PhaseFile:
    """Put the halides elsewhere."""
    sites = tuple(
        replace(site, position=position) if site.role is Site.X else site for site in phase.sites
    )
    return replace(phase, sites=sites)
