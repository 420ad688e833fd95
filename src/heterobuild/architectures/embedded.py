"""Dots inside a matrix, coherent on its lattice or each on their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from heterobuild.assembly.vacuum import judge_vacuum
from heterobuild.coherent.embedding import CoherentDots, coherent_embedded
from heterobuild.coherent.matrix import whole_periods
from heterobuild.dots.arrangement import Placement
from heterobuild.dots.judging import judge_cells, judge_dot, judge_free_cell, judge_reach
from heterobuild.dots.sizes import DotSizes
from heterobuild.frameworks.networks import coherent_together, share_lattice
from heterobuild.frameworks.scaling import cube_edge
from heterobuild.incoherent.embedding import incoherent_embedded
from heterobuild.incoherent.matrices import matrix_cells
from heterobuild.incoherent.places import AROUND, IncoherentDots
from heterobuild.ligands.dot_ligands import REACH, judge_reach_used, ligands_at_walls
from heterobuild.memory import require_memory
from heterobuild.model import WallProfile
from heterobuild.particles.estimating import estimate_atoms, solid_volume, surface_atoms
from heterobuild.particles.forms import make_form
from heterobuild.particles.judged_options import (
    judge_distance,
    judge_either,
    judge_three,
    judge_word,
    refuse_at_wall,
    refuse_elastic,
)
from heterobuild.particles.options import Length, ParticleShape, Policy

if TYPE_CHECKING:
    from heterobuild.frameworks.sites import Shared
    from heterobuild.model import Crystal, Estimate, Heterostructure

_SHARED: dict[str, Shared] = {"dot": "inner", "matrix": "outer", "mixed": "mixed"}


@dataclass(frozen=True, kw_only=True)
class Embedded:
    """One or many dots in a periodic or slab matrix.

    Parameters
    ----------
    shape : ParticleShape, optional
        Form and mean size of the dots.
    cells : int or list of int, optional
        Size of the matrix in pseudo-cubic cells along its axes; where neither this nor `box` is
        given, the dot with three cells of matrix on each side.
    box : length or list of lengths, optional
        The same in Å, or as text in nm; the nearest number of cells is taken.
    count : int, optional
        Number of dots.
    volume_fraction : float, optional
        Share of the volume that the dots take, instead of a number.
    sizes : DotSizes, optional
        Distribution of sizes of many dots.
    separation : float, optional
        Least distance in Å between the walls of two dots.
    arrangement : {"random", "sc", "bcc", "fcc"}, optional
        Where many dots are: random sequential, or on a lattice.
    dots : str, optional
        CSV file of dots instead of count and sizes: x, y, z and radius or size; if wanted shape,
        and for incoherent dots relation, or Euler angles phi1, phi, phi2, or quaternion q0 to q3.
    wall : {"auto", "coherent", "incoherent"}, optional
        Coherent dots take the sites of the matrix, and its octahedral network runs on; incoherent
        ones keep their own lattice. "auto" is coherent where both have the same network.
    shared_plane : {"dot", "matrix", "mixed"}, optional
        Whose halide the plane at a coherent wall holds.
    profile : WallProfile, optional
        Composition profile across coherent walls.
    orientation : str, optional
        Orientation of incoherent dots: "aligned", "random", or a relation of parallel directions
        and planes of matrix and dot, "[100]||[110], (001)||(001)"; "auto" takes the known
        relation, else aligned.
    gap : float or "auto", optional
        Distance in Å left between an incoherent dot and the matrix; "auto" lets the closest ions
        touch.
    periodic : {"bulk", "slab"}, optional
        A matrix without end, or a slab with vacuum along z.
    cations : {"aligned", "dipole-cancelled", "random"}, optional
        Rule that orients molecular cations whose orientation diffraction leaves open.
    vacuum : float, optional
        Empty height in Å of a slab.
    elastic : bool or "auto", optional
        Whether positions are relaxed around coherent dots by the elastic estimate.
    cell : {"fixed", "relaxed"}, optional
        Whether the elastic estimate may change the cell.
    termination : {"AX", "BX2"}, optional
        Outermost plane of incoherent dots on {100} faces.
    neutrality : {"auto", "remove-A", "add-A", "remove-X", "add-X", "refuse"}, optional
        How the formal charge of incoherent dots is brought to zero, or that of the surfaces of a
        coherent slab.
    wall_neutrality : {"auto", "remove-A", "add-A", "remove-X", "add-X", "refuse"}, optional
        The same for an incoherent matrix, at its walls around dots and at the surfaces of a slab;
        a policy that suits the dots seldom suits what is left around them.
    registry : bool, optional
        Whether incoherent dots are shifted by less than a cell of the matrix to where the fewest
        of its octahedra go. Dots of a table stay.
    ligands : dict of str to float, optional
        Molecules that take the places of spacers of the matrix around the dots, or, where it has
        none, of the A cations at its surface there, and the share of these places that each
        takes. The ions of the dots stay.
    ligand_reach : float, optional
        Distance in Å from a dot up to which they do.
    """

    shape: ParticleShape = field(default_factory=ParticleShape)
    cells: int | tuple[int, int, int] | None = None
    box: Length | tuple[Length, Length, Length] | None = None
    count: int = 1
    volume_fraction: float | None = None
    sizes: DotSizes = field(default_factory=DotSizes)
    separation: float = 6.0
    arrangement: Literal["random", "sc", "bcc", "fcc"] = "random"
    dots: str | None = None
    wall: Literal["auto", "coherent", "incoherent"] = "auto"
    shared_plane: Literal["dot", "matrix", "mixed"] = "matrix"
    profile: WallProfile = field(default_factory=WallProfile)
    orientation: str = "auto"
    gap: float | Literal["auto"] = "auto"
    periodic: Literal["bulk", "slab"] = "bulk"
    cations: Literal["aligned", "dipole-cancelled", "random"] = "random"
    vacuum: float = 15.0
    elastic: bool | Literal["auto"] = "auto"
    cell: Literal["fixed", "relaxed"] = "fixed"
    termination: Literal["AX", "BX2"] = "AX"
    neutrality: Policy = "auto"
    wall_neutrality: Policy = "auto"
    registry: bool = True
    ligands: dict[str, float] = field(default_factory=dict)
    ligand_reach: float = REACH

    def build(
        self, dot: Crystal, matrix: Crystal, *, name: str = "embedded", seed: int = 0
    ) -> Heterostructure:
        """Build the dots in their matrix.

        Parameters
        ----------
        dot, matrix : Crystal
            What dots and matrix are made of.
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
            If a dot is larger than the matrix, crystals cannot share a lattice, or the policy
            cannot reach zero charge.
        NothingFitsError
            If the dots, or their ligands, do not find room; with the fraction that does.
        """
        require_memory(self.estimate(dot, matrix))
        together = share_lattice((dot, matrix), self.wall)
        bare = (self._coherent if together else self._incoherent)(dot, matrix, name=name, seed=seed)
        return ligands_at_walls(bare, self.ligands, reach=self.ligand_reach, seed=seed)

    def estimate(self, dot: Crystal, matrix: Crystal) -> Estimate:
        """Tell how large the model will be.

        Parameters
        ----------
        dot, matrix : Crystal
            What dots and matrix are made of.

        Returns
        -------
        Estimate
            Atoms and memory.
        """
        cells, same = self.size(dot, matrix), coherent_together((dot, matrix))
        if same:
            cells = whole_periods(matrix, cells)
        volume = float(np.prod(cells)) * cube_edge(matrix) ** 3
        inside = min(0.5, self.volume_fraction or 0.0) * volume
        if self.volume_fraction is None and self.dots is None:
            inside = min(0.5 * volume, self.count * solid_volume(make_form(self.shape, dot).shape))
        rest = volume - inside
        if same and self.periodic == "slab":
            outer, unit = surface_atoms(matrix)
            rest += volume / cells[2] * outer / unit
        parts = [(dot, inside), (matrix, rest)]
        host = matrix if same else None
        return estimate_atoms(parts, host=host, elastic=same and self.elastic)

    def placement(self) -> Placement:
        """Return how many dots there are, how different, and where.

        Returns
        -------
        Placement
            The options of the dots.
        """
        return Placement(
            count=self.count,
            volume_fraction=self.volume_fraction,
            distribution=self.sizes.distribution,
            spread=self.sizes.spread,
            separation=self.separation,
            arrangement=self.arrangement,
            table=self.dots,
        )

    def size(self, dot: Crystal, matrix: Crystal) -> tuple[int, int, int]:
        """Return the wanted size of the matrix in cells.

        Parameters
        ----------
        dot, matrix : Crystal
            What dots and matrix are made of.

        Returns
        -------
        tuple of int
            Pseudo-cubic cells along the axes, conventional ones where there are none; room for
            18 Å of matrix on each side of a dot where nothing is given.

        Raises
        ------
        UsageError
            If both cells and a box are given, or a number is out of range.
        """
        around = np.zeros(3)
        if self.cells is None and self.box is None:
            around = 2 * np.array(make_form(self.shape, dot).shape.half) + 2 * AROUND
        return matrix_cells(matrix, cells=self.cells, box=self.box, around=around)

    def __post_init__(self) -> None:
        """Refuse options that contradict each other."""
        judge_three(self.cells, "cells")
        judge_three(self.box, "box")
        judge_word(self.shared_plane, "shared_plane", _SHARED)
        judge_vacuum(self.vacuum)
        judge_dot(self.shape)
        judge_cells(self.cells)
        judge_free_cell(self.cell, self.elastic)
        judge_reach(self.ligand_reach, self.ligands)
        judge_reach_used(self.ligand_reach, self.ligands)
        judge_distance(self.separation, "separation", "use 0 for dots that may touch")
        judge_distance(self.gap, "gap", "use auto, which lets the closest ions touch")
        judge_either(
            self, ("cells", "box"), ("volume_fraction", "count"), ("dots", "volume_fraction"),
            ("dots", "count"),
        )  # fmt: skip

    def _coherent(self, dot: Crystal, matrix: Crystal, *, name: str, seed: int) -> Heterostructure:
        """Build dots on the lattice of the matrix."""
        foreign = ("orientation", "gap", "termination", "wall_neutrality", "registry")
        # A bulk on one lattice has no surface of which a policy could change ions.
        bulk = self.periodic == "bulk" and self.neutrality != "refuse"
        refuse_at_wall(self, "coherent", (*foreign, "neutrality") if bulk else foreign)
        options = CoherentDots(
            shape=self.shape,
            placement=self.placement(),
            cells=self.size(matrix, matrix),
            shared=_SHARED[self.shared_plane],
            profile=self.profile,
            slab=self.periodic == "slab",
            vacuum=self.vacuum,
            elastic=self.elastic,
            free_cell=self.cell == "relaxed",
            neutrality=self.neutrality,
            cations=self.cations,
        )
        return coherent_embedded(dot, matrix, options, name=name, seed=seed)

    def _incoherent(
        self, dot: Crystal, matrix: Crystal, *, name: str, seed: int
    ) -> Heterostructure:
        """Build dots on lattices of their own."""
        refuse_elastic(self.elastic)
        refuse_at_wall(self, "incoherent", ("shared_plane", "profile", "cell"))
        options = IncoherentDots(
            shape=self.shape,
            placement=self.placement(),
            cells=self.cells,
            box=self.box,
            orientation=self.orientation,
            gap=self.gap,
            slab=self.periodic == "slab",
            vacuum=self.vacuum,
            termination=self.termination,
            neutrality=self.neutrality,
            wall_neutrality=self.wall_neutrality,
            cations=self.cations,
            registry=self.registry,
        )
        return incoherent_embedded(dot, matrix, options, name=name, seed=seed)
