"""Draw the shares of mixed sites in a cell whose number of sites is known: exact counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from ase.data import atomic_numbers

from heterobuild.alloys.counts import (
    Composition,
    check_shares,
    counts_by_bin,
)
from heterobuild.alloys.exchange import exchange_units
from heterobuild.alloys.mixed_sites import mixed_sites, site_counts
from heterobuild.alloys.patterns import parse_rule, spread
from heterobuild.errors import UsageError
from heterobuild.model import Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ase import Atoms

    from heterobuild.alloys.mixed_sites import MixedSites
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Mixture, Molecule


def decorate(
    atoms: Atoms,
    molecules: tuple[Molecule, ...],
    mixtures: Sequence[Mixture],
    *,
    rule: str = "random",
    rng: np.random.Generator,
    lattice: FloatArray | None = None,
    targets: Sequence[FloatArray | None] | None = None,
) -> tuple[Atoms, tuple[Molecule, ...], tuple[str, ...], Step]:
    """Give every site of the mixtures one ion; the numbers of ions are exact.

    Every rigid unit that has the role and the name of a mixture's parent is one of its sites.
    The number of ions of each kind is the wanted share of the sites, rounded by largest
    remainder; what rounding changes is in the step.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms that hold the parents; left unchanged.
    molecules : tuple of Molecule
        The table that the array ``kind`` counts into.
    mixtures : sequence of Mixture
        The mixed sites.
    rule : str, optional
        ``random``; ``sqs``, a special quasirandom structure; ``rock-salt``, neighbours differ;
        ``planes 001``, whole planes across a direction of the lattice; ``rows 100``, whole rows
        along an axis. See `heterobuild.alloys.patterns.spread`.
    rng : numpy.random.Generator
        Generator of the rules random and sqs.
    lattice : (3, 3) float array, optional
        Lattice of the ordered rules in Å, rows: the pseudo-cubic axes. The cell of the atoms by
        default.
    targets : sequence of (m, k) float array or None, optional
        A profile in space for a mixture: the wanted shares at each of its sites, in the order of
        `mixed_sites`. Sites with the same shares form a bin with exact counts, and the rest
        of rounding is carried from bin to bin. Random rule only.

    Returns
    -------
    atoms : ase.Atoms
        Labelled atoms in the order of the old ones.
    molecules : tuple of Molecule
        The table, with new kinds.
    placed : tuple of str
        Molecules that were put in the orientation of the library and are to be oriented.
    step : Step
        The counts, asked and got, by kind of site.

    Raises
    ------
    UsageError
        If shares do not sum to one, ions have different charges, the atoms have no such sites,
        a spacer would be replaced, or a pattern does not fit into the cell.
    UnknownNameError
        If an ion or a rule is not known.
    MissingExtraError
        If the rule sqs lacks its package.
    """
    parse_rule(rule)
    found = [mixed_sites(atoms, molecules, mixture) for mixture in mixtures]
    chosen: list[IntArray] = []
    compositions: list[Composition] = []
    for sites, profile in zip(found, targets or [None] * len(found), strict=True):
        asked = sites.shares
        if profile is None:
            choice = spread(
                rule, site_counts(sites), sites.centres, atoms, lattice=lattice, rng=rng
            )
        else:
            asked = np.asarray(profile, dtype=np.float64).mean(axis=0)
            choice = _from_profile(profile, sites, rng)
        chosen.append(choice)
        compositions.append(
            Composition(
                site=sites.mixture.site,
                ions=tuple(sites.ions),
                asked=tuple(float(share) for share in asked),
                counts=tuple(np.bincount(choice, minlength=len(asked)).tolist()),
            )
        )
    made, table = _exchange(atoms, molecules, found, chosen)
    placed = (
        ion
        for sites in found
        for ion in sites.ions
        if ion not in atomic_numbers and ion != sites.mixture.parent
    )
    return made, table, tuple(dict.fromkeys(placed)), composition_step(compositions, rule)


def composition_step(found: Sequence[Composition], rule: str) -> Step:
    """Tell the numbers of ions on mixed sites, and what rounding changed.

    Parameters
    ----------
    found : sequence of Composition
        By kind of site.
    rule : str
        How they were distributed.

    Returns
    -------
    Step
        The step "composition".
    """
    words: list[str] = []
    values: dict[str, object] = {}
    for entry in found:
        rows = list(zip(entry.ions, entry.counts, entry.asked, entry.got, strict=True))
        ions = ", ".join(
            f"{ion} {n}"
            + ("" if abs(asked - got) < 5e-7 else f" (asked {asked:.6g}, got {got:.4g})")
            for ion, n, asked, got in rows
        )
        words.append(f"{entry.total} {entry.site} sites: {ions}")
        values[f"{entry.site} {'+'.join(entry.ions)}"] = {
            "sites": entry.total,
            "counts": {ion: n for ion, n, _, _ in rows},
            "asked": {ion: round(asked, 9) for ion, _, asked, _ in rows},
            "got": {ion: got for ion, _, _, got in rows},
            "rule": rule,
        }
    values["largest_rounding"] = round(max((entry.error for entry in found), default=0.0), 9)
    return Step(name="composition", choice=f"{'; '.join(words)}; {rule}", values=values)


def largest_rounding(step: Step) -> float:
    """Return by how much rounding changed a share at most.

    Parameters
    ----------
    step : Step
        A step "composition".

    Returns
    -------
    float
        Difference of a share got from the share asked.
    """
    value = step.values.get("largest_rounding")
    return value if isinstance(value, float) else 0.0


def _exchange(
    atoms: Atoms,
    molecules: tuple[Molecule, ...],
    found: Sequence[MixedSites],
    chosen: Sequence[IntArray],
) -> tuple[Atoms, tuple[Molecule, ...]]:
    """Replace the parents that become something else, on all mixed sites at once."""
    species: list[str] = []
    places, choices = [], []
    for sites, choice in zip(found, chosen, strict=True):
        changed = choice != sites.ions.index(sites.mixture.parent)
        places.append(sites.first[changed])
        choices.append(choice[changed] + len(species))
        species += sites.ions
    charges = np.concatenate([sites.charges for sites in found]).tolist()
    return exchange_units(
        atoms,
        molecules,
        np.concatenate(places),
        species=species,
        choice=np.concatenate(choices),
        charges=charges,
    )


def _from_profile(targets: FloatArray, sites: MixedSites, rng: np.random.Generator) -> IntArray:
    """Draw the ion of each site where the wanted shares change in space."""
    if sites.excess.any():
        raise UsageError(
            "a profile holds ions of one charge",
            where=f"{sites.mixture.site} sites of {sites.mixture.parent}",
            next_step="distribute pairs of other charges at random",
        )
    shares = np.round(np.asarray(targets, dtype=np.float64), 9)
    if shares.shape != (len(sites.first), len(sites.ions)):
        raise ValueError(f"{len(sites.first)} sites and {len(sites.ions)} ions: {shares.shape}")
    rows, bins = np.unique(shares, axis=0, return_inverse=True)
    for row in rows:
        check_shares(row.tolist(), "the profile")
    bins = bins.reshape(-1)
    counts = counts_by_bin(shares, bins)
    order = np.lexsort((rng.random(len(bins)), bins))
    choice = np.empty(len(bins), dtype=np.int64)
    choice[order] = np.repeat(np.tile(np.arange(shares.shape[1]), len(counts)), counts.ravel())
    return choice
