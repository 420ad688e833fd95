"""A particle ready to be laid down: carved once, about its own centre, a chosen face downward."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.coherent.shells import CoherentShells, bare_core
from heterobuild.errors import UsageError
from heterobuild.labels import SITE, Site, take
from heterobuild.particles.forms import make_form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ase import Atoms

    from heterobuild.arrays import FloatArray
    from heterobuild.frameworks.carving import Termination
    from heterobuild.model import Crystal, LedgerEntry, Molecule, Step
    from heterobuild.particles.options import ParticleShape

STEEP = 0.5
"""Cosine to the plane below which a direction is too steep to tell an azimuth."""


@dataclass(frozen=True, kw_only=True)
class Carving:
    """What a particle is, before it lies anywhere.

    Parameters
    ----------
    shape : ParticleShape
        Form and size.
    facet : tuple of int or None
        Face that lies down, along pseudo-cubic axes; None as the form stands.
    termination : {"AX", "BX2"}
        Outermost plane of {100} faces.
    neutrality : str
        Policy.
    ligands : mapping of str to float
        Ligands and their fractions.
    coverage : float
        Fraction of the surface sites that they take.
    cations : str
        Rule that orients molecular cations of free orientation.
    """

    shape: ParticleShape
    facet: tuple[int, int, int] | None
    termination: Termination
    neutrality: str
    ligands: Mapping[str, float]
    coverage: float
    cations: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Body:
    """A particle about its centre.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms; the mean of the B cations, or of all atoms, is the origin.
    molecules : tuple of Molecule
        Kinds of molecule.
    rotation : (3, 3) float array
        Proper rotation from the frame of the crystal.
    azimuth : float
        Direction in the plane in degrees of what lay along x of the form, or along y.
    steps : tuple of Step
        How it was made.
    ledger : tuple of LedgerEntry
        Ions changed at its surface.
    """

    atoms: Atoms
    molecules: tuple[Molecule, ...]
    rotation: FloatArray
    azimuth: float
    steps: tuple[Step, ...]
    ledger: tuple[LedgerEntry, ...]


def carved_body(crystal: Crystal, options: Carving, *, seed: int) -> Body:
    """Carve a particle, make it neutral, give it its ligands, and turn its face downward.

    Parameters
    ----------
    crystal : Crystal
        What it is made of.
    options : Carving
        What is carved.
    seed : int
        Seed of all draws.

    Returns
    -------
    Body
        The particle.

    Raises
    ------
    UsageError
        If the shape leaves no octahedron, the face is none, or the policy cannot reach zero.
    NothingFitsError
        If the ligands do not find a place.
    """
    form = make_form(options.shape, crystal)
    whole = CoherentShells(
        shape=options.shape,
        termination=options.termination,
        neutrality=options.neutrality,
        cations=options.cations,
        ligands=options.ligands,
        coverage=options.coverage,
        vacuum=1.0,
    )
    made = bare_core(crystal, form, whole, name="particle", seed=seed)
    turn = face_down(form.axes, options.facet)
    atoms = take(made.atoms, np.arange(len(made.atoms)))
    metal = atoms.arrays[SITE] == Site.B
    centre = atoms.positions[metal if metal.any() else slice(None)].mean(axis=0)
    atoms.positions = (atoms.positions - centre) @ turn
    flat = turn[0] if np.hypot(*turn[0, :2]) >= STEEP else turn[1]
    return Body(
        atoms=atoms,
        molecules=made.molecules,
        rotation=form.rotation @ turn,
        azimuth=float(np.degrees(np.arctan2(flat[1], flat[0]))),
        steps=tuple(step for step in made.steps if step.name != "vacuum"),
        ledger=made.ledger,
    )


def face_down(axes: FloatArray, facet: tuple[int, int, int] | None) -> FloatArray:
    """Return the smallest rotation that lays a face down.

    Parameters
    ----------
    axes : (3, 3) float array
        Pseudo-cubic axes in Å, rows.
    facet : tuple of int or None
        The face (hkl), or its opposite where that is nearer to the ground; None turns nothing.

    Returns
    -------
    (3, 3) float array
        Proper rotation of row vectors; the normal then points along −z.

    Raises
    ------
    UsageError
        If all indices are zero.

    Examples
    --------
    >>> turn = face_down(np.eye(3), (1, 1, 1))
    >>> (np.array([-1.0, -1.0, -1.0]) @ turn).round(3).tolist()
    [0.0, 0.0, -1.732]
    """
    if facet is None:
        return np.eye(3)
    if not any(facet):
        raise UsageError(
            "a face has three whole numbers, not all zero",
            where="facet",
            measured=list(facet),
            next_step="write [0, 0, 1]",
        )
    normal = np.linalg.inv(axes) @ np.array(facet, dtype=np.float64)
    normal /= np.linalg.norm(normal)
    if normal[2] > 1e-9:
        normal = -normal
    down = np.array([0.0, 0.0, -1.0])
    axis, cosine = np.cross(normal, down), float(normal @ down)
    skew = np.cross(np.eye(3), axis)
    turn: FloatArray = (np.eye(3) + skew + skew @ skew / (1 + cosine)).T
    return np.round(turn, 15) + 0.0
