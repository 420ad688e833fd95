"""Bond-valence sums and the global instability index.

The valence of a bond of length R between a cation and a halide is exp((r0 − R) / b) (Brown and
Altermatt 1985, 10.1107/S0108768185002063), with the parameters of
``structures/bond_valence.toml``. The sum over the bonds of an ion should equal the amount of its
formal charge. Molecular cations are left out: their charge reaches the halides through hydrogen
bonds, for which the model has no parameters of the same kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from ase.data import chemical_symbols

from heterobuild.data_files import read_toml
from heterobuild.labels import CHARGE, MOLECULE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Confidence, Crystal

SOFTNESS = 0.37
"""Å; b of bonds whose entry names none, the universal value of Brown and Altermatt."""

CUTOFF = 6.0
"""Å; the longest tabulated bond (Cs–I) has a valence below 0.0005 there."""


@dataclass(frozen=True, kw_only=True)
class BondValence:
    """The parameters of one kind of bond.

    Parameters
    ----------
    r0, b : float
        In Å; the valence is exp((r0 − R) / b).
    source, doi : str
        Where they come from; the DOI is empty where unknown.
    confidence : {"high", "medium", "low"}
        Trust in the values.
    """

    r0: float
    b: float
    source: str
    doi: str
    confidence: Confidence


@dataclass(frozen=True, kw_only=True, eq=False)
class BondValenceSums:
    """Bond-valence sums of the ions of one crystal.

    Parameters
    ----------
    atoms : (n,) int array
        The single ions, as places in the atoms of the crystal; atoms of molecules are left out.
    sums : (n,) float array
        Sum of the bond valences of each, in valence units; positive for anions, too. nan where
        a bond has no parameters. Halides beside molecules lack what the molecules give.
    charges : (n,) float array
        Formal charge of each in e.
    symbols : tuple of str
        Element of each.
    global_instability_index : float or None
        Root mean square of sum − |charge| over all ions, in valence units (Salinas-Sanchez and
        others 1992, 10.1016/0022-4596(92)90094-C). None where molecules or bonds without
        parameters take part, because the sums of their neighbours are then too low.
    missing : tuple of str
        Bonds shorter than `CUTOFF` that have no parameters, such as ``Mg2-O``.
    molecules : tuple of str
        Molecules that are left out.
    """

    atoms: IntArray
    sums: FloatArray
    charges: FloatArray
    symbols: tuple[str, ...]
    global_instability_index: float | None
    missing: tuple[str, ...]
    molecules: tuple[str, ...]

    @property
    def by_element(self) -> dict[str, tuple[float, float]]:
        """Mean sum and formal charge of each element whose bonds all have parameters."""
        symbols, known = np.array(self.symbols), np.isfinite(self.sums)
        return {
            symbol: (
                float(self.sums[symbols == symbol].mean()),
                float(self.charges[symbols == symbol].mean()),
            )
            for symbol in dict.fromkeys(self.symbols)
            if known[symbols == symbol].all()
        }


@cache
def bond_valence_table() -> Mapping[tuple[str, int, str], BondValence]:
    """Return all parameters.

    Returns
    -------
    mapping of (str, int, str) to BondValence
        By cation, its charge in e, and halide; read-only.

    Examples
    --------
    >>> bond_valence_table()["Cs", 1, "Br"].r0
    2.95
    """
    content = read_toml("bond_valence.toml")
    sources = content["sources"]
    table = {}
    for ion, halides in content["bonds"].items():
        cation = ion.rstrip("0123456789")
        charge = int(ion.removeprefix(cation))
        for halide, entry in halides.items():
            source = sources[entry["from"]]
            table[cation, charge, halide] = BondValence(
                r0=float(entry["r0"]),
                b=float(entry.get("b", SOFTNESS)),
                source=source["citation"],
                doi=source.get("doi", ""),
                confidence=entry["confidence"],
            )
    return MappingProxyType(table)


def bond_valence_sums(crystal: Crystal) -> BondValenceSums:
    """Return the bond-valence sums of all single ions of a crystal.

    Parameters
    ----------
    crystal : Crystal
        A crystal with atoms.

    Returns
    -------
    BondValenceSums
        Sums, formal charges, the global instability index, and what was left out. Sites that
        several ions share count with the parent that the atoms hold.

    Raises
    ------
    MissingAtomsError
        If only the cell of the crystal is known.

    Examples
    --------
    >>> from heterobuild import load_crystal
    >>> found = bond_valence_sums(load_crystal("PbI2"))
    >>> {symbol: round(valence, 2) for symbol, (valence, _) in found.by_element.items()}
    {'Pb': 2.07, 'I': 1.04}
    """
    atoms = crystal.require_atoms()
    ions = np.flatnonzero(atoms.arrays[MOLECULE] == 0)
    charges = np.asarray(atoms.arrays[CHARGE], dtype=np.float64)
    cations, anions, lengths = _bonds(atoms)
    valences, missing = _valences(atoms.numbers, charges, cations, anions, lengths)
    ends = np.concatenate([cations, anions])
    sums: FloatArray = np.zeros(len(atoms))
    np.add.at(sums, ends, np.concatenate([valences, valences]))
    molecules = tuple(molecule.name for molecule in crystal.molecules)
    complete = bool(len(ions)) and not missing and not molecules
    off = sums[ions] - np.abs(charges[ions])
    return BondValenceSums(
        atoms=ions,
        sums=sums[ions],
        charges=charges[ions],
        symbols=tuple(chemical_symbols[z] for z in atoms.numbers[ions]),
        global_instability_index=float(np.sqrt(np.mean(off**2))) if complete else None,
        missing=missing,
        molecules=molecules,
    )


def _bonds(atoms: Atoms) -> tuple[IntArray, IntArray, FloatArray]:
    """Return cation, anion and length of all pairs of single ions within the cut-off."""
    from vesin import NeighborList

    finder = NeighborList(cutoff=CUTOFF, full_list=True)
    first, second, lengths = finder.compute(
        points=atoms.positions, box=atoms.cell.array, periodic=atoms.pbc, quantities="ijd"
    )
    charges, single = atoms.arrays[CHARGE], atoms.arrays[MOLECULE] == 0
    keep = single[first] & single[second] & (charges[first] > 0) & (charges[second] < 0)
    return first[keep].astype(np.int64), second[keep].astype(np.int64), lengths[keep]


def _valences(
    numbers: IntArray,
    charges: FloatArray,
    cations: IntArray,
    anions: IntArray,
    lengths: FloatArray,
) -> tuple[FloatArray, tuple[str, ...]]:
    """Return the valence of each bond, nan where there are no parameters, and those kinds."""
    table = bond_valence_table()
    kinds = np.stack([numbers[cations], np.rint(charges[cations]), numbers[anions]], axis=1)
    found, kind = np.unique(kinds.astype(np.int64), axis=0, return_inverse=True)
    r0, b = np.full(len(found), np.nan), np.ones(len(found))
    missing = []
    for i, (cation, charge, anion) in enumerate(found.tolist()):
        name = chemical_symbols[cation], charge, chemical_symbols[anion]
        if name in table:
            r0[i], b[i] = table[name].r0, table[name].b
        else:
            missing.append(f"{name[0]}{charge}-{name[2]}")
    kind = kind.reshape(-1)
    return np.exp((r0[kind] - lengths) / b[kind]), tuple(missing)
