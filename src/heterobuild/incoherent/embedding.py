"""Dots in a matrix, each on its own lattice: the matrix is opened for them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.coherent.carved import carve
from heterobuild.coherent.draft import draft_parts, neutral
from heterobuild.coherent.finishing import in_box
from heterobuild.coherent.parts import Parts
from heterobuild.dots.arrangement import fits
from heterobuild.geometry.shape_algebra import turned
from heterobuild.incoherent.guests import Guest, emitted, inward_layers
from heterobuild.incoherent.lattice_fits import incoherent_wall_step
from heterobuild.incoherent.opened_parts import at_place, host_of, merged_steps, open_for
from heterobuild.incoherent.places import place_dots, relation_of, sized_matrix
from heterobuild.incoherent.registered import registered
from heterobuild.incoherent.relations import orientation_step
from heterobuild.incoherent.wall_area import wall_area
from heterobuild.labels import join
from heterobuild.model import Heterostructure, Region, Step, WallProfile

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.coherent.draft import Draft
    from heterobuild.coherent.matrix import Matrix
    from heterobuild.dots.arrangement import PlacedDots
    from heterobuild.incoherent.openings import Host
    from heterobuild.incoherent.places import IncoherentDots
    from heterobuild.model import Crystal, LedgerEntry, Molecule
    from heterobuild.particles.forms import Form


DOT, MATRIX = 1, 2
"""Codes of the regions."""

MOST_LISTED = 1000
"""Dots that are listed one by one in the record."""


def incoherent_embedded(
    dot: Crystal,
    matrix: Crystal,
    options: IncoherentDots,
    *,
    name: str = "embedded",
    seed: int = 0,
) -> Heterostructure:
    """Build dots in a matrix with which they share no lattice.

    Parameters
    ----------
    dot, matrix : Crystal
        What dots and matrix are made of.
    options : IncoherentDots
        What is built.
    name : str, optional
        Name of the model.
    seed : int, optional
        Seed of all draws.

    Returns
    -------
    Heterostructure
        Labelled atoms: the dots, region 1, then the matrix, region 2.

    Raises
    ------
    UsageError
        If a dot is larger than the matrix, nothing of the matrix is left, an option cannot be
        used, or the policy cannot reach zero charge.
    NothingFitsError
        If the dots cannot be placed at the wanted separation, with the fraction reached.
    """
    pbc = (True, True, not options.slab)
    block = sized_matrix(dot, matrix, options)
    relation = relation_of(options, matrix, dot)
    placed = place_dots(dot, matrix, block, options, seed=seed)
    drafts, guests, turned_steps = _guests(dot, placed, options, seed)
    host, host_molecules, host_steps = _host(matrix, block, options, seed)
    gap = 0.0 if options.gap == "auto" else float(options.gap)
    placed, guests, registry = _registered(placed, guests, host, options, gap)
    left = open_for(host, guests, gap=gap, policy=options.wall_neutrality, seed=seed)
    parts = [(at_place(guest), guest.molecules) for guest in guests]
    atoms, molecules = join([*parts, (left.atoms, host_molecules)], cell=block.cell, pbc=pbc)
    turn = drafts[0].rotation @ placed.rotations[0]
    asked = "table" if options.placement.table is not None else options.orientation
    steps = [
        _dots_step(placed, drafts, left.octahedra, abs(float(np.linalg.det(block.cell)))),
        orientation_step(asked, relation, matrix, dot, len(guests)),
        incoherent_wall_step(
            ("dot", "matrix"),
            (dot, matrix),
            (turn, block.rotation),
            contacts=left.contacts,
            gap=options.gap,
            area=_area(placed),
        ),
        *registry,
        *left.steps,
        *merged_steps([step for draft in _distinct(drafts) for step in draft.steps]),
        *merged_steps(turned_steps),
        *host_steps,
    ]
    if options.slab:
        atoms, boxed = in_box(atoms, options.vacuum)
        steps.append(boxed)
    return Heterostructure(
        name=name,
        atoms=atoms,
        regions=_regions((dot, matrix), placed, turn, block),
        molecules=molecules,
        steps=tuple(steps),
        notices=tuple(dict.fromkeys((*dot.notices, *matrix.notices))),
        ledger=(*_dot_ledger(drafts), *host.draft.ledger, *left.ledger),
    )


def _guests(
    dot: Crystal, placed: PlacedDots, options: IncoherentDots, seed: int
) -> tuple[list[Draft], list[Guest], list[Step]]:
    """Carve the dots and put them in their places; equal ones are carved once."""
    carved: dict[int, Draft] = {}
    drafts, guests, steps = [], [], []
    for k, (form, centre) in enumerate(zip(placed.forms, placed.centres, strict=True)):
        key = k if dot.mixtures else id(form)
        if key not in carved:
            carved[key] = _dot_draft(dot, form, options, seed + k if dot.mixtures else seed)
        turn, name = placed.rotations[k], f"dot {k + 1}"
        atoms, molecules, own = emitted(
            carved[key],
            turn=turn,
            cell=np.zeros((3, 3)),
            pbc=(False, False, False),
            region=DOT,
            cations=options.cations,
            seed=seed,
            name=name,
        )
        inward_layers(atoms)
        drafts.append(carved[key])
        steps += own
        shape = turned(form.carving, turn)
        guests.append(
            Guest(name=name, centre=centre, shape=shape, atoms=atoms, molecules=molecules)
        )
    return drafts, guests, steps


def _registered(
    placed: PlacedDots, guests: list[Guest], host: Host, options: IncoherentDots, gap: float
) -> tuple[PlacedDots, list[Guest], list[Step]]:
    """Move dots to where the matrix fits them best; those of a table stay where they are."""
    if not options.registry or options.placement.table is not None:
        return placed, guests, []
    pbc = (True, True, not options.slab)
    alike = [
        (id(form), turn.round(6).tobytes())
        for form, turn in zip(placed.forms, placed.rotations, strict=True)
    ]
    moved, step = registered(
        guests,
        alike,
        host.draft.sites.block.framework,
        host.draft.rotation,
        gap=gap,
        fits=lambda at: fits(replace(placed, centres=at), options.placement, host.cell, pbc),
    )
    return replace(placed, centres=np.array([g.centre for g in moved])), moved, [step]


def _dot_draft(dot: Crystal, form: Form, options: IncoherentDots, seed: int) -> Draft:
    """Carve one dot and make it neutral."""
    draft = carve(
        dot,
        [form],
        ["dot"],
        [dot],
        shape=options.shape,
        offset=np.zeros(3),
        termination=options.termination,
        shared="outer",
        profile=WallProfile(),
        seed=seed,
    )
    return neutral(draft, options.neutrality, seed=seed, where="surface of the dot")


def _host(
    matrix: Crystal, block: Matrix, options: IncoherentDots, seed: int
) -> tuple[Host, tuple[Molecule, ...], list[Step]]:
    """Emit the matrix before it is opened; the surfaces of a slab become neutral by themselves."""
    draft = draft_parts(
        block.block,
        block.occupied,
        Parts(
            names=("matrix",), crystals=(matrix,), walls=(), shared="outer", profile=WallProfile()
        ),
        rotation=block.rotation,
        centre=np.zeros(3),
        seed=seed,
    )
    pbc = (True, True, not options.slab)
    if options.slab:
        draft = neutral(
            draft,
            options.wall_neutrality,
            seed=seed,
            where="surfaces of the matrix",
            directions=~np.array(pbc),
        )
    host, molecules, steps = host_of(
        draft, cell=block.cell, pbc=pbc, region=MATRIX, cations=options.cations, seed=seed
    )
    return host, molecules, [*draft.steps, *steps]


def _area(placed: PlacedDots) -> float:
    """Return the area of the walls of all dots in Å²; equal ones are measured once."""
    forms = {id(form): form for form in placed.forms}
    areas = {key: wall_area(form.shape) for key, form in forms.items()}
    return sum(areas[id(form)] for form in placed.forms)


def _distinct(drafts: list[Draft]) -> list[Draft]:
    """Return each draft once."""
    return list({id(draft): draft for draft in drafts}.values())


def _dot_ledger(drafts: list[Draft]) -> list[LedgerEntry]:
    """Return the changes at the surface of each dot."""
    return [
        replace(entry, where=f"surface of dot {k}")
        for k, draft in enumerate(drafts, 1)
        for entry in draft.ledger
    ]


def _dots_step(placed: PlacedDots, drafts: list[Draft], left: int, volume: float) -> Step:
    """Describe the dots that were placed."""
    counts = [int((d.sites.region[..., d.sites.block.framework.b_units] > 0).sum()) for d in drafts]
    each = [
        n * d.sites.block.framework.octahedron_volume for d, n in zip(drafts, counts, strict=True)
    ]
    share, mean = sum(each) / volume, (6 * float(np.mean(each)) / np.pi) ** (1 / 3)
    return Step(
        name="dots",
        choice=f"{len(drafts)} of {sum(counts)} octahedra, {left} left around them "
        f"({100 * share:.2f} % by volume), mean diameter of equal volume {mean:.1f} Å",
        values={
            "count": len(drafts),
            "octahedra": sum(counts),
            "octahedra_of_matrix": left,
            "volume_fraction": round(share, 6),
            "equivalent_diameter_A": round(mean, 3),
            "centres_A": np.round(placed.centres[:MOST_LISTED], 4).tolist(),
            "octahedra_each": counts[:MOST_LISTED],
            "rotations": np.round(placed.rotations[:MOST_LISTED], 6).tolist(),
        },
    )


def _regions(
    crystals: tuple[Crystal, Crystal], placed: PlacedDots, turn: FloatArray, block: Matrix
) -> tuple[Region, ...]:
    """Describe dots and matrix; dots that are turned differently have no cell in common."""
    alike = bool((np.abs(placed.rotations - placed.rotations[0]) < 1e-9).all())
    dot, matrix = crystals
    cells = (dot.cell @ turn if alike else np.zeros((3, 3)), matrix.cell @ block.rotation)
    return tuple(
        Region(
            code=code,
            name=name,
            crystal=crystal.name,
            formula=crystal.formula,
            cell=cell,
            strain=np.zeros((3, 3)),
        )
        for code, name, crystal, cell in zip(
            (DOT, MATRIX), ("dot", "matrix"), crystals, cells, strict=True
        )
    )
