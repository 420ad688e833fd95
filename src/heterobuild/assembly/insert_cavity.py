"""Which whole octahedra make room for a molecule inside a slab."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.assembly.insert_network import flat_shift, height_range, plane_images
from heterobuild.labels import MOLECULE
from heterobuild.ligands.bodies import as_ligand
from heterobuild.ligands.contacts import all_sorts, body_keys, clashing_owners, sort_keys

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import BoolArray, FloatArray
    from heterobuild.assembly.insert_network import Octahedra
    from heterobuild.model import Molecule

_STEPS = 5
_CLOSE = 4.5
_LEAN = 40.0
_TURNS = 120


@dataclass(frozen=True, kw_only=True, eq=False)
class Cavity:
    """A pose of a molecule and the ions that make way.

    Parameters
    ----------
    points : (n, 3) float array
        Atoms of the molecule in Å.
    metals, halides, cations : (n,) bool array
        Which B, X and A ions of the `Octahedra` go.
    """

    points: FloatArray
    metals: BoolArray
    halides: BoolArray
    cations: BoolArray

    @property
    def shortage(self) -> int:
        """Positive charge in e that leaves with the ions, A cations apart."""
        return int(2 * self.metals.sum() - self.halides.sum())


def find_cavities(
    atoms: Atoms, network: Octahedra, molecule: Molecule, rng: np.random.Generator
) -> list[Cavity]:
    """Try poses of a molecule in the middle of a slab, those that cost least octahedra first.

    A halide in the way goes only together with both of its B cations, and a B cation takes along
    only the halides that no other one needs, so that every octahedron that stays has its six.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms of the slab.
    network : Octahedra
        Its octahedra.
    molecule : Molecule
        The molecule; only rotated.
    rng : numpy.random.Generator
        Source of the rotations.

    Returns
    -------
    list of Cavity
        Those between the outermost planes, of octahedra that are complete in the slab, sorted.
    """
    body = as_ligand(molecule)
    guests = np.flatnonzero(atoms.arrays[MOLECULE] > 0)
    ions = np.concatenate([network.metals, network.halides, network.cations])
    none = np.zeros(len(ions), dtype=np.bool_)
    numbers = atoms.numbers[ions]
    others = np.zeros(len(guests), dtype=np.bool_)
    sorts, codes = all_sorts(
        [
            sort_keys(numbers, none, none, ~none),
            body_keys(body),
            sort_keys(atoms.numbers[guests], others, others, others),
        ]
    )
    centred = body.body - body.body[body.heavy].mean(axis=0)
    middle = _middle(atoms, network)
    points, owner = plane_images(middle, atoms.positions[ions], network.whole)
    held, guest = plane_images(middle, atoms.positions[guests], network.whole)
    offsets, found = _offsets(atoms, network), []
    reach = float(
        np.linalg.norm(centred, axis=1).max() + np.linalg.norm(offsets, axis=1).max() + _CLOSE
    )
    near, close = (np.linalg.norm(one - middle, axis=1) < reach for one in (points, held))
    others_near = points[near], codes[0][owner[near]], owner[near]
    taken = held[close], codes[2][guest[close]], np.zeros(int(close.sum()), dtype=np.int64)
    low, high = height_range(atoms)
    for turn in _turns(rng):
        poses = (centred @ turn)[None] + middle + offsets[:, None]
        inside = (poses[:, :, 2] > low).all(axis=1) & (poses[:, :, 2] < high).all(axis=1)
        poses = poses[inside]
        if len(poses):
            free = ~clashing_owners(poses, codes[1], taken, sorts.floors, 1)[:, 0]
            touched = clashing_owners(poses, codes[1], others_near, sorts.floors, len(ions))
            found += _cavities(poses[free], touched[free], network)
    return sorted(found, key=lambda one: (int(one.metals.sum()), one.shortage))


def grown(cavity: Cavity, network: Octahedra) -> Cavity:
    """Take one more octahedron, the one that shares most halides with those that went.

    Parameters
    ----------
    cavity : Cavity
        The cavity.
    network : Octahedra
        The octahedra.

    Returns
    -------
    Cavity
        The larger cavity; no octahedron at a face of the slab goes.
    """
    shared = network.bonds[cavity_reach(cavity, network)].sum(axis=0)
    score = np.where(network.complete & ~cavity.metals, shared, -1)
    metals = cavity.metals.copy()
    metals[int(np.argmax(score))] = True
    return Cavity(
        points=cavity.points,
        metals=metals,
        halides=_freed(metals, network),
        cations=cavity.cations,
    )


def cavity_reach(cavity: Cavity, network: Octahedra) -> BoolArray:
    """Return which halides belonged to the octahedra that went.

    Parameters
    ----------
    cavity : Cavity
        The cavity.
    network : Octahedra
        The octahedra.

    Returns
    -------
    (x,) bool array
        Those that went and those that line the cavity.
    """
    reach: BoolArray = np.logical_or.reduce(network.bonds[:, cavity.metals], axis=1)
    return reach


def _cavities(poses: FloatArray, touched: BoolArray, network: Octahedra) -> list[Cavity]:
    """Return the cavities of poses from the ions that they touch."""
    b, x = len(network.metals), len(network.halides)
    halide = touched[:, b : b + x]
    metals = touched[:, :b] | ((halide.astype(np.int64) @ network.bonds.astype(np.int64)) > 0)
    shared = np.count_nonzero(network.bonds, axis=1) == 2
    possible = ~(halide & ~shared).any(axis=1) & ~(metals & ~network.complete).any(axis=1)
    return [
        Cavity(
            points=poses[k],
            metals=metals[k],
            halides=_freed(metals[k], network),
            cations=touched[k, b + x :],
        )
        for k in np.flatnonzero(possible).tolist()
    ]


def _freed(metals: BoolArray, network: Octahedra) -> BoolArray:
    """Return the halides that only B cations that went had in common."""
    kept = network.bonds[:, ~metals].any(axis=1)
    shared = np.count_nonzero(network.bonds, axis=1) == 2
    freed: BoolArray = shared & ~kept
    return freed


def _middle(atoms: Atoms, network: Octahedra) -> FloatArray:
    """Return a B cation at half height, far from molecules that are there already."""
    points = atoms.positions[network.metals]
    guests = atoms.positions[atoms.arrays[MOLECULE] > 0]
    off = np.abs(points[:, 2] - points[:, 2].mean())
    gaps = flat_shift(points, guests, network.whole)
    apart = np.linalg.norm(gaps[:, :, :2], axis=2).min(axis=1, initial=1e6)
    nearest: FloatArray = points[np.lexsort((np.round(-apart, 3), np.round(off, 1)))[0]]
    return nearest


def _offsets(atoms: Atoms, network: Octahedra) -> FloatArray:
    """Return places inside one cage around the middle."""
    gaps = np.linalg.norm(
        flat_shift(atoms.positions[network.metals], atoms.positions[network.metals], network.whole),
        axis=2,
    )
    length = float(gaps[gaps > 1.0].min())
    steps = (np.arange(_STEPS) + 0.5) / _STEPS * length
    offsets: FloatArray = np.stack(
        np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1
    ).reshape(-1, 3)
    return offsets


def _turns(rng: np.random.Generator) -> FloatArray:
    """Return rotations that lay the long axis of a ligand near the plane of the slab."""
    lean = np.radians(rng.uniform(90 - _LEAN, 90 + _LEAN, _TURNS))
    roll, azimuth = np.radians(rng.uniform(0, 360, (2, _TURNS)))
    turns: FloatArray = _about(roll, 2) @ _about(lean, 1) @ _about(azimuth, 2)
    return turns


def _about(angles: FloatArray, axis: int) -> FloatArray:
    """Return rotations for row vectors about a Cartesian axis."""
    first, second = [(1, 2), (2, 0), (0, 1)][axis]
    turns = np.zeros((len(angles), 3, 3))
    turns[:, axis, axis] = 1.0
    turns[:, first, first] = turns[:, second, second] = np.cos(angles)
    turns[:, first, second] = np.sin(angles)
    turns[:, second, first] = -np.sin(angles)
    return turns
