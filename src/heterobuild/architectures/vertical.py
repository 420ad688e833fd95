"""A film on a substrate: one common in-plane cell, stacked along the normal."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from heterobuild.assembly.common_cell import film_share, onto_common_cell, two_fold_axis
from heterobuild.assembly.contact import bring_together, contact_steps
from heterobuild.assembly.describe import (
    composition_notices,
    match_step,
    slab_step,
    strain_notices,
    strain_step,
    temperature_notices,
)
from heterobuild.assembly.energy import energy_step
from heterobuild.assembly.part import turned_part
from heterobuild.assembly.stack import region_of, stack_parts
from heterobuild.assembly.vacuum import add_vacuum
from heterobuild.errors import UsageError
from heterobuild.matching import MatchLimits, choose_match
from heterobuild.model import Heterostructure, Step
from heterobuild.slabs import turn_slab

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.assembly.contact import Contact
    from heterobuild.assembly.filling import Frame
    from heterobuild.assembly.part import Part
    from heterobuild.model import Slab


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

    def __post_init__(self) -> None:
        """Refuse options that no interface can have."""
        film_share(self.strain)
        _require_word("periodic", self.periodic, ("slab", "sandwich", "superlattice"))
        _require_word("below", self.below, ("substrate", "film"))
        _require_word("film_face", self.film_face, ("up", "down"))
        _require_word("substrate_face", self.substrate_face, ("up", "down"))
        _require(self.match >= 0, "match", self.match, "0 or more", "use 0 for the smallest cell")
        _require(
            self.gap == "auto" or _length(self.gap, most=100),
            "gap",
            self.gap,
            "auto, or more than 0 and at most 100 Å",
            "use auto",
        )
        _require(
            self.periodic == "superlattice" or _length(self.vacuum, most=1000),
            "vacuum",
            self.vacuum,
            "more than 0 and at most 1000 Å",
            "use 15, or periodic: superlattice for no vacuum",
        )
        _require(
            min(self.repeat) >= 1, "repeat", self.repeat, "1 or more", "use [1, 1] for one cell"
        )
        _require(
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
            If a sandwich is wanted on a common cell without a two-fold axis in the plane.
        """
        film = turn_slab(film) if self.film_face == "down" else film
        substrate = turn_slab(substrate) if self.substrate_face == "down" else substrate
        match, others = choose_match(film, substrate, self.limits, rank=self.match)
        (upper, lower), frame = onto_common_cell(
            match,
            film,
            substrate,
            share=film_share(self.strain),
            copies=self._copies(),
            repeats=self.repeat,
            seed=seed,
        )
        energy = energy_step(match, upper, lower, frame.cell, copies=self._copies())
        if self.below == "film":
            upper, lower = lower, upper
        parts, contacts = self._arrange(lower, upper, frame)
        atoms, molecules = stack_parts(parts, contacts, frame.whole)
        steps = [
            *(slab_step(part) for part in (lower, upper)),
            match_step(match, others, frame.cell, self.repeat),
            *(strain_step(part) for part in (lower, upper)),
            energy,
            *(step for contact in contacts for step in contact_steps(contact)),
            *(part.composition for part in (lower, upper) if part.composition is not None),
            *(part.cations for part in (lower, upper) if part.cations is not None),
        ]
        if self.periodic == "superlattice":
            steps.append(Step(name="vacuum", choice="none: the stack is endless"))
        else:
            atoms, step = add_vacuum(atoms, float(self.vacuum or 0.0))
            steps.append(step)
        crystals = (lower.slab.crystal, upper.slab.crystal)
        notices = [notice for crystal in crystals for notice in crystal.notices]
        notices += [notice for part in (lower, upper) for notice in strain_notices(part)]
        notices += [notice for part in (lower, upper) for notice in composition_notices(part)]
        notices += temperature_notices(upper, lower)
        return Heterostructure(
            name=name,
            atoms=atoms,
            regions=tuple(region_of(part, code) for code, part in enumerate(parts, 1)),
            molecules=molecules,
            match=match,
            steps=tuple(steps),
            notices=tuple(dict.fromkeys(notices)),
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
        above = bring_together(lower, upper, frame, gap=self.gap, shift=wish)
        if self.periodic == "slab":
            return [lower, upper], [above]
        if self.periodic == "superlattice":
            return [lower, upper], [above, bring_together(upper, lower, frame, gap=self.gap)]
        axis = two_fold_axis(frame.whole)
        mirror = turned_part(upper, axis)
        half_turn = 2 * np.outer(axis, axis) - np.eye(2)
        below = bring_together(mirror, lower, frame, gap=self.gap, shift=-wish @ half_turn)
        return [mirror, lower, upper], [below, above]


def _surface_vectors(part: Part) -> FloatArray:
    vectors: FloatArray = (part.slab.stacking.cell[:2] @ part.deformation)[:, :2]
    return vectors


def _require(fine: object, where: str, measured: object, allowed: str, next_step: str) -> None:
    if not fine:
        raise UsageError(
            f"{where} is out of range",
            where=where,
            measured=measured,
            allowed=allowed,
            next_step=next_step,
        )


def _require_word(where: str, word: str, allowed: tuple[str, ...]) -> None:
    _require(word in allowed, where, repr(word), " or ".join(allowed), f"use {allowed[0]}")


def _length(value: object, *, most: float) -> bool:
    """Return whether a value is a positive length in Å."""
    return isinstance(value, int | float) and 0 < value <= most
