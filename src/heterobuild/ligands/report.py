"""What was done with ligands: the ledger of charges, and the step with its numbers."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
from ase.data import chemical_symbols

from heterobuild.labels import KIND
from heterobuild.ligands.anchors import place_names
from heterobuild.ligands.sites import ligand_role
from heterobuild.model import LedgerEntry, Step

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.ligands.anchors import Anchors
    from heterobuild.ligands.search import Placement
    from heterobuild.ligands.sites import LigandChoice
    from heterobuild.model import Molecule


def ligand_ledger(
    atoms: Atoms,
    molecules: tuple[Molecule, ...],
    anchors: Anchors,
    choice: LigandChoice,
    where: str,
) -> tuple[LedgerEntry, ...]:
    """Return one entry for each kind of ligand and of ions that it replaces.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled particle before.
    molecules : tuple of Molecule
        Its molecules.
    anchors : Anchors
        Sites of its surface.
    choice : LigandChoice
        Which ligand went to which site.
    where : str
        Place for the entries.

    Returns
    -------
    tuple of LedgerEntry
        By ligand, then by ion. The charges are the exact changes of the total.
    """
    counts: Counter[tuple[int, str, float]] = Counter()
    for kind, row in zip(choice.kind.tolist(), choice.emptied.tolist(), strict=True):
        sites = [site for site in row if site >= 0 and anchors.atom[site] >= 0]
        names = Counter(_name_at(atoms, molecules, int(anchors.atom[site])) for site in sites)
        text = " + ".join(f"{n} {name}" if n > 1 else name for name, n in sorted(names.items()))
        lost = sum(float(anchors.charge[site]) for site in sites)
        counts[kind, text, lost] += 1
    entries = []
    for (kind, replaced, lost), count in sorted(counts.items()):
        molecule = choice.molecules[kind]
        entries.append(
            LedgerEntry(
                action="exchanged" if replaced else "added",
                species=f"{replaced} → {molecule.name}" if replaced else molecule.name,
                site=_site(molecule, anchors, choice),
                count=count,
                charge=count * (float(molecule.charge) - lost),
                where=where,
                why="neutrality: ligands" if choice.pockets else "ligands asked for",
            )
        )
    return tuple(entries)


def _site(molecule: Molecule, anchors: Anchors, choice: LigandChoice) -> str:
    """Return the role of the sites that a ligand takes, LIGAND where it takes no ion's place."""
    if choice.pockets:
        return str(anchors.role[choice.site[0]])
    return ligand_role(molecule)[-1] if round(molecule.charge) else "LIGAND"


def _name_at(atoms: Atoms, molecules: tuple[Molecule, ...], atom: int) -> str:
    """Return the element of an ion, or the name of a molecule."""
    kind = int(atoms.arrays[KIND][atom])
    return molecules[kind - 1].name if kind else chemical_symbols[atoms.numbers[atom]]


def ligand_step(
    choice: LigandChoice,
    anchors: Anchors,
    placement: Placement | None,
    ratios: tuple[float, float],
) -> Step:
    """Return the numbers of the ligands.

    Parameters
    ----------
    choice : LigandChoice
        Which ligand went to which site.
    anchors : Anchors
        Sites of the surface.
    placement : Placement or None
        Where they are; None without ligands.
    ratios : tuple of float
        Smallest contact as a fraction of the sum of van der Waals radii, and the same for
        hydrogen bonds.

    Returns
    -------
    Step
        Named ``ligands``.
    """
    counts = np.bincount(choice.kind, minlength=len(choice.molecules)).tolist()
    named = {m.name: n for m, n in zip(choice.molecules, counts, strict=True)}
    values: dict[str, object] = {"counts": named, "coverage": round(choice.coverage, 6)}
    if placement is None:
        return Step(name="ligands", choice="no ligands", values=values)
    tilt = placement.tilt
    values |= {
        "places": dict(sorted(Counter(place_names(anchors.exposure[choice.site])).items())),
        "tilt_deg": [float(tilt.min()), float(tilt.max())],
        "lift_A": [round(float(placement.lift.min()), 3), round(float(placement.lift.max()), 3)],
        "contact_ratio": _rounded(ratios[0]),
        "hydrogen_bond_ratio": _rounded(ratios[1]),
        "placed_again": placement.moved,
    }
    text = ", ".join(f"{n} {name}" for name, n in named.items())
    choice_text = (
        f"{text}; coverage {choice.coverage:.2f}; {_nearest_words(ratios)}, tails within "
        f"{tilt.max():.0f}° of the normal"
    )
    return Step(name="ligands", choice=choice_text, values=values)


def _nearest_words(ratios: tuple[float, float]) -> str:
    """Say how near the nearest contact is, of hydrogen bonds where there is no other."""
    for ratio, kind in zip(ratios, ("contact", "hydrogen bond"), strict=True):
        if np.isfinite(ratio):
            return f"shortest {kind} {ratio:.2f} of the van der Waals sum"
    return "nothing else near them"


def _rounded(ratio: float) -> float | None:
    """Return a ratio for JSON, None where nothing is near."""
    return round(ratio, 4) if np.isfinite(ratio) else None
