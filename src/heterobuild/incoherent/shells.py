"""Shells on lattices of their own around a core: each is carved, opened, and put around."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.coherent.draft import neutral
from heterobuild.coherent.finishing import in_box
from heterobuild.errors import UsageError
from heterobuild.incoherent.guests import (
    Guest,
    emitted,
    inward_layers,
)
from heterobuild.incoherent.lattice_fits import incoherent_wall_step
from heterobuild.incoherent.opened_parts import at_place, host_of, open_for
from heterobuild.incoherent.openings import open_host, reaches_surface
from heterobuild.incoherent.registered import registered_centre
from heterobuild.incoherent.relations import orientation_step
from heterobuild.incoherent.shell_ligands import with_ligands
from heterobuild.incoherent.shell_parts import (
    IncoherentShells,
    carved_part,
    covers_all,
    judge_one_policy,
    own_form,
    refuse_charging_ligands,
    shell_rotation,
    shell_size_step,
)
from heterobuild.incoherent.wall_area import wall_area
from heterobuild.labels import LAYER, join
from heterobuild.model import Heterostructure, Region, Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.coherent.draft import Draft
    from heterobuild.incoherent.opened_parts import OpenedPart
    from heterobuild.incoherent.openings import Host
    from heterobuild.model import Crystal, LedgerEntry, Molecule
    from heterobuild.particles.forms import Form


@dataclass(frozen=True, kw_only=True, eq=False)
class _Grown:
    """The particle so far, its outermost part last."""

    guest: Guest
    rotations: tuple[FloatArray, ...]
    steps: tuple[Step, ...]
    ledger: tuple[LedgerEntry, ...]


def incoherent_core_shell(
    crystals: Sequence[Crystal],
    forms: Sequence[Form],
    names: Sequence[str],
    options: IncoherentShells,
    *,
    name: str = "core-shell",
    seed: int = 0,
) -> Heterostructure:
    """Build a core in shells with which it shares no lattice.

    Parameters
    ----------
    crystals : sequence of Crystal
        Core, then shells from the inside outward.
    forms : sequence of Form
        Outer form of each; those of shells hold the parts inside them. Where a form is that of
        the part inside, as beside a cap or a covered face, no shell grows.
    names : sequence of str
        Names of the parts.
    options : IncoherentShells
        How they lie.
    name : str, optional
        Name of the model.
    seed : int, optional
        Seed of all draws.

    Returns
    -------
    Heterostructure
        Labelled atoms, the core region 1.

    Raises
    ------
    UsageError
        If nothing of a shell is left, a wire is asked for, an option cannot be used, the policy
        cannot reach zero charge, or wall and surface of a shell share ions that two policies
        would change.
    NothingFitsError
        If ligands find no place.
    """
    refuse_charging_ligands(options.neutrality)
    if any(any(form.periodic) for form in forms):
        raise UsageError(
            "an endless wire has one period, shells on lattices of their own have others",
            where="shape",
            next_step="take a rod, or wall: coherent",
        )
    grown = _core(crystals[0], forms[0], names[0], options, seed)
    for k in range(1, len(crystals)):
        grown = _with_shell(grown, crystals, forms, names, options, k=k, seed=seed)
    atoms, molecules = at_place(grown.guest), grown.guest.molecules
    steps, ledger = list(grown.steps), list(grown.ledger)
    if options.ligands:
        atoms, molecules, entries, step = with_ligands(atoms, molecules, forms[-1], options, seed)
        ledger += entries
        steps.append(step)
    atoms, boxed = in_box(atoms, options.vacuum)
    return Heterostructure(
        name=name,
        atoms=atoms,
        regions=tuple(
            Region(
                code=code,
                name=names[code - 1],
                crystal=crystal.name,
                formula=crystal.formula,
                cell=crystal.cell @ rotation,
                strain=np.zeros((3, 3)),
            )
            for code, (crystal, rotation) in enumerate(
                zip(crystals, grown.rotations, strict=True), 1
            )
        ),
        molecules=molecules,
        steps=(*steps, boxed),
        notices=tuple(dict.fromkeys(n for crystal in crystals for n in crystal.notices)),
        ledger=tuple(ledger),
    )


def _core(crystal: Crystal, form: Form, name: str, options: IncoherentShells, seed: int) -> _Grown:
    """Carve the core and make it neutral."""
    draft = carved_part(crystal, form, name, options, centre=options.shape.centre, seed=seed)
    draft = neutral(draft, options.neutrality, seed=seed, where=f"surface of {name}")
    atoms, molecules, steps = emitted(
        draft,
        turn=np.eye(3),
        cell=np.zeros((3, 3)),
        pbc=(False, False, False),
        region=1,
        cations=options.cations,
        seed=seed,
        name=name,
    )
    inward_layers(atoms)
    guest = Guest(
        name=name, centre=np.zeros(3), shape=form.carving, atoms=atoms, molecules=molecules
    )
    return _Grown(
        guest=guest,
        rotations=(form.rotation,),
        steps=(*draft.steps, *steps),
        ledger=draft.ledger,
    )


def _with_shell(
    grown: _Grown,
    crystals: Sequence[Crystal],
    forms: Sequence[Form],
    names: Sequence[str],
    options: IncoherentShells,
    *,
    k: int,
    seed: int,
) -> _Grown:
    """Carve a shell as a full particle, close its surface, and open it for what is inside."""
    last, name = k == len(crystals) - 1, names[k]
    inner = replace(
        grown.guest, centre=np.array(options.offset, dtype=float) if last else np.zeros(3)
    )
    relation, rotation = shell_rotation(crystals[0], grown.rotations[0], crystals[k], options)
    form = own_form(forms[k], crystals[k], rotation)
    draft = carved_part(crystals[k], form, name, options, centre="auto", seed=seed)
    gap = 0.0 if options.gap == "auto" else float(options.gap)
    policy = options.neutrality
    registry: tuple[Step, ...] = ()
    if options.registry and covers_all(options, k):
        # Of a cap or a facet the outline would move with the lattice, more than its wall gains.
        centre, step = registered_centre(draft, inner, form, gap=gap)
        registry = (step,)
        draft = carved_part(crystals[k], form, name, options, centre=centre, seed=seed)
    host, molecules, turned = _emitted(draft, options, region=k + 1, seed=seed)
    partial = reaches_surface(host, open_host(host, [inner], gap=gap))
    draft = replace(draft, steps=tuple(step for step in draft.steps if step.name != "size"))
    if partial:
        judge_one_policy(options, policy, name)
    else:
        draft = neutral(draft, policy, seed=seed, where=f"surface of {name}")
        host, molecules, turned = _emitted(draft, options, region=k + 1, seed=seed)
        policy = options.wall_neutrality
    left = open_for(
        host, [inner], gap=gap, policy=policy, seed=seed, surface=name if partial else ""
    )
    if not last:
        _count_from_both_walls(left, host.atoms.arrays[LAYER][left.chosen])
    joined, table = join(
        [(at_place(inner), inner.molecules), (left.atoms, molecules)],
        cell=np.zeros((3, 3)),
        pbc=(False, False, False),
    )
    wall = incoherent_wall_step(
        (names[k - 1], name),
        (crystals[k - 1], crystals[k]),
        (grown.rotations[-1], rotation),
        contacts=left.contacts,
        gap=options.gap,
        area=wall_area(forms[k - 1].shape, lambda at: forms[k].shape.distance(at + inner.centre)),
    )
    asked = orientation_step(options.relation, relation, crystals[0], crystals[k])
    steps = (
        shell_size_step(draft, left, name),
        asked,
        wall,
        *registry,
        *left.steps,
        *draft.steps,
        *turned,
    )
    return _Grown(
        guest=Guest(
            name=name, centre=np.zeros(3), shape=form.carving, atoms=joined, molecules=table
        ),
        rotations=(*grown.rotations, rotation),
        steps=(*grown.steps, *steps),
        ledger=(*grown.ledger, *draft.ledger, *left.ledger),
    )


def _count_from_both_walls(left: OpenedPart, surface: IntArray) -> None:
    """Count the layers of a shell between two walls from the nearer one, −1 inside the outer."""
    outward, inward = left.atoms.arrays[LAYER], np.maximum(surface, 1)
    left.atoms.arrays[LAYER] = np.where(inward < outward, -inward, outward)


def _emitted(
    draft: Draft, options: IncoherentShells, *, region: int, seed: int
) -> tuple[Host, tuple[Molecule, ...], list[Step]]:
    """Emit a shell before it is opened."""
    return host_of(
        draft,
        cell=np.eye(3),
        pbc=(False, False, False),
        region=region,
        cations=options.cations,
        seed=seed,
    )
