"""A core in shells whose lattice it shares: from crystals to the finished model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.coherent.carved import carve, wire_cell
from heterobuild.coherent.draft import neutral
from heterobuild.coherent.finishing import Finish, finish
from heterobuild.coherent.nested import Nest
from heterobuild.model import WallProfile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heterobuild.coherent.finishing import ElasticOption
    from heterobuild.frameworks.carving import Termination
    from heterobuild.frameworks.sites import Shared
    from heterobuild.model import Crystal, Heterostructure
    from heterobuild.particles.forms import Form
    from heterobuild.particles.options import ParticleShape


@dataclass(frozen=True, kw_only=True)
class CoherentShells:
    """How shells lie around a core, and what is done with the whole; by default there are none.

    Parameters
    ----------
    shape : ParticleShape
        Of the core; only its centre and the periods of a wire count here.
    offset : tuple of float, optional
        Shift in Å of all inner parts from the centre of the particle.
    shared : {"inner", "outer", "mixed"}, optional
        Who gets the halides at a wall.
    profile : WallProfile, optional
        Composition across the walls.
    halide_planes : int, optional
        Outermost planes whose halides belong to the last part.
    elastic : bool or "auto", optional
        Whether positions are relaxed by the elastic estimate.
    termination : {"AX", "BX2"}
        Outermost plane of {100} faces.
    neutrality : str
        Policy.
    cations : str
        Rule that orients molecular cations of free orientation.
    ligands : mapping of str to float
        Ligands and their fractions.
    coverage : float
        Fraction of the surface sites that they take.
    vacuum : float
        Empty distance in Å between the particle and its periodic image.
    """

    shape: ParticleShape
    offset: tuple[float, float, float] = (0.0, 0.0, 0.0)
    shared: Shared = "outer"
    profile: WallProfile = field(default_factory=WallProfile)
    halide_planes: int = 0
    elastic: ElasticOption = False
    termination: Termination
    neutrality: str
    cations: str
    ligands: Mapping[str, float]
    coverage: float
    vacuum: float


def bare_core(
    crystal: Crystal, form: Form, options: CoherentShells, *, name: str, seed: int
) -> Heterostructure:
    """Build a particle of one form: a core without shells.

    Parameters
    ----------
    crystal : Crystal
        What it is made of.
    form : Form
        Its form.
    options : CoherentShells
        Where it is cut, and what stands on its surface.
    name : str
        Name of the model.
    seed : int
        Seed of all draws.

    Returns
    -------
    Heterostructure
        Labelled atoms, all in the region ``particle``.

    Raises
    ------
    UsageError
        If the shape leaves no octahedron, or the policy cannot reach zero charge.
    NothingFitsError
        If ligands find no place.
    """
    nest = Nest(host=crystal, forms=(form,))
    return coherent_core_shell((crystal,), nest, ("particle",), options, name=name, seed=seed)


def coherent_core_shell(
    crystals: Sequence[Crystal],
    plan: Nest,
    names: Sequence[str],
    options: CoherentShells,
    *,
    name: str,
    seed: int,
) -> Heterostructure:
    """Build a core and its shells on one lattice.

    Parameters
    ----------
    crystals : sequence of Crystal
        Core, then shells from the inside outward.
    plan : Nest
        Their outer forms, and the crystal whose lattice they share.
    names : sequence of str
        Names of the parts.
    options : CoherentShells
        How they lie.
    name : str
        Name of the model.
    seed : int
        Seed of all draws.

    Returns
    -------
    Heterostructure
        Labelled atoms, the core region 1.

    Raises
    ------
    UsageError
        If a part does not fit into the next, or the policy cannot reach zero charge.
    NothingFitsError
        If ligands find no place.
    """
    draft = carve(
        plan.host,
        plan.forms,
        names,
        crystals,
        shape=options.shape,
        offset=np.array(options.offset),
        termination=options.termination,
        shared=options.shared,
        profile=options.profile,
        halide_planes=options.halide_planes,
        seed=seed,
    )
    periodic = plan.forms[-1].periodic
    draft = neutral(
        draft,
        options.neutrality,
        seed=seed,
        where="surface",
        directions=~np.array(periodic),
    )
    return finish(
        draft,
        Finish(
            name=name,
            seed=seed,
            cell=wire_cell(draft),
            periodic=periodic,
            vacuum=options.vacuum,
            cations=options.cations,
            elastic=options.elastic,
            free_strain=(False, False, periodic[2], False, False, False),
            ligands=options.ligands,
            coverage=options.coverage,
        ),
    )
