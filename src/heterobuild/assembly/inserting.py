"""Put molecules inside a slab without cutting an octahedron that stays.

A molecule of more than ten non-hydrogen atoms fits into no cage of a perovskite, and the windows
between cages are 4 Å wide. Whole octahedra make way: a B cation goes with the halides that no
other one needs, A cations go where the molecule touches them. What the cavity then lacks in
positive charge is given back as A cations that line it, where the potential is lowest.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from ase import Atoms
from ase.data import chemical_symbols

from heterobuild import labels
from heterobuild.assembly.insert_cavity import find_cavities, grown
from heterobuild.assembly.insert_lining import lining_places, removed_atoms
from heterobuild.assembly.insert_network import octahedra_of
from heterobuild.errors import NothingFitsError, UsageError
from heterobuild.labels import CHARGE, LAYER, MOLECULE, REGION, SITE, Site
from heterobuild.ligands.bodies import load_ligand
from heterobuild.model import Step
from heterobuild.seeds import generator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.assembly.cap_faces import BarePart
    from heterobuild.assembly.insert_cavity import Cavity
    from heterobuild.assembly.insert_network import Octahedra
    from heterobuild.model import Molecule

_POSES = 10
_MOST_GROWTH = 14
_APART = 2.5


def insert_molecules(
    part: BarePart, molecules: Mapping[str, int]
) -> tuple[Atoms, tuple[Molecule, ...], tuple[Step, ...]]:
    """Put molecules into the middle of a part, one after another.

    Parameters
    ----------
    part : BarePart
        A part of a perovskite with single ions on its A sites; left unchanged.
    molecules : mapping of str to int
        Molecules and how many of each the whole in-plane cell holds.

    Returns
    -------
    atoms : ase.Atoms
        The ions that stay, A cations that line the cavities, then the molecules.
    molecules : tuple of Molecule
        Kinds of molecule.
    steps : tuple of Step
        What went and what came for each molecule.

    Raises
    ------
    NothingFitsError
        If the part is too thin for a molecule, or there are too many.
    UsageError
        If the part has no octahedra that share halides with single A cations between them, or
        the in-plane cell is narrower than a molecule is long.
    """
    steps = []
    rng = generator(part.seed, f"molecules inside {part.name}")
    for name, count in molecules.items():
        molecule = load_ligand(name)
        _require_width(part, molecule)
        for k in range(count):
            part, step = _inserted(part, molecule, rng, f"{k} of {count} found a place")
            steps.append(step)
    return part.atoms, part.molecules, tuple(steps)


def _inserted(
    part: BarePart, molecule: Molecule, rng: np.random.Generator, so_far: str
) -> tuple[BarePart, Step]:
    """Put one molecule into a part."""
    network = octahedra_of(part.atoms, part.whole)
    _require_network(part, network)
    for cavity in find_cavities(part.atoms, network, molecule, rng)[:_POSES]:
        opened = cavity
        for _ in range(_MOST_GROWTH + 1):
            wanted = opened.shortage + int(opened.cations.sum()) - round(molecule.charge)
            places = lining_places(part.atoms, network, opened, molecule, wanted)
            if places is not None and _joins(network, opened.metals):
                filled = _joined(part, network, opened, molecule, places)
                return filled, _step(part, network, opened, molecule, len(places))
            opened = grown(opened, network)
    raise NothingFitsError(
        f"{molecule.name} finds no place inside the {part.name} without cutting octahedra",
        where=f"{len(network.metals)} octahedra",
        measured=f"{so_far}; {_POSES} poses that cost least were tried, and up to {_MOST_GROWTH} "
        "more octahedra opened",
        allowed="six halides at each octahedron that stays, charge 0, no collisions",
        next_step="take more layers, repeat the common cell, or insert fewer molecules",
    )


def _require_width(part: BarePart, molecule: Molecule) -> None:
    """Refuse cells in which the molecule would meet its own images."""
    points = molecule.positions
    size = float(np.linalg.norm(points[:, None] - points[None], axis=2).max()) + _APART
    steps = np.array([[1, 0], [0, 1], [1, 1], [1, -1]]) @ part.whole
    width = float(np.linalg.norm(steps, axis=1).min())
    if width < size:
        raise UsageError(
            f"the in-plane cell is too narrow for {molecule.name} inside the {part.name}",
            where="repeat",
            measured=f"{width:.1f} Å",
            allowed=f"at least {size:.1f} Å, the length of the molecule and a contact",
            next_step="repeat the common cell more often",
        )


def _require_network(part: BarePart, network: Octahedra) -> None:
    """Refuse parts that have no network to keep whole."""
    atoms = part.atoms
    molecular = (atoms.arrays[SITE] == Site.A) & (atoms.arrays[MOLECULE] > 0)
    nothing = np.zeros(len(network.metals), dtype=np.bool_)
    shared = len(network.cations) and _joins(network, nothing)
    if molecular.any() or not shared:
        raise UsageError(
            f"molecules can be put only inside a perovskite with single A cations, not {part.name}",
            where="inside",
            measured="molecular A cations" if molecular.any() else "no corner-sharing octahedra",
            allowed="a crystal such as CsPbI3 or CsPbBr3",
            next_step="choose such a crystal, or leave the molecules out",
        )


def _joins(network: Octahedra, gone: BoolArray) -> bool:
    """Tell whether the octahedra that stay are still one network."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    kept = network.bonds[:, ~gone].astype(np.int64)
    links = csr_array(kept.T @ kept)
    return int(connected_components(links, directed=False)[0]) == 1


def _joined(
    part: BarePart, network: Octahedra, cavity: Cavity, molecule: Molecule, places: FloatArray
) -> BarePart:
    """Return the part with the ions that stay, those that line the cavity, and the molecule."""
    atoms = part.atoms
    rest = labels.take(atoms, np.setdiff1d(np.arange(len(atoms)), removed_atoms(network, cavity)))
    rest.arrays[REGION] = np.maximum(rest.arrays[REGION], 1)
    number = int(np.bincount(atoms.numbers[network.cations]).argmax())
    count, size = len(places), len(molecule.numbers)
    zeros = np.zeros(count, dtype=np.int64)
    ions = labels.label(
        Atoms(numbers=np.full(count, number), positions=places.reshape(-1, 3)),
        site=np.full(count, Site.A),
        molecule=zeros,
        kind=zeros,
        charge=np.full(count, float(atoms.arrays[CHARGE][network.cations].mean())),
        region=1,
    )
    ions.arrays[LAYER] = _layers(atoms, places)
    middle = cavity.points[molecule.numbers > 1].mean(axis=0)[None]
    guest = labels.label(
        Atoms(numbers=molecule.numbers, positions=cavity.points),
        site=np.full(size, Site.LIGAND),
        molecule=np.ones(size, dtype=np.int64),
        kind=np.ones(size, dtype=np.int64),
        charge=molecule.charges,
        region=1,
        layer=int(_layers(atoms, middle)[0]),
    )
    made, kinds = labels.join(
        [(rest, part.molecules), (ions, ()), (guest, (molecule,))],
        cell=np.asarray(atoms.cell),
        pbc=(True, True, False),
    )
    return replace(part, atoms=made, molecules=kinds)


def _layers(atoms: Atoms, points: FloatArray) -> IntArray:
    """Return the number of the plane of ions at the height of each point."""
    ions = atoms.arrays[MOLECULE] == 0
    numbers = np.unique(atoms.arrays[LAYER][ions])
    heights = np.array(
        [atoms.positions[ions & (atoms.arrays[LAYER] == n), 2].mean() for n in numbers.tolist()]
    )
    nearest = np.abs(points[:, 2][:, None] - heights[None]).argmin(axis=1)
    layers: IntArray = numbers[nearest]
    return layers


def _step(
    part: BarePart, network: Octahedra, cavity: Cavity, molecule: Molecule, added: int
) -> Step:
    """Tell what went and what came."""
    atoms = part.atoms
    gone = atoms.numbers[removed_atoms(network, cavity)]
    counts = {chemical_symbols[z]: int((gone == z).sum()) for z in np.unique(gone).tolist()}
    cation = chemical_symbols[int(np.bincount(atoms.numbers[network.cations]).argmax())]
    went = ", ".join(f"{count} {symbol}" for symbol, count in counts.items())
    return Step(
        name="molecule inside",
        choice=f"{part.name}: {molecule.name} in place of {went}; {added} {cation} line the "
        f"cavity; each of the {int((~cavity.metals).sum())} octahedra that stay keeps its "
        "halides, and they are one network. The place is a model: how such a molecule sits in a "
        "grain is not known atom by atom",
        values={
            "part": part.name,
            "molecule": molecule.name,
            "removed": counts,
            "added": {cation: added},
            "octahedra_kept": int((~cavity.metals).sum()),
            "charge_e": round(float(molecule.charge), 6),
        },
    )
