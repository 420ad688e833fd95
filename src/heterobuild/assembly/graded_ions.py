"""Which ions stand on the planes of a wall, and which of them become others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from ase.data import chemical_symbols

from heterobuild.alloys.plane_patterns import arrange_in_plane
from heterobuild.assembly.graded_planes import mixed_planes, plane_shares, whole_ions
from heterobuild.chemistry.wall_profiles import ions_by_role
from heterobuild.errors import UsageError
from heterobuild.labels import CHARGE, Site

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.assembly.graded_walls import GradedWall, StackPlanes
    from heterobuild.chemistry.wall_profiles import Role
    from heterobuild.model import Molecule, SiteProfile

_SHARE_DIGITS = 6


@dataclass(frozen=True, kw_only=True, eq=False)
class WallIons:
    """The ions on the planes of one wall.

    Parameters
    ----------
    wall : GradedWall
        The wall.
    units : (u,) int array
        Rigid units on its planes.
    row : (u,) int array
        Plane of each in the order of the wall.
    site : (u,) int array
        Role.
    centres : (u, 3) float array
        Centres in Å.
    ion : (u,) int array
        Number of the ion.
    names : tuple of str
        The ions.
    charges : (k,) float array
        Their formal charges in e.
    """

    wall: GradedWall
    units: IntArray
    row: IntArray
    site: IntArray
    centres: FloatArray
    ion: IntArray
    names: tuple[str, ...]
    charges: FloatArray

    @property
    def inside(self) -> BoolArray:
        """Which units are inside the wall, shape (u,)."""
        found: BoolArray = self.wall.number[self.row] < 0
        return found


@dataclass(frozen=True, kw_only=True, eq=False)
class Exchange:
    """New ions on one kind of site at one wall.

    Parameters
    ----------
    role : {"A", "B", "X"}
        The kind of site.
    ions : tuple of str
        The ions that share it.
    charge : float
        Their formal charge in e.
    changed : (c,) int array
        Units that become something else.
    chosen : (c,) int array
        What each becomes, a number into `ions`.
    share : (p,) float array
        Share of the inner composition asked in each plane of the wall.
    sites : (p,) int array
        Sites in each plane.
    asked, reached : (p, k) float array
        Number of each ion in each plane.
    mixed : (p,) bool array
        Planes whose sites were drawn again.
    """

    role: Role
    ions: tuple[str, ...]
    charge: float
    changed: IntArray
    chosen: IntArray
    share: FloatArray
    sites: IntArray
    asked: FloatArray
    reached: FloatArray
    mixed: BoolArray


def wall_ions(
    wall: GradedWall, planes: StackPlanes, atoms: Atoms, molecules: tuple[Molecule, ...]
) -> WallIons:
    """Find the ions on the planes of a wall.

    Parameters
    ----------
    wall : GradedWall
        The wall.
    planes : StackPlanes
        Units and planes of the stack.
    atoms : ase.Atoms
        The stack.
    molecules : tuple of Molecule
        Kinds of molecule.

    Returns
    -------
    WallIons
        The ions.
    """
    row = np.full(len(planes.height), -1)
    row[wall.planes] = np.arange(len(wall.planes))
    units = np.flatnonzero(row[planes.plane] >= 0)
    names = [*chemical_symbols, *(molecule.name for molecule in molecules)]
    kind = planes.kind[units]
    code = np.where(kind > 0, len(chemical_symbols) + kind - 1, planes.number[units])
    codes, first, ion = np.unique(code, return_index=True, return_inverse=True)
    charge = np.bincount(planes.unit, weights=atoms.arrays[CHARGE])[units]
    return WallIons(
        wall=wall,
        units=units,
        row=row[planes.plane[units]],
        site=planes.site[units],
        centres=planes.centres[units],
        ion=ion.reshape(-1),
        names=tuple(names[number] for number in codes.tolist()),
        charges=np.round(charge[first], 6) + 0.0,
    )


def compositions(ions: WallIons) -> tuple[dict[Role, dict[str, float]], ...]:
    """Return the shares of the ions by kind of site, inside and outside a wall.

    Parameters
    ----------
    ions : WallIons
        The ions.

    Returns
    -------
    tuple of dict
        Inside and outside.
    """
    return tuple(
        ions_by_role(
            (role, name, float(n))
            for role in ("A", "B", "X")
            for name, n in zip(ions.names, _amounts(ions, role, side), strict=True)
        )
        for side in (ions.inside, ~ions.inside)
    )


def exchange(
    ions: WallIons,
    role: Role,
    profile: SiteProfile,
    pattern: str,
    *,
    atoms: Atoms,
    rng: np.random.Generator,
    redraw: bool = False,
) -> Exchange:
    """Draw the ions of one kind of site on the planes of a wall.

    Parameters
    ----------
    ions : WallIons
        The ions as they are.
    role : {"A", "B", "X"}
        The kind of site, which both sides have.
    profile : SiteProfile
        Its profile.
    pattern : str
        How ions are distributed in a plane, see `heterobuild.alloys.plane_patterns`.
    atoms : ase.Atoms
        Gives cell and periodic directions.
    rng : numpy.random.Generator
        Generator of the draw.
    redraw : bool, optional
        Whether a side that is an alloy was drawn at random and may be drawn again in all planes,
        so that each of them has its share of every ion.

    Returns
    -------
    Exchange
        What becomes what. Otherwise planes that are asked for less than `graded_planes.LEAST`
        foreign ions stay as they are.

    Raises
    ------
    UsageError
        If the ions have unlike charges, or a plane is too large for the pattern.
    """
    wall, mine = ions.wall, ions.site == Site[role]
    inner, outer = (_amounts(ions, role, side) for side in (ions.inside, ~ions.inside))
    used = np.flatnonzero(inner + outer)
    charge = _one_charge(ions, role, used)
    sites = np.bincount(ions.row[mine], minlength=len(wall.planes)).astype(np.int64)
    share = plane_shares(profile, wall.distance, wall.number, sites, depth=wall.rooms)
    own = [amount[used] / amount.sum() for amount in (inner, outer)]
    wanted = share[:, None] * own[0] + (1 - share)[:, None] * own[1]
    ion = np.searchsorted(used, ions.ion)
    present = np.zeros((len(sites), len(used)), dtype=np.int64)
    np.add.at(present, (ions.row[mine], ion[mine]), 1)
    mixed = mixed_planes(share, sites)
    if redraw and mixed.any() and any(np.count_nonzero(shares) > 1 for shares in own):
        mixed[:] = True
    mixed &= sites > 0
    kept = None if profile.kind == "layers" else present[mixed].sum(axis=0)
    counts = present.copy()
    counts[mixed] = whole_ions(wanted[mixed], sites[mixed], kept)
    new = ion.copy()
    cell, pbc = np.asarray(atoms.cell), (bool(atoms.pbc[0]), bool(atoms.pbc[1]), False)
    for row in np.flatnonzero(mixed).tolist():
        here = np.flatnonzero(mine & (ions.row == row))
        new[here] = arrange_in_plane(
            pattern, counts[row], ions.centres[here], cell=cell, pbc=pbc, rng=rng
        )
    changed = np.flatnonzero(mine & (new != ion))
    return Exchange(
        role=role,
        ions=tuple(ions.names[number] for number in used.tolist()),
        charge=charge,
        changed=ions.units[changed],
        chosen=new[changed],
        share=share,
        sites=sites,
        asked=wanted * sites[:, None],
        reached=counts.astype(np.float64),
        mixed=mixed,
    )


def _amounts(ions: WallIons, role: Role, side: BoolArray) -> IntArray:
    """Return the number of each ion on one kind of site on one side."""
    chosen = (ions.site == Site[role]) & side
    return np.bincount(ions.ion[chosen], minlength=len(ions.names)).astype(np.int64)


def _one_charge(ions: WallIons, role: Role, used: IntArray) -> float:
    """Return the charge that all ions of a kind of site have, or refuse to mix them."""
    charges = ions.charges[used]
    if np.ptp(charges) > 1e-6:
        said = ", ".join(f"{ions.names[k]} {ions.charges[k]:+g} e" for k in used.tolist())
        raise UsageError(
            "a profile exchanges ions of one charge",
            where=f"profile of the {role} sites",
            measured=said,
            allowed="isovalent ions, so that the charge of every plane stays",
            next_step=f"keep these sites sharp: sites: {{{role}: {{kind: sharp}}}}",
        )
    return float(charges[0])
