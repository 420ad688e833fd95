"""Charge balance of a carved particle or wall: which ions go, which come, and what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.geometry.balanced_subsets import mean_spacing
from heterobuild.labels import Site
from heterobuild.model import Step
from heterobuild.particles.charge_balance import Balance, Candidates, ledger_entries
from heterobuild.particles.charge_policies import (
    CHARGE_TOLERANCE,
    ION_POLICIES,
    POLICIES,
    Plan,
    order_of,
    plan_counts,
    usable,
)
from heterobuild.particles.ion_choice import choose_ions
from heterobuild.registry import suggest
from heterobuild.seeds import generator

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray, IntArray

FREE = "surface"
"""Name of the surface that ligands can reach: the outer one of a particle on one lattice."""


def neutralise(
    total_charge: float,
    dipole: FloatArray,
    candidates: Candidates,
    policy: str = "auto",
    *,
    seed: int,
    where: str,
    why: str = "neutrality",
    directions: BoolArray | None = None,
    axes: FloatArray | None = None,
) -> Balance:
    """Choose the ions whose removal or addition brings the formal charge to exactly zero.

    The number of ions is exact for any mixture of charges. Of all sites those are chosen that
    leave the whole with the least dipole; of these the least bound, so that corners go before
    edges and faces and vacant sites with most kept neighbours are filled first; then the most
    symmetric, then the most even, then by the seed, see `heterobuild.particles.ion_choice`. The
    whole is neutral then, so its dipole does not depend on the origin.

    Parameters
    ----------
    total_charge : float
        Formal charge of all present units in e.
    dipole : (3,) float array
        Sum of charge times position of all present units in e·Å.
    candidates : Candidates
        Units and vacant sites at the surface.
    policy : str, optional
        A name of `heterobuild.particles.charge_policies.POLICIES`; the module tells what they do
        and why ``auto`` is the default.
    seed : int
        Decides between equals.
    where : str
        Place, for the ledger and for messages, such as ``surface``.
    why : str, optional
        Reason, for the ledger, such as ``exchanged for neutral ligands``.
    directions : (3,) bool array, optional
        Components of the dipole that count, all by default; False along periodic directions,
        where a dipole is not defined.
    axes : (3, 3) float array, optional
        Orthonormal rows: cubic axes of the crystal, whose symmetry decides between equals; x, y
        and z by default.

    Returns
    -------
    Balance
        The choice.

    Raises
    ------
    UnknownNameError
        If there is no such policy.
    UsageError
        If the policy cannot reach zero, or refuses.

    Examples
    --------
    Eight caesium ions at the corners of a cube, of which two are too many:

    >>> corners = np.array(list(np.ndindex(2, 2, 2))) * 5.87 - 2.935
    >>> ions = Candidates(
    ...     points=corners, charge=np.ones(8), species=np.zeros(8, dtype=int), names=("Cs",),
    ...     site=np.full(8, 1), bonds=np.ones(8, dtype=int), present=np.ones(8, dtype=bool),
    ... )
    >>> balance = neutralise(2.0, np.zeros(3), ions, seed=0, where="surface")
    >>> corners[balance.removed].sum(axis=0), balance.entries[0].count
    (array([0., 0., 0.]), 2)
    """
    if policy not in POLICIES:
        raise UnknownNameError(
            f"unknown way to neutrality {policy!r}",
            where=where,
            next_step=suggest(policy, POLICIES),
        )
    counted = np.ones(3, dtype=bool) if directions is None else np.asarray(directions, dtype=bool)
    used, index, more = "none", np.empty(0, dtype=np.int64), (0, 0.0)
    if abs(total_charge) >= CHARGE_TOLERANCE and policy == "refuse":
        raise _unreachable(total_charge, total_charge, candidates, policy, where)
    if abs(total_charge) >= CHARGE_TOLERANCE and policy != "ligands":
        used, plan = _first_neutral(total_charge, candidates, policy, where)
        rng = generator(seed, f"neutrality of {where}")
        may = np.flatnonzero(_may_change(candidates, used))
        chosen = choose_ions(
            candidates.points[may],
            effect=candidates.effect[may],
            cost=_cost(candidates)[may],
            counts=plan.counts,
            dipole=dipole,
            directions=counted,
            axes=axes,
            rng=rng,
        )
        index, more = may[chosen.index], (chosen.exchanged, chosen.extra)
    charge = total_charge + float(candidates.effect[index].sum())
    moved = dipole + (candidates.effect[index, None] * candidates.points[index]).sum(axis=0)
    wanted = _ligand_charges(charge, where) if policy == "ligands" else 0
    return Balance(
        removed=index[candidates.present[index]],
        added=index[~candidates.present[index]],
        entries=ledger_entries(candidates, index, where=where, policy=used, why=why),
        step=_step(
            candidates,
            index,
            charge=(total_charge, charge),
            dipole=(np.where(counted, dipole, np.nan), np.where(counted, moved, np.nan)),
            policy=(policy, used),
            more=more,
            where=where,
        ),
        charge_left=charge if abs(charge) >= CHARGE_TOLERANCE else 0.0,
        ligand_charges=wanted,
        dipole=np.where(counted, moved, np.nan),
    )


def _may_change(candidates: Candidates, name: str) -> BoolArray:
    """Tell which candidates a policy that changes ions may touch."""
    return usable(
        ION_POLICIES[name],
        site=candidates.site,
        present=candidates.present,
        bonds=candidates.bonds,
        full=candidates.bonds_inside,
    )


def _cost(candidates: Candidates) -> FloatArray:
    """Return what the change of each unit costs: bonds that break, or that cannot form."""
    missing = candidates.bonds_inside - candidates.bonds
    return np.where(candidates.present, candidates.bonds, missing).astype(float)


def _plan(total: float, candidates: Candidates, name: str) -> Plan:
    """Return the best that one policy can do."""
    may = _may_change(candidates, name)
    return plan_counts(total, candidates.effect[may], _cost(candidates)[may])


def _first_neutral(
    total: float, candidates: Candidates, policy: str, where: str
) -> tuple[str, Plan]:
    """Return the first of the policies to try that reaches zero, with its counts."""
    plans = []
    for name in order_of(policy, total):
        plans.append(_plan(total, candidates, name))
        if plans[-1].neutral:
            return name, plans[-1]
    left = min((plan.left for plan in plans), key=abs)
    raise _unreachable(total, left, candidates, policy, where)


def _unreachable(
    total: float, left: float, candidates: Candidates, policy: str, where: str
) -> UsageError:
    """Make the error that names the policies which do reach zero."""
    able = [name for name in ION_POLICIES if _plan(total, candidates, name).neutral]
    auto = next((name for name in order_of("auto", total) if name in able), "")
    if auto and policy != "auto":
        others = [name for name in able if name != auto] if where == FREE else []
        step = f"choose {' or '.join([f'auto, here {auto},', *others])}".removesuffix(",")
    elif able:
        step = f"choose {' or '.join(able)}"
    else:
        step = "take another size or termination: no exchange of ions there suffices"
    if where == FREE:
        step += f", or {_ligands_instead(total, candidates)}"
    return UsageError(
        f"the formal charge is {total:+g} e and the policy {policy} leaves {left:+g} e",
        where=where,
        measured=f"{left:+g} e left",
        allowed="0 e",
        next_step=step,
    )


def _ligands_instead(total: float, candidates: Candidates) -> str:
    """Say which ligands bring the charge of a free surface: there must be sites for them."""
    role, sign = (Site.X, "-1") if total > 0 else (Site.A, "+1")
    vacant = ~candidates.present & (candidates.site == role)
    if vacant.sum() >= abs(total):
        return f"neutrality: ligands, with ligands of {sign} e"
    ions = "A cations" if total > 0 else "halides"
    return f"neutrality: ligands, with neutral ligands in place of {abs(total):g} {ions}"


def _ligand_charges(charge: float, where: str) -> int:
    """Return the signed number of unit charges that ligands must bring."""
    if abs(charge - round(charge)) >= CHARGE_TOLERANCE:
        raise UsageError(
            "ligands of charge +1 and −1 cannot balance a fractional charge",
            where=where,
            measured=f"{charge:+g} e",
            allowed="a whole number",
            next_step="give whole formal charges",
        )
    return -round(charge)


def _step(
    candidates: Candidates,
    index: IntArray,
    *,
    charge: tuple[float, float],
    dipole: tuple[FloatArray, FloatArray],
    policy: tuple[str, str],
    more: tuple[int, float],
    where: str,
) -> Step:
    """Say what was chosen and why, with the numbers."""
    asked, used = policy
    present = candidates.present[index]
    words = {"none": "left to the ligands" if asked == "ligands" else "no ion changed"}
    bound = "best" if used.startswith("add") else "least"
    choice = words.get(used, f"{used}: {len(index)} units, the {bound} bound sites first")
    if more[0]:
        choice += f", {more[0]} of them exchanged for the least dipole"
    spacing = mean_spacing(candidates.points[index])
    values: dict[str, object] = {
        "policy": asked,
        "used": used,
        "charge_before_e": round(charge[0], 6),
        "charge_after_e": round(charge[1], 6) + 0.0,
        "removed": int(present.sum()),
        "added": int((~present).sum()),
        "exchanged_for_dipole": more[0],
        "extra_bonds": round(more[1], 6) + 0.0,
        "dipole_before_eA": _plain(dipole[0]),
        "dipole_after_eA": _plain(dipole[1]),
        "mean_spacing_A": round(spacing, 3) if np.isfinite(spacing) else None,
    }
    return Step(name="neutrality", choice=f"{where}: {choice}", values=values)


def _plain(dipole: FloatArray) -> list[float | None]:
    """Return a dipole for JSON; None where it is not defined."""
    return [round(value, 4) + 0.0 if np.isfinite(value) else None for value in dipole.tolist()]
