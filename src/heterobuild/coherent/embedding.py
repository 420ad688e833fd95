"""Dots in a matrix whose lattice they share: from crystals to the finished model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.coherent.carved import centre_point
from heterobuild.coherent.dots import asked_sizes, dots_on_lattice, draft_dots
from heterobuild.coherent.draft import neutral
from heterobuild.coherent.finishing import Finish, finish
from heterobuild.coherent.matrix import lattice_origin, make_matrix
from heterobuild.dots.arrangement import Lattice, arrange_dots
from heterobuild.particles.forms import make_form

if TYPE_CHECKING:
    from heterobuild.coherent.finishing import ElasticOption
    from heterobuild.dots.arrangement import Placement
    from heterobuild.frameworks.sites import Shared
    from heterobuild.model import Crystal, Heterostructure, WallProfile
    from heterobuild.particles.options import ParticleShape

_FREE = {False: (True,) * 6, True: (True, True, False, False, False, True)}
"""Strains xx, yy, zz, yz, xz, xy that a relaxed cell may have; a slab is free along z anyway."""


@dataclass(frozen=True, kw_only=True)
class CoherentDots:
    """What is built.

    Parameters
    ----------
    shape : ParticleShape
        Form and mean size of the dots.
    placement : Placement
        How many, how different, and where.
    cells : tuple of int
        Size of the matrix in pseudo-cubic cells.
    shared : {"inner", "outer", "mixed"}
        Who gets the halides at a wall.
    profile : WallProfile
        Composition across the walls.
    slab : bool
        Whether the matrix ends along z.
    vacuum : float
        Empty height of a slab in Å.
    elastic : bool or "auto"
        Whether positions are relaxed by the elastic estimate.
    free_cell : bool
        Whether the cell relaxes with them.
    neutrality : str
        Policy, for ions of unlike charge.
    cations : str
        Rule that orients molecular cations of free orientation.
    """

    shape: ParticleShape
    placement: Placement
    cells: tuple[int, int, int]
    shared: Shared
    profile: WallProfile
    slab: bool
    vacuum: float
    elastic: ElasticOption
    free_cell: bool
    neutrality: str
    cations: str


def coherent_embedded(
    dot: Crystal, matrix: Crystal, options: CoherentDots, *, name: str, seed: int
) -> Heterostructure:
    """Build dots on the lattice of a matrix.

    Parameters
    ----------
    dot, matrix : Crystal
        What dots and matrix are made of; both with the network of the perovskites.
    options : CoherentDots
        What is built.
    name : str
        Name of the model.
    seed : int
        Seed of all draws.

    Returns
    -------
    Heterostructure
        Labelled atoms: the dots, region 1, and the matrix, region 2.

    Raises
    ------
    UsageError
        If a dot is larger than the matrix, or the policy cannot reach zero charge.
    NothingFitsError
        If the dots cannot be placed apart from one another; with the fraction reached.
    """
    slab = options.slab
    host = make_matrix(matrix, options.cells, slab=slab)
    form, centre = make_form(options.shape, matrix), options.shape.centre
    turn = form.rotation.T @ host.rotation
    dots = arrange_dots(
        options.shape,
        matrix,
        options.placement,
        cell=host.cell,
        pbc=(True, True, not slab),
        lattice=Lattice(
            steps=host.steps,
            origin_of=lambda parity: (
                lattice_origin(host, parity)
                if centre == "auto"
                else centre_point(host.block.framework, form, centre) @ host.rotation
            ),
        ),
        turns=lambda count: np.tile(turn, (count, 1, 1)),
        seed=seed,
    )
    solids = dots_on_lattice(dots, turn, table=options.placement.table)
    draft = draft_dots(
        host,
        dots.centres,
        solids,
        (dot, matrix),
        shared=options.shared,
        profile=options.profile,
        asked=asked_sizes(form.shape.name, options.placement, solids),
        seed=seed,
    )
    if draft.sites.charge:
        draft = neutral(
            draft,
            options.neutrality,
            seed=seed,
            where="matrix",
            directions=np.array([False, False, slab]),
        )
    return finish(
        draft,
        Finish(
            name=name,
            seed=seed,
            cell=host.cell,
            periodic=(True, True, not slab),
            vacuum=options.vacuum,
            cations=options.cations,
            elastic=options.elastic,
            free_strain=_FREE[slab] if options.free_cell else None,
            ligands={},
            coverage=0.0,
        ),
    )
