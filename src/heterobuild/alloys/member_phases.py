"""In which phase a mixed compound is taken where its end members have different ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heterobuild.alloys.end_members import SYSTEMS, crystal_distance, phase_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.model import Crystal

PEROVSKITES = ("abx3", "double_perovskite")
"""Structure types whose phases are told apart by their crystal system."""

DOMINANT = 0.7
"""Share of one phase among the end members from which a mixed perovskite has it as well; with
less, a phase that all have near the temperature comes first. FA0.4MA0.6PbI3 and
MAPb(Br0.4I0.6)3 are cubic at room temperature though MAPbI3 is not."""

CLOSE = 60.0
"""K; so near the temperature a measured phase counts as one at it. Cubic MAPbI3 was measured 54 K
above room temperature, cubic CsPbBr3 127 K."""

PSEUDOCUBIC = "pseudo-cubic"
"""Phase of crystals with a slightly distorted cube: they do not show that a compound is cubic."""

_SYMMETRY = [name for _, name in SYSTEMS]


def label_of(crystal: Crystal, prototype: str) -> str:
    """Return by which phase a crystal is mixed with others of its structure type.

    Parameters
    ----------
    crystal : Crystal
        Any crystal.
    prototype : str
        Its structure type, as in `heterobuild.model.Compound`.

    Returns
    -------
    str
        Crystal system of perovskites, name of the polymorph of other ABX3, space group of other
        structure types.

    Examples
    --------
    >>> from heterobuild.crystals import load_phase
    >>> label_of(load_phase("CsPbI3_gamma"), "abx3"), label_of(load_phase("CsPbI3_delta"), "abx3")
    ('orthorhombic', 'delta')
    """
    if prototype in PEROVSKITES and crystal.pseudocubic is not None:
        return phase_label(crystal) or crystal.phase
    return crystal.phase if prototype == "abx3" else crystal.space_group or crystal.phase


def nearest_crystal(
    crystals: Sequence[tuple[Crystal, str]], temperature: float
) -> tuple[Crystal, str] | None:
    """Return the crystal that was measured nearest to a temperature.

    Parameters
    ----------
    crystals : sequence of (Crystal, str)
        Crystals and their phases.
    temperature : float
        Temperature in K.

    Returns
    -------
    (Crystal, str) or None
        The crystal and its phase; None for none.
    """
    return min(crystals, key=lambda entry: crystal_distance(entry[0], temperature), default=None)


def perovskite_phase(
    found: Sequence[Sequence[tuple[Crystal, str]]], weights: Sequence[float], temperature: float
) -> str | None:
    """Return the phase of a mixed perovskite.

    Each end member stands, with its weight, for the phase in which it was measured nearest to the
    temperature. The phase with the largest share is taken, of equal ones the less symmetric,
    unless it has less than `DOMINANT` and all were measured within `CLOSE` of the temperature in
    a common phase.

    Parameters
    ----------
    found : sequence of sequence of (Crystal, str)
        The crystals of each end member, with their phases; empty where none is known.
    weights : sequence of float
        Shares of the end members.
    temperature : float
        Temperature in K.

    Returns
    -------
    str or None
        The phase; None where no crystal is known.

    Examples
    --------
    >>> from heterobuild.crystals import load_phase
    >>> tetragonal, hot, cubic = map(
    ...     load_phase, ("MAPbI3_tetragonal", "MAPbI3_cubic", "MAPbBr3_cubic")
    ... )
    >>> iodide, bromide = [(tetragonal, "tetragonal"), (hot, "cubic")], [(cubic, "cubic")]
    >>> [perovskite_phase([iodide, bromide], [1 - x, x], 298.0) for x in (0.1, 0.4)]
    ['tetragonal', 'cubic']
    """
    votes: dict[str, float] = {}
    for crystals, weight in zip(found, weights, strict=True):
        if (own := nearest_crystal(crystals, temperature)) is not None:
            votes[own[1]] = round(votes.get(own[1], 0.0) + weight, 9)
    if not votes:
        return None
    if max(votes.values()) < DOMINANT * sum(votes.values()):
        near = [_close(crystals, temperature) for crystals in found if crystals]
        if shared := set.intersection(*near):
            return max(shared, key=lambda label: (votes.get(label, 0.0), label))
    return max(votes, key=lambda label: (votes[label], _asymmetry(label), label))


def _close(crystals: Sequence[tuple[Crystal, str]], temperature: float) -> set[str]:
    """Return the phases that were measured near a temperature."""
    return {
        label
        for crystal, label in crystals
        if crystal.phase != PSEUDOCUBIC and crystal_distance(crystal, temperature)[0] <= CLOSE
    }


def _asymmetry(label: str) -> int:
    """Return the place of a crystal system, the cubic one first."""
    return _SYMMETRY.index(label) if label in _SYMMETRY else -1
