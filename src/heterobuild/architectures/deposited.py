"""Nanocrystals laid on a film, or a film lying on nanocrystals; nothing is strained."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING, Literal

import numpy as np

from heterobuild.assembly.vacuum import judge_vacuum
from heterobuild.deposition.arrays import ARRANGEMENTS, nearest_steps, wanted_steps
from heterobuild.deposition.bodies import Carving
from heterobuild.deposition.depositing import Deposit, deposited
from heterobuild.deposition.films import along_film
from heterobuild.deposition.places import RANDOM, Array
from heterobuild.errors import UsageError
from heterobuild.memory import require_memory
from heterobuild.model import Estimate
from heterobuild.particles.estimating import PER_ATOM, estimate_atoms, solid_volume
from heterobuild.particles.forms import make_form
from heterobuild.particles.judged_options import (
    judge_coverage,
    judge_distance,
    judge_either,
    judge_three,
    judge_word,
)
from heterobuild.particles.options import Length, ParticleShape, SurfacePolicy
from heterobuild.particles.sizes import length_in_angstrom

if TYPE_CHECKING:
    from heterobuild.geometry.shapes import Shape
    from heterobuild.model import Crystal, Heterostructure, Slab

SPACING, ALONE = 6.0, 15.0
"""Least distance in Å between particles of an array, and of one from its images, by default."""

WIDEST = 200.0
"""Largest gap in Å."""

GRID = 21
"""Points along each axis from which the width of a particle is estimated."""


@dataclass(frozen=True, kw_only=True)
class Deposited:
    """An array of nanocrystals on a film, none of them strained.

    Parameters
    ----------
    shape : ParticleShape, optional
        Form and size of a particle; the default is a cube of 3 × 3 × 3 octahedra. A platelet is
        a finite flake of its crystal.
    arrangement : {"square", "hexagonal", "random", "one"}, optional
        Where the particles lie in the plane. The steps of square and hexagonal arrays are the
        lattice vectors of the film that are nearest to them.
    count : list of int, optional
        Number of particles along the two steps of the array; at random, their product.
    pitch : length, optional
        Distance in Å of the centres of neighbours; at random, the edge of the square that each
        has on average.
    spacing : float, optional
        Least distance in Å between atoms of two particles, ligands included; 6 by default, 15
        between one particle and its images.
    orientation : {"aligned", "random", "tumbled"}, optional
        Aligned with the pseudo-cubic axes of the film, turned at random about the normal, or at
        random in space.
    turn : float, optional
        Angle in degrees by which aligned particles are turned about the normal,
        counter-clockwise seen from above.
    facet : list of int, optional
        Face of the particle that lies on the film, along pseudo-cubic axes; by default that on
        which the shape stands, which is (001).
    gap : float or "auto", optional
        Distance in Å of the facing planes, ligands not counted; "auto" lets the closest atoms
        touch, those of ligands included. A gap of 20 to 50 Å stands for ligands that are not
        built.
    registry : {"facing", "free"}, optional
        Whether aligned particles are moved over the nearest site of the film where opposite ions
        face one another, or stay where the array puts them.
    below : {"film", "particles"}, optional
        Which side lies below; a film above lies on the particles with its lower side.
    termination : {"AX", "BX2"}, optional
        Outermost plane of {100} faces of the particles.
    neutrality : {"auto", "remove-A", "add-A", "remove-X", "add-X", "ligands", "refuse"}, optional
        How the formal charge of each particle is brought to zero.
    ligands : dict of str to float, optional
        Ligands on the particles, those towards the film included, and their fractions.
    coverage : float, optional
        Fraction of the surface sites that ligands take.
    cations : {"aligned", "dipole-cancelled", "random"}, optional
        Rule that orients molecular cations of the particles whose orientation diffraction leaves
        open; particles of a pure crystal are copies of one.
    vacuum : float, optional
        Empty height in Å above and below the atoms together; by default 15, or as much as
        there is between particles and film where that is more.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> from heterobuild.slabs import cut_slab
    >>> film = cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=1)
    >>> dot = load_crystal("CsPbI3_alpha")
    >>> built = Deposited(shape=ParticleShape(octahedra=2)).build(dot, film)
    >>> [region.name for region in built.regions]
    ['film', 'particle']
    """

    shape: ParticleShape = field(default_factory=ParticleShape)
    arrangement: Literal["square", "hexagonal", "random", "one"] = "square"
    count: tuple[int, int] = (1, 1)
    pitch: Length | None = None
    spacing: float | None = None
    orientation: Literal["aligned", "random", "tumbled"] = "aligned"
    turn: float = 0.0
    facet: tuple[int, int, int] | None = None
    gap: float | Literal["auto"] = "auto"
    registry: Literal["facing", "free"] = "facing"
    below: Literal["film", "particles"] = "film"
    termination: Literal["AX", "BX2"] = "AX"
    neutrality: SurfacePolicy = "auto"
    ligands: dict[str, float] = field(default_factory=dict)
    coverage: float = 1.0
    cations: Literal["aligned", "dipole-cancelled", "random"] = "random"
    vacuum: float | None = None

    def __post_init__(self) -> None:
        """Refuse options that no array can have."""
        judge_word(self.arrangement, "arrangement", ARRANGEMENTS)
        judge_word(self.orientation, "orientation", ("aligned", "random", "tumbled"))
        judge_word(self.registry, "registry", ("facing", "free"))
        judge_word(self.below, "below", ("film", "particles"))
        judge_three(self.facet, "facet")
        if self.vacuum is not None:
            judge_vacuum(self.vacuum)
        judge_coverage(self.coverage, self.ligands)
        judge_distance(self.spacing, "spacing", "use 6")
        judge_distance(self.gap, "gap", "use auto, which lets the closest atoms touch")
        if self.arrangement != "random":
            judge_either(self, ("pitch", "spacing"))
        if self.gap != "auto" and not self.gap <= WIDEST:
            raise UsageError(
                "particles so far away are not on the film",
                where="gap",
                measured=f"{self.gap:g} Å",
                allowed=f"at most {WIDEST:g} Å",
                next_step="use auto, or 20 to 50 for ligands that are not built",
            )
        self._judge_count()
        self._judge_turn()
        if self.shape.kind == "wire":
            raise UsageError(
                "a particle on a film has an end in all directions",
                where="shape",
                measured="wire",
                next_step="take a rod",
            )

    def build(
        self, particle: Crystal, film: Slab, *, name: str = "deposited", seed: int = 0
    ) -> Heterostructure:
        """Lay the particles on the film.

        Parameters
        ----------
        particle : Crystal
            What the particles are made of.
        film : Slab
            The film, as cut.
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
            If particles overlap at the pitch, the gap is smaller than touching, the film is
            charged, or the policy cannot reach zero charge; with the nearest possible choice.
        NothingFitsError
            If particles at random, or ligands, find no place.
        """
        require_memory(self.estimate(particle, film))
        options = Deposit(
            carving=Carving(
                shape=self.shape,
                facet=self.facet,
                termination=self.termination,
                neutrality=self.neutrality,
                ligands=self.ligands,
                coverage=self.coverage,
                cations=self.cations,
            ),
            array=self._array(),
            orientation=self.orientation,
            turn=self.turn,
            gap=self.gap,
            registry=self.registry,
            film_above=self.below == "particles",
            vacuum=self.vacuum,
        )
        return deposited(particle, film, options, name=name, seed=seed)

    def estimate(self, particle: Crystal, film: Slab) -> Estimate:
        """Tell how large the model will be.

        Parameters
        ----------
        particle : Crystal
            What the particles are made of.
        film : Slab
            The film.

        Returns
        -------
        Estimate
            Atoms without ligands, and memory.
        """
        array, form = self._array(), make_form(self.shape, particle)
        pitch = array.pitch
        if pitch is None:
            pitch = self._width(form.shape) + array.spacing
            pitch *= np.sqrt(np.pi / RANDOM) / 2 if self.arrangement == "random" else 1.0
        surface = film.stacking.cell[:2, :2]
        steps = nearest_steps(wanted_steps(array.arrangement, pitch, along_film(film)), surface)
        cells = max(1.0, abs(float(np.linalg.det(steps)))) * array.number
        dots = estimate_atoms([(particle, solid_volume(form.shape) * array.number)])
        below = round(cells * len(film.atoms))
        return Estimate(atoms=dots.atoms + below, memory=dots.memory + below * PER_ATOM)

    def _array(self) -> Array:
        """Return where the particles lie in the plane."""
        usual = ALONE if self.arrangement == "one" else SPACING
        return Array(
            arrangement=self.arrangement,
            count=self.count,
            pitch=None if self.pitch is None else length_in_angstrom(self.pitch, "pitch"),
            spacing=usual if self.spacing is None else self.spacing,
        )

    def _width(self, solid: Shape) -> float:
        """Return about how wide a particle is as it lies, from a grid of points."""
        lines = [np.linspace(-h, h, GRID) for h in solid.half]
        points = np.stack(np.meshgrid(*lines, indexing="ij"), axis=-1).reshape(-1, 3)
        points = points[solid.distance(points) <= 1e-6]
        if self.orientation != "aligned" or self.arrangement == "random":
            space = 3 if self.orientation == "tumbled" else 2
            return 2 * float(np.linalg.norm(points[:, :space], axis=1).max(initial=0.0))
        angle = np.radians(self.turn)
        turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        return float(np.ptp(points[:, :2] @ turned, axis=0).max())

    def _judge_count(self) -> None:
        """Refuse an array without particles."""
        if len(tuple(self.count)) != 2 or not 1 <= min(self.count) <= max(self.count) <= 1000:
            raise UsageError(
                "an array has at least one particle along each of its two steps",
                where="count",
                measured=list(self.count),
                allowed="two numbers from 1 to 1000",
                next_step="use [2, 2], or [1, 1] for one particle",
            )
        if self.arrangement == "one" and tuple(self.count) != (1, 1):
            raise UsageError(
                "the arrangement of one particle holds no more",
                where="count",
                measured=list(self.count),
                next_step="leave count out, or take arrangement: square",
            )

    def _judge_turn(self) -> None:
        """Refuse a turn that is no angle, or of particles that are turned at random."""
        if not isfinite(self.turn):
            raise UsageError("a turn is an angle in degrees", where="turn", next_step="use 0")
        if self.turn and self.orientation != "aligned":
            raise UsageError(
                "turn means nothing for particles that are turned at random",
                where="turn",
                measured=f"{self.turn:g}°",
                allowed="with orientation: aligned",
                next_step="leave turn out, or take orientation: aligned",
            )
