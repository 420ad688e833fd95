"""A model of sites before it becomes atoms: parts on one framework, and what was chosen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.coherent.parts import blend_parts, profiles_at_walls, require_room
from heterobuild.frameworks.occupancy import occupy
from heterobuild.frameworks.scaling import cube_edge
from heterobuild.frameworks.sites import EMPTY, Sites, layers, region_codes
from heterobuild.frameworks.species import wanted_shares
from heterobuild.labels import Site
from heterobuild.model import Step
from heterobuild.particles.site_neutrality import neutralise_sites
from heterobuild.seeds import generator

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, CodeArray, FloatArray
    from heterobuild.chemistry.wall_profiles import WallProfiles
    from heterobuild.coherent.parts import Parts
    from heterobuild.frameworks.block import Block
    from heterobuild.frameworks.species import Shares
    from heterobuild.model import Crystal, LedgerEntry

_NAMED = ("dot", "core")
"""Parts that are words of the option ``shared_plane`` themselves."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Draft:
    """Sites, how they lie in the frame of the model, and the record so far.

    Parameters
    ----------
    sites : Sites
        The sites.
    shares : Shares
        What each part wants on them.
    names : tuple of str
        Names of the parts, in the order of their codes.
    crystals : tuple of Crystal
        What each part is made of.
    rotation : (3, 3) float array
        Rotation from the frame of the crystal into that of the model.
    centre : (3,) float array
        Point of the crystal that lies at the origin of the model, in Å.
    blend : tuple or None
        Weights of the parts in the shells of a composition profile, and the shell of each site;
        None of sharp walls.
    steps : tuple of Step
        Choices so far.
    ledger : tuple of LedgerEntry
        Ions changed so far.
    notices : tuple of str
        Warnings of the data, and of parts without an ion of their own.
    mixed : bool
        Whether ions were drawn for some sites.
    """

    sites: Sites
    shares: Shares
    names: tuple[str, ...]
    crystals: tuple[Crystal, ...]
    rotation: FloatArray
    centre: FloatArray
    blend: tuple[FloatArray, CodeArray] | None = None
    steps: tuple[Step, ...] = ()
    ledger: tuple[LedgerEntry, ...] = ()
    notices: tuple[str, ...] = ()
    mixed: bool = False

    @property
    def own_stretches(self) -> FloatArray:
        """Length of each part's own phase over that of the lattice as built, minus 1."""
        return np.array([cube_edge(crystal) / self.edge - 1 for crystal in self.crystals])

    @property
    def stretch(self) -> FloatArray:
        """The same for each site of the block, shape (s,); parts blend across their walls."""
        if self.blend is not None:
            blended: FloatArray = (self.blend[0] @ self.own_stretches)[self.blend[1].ravel()]
            return blended
        of_code, found = np.append(0.0, self.own_stretches), np.empty(self.sites.region.shape)
        for plane, stretched in zip(self.sites.region, found, strict=True):
            stretched[...] = of_code[plane]
        return found.ravel()

    @property
    def edge(self) -> float:
        """Edge in Å of the pseudo-cubic cell of the lattice as built.

        Without pseudo-cubic axes the conventional cell counts, of which the cell of a wire is a
        multiple.
        """
        host = self.sites.block.framework.crystal
        if host.pseudocubic is not None:
            return cube_edge(host)
        return float(cube_edge(host) * (self.crystals[-1].z / host.z) ** (1 / 3))


def draft_parts(
    block: Block,
    occupied: BoolArray,
    parts: Parts,
    *,
    rotation: FloatArray,
    centre: FloatArray,
    surface: FloatArray | None = None,
    outermost: BoolArray | None = None,
    seed: int,
) -> Draft:
    """Give the sites of a block to parts and put ions on them.

    Parameters
    ----------
    block : Block
        The block.
    occupied : (nx, ny, nz, u) bool array
        Sites of the model.
    parts : Parts
        The parts.
    rotation : (3, 3) float array
        Rotation from the frame of the crystal into that of the model.
    centre : (3,) float array
        Point of the crystal at the origin of the model.
    surface : (nx, ny, nz, b) float array, optional
        Signed distance of each B cation from the surface, from which layers are counted where
        there is no wall.
    outermost : (nx, ny, nz, u) bool array, optional
        Sites that belong to the last part wherever they are.
    seed : int
        Seed of all draws.

    Returns
    -------
    Draft
        The draft, not yet neutral.

    Raises
    ------
    UsageError
        If a crystal cannot continue the framework.
    """
    framework = block.framework
    edge = cube_edge(framework.crystal)
    shares = wanted_shares(framework, parts.crystals)
    region = region_codes(
        block, occupied, parts.walls, shared=parts.shared, rng=generator(seed, "shared plane")
    )
    if outermost is not None:
        region[outermost & occupied] = len(parts.names)
    if parts.walls:
        layer = layers(block, occupied, parts.walls, region=region, step=edge)
    else:
        ends = (surface,) if surface is not None else ()
        layer = layers(block, occupied, ends, region=None, step=edge)
    blend = None
    profiles: tuple[WallProfiles, ...] = ()
    if parts.profile.graded and parts.walls:
        profiles = profiles_at_walls(parts, block, shares)
        require_room(parts, profiles, block, region, edge)
        blend = blend_parts(block, parts, edge, region=region, profiles=profiles)
    species = occupy(
        block,
        region,
        shares,
        rng=generator(seed, "composition"),
        blend=blend,
        pattern=parts.profile.in_plane,
    )
    sites = Sites(block=block, species=species, region=region, layer=layer, table=shares.species)
    return Draft(
        sites=sites,
        shares=shares,
        names=parts.names,
        crystals=parts.crystals,
        rotation=rotation,
        centre=centre,
        blend=blend,
        steps=tuple(
            found.step(f"{inner} | {outer}", parts.profile.in_plane)
            for found, inner, outer in zip(profiles, parts.names, parts.names[1:], strict=False)
        ),
        mixed=blend is not None or bool((shares.shares.max(axis=2) < 1 - 1e-12).any()),
        notices=(
            *(n for crystal in parts.crystals for n in crystal.notices),
            *_vanished(sites, shares, parts),
        ),
    )


def _vanished(sites: Sites, shares: Shares, parts: Parts) -> list[str]:
    """Warn of a part whose own ions all stand on sites that went to another part."""
    table, words = sites.table, []
    wanted = [
        {table[k].name for k in np.flatnonzero((row > 0).any(axis=0))} for row in shares.shares
    ]
    for code, name in enumerate(parts.names, 1):
        others = set().union(*(wanted[: code - 1] + wanted[code:]))
        own = sorted(wanted[code - 1] - others) if len(wanted) > 1 else []
        standing = np.unique(sites.species[sites.region == code]) if own else np.empty(0, int)
        if not len(standing) or {table[k].name for k in standing if k != EMPTY} & set(own):
            continue
        step = f"use shared_plane: {name}" if name in _NAMED else "let shared_plane name it"
        words.append(
            f"{name} holds no {' or '.join(own)}, which alone sets it apart: its sites at the "
            f"walls went to other parts; {step}, or make it larger"
        )
    return words


def neutral(
    draft: Draft, policy: str, *, seed: int, where: str, directions: BoolArray | None = None
) -> Draft:
    """Bring a draft to zero charge.

    Parameters
    ----------
    draft : Draft
        The draft; left unchanged.
    policy : str
        See `heterobuild.particles.charge_policies`.
    seed : int
        Decides between equals.
    where : str
        Place, for the ledger.
    directions : (3,) bool array, optional
        Components of the dipole that count; all by default.

    Returns
    -------
    Draft
        The neutral draft; with the policy "ligands" as it was.

    Raises
    ------
    UsageError
        If the policy cannot reach zero, or refuses.
    """
    sites, balance = neutralise_sites(
        draft.sites,
        draft.shares,
        policy,
        rotation=draft.rotation,
        centre=draft.centre,
        seed=seed,
        where=where,
        directions=directions,
    )
    return replace(
        draft,
        sites=sites,
        steps=(*draft.steps, balance.step),
        ledger=(*draft.ledger, *balance.entries),
    )


def composition_steps(draft: Draft) -> tuple[Step, ...]:
    """Tell the numbers of ions on each kind of site in each part that holds a mixture.

    Parameters
    ----------
    draft : Draft
        The draft, as neutral as it will be.

    Returns
    -------
    tuple of Step
        One step, or none where all parts are pure and the walls sharp.
    """
    if not draft.mixed:
        return ()
    values: dict[str, object] = {}
    words = []
    roles = draft.sites.block.framework.site
    for code, name in enumerate(draft.names, 1):
        for role in np.unique(roles).tolist():
            chosen = draft.sites.region[..., roles == role] == code
            found = draft.sites.species[..., roles == role][chosen]
            counts = np.bincount(found[found != EMPTY], minlength=len(draft.sites.table))
            named: dict[str, int] = {}
            for entry, n in zip(draft.sites.table, counts.tolist(), strict=True):
                if n:
                    named[entry.name] = named.get(entry.name, 0) + n
            if len(named) > 1:
                values[f"{name} {Site(role).name}"] = named
                total = sum(named.values())
                shares = ", ".join(f"{ion} {n / total:.3f}" for ion, n in named.items())
                words.append(f"{name} {Site(role).name}: {shares}")
    return (Step(name="composition", choice="; ".join(words) or "no mixed sites", values=values),)
