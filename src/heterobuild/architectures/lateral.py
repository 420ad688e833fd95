"""Parts side by side in one film: stripes, core and crown, grains of different height."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from heterobuild.assembly.vacuum import judge_vacuum
from heterobuild.coherent.junctions import CoherentJunction, coherent_junction
from heterobuild.coherent.junctions_lattice import line_periods
from heterobuild.coherent.junctions_options import (
    judge_counts,
    judge_line,
    judge_range,
    refuse_at_pattern,
    refuse_platelet,
    side_names,
    stands_apart,
)
from heterobuild.coherent.junctions_pattern import Pattern
from heterobuild.coherent.junctions_phases import judge_phases, own_lengths
from heterobuild.coherent.junctions_sizes import (
    asked_widths,
    film_layers,
    part_heights,
    part_orientations,
    stripe_owners,
)
from heterobuild.frameworks.framework import framework_of
from heterobuild.incoherent.side_by_side import SideBySide, side_by_side
from heterobuild.incoherent.side_by_side_lines import edge_of
from heterobuild.incoherent.side_by_side_standing import film_layer
from heterobuild.memory import require_memory
from heterobuild.model import WallProfile
from heterobuild.particles.estimating import estimate_atoms
from heterobuild.particles.judged_options import (
    judge_distance,
    judge_either,
    judge_word,
    refuse_at_wall,
    refuse_elastic,
)
from heterobuild.particles.options import Length  # noqa: TC001  # recipes read the annotations

if TYPE_CHECKING:
    from heterobuild.frameworks.sites import Shared
    from heterobuild.model import Crystal, Estimate, Heterostructure

_SHARED: dict[str, Shared] = {"first": "inner", "later": "outer", "mixed": "mixed"}
_PERIODIC = {"plane": (True, True), "line": (True, False), "none": (False, False)}
_APART = ("orientations", "heights", "gap", "match", "max_strain", "max_length")
_TOGETHER = ("pattern", "length", "line", "shared_plane", "profile", "across")


@dataclass(frozen=True, kw_only=True)
class Lateral:
    """Parts side by side in one film.

    Parameters
    ----------
    pattern : {"stripes", "core_crown"}, optional
        Stripes, whose junctions run along x; or nested rectangles, from the inside outward.
    octahedra : tuple of int, optional
        Widths of the stripes, the parts taking turns; or of core and crowns; 4 each by default.
    widths : tuple of lengths, optional
        The same in Å, or as text in nm, rounded to whole octahedra.
    across : int, optional
        Octahedra of a rectangular core along y; square where not given.
    length : int, optional
        Octahedra along the junction of coherent stripes; one period where not given.
    times : int, optional
        Copies of the stripes beside one another, for a superlattice in the plane.
    layers : tuple of int, optional
        Height in octahedra, or sheets that lie in the film; one a part for grains of different
        height, which stand on one level. 1 sheet, or 3 octahedra, where not given.
    heights : tuple of lengths, optional
        The same of incoherent grains in Å, or as text in nm.
    line : str, optional
        Direction of the junction along pseudo-cubic axes, of coherent parts.
    orientations : tuple of str, optional
        Direction along the junction and plane of the film of each incoherent part, such as
        "[100] (010)" for standing sheets; "[100]pc (001)pc" by default.
    periodic : {"plane", "line", "none"}, optional
        Periodic in the film; along the line only, with free side faces; or a coherent platelet.
    wall : {"auto", "coherent", "incoherent"}, optional
        Coherent parts share one network of octahedra, sheets stay whole; incoherent ones keep
        their own lattice. "auto" is coherent for perovskites, and for layered phases with the
        same spacers.
    shared_plane : {"first", "later", "mixed"}, optional
        Who gets the halides between two coherent parts.
    profile : WallProfile, optional
        Composition profile across coherent junctions.
    strain : {"first", "second", "shared", "stiffness"} or float, optional
        Who takes the misfit along the junction: the first part, the later ones, all (by widths if
        coherent), all by stiffness; or the share of the first. Across it coherent parts relax.
    max_strain : float, optional
        Largest misfit of incoherent parts along the junction, a fraction.
    max_length : float, optional
        Largest length of their junction in Å.
    match : int, optional
        Which of their common lengths is built, from 0, the shortest.
    gap : float or "auto", optional
        Least distance in Å of incoherent parts beyond touching; "auto" lets closest ions touch.
    elastic : bool or "auto", optional
        Whether coherent parts are relaxed by the elastic estimate.
    neutrality : {"auto", "remove-A", "add-A", "remove-X", "add-X", "refuse"}, optional
        How the formal charge of side faces is brought to zero.
    cations : {"aligned", "dipole-cancelled", "random"}, optional
        Rule that orients molecular cations whose orientation diffraction leaves open.
    vacuum : float, optional
        Empty distance in Å along free directions.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> pair = load_crystal("CsPbI3:cubic"), load_crystal("CsPbBr3:cubic")
    >>> built = Lateral(octahedra=(3, 3), layers=(2,)).build(*pair)
    >>> built.atoms.get_chemical_formula()
    'Br19Cs18I23Pb12'
    """

    pattern: Literal["stripes", "core_crown"] = "stripes"
    octahedra: tuple[int, ...] = ()
    widths: tuple[Length, ...] = ()
    across: int | None = None
    length: int | None = None
    times: int = 1
    layers: tuple[int, ...] = ()
    heights: tuple[Length, ...] = ()
    line: str = "[100]pc"
    orientations: tuple[str, ...] = ()
    periodic: Literal["plane", "line", "none"] = "plane"
    wall: Literal["auto", "coherent", "incoherent"] = "auto"
    shared_plane: Literal["first", "later", "mixed"] = "first"
    profile: WallProfile = field(default_factory=WallProfile)
    strain: Literal["first", "second", "shared", "stiffness"] | float = "shared"
    max_strain: float = 0.04
    max_length: float = 60.0
    match: int = 0
    gap: float | Literal["auto"] = "auto"
    elastic: bool | Literal["auto"] = "auto"
    neutrality: Literal["auto", "remove-A", "add-A", "remove-X", "add-X", "refuse"] = "auto"
    cations: Literal["aligned", "dipole-cancelled", "random"] = "random"
    vacuum: float = 15.0

    def __post_init__(self) -> None:
        """Refuse options that contradict each other."""
        judge_vacuum(self.vacuum)
        judge_word(self.pattern, "pattern", ("stripes", "core_crown"))
        judge_word(self.periodic, "periodic", _PERIODIC)
        judge_word(self.shared_plane, "shared_plane", _SHARED)
        if isinstance(self.strain, str):
            judge_word(self.strain, "strain", ("first", "second", "shared", "stiffness"))
        judge_distance(self.gap, "gap", "use auto, which lets the closest ions touch")
        judge_either(self, ("octahedra", "widths"), ("layers", "heights"))
        judge_counts(octahedra=self.octahedra, layers=self.layers)
        for where, least in (("length", 1), ("across", 1), ("times", 1), ("match", 0)):
            judge_range(where, getattr(self, where), least)
        judge_range("strain", None if isinstance(self.strain, str) else self.strain, 0, 1)
        judge_range("gap", None if self.gap == "auto" else self.gap, 0, 100)
        judge_range("max_strain", self.max_strain, 0, 0.2)
        judge_range("max_length", self.max_length, 1, 10_000)

    def build(
        self,
        first: Crystal,
        *others: Crystal,
        names: tuple[str, ...] = (),
        name: str = "lateral",
        seed: int = 0,
    ) -> Heterostructure:
        """Build the parts side by side.

        Parameters
        ----------
        first : Crystal
            The first stripe, the core, or the first grain.
        *others : Crystal
            The other parts.
        names : tuple of str, optional
            Names of all parts; "part 1", "part 2" and so on where not given.
        name : str, optional
            Name of the result, used for files.
        seed : int, optional
            Seed of all random choices.

        Returns
        -------
        Heterostructure
            The labelled atoms, the charge ledger, and every choice made.

        Raises
        ------
        UsageError
            If sheets differ in layers, a width is below one octahedron, an orientation
            contradicts itself, or the policy cannot reach zero charge.
        NothingFitsError
            If incoherent parts have no common length along the junction.
        """
        crystals = (first, *others)
        names = side_names(len(crystals), names)
        require_memory(self.estimate(*crystals))
        if self._apart(crystals):
            return side_by_side(crystals, self._grains(crystals), names=names, name=name, seed=seed)
        junction = self._junction(crystals)
        return coherent_junction(crystals, junction, names=names, name=name, seed=seed)

    def estimate(self, first: Crystal, *others: Crystal) -> Estimate:
        """Tell how large the model will be.

        Parameters
        ----------
        first : Crystal
            The first part.
        *others : Crystal
            The other parts.

        Returns
        -------
        Estimate
            Atoms and memory.
        """
        crystals = (first, *others)
        if self._apart(crystals):
            plan = self._grains(crystals)
            parts = [
                (crystals[part], width * plan.heights[part] * self.max_length)
                for part, width in zip(plan.owners, plan.widths, strict=True)
            ]
            return estimate_atoms(parts)
        pattern, layers = self._junction(crystals).pattern, film_layers(self.layers, crystals)
        sheets = judge_phases(crystals)
        total = float(np.prod(pattern.counts)) * layers * (sheets.layers if sheets else 1)
        volumes = [(c, total / len(crystals) * framework_of(c).octahedron_volume) for c in crystals]
        return estimate_atoms(volumes, elastic=self.elastic)

    def _apart(self, crystals: tuple[Crystal, ...]) -> bool:
        """Tell whether the parts keep lattices of their own."""
        return stands_apart(crystals, self.wall, oriented=bool(self.orientations or self.heights))

    def _junction(self, crystals: tuple[Crystal, ...]) -> CoherentJunction:
        """Return the options of coherent parts."""
        refuse_at_wall(self, "coherent", _APART)
        refuse_at_pattern(self.pattern, self.across, self.length, self.times)
        line = judge_line(self.line, self.pattern)
        rows = own_lengths(crystals[0], sheets=judge_phases(crystals) is not None) / np.hypot(*line)
        widths = asked_widths(
            self.octahedra, self.widths, self.times, parts=len(crystals), edges=[rows]
        )
        counts = tuple(round(width / rows) for width in widths) * self.times
        return CoherentJunction(
            pattern=Pattern(
                kind=self.pattern,
                parts=len(crystals),
                widths=counts,
                across=self.across or counts[0],
                length=self.length
                or int(np.lcm.reduce([line_periods(c, line)[0] for c in crystals])),
            ),
            layers=film_layers(self.layers, crystals),
            line=line,
            periodic=_PERIODIC[self.periodic],
            strain=self.strain,
            shared=_SHARED[self.shared_plane],
            profile=self.profile,
            elastic=self.elastic,
            neutrality=self.neutrality,
            cations=self.cations,
            vacuum=self.vacuum,
        )

    def _grains(self, crystals: tuple[Crystal, ...]) -> SideBySide:
        """Return the options of incoherent parts."""
        refuse_elastic(self.elastic)
        refuse_at_wall(self, "incoherent", _TOGETHER)
        refuse_platelet(self.periodic)
        owners = stripe_owners(len(self.octahedra or self.widths) or len(crystals), len(crystals))
        sizes = [edge_of(crystals[part]) for part in owners]
        widths = asked_widths(
            self.octahedra, self.widths, self.times, parts=len(crystals), edges=sizes
        )
        stands = part_orientations(self.orientations, len(crystals))
        layers = [film_layer(c, text) for c, text in zip(crystals, stands, strict=True)]
        return SideBySide(
            owners=owners * self.times,
            widths=tuple(widths) * self.times,
            heights=part_heights(self.layers, self.heights, layers),
            orientations=stands,
            max_strain=self.max_strain,
            max_length=self.max_length,
            match=self.match,
            strain=self.strain,
            periodic=_PERIODIC[self.periodic][1],
            gap=self.gap,
            neutrality=self.neutrality,
            cations=self.cations,
            vacuum=self.vacuum,
        )
