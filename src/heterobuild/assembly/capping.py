"""Put the organic monolayers of a slab on its faces, once the whole in-plane cell is known.

A closed monolayer of one ammonium on a square of halides is packed like the spacers of a layered
phase, starting from the poses of the library. Anything else (shares of several molecules, open
places, other faces, anions) is placed one molecule after another by the search for ligands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from ase import Atoms

from heterobuild import labels
from heterobuild.assembly.cap_faces import cap_face
from heterobuild.assembly.inserting import insert_molecules
from heterobuild.errors import HeterobuildError, NothingFitsError, UsageError
from heterobuild.labels import Site
from heterobuild.ligands.bodies import load_ligand
from heterobuild.ligands.exchanging import exchange_molecules
from heterobuild.model import Heterostructure, Step
from heterobuild.spacers.galleries import chessboard, square_of
from heterobuild.spacers.packing import Face, pack_spacers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.assembly.cap_faces import BarePart, CapFace
    from heterobuild.model import Molecule
    from heterobuild.model.caps import Cap

_STAND_IN = {1: 55, -1: 35}
"""Atomic numbers of the ions that stand for what is exchanged while ligands are placed."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Monolayer:
    """The molecules of one cap in their places.

    Parameters
    ----------
    kind : (k,) int array
        Which of the molecules of the cap each one is.
    unit : (k,) int array
        Which of the ions of the face each one replaces.
    positions : tuple of (n, 3) float array
        Coordinates in Å in the frame of the part.
    way : str
        How they were placed.
    """

    kind: IntArray
    unit: IntArray
    positions: tuple[FloatArray, ...]
    way: str


def add_organics(
    part: BarePart,
) -> tuple[Atoms, tuple[Molecule, ...], tuple[Step, ...]]:
    """Put the molecules that a slab asks for inside a part and on its faces.

    Parameters
    ----------
    part : BarePart
        The part; left unchanged.

    Returns
    -------
    atoms : ase.Atoms
        The ions that stay, then the molecules; those of a cap have the number of the outermost
        plane in the array ``layer``.
    molecules : tuple of Molecule
        Kinds of molecule.
    steps : tuple of Step
        What was put where; empty where the slab asks for nothing.

    Raises
    ------
    NothingFitsError
        If the molecules do not all find room.
    UsageError
        If the part or its in-plane cell is of a kind that cannot hold them.
    """
    steps: list[Step] = []
    if part.slab.inside:
        atoms, kinds, inserted = insert_molecules(part, dict(part.slab.inside))
        part, steps = replace(part, atoms=atoms, molecules=kinds), [*inserted]
    for top in (False, True):
        cap = part.cap(top=top)
        if cap is not None:
            molecules = tuple(load_ligand(name) for name, _ in cap.shares)
            face = cap_face(part, top=top, sign=round(molecules[0].charge))
            layer = _monolayer(part, face, cap, molecules)
            atoms, kinds = _joined(part, face, layer, molecules)
            part = replace(part, atoms=atoms, molecules=kinds)
            steps.append(_step(part, face, cap, layer, molecules))
    return part.atoms, part.molecules, tuple(steps)


def _monolayer(
    part: BarePart, face: CapFace, cap: Cap, molecules: tuple[Molecule, ...]
) -> Monolayer:
    """Place the molecules: packed where they form a closed layer of one kind, else by search."""
    packed = None
    if len(molecules) == 1 and cap.coverage == 1 and molecules[0].charge > 0 and face.square:
        packed = _packed(face, molecules[0], part.whole)
    return packed or _searched(part, face, cap, molecules)


def _packed(face: CapFace, molecule: Molecule, whole: FloatArray) -> Monolayer | None:
    """Pack a closed monolayer like the spacers of a layered phase; None where that fails.

    A lower face gets the other half of the bilayer, so that two capped faces interlock.
    """
    wall = Face(positions=face.wall_positions, numbers=face.wall_numbers, pockets=face.pockets)
    below, above = (wall, None) if face.top else (None, wall)
    try:
        packing = pack_spacers(molecule, cell=whole, below=below, above=above)
    except UsageError:
        return None
    level = np.array([0.0, 0.0, float(face.pockets[:, 2].mean())])
    return Monolayer(
        kind=np.zeros(len(packing.positions), dtype=np.int64),
        unit=packing.pocket,
        positions=tuple(points + level for points in packing.positions),
        way="packed like the spacers of a layered phase"
        + ("" if _pairs(face, whole) else ", all alike because the cell holds no pairs of squares"),
    )


def _pairs(face: CapFace, whole: FloatArray) -> bool:
    """Tell whether neighbouring squares can alternate like the fields of a chessboard."""
    square = square_of(whole, face.pockets)
    return bool(chessboard(face.pockets, whole, square).any())


def _searched(
    part: BarePart, face: CapFace, cap: Cap, molecules: tuple[Molecule, ...]
) -> Monolayer:
    """Place molecules one after another; ions that stand in for those of the face make way."""
    stand_in = _stand_in_model(part, face)
    shares = {
        m.name: cap.coverage * share for m, (_, share) in zip(molecules, cap.shares, strict=True)
    }
    among = "Cs" if face.sign > 0 else "Br"
    try:
        made = exchange_molecules(stand_in, shares, among=among, seed=part.seed)
    except HeterobuildError as error:
        raise _refused(part, face, error) from None
    atoms = made.atoms
    new = np.flatnonzero(atoms.arrays[labels.SITE] == Site.LIGAND)
    ids = atoms.arrays[labels.MOLECULE][new]
    _, first = np.unique(ids, return_index=True)
    names = [m.name for m in made.molecules]
    order = [names.index(m.name) + 1 for m in molecules]
    kind = np.array([order.index(k) for k in atoms.arrays[labels.KIND][new][first].tolist()])
    return Monolayer(
        kind=kind,
        unit=atoms.arrays[labels.LAYER][new][first] - 1,
        positions=tuple(atoms.positions[new[ids == one]] for one in ids[np.sort(first)].tolist()),
        way="placed one after another without collisions",
    )


def _refused(part: BarePart, face: CapFace, error: HeterobuildError) -> HeterobuildError:
    """Return what to tell where the molecules find no place."""
    side = "upper" if face.top else "lower"
    if not isinstance(error, NothingFitsError):
        return UsageError(
            f"the {side} face of the {part.name} is closed: no head finds an open place on it",
            where=f"{len(face.members)} ions of the outermost plane",
            measured="ions that lie as deep as the metals, or fewer than one",
            allowed="ions above the outermost plane of metals",
            next_step="cap another face, such as pseudo-cubic (001) that ends in A cations",
        )
    return NothingFitsError(
        f"the cap does not find room on the {side} face of the {part.name}",
        where=f"{len(face.members)} ions of the outermost plane",
        measured=error.measured,
        allowed=error.allowed,
        next_step="lower cap_coverage, choose slimmer molecules, or repeat the common cell",
    )


def _stand_in_model(part: BarePart, face: CapFace) -> Heterostructure:
    """Return the part with single ions in place of what is exchanged, numbered in ``layer``."""
    others = np.setdiff1d(np.arange(len(part.atoms)), np.concatenate(face.members))
    kept = labels.take(part.atoms, others)
    site = kept.arrays[labels.SITE]
    kept.arrays[labels.SITE] = np.where(np.isin(site, (Site.A, Site.LIGAND)), Site.OTHER, site)
    kept.arrays[labels.LAYER] = np.full(len(others), 1)
    kept.arrays[labels.REGION] = np.full(len(others), 1)
    count = len(face.members)
    none = np.zeros(count, dtype=np.int64)
    ions = labels.label(
        Atoms(numbers=np.full(count, _STAND_IN[face.sign]), positions=face.centres),
        site=np.full(count, Site.A),
        molecule=none,
        kind=none,
        charge=np.full(count, float(face.sign)),
        region=1,
    )
    ions.arrays[labels.LAYER] = np.arange(count) + 1
    cell = np.zeros((3, 3))
    cell[:2, :2] = part.whole
    cell[2, 2] = float(np.ptp(part.atoms.positions[:, 2])) + 100.0
    atoms, kinds = labels.join(
        [(kept, part.molecules), (ions, ())], cell=cell, pbc=(True, True, False)
    )
    return Heterostructure(name=part.name, atoms=atoms, regions=(), molecules=kinds)


def _joined(
    part: BarePart, face: CapFace, layer: Monolayer, molecules: tuple[Molecule, ...]
) -> tuple[Atoms, tuple[Molecule, ...]]:
    """Return the atoms of the part without the exchanged ions, then the molecules."""
    gone = np.concatenate([face.members[unit] for unit in layer.unit.tolist()])
    kept = labels.take(part.atoms, np.setdiff1d(np.arange(len(part.atoms)), gone))
    chosen = [molecules[k] for k in layer.kind.tolist()]
    sizes = [len(molecule.numbers) for molecule in chosen]
    ids = np.repeat(np.arange(len(chosen)) + 1, sizes)
    added = labels.label(
        Atoms(
            numbers=np.concatenate([molecule.numbers for molecule in chosen]),
            positions=np.concatenate(layer.positions),
        ),
        site=np.full(len(ids), Site.LIGAND),
        molecule=ids,
        kind=np.repeat(layer.kind + 1, sizes),
        charge=np.concatenate([molecule.charges for molecule in chosen]),
        layer=face.layer,
        region=1,
    )
    region = kept.arrays[labels.REGION].copy()
    kept.arrays[labels.REGION] = np.maximum(region, 1)
    atoms, kinds = labels.join(
        [(kept, part.molecules), (added, molecules)],
        cell=np.asarray(part.atoms.cell),
        pbc=tuple(part.atoms.pbc.tolist()),
    )
    return atoms, kinds


def _step(
    part: BarePart, face: CapFace, cap: Cap, layer: Monolayer, molecules: tuple[Molecule, ...]
) -> Step:
    """Tell what stands on a face."""
    side = "upper" if face.top else "lower"
    counts = np.bincount(layer.kind, minlength=len(molecules)).tolist()
    tips = [
        float(points[:, 2].max() if face.top else -points[:, 2].min()) for points in layer.positions
    ]
    height = max(tips) - (1 if face.top else -1) * float(face.pockets[:, 2].mean())
    named = {m.name: count for m, count in zip(molecules, counts, strict=True)}
    text = ", ".join(f"{count} {name}" for name, count in named.items())
    return Step(
        name="cap",
        choice=f"{part.name}, {side} face: {text} in place of {len(layer.unit)} of "
        f"{len(face.members)} ions, heads on the face, {layer.way}",
        values={
            "part": part.name,
            "face": side,
            "counts": named,
            "sites": len(face.members),
            "asked_coverage": cap.coverage,
            "coverage": round(len(layer.unit) / len(face.members), 6),
            "height_A": round(height, 4),
            "tilts_deg": [round(value, 2) for value in _tilts(face, layer, molecules)],
        },
    )


def _tilts(face: CapFace, layer: Monolayer, molecules: tuple[Molecule, ...]) -> Iterator[float]:
    """Yield least and largest angle between the normal and head to tail, in degrees."""
    out = 1.0 if face.top else -1.0
    angles = []
    for kind, points in zip(layer.kind.tolist(), layer.positions, strict=True):
        molecule = molecules[kind]
        head = points[list(molecule.head)].mean(axis=0)
        heavy = np.setdiff1d(np.flatnonzero(molecule.numbers > 1), molecule.head)
        axis = points[heavy].mean(axis=0) - head
        angles.append(float(np.degrees(np.arccos(out * axis[2] / np.linalg.norm(axis)))))
    yield from (min(angles), max(angles))
