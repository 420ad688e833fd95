"""Formal charges of a composition that has no table entry; the only use of pymatgen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heterobuild.chemistry.ions import ion_table

if TYPE_CHECKING:
    from collections.abc import Mapping


def guess_charges(counts: Mapping[str, int]) -> dict[str, float] | None:
    """Guess the formal charge of each element so that the whole is neutral.

    The usual charges of `heterobuild.chemistry.ions` are taken where they are known for all and
    add up to zero; else the most common oxidation states after pymatgen's statistics of known
    compounds. An element of mixed valence gets its mean charge.

    Parameters
    ----------
    counts : mapping of str to int
        How many atoms there are of each element; molecules must be left out together with their
        charge, so that the rest is neutral.

    Returns
    -------
    dict of str to float, or None
        Charge of each element in e; None where no neutral assignment is found.

    Examples
    --------
    >>> guess_charges({"Cs": 1, "Pb": 1, "Br": 3})
    {'Cs': 1.0, 'Pb': 2.0, 'Br': -1.0}
    """
    elements = [symbol for symbol, count in counts.items() if count]
    table = ion_table()
    if all(symbol in table for symbol in elements):
        usual = {symbol: float(table[symbol].charge) for symbol in elements}
        if sum(usual[symbol] * counts[symbol] for symbol in elements) == 0.0:
            return usual
    return _most_common(elements, counts)


def _most_common(elements: list[str], counts: Mapping[str, int]) -> dict[str, float] | None:
    """Return pymatgen's first guess; None where it has none."""
    from pymatgen.core import Composition

    composition = Composition({symbol: counts[symbol] for symbol in elements})
    reduced, _ = composition.get_reduced_composition_and_factor()
    guesses = reduced.oxi_state_guesses()
    if not guesses:
        return None
    return {symbol: round(float(guesses[0][symbol]), 6) for symbol in elements}
