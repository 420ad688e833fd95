"""A free particle: whole octahedra of one crystal inside a shape, neutral, with its ligands."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from heterobuild.assembly.vacuum import judge_vacuum
from heterobuild.coherent.shells import CoherentShells, bare_core
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.frameworks.networks import is_corner_sharing
from heterobuild.frameworks.scaling import cube_edge
from heterobuild.geometry.shapes import Shape
from heterobuild.memory import require_memory
from heterobuild.particles.estimating import carved_volume, estimate_atoms, solid_volume
from heterobuild.particles.forms import form_of_shape, make_form
from heterobuild.particles.judged_options import judge_coverage
from heterobuild.particles.options import ParticleShape, SurfacePolicy
from heterobuild.registry import suggest

if TYPE_CHECKING:
    from heterobuild.model import Crystal, Estimate, Heterostructure
    from heterobuild.particles.forms import Form


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
        How the formal charge is brought to zero; "auto" removes or adds surface A cations, and
        X where these do not suffice; "refuse" stops at a charge.
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
    neutrality: SurfacePolicy = "auto"
    ligands: dict[str, float] = field(default_factory=dict)
    coverage: float = 1.0
    cations: Literal["aligned", "dipole-cancelled", "random"] = "random"
    vacuum: float = 15.0

    def __post_init__(self) -> None:
        """Refuse a vacuum that no model can have, and a coverage without ligands."""
        judge_vacuum(self.vacuum)
        judge_coverage(self.coverage, self.ligands)

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
        require_memory(self.estimate(crystal))
        form = make_form(self.shape, crystal)
        return _of_form(self, form, crystal, name=name, seed=seed)

    def estimate(self, crystal: Crystal) -> Estimate:
        """Tell how large the particle will be.

        Parameters
        ----------
        crystal : Crystal
            What it is made of.

        Returns
        -------
        Estimate
            Atoms without ligands, and memory.
        """
        form = make_form(self.shape, crystal)
        step = form.translation
        period = (
            None
            if step is None
            else float(np.linalg.norm(step @ crystal.cell)) * self.shape.periods
        )
        if not is_corner_sharing(crystal):
            return estimate_atoms([(crystal, solid_volume(form.shape, period))])
        edge = cube_edge(crystal)
        volume = carved_volume(form.carving, crystal, edge, self.termination, period)
        return estimate_atoms([(crystal, volume)])


def carve_particle(
    crystal: Crystal | str,
    shape: str | Shape | ParticleShape = "cube",
    *,
    name: str = "particle",
    seed: int = 0,
    **options: Any,
) -> Heterostructure:
    """Carve a particle out of a crystal.

    Parameters
    ----------
    crystal : Crystal or str
        The crystal, or its name, formula or file.
    shape : str, Shape or ParticleShape, optional
        Kind of `heterobuild.particles.options.ParticleShape`; a solid of your own, see
        `heterobuild.geometry.shapes.Shape`; or the whole record.
    name : str, optional
        Name of the result, used for files.
    seed : int, optional
        Seed of all random choices.
    **options : object
        Fields of `heterobuild.particles.options.ParticleShape`, such as ``octahedra`` and
        ``radius``, and of `Particle`, such as ``termination`` and ``ligands``.

    Returns
    -------
    Heterostructure
        The labelled atoms, the charge ledger, and every choice made.

    Raises
    ------
    UsageError
        If an option is not known, the shape leaves no octahedron, or the charge cannot be zero.
    NothingFitsError
        If the ligands do not find a place.

    Examples
    --------
    >>> built = carve_particle("CsPbBr3_cubic", "cube", octahedra=3)
    >>> built.atoms.get_chemical_formula(), [entry.count for entry in built.ledger]
    ('Br108Cs54Pb27', [10])
    """
    loaded = load_crystal(crystal) if isinstance(crystal, str) else crystal
    of_shape = {field.name for field in fields(ParticleShape)} - {"kind"}
    known = of_shape | {field.name for field in fields(Particle)} - {"shape"}
    for key in options:
        if key not in known:
            raise UsageError(f"unknown option {key!r}", next_step=suggest(key, sorted(known)))
    sizes = {key: options.pop(key) for key in list(options) if key in of_shape}
    if isinstance(shape, Shape):
        standing = ParticleShape(**sizes)
        particle = Particle(shape=standing, **options)
        form = form_of_shape(shape, loaded, standing)
        return _of_form(particle, form, loaded, name=name, seed=seed)
    if isinstance(shape, str):
        shape = ParticleShape(kind=shape, **sizes)  # type: ignore[arg-type]
    elif sizes:
        raise UsageError(
            "sizes stand in the shape already",
            where="shape",
            measured=", ".join(sizes),
            next_step="give them in ParticleShape",
        )
    return Particle(shape=shape, **options).build(loaded, name=name, seed=seed)


def _of_form(
    options: Particle, form: Form, crystal: Crystal, *, name: str, seed: int
) -> Heterostructure:
    """Build a particle of a form."""
    whole = CoherentShells(
        shape=options.shape,
        termination=options.termination,
        neutrality=options.neutrality,
        cations=options.cations,
        ligands=options.ligands,
        coverage=options.coverage,
        vacuum=options.vacuum,
    )
    return bare_core(crystal, form, whole, name=name, seed=seed)
