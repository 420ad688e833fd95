"""Formula series such as ``CsPb(Br_xI_1-x)3``: which compounds they mix, and in which shares.

An amount with a variable (x, y or z) or a decimal fraction opens a mixed site; the amounts that
follow one another belong to it until they sum to a whole number. The underscore may be left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise, product
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.formulas import expand_formula, unit_formula
from heterobuild.chemistry.ions import formal_charge, ion_table
from heterobuild.chemistry.molecules import list_molecules, load_molecule
from heterobuild.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heterobuild.arrays import FloatArray

VARIABLES = ("x", "y", "z")

_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋ₓ−{}[]", "0123456789+-x-()()")
_TERM = r"(?:\d*\.?\d*\*?[xyz]|\d+(?:\.\d+)?)"
_AMOUNT = re.compile(rf"_?(\({_TERM}(?:[+-]{_TERM})*\)|{_TERM}(?:[+-]{_TERM})*)")
_PART = re.compile(r"([+-]?)(\d*\.?\d*)\*?([xyz]?)")
_EXAMPLE = "write it like CsPb(Br_xI_1-x)3, CsPb_1-xSr_xBr3 or FA_yCs_1-yPb(Br_xI_1-x)3"
_EXACT = 1e-9


@dataclass(frozen=True, kw_only=True, eq=False)
class MixedSite:
    """One site that several ions share.

    Parameters
    ----------
    constants : (k,) float array
        Share of each ion where all variables are zero.
    slopes : (k, v) float array
        Change of the shares with the variables of the series.
    """

    constants: FloatArray
    slopes: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Series:
    """Compounds mixed on one or several sites.

    Parameters
    ----------
    formula : str
        As given, without blanks.
    variables : tuple of str
        Names of the fractions, in order of appearance.
    sites : tuple of MixedSite
        The mixed sites, in the order of the formula. A variable belongs to one of them.
    members : tuple of str
        Formulas of the end members, the ion on the last site changing first.
    """

    formula: str
    variables: tuple[str, ...]
    sites: tuple[MixedSite, ...]
    members: tuple[str, ...]


def parse_series(formula: str) -> Series:
    """Read a formula with variables.

    Parameters
    ----------
    formula : str
        Such as ``CsPb(Br_xI_1-x)3``, ``FA0.8Cs0.2Pb(BrxI1-x)3`` or ``MAPbI_3-xBr_x``.

    Returns
    -------
    Series
        Sites and end members.

    Raises
    ------
    UsageError
        If there is no variable, the amounts on a site do not sum to a whole number, a variable
        occurs on two sites, or an end member cannot be read or is not neutral.
    UnknownNameError
        If an ion is not known.

    Examples
    --------
    >>> parse_series("FA_yCs_1-yPb(Br_xI_1-x)3").members
    ('FAPbBr3', 'FAPbI3', 'CsPbBr3', 'CsPbI3')
    >>> parse_series("CsPb_1-xSr_xBr3").variables
    ('x',)
    """
    text = formula.translate(_SUBSCRIPTS).replace(" ", "")
    amounts = [match for match in _AMOUNT.finditer(text) if not match[1].isdigit()]
    variables = tuple(dict.fromkeys(re.findall("[xyz]", "".join(match[1] for match in amounts))))
    if not variables:
        raise UsageError("the series has no variable", measured=repr(formula), next_step=_EXAMPLE)
    groups = _groups(text, amounts, variables)
    affine = [np.array([_affine(match[1], variables) for match in group]) for group in groups]
    totals = [round(float(amount[:, 0].sum())) for amount in affine]
    sites = tuple(
        MixedSite(constants=amount[:, 0] / total, slopes=amount[:, 1:] / total)
        for amount, total in zip(affine, totals, strict=True)
    )
    for i, name in enumerate(variables):
        if sum(bool(site.slopes[:, i].any()) for site in sites) > 1:
            raise UsageError(
                f"the variable {name} occurs on two sites",
                where=formula,
                next_step="give each site its own variable",
            )
    members = tuple(
        _member(text, [total * one for total, one in zip(totals, choice, strict=True)])
        for choice in product(*(np.eye(len(site.constants), dtype=int) for site in sites))
    )
    return Series(formula=text, variables=variables, sites=sites, members=members)


def member_weights(series: Series, fractions: FloatArray) -> FloatArray:
    """Return the share of each end member: the product of the shares on the sites.

    Parameters
    ----------
    series : Series
        The series.
    fractions : (..., v) float array
        Values of the variables.

    Returns
    -------
    (..., m) float array
        Shares; they sum to one. Negative outside the series.

    Examples
    --------
    >>> member_weights(parse_series("CsPb(Br_xI_1-x)3"), np.array([0.25])).tolist()
    [0.25, 0.75]
    """
    values = np.asarray(fractions, dtype=np.float64)
    weights = np.ones((*values.shape[:-1], 1))
    for site in series.sites:
        shares = site.constants + values @ site.slopes.T
        count = weights.shape[-1] * shares.shape[-1]
        pairs = weights[..., :, None] * shares[..., None, :]
        weights = pairs.reshape(*values.shape[:-1], count)
    return weights


def fraction_range(
    series: Series, index: int, others: FloatArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """Return between which values no share of one variable's site is negative.

    Parameters
    ----------
    series : Series
        The series.
    index : int
        Place of the variable.
    others : (n, v) float array, optional
        Values of the other variables; its own column is not used. By default the others are
        zero, which gives the widest range.

    Returns
    -------
    tuple of (n,) float array
        Lowest and highest values; the lowest lies above the highest where there are none.

    Examples
    --------
    >>> [side.tolist() for side in fraction_range(parse_series("MAPbI_3-xBr_x"), 0)]
    [[0.0], [3.0]]
    """
    values = np.zeros((1, len(series.variables))) if others is None else others.copy()
    values[:, index] = 0.0
    (site,) = (site for site in series.sites if site.slopes[:, index].any())
    slope = site.slopes[:, index]
    rest = site.constants + values @ site.slopes.T
    edges = -rest[:, slope != 0] / slope[slope != 0]
    rising = slope[slope != 0] > 0
    low = np.where(rising, edges, -np.inf).max(axis=1)
    high = np.where(rising, np.inf, edges).min(axis=1)
    return low + 0.0, high + 0.0


def series_formula(series: Series, fractions: Mapping[str, float]) -> str:
    """Write the formula of one composition.

    Parameters
    ----------
    series : Series
        The series.
    fractions : mapping of str to float
        Value of each variable.

    Returns
    -------
    str
        With amounts to three decimals; the end member where it is one.

    Examples
    --------
    >>> series = parse_series("CsPb(Br_xI_1-x)3")
    >>> series_formula(series, {"x": 0.33}), series_formula(series, {"x": 0.0})
    ('CsPb(Br0.33I0.67)3', 'CsPbI3')
    """
    values = np.array([fractions[name] for name in series.variables])
    pure = np.flatnonzero(np.abs(member_weights(series, values) - 1) < _EXACT)
    if len(pure):
        return series.members[int(pure[0])]

    def written(match: re.Match[str]) -> str:
        constant, *slopes = _affine(match[1], series.variables)
        return f"{round(constant + float(np.dot(slopes, values)), 3) + 0.0:g}"

    return _AMOUNT.sub(written, series.formula)


def _groups(
    text: str, amounts: list[re.Match[str]], variables: tuple[str, ...]
) -> list[list[re.Match[str]]]:
    """Gather the amounts that sum to a whole number without variables."""
    groups: list[list[re.Match[str]]] = []
    open_group: list[re.Match[str]] = []
    for match in amounts:
        open_group.append(match)
        total = np.sum([_affine(entry[1], variables) for entry in open_group], axis=0)
        whole = round(float(total[0]))
        if whole > 0 and np.abs(total - [whole, *[0.0] * len(variables)]).max() < _EXACT:
            groups.append(open_group)
            open_group = []
    for group in [*groups, open_group]:
        pieces = [text[a.end() : b.start()] for a, b in pairwise(group)]
        unfinished = bool(open_group) and group is open_group
        if unfinished or not all(map(_is_one_unit, pieces)):
            raise UsageError(
                "the amounts on a mixed site do not sum to one",
                where=text,
                measured=" + ".join(match[1] for match in group),
                allowed="amounts beside one another that sum to a whole number, as in Br_xI_1-x",
                next_step=_EXAMPLE,
            )
    return groups


def _is_one_unit(piece: str) -> bool:
    """Tell whether the text between two amounts names one ion."""
    try:
        counts = expand_formula(piece)
    except UsageError:
        return bool(re.fullmatch(r"[A-Z][a-z]?", piece))
    return list(counts.values()) == [1]


def _affine(text: str, variables: tuple[str, ...]) -> list[float]:
    """Return constant and coefficients of an amount such as ``1-x``."""
    values = [0.0] * (1 + len(variables))
    for sign, number, name in _PART.findall(text.strip("()")):
        if number or name:
            place = 1 + variables.index(name) if name else 0
            values[place] += (-1 if sign == "-" else 1) * float(number or 1)
    return values


def _member(text: str, choice: list[FloatArray]) -> str:
    """Return the formula of an end member, and refuse one that cannot be."""
    numbers = iter(np.concatenate(choice).tolist())
    plain = _AMOUNT.sub(lambda m: m[1] if m[1].isdigit() else str(next(numbers)), text)
    counts = expand_formula(plain)
    for unit in counts:
        if unit not in ion_table() and unit not in list_molecules():
            raise UnknownNameError(
                f"unknown ion {unit!r}",
                where=text,
                next_step="mix ions whose radii are tabulated, or molecules of the library",
            )
    charge = sum(count * _charge(unit) for unit, count in counts.items())
    formula = unit_formula(counts, tuple(counts))
    if charge:
        raise UsageError(
            f"the end member {formula} is not neutral",
            where=text,
            measured=f"{charge:+g} e",
            next_step="mix ions of one charge on a site",
        )
    return formula


def _charge(unit: str) -> float:
    return formal_charge(unit) if unit in ion_table() else load_molecule(unit).charge
