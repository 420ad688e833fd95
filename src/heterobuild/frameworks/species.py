"""What can stand on the sites of a framework, and in which shares a crystal wants it there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from ase.data import atomic_numbers, chemical_symbols

from heterobuild.alloys.exchange import ion_charge, known_molecule
from heterobuild.errors import UsageError
from heterobuild.frameworks.contents import REMEMBERED, contents_of
from heterobuild.labels import CHARGE, KIND, MOLECULE, Site

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.frameworks.contents import Contents
    from heterobuild.frameworks.framework import Framework
    from heterobuild.model import Crystal, Molecule


@dataclass(frozen=True, kw_only=True, eq=False)
class Species:
    """An ion or a molecule in one orientation.

    Parameters
    ----------
    name : str
        Element or molecule.
    numbers : (n,) int array
        Atomic numbers of its atoms.
    positions : (n, 3) float array
        Positions in Å relative to the centre of the site, in the frame of the crystal.
    charges : (n,) float array
        Formal charges in e.
    molecule : Molecule or None
        The kind of molecule; None for an ion.
    free : bool
        Whether its orientation is a modelling choice, to be made for the whole model.
    """

    name: str
    numbers: IntArray
    positions: FloatArray
    charges: FloatArray
    molecule: Molecule | None = None
    free: bool = False

    @property
    def charge(self) -> float:
        """Formal charge of the whole in e."""
        return round(float(self.charges.sum()), 9)


@dataclass(frozen=True, kw_only=True, eq=False)
class Shares:
    """Which species each crystal wants on each unit of a framework.

    Parameters
    ----------
    species : tuple of Species
        All of them.
    shares : (r, u, k) float array
        For crystal r and unit u the shares of the species; each row sums to one.
    """

    species: tuple[Species, ...]
    shares: FloatArray

    @property
    def charges(self) -> FloatArray:
        """Formal charge of each species in e, shape (k,)."""
        return np.array([entry.charge for entry in self.species])


def wanted_shares(framework: Framework, crystals: tuple[Crystal, ...]) -> Shares:
    """Tell what crystals want on the sites of one framework.

    The crystal of the framework keeps each unit as it is. Another one is asked by role: it must
    have one kind of ion, or one mixture, on each role that the framework has. A molecule that the
    framework has on the same unit keeps the pose it has there; any other is free to turn.

    Parameters
    ----------
    framework : Framework
        The framework.
    crystals : tuple of Crystal
        The crystals.

    Returns
    -------
    Shares
        Species and shares.

    Raises
    ------
    UsageError
        If a crystal has several kinds of ion on one role, or lacks a role, so that it cannot
        continue this framework.
    """
    return _wanted(contents_of(framework.crystal), tuple(map(contents_of, crystals)))


@lru_cache(maxsize=REMEMBERED)
def _wanted(host: Contents, parts: tuple[Contents, ...]) -> Shares:
    """Return the shares, found once."""
    from heterobuild.frameworks.framework import framework_of

    framework = framework_of(host.crystal)
    table: list[Species] = []
    rows: list[list[dict[int, float]]] = []
    for crystal in (part.crystal for part in parts):
        own = _same(crystal, framework.crystal)
        rows.append(_own(framework, table) if own else _by_role(framework, crystal, table))
    shares = np.zeros((len(parts), len(framework.site), len(table)))
    for r, row in enumerate(rows):
        for u, wanted in enumerate(row):
            for k, share in wanted.items():
                shares[r, u, k] += share
    shares.setflags(write=False)
    return Shares(species=tuple(table), shares=shares)


def _same(crystal: Crystal, other: Crystal) -> bool:
    """Tell whether two are one crystal, perhaps stretched or in another cell.

    Files of different crystals may have the same name.
    """
    ours = (crystal.name, crystal.formula, crystal.mixtures)
    return ours == (other.name, other.formula, other.mixtures)


def _own(framework: Framework, table: list[Species]) -> list[dict[int, float]]:
    """Return the shares of the framework's own crystal, unit by unit."""
    crystal = framework.crystal
    wanted = []
    for u in range(len(framework.site)):
        species = _unit_species(framework, u)
        role = Site(int(framework.site[u])).name
        mixture = _mixture(crystal, role, species.name)
        if mixture is None:
            wanted.append({_number(table, species): 1.0})
        else:
            wanted.append(_mixed(mixture, species, table))
    return wanted


def _by_role(
    framework: Framework, crystal: Crystal, table: list[Species]
) -> list[dict[int, float]]:
    """Return the shares of another crystal, by the role of each unit."""
    from heterobuild.frameworks.framework import framework_of

    other = framework_of(crystal)
    wanted: dict[int, Species] = {}
    for role in np.unique(framework.site).tolist():
        members = np.flatnonzero(other.site == role)
        kinds = {_unit_species(other, int(u)).name for u in members}
        if len(kinds) != 1:
            has = " and ".join(sorted(kinds)) or "nothing"
            raise UsageError(
                f"{crystal.name} cannot continue the network of {framework.crystal.name}",
                where=f"{Site(role).name} sites",
                measured=has,
                allowed="one ion, or one mixture, on each kind of site",
                next_step="use wall: incoherent, so that each keeps its own lattice",
            )
        wanted[role] = _unit_species(other, int(members[0]))
    rows = []
    for u, role in enumerate(framework.site.tolist()):
        species = _in_pose(wanted[role], framework, u)
        mixture = _mixture(crystal, Site(role).name, species.name)
        found = {_number(table, species): 1.0} if mixture is None else None
        rows.append(found or _mixed(mixture or (), species, table))
    return rows


def _in_pose(species: Species, framework: Framework, unit: int) -> Species:
    """Return a molecule as the framework's own one stands on a unit; another one free to turn."""
    if species.molecule is None:
        return species
    own = _unit_species(framework, unit)
    return own if own.name == species.name else _free(species.molecule)


def _mixture(crystal: Crystal, role: str, name: str) -> tuple[tuple[str, float], ...] | None:
    """Return the ions that share the sites of a role and a parent."""
    for mixture in crystal.mixtures:
        if mixture.site == role and mixture.parent == name:
            return mixture.shares
    return None


def _mixed(
    shares: tuple[tuple[str, float], ...], parent: Species, table: list[Species]
) -> dict[int, float]:
    """Return the shares of a mixed site; the parent keeps its own shape there."""
    found: dict[int, float] = {}
    for name, share in shares:
        if name == parent.name:
            species = parent
        elif name in atomic_numbers:
            species = _ion(name, ion_charge(name, parent.charge))
        else:
            species = _free(known_molecule(name))
        found[_number(table, species)] = float(share)
    return found


def _unit_species(framework: Framework, unit: int) -> Species:
    """Return what stands on a unit of the framework's crystal."""
    crystal, atoms = framework.crystal, framework.crystal.require_atoms()
    members = np.flatnonzero(framework.unit == unit)
    charges = atoms.arrays[CHARGE][members]
    if atoms.arrays[MOLECULE][members[0]] == 0:
        return _ion(str(chemical_symbols[atoms.numbers[members[0]]]), float(charges.sum()))
    body = crystal.molecules[int(atoms.arrays[KIND][members[0]]) - 1]
    return Species(
        name=body.name,
        numbers=atoms.numbers[members],
        positions=atoms.positions[members] - framework.centres[unit],
        charges=charges,
        molecule=body,
        free=body.name in crystal.placed,
    )


def _ion(name: str, charge: float) -> Species:
    return Species(
        name=name,
        numbers=np.array([atomic_numbers[name]]),
        positions=np.zeros((1, 3)),
        charges=np.array([charge]),
    )


def _free(body: Molecule) -> Species:
    """Return a molecule in the orientation of its table, free to turn."""
    return Species(
        name=body.name,
        numbers=body.numbers,
        positions=body.positions,
        charges=body.charges,
        molecule=body,
        free=True,
    )


def _number(table: list[Species], species: Species) -> int:
    """Return the number of a species in the table, where it is put if it is new."""
    for k, entry in enumerate(table):
        same = entry.name == species.name and entry.free == species.free
        if (
            same
            and entry.charge == species.charge
            and (
                species.free
                or (
                    entry.positions.shape == species.positions.shape
                    and np.allclose(entry.positions, species.positions, atol=1e-6)
                )
            )
        ):
            return k
    table.append(species)
    return len(table) - 1
