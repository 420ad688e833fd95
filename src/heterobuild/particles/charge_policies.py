"""The named ways to make a particle neutral, and how many ions of which charge each one takes.

=========== ===========================================================================
policy      what it does
=========== ===========================================================================
`remove-A`  takes away A cations (and spacers) of the surface, the least bound first
`add-A`     fills vacant A sites at the surface, those with most neighbours first
`remove-X`  takes away terminal halides
`add-X`     puts halides on vacant terminal sites
`ligands`   changes no ion and says what charge the ligands must bring
`refuse`    raises an error if there is a charge
`auto`      `remove-A`, else `add-X`, from a positive particle; `add-A`, else `remove-X`,
            from a negative one
=========== ===========================================================================

`auto` takes cations first because that leaves every octahedron whole: a halide taken from an AX
surface leaves a metal with five neighbours, which binds ligands and traps electrons, while the
A sites of real surfaces are filled in part, or hold ammonium. Where no cation of the surface can
go, as on a BX2 surface whose cages are all whole, halides complete the octahedra. A negative
charge is met by filling A sites at the surface; where there are too few, terminal halides go.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.labels import Site

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heterobuild.arrays import BoolArray, FloatArray, IntArray

CHARGE_TOLERANCE = 1e-6
"""Charges in e nearer to zero are zero; formal charges are sums of whole numbers."""


@dataclass(frozen=True, kw_only=True)
class IonPolicy:
    """A policy that changes ions.

    Parameters
    ----------
    adds : bool
        Whether vacant sites are filled; occupied ones are emptied else.
    sites : tuple of Site
        Kinds of site that may change.
    """

    adds: bool
    sites: tuple[Site, ...]


ION_POLICIES: Mapping[str, IonPolicy] = MappingProxyType(
    {
        "remove-A": IonPolicy(adds=False, sites=(Site.A, Site.SPACER)),
        "add-A": IonPolicy(adds=True, sites=(Site.A, Site.SPACER)),
        "remove-X": IonPolicy(adds=False, sites=(Site.X,)),
        "add-X": IonPolicy(adds=True, sites=(Site.X,)),
    }
)

POLICIES = (*ION_POLICIES, "auto", "ligands", "refuse")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How many units of each charge to change.

    Parameters
    ----------
    counts : mapping of float to int
        Number of units by the change of the total charge in e that each one makes.
    left : float
        Total charge in e after all of them.
    """

    counts: Mapping[float, int]
    left: float

    @property
    def neutral(self) -> bool:
        """Whether no charge is left."""
        return abs(self.left) < CHARGE_TOLERANCE


def order_of(policy: str, total: float) -> tuple[str, ...]:
    """Return the policies to try, in order of preference.

    Parameters
    ----------
    policy : str
        Name of a policy that changes ions, or ``auto``.
    total : float
        Formal charge in e.

    Returns
    -------
    tuple of str
        Names in `ION_POLICIES`.

    Examples
    --------
    >>> order_of("auto", -8.0)
    ('add-A', 'remove-X')
    """
    if policy != "auto":
        return (policy,)
    return ("remove-A", "add-X") if total > 0 else ("add-A", "remove-X")


def plan_counts(total: float, effect: FloatArray, cost: FloatArray) -> Plan:
    """Find how many units of each charge bring the total nearest to zero at least cost.

    The counts are exact: of one charge the answer is a division; of several, all counts around
    the best fractional ones are compared, far enough from them to hold the best whole ones
    (10.1145/96559.96597).

    Parameters
    ----------
    total : float
        Formal charge in e.
    effect : (m,) float array
        Change of the total in e by each unit that may change.
    cost : (m,) float array
        Cost of each unit, such as the bonds that break.

    Returns
    -------
    Plan
        Counts by charge; those of least charge left, then of least cost, then of fewest units.

    Examples
    --------
    >>> plan_counts(3.0, np.array([-2.0, -2.0, -1.0]), np.array([1.0, 1.0, 1.0]))
    Plan(counts={-2.0: 1, -1.0: 1}, left=0.0)
    """
    use = effect * total < 0
    values = np.unique(effect[use])
    if not len(values) or abs(total) < CHARGE_TOLERANCE:
        return Plan(counts={}, left=total)
    prefix = [np.append(0, np.cumsum(np.sort(cost[use & (effect == v)]))) for v in values]
    available = np.array([len(sums) - 1 for sums in prefix])
    near = _fractional(total, effect[use], cost[use], values)
    whole = np.rint(np.abs(values) / CHARGE_TOLERANCE).astype(np.int64)
    reach = len(values) * int(whole.max() // np.gcd.reduce(whole)) if len(values) > 1 else 1
    ranges = [
        range(max(0, n - reach), min(have, n + reach) + 1)
        for n, have in zip(near.tolist(), available.tolist(), strict=True)
    ]
    trials = np.array(list(product(*ranges)))
    left = np.round(total + trials @ values, 9)
    costs = sum(sums[trials[:, k]] for k, sums in enumerate(prefix))
    best = np.lexsort((trials.sum(axis=1), np.round(costs, 9), np.abs(left)))[0]
    counts = dict(zip(values.tolist(), trials[best].tolist(), strict=True))
    return Plan(counts={v: n for v, n in counts.items() if n}, left=float(left[best]))


def _fractional(total: float, effect: FloatArray, cost: FloatArray, values: FloatArray) -> IntArray:
    """Return the counts that units in order of their cost for each charge would need."""
    size = np.abs(effect)
    order = np.argsort(cost / size, kind="stable")
    enough = int(np.searchsorted(np.cumsum(size[order]), abs(total) - CHARGE_TOLERANCE)) + 1
    taken = effect[order[:enough]]
    counts: IntArray = np.array([np.count_nonzero(taken == v) for v in values], dtype=np.int64)
    return counts


def usable(
    policy: IonPolicy, *, site: IntArray, present: BoolArray, bonds: IntArray, full: IntArray
) -> BoolArray:
    """Tell which candidates a policy may change.

    Parameters
    ----------
    policy : IonPolicy
        The policy.
    site : (m,) int array
        Codes of `heterobuild.labels.Site`.
    present : (m,) bool array
        Whether the ion stands there.
    bonds, full : (m,) int array
        Kept neighbours, and the number that a unit inside has.

    Returns
    -------
    (m,) bool array
        True for those; units with all their neighbours are never taken away.
    """
    role = np.isin(site, policy.sites)
    return role & ~present if policy.adds else role & present & (bonds < full)
