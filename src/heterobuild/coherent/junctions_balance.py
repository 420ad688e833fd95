"""Neutral side faces: the dipole counts spacers where their charge is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.coherent.draft import neutral
from heterobuild.labels import CHARGE, Site

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray
    from heterobuild.coherent.draft import Draft
    from heterobuild.frameworks.framework import Framework


def neutral_faces(
    draft: Draft, policy: str, *, seed: int, where: str, directions: BoolArray
) -> Draft:
    """Bring a draft with free side faces to zero charge.

    A spacer counts at the centre of its charge, an ammonium group far from the middle of the
    molecule, so that the dipole made least is the one that the checks measure.

    Parameters
    ----------
    draft : Draft
        The draft; left unchanged.
    policy : str
        See `heterobuild.particles.charge_policies`.
    seed : int
        Decides between equals.
    where : str
        Place, for the ledger.
    directions : (3,) bool array
        Components of the dipole that count.

    Returns
    -------
    Draft
        The neutral draft.
    """
    block = draft.sites.block
    centres = charge_centres(block.framework)
    moved = replace(block, framework=replace(block.framework, centres=centres))
    found = neutral(
        replace(draft, sites=replace(draft.sites, block=moved)),
        policy,
        seed=seed,
        where=where,
        directions=directions,
    )
    return replace(found, sites=replace(found.sites, block=block))


def charge_centres(framework: Framework) -> FloatArray:
    """Return where the charge of each unit is: of spacers their centre of charge.

    Parameters
    ----------
    framework : Framework
        The framework.

    Returns
    -------
    (u, 3) float array
        Points in Å.
    """
    atoms = framework.crystal.require_atoms()
    charge = atoms.arrays[CHARGE]
    total = np.bincount(framework.unit, charge)
    moment = [np.bincount(framework.unit, charge * column) for column in atoms.positions.T]
    spacers = (framework.site == Site.SPACER) & (np.abs(total) > 0.5)
    centres: FloatArray = framework.centres.copy()
    centres[spacers] = np.stack(moment, axis=1)[spacers] / total[spacers, None]
    return centres
