"""A core in its shells, coherent on one lattice or each on its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from heterobuild.assembly.vacuum import judge_vacuum
from heterobuild.coherent.nested import nested_forms, part_names
from heterobuild.coherent.shell_sizes import shell_sizes
from heterobuild.coherent.shells import CoherentShells, coherent_core_shell
from heterobuild.errors import UsageError
from heterobuild.frameworks.networks import coherent_together, share_lattice
from heterobuild.frameworks.scaling import cube_edge
from heterobuild.incoherent.shell_parts import IncoherentShells
from heterobuild.incoherent.shells import incoherent_core_shell
from heterobuild.memory import require_memory
from heterobuild.model import WallProfile
from heterobuild.particles.estimating import carved_volume, estimate_atoms, solid_volume
from heterobuild.particles.judged_options import (
    judge_coverage,
    judge_distance,
    judge_either,
    judge_three,
    judge_word,
    refuse_at_wall,
    refuse_elastic,
)
from heterobuild.particles.options import Length, ParticleShape, Policy, SurfacePolicy

if TYPE_CHECKING:
    from heterobuild.coherent.nested import ShellSize
    from heterobuild.frameworks.sites import Shared
    from heterobuild.model import Crystal, Estimate, Heterostructure

_SHARED: dict[str, Shared] = {"core": "inner", "shell": "outer", "mixed": "mixed"}


@dataclass(frozen=True, kw_only=True)
class CoreShell:
    """A nanocrystal of a core and any number of shells.

    Parameters
    ----------
    shape : ParticleShape, optional
        Form and size of the core, and the orientation of the whole.
    layers : list of int, optional
        Thickness of each shell in octahedra, in the order of the shells; 1 each where neither
        layers nor thickness is given.
    thickness : list of lengths, optional
        The same in Å, or as text in nm.
    outer : list of str, optional
        Form of each shell's outside, where it is not that of the core, such as sphere or cube.
    offset : list of float, optional
        Shift of the core from the centre of the particle in Å.
    cover : list of str, optional
        Part of the surface that each shell covers: "all"; "crown", the side faces around z;
        faces such as "001 00-1"; or "cap 60", a cap around +z of 60 degrees half angle.
    halide_planes : int, optional
        Instead of a full shell, exchange only the halides of this many outermost planes for
        those of the shell's crystal, in its proportions; 0 builds full shells.
    wall : {"auto", "coherent", "incoherent"}, optional
        Coherent shells continue the octahedral network of the core on one lattice; incoherent
        ones keep their own. "auto" is coherent where all crystals have the same network.
    shared_plane : {"core", "shell", "mixed"}, optional
        Whose halide the plane between two coherent parts holds.
    profile : WallProfile, optional
        Composition profile across the coherent walls.
    lattice : {"mean", "core", "shell"} or float, optional
        Lattice of the coherent particle before relaxation: the mean by volume, that of the core
        or of the outermost shell, or a pseudo-cubic length in Å.
    relation : str, optional
        Orientation relation of an incoherent shell to the core, as parallel directions and
        planes: "[100]||[110], (001)||(001)"; "auto" takes the known relation, else parallel
        axes.
    gap : float or "auto", optional
        Distance in Å left between incoherent parts; "auto" lets the closest ions touch.
    registry : bool, optional
        Whether the lattice of an incoherent shell is shifted by less than a cell to where the
        fewest of its octahedra go. Shells that cover a part stay.
    elastic : bool or "auto", optional
        Whether positions of a coherent particle are relaxed by the elastic estimate.
    termination : {"AX", "BX2"}, optional
        Outermost plane of {100} faces.
    neutrality : {"auto", "remove-A", "add-A", "remove-X", "add-X", "ligands", "refuse"}, optional
        How the formal charge of the surfaces is brought to zero; "auto" removes or adds surface
        A cations, and X where these do not suffice. "ligands" is for coherent shells.
    wall_neutrality : {"auto", "remove-A", "add-A", "remove-X", "add-X", "refuse"}, optional
        The same where an incoherent shell ends at the part inside it. A shell that is so thin
        that this wall reaches its outer surface, or that covers a part, has one policy for both:
        `neutrality`; another one for the wall is refused.
    ligands : dict of str to float, optional
        Ligands on the surface and their fractions, which sum to one.
    coverage : float, optional
        Fraction of the surface sites that ligands take.
    cations : {"aligned", "dipole-cancelled", "random"}, optional
        Rule that orients molecular cations whose orientation diffraction leaves open.
    vacuum : float, optional
        Empty distance in Å between the particle and its periodic image.
    """

    shape: ParticleShape = field(default_factory=ParticleShape)
    layers: tuple[int, ...] = ()
    thickness: tuple[Length, ...] = ()
    outer: tuple[str, ...] = ()
    offset: tuple[float, float, float] = (0.0, 0.0, 0.0)
    cover: tuple[str, ...] = ()
    halide_planes: int = 0
    wall: Literal["auto", "coherent", "incoherent"] = "auto"
    shared_plane: Literal["core", "shell", "mixed"] = "shell"
    profile: WallProfile = field(default_factory=WallProfile)
    lattice: Literal["mean", "core", "shell"] | float = "mean"
    relation: str = "auto"
    gap: float | Literal["auto"] = "auto"
    registry: bool = True
    elastic: bool | Literal["auto"] = "auto"
    termination: Literal["AX", "BX2"] = "AX"
    neutrality: SurfacePolicy = "auto"
    wall_neutrality: Policy = "auto"
    ligands: dict[str, float] = field(default_factory=dict)
    coverage: float = 1.0
    cations: Literal["aligned", "dipole-cancelled", "random"] = "random"
    vacuum: float = 15.0

    def __post_init__(self) -> None:
        """Refuse options that contradict each other."""
        judge_three(self.offset, "offset")
        judge_word(self.shared_plane, "shared_plane", _SHARED)
        judge_vacuum(self.vacuum)
        judge_distance(self.gap, "gap", "use auto, which lets the closest ions touch")
        judge_coverage(self.coverage, self.ligands)
        judge_either(self, ("layers", "thickness"))
        if self.halide_planes < 0:
            raise UsageError(
                "a number of planes is not negative",
                where="halide_planes",
                measured=self.halide_planes,
                next_step="use 1 for the outermost plane, 0 for full shells",
            )

    def build(
        self,
        core: Crystal,
        *shells: Crystal,
        name: str = "core-shell",
        seed: int = 0,
        names: tuple[str, ...] = (),
    ) -> Heterostructure:
        """Build the particle.

        Parameters
        ----------
        core : Crystal
            What the core is made of.
        *shells : Crystal
            What the shells are made of, from the inside outward; at least one.
        name : str, optional
            Name of the result, used for files.
        seed : int, optional
            Seed of all random choices.
        names : tuple of str, optional
            Names of the parts; core, shell, or core, shell 1, shell 2 by default.

        Returns
        -------
        Heterostructure
            The labelled atoms, the charge ledger, and every choice made.

        Raises
        ------
        UsageError
            If a part does not fit into the next, crystals cannot share a lattice, or the policy
            cannot reach zero charge.
        NothingFitsError
            If ligands, or an incoherent shell, find no place.
        """
        crystals = (core, *shells)
        names = names or part_names(len(crystals))
        if len(names) != len(crystals):
            raise UsageError(
                f"{len(names)} names for {len(crystals)} parts",
                where="names",
                measured=list(names),
                next_step="give one a part",
            )
        self._judge(crystals)
        require_memory(self.estimate(core, *shells))
        if not share_lattice(crystals, self.wall):
            return self._incoherent(crystals, names, name=name, seed=seed)
        refuse_at_wall(self, "coherent", ("relation", "gap", "wall_neutrality", "registry"))
        plan = nested_forms(
            self.shape,
            crystals,
            lattice=self.lattice,
            shells=() if self.halide_planes else self._shells(len(shells)),
        )
        options = CoherentShells(
            shape=self.shape,
            offset=self.offset,
            shared=_SHARED[self.shared_plane],
            profile=self.profile,
            halide_planes=self.halide_planes,
            elastic=self.elastic,
            termination=self.termination,
            neutrality=self.neutrality,
            cations=self.cations,
            ligands=self.ligands,
            coverage=self.coverage,
            vacuum=self.vacuum,
        )
        return coherent_core_shell(crystals, plan, names, options, name=name, seed=seed)

    def estimate(self, core: Crystal, *shells: Crystal) -> Estimate:
        """Tell how large the particle will be.

        Parameters
        ----------
        core : Crystal
            What the core is made of.
        *shells : Crystal
            What the shells are made of.

        Returns
        -------
        Estimate
            Atoms without ligands, and memory.
        """
        crystals = (core, *shells)
        self._judge(crystals)
        sizes = () if self.halide_planes else self._shells(len(shells))
        lattice = self.lattice if coherent_together(crystals) else "core"
        plan = nested_forms(self.shape, crystals, lattice=lattice, shells=sizes)
        period = cube_edge(plan.host) * self.shape.periods
        coherent = share_lattice(crystals, self.wall)
        solids = [form.carving if coherent else form.shape for form in plan.forms]
        volumes = [solid_volume(solid, period) for solid in solids]
        if coherent:
            edge = cube_edge(plan.host)
            volumes[-1] = carved_volume(solids[-1], crystals[-1], edge, self.termination, period)
        parts = zip(crystals, np.diff([0.0, *volumes]).tolist(), strict=False)
        host = plan.host if coherent else None
        return estimate_atoms(list(parts), host=host, elastic=coherent and self.elastic)

    def _shells(self, count: int) -> tuple[ShellSize, ...]:
        """Return the size of each shell."""
        return shell_sizes(
            count,
            layers=self.layers,
            thickness=self.thickness,
            outer=self.outer,
            cover=self.cover,
        )

    def _judge(self, crystals: tuple[Crystal, ...]) -> None:
        """Refuse too few parts."""
        if len(crystals) < 2:
            raise UsageError(
                "a core/shell particle has a core and at least one shell",
                where="parts",
                measured=f"{len(crystals)} part",
                next_step="name a shell, or build a particle",
            )
        given = [k for k in ("layers", "thickness", "outer", "cover") if getattr(self, k)]
        if self.halide_planes and (len(crystals) != 2 or given):
            raise UsageError(
                "exchanged halide planes take the place of one shell",
                where="halide_planes",
                measured=f"{len(crystals) - 1} shells" + "".join(f", {key}" for key in given),
                allowed="one shell, without layers, thickness, outer and cover",
                next_step="use halide_planes: 0 for full shells",
            )

    def _incoherent(
        self, crystals: tuple[Crystal, ...], names: tuple[str, ...], *, name: str, seed: int
    ) -> Heterostructure:
        """Build shells on lattices of their own."""
        refuse_elastic(self.elastic)
        refuse_at_wall(self, "incoherent", ("shared_plane", "profile", "lattice", "halide_planes"))
        shells = self._shells(len(crystals) - 1)
        plan = nested_forms(self.shape, crystals, lattice="core", shells=shells)
        options = IncoherentShells(
            shape=self.shape,
            offset=self.offset,
            relation=self.relation,
            gap=self.gap,
            termination=self.termination,
            neutrality=self.neutrality,
            wall_neutrality=self.wall_neutrality,
            cations=self.cations,
            ligands=self.ligands,
            coverage=self.coverage,
            vacuum=self.vacuum,
            registry=self.registry,
            covers=tuple(shell.cover for shell in shells),
        )
        return incoherent_core_shell(crystals, plan.forms, names, options, name=name, seed=seed)
