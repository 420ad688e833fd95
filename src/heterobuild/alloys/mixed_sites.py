"""Where the sites of a mixture are in labelled atoms, and the charges of the ions on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from ase.data import atomic_numbers

from heterobuild.alloys.counts import check_shares, whole_counts
from heterobuild.alloys.exchange import ion_charge, units_of
from heterobuild.errors import UsageError
from heterobuild.geometry.rigid import unit_centres
from heterobuild.labels import CHARGE, Site, units

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Mixture, Molecule


@dataclass(frozen=True, kw_only=True, eq=False)
class MixedSites:
    """The sites of one mixture in labelled atoms.

    Parameters
    ----------
    mixture : Mixture
        The mixture.
    first : (m,) int array
        First atom of each unit.
    centres : (m, 3) float array
        Centres in Å.
    charges : (k,) float array
        Formal charge of each ion in e.
    excess : (k,) float array
        The same less the charge of the parent.
    """

    mixture: Mixture
    first: IntArray
    centres: FloatArray
    charges: FloatArray
    excess: FloatArray

    @property
    def shares(self) -> FloatArray:
        """Wanted shares of the ions, shape (k,)."""
        return np.array([share for _, share in self.mixture.shares])

    @property
    def ions(self) -> list[str]:
        """The ions."""
        return [ion for ion, _ in self.mixture.shares]


def site_counts(sites: MixedSites, cells: int = 1) -> IntArray:
    """Return how many sites each ion takes.

    Parameters
    ----------
    sites : MixedSites
        The sites of a mixture.
    cells : int, optional
        Copies of the atoms that hold them.

    Returns
    -------
    (k,) int array
        Whole numbers, see `heterobuild.alloys.counts.whole_counts`.
    """
    return whole_counts(sites.shares, cells * len(sites.first), sites.excess)


def mixed_sites(atoms: Atoms, molecules: tuple[Molecule, ...], mixture: Mixture) -> MixedSites:
    """Find the sites of a mixture, and the charges of its ions.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms that hold the parents.
    molecules : tuple of Molecule
        The table that the array ``kind`` counts into.
    mixture : Mixture
        The mixed sites.

    Returns
    -------
    MixedSites
        The sites, in the order of the atoms.

    Raises
    ------
    UsageError
        If the atoms have no such sites, the shares do not sum to one, the ions would change the
        charge, or molecules would share sites without a cage.
    UnknownNameError
        If an ion is not known.
    """
    where = f"{mixture.site} sites of {mixture.parent}"
    check_shares([share for _, share in mixture.shares], where)
    bound = [ion for ion, _ in mixture.shares if ion not in atomic_numbers]
    if bound and Site[mixture.site] != Site.A:
        raise UsageError(
            f"{' and '.join(bound)} cannot share {mixture.site} sites",
            where=where,
            allowed="molecules on A sites, where a cage holds each",
            next_step="mix the A, B or X sites, or take one spacer",
        )
    first = units_of(atoms, molecules, mixture.site, mixture.parent)
    if not len(first):
        raise UsageError(
            f"the atoms hold no {mixture.parent} on {mixture.site} sites",
            next_step="take the crystal as it was mixed",
        )
    unit = units(atoms)
    own = round(float(atoms.arrays[CHARGE][unit == unit[first[0]]].sum()), 6)
    charges = np.array([ion_charge(ion, own) for ion, _ in mixture.shares])
    excess = charges - own
    if abs(float(excess @ [share for _, share in mixture.shares])) > 1e-6 or (
        len(np.unique(np.abs(excess[excess != 0]))) > 1
    ):
        raise UsageError(
            "ions that share sites change the charge",
            where=where,
            measured=", ".join(
                f"{ion} {charge:+g} e"
                for (ion, _), charge in zip(mixture.shares, charges, strict=True)
            ),
            allowed=f"{own:+g} e, or equal shares below and above",
            next_step="add the ion as a dopant with a named compensation",
        )
    centres = unit_centres(atoms.positions, atoms.numbers, unit)[unit[first]]
    return MixedSites(mixture=mixture, first=first, centres=centres, charges=charges, excess=excess)
