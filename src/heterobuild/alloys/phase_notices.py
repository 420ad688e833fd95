"""Say in words which phase a mixed compound was given, and where its end members come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heterobuild.alloys.member_phases import label_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.alloys.member_crystals import Share


def phase_notice(shares: Sequence[Share]) -> str:
    """Say which phase the end members take where their own ones differ.

    Parameters
    ----------
    shares : sequence of Share
        From `heterobuild.alloys.member_crystals.choose_members`.

    Returns
    -------
    str
        A clause; empty where all have the same phase at the temperature.

    Examples
    --------
    >>> from heterobuild.alloys.member_crystals import choose_members
    >>> from heterobuild.chemistry.compounds import parse_compound
    >>> phase_notice(choose_members(parse_compound("Cs0.95FA0.05PbI3")))
    'phase is that of CsPbI3_gamma (CsPbI3 orthorhombic, FAPbI3 cubic); FAPbI3 in it is estimated'
    """
    own = {
        share.compound.formula: label_of(share.usual, share.compound.prototype)
        for share in shares
        if share.usual is not None
    }
    if len(set(own.values())) < 2:
        return ""
    fitting = [s for s in shares if s.member.phase == own.get(s.compound.formula)]
    leader = max(fitting or shares, key=lambda share: share.weight)
    phase = leader.member.phase
    listed = ", ".join(f"{formula} {label}" for formula, label in own.items())
    others = [_how(share, phase) for share in shares if own.get(share.compound.formula) != phase]
    return "; ".join([f"phase is that of {leader.member.crystal.name} ({listed})", *others])


def _how(share: Share, phase: str) -> str:
    """Say where the cell of an end member of another phase comes from."""
    formula, crystal = share.compound.formula, share.member.crystal
    if share.member.phase != phase:
        return f"{formula} is not known in it, the length of {crystal.name} is mixed in"
    if crystal.origin == "model":
        return f"{formula} in it is estimated"
    known = "" if crystal.temperature is None else f" at {crystal.temperature:g} K"
    return f"{formula} in it is measured{known}"
