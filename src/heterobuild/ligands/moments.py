"""The dipole of a particle, and what a ligand at a site adds to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.geometry.rigid import unit_centres
from heterobuild.labels import CHARGE, SITE, Site, units

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import BoolArray, FloatArray
    from heterobuild.ligands.anchors import Anchors
    from heterobuild.ligands.bodies import LigandBody

_ANION_LIFT = -0.4


def formal_dipole(atoms: Atoms) -> FloatArray:
    """Return the dipole of the formal charges of a particle, as the check of dipoles counts it.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled particle, in one piece.

    Returns
    -------
    (3,) float array
        In e·Å about the origin. Ligands and spacers have their charges at their atoms, other
        units at their centres. Along periodic directions it has no meaning.

    Examples
    --------
    >>> from ase import Atoms
    >>> from heterobuild.labels import label
    >>> pair = label(Atoms("CsBr", [[0, 0, 0], [3.5, 0, 0]]), site=np.array([1, 3]),
    ...              molecule=np.zeros(2, int), kind=np.zeros(2, int),
    ...              charge=np.array([1.0, -1.0]), region=1, layer=1)
    >>> formal_dipole(pair).tolist()
    [-3.5, 0.0, 0.0]
    """
    unit, charge = units(atoms), atoms.arrays[CHARGE]
    places = unit_centres(atoms.positions, atoms.numbers, unit)[unit]
    long = np.isin(atoms.arrays[SITE], (Site.LIGAND, Site.SPACER))
    places[long] = atoms.positions[long]
    total: FloatArray = charge @ places
    return total


def ligand_moments(body: LigandBody, anchors: Anchors, replaced: BoolArray) -> FloatArray:
    """Return what an upright ligand at each site adds to the dipole of the particle.

    That is its charge at the place of its head, less the ion that makes way for it, and the
    dipole of its charges about its head, along the normal. A ligand that has an ion's charge and
    stands at its place adds nothing.

    Parameters
    ----------
    body : LigandBody
        The ligand.
    anchors : Anchors
        Sites of the surface.
    replaced : (m,) bool array
        Sites whose ions make way.

    Returns
    -------
    (m, 3) float array
        Dipoles in e·Å about the origin. The heads of anions are taken 0.4 Å below their sites,
        where carboxylates stand on {100} faces of CsPbBr3.
    """
    charge = float(body.molecule.charge)
    own = float(body.molecule.charges @ body.body[:, 2])
    lift = _ANION_LIFT if charge < 0 else 0.0
    share = max(1, abs(round(charge)))
    lost = np.where(replaced, anchors.charge * share, 0.0)
    moments: FloatArray = (charge - lost)[:, None] * anchors.positions
    return moments + (charge * lift + own) * anchors.normals
