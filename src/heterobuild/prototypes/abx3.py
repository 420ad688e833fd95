"""Perovskites ABX3 from a model: any tilt system with chosen angles, and estimated phases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.descriptors import tolerance_factor
from heterobuild.chemistry.ions import formal_charge
from heterobuild.errors import UsageError
from heterobuild.estimates.lengths import pseudocubic_length
from heterobuild.estimates.tolerance import CUBIC_FROM, unfamiliar_factors
from heterobuild.labels import Site
from heterobuild.model import Source
from heterobuild.prototypes.cage_contacts import require_room_on_a
from heterobuild.prototypes.cavities import cavity_centres
from heterobuild.prototypes.conventional_cells import crystal_of_sites
from heterobuild.tilts.glazer import check_angles, parse_tilting, system_of
from heterobuild.tilts.network import CELLS, tilted_network
from heterobuild.tilts.trends import estimate_tilts

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from heterobuild.model import Compound, Crystal
    from heterobuild.tilts.glazer import Signs
    from heterobuild.tilts.network import TiltedNetwork

ELSEWHERE = ("delta", "2H")
"""Phases of ABX3 without corner-sharing octahedra, which other builders make."""

REGULAR = 1e-6
"""Relative deviation of lengths up to which octahedra count as regular."""


_NOTES = (
    "regular octahedra as far as the tilts allow; A where its bond-valence vectors cancel, "
    "which is within 0.3 Å of the measured places in the library"
)


@dataclass(frozen=True, kw_only=True)
class PerovskitePhase:
    """A phase of ABX3 that halides have.

    Parameters
    ----------
    name : str
        Its name, which ends the names of its crystals.
    tilting : str
        Tilt system along the pseudo-cubic axes.
    aliases : tuple of str
        Other names, compared without regard to case.
    """

    name: str
    tilting: str
    aliases: tuple[str, ...]


PHASES = (
    PerovskitePhase(name="cubic", tilting="a0a0a0", aliases=("alpha", "Pm-3m")),
    PerovskitePhase(name="tetragonal", tilting="a0a0c+", aliases=("beta", "P4/mbm")),
    PerovskitePhase(name="tetragonal-I4mcm", tilting="a0a0c-", aliases=("I4/mcm", "I4mcm")),
    PerovskitePhase(
        name="orthorhombic", tilting="a-a-c+", aliases=("gamma", "Pnma", "a-b+a-", "a+b-b-")
    ),
)
"""The phases that `build_abx3` makes."""


def build_abx3(
    compound: Compound, phase: str | None = None, *, without: Collection[str] = ()
) -> Crystal:
    """Build a perovskite that nobody measured, from radii and tolerance factor.

    The volume is that of `heterobuild.estimates.lengths.pseudocubic_length`, the tilts those
    of `heterobuild.tilts.trends.estimate_tilts`, and A sits where its bond-valence
    vectors cancel.

    Parameters
    ----------
    compound : Compound
        A pure compound of the prototype ``abx3``.
    phase : str, optional
        ``cubic``, ``tetragonal``, ``tetragonal-I4mcm`` or ``orthorhombic``, or another name of
        `PHASES`. By default cubic where the tolerance factor is at least 0.92, else
        orthorhombic. Of the compounds of the library whose B sits at the centre of its
        octahedron at room temperature this misses CsSnBr3 (0.887) and CsPbF3 (0.901), which are
        cubic, and MAPbI3 (0.912), which is tetragonal.
    without : collection of str, optional
        Names of phases or formulas of the library that must not be used for the estimates; none
        by default.

    Returns
    -------
    Crystal
        Of origin ``model``, with notices on all that is estimated.

    Raises
    ------
    UsageError
        If the compound is mixed or no ABX3, the phase is none of these, or a molecule on A has no
        room.
    UnknownNameError
        If an ion has no radius, or a molecule no coordinates.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from heterobuild.model import Compound, Sublattice
    >>> sites = {"A": ("Rb", 1), "B": ("Pb", 1), "X": ("Br", 3)}
    >>> compound = Compound(
    ...     formula="RbPbBr3",
    ...     prototype="abx3",
    ...     sublattices=tuple(
    ...         Sublattice(name=name, amounts=((ion, Fraction(n)),))
    ...         for name, (ion, n) in sites.items()
    ...     ),
    ... )
    >>> crystal = build_abx3(compound)
    >>> crystal.name, crystal.space_group, crystal.z
    ('RbPbBr3_orthorhombic', 'Pnma', 4)
    """
    ions = _ions(compound)
    kind, told = _choice(phase, compound.formula, ions)
    length = pseudocubic_length(*ions, without=without)
    tilts = estimate_tilts(*ions, kind.tilting, without=without)
    told += (f"cell estimated with an error of {100 * length.error:.1f} % of the lengths",)
    if tilts.rule:
        told += (f"tilts estimated with an error of {tilts.error:.1f} degrees",)
    made = _crystal(
        ions,
        _scaled(parse_tilting(kind.tilting).signs, tilts.angles, length.value),
        phase=kind.name,
        told=told + unfamiliar_factors(*ions),
        citation="; ".join(("estimated: " + length.rule, *filter(None, [tilts.rule]))),
        length_error=length.error,
    )
    return require_room_on_a(made, reason=f"tolerance factor {tolerance_factor(*ions):.3f}")


def tilted_perovskite(
    a: str,
    b: str,
    x: str,
    *,
    system: str = "a-b+a-",
    angles: Sequence[float] = (9.0, 7.0, 9.0),
    length: float | None = None,
) -> Crystal:
    """Build a perovskite in any of Glazer's tilt systems with chosen angles.

    The tilt about an axis is the component of the rotation vectors of the octahedra in the
    pattern of that axis, as `heterobuild.tilts.angles.tilt_angles` measures it: the
    three axes are treated alike, whatever order of rotations one may think of.

    Parameters
    ----------
    a, b, x : str
        Ions such as ``Cs``, ``Pb``, ``Br``; molecular cations by short name.
    system : str, optional
        Glazer's symbol along the three pseudo-cubic axes, by default that of most halide
        perovskites at room temperature.
    angles : sequence of float, optional
        Tilt about each pseudo-cubic axis in degrees.
    length : float, optional
        Twice the mean B–X length in Å, the edge of the cube without tilts. By default it is
        such that the volume is the estimated one. For a compound with a measured phase take
        ``2 * mean_bond_length(crystal)``.

    Returns
    -------
    Crystal
        In the standard setting of the space group of the tilt system, of origin ``model``.

    Raises
    ------
    UsageError
        If the symbol cannot be read, the angles contradict it, or the length is not positive.
    UnknownNameError
        If an ion has no charge or radius, or a molecule no coordinates.

    Examples
    --------
    >>> crystal = tilted_perovskite("Cs", "Pb", "Br", system="a0a0c-", angles=(0, 0, 8), length=6)
    >>> crystal.space_group, crystal.cell.diagonal().round(3).tolist()
    ('I4/mcm', [8.403, 8.403, 12.0])
    """
    tilting = parse_tilting(system)
    sizes = check_angles(tilting, angles)
    error, rule = 0.0, f"length {length or 0:g} Å given"
    if length is None:
        estimate = pseudocubic_length(a, b, x)
        network = _scaled(tilting.signs, sizes, estimate.value)
        error, rule = estimate.error, estimate.rule
    else:
        network = tilted_network(tilting.signs, sizes, bond=_positive(length) / 2)
    listed = ", ".join(f"{size:g}" for size in sizes)
    told = [f"a model with chosen tilts {tilting.symbol} of {listed} degrees"]
    if error:
        told.append(f"lengths estimated with an error of {100 * error:.1f} %")
    found = system_of(tilting.signs, sizes)
    if found != tilting.system:
        told.append(f"with these equal angles the tilt system is {found.symbol}")
    return _crystal(
        (a, b, x),
        network,
        phase=tilting.symbol,
        told=tuple(told),
        citation=f"estimated: tilted octahedra {tilting.symbol}; {rule}",
        length_error=error,
    )


def _ions(compound: Compound) -> tuple[str, str, str]:
    """Return A, B and X of a pure compound."""
    if compound.prototype != "abx3" or compound.mixed:
        raise UsageError(
            f"{compound.formula} is no pure perovskite ABX3",
            measured=f"{'mixed ' if compound.mixed else ''}{compound.prototype}",
            next_step="build its end members",
        )
    return compound.on("A").parent, compound.on("B").parent, compound.on("X").parent


def _phase(name: str, formula: str) -> PerovskitePhase:
    """Find a phase by one of its names."""
    for phase in PHASES:
        if name.lower() in {entry.lower() for entry in (phase.name, phase.tilting, *phase.aliases)}:
            return phase
    known = ", ".join([*(phase.name for phase in PHASES), *ELSEWHERE])
    raise UsageError(
        f"unknown phase {name!r} of a perovskite", where=formula, next_step=f"use one of {known}"
    )


def _choice(
    name: str | None, formula: str, ions: tuple[str, str, str]
) -> tuple[PerovskitePhase, tuple[str, ...]]:
    """Return the phase that is asked for, or a guess and a notice that it is one."""
    if name is not None:
        return _phase(name, formula), ()
    tolerance = tolerance_factor(*ions)
    cubic = tolerance >= CUBIC_FROM
    relation = "at least" if cubic else "below"
    return PHASES[0] if cubic else PHASES[-1], (
        f"the phase is a guess: tolerance factor {tolerance:.3f}, {relation} {CUBIC_FROM}",
    )


def _scaled(signs: Signs, angles: Sequence[float], length: float) -> TiltedNetwork:
    """Return a network with the volume of a cube of the given edge in Å for each octahedron."""
    volume = float(np.linalg.det(tilted_network(signs, angles, bond=1.0).axes))
    return tilted_network(signs, angles, bond=length / float(np.cbrt(volume)))


def _positive(length: float) -> float:
    if not 0 < length < np.inf:
        raise UsageError("the length of a perovskite must be positive", measured=f"{length:g} Å")
    return length


def _crystal(
    ions: tuple[str, str, str],
    network: TiltedNetwork,
    *,
    phase: str,
    told: tuple[str, ...],
    citation: str,
    length_error: float,
) -> Crystal:
    """Put the ions on the network."""
    a, b, x = ions
    formula = f"{a}{b}{x}3"
    cell = 2 * network.axes
    cavities = cavity_centres((CELLS + 0.5) @ network.axes, network.corners, cell)
    if network.length_spread > REGULAR:
        worst = f"{100 * network.length_spread:.2f} %, angles by {network.angle_spread:.2f} degrees"
        told += (f"no regular octahedra fit this tilt system: B–X lengths deviate by {worst}",)
    return crystal_of_sites(
        cell,
        np.vstack([cavities, network.centres, network.corners]),
        [a] * 8 + [b] * 8 + [x] * 24,
        roles={a: Site.A, b: Site.B, x: Site.X},
        axes=network.axes,
        name=f"{formula}_{phase}",
        formula=formula,
        phase=phase,
        source=Source(citation=citation, cell="low", coordinates="low", notes=_NOTES),
        notices=tuple(f"{formula}_{phase}: {words}" for words in told),
        length_error=length_error,
        charges={b: -3.0 * formal_charge(x) - formal_charge(a)},
    )
