"""Least squares of lengths on radii, with the error that leaving each compound out shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class RadiiFit:
    """A linear rule for a length, and how far it can be trusted.

    Parameters
    ----------
    names : tuple of str
        The compounds, one row of the fit each.
    lengths : (n,) float array
        Their measured lengths in Å.
    coefficients : (p,) float array
        Factors of the terms.
    inverse : (p, p) float array
        Inverse of the normal matrix, in 1/Å² for terms in Å.
    deviations : (n,) float array
        Relative error of each compound when it is predicted from the others.
    """

    names: tuple[str, ...]
    lengths: FloatArray
    coefficients: FloatArray
    inverse: FloatArray
    deviations: FloatArray

    @property
    def error(self) -> float:
        """Mean absolute relative error of compounds that are predicted from the others."""
        return float(np.abs(self.deviations).mean())


def fit_lengths(names: Sequence[str], terms: FloatArray, lengths: FloatArray) -> RadiiFit:
    """Fit lengths by least squares.

    A compound that is left out is predicted by its residual over one less its leverage, which
    for least squares is the same as fitting the others alone.

    Parameters
    ----------
    names : sequence of str
        The compounds.
    terms : (n, p) float array
        Terms of the rule, one row a compound; more rows than columns.
    lengths : (n,) float array
        Measured lengths in Å.

    Returns
    -------
    RadiiFit
        The rule.

    Examples
    --------
    >>> terms = np.array([[1.0, 1.0], [1.0, 2.0], [1.0, 3.0], [1.0, 5.0]])
    >>> fit = fit_lengths("abcd", terms, terms @ [1.0, 2.0])
    >>> fit.coefficients.round(6).tolist(), fit.error < 1e-12
    ([1.0, 2.0], True)
    """
    inverse = np.linalg.inv(terms.T @ terms)
    coefficients = np.linalg.lstsq(terms, lengths, rcond=None)[0]
    leverage = np.einsum("ij,jk,ik->i", terms, inverse, terms)
    deviations = (terms @ coefficients - lengths) / (1.0 - leverage) / lengths
    return RadiiFit(
        names=tuple(names),
        lengths=lengths,
        coefficients=coefficients,
        inverse=inverse,
        deviations=deviations,
    )


def predict(fit: RadiiFit, terms: FloatArray) -> tuple[float, float]:
    """Predict a length.

    Parameters
    ----------
    fit : RadiiFit
        The rule.
    terms : (p,) float array
        Terms of the new compound.

    Returns
    -------
    length : float
        In Å.
    error : float
        Relative error: the mean absolute one of compounds left out of the fit, larger by the
        leverage where the radii lie outside those of the fit.
    """
    leverage = float(terms @ fit.inverse @ terms)
    typical = len(fit.coefficients) / len(fit.names)
    growth = max(1.0, np.sqrt((1.0 + leverage) / (1.0 + typical)))
    return float(terms @ fit.coefficients), float(fit.error * growth)


def fit_ratio(lengths: FloatArray, others: FloatArray) -> tuple[float, float]:
    """Compare lengths with others of the same compounds by their mean ratio.

    Parameters
    ----------
    lengths, others : (n,) float array
        Lengths in Å, one a compound; at least one.

    Returns
    -------
    ratio : float
        Mean of lengths over others.
    error : float
        Mean absolute relative error when each compound is predicted by the mean ratio of the
        rest. For a single compound, how far its ratio lies from one.

    Examples
    --------
    >>> fit_ratio(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0]))
    (0.5, 0.0)
    """
    ratios = lengths / others
    mean = float(ratios.mean())
    if len(ratios) == 1:
        return mean, abs(mean - 1.0)
    rest = (ratios.sum() - ratios) / (len(ratios) - 1)
    return mean, float(np.abs(rest / ratios - 1.0).mean())
