"""A free particle: whole octahedra of one crystal inside a shape, neutral, with its ligands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from heterobuild.assembly.carved import carve, wire_cell
from heterobuild.assembly.draft import neutral
from heterobuild.assembly.finishing import Finish, finish
from heterobuild.particles.forms import make_form
from heterobuild.particles.options import ParticleShape, WallProfile

if TYPE_CHECKING:
    from heterobuild.model import Crystal, Heterostructure


@dataclass(frozen=True, kw_only=True)
class Particle:
    """A free particle of one crystal: cube, sphere, platelet, rod, wire or polyhedron.

    Parameters
    ----------
    shape : ParticleShape, optional
        Form, size, centre and orientation; the default is a cube of 3 × 3 × 3 octahedra.
    termination : {"AX", "BX2"}, optional
        Outermost plane of {100} faces: AX keeps all halides of every octahedron and all A
        cations around it; BX2 keeps halides between two B cations and A cations in closed cages
        only.
    neutrality : {"auto", "remove-A", "add-A", "remove-X", "add-X", "ligands", "refuse"}, optional
        How the formal charge is brought to zero; "auto" removes or adds surface A cations and
        says so, "refuse" stops at a charge.
    ligands : dict of str to float, optional
        Ligands on the surface and their fractions, which sum to one, such as {"OLA": 0.5,
        "OLEATE": 0.5}. Ammonium ions take A sites, anions X sites.
    coverage : float, optional
        Fraction of the surface sites that ligands take.
    cations : {"aligned", "dipole-cancelled", "random"}, optional
        Rule that orients molecular cations whose orientation diffraction leaves open.
    vacuum : float, optional
        Empty distance in Å between a particle and its periodic image; the default 15 keeps
        neutral particles apart.
    """

    shape: ParticleShape = field(default_factory=ParticleShape)
    termination: Literal["AX", "BX2"] = "AX"
    neutrality: Literal["auto", "remove-A", "add-A", "remove-X", "add-X", "ligands", "refuse"] = (
        "auto"
    )
    ligands: dict[str, float] = field(default_factory=dict)
    coverage: float = 1.0
    cations: Literal["aligned", "dipole-cancelled", "random"] = "random"
    vacuum: float = 15.0

    def build(self, crystal: Crystal, *, name: str = "particle", seed: int = 0) -> Heterostructure:
        """Build the particle.

        Parameters
        ----------
        crystal : Crystal
            What it is made of.
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
            If the shape leaves no octahedron, or the policy cannot reach zero charge.
        NothingFitsError
            If the ligands do not find a place.
        """
        form = make_form(self.shape, crystal)
        draft = carve(
            crystal,
            [form],
            ["particle"],
            [crystal],
            shape=self.shape,
            offset=np.zeros(3),
            termination=self.termination,
            shared="outer",
            profile=WallProfile(),
            seed=seed,
        )
        draft = neutral(
            draft,
            self.neutrality,
            seed=seed,
            where="surface",
            directions=~np.array(form.periodic),
        )
        return finish(
            draft,
            Finish(
                name=name,
                seed=seed,
                cell=wire_cell(draft),
                periodic=form.periodic,
                vacuum=self.vacuum,
                cations=self.cations,
                elastic=False,
                free_strain=None,
                ligands=self.ligands,
                coverage=self.coverage,
            ),
        )
