"""Parts of a particle whose shells have lattices of their own: orientation, form, surface."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from heterobuild.alloys.repeats import pseudocubic_axes
from heterobuild.coherent.carved import carve
from heterobuild.errors import UsageError
from heterobuild.incoherent.relations import known_relation, rotation_for
from heterobuild.model import Step, WallProfile
from heterobuild.particles.options import ParticleShape
from heterobuild.particles.orientation import Orientation, orient
from heterobuild.particles.solids import own_solids

Centre: TypeAlias = Literal["auto", "A", "B", "X"] | tuple[float, float, float]
"""What lies at the centre of a particle."""

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heterobuild.arrays import FloatArray
    from heterobuild.coherent.draft import Draft
    from heterobuild.frameworks.carving import Termination
    from heterobuild.incoherent.opened_parts import OpenedPart
    from heterobuild.model import Crystal
    from heterobuild.particles.forms import Form


@dataclass(frozen=True, kw_only=True)
class IncoherentShells:
    """How shells lie around a core, and what is done with the whole.

    Parameters
    ----------
    shape : ParticleShape
        Of the core; only its centre and orientation count here.
    offset : tuple of float, optional
        Shift in Å of all inner parts from the centre of the outermost.
    relation : str, optional
        Orientation relation of the shells to the core, the core first; ``auto`` takes the known
        one, else parallel axes.
    gap : float or "auto", optional
        Distance in Å between the ions of two parts at least.
    registry : bool, optional
        Whether the lattice of a shell is moved by less than a cell to where the fewest of its
        octahedra go.
    covers : tuple of str, optional
        What each shell covers, as in `heterobuild.coherent.nested.ShellSize`; all where empty.
        Lattices of caps and of shells on chosen faces are not moved.
    termination : {"AX", "BX2"}, optional
        Outermost plane of {100} faces.
    neutrality : str, optional
        Policy of the surfaces; not ``ligands``, see `refuse_charging_ligands`.
    wall_neutrality : str, optional
        Policy of the openings, where shells end at the part inside them. A shell so thin that
        its wall reaches its surface, or one that covers a part, has one policy for both.
    cations : str, optional
        Rule that orients molecular cations of free orientation.
    ligands : mapping of str to float, optional
        Ligands on the outer surface and their fractions.
    coverage : float, optional
        Fraction of its sites that they take.
    vacuum : float, optional
        Empty distance in Å between the particle and its periodic image.
    """

    shape: ParticleShape = field(default_factory=ParticleShape)
    offset: tuple[float, float, float] = (0.0, 0.0, 0.0)
    relation: str = "auto"
    gap: float | Literal["auto"] = "auto"
    registry: bool = True
    covers: tuple[str, ...] = ()
    termination: Termination = "AX"
    neutrality: str = "auto"
    wall_neutrality: str = "auto"
    cations: str = "random"
    ligands: Mapping[str, float] = field(default_factory=dict)
    coverage: float = 1.0
    vacuum: float = 15.0


def refuse_charging_ligands(policy: str) -> None:
    """Refuse to leave the charge of a surface to ligands, which come to coherent shells only.

    Parameters
    ----------
    policy : str
        Policy of the surfaces.

    Raises
    ------
    UsageError
        If it is ``ligands``.
    """
    if policy == "ligands":
        raise UsageError(
            "neutrality cannot be left to ligands where shells have lattices of their own",
            measured=policy,
            allowed="with coherent shells",
            next_step="leave neutrality out; ligands take the places of ions of the same charge",
        )


def covers_all(options: IncoherentShells, k: int) -> bool:
    """Tell whether a shell is meant to cover all of what is inside it.

    Parameters
    ----------
    options : IncoherentShells
        The options.
    k : int
        Number of the shell, from 1.

    Returns
    -------
    bool
        False of a crown, a cap, and a shell on chosen faces.
    """
    return not options.covers or options.covers[k - 1] == "all"


def judge_one_policy(options: IncoherentShells, policy: str, name: str) -> None:
    """Refuse a policy of the wall where wall and outer surface cannot be told apart.

    Parameters
    ----------
    options : IncoherentShells
        The options.
    policy : str
        Policy of the surface, which counts for both.
    name : str
        Name of the shell.

    Raises
    ------
    UsageError
        If another one was asked for the wall.
    """
    if options.wall_neutrality in {"auto", policy}:
        return
    raise UsageError(
        f"wall_neutrality cannot differ from neutrality here: the opening reaches the outer "
        f"surface of {name}, and one policy counts for both",
        measured=f"wall_neutrality {options.wall_neutrality}, neutrality {policy}",
        allowed=" or ".join(dict.fromkeys(("auto", policy))),
        next_step=f"leave wall_neutrality out, or take a full shell of more thickness than {name}",
    )


def shell_rotation(
    core: Crystal, standing: FloatArray, shell: Crystal, options: IncoherentShells
) -> tuple[str | None, FloatArray]:
    """Return how a shell stands on its core.

    Parameters
    ----------
    core : Crystal
        The core.
    standing : (3, 3) float array
        Its rotation into the frame of the model.
    shell : Crystal
        The shell.
    options : IncoherentShells
        For the relation.

    Returns
    -------
    str or None
        The relation in words, the core first; None for parallel axes.
    (3, 3) float array
        Rotation of the shell from its own frame into that of the model.

    Raises
    ------
    UsageError
        If the relation cannot be used.
    """
    relation: str | None = options.relation
    if relation == "auto":
        relation = known_relation(core, shell)
    if relation is None or relation == "aligned":
        return None, orient(ParticleShape(), shell).rotation @ _turn_of(core, standing)
    return relation, rotation_for(relation, core, standing, shell)


def _turn_of(core: Crystal, standing: FloatArray) -> FloatArray:
    """Return by how much a core is turned from its upright position."""
    turn: FloatArray = orient(ParticleShape(), core).rotation.T @ standing
    return turn


def own_form(form: Form, crystal: Crystal, rotation: FloatArray) -> Form:
    """Return a form with the room for the octahedra of another crystal.

    Parameters
    ----------
    form : Form
        The form.
    crystal : Crystal
        The other crystal.
    rotation : (3, 3) float array
        Its rotation into the frame of the model.

    Returns
    -------
    Form
        The same outside for the other crystal.
    """
    axes = pseudocubic_axes(crystal) @ rotation
    placed = Orientation(rotation=rotation, axes=axes, along=None, direction=(0, 0, 1))
    found = own_solids(form.shape, crystal, placed)
    return replace(form, carving=found.carving, rotation=rotation, axes=axes, parity=found.parity)


def carved_part(
    crystal: Crystal, form: Form, name: str, options: IncoherentShells, *, centre: Centre, seed: int
) -> Draft:
    """Carve one part as a particle of its own.

    Parameters
    ----------
    crystal : Crystal
        What it is made of.
    form : Form
        Its form.
    name : str
        Its name.
    options : IncoherentShells
        For the termination.
    centre : str or tuple of float
        What lies at its centre, see `heterobuild.particles.options.ParticleShape`.
    seed : int
        Seed of all draws.

    Returns
    -------
    Draft
        The draft, charged.

    Raises
    ------
    UsageError
        If no octahedron is left.
    """
    return carve(
        crystal,
        [form],
        [name],
        [crystal],
        shape=replace(options.shape, centre=centre),
        offset=np.zeros(3),
        termination=options.termination,
        shared="outer",
        profile=WallProfile(),
        seed=seed,
    )


def shell_size_step(draft: Draft, left: OpenedPart, name: str) -> Step:
    """Tell the size of a shell.

    Parameters
    ----------
    draft : Draft
        Its draft before it was opened.
    left : OpenedPart
        What is left of it.
    name : str
        Its name.

    Returns
    -------
    Step
        Octahedra, extents and volume.
    """
    reach = np.ptp(left.atoms.positions, axis=0).round(3)
    volume = left.octahedra * draft.sites.block.framework.octahedron_volume
    return Step(
        name="size",
        choice=f"{name}: {left.octahedra} octahedra outside the part inside it, {reach[0]:.1f} × "
        f"{reach[1]:.1f} × {reach[2]:.1f} Å between its outermost atoms",
        values={
            "part": name,
            "octahedra": left.octahedra,
            "reached_A": reach.tolist(),
            "volume_A3": round(volume, 3),
        },
    )
