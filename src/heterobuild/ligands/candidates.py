"""Molecules and cations of a model that others can replace: where their heads are, and how far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from ase.data import chemical_symbols

from heterobuild.errors import UsageError
from heterobuild.labels import CHARGE, KIND, MOLECULE, REGION, SITE, Site, rigid_units
from heterobuild.ligands.anchors import surface_normals, with_periodic_images
from heterobuild.ligands.bodies import as_ligand
from heterobuild.registry import suggest

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.model import Heterostructure, Molecule

_OPEN = 0.3
_OUTSIDE = 15.0
_HYDROGEN = 1


@dataclass(frozen=True, kw_only=True, eq=False)
class SwapSites:
    """What can be replaced.

    Parameters
    ----------
    name : str
        Name of the molecule, or element of the ion.
    molecule : Molecule or None
        The molecule; None for ions.
    charge : float
        Formal charge of each in e.
    atoms : (k, n) int array
        Atoms of each, in the order of the molecule.
    heads, normals : (k, 3) float array
        Middle of the head in Å, and the unit vector from there along the tail; out of the
        surface of its own part for an ion.
    place : str
        Where they are, in words that follow the name.
    """

    name: str
    molecule: Molecule | None
    charge: float
    atoms: IntArray
    heads: FloatArray
    normals: FloatArray
    place: str = ""


def find_candidates(
    built: Heterostructure, among: str, within: float | None, region: int | None = None
) -> SwapSites:
    """Find molecules or ions that can be replaced.

    Parameters
    ----------
    built : Heterostructure
        The model.
    among : str
        Name of a molecule of the model, or the element of an ion on A sites.
    within : float or None
        Largest distance in Å of a non-hydrogen atom from an atom of another region; None takes
        all.
    region : int, optional
        Code of the only region whose molecules or ions count; by default all.

    Returns
    -------
    SwapSites
        Those within the distance; of ions, those at the surface of their own part: the B cations
        of that part leave a side of them open.

    Raises
    ------
    UsageError
        If the model has no such molecule or ion, or none is so near to a wall.
    """
    atoms = built.atoms
    names = ["", *(molecule.name for molecule in built.molecules)]
    unit, first = rigid_units(atoms.arrays[MOLECULE])
    if among in names:
        chosen = atoms.arrays[KIND][first] == names.index(among)
    else:
        single = (atoms.arrays[KIND][first] == 0) & (atoms.arrays[SITE][first] == Site.A)
        symbol = np.array(chemical_symbols)[atoms.numbers[first]]
        known = sorted({*names[1:], *symbol[single].tolist()})
        chosen = single & (symbol == among)
        if not chosen.any():
            raise UsageError(
                f"the model has no {among} that could be replaced",
                where="among",
                next_step=suggest(among, known),
            )
    if region is not None:
        chosen &= atoms.arrays[REGION][first] == region
    chosen &= _near_walls(atoms, unit, len(first), chosen, within)
    molecule = built.molecules[names.index(among) - 1] if among in names else None
    found = None
    if chosen.any():
        found = _swap_sites(atoms, among, molecule, np.flatnonzero(chosen), unit)
    place = _place_words(built, molecule, within, region)
    if found is None or not len(found.atoms):
        raise UsageError(
            f"no {among} can be replaced there",
            where="within",
            measured=place or "all regions",
            next_step="take a larger distance, or leave it out",
        )
    return replace(found, place=place)


def _place_words(
    built: Heterostructure, molecule: Molecule | None, within: float | None, region: int | None
) -> str:
    """Say where molecules or ions are; ions stand at the surface of a part."""
    part = next((r.name for r in built.regions if r.code == region), "")
    words = [f"of the {part}" if part else ""]
    if molecule is None:
        words = [f"at the surface of the {part}" if part else "at the surface of their part"]
    words.append("" if within is None else f"within {within:g} Å of another region")
    return " ".join(word for word in words if word)


def _near_walls(
    atoms: Atoms, unit: IntArray, count: int, chosen: BoolArray, within: float | None
) -> BoolArray:
    """Tell which of the chosen units come near an atom of another region."""
    from scipy.spatial import cKDTree

    if within is None:
        return np.ones(count, dtype=np.bool_)
    near = np.zeros(count, dtype=np.bool_)
    mine = chosen[unit] & (atoms.numbers != _HYDROGEN)
    region = atoms.arrays[REGION]
    cell = np.asarray(atoms.cell)
    for code in np.unique(region[mine]).tolist():
        asked = np.flatnonzero(mine & (region == code))
        others = atoms.positions[(region != code) & (atoms.numbers != _HYDROGEN)]
        if len(others):
            images = with_periodic_images(others, cell, atoms.pbc, within + _OUTSIDE)
            gap = cKDTree(images).query(atoms.positions[asked], distance_upper_bound=within)[0]
            near[unit[asked[np.isfinite(gap)]]] = True
    return near


def _swap_sites(
    atoms: Atoms, name: str, molecule: Molecule | None, index: IntArray, unit: IntArray
) -> SwapSites:
    """Return the heads of some units."""
    mine = np.flatnonzero(np.isin(unit, index))
    rows = mine[np.argsort(unit[mine], kind="stable")].reshape(len(index), -1)
    charge = float(atoms.arrays[CHARGE][rows[0]].sum())
    if molecule is None:
        heads = atoms.positions[rows[:, 0]]
        normals, kept = _of_ions(atoms, rows[:, 0])
        rows, heads, normals = rows[kept], heads[kept], normals[kept]
    else:
        body = as_ligand(molecule)
        places = atoms.positions[rows]
        heads = places[:, body.head].mean(axis=1)
        tail = body.heavy & ~body.head
        normals = places[:, tail if tail.any() else ~body.head].mean(axis=1) - heads
        normals = normals / np.linalg.norm(normals, axis=1)[:, None]
    return SwapSites(
        name=name, molecule=molecule, charge=charge, atoms=rows, heads=heads, normals=normals
    )


def _of_ions(atoms: Atoms, rows: IntArray) -> tuple[FloatArray, BoolArray]:
    """Return the normals of ions on the surface of their own part, and which have an open side."""
    normals, kept = np.zeros((len(rows), 3)), np.zeros(len(rows), dtype=np.bool_)
    region, cell = atoms.arrays[REGION], np.asarray(atoms.cell)
    for code in np.unique(region[rows]).tolist():
        mine = np.flatnonzero(region[rows] == code)
        framework = atoms.positions[(atoms.arrays[SITE] == Site.B) & (region == code)]
        if len(framework):
            points = atoms.positions[rows[mine]]
            normals[mine], exposure = surface_normals(points, framework, cell=cell, pbc=atoms.pbc)
            kept[mine] = exposure > _OPEN
    return normals, kept
