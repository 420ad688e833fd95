"""Formal charges of the ions of a user's structure, assigned so that they can be said."""

from __future__ import annotations

import warnings
from itertools import product
from math import gcd
from typing import TYPE_CHECKING

import numpy as np
from ase.data import chemical_symbols

from heterobuild.chemistry.ions import charge_table
from heterobuild.labels import CHARGE, KIND, MOLECULE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ase import Atoms

    from heterobuild.arrays import IntArray
    from heterobuild.model import Molecule

STATES: Mapping[str, tuple[int, ...]] = {
    "Ag": (1, 2),
    "Au": (1, 3),
    "Bi": (3, 5),
    "Ce": (3, 4),
    "Co": (2, 3),
    "Cr": (3, 2, 6),
    "Cu": (1, 2),
    "Eu": (2, 3),
    "Fe": (2, 3),
    "Ge": (2, 4),
    "Hg": (2, 1),
    "In": (3, 1),
    "Mn": (2, 3, 4),
    "Mo": (6, 4),
    "Ni": (2, 3),
    "Pb": (2, 4),
    "Pd": (2, 4),
    "Pt": (4, 2),
    "S": (-2, 4, 6),
    "Sb": (3, 5),
    "Sm": (3, 2),
    "Sn": (2, 4),
    "Ti": (4, 3, 2),
    "Tl": (1, 3),
    "V": (5, 4, 3, 2),
    "W": (6, 4),
    "Yb": (3, 2),
}
"""Oxidation states that are tried where the usual one does not balance, likelier first."""

LARGEST_UNIT = 30
"""Most atoms of a formula unit whose charges are guessed."""

_LARGEST = 8
_EXACT = 1e-6


def balance(ions: Mapping[str, int], rest: float) -> tuple[dict[str, float], str]:
    """Assign one formal charge to each element so that the sum vanishes.

    Known monatomic charges come first. Then a single element without one takes what balances the
    rest, elements with several oxidation states are tried in all combinations (fewest changes
    first). Where several elements have no usual charge, pymatgen guesses.

    Parameters
    ----------
    ions : mapping of str to int
        Number of each element outside molecules.
    rest : float
        Charge of all molecules in e.

    Returns
    -------
    dict of str to float
        Charge of each element in e.
    str
        How they were found: ``usual``, ``balanced``, ``guessed`` or ``unbalanced``.

    Examples
    --------
    >>> balance({"Cs": 2, "Sn": 1, "I": 6}, 0.0)
    ({'Cs': 1.0, 'Sn': 4.0, 'I': -1.0}, 'balanced')
    """
    usual = {symbol: _usual(symbol) for symbol in ions}
    unknown = [symbol for symbol, charge in usual.items() if np.isnan(charge)]
    if not unknown and abs(_sum(ions, usual) + rest) < _EXACT:
        return usual, "usual"
    if len(unknown) == 1:
        known = {symbol: n for symbol, n in ions.items() if symbol != unknown[0]}
        charge = -(_sum(known, usual) + rest) / ions[unknown[0]]
        if abs(charge - round(charge)) < _EXACT and abs(charge) <= _LARGEST:
            return usual | {unknown[0]: float(round(charge))}, "balanced"
    if not unknown and (found := _combined(ions, usual, rest)):
        return found, "balanced"
    if unknown and not rest and (guessed := _guessed(ions)):
        return guessed, "guessed"
    return {s: 0.0 if np.isnan(q) else q for s, q in usual.items()}, "unbalanced"


def _usual(symbol: str) -> float:
    """Return the usual charge of an element, nan where there is none."""
    return float(charge_table()[chemical_symbols.index(symbol)])


def _sum(ions: Mapping[str, int], charges: Mapping[str, float]) -> float:
    """Return the charge of all ions."""
    return float(sum(count * charges[symbol] for symbol, count in ions.items()))


def _combined(
    ions: Mapping[str, int], usual: Mapping[str, float], rest: float
) -> dict[str, float] | None:
    """Try the oxidation states of all elements, fewest changes first."""
    options = [_states(symbol, usual[symbol]) for symbol in ions]

    def changes(choice: Iterable[tuple[int, float]]) -> tuple[int, int]:
        ranks = [rank for rank, _ in choice]
        return sum(rank > 0 for rank in ranks), sum(ranks)

    for choice in sorted(product(*options), key=changes):
        charges = {symbol: charge for symbol, (_, charge) in zip(ions, choice, strict=True)}
        if abs(_sum(ions, charges) + rest) < _EXACT:
            return charges
    return None


def _states(symbol: str, usual: float) -> list[tuple[int, float]]:
    """Return the usual charge of an element and its other ones, numbered."""
    others = [float(state) for state in STATES.get(symbol, ()) if state != usual]
    return list(enumerate([usual, *others]))


def _guessed(ions: Mapping[str, int]) -> dict[str, float] | None:
    """Let pymatgen guess; its time grows without bound with the formula unit."""
    divisor = gcd(*ions.values())
    unit = {symbol: count // divisor for symbol, count in ions.items()}
    if sum(unit.values()) > LARGEST_UNIT:
        return None
    from heterobuild.chemistry.oxidation_states import guess_charges

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return guess_charges(unit)


def charge_ions(
    atoms: Atoms,
    molecules: tuple[Molecule, ...],
    stated: Mapping[str, float] | None = None,
) -> tuple[Atoms, tuple[Molecule, ...], str]:
    """Give every ion its formal charge.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms with bound molecules; left unchanged.
    molecules : tuple of Molecule
        The table that the array ``kind`` counts into.
    stated : mapping of str to float, optional
        Charges that the file states for elements, in e, see
        `heterobuild.crystals.cif_files.read_cif`. They are taken where they name all ions outside
        molecules and balance.

    Returns
    -------
    ase.Atoms
        Copy with charges.
    tuple of Molecule
        The table, with the charge of a kind that the library does not hold.
    str
        Sentence that says the charges.
    """
    single = atoms.arrays[MOLECULE] == 0
    ions = _counts(atoms.numbers[single])
    atoms, molecules, told = _charge_unknown(atoms, molecules, ions)
    rest = float(atoms.arrays[CHARGE][~single].sum())
    charges, how = _stated(ions, stated or {}, rest) or balance(ions, round(rest, 6))
    charged = atoms.copy()
    table = np.zeros(len(chemical_symbols))
    for symbol, charge in charges.items():
        table[chemical_symbols.index(symbol)] = charge
    charged.arrays[CHARGE][single] = table[atoms.numbers[single]]
    words = [f"{symbol} {charge:+g}" for symbol, charge in charges.items()]
    words += [f"{molecule.name} {molecule.charge:+g}" for molecule in molecules]
    net = float(charged.arrays[CHARGE].sum())
    text = f"formal charges assigned ({_HOW[how]}): {', '.join(words)}"
    if abs(net) > _EXACT:
        text += f"; they do not balance, the cell has {net:+g} e"
    return charged, molecules, "; ".join((text, *told))


def _stated(
    ions: Mapping[str, int], stated: Mapping[str, float], rest: float
) -> tuple[dict[str, float], str] | None:
    """Return the charges that a file states, where they are complete and balance."""
    if not ions or not ions.keys() <= stated.keys() or abs(_sum(ions, stated) + rest) > _EXACT:
        return None
    return {symbol: float(stated[symbol]) for symbol in ions}, "stated"


_HOW = {
    "stated": "those of the file",
    "usual": "usual charges of the ions",
    "balanced": "balanced to a neutral cell",
    "guessed": "guessed from common oxidation states",
    "unbalanced": "no neutral set found",
}


def _counts(numbers: IntArray) -> dict[str, int]:
    """Count the elements, in the order in which they appear."""
    found, first, count = np.unique(numbers, return_index=True, return_counts=True)
    return {chemical_symbols[found[i]]: int(count[i]) for i in np.argsort(first)}


def _charge_unknown(
    atoms: Atoms, molecules: tuple[Molecule, ...], ions: Mapping[str, int]
) -> tuple[Atoms, tuple[Molecule, ...], tuple[str, ...]]:
    """Give a single kind of molecule that the library does not hold what balances the ions."""
    from heterobuild.crystals.explicit_molecules import charge_unknown_molecules, is_in_library

    strange = [molecule for molecule in molecules if not is_in_library(molecule)]
    if not strange:
        return atoms, molecules, ()
    names = ", ".join(molecule.name for molecule in strange)
    usual = {symbol: _usual(symbol) for symbol in ions}
    if len(strange) > 1 or any(np.isnan(charge) for charge in usual.values()):
        return (
            atoms,
            molecules,
            (f"the molecules {names} are not in the library, taken as neutral",),
        )
    code = molecules.index(strange[0]) + 1
    members = atoms.arrays[KIND] == code
    count = len(np.unique(atoms.arrays[MOLECULE][members]))
    charge = -(_sum(ions, usual) + float(atoms.arrays[CHARGE].sum())) / count
    if abs(charge - round(charge)) > _EXACT or abs(charge) > _LARGEST:
        return atoms, molecules, (f"the molecule {names} is not in the library, taken as neutral",)
    atoms, molecules = charge_unknown_molecules(atoms, molecules, names, float(round(charge)))
    return atoms, molecules, (f"the molecule {names} is not in the library, its charge balances",)
