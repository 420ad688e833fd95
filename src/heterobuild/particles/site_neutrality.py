"""Bring the sites of a particle, or of a wall, to zero charge."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.crystals.cations import pseudocubic_directions
from heterobuild.frameworks.block import extremes, links_of
from heterobuild.frameworks.emission import site_positions
from heterobuild.frameworks.sites import EMPTY
from heterobuild.labels import Site
from heterobuild.particles.charge_balance import Candidates
from heterobuild.particles.neutrality import neutralise

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, CodeArray, FloatArray
    from heterobuild.frameworks.sites import Sites
    from heterobuild.frameworks.species import Shares
    from heterobuild.particles.charge_balance import Balance

_MAY_CHANGE = (Site.A, Site.X, Site.SPACER)


def neutralise_sites(
    sites: Sites,
    shares: Shares,
    policy: str,
    *,
    rotation: FloatArray,
    centre: FloatArray,
    seed: int,
    where: str,
    directions: BoolArray | None = None,
) -> tuple[Sites, Balance]:
    """Remove or add surface ions until the formal charge is zero.

    Surface sites are those on A, X or of spacers that lack some of the octahedra they belong to
    in the endless crystal, and empty ones beside a kept octahedron.

    Parameters
    ----------
    sites : Sites
        The sites; left unchanged.
    shares : Shares
        What each part wants, for what would stand on an empty site.
    policy : str
        See `heterobuild.particles.charge_policies`.
    rotation : (3, 3) float array
        Rotation from the frame of the crystal into that of the model.
    centre : (3,) float array
        Point of the crystal at the origin of the model, in Å.
    seed : int
        Decides between equals.
    where : str
        Place, for the ledger.
    directions : (3,) bool array, optional
        Components of the dipole that count; all by default.

    Returns
    -------
    Sites
        The sites with some emptied or filled.
    Balance
        What was done.

    Raises
    ------
    UsageError
        If the policy cannot reach zero, or refuses.
    """
    block, roles = sites.block, sites.block.framework.site
    octahedra = sites.species[..., block.framework.b_units] != EMPTY
    bonds = links_of(block, octahedra)
    surface = np.isin(roles, _MAY_CHANGE) & (bonds > 0) & (bonds < block.framework.full)
    index = np.flatnonzero(surface)
    unit = index % len(roles)
    standing = sites.species.ravel()[index]
    present = standing != EMPTY
    region = _regions(sites, octahedra).ravel()[index]
    usual = shares.shares.argmax(axis=2)[np.maximum(region, 1) - 1, unit]
    species = np.where(present, standing, usual)
    turned = {"rotation": rotation, "shift": -centre @ rotation}
    names = tuple(dict.fromkeys(entry.name for entry in sites.table))
    number = np.array([names.index(entry.name) for entry in sites.table])
    candidates = Candidates(
        points=site_positions(sites, index, **turned),
        charge=sites.charges[species],
        species=number[species],
        names=names,
        site=roles[unit],
        bonds=bonds.ravel()[index].astype(np.int64),
        present=present,
        full=block.framework.full[unit],
    )
    axes = pseudocubic_directions(block.framework.cell, block.framework.crystal.pseudocubic)
    balance = neutralise(
        sites.charge,
        dipole_of(sites, rotation=rotation, centre=centre),
        candidates,
        policy,
        seed=seed,
        where=where,
        directions=directions,
        axes=axes @ rotation,
    )
    filled = sites.species.copy()
    filled.ravel()[index[balance.removed]] = EMPTY
    filled.ravel()[index[balance.added]] = species[balance.added]
    codes, layer = sites.region.copy(), sites.layer.copy()
    codes.ravel()[index[balance.removed]] = 0
    codes.ravel()[index[balance.added]] = region[balance.added]
    layer.ravel()[index[balance.removed]] = 0
    layer.ravel()[index[balance.added]] = _layers(sites, octahedra).ravel()[index[balance.added]]
    return replace(sites, species=filled, region=codes, layer=layer), balance


def dipole_of(sites: Sites, *, rotation: FloatArray, centre: FloatArray) -> FloatArray:
    """Return the formal dipole of all sites, each a point charge.

    Parameters
    ----------
    sites : Sites
        The sites.
    rotation : (3, 3) float array
        Rotation from the frame of the crystal into that of the model.
    centre : (3,) float array
        Point of the crystal about which the dipole is taken, in Å.

    Returns
    -------
    (3,) float array
        In e·Å in the frame of the model.
    """
    block = sites.block
    total = np.zeros(3)
    for unit in range(len(block.framework.site)):
        charge = sites.charges[sites.species[..., unit]]
        cells = [charge.sum(axis=axes) for axes in ((1, 2), (0, 2), (0, 1))]
        steps = [
            float(column @ np.arange(o, o + n, dtype=np.float64))
            for column, o, n in zip(cells, block.origin, block.cells, strict=True)
        ]
        place = block.framework.centres[unit] - centre
        total += np.array(steps) @ block.framework.cell + charge.sum() * place
    dipole: FloatArray = total @ rotation
    return dipole


def _regions(sites: Sites, octahedra: BoolArray) -> CodeArray:
    """Return the part of each site, also of the empty ones beside an octahedron."""
    codes = sites.region[..., sites.block.framework.b_units]
    _, outer = extremes(sites.block, codes, octahedra)
    return np.where(sites.region > 0, sites.region, np.maximum(outer, 0))


def _layers(sites: Sites, octahedra: BoolArray) -> CodeArray:
    """Return for each site the layer of the octahedron beside it that is nearest to a wall."""
    codes = sites.layer[..., sites.block.framework.b_units]
    low, high = extremes(sites.block, codes, octahedra)
    return np.where(low > 0, low, np.where(high < 0, high, 1))
