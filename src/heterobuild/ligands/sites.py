"""Which sites of a surface ligands take: exact counts, least dipole, evenly spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from heterobuild.alloys.counts import largest_remainder
from heterobuild.errors import UsageError
from heterobuild.ligands.assignment import SiteGroup, assign_sites, emptied_sites
from heterobuild.ligands.bodies import as_ligand, bound_body, load_ligand

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.ligands.anchors import Anchors
    from heterobuild.model import Molecule

Fill: TypeAlias = Literal["exchange", "vacant", "any", "pockets"]

_ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True, eq=False)
class LigandChoice:
    """Which ligand goes to which site.

    Parameters
    ----------
    molecules : tuple of Molecule
        Kinds of ligand.
    kind : (k,) int array
        Kind of each ligand, from 0 into `molecules`.
    site : (k,) int array
        Site of its head, an index of the anchors.
    emptied : (k, z) int array
        Sites whose ions each ligand replaces, -1 where fewer: its own, and for a ligand with
        several charges the nearest ones, so that charge is replaced by charge.
    coverage : float
        Share of the sites taken, of the role that is fullest.
    pockets : bool, optional
        Whether neutral ligands take the places of ions.
    """

    molecules: tuple[Molecule, ...]
    kind: IntArray
    site: IntArray
    emptied: IntArray
    coverage: float
    pockets: bool = False


def ligand_role(molecule: Molecule) -> Literal["A", "X", "over A", "over X"]:
    """Return the sites that a ligand takes.

    Parameters
    ----------
    molecule : Molecule
        The ligand.

    Returns
    -------
    {"A", "X", "over A", "over X"}
        Cations take A sites and anions X sites. Neutral ligands, zwitterions among them, take no
        ion's place: a negative or neutral donor head stands over a cation of the surface, a
        positive head over a halide.

    Examples
    --------
    >>> [ligand_role(load_ligand(name)) for name in ("OLA", "oleate", "DFPPO")]
    ['A', 'X', 'over A']
    """
    if round(molecule.charge):
        return "A" if molecule.charge > 0 else "X"
    return "over X" if as_ligand(molecule).head_charge > _ROUNDING else "over A"


def choose_ligand_sites(
    anchors: Anchors,
    fractions: Mapping[str, float],
    *,
    coverage: float | None = None,
    count: int | None = None,
    fill: Fill = "exchange",
    rng: np.random.Generator,
    residual: FloatArray | None = None,
    directions: BoolArray | None = None,
) -> LigandChoice:
    """Choose sites for a mixture of ligands.

    Parameters
    ----------
    anchors : Anchors
        Sites of the surface.
    fractions : mapping of str to float
        Ligands and their shares in the number of ligands; the shares sum to one.
    coverage : float, optional
        Share of the surface sites that ligands take, 0 to 1. In a mixture it is that of the role
        whose sites run out first, so 1 is always the most there can be. Give it or `count`.
    count : int, optional
        Number of ligands.
    fill : {"exchange", "vacant", "any", "pockets"}, optional
        Take the places of ions only, the default, which keeps the charge with ligands of the
        charge of the ion; vacant sites only; or both alike. Neutral ligands stand over ions; with
        "pockets" they take the places of ions, which lowers the charge. All anchors have one role
        then.
    rng : numpy.random.Generator
        Decides between equals.
    residual : (3,) float array, optional
        Dipole in e·Å of the particle before, about the origin, see
        `heterobuild.ligands.moments.formal_dipole`; none by default.
    directions : (3,) bool array, optional
        Components of the dipole that count; all by default.

    Returns
    -------
    LigandChoice
        Whole numbers by largest remainder. The sites, and then those of each kind among them, are
        those that leave the particle with the least dipole; of equals the most symmetric, then
        the most even, then by the seed.

    Raises
    ------
    UsageError
        If fractions or coverage make no sense, or there are more ligands than sites.
    UnknownNameError
        If the library has no such molecule.
    """
    molecules = tuple(load_ligand(name) for name in fractions)
    shares = _shares(fractions)
    roles = np.array([ligand_role(molecule) for molecule in molecules])
    if fill == "pockets":
        roles = np.full(len(molecules), anchors.role[0] if len(anchors.role) else "A")
    sizes = np.array([max(1, abs(round(molecule.charge))) for molecule in molecules])
    room = {letter: _room(anchors, roles, letter, fill) for letter in _letters(roles)}
    demand = {k: float((shares * sizes)[_of(roles, k)].sum()) for k in room}
    most = min(room[k] / demand[k] for k in room if demand[k] > 0)
    total = _total(coverage, count, most)
    numbers = largest_remainder(shares * total, total)
    taken = {k: int((numbers * sizes)[_of(roles, k)].sum()) for k in room}
    _require_room(taken, room, total, most)
    groups = [
        SiteGroup(
            kinds=np.flatnonzero(roles == role),
            free=_free(anchors, role, fill),
            leaves=not role.startswith("over"),
        )
        for role in sorted(set(roles.tolist()))
    ]
    bodies = [
        bound_body(m, str(role) if fill == "pockets" else "")
        for m, role in zip(molecules, roles, strict=True)
    ]
    start = np.zeros(3) if residual is None else residual
    kind, site = assign_sites(
        anchors, bodies, numbers, groups, residual=start, directions=directions, rng=rng
    )
    emptied = emptied_sites(anchors, groups, kind, site, sizes)
    reached = max((taken[r] / room[r] for r in room if room[r]), default=0.0)
    return LigandChoice(
        molecules=molecules,
        kind=kind,
        site=site,
        emptied=emptied,
        coverage=reached,
        pockets=fill == "pockets",
    )


def _letters(roles: NDArray[np.str_]) -> list[str]:
    """Return the roles of the sites, A or X, that some ligands need."""
    return sorted({role[-1] for role in roles.tolist()})


def _of(roles: NDArray[np.str_], letter: str) -> BoolArray:
    """Tell which ligands need sites of a role."""
    return np.array([role[-1] == letter for role in roles.tolist()])


def _room(anchors: Anchors, roles: NDArray[np.str_], letter: str, fill: Fill) -> int:
    """Return the number of sites of a role, for all ligands that need it."""
    wanted = {role for role in roles.tolist() if role[-1] == letter}
    masks = [_free(anchors, role, fill) for role in sorted(wanted)]
    return int(np.logical_or.reduce(masks).sum())


def _shares(fractions: Mapping[str, float]) -> FloatArray:
    """Return the shares, or refuse what does not sum to one."""
    shares = np.array([float(value) for value in fractions.values()])
    if not len(shares) or not (shares >= 0).all() or abs(shares.sum() - 1.0) > 1e-6:
        raise UsageError(
            "the fractions of the ligands do not sum to one",
            measured=", ".join(f"{name} {value:g}" for name, value in fractions.items()) or "none",
            allowed="shares from 0 to 1 with the sum 1",
            next_step="give the share of every ligand in the number of ligands",
        )
    return shares


def _total(coverage: float | None, count: int | None, most: float) -> int:
    """Return the number of ligands."""
    if count is not None and coverage is None:
        return int(count)
    if coverage is None or count is not None or not 0.0 <= coverage <= 1.0:
        raise UsageError(
            "the coverage by ligands cannot be used",
            measured="coverage and count together" if count is not None else coverage,
            allowed=f"a coverage from 0 to 1 (1 is {int(most + _ROUNDING)} ligands here), or a "
            "count",
            next_step="give one of both",
        )
    return int(np.floor(coverage * most + 0.5 + _ROUNDING)) if coverage < 1.0 else int(most + 1e-9)


def _require_room(taken: dict[str, int], room: dict[str, int], total: int, most: float) -> None:
    """Refuse more ligands than there are sites."""
    over = [role for role in room if taken[role] > room[role]]
    if total < 0 or over:
        role = over[0] if over else next(iter(room))
        raise UsageError(
            "too many ligands for the surface" if over else "a count of ligands is negative",
            measured=f"{total} ligands, which need {taken[role]} {role} sites",
            allowed=f"{room[role]} {role} sites, so at most {int(most + _ROUNDING)} ligands of "
            f"this mixture (coverage 1); these would be coverage {total / most if most else 0:.2f}",
            next_step="lower the count, or carve a larger particle",
        )


def _free(anchors: Anchors, role: str, fill: Fill) -> BoolArray:
    """Return the sites that ligands of a role may take."""
    mask: BoolArray = np.asarray(anchors.role == role[-1])
    if role.startswith("over") or fill in {"exchange", "pockets"}:
        mask &= anchors.present
    elif fill == "vacant":
        mask &= ~anchors.present
    return mask
