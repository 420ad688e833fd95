"""Neutral side faces: the dipole counts spacers where their charge is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heterobuild.coherent.draft import neutral

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
    return neutral(draft, policy, seed=seed, where=where, directions=directions)


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
    return framework.charge_centres
