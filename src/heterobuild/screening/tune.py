"""Which composition of a series fits best on a crystal or a length."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.end_members import end_members
from heterobuild.alloys.vegard import lattice_rule, mixed_length, mixing_uncertainty
from heterobuild.chemistry.series import member_weights, parse_series, series_formula
from heterobuild.errors import NothingFitsError
from heterobuild.screening.alignment import alignment_type
from heterobuild.screening.compositions import compositions, fraction_limits
from heterobuild.screening.face_misfits import RULE
from heterobuild.screening.gap_limits import gap_window, within_gaps
from heterobuild.screening.mixed_edges import USUAL_UNCERTAINTY, mixed_edges
from heterobuild.screening.ranking import parse_alignment
from heterobuild.screening.targets import find_target

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from heterobuild.alloys.end_members import EndMember
    from heterobuild.arrays import FloatArray
    from heterobuild.chemistry.bands import BandEdges
    from heterobuild.chemistry.series import Series
    from heterobuild.model import Crystal
    from heterobuild.screening.targets import Target

ZERO = 1e-8
"""Misfit below which a composition counts as fitting exactly."""

UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, eq=False)
class Tuning:
    """The composition of a series with the least misfit.

    Parameters
    ----------
    series : Series
        The series.
    target : Target
        What it is to fit on.
    formula : str
        The composition found.
    fractions : mapping of str to float
        Value of each variable.
    limits : mapping of str to tuple of float
        Between which values each was looked for.
    length, length_uncertainty : float
        Lattice length of the composition and its standard uncertainty in Å.
    misfit, misfit_uncertainty : float
        (series − target)/target and its standard uncertainty, fractions.
    rule : str
        How the length follows from the end members, in words.
    members : tuple of EndMember
        The end members.
    weights : tuple of float
        Their shares in the composition.
    member_misfits : tuple of float
        The misfit of each pure end member, fraction.
    edges : BandEdges or None
        Band edges of the composition, see `heterobuild.screening.mixed_edges`.
    alignment : str
        Type of band alignment with the target: I, II or III, several joined by "or" where the
        uncertainty leaves them open, ``unknown`` where an edge is not known.
    notices : tuple of str
        What the user should know of the answer.
    """

    series: Series
    target: Target
    formula: str
    fractions: Mapping[str, float]
    limits: Mapping[str, tuple[float, float]]
    length: float
    length_uncertainty: float
    misfit: float
    misfit_uncertainty: float
    rule: str
    members: tuple[EndMember, ...]
    weights: tuple[float, ...]
    member_misfits: tuple[float, ...]
    edges: BandEdges | None
    alignment: str
    notices: tuple[str, ...]


def tune(
    series: str,
    onto: Crystal | str | Path | float,
    *,
    bounds: Mapping[str, tuple[float, float]] | None = None,
    alignment: str | None = None,
    min_gap: float | None = None,
    max_gap: float | None = None,
    phase: str | None = None,
) -> Tuning:
    """Find the composition of a series with the least misfit to a crystal or a length.

    The lattice length is linear between the end members (Vegard), which are crystals of the
    library and of one phase where it has them. Where several compositions fit equally well the
    one nearest to the middle of the limits is taken.

    Parameters
    ----------
    series : str
        Formula with variables x, y or z, such as ``CsPb(Br_xI_1-x)3``.
    onto : Crystal, str, pathlib.Path or float
        Crystal with a pseudo-cubic or cubic cell, its name or its file; or a pseudo-cubic length
        in Å. A bare formula means its perovskite.
    bounds : mapping of str to tuple of float, optional
        Lowest and highest value of a variable; all that keep the amounts positive by default.
    alignment : {"I", "II", "III"}, optional
        Only compositions with this type of band alignment beyond the uncertainty of the edges.
        Where an edge is not known this is said and no composition is left out.
    min_gap, max_gap : float, optional
        Least and largest band gap of the composition in eV, see
        `heterobuild.screening.mixed_edges`.
    phase : str, optional
        Phase of the end members, such as ``cubic``. By default that of the target where all have
        it, else the one measured nearest to its temperature.

    Returns
    -------
    Tuning
        The composition.

    Raises
    ------
    UsageError
        If the series, a bound, a gap or the target cannot be used, or a gap is limited and that
        of an end member is not known.
    UnknownNameError
        If a crystal, an ion, a variable or an end member is not known.
    NothingFitsError
        If no composition has the wanted band alignment or gap.

    Examples
    --------
    >>> found = tune("CsPb(Br_xI_1-x)3", 6.10)
    >>> found.formula, [member.crystal.name for member in found.members]
    ('CsPb(Br0.253I0.747)3', ['CsPbBr3_orthorhombic', 'CsPbI3_gamma'])
    >>> tune("CsPb(Br_xI_1-x)3", "CsPbI3", alignment="I").formula
    'CsPb(Br0.506I0.494)3'
    >>> tune("CsPb(Br_xI_1-x)3", "CsPbI3", min_gap=2.0).formula
    'CsPb(Br0.38I0.62)3'
    """
    mixed = parse_series(series)
    limits = fraction_limits(mixed, bounds or {})
    wanted = None if alignment is None else parse_alignment(alignment)
    window = gap_window(min_gap, max_gap)
    target = find_target(onto)
    members = end_members(
        mixed.members, phase=phase, like=target.crystal, temperature=target.temperature
    )
    lengths = np.array([member.length for member in members])
    points = compositions(mixed, lengths, target.length, limits)
    unknown = False
    if window is not None:
        points, unknown = within_gaps(points, mixed, members, window)
    if wanted is not None and _has_edges(members, target):
        points = _aligned(points, mixed, members, target, wanted)
    weights = member_weights(mixed, points[0])
    length = float(mixed_length(members, weights))
    fractions = dict(zip(mixed.variables, (float(value) for value in points[0]), strict=True))
    found = Tuning(
        series=mixed,
        target=target,
        formula=series_formula(mixed, fractions),
        fractions=fractions,
        limits=limits,
        length=length,
        length_uncertainty=mixing_uncertainty(members, weights, target.temperature),
        misfit=round(length / target.length - 1, 12) + 0.0,
        misfit_uncertainty=_misfit_uncertainty(members, weights, target),
        rule=lattice_rule(members),
        members=members,
        weights=tuple(round(float(weight), 9) + 0.0 for weight in weights),
        member_misfits=tuple(member.length / target.length - 1 for member in members),
        edges=mixed_edges(members, weights),
        alignment=_alignment(mixed_edges(members, weights), target.edges),
        notices=target.notices,
    )
    misfits = mixed_length(members, member_weights(mixed, points[:2])) / target.length - 1
    equal = len(points) > 1 and bool(np.ptp(np.abs(misfits)) < ZERO)
    unused = wanted is not None and not _has_edges(members, target)
    notices = _notices(found.misfit, equal, unused, unknown)
    return replace(found, notices=(*found.notices, *notices))


def _has_edges(members: tuple[EndMember, ...], target: Target) -> bool:
    """Tell whether the band alignment is known of all end members."""
    return all(_alignment(member.edges, target.edges) != UNKNOWN for member in members)


def _aligned(
    points: FloatArray,
    series: Series,
    members: tuple[EndMember, ...],
    target: Target,
    wanted: str,
) -> FloatArray:
    """Return the best compositions that have the wanted band alignment, at most two."""
    weights = member_weights(series, points)
    fitting = (
        i
        for i, row in enumerate(weights)
        if _alignment(mixed_edges(members, row), target.edges) == wanted
    )
    chosen = list(islice(fitting, 2))
    if chosen:
        return points[chosen]
    there = [f"{member.formula} {_alignment(member.edges, target.edges)}" for member in members]
    raise NothingFitsError(
        f"no composition within the limits has type-{wanted} alignment with the target",
        measured=f"pure {', '.join(there)}",
        next_step="widen the limits, or leave the alignment open",
    )


def _misfit_uncertainty(
    members: tuple[EndMember, ...], weights: FloatArray, target: Target
) -> float:
    """Return the uncertainty of the misfit; a crystal on both sides counts once."""
    ratio = float(mixed_length(members, weights)) / target.length
    name = target.crystal.name if target.crystal and target.crystal.phase != "user" else None
    if any(member.crystal.name == name for member in members):
        mixing = mixing_uncertainty(members, weights, target.temperature, name, ratio)
        return mixing / target.length
    mixing = mixing_uncertainty(members, weights, target.temperature)
    return math.hypot(mixing, ratio * target.uncertainty) / target.length


def _alignment(film: BandEdges | None, substrate: BandEdges | None) -> str:
    """Return the type of alignment of two sets of edges."""
    edges = [
        (side.vbm, side.cbm, side.uncertainty or USUAL_UNCERTAINTY)
        for side in (film, substrate)
        if side is not None and side.vbm is not None and side.cbm is not None
    ]
    if len(edges) < 2:
        return UNKNOWN
    (ours, theirs), reach = edges, min(edge[1] for edge in edges) - max(edge[0] for edge in edges)
    uncertainty = math.hypot(ours[2], theirs[2])
    return alignment_type(ours[1] - theirs[1], ours[0] - theirs[0], reach, uncertainty)


def _notices(misfit: float, several: bool, unused: bool, unknown: bool) -> list[str]:  # noqa: FBT001
    """Say what limits the answer."""
    found = []
    if several:
        found.append(
            "other compositions have the same misfit; this one is nearest to the middle of the "
            "limits"
        )
    if abs(misfit) > ZERO:
        found.append("no composition within the limits fits exactly; this one is nearest")
    if abs(misfit) > RULE:
        found.append(f"the misfit is above the field's {100 * RULE:g} % rule for epitaxy")
    if unused:
        found.append("the band alignment is not known of all end members and was not used")
    if unknown:
        found.append("compositions whose band gap is not known were left out")
    return found
