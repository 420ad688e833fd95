"""Refuse mixtures of spacers that are mirror images: racemates have crystals of their own."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from ase.data import atomic_numbers

from heterobuild.alloys.exchange import known_molecule
from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from heterobuild.model import Compound


def refuse_racemates(compound: Compound) -> None:
    """Refuse a compound with spacers of both hands.

    The crystals of the two hands have the same cell, so that a mean of them would look like a
    chiral crystal of one hand, which no racemate is.

    Parameters
    ----------
    compound : Compound
        A mixed compound.

    Raises
    ------
    UsageError
        If two of its spacers are mirror images.
    UnknownNameError
        If a spacer is not known.

    Examples
    --------
    >>> from heterobuild.chemistry.compounds import parse_compound
    >>> refuse_racemates(parse_compound("(PEA)(R-MBA)PbI4"))
    """
    names = [name for name, _ in compound.on("spacer").amounts if name not in atomic_numbers]
    smiles = {name: known_molecule(name).smiles for name in names}
    for first, second in combinations(names, 2):
        if "@" in smiles[first] and smiles[second] == mirrored(smiles[first]):
            raise UsageError(
                f"{first} and {second} are mirror images: their mixture is no alloy of the two "
                "chiral crystals but a racemate, which has a phase of its own",
                where=compound.formula,
                next_step="give the racemate as a CIF file, or take the crystal of one hand",
            )


def mirrored(smiles: str) -> str:
    """Invert all tetrahedral stereocentres of a SMILES.

    Parameters
    ----------
    smiles : str
        The SMILES.

    Returns
    -------
    str
        That of the mirror image, the atoms in the same order.

    Examples
    --------
    >>> mirrored("C[C@@H]([NH3+])c1ccccc1"), mirrored("CCC[NH3+]")
    ('C[C@H]([NH3+])c1ccccc1', 'CCC[NH3+]')
    """
    return "@".join(part.replace("@", "@@") for part in smiles.split("@@"))
