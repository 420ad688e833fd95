"""Coordinates that a bond length sets: one free parameter of the halide, one bond of B to X."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.charged_radii import compound_charges
from heterobuild.chemistry.ions import ionic_radius
from heterobuild.estimates.scaled_cells import octahedral_radius
from heterobuild.labels import Site

if TYPE_CHECKING:
    from heterobuild.crystals.phase_files import PhaseFile
    from heterobuild.model import Compound

CUBIC = 225
HEXAGONAL = 194


def with_bonds(
    phase: PhaseFile, compound: Compound, template: PhaseFile, other: Compound
) -> PhaseFile:
    """Move the halides so that the bonds of B follow the radii.

    In cubic A2BX6 the bond is that of the template times the ratio of the sums of radii; in
    double perovskites the halide shares the distance of the two metals as in the template, in
    the ratio of the sums of radii; in the hexagonal chains of ABX3 the bond is again that of the
    template times the ratio. Other structure types have more free coordinates than bonds and
    stay as they are.

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

    Returns
    -------
    PhaseFile
        The phase with its halides moved.

    Raises
    ------
    UnknownNameError
        If a radius is not known.
    """
    new, old = _sums(compound), _sums(other)
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
    return phase


def _sums(compound: Compound) -> list[float]:
    """Return rB + rX in Å, and that of B' in a double perovskite."""
    charges = compound_charges(compound)
    halide = ionic_radius(compound.on("X").parent, 2)
    metals = [name for site in ("B", "B'") for name, _ in compound.on(site).amounts]
    return [octahedral_radius(name, charges[name]) + halide for name in metals]


def _moved(phase: PhaseFile, position: tuple[float, float, float]) -> PhaseFile:
    """Put the halides elsewhere."""
    sites = tuple(
        replace(site, position=position) if site.role is Site.X else site for site in phase.sites
    )
    return replace(phase, sites=sites)
