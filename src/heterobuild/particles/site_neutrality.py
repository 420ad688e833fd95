"""Bring the sites of a particle, or of a wall, to zero charge."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from heterobuild.crystals.cations import pseudocubic_directions
from heterobuild.frameworks.block import links_of
from heterobuild.frameworks.emission import site_positions
from heterobuild.frameworks.sites import EMPTY
from heterobuild.labels import Site
from heterobuild.particles.charge_balance import Candidates
from heterobuild.particles.neutrality import neutralise

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, CodeArray, FloatArray, IntArray
    from heterobuild.frameworks.block import Block
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
    why: str = "neutrality",
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
    why : str, optional
        Reason, for the ledger, such as ``exchanged for neutral ligands``.
    directions : (3,) bool array, optional
        Components of the dipole that count; all by default.

    Returns
    -------
    Sites
        The sites with some emptied or filled.
    Balance
        What was done; `removed` and `added` are flat indices of the sites of the block.

    Raises
    ------
    UsageError
        If the policy cannot reach zero, or refuses.
    """
    block = sites.block
    octahedra = sites.species[..., block.framework.b_units] != EMPTY
    index, bonds = _surface(block, octahedra)
    standing = sites.species.ravel()[index]
    vacant = np.flatnonzero(standing == EMPTY)
    region = sites.region.ravel()[index]
    region[vacant] = _outer_region(sites, index[vacant], octahedra)
    usual = shares.shares.argmax(axis=2)
    standing[vacant] = usual[np.maximum(region[vacant], 1) - 1, index[vacant] % block.grid[3]]
    axes = pseudocubic_directions(block.framework.cell, block.framework.crystal.pseudocubic)
    charge, dipole = _charge_and_dipole(sites, rotation=rotation, centre=centre)
    balance = neutralise(
        charge,
        dipole,
        Candidates(
            points=site_positions(
                _at_charges(sites), index, rotation=rotation, shift=-centre @ rotation
            ),
            charge=sites.charges[standing],
            present=sites.species.ravel()[index] != EMPTY,
            bonds=bonds,
            full=block.framework.full[index % block.grid[3]],
            site=block.framework.site[index % block.grid[3]],
            **named_species(sites, standing),
        ),
        policy,
        seed=seed,
        where=where,
        why=why,
        directions=directions,
        axes=axes @ rotation,
    )
    added, gone = balance.added, index[balance.removed]
    changed = _changed(
        sites,
        gone,
        index[added],
        species=standing[added],
        region=region[added],
        layer=_inner_layer(sites, index[added], octahedra),
    )
    return changed, replace(balance, removed=gone, added=index[added])


def dipole_of(sites: Sites, *, rotation: FloatArray, centre: FloatArray) -> FloatArray:
    """Return the formal dipole of all sites, each a point charge; spacers at their charge.

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
    return _charge_and_dipole(sites, rotation=rotation, centre=centre)[1]


def _at_charges(sites: Sites) -> Sites:
    """Return the sites, spacers where their charge is: so the checks measure a dipole."""
    block = sites.block
    framework = replace(block.framework, centres=block.framework.charge_centres)
    return replace(sites, block=replace(block, framework=framework))


def _charge_and_dipole(
    sites: Sites, *, rotation: FloatArray, centre: FloatArray
) -> tuple[float, FloatArray]:
    """Sum charges and their first moments, a plane of cells at a time."""
    block, of_species = sites.block, sites.charges
    _, ny, nz, units = block.grid
    along = [
        np.arange(o, o + n, dtype=np.float64)
        for o, n in zip(block.origin, block.cells, strict=True)
    ]
    lines = np.zeros((2, nz * units))
    sums = np.zeros((3, units))
    weights = np.stack([np.ones(ny), along[1]])
    for x, plane in zip(along[0], sites.species, strict=True):
        line = weights @ np.take(of_species, plane.reshape(ny, -1), mode="wrap")
        lines += line
        sums[0] += x * line[0].reshape(nz, units).sum(axis=0)
    charge = lines[0].reshape(nz, units).sum(axis=0)
    sums[1] = lines[1].reshape(nz, units).sum(axis=0)
    sums[2] = along[2] @ lines[0].reshape(nz, units)
    moment = sums.sum(axis=1) @ block.framework.cell
    dipole: FloatArray = (moment + charge @ (block.framework.charge_centres - centre)) @ rotation
    return round(float(charge.sum()), 6) + 0.0, dipole


def _surface(block: Block, octahedra: BoolArray) -> tuple[IntArray, IntArray]:
    """Return the sites that may change and have some of their octahedra, and how many of them."""
    roles, full = block.framework.site, block.framework.full
    bonds = links_of(block, octahedra)
    # Whole rows are compared at a time; none minus one is 255, above all limits.
    limit = np.where(np.isin(roles, _MAY_CHANGE), np.maximum(full, 1) - 1, 0).astype(np.uint8)
    rows = bonds.reshape(-1, block.cells[2] * len(roles))
    rows -= 1
    index = np.flatnonzero(rows < np.tile(limit, block.cells[2]))
    return index, bonds.ravel()[index].astype(np.int64) + 1


def named_species(sites: Sites, species: CodeArray) -> dict[str, Any]:
    """Return the names of all species, each once, and the number of each unit among them.

    Parameters
    ----------
    sites : Sites
        The sites.
    species : (n,) int array
        Numbers in their table.

    Returns
    -------
    dict
        ``names`` and ``species`` as `Candidates` takes them.
    """
    names = tuple(dict.fromkeys(entry.name for entry in sites.table))
    number = np.array([names.index(entry.name) for entry in sites.table])
    return {"names": names, "species": number[species]}


def _changed(
    sites: Sites,
    removed: IntArray,
    added: IntArray,
    *,
    species: CodeArray,
    region: CodeArray,
    layer: CodeArray,
) -> Sites:
    """Return sites of which some are emptied and others filled."""
    columns = {"species": sites.species, "region": sites.region, "layer": sites.layer}
    changes = {"species": (EMPTY, species), "region": (0, region), "layer": (0, layer)}
    for name, (nothing, new) in changes.items():
        columns[name] = columns[name].copy()
        columns[name].reshape(-1)[removed] = nothing
        columns[name].reshape(-1)[added] = new
    return replace(
        sites, species=columns["species"], region=columns["region"], layer=columns["layer"]
    )


def _outer_region(sites: Sites, index: IntArray, octahedra: BoolArray) -> CodeArray:
    """Return the outermost part of the octahedra beside empty sites."""
    _, outer = _beside(sites.block, index, sites.region, octahedra)
    return np.maximum(outer, 0)


def _inner_layer(sites: Sites, index: IntArray, octahedra: BoolArray) -> CodeArray:
    """Return for some sites the layer of the octahedron beside them that is nearest to a wall."""
    low, high = _beside(sites.block, index, sites.layer, octahedra)
    return np.where(low > 0, low, np.where(high < 0, high, 1))


def _beside(
    block: Block, index: IntArray, values: CodeArray, octahedra: BoolArray
) -> tuple[CodeArray, CodeArray]:
    """Return for some sites the least and the largest value of the octahedra beside them."""
    ends, framework = np.iinfo(values.dtype), block.framework
    low = np.full(len(index), ends.max, dtype=values.dtype)
    high = np.full(len(index), ends.min, dtype=values.dtype)
    *cells, unit = np.unravel_index(index, block.grid)
    for b, v, *step in framework.links.tolist():
        own = np.flatnonzero(unit == v)
        beside = np.stack([column[own] for column in cells], axis=1) - step
        beside = np.where(block.periodic, beside % block.cells, beside)
        inside = ((beside >= 0) & (beside < block.cells)).all(axis=1)
        own, place = own[inside], tuple(beside[inside].T)
        kept = octahedra[*place, b]
        value = values[*place, framework.b_units[b]]
        low[own[kept]] = np.minimum(low[own[kept]], value[kept])
        high[own[kept]] = np.maximum(high[own[kept]], value[kept])
    return low, high
