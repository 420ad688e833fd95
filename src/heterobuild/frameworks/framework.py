"""The rigid units of a crystal's cell, and which of them surround which B cation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.frameworks.contents import REMEMBERED, contents_of
from heterobuild.frameworks.links import link_units
from heterobuild.geometry.rigid import unit_centres
from heterobuild.labels import CHARGE, SITE, Site, repeat, units

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.frameworks.contents import Contents
    from heterobuild.model import Crystal

_CHARGED = 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class Framework:
    """The units of one cell of a crystal and their links to B cations.

    Parameters
    ----------
    crystal : Crystal
        The crystal, in the cell that is repeated.
    unit : (n,) int array
        Rigid unit of each atom of the cell.
    centres : (u, 3) float array
        Centres of the units in Å.
    site : (u,) int array
        Role of each unit, see `heterobuild.labels.Site`.
    charge : (u,) float array
        Formal charge of each unit in e.
    links : (m, 5) int array
        Rows b, v, i, j, k: the unit v in the cell i, j, k belongs to the B cation number b of the
        home cell, counted among the B cations: as a halide bonded to it, or as a cation whose
        cage it helps to form.
    bond : float
        Mean length of B–X bonds in Å.
    conventional : (3, 3) float array
        Conventional cell of the crystal in Å, in which points are given.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> framework = framework_of(load_crystal("CsPbBr3_cubic"))
    >>> np.bincount(framework.site[framework.links[:, 1]]).tolist()
    [0, 8, 0, 6]
    """

    crystal: Crystal
    unit: IntArray
    centres: FloatArray
    site: IntArray
    charge: FloatArray
    links: IntArray
    bond: float
    conventional: FloatArray

    @property
    def cell(self) -> FloatArray:
        """Cell that is repeated, in Å, shape (3, 3)."""
        return self.crystal.cell

    @property
    def octahedron_volume(self) -> float:
        """Volume of the crystal for each octahedron in Å³."""
        return float(abs(np.linalg.det(self.cell))) / len(self.b_units)

    @property
    def full(self) -> IntArray:
        """Number of links of each unit in the endless crystal, shape (u,)."""
        counts: IntArray = np.bincount(self.links[:, 1], minlength=len(self.site))
        return counts

    @property
    def b_units(self) -> IntArray:
        """Numbers of the B cations among the units."""
        found: IntArray = np.flatnonzero(self.site == Site.B)
        return found

    @property
    def charge_centres(self) -> FloatArray:
        """Where each unit counts in a dipole, in Å, shape (u, 3).

        The charge of a spacer is in its ammonium groups, far from the middle of the molecule, so
        that a spacer counts at the centre of its charge; all else at its centre.
        """
        atoms = self.crystal.require_atoms()
        charge = atoms.arrays[CHARGE]
        total = np.bincount(self.unit, charge)
        moment = [np.bincount(self.unit, charge * column) for column in atoms.positions.T]
        spacers = (self.site == Site.SPACER) & (np.abs(total) > _CHARGED)
        centres: FloatArray = self.centres.copy()
        centres[spacers] = np.stack(moment, axis=1)[spacers] / total[spacers, None]
        return centres


def framework_of(crystal: Crystal, basis: IntArray | None = None) -> Framework:
    """Find the units of a crystal and their links.

    Parameters
    ----------
    crystal : Crystal
        A crystal with atoms.
    basis : (3, 3) int array, optional
        Vectors of the cell that is repeated, rows in conventional vectors; the conventional cell
        by default.

    Returns
    -------
    Framework
        The framework.

    Raises
    ------
    MissingAtomsError
        If only the cell of the crystal is known.
    UsageError
        If the crystal has no B cation with halides around it.
    """
    conventional = crystal.cell
    if basis is not None:
        crystal = on_basis(crystal, basis)
    crystal.require_atoms()
    return Framework(crystal=crystal, conventional=conventional, **_found(contents_of(crystal)))


@lru_cache(maxsize=REMEMBERED)
def _found(contents: Contents) -> dict[str, Any]:
    """Return what a framework tells of the units of a crystal."""
    crystal = contents.crystal
    atoms = crystal.require_atoms()
    unit = units(atoms)
    first = np.unique(unit, return_index=True)[1]
    centres = unit_centres(atoms.positions, atoms.numbers, unit)
    site = atoms.arrays[SITE][first]
    if not (site == Site.B).any() or not (site == Site.X).any():
        raise UsageError(
            f"{crystal.name} has no octahedra to build a particle of",
            where=crystal.name,
            allowed="a crystal with B cations and halides",
            next_step="take a perovskite, or a phase such as Cs4PbBr6 or CsPb2Br5",
        )
    simple = 3 * int((site == Site.B).sum()) == int((site == Site.X).sum())
    perovskite = crystal.pseudocubic is not None and simple
    links, bond = link_units(atoms, unit, centres, site, perovskite=perovskite)
    charge = np.bincount(unit, weights=atoms.arrays[CHARGE]).astype(np.float64).round(9)
    found = {"unit": unit, "centres": centres, "site": site, "charge": charge, "links": links}
    for array in found.values():
        array.setflags(write=False)
    return {**found, "bond": bond}


def on_basis(crystal: Crystal, basis: IntArray) -> Crystal:
    """Describe a crystal in another cell of its lattice, or in a supercell.

    Parameters
    ----------
    crystal : Crystal
        A crystal with atoms; left unchanged.
    basis : (3, 3) int array
        Rows are the new vectors in the old ones; right-handed.

    Returns
    -------
    Crystal
        The same crystal; one copy of each unit for each lattice point in the new cell.
    """
    if (basis == np.eye(3)).all():
        return crystal
    points = cell_points(basis)
    cell = basis @ crystal.cell
    axes = crystal.pseudocubic
    return replace(
        crystal,
        cell=cell,
        atoms=repeat(crystal.require_atoms(), points @ crystal.cell, cell),
        pseudocubic=None if axes is None else axes @ np.linalg.inv(basis),
        z=crystal.z * len(points),
    )


def cell_points(basis: IntArray) -> IntArray:
    """Return the lattice points inside a supercell.

    Parameters
    ----------
    basis : (3, 3) int array
        Vectors of the supercell, rows, with a positive determinant.

    Returns
    -------
    (d, 3) int array
        As many points as the determinant, in lexical order.

    Raises
    ------
    ValueError
        If the vectors are left-handed or lie in a plane.

    Examples
    --------
    >>> cell_points(np.array([[1, 1, 0], [-1, 1, 0], [0, 0, 1]])).tolist()
    [[0, 0, 0], [0, 1, 0]]
    """
    basis = np.asarray(basis, dtype=np.int64)
    count = round(float(np.linalg.det(basis)))
    if count < 1:
        raise ValueError("the vectors of a cell are right-handed and do not lie in a plane")
    corners = np.array(list(product((0, 1), repeat=3))) @ basis
    ranges = [
        np.arange(low, high + 1) for low, high in zip(corners.min(0), corners.max(0), strict=True)
    ]
    grid = np.stack(np.meshgrid(*ranges, indexing="ij"), axis=-1).reshape(-1, 3)
    fractions = grid @ np.linalg.inv(basis)
    inside = ((fractions > -1e-9) & (fractions < 1 - 1e-9)).all(axis=1)
    found: IntArray = grid[inside]
    if len(found) != count:
        raise ValueError(f"{len(found)} lattice points in a cell of {count}")
    return found
