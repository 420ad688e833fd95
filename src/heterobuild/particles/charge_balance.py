"""Units that may change at a surface, and the choice among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.labels import Site
from heterobuild.model import LedgerEntry

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.model import Step

_FULL = {Site.A: 8, Site.X: 2, Site.SPACER: 4}


@dataclass(frozen=True, kw_only=True, eq=False)
class Candidates:
    """The units at a surface that may go, and the vacant sites that may be filled.

    Parameters
    ----------
    points : (m, 3) float array
        Centres in Å, about the origin that the dipole is given about.
    charge : (m,) float array
        Formal charge in e of the unit that stands or would stand there.
    species : (m,) int array
        What it is, from 0 into `names`.
    names : tuple of str
        Elements or molecules.
    site : (m,) int array
        Codes of `heterobuild.labels.Site`.
    bonds : (m,) int array
        Kept neighbours: B atoms around the cage of an A site, B atoms bonded to an X site.
    present : (m,) bool array
        True where the unit stands and can go, False where the site is vacant and can be filled.
    full : (m,) int array or None, optional
        Number of neighbours inside the crystal. By default 8 of A, 2 of X and 4 of spacers, as
        in perovskites and their layered relatives.
    """

    points: FloatArray
    charge: FloatArray
    species: IntArray
    names: tuple[str, ...]
    site: IntArray
    bonds: IntArray
    present: BoolArray
    full: IntArray | None = None

    @property
    def effect(self) -> FloatArray:
        """Change of the total charge in e that the change of each unit makes, shape (m,)."""
        charge = np.round(self.charge, 6)
        return np.where(self.present, -charge, charge)

    @property
    def bonds_inside(self) -> IntArray:
        """Neighbours that each unit has inside the crystal, shape (m,)."""
        if self.full is not None:
            return self.full
        table = np.zeros(max(Site) + 1, dtype=np.int64)
        table[list(_FULL)] = list(_FULL.values())
        return table[self.site]


@dataclass(frozen=True, kw_only=True, eq=False)
class Balance:
    """What was chosen.

    Parameters
    ----------
    removed, added : (n,) int array
        Candidates to take away and to fill, ascending. Of
        `heterobuild.particles.site_neutrality.neutralise_sites` these are sites of the block.
    entries : tuple of LedgerEntry
        The same by species and kind of site.
    step : Step
        Policy and numbers.
    charge_left : float
        Formal charge in e after the change of ions; not zero only for the policy ``ligands``.
    ligand_charges : int
        How many charges of +1 (or of −1, where negative) the ligands must bring.
    dipole : (3,) float array
        Dipole in e·Å of point charges after the change; about the given origin where a charge
        is left, and free of it else. Components that do not count are nan.
    """

    removed: IntArray
    added: IntArray
    entries: tuple[LedgerEntry, ...]
    step: Step
    charge_left: float
    ligand_charges: int
    dipole: FloatArray


def ledger_entries(
    candidates: Candidates, index: IntArray, *, where: str, policy: str, why: str = "neutrality"
) -> tuple[LedgerEntry, ...]:
    """Count changed units by action, kind of site and species.

    Parameters
    ----------
    candidates : Candidates
        The candidates.
    index : (n,) int array
        Those that change.
    where, policy : str
        Place and policy, for the entries.
    why : str, optional
        Reason, for the entries.

    Returns
    -------
    tuple of LedgerEntry
        Additions first, then by code of the site and of the species.
    """
    keys = np.column_stack(
        [candidates.present[index], candidates.site[index], candidates.species[index]]
    )
    kinds, kind = np.unique(keys.astype(np.int64), axis=0, return_inverse=True)
    charge = np.bincount(kind.reshape(-1), weights=candidates.effect[index], minlength=len(kinds))
    count = np.bincount(kind.reshape(-1), minlength=len(kinds))
    return tuple(
        LedgerEntry(
            action="removed" if present else "added",
            species=candidates.names[species],
            site=Site(site).name,
            count=int(count[row]),
            charge=float(charge[row]),
            where=where,
            why=f"{why}: {policy}",
        )
        for row, (present, site, species) in enumerate(kinds.tolist())
    )
