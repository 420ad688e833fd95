"""Phases that interpenetrate in a periodic bulk: bicontinuous, grains, or inclusions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from heterobuild.coherent.matrix import whole_periods
from heterobuild.coherent.mixtures import CoherentMixture, coherent_mixture, common_lattice
from heterobuild.coherent.mixtures_amounts import Amounts, octahedron_shares, volume_shares
from heterobuild.coherent.mixtures_fields import Morphology
from heterobuild.coherent.mixtures_sizes import (
    cube_for,
    grain_count,
    judge_grain_size,
    judge_numbers,
    mean_diameter,
    phase_names,
    refuse_for,
)
from heterobuild.dots.judging import judge_free_cell
from heterobuild.frameworks.networks import coherent_together, share_lattice
from heterobuild.frameworks.scaling import cube_edge
from heterobuild.incoherent.grains import IncoherentGrains, incoherent_grains
from heterobuild.incoherent.grains_layout import upright_edges
from heterobuild.incoherent.matrices import any_matrix, matrix_cells
from heterobuild.memory import require_memory
from heterobuild.model import WallProfile
from heterobuild.particles.estimating import estimate_atoms
from heterobuild.particles.judged_options import (
    judge_distance,
    judge_either,
    judge_three,
    judge_word,
    refuse_at_wall,
    refuse_elastic,
)
from heterobuild.particles.options import Length  # noqa: TC001  # recipes read the annotations
from heterobuild.particles.sizes import length_in_angstrom

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.frameworks.sites import Shared
    from heterobuild.model import Crystal, Estimate, Heterostructure

_SHARED: dict[str, Shared] = {"first": "inner", "later": "outer", "mixed": "mixed"}
_KINDS = ("bicontinuous", "grains", "inclusions")

CORRELATION, GRAIN = 20.0, 40.0
"""Correlation length and diameter of grains in Å where none is given."""


@dataclass(frozen=True, kw_only=True)
class Bulk:
    """Two or more phases that share a periodic cell.

    Parameters
    ----------
    morphology : {"bicontinuous", "grains", "inclusions"}, optional
        Level sets of a Gaussian random field; Voronoi or Laguerre grains; or balls of all phases
        but the last inside the last.
    cells : int or list of int, optional
        Size in pseudo-cubic cells of the last phase, conventional ones where it has no such;
        where neither this nor `box` is given, room for several domains or grains.
    box : length or list of lengths, optional
        The same in Å, or as text in nm. Phases on one lattice, and the matrix of inclusions, take
        the nearest whole number of cells, grains the box as it is.
    volume_fractions : list of float, optional
        Share of the volume of each phase, in the order of the parts; they sum to one. Equal
        shares where no amount is given.
    molar_ratio : list of float, optional
        Formula units of each phase instead, such as [1, 2].
    precursor_ratio : float, optional
        Moles of AX for each of BX2 (or BX) that two phases of one metal were made from instead:
        CsBr/PbBr2 = 1.4 gives 2 Cs4PbBr6 for 13 CsPbBr3.
    correlation_length : length, optional
        Distance at which the correlation of the random field has fallen to 1/e; 20 Å by default.
    spectrum : {"smooth", "spinodal"}, optional
        Correlation exp(−r²/ξ²) with domains of many sizes, or sin(kr)/kr with one wavelength of
        2.86 correlation lengths.
    grains : int, optional
        Number of grains, or of inclusions. Bicontinuous phases on lattices of their own are
        divided by so many grains.
    grain_size : length, optional
        Mean diameter of a ball with the volume of a grain or inclusion instead: 40 Å by default,
        five correlation lengths where they divide bicontinuous phases.
    spread : float, optional
        Standard deviation of these diameters as a fraction of the mean, log-normal; 0 makes them
        equal. Where it is not given, grains are Voronoi cells of random seeds.
    wall : {"auto", "coherent", "incoherent"}, optional
        Coherent phases share one network of octahedra; incoherent ones have lattices of their
        own. "auto" is coherent where all have the same network.
    shared_plane : {"first", "later", "mixed"}, optional
        Whose halide the plane at a coherent wall holds: that of the phase named first, of the
        later one, or either.
    profile : WallProfile, optional
        Composition profile across coherent walls.
    orientation : str, optional
        Orientation of incoherent grains: "random", "aligned", or a relation of parallel
        directions and planes, the first phase on the left, "[100]||[110], (001)||(001)"; "auto"
        takes the known relation, else random.
    gap : float or "auto", optional
        Distance in Å that ions of two incoherent grains keep at least; "auto" lets the closest
        ions touch.
    cations : {"aligned", "dipole-cancelled", "random"}, optional
        Rule that orients molecular cations whose orientation diffraction leaves open.
    elastic : bool or "auto", optional
        Whether positions are relaxed across coherent walls by the elastic estimate.
    cell : {"fixed", "relaxed"}, optional
        Whether the elastic estimate may change the cell.
    neutrality : {"auto", "remove-A", "remove-X", "refuse"}, optional
        How the formal charge of each incoherent grain is brought to zero: "auto" takes cations
        away from a positive grain, and terminal halides from a negative one.
    """

    morphology: Literal["bicontinuous", "grains", "inclusions"] = "bicontinuous"
    cells: int | tuple[int, int, int] | None = None
    box: Length | tuple[Length, Length, Length] | None = None
    volume_fractions: tuple[float, ...] | None = None
    molar_ratio: tuple[float, ...] | None = None
    precursor_ratio: float | None = None
    correlation_length: Length | None = None
    spectrum: Literal["smooth", "spinodal"] = "smooth"
    grains: int | None = None
    grain_size: Length | None = None
    spread: float | None = None
    wall: Literal["auto", "coherent", "incoherent"] = "auto"
    shared_plane: Literal["first", "later", "mixed"] = "later"
    profile: WallProfile = field(default_factory=WallProfile)
    orientation: str = "auto"
    gap: float | Literal["auto"] = "auto"
    cations: Literal["aligned", "dipole-cancelled", "random"] = "random"
    elastic: bool | Literal["auto"] = "auto"
    cell: Literal["fixed", "relaxed"] = "fixed"
    neutrality: Literal["auto", "remove-A", "remove-X", "refuse"] = "auto"

    def build(
        self,
        first: Crystal,
        *others: Crystal,
        names: tuple[str, ...] = (),
        name: str = "bulk",
        seed: int = 0,
    ) -> Heterostructure:
        """Build the mixture.

        Parameters
        ----------
        first, *others : Crystal
            The phases, at least two; the last is the matrix of inclusions.
        names : tuple of str, optional
            Names of the phases.
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
            If amounts contradict each other or are out of reach, the cell is too small, crystals
            cannot share a lattice, or a grain cannot become neutral.
        """
        crystals = (first, *others)
        names = phase_names(crystals, names)
        require_memory(self.estimate(first, *others))
        if not share_lattice(crystals, self.wall):
            return self._incoherent(crystals, names, name=name, seed=seed)
        refuse_at_wall(self, "coherent", ("orientation", "gap", "neutrality"))
        judge_free_cell(self.cell, self.elastic)
        if self.morphology == "bicontinuous":
            refuse_at_wall(self, "coherent", ("grains", "grain_size", "spread"))
        shares = octahedron_shares(self._amounts(), crystals)
        cells, volume = self._coherent_cells(crystals, shares)
        options = CoherentMixture(
            morphology=self._morphology(crystals, shares, volume),
            amounts=self._amounts(),
            cells=cells,
            shared=_SHARED[self.shared_plane],
            profile=self.profile,
            elastic=self.elastic,
            free_cell=self.cell == "relaxed",
            cations=self.cations,
        )
        return coherent_mixture(crystals, options, names=names, name=name, seed=seed)

    def estimate(self, first: Crystal, *others: Crystal) -> Estimate:
        """Tell how large the model will be; grains leave up to half of the box to their walls.

        Parameters
        ----------
        first, *others : Crystal
            The phases.

        Returns
        -------
        Estimate
            Atoms and memory.
        """
        crystals = (first, *others)
        phase_names(crystals, ())
        same = coherent_together(crystals) and self.wall != "incoherent"
        shares = (octahedron_shares if same else volume_shares)(self._amounts(), crystals)
        around = self._around(shares)
        if same:
            _, volume = self._coherent_cells(crystals, shares)
        else:
            edges = upright_edges(crystals[-1], cells=self.cells, box=self.box, around=around)
            volume = float(np.prod(edges))
        return estimate_atoms(
            [(crystal, share * volume) for crystal, share in zip(crystals, shares, strict=True)],
            host=common_lattice(crystals, shares) if same else None,
            elastic=self.elastic if same else False,
        )

    def __post_init__(self) -> None:
        """Refuse options that contradict each other."""
        judge_word(self.morphology, "morphology", _KINDS)
        judge_word(self.spectrum, "spectrum", ("smooth", "spinodal"))
        judge_word(self.shared_plane, "shared_plane", _SHARED)
        judge_three(self.cells, "cells")
        judge_three(self.box, "box")
        judge_distance(self.gap, "gap", "use auto, which lets the closest ions touch")
        judge_either(self, ("cells", "box"), ("grains", "grain_size"))
        judge_numbers(cells=self.cells, grains=self.grains, spread=self.spread)
        if self.morphology != "bicontinuous":
            refuse_for(self, self.morphology, ("correlation_length", "spectrum"))

    def _amounts(self) -> Amounts:
        """Return how much is wanted of each phase."""
        return Amounts(**{n: getattr(self, n) for n in Amounts.__dataclass_fields__})

    def _lengths(self) -> tuple[float, float]:
        """Return correlation length and diameter of grains in Å."""
        length = self.correlation_length
        found = CORRELATION if length is None else length_in_angstrom(length, "correlation_length")
        if self.grain_size is not None:
            return found, length_in_angstrom(self.grain_size, "grain_size")
        return found, 5 * found if self.morphology == "bicontinuous" else GRAIN

    def _morphology(
        self, crystals: tuple[Crystal, ...], shares: FloatArray, volume: float
    ) -> Morphology:
        """Return how the phases share the cell."""
        length, diameter = self._lengths()
        count = self.grains or grain_count(self.morphology, volume, diameter, shares)
        mean = mean_diameter(self.morphology, volume, count, shares)
        judge_grain_size(mean, crystals, self.grains)
        kind, spectrum, spread = self.morphology, self.spectrum, self.spread
        return Morphology(kind=kind, length=length, spectrum=spectrum, count=count, spread=spread)

    def _around(self, shares: FloatArray) -> FloatArray:
        """Return the size of a cell in Å where none is given."""
        length, diameter = self._lengths()
        return np.full(3, cube_for(self.morphology, length, diameter, self.grains, shares))

    def _coherent_cells(
        self, crystals: tuple[Crystal, ...], shares: FloatArray
    ) -> tuple[tuple[int, int, int], float]:
        """Return the pseudo-cubic cells of the common lattice, and their volume in Å³."""
        host = common_lattice(crystals, shares)
        around = self._around(shares)
        wanted = matrix_cells(host, cells=self.cells, box=self.box, around=around)
        cells = whole_periods(host, wanted)
        return cells, float(np.prod(cells)) * cube_edge(host) ** 3

    def _incoherent(
        self, crystals: tuple[Crystal, ...], names: tuple[str, ...], *, name: str, seed: int
    ) -> Heterostructure:
        """Build grains on lattices of their own."""
        refuse_elastic(self.elastic)
        refuse_at_wall(self, "incoherent", ("shared_plane", "profile", "cell"))
        shares = volume_shares(self._amounts(), crystals)
        last, around = crystals[-1], self._around(shares)
        if self.morphology == "inclusions":
            counts = matrix_cells(last, cells=self.cells, box=self.box, around=around)
            matrix = any_matrix(last, counts, slab=False)
            cell = matrix.cell
        else:
            edges = upright_edges(last, cells=self.cells, box=self.box, around=around)
            matrix, cell = None, np.diag(edges)
        volume = float(abs(np.linalg.det(cell)))
        options = IncoherentGrains(
            morphology=self._morphology(crystals, shares, volume),
            amounts=self._amounts(),
            orientation=self.orientation,
            gap=self.gap,
            neutrality=self.neutrality,
            cations=self.cations,
        )
        return incoherent_grains(
            crystals, options, cell, matrix=matrix, names=names, name=name, seed=seed
        )
