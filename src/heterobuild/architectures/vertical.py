"""A film on a substrate: one common in-plane cell, stacked along the normal."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from heterobuild.assembly.common_cell import (
    film_share,
    onto_common_cell,
    reference_stretch,
    two_fold_axis,
)
from heterobuild.assembly.contact import bring_together
from heterobuild.assembly.describe import match_step
from heterobuild.assembly.energy import energy_step
from heterobuild.assembly.finished_stack import finish_stack
from heterobuild.assembly.option_ranges import is_length, require, require_stack, require_word
from heterobuild.assembly.organic_contact import interlock_stack
from heterobuild.assembly.part import turned_part
from heterobuild.assembly.tilt_ramp import follow_tilts
from heterobuild.matching import MatchLimits, choose_match
from heterobuild.matching.common_superlattice import single_cell
from heterobuild.model import WallProfile
from heterobuild.slabs import turn_slab

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.assembly.contact import Contact
    from heterobuild.assembly.filling import Frame
    from heterobuild.assembly.part import Part
    from heterobuild.model import Heterostructure, Slab


@dataclass(frozen=True, kw_only=True)
class Vertical:
    """A vertical heterostructure of two slabs.

    Parameters
    ----------
    limits : MatchLimits, optional
        Largest strain and area of the common in-plane cell.
    match : int, optional
        Which of the matches within the limits is built, counted from 0, the smallest cell.
    strain : {"film", "substrate", "shared", "stiffness"} or dict, optional
        Which side takes the misfit. ``{"film": 0.7}`` gives the film 70 % of it, "shared" half,
        "stiffness" as much as makes the elastic energy of the two layers least.
        The default is the film, which grows on a substrate that keeps its lattice.
    gap : float or "auto", optional
        Distance in Å between the facing planes. "auto" continues the plane spacing where the
        octahedral network runs on, and elsewhere lets the closest ions touch.
    shift : tuple of float, optional
        In-plane shift of the film from the registry found, in fractions of the substrate's
        surface vectors; (0.5, 0.5) moves it by half a cell along both.
    vacuum : float or None, optional
        Empty height in Å above and below the atoms of a slab together; the default 15 decouples
        the images of a neutral slab without a dipole. Not used for a superlattice.
    periodic : {"slab", "sandwich", "superlattice"}, optional
        A slab with one interface and vacuum; a sandwich whose upper part covers both faces of
        the lower one, with vacuum; or an endless stack with two interfaces and two gaps.
    below : {"substrate", "film"}, optional
        Which side lies below; in a sandwich it is the middle.
    film_face, substrate_face : {"up", "down"}, optional
        "down" turns a slab upside down by a proper two-fold rotation before it is matched, so
        that its top termination is at the bottom.
    repeat : tuple of int, optional
        Copies of the common cell along its two vectors.
    profile : WallProfile, optional
        Composition profile across the walls where the octahedral network continues.
    tilts : {"kept", "matched", "ramped"}, optional
        What becomes of octahedral tilts at a wall where the network continues: kept as they are,
        or taken over by the film from the substrate, in full over the given octahedra or falling
        off linearly.
    tilt_planes : int, optional
        Octahedra from the wall over which the tilts are taken over. The default 3 is a start for
        a relaxation, no measured length.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> from heterobuild.slabs import cut_slab
    >>> film = cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=2, bottom="CsBr", top="CsBr")
    >>> substrate = cut_slab(load_crystal("CsPbI3_alpha"), "001", layers=2)
    >>> loose = MatchLimits(max_strain=0.08, max_area=50)
    >>> built = Vertical(limits=loose).build(film, substrate, name="bromide-on-iodide")
    >>> built.atoms.get_chemical_formula()
    'Br7Cs5I6Pb4'
    """

    regions: ClassVar[tuple[str, str]] = ("film", "substrate")

    limits: MatchLimits = field(default_factory=MatchLimits)
    match: int = 0
    strain: (
        Literal["film", "substrate", "shared", "stiffness"]
        | dict[Literal["film", "substrate"], float]
    ) = "film"
    gap: float | Literal["auto"] = "auto"
    shift: tuple[float, float] = (0.0, 0.0)
    vacuum: float | None = 15.0
    periodic: Literal["slab", "sandwich", "superlattice"] = "slab"
    below: Literal["substrate", "film"] = "substrate"
    film_face: Literal["up", "down"] = "up"
    substrate_face: Literal["up", "down"] = "up"
    repeat: tuple[int, int] = (1, 1)
    profile: WallProfile = field(default_factory=WallProfile)
    tilts: Literal["kept", "matched", "ramped"] = "kept"
    tilt_planes: int = 3

    def __post_init__(self) -> None:
        """Refuse options that no interface can have."""
        film_share(self.strain)
        require_word("periodic", self.periodic, ("slab", "sandwich", "superlattice"))
        require_word("below", self.below, ("substrate", "film"))
        require_word("film_face", self.film_face, ("up", "down"))
        require_word("substrate_face", self.substrate_face, ("up", "down"))
        require_stack(
            periodic=self.periodic,
            vacuum=self.vacuum,
            repeat=self.repeat,
            match=self.match,
            tilts=self.tilts,
            tilt_planes=self.tilt_planes,
        )
        require(
            self.gap == "auto" or is_length(self.gap, most=100),
            "gap",
            self.gap,
            "auto, or more than 0 and at most 100 Å",
            "use auto",
        )
        require(
            all(isfinite(part) for part in self.shift), "shift", self.shift, "finite", "use [0, 0]"
        )

    def build(
        self, film: Slab, substrate: Slab, *, name: str = "interface", seed: int = 0
    ) -> Heterostructure:
        """Build the heterostructure.

        Parameters
        ----------
        film, substrate : Slab
            The two slabs, as cut.
        name : str, optional
            Name of the result, used for files.
        seed : int, optional
            Seed for the ions of mixed sites and the orientation of molecular cations.

        Returns
        -------
        Heterostructure
            The labelled atoms and every choice made on the way.

        Raises
        ------
        NothingFitsError
            If no common cell is within the limits; the message holds the nearest misses.
        UsageError
            If a sandwich is wanted on a common cell without a two-fold axis in the plane, or
            molecules do not fit into a fixed gap, or a profile does not fit the walls.
        """
        film = turn_slab(film) if self.film_face == "down" else film
        substrate = turn_slab(substrate) if self.substrate_face == "down" else substrate
        match, others = choose_match(film, substrate, self.limits, rank=self.match)
        common, copies = single_cell(match), self._copies()
        made, frame = onto_common_cell(
            common,
            {"film": film},
            ("substrate", substrate),
            stretch=reference_stretch(
                common, [film], substrate, share=film_share(self.strain), copies=copies
            ),
            repeats=self.repeat,
            seed=seed,
        )
        upper, lower = made["film"], made["substrate"]
        energy = energy_step(
            [(upper, copies[0], match.log_strain), (lower, copies[1], None)], frame.cell
        )
        if self.below == "film":
            upper, lower = lower, upper
        parts, contacts = follow_tilts(
            *self._arrange(lower, upper, frame),
            frame,
            source="substrate",
            rule=self.tilts,
            planes=self.tilt_planes,
        )
        return finish_stack(
            parts,
            contacts,
            frame,
            name=name,
            fits=[match_step(match, others, frame.cell, self.repeat, window=self.limits.rotation)],
            energy=energy,
            described=(lower, upper),
            vacuum=None if self.periodic == "superlattice" else float(self.vacuum or 0.0),
            match=match,
            profile=self.profile,
            tilts=self.tilts,
        )

    def _copies(self) -> tuple[int, int]:
        """Return how often film and substrate occur: the upper part of a sandwich twice."""
        if self.periodic != "sandwich":
            return 1, 1
        return (2, 1) if self.below == "substrate" else (1, 2)

    def _arrange(self, lower: Part, upper: Part, frame: Frame) -> tuple[list[Part], list[Contact]]:
        """Return the parts from below to above and the contacts between them."""
        film_above = self.below == "substrate"
        vectors = _surface_vectors(lower if film_above else upper)
        wish = np.array(self.shift) @ vectors * (1 if film_above else -1)
        stack = [lower, upper]
        if self.periodic == "sandwich":
            stack.insert(0, turned_part(upper, two_fold_axis(frame.whole)))
        endless = self.periodic == "superlattice"
        *mirrors, lower, upper = interlock_stack(stack, frame, endless=endless)
        above = bring_together(lower, upper, frame, gap=self.gap, shift=wish)
        if self.periodic == "slab":
            return [lower, upper], [above]
        if endless:
            return [lower, upper], [above, bring_together(upper, lower, frame, gap=self.gap)]
        axis, mirror = two_fold_axis(frame.whole), mirrors[0]
        half_turn = 2 * np.outer(axis, axis) - np.eye(2)
        below = bring_together(mirror, lower, frame, gap=self.gap, shift=-wish @ half_turn)
        return [mirror, lower, upper], [below, above]


def _surface_vectors(part: Part) -> FloatArray:
    vectors: FloatArray = (part.slab.stacking.cell[:2] @ part.deformation)[:, :2]
    return vectors
