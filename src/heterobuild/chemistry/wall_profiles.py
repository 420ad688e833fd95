"""Profiles of A, B and X sites across one wall: diffusion becomes a width for each of them.

Halides mix, A cations follow slowly, B cations stay; see `heterobuild.chemistry.diffusion`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from heterobuild.chemistry.diffusion import diffusivity, interdiffusion
from heterobuild.errors import UsageError
from heterobuild.geometry.profiles import diffusion_width
from heterobuild.model import SiteProfile, Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from heterobuild.model import WallProfile

Role: TypeAlias = Literal["A", "B", "X"]
"""Sites whose ions can mix."""

NARROWEST = 1.0
"""Å; diffusion that reaches less is a step: no ion has hopped, which takes some 4 Å, and a plane
of ions that lies in the wall itself must not come out half mixed."""


@dataclass(frozen=True, kw_only=True)
class WallProfiles:
    """The profiles of the sites across one wall.

    Parameters
    ----------
    sites : dict of str to SiteProfile
        Profile of each of A, B and X; none is "diffusion" any more.
    words : tuple of str
        What each is and where it comes from, of the sites whose ions differ.
    values : dict of str to object
        The same as numbers.
    differing : tuple of str
        The sites whose ions differ.
    """

    sites: dict[Role, SiteProfile]
    words: tuple[str, ...]
    values: dict[str, object]
    differing: tuple[Role, ...]

    @property
    def mixing(self) -> tuple[Role, ...]:
        """The sites whose ions differ and have a profile that is not sharp."""
        return tuple(role for role in self.differing if self.sites[role].kind != "sharp")

    def step(self, where: str, pattern: str) -> Step:
        """Return the profiles as a step of the build.

        Parameters
        ----------
        where : str
            Name of the wall.
        pattern : str
            How ions are distributed in a plane.

        Returns
        -------
        Step
            The step "profile".
        """
        said = ", ".join(self.words) or "both sides have the same ions"
        return Step(
            name="profile",
            choice=f"{where}: {said}; {pattern} inside a plane",
            values={"wall": where, "in_plane": pattern, **self.values},
        )


def wall_profiles(
    profile: WallProfile,
    inner: Mapping[Role, Mapping[str, float]],
    outer: Mapping[Role, Mapping[str, float]],
) -> WallProfiles:
    """Find the profile of each kind of site between two compositions.

    Parameters
    ----------
    profile : WallProfile
        What is asked.
    inner, outer : dict of str to dict of str to float
        Shares of the ions on A, B and X sites of either side.

    Returns
    -------
    WallProfiles
        The profiles. For diffusion, the width of each site follows from its coefficient for the
        ions that differ, see `heterobuild.geometry.profiles.diffusion_width`.

    Raises
    ------
    UsageError
        If a coefficient or the temperature cannot be meant.

    Examples
    --------
    >>> from heterobuild.model import WallProfile
    >>> found = wall_profiles(
    ...     WallProfile(kind="diffusion", time=60.0), {"X": {"Br": 1.0}}, {"X": {"I": 1.0}}
    ... )
    >>> round(found.sites["X"].width, 1), found.sites["B"].kind
    (77.0, 'sharp')
    """
    sites: dict[Role, SiteProfile] = {}
    words: list[str] = []
    values: dict[str, object] = {}
    differing: list[Role] = []
    for role in get_args(Role):
        ours, theirs = inner.get(role, {}), outer.get(role, {})
        if profile.kind == "diffusion" and role not in profile.sites:
            sites[role], said, facts = _diffused(profile, role, *_pair(ours, theirs))
        else:
            sites[role] = profile.asked(role)
            said, facts = profile_words(sites[role]), {}
        if ours and theirs and ours != theirs:
            differing.append(role)
            words.append(f"{role} {said}")
            values[role] = {"kind": sites[role].kind, "width_A": sites[role].width, **facts}
    return WallProfiles(sites=sites, words=tuple(words), values=values, differing=tuple(differing))


def refuse_nothing(profile: WallProfile, walls: Sequence[WallProfiles]) -> None:
    """Refuse a profile that mixes nothing at any wall, unless diffusion finds it too slow.

    Parameters
    ----------
    profile : WallProfile
        What is asked.
    walls : sequence of WallProfiles
        The profiles of the walls.

    Raises
    ------
    UsageError
        If there are walls, and no ions differ on sites that may mix.
    """
    if not walls or profile.kind == "diffusion" or any(wall.mixing for wall in walls):
        return
    sites = sorted({role for wall in walls for role in wall.differing})
    said = f"only {' and '.join(sites)} sites differ, which stay sharp" if sites else "no ions do"
    raise UsageError(
        "the profile has nothing to mix",
        where="profile",
        measured=said,
        allowed="walls on whose sides ions differ",
        next_step=f"name them: sites: {{{sites[0]}: {{kind: erf, width: 10}}}}"
        if sites
        else "leave the profile out",
    )


def profile_words(profile: SiteProfile) -> str:
    """Say a profile in words.

    Parameters
    ----------
    profile : SiteProfile
        The profile.

    Returns
    -------
    str
        Its kind and width.

    Examples
    --------
    >>> profile_words(SiteProfile(kind="linear", width=12.0))
    'linear over 12 Å'
    """
    if profile.kind == "erf":
        return f"error function, {profile.width:.4g} Å from 90 % to 10 %"
    if profile.kind == "linear":
        return f"linear over {profile.width:.4g} Å"
    if profile.kind == "layers":
        return f"as given in {len(profile.inside)} planes inside, {len(profile.outside)} outside"
    return "sharp"


def refuse_wide(profile: SiteProfile, *, role: str, room: float, part: str, planes: int) -> None:
    """Refuse a profile that does not fit into the part on one side of a wall.

    Parameters
    ----------
    profile : SiteProfile
        The profile of one kind of site.
    role : str
        The kind of site.
    room : float
        Thickness in Å that the wall can use on this side: all of a part with one wall, half of
        one with two.
    part : str
        Name of the part.
    planes : int
        Number of planes in this room, for shares given plane by plane.

    Raises
    ------
    UsageError
        If half the width is more than the room, or more planes are given than there are.

    Examples
    --------
    >>> narrow = SiteProfile(kind="erf", width=10.0)
    >>> refuse_wide(narrow, role="X", room=12.0, part="film", planes=4)
    """
    given = max(len(profile.inside), len(profile.outside))
    if profile.kind == "layers" and given > planes:
        raise UsageError(
            "the profile has more planes than the part",
            where=f"profile of the {role} sites",
            measured=f"{given} planes",
            allowed=f"{planes} planes of the {part} at this wall",
            next_step="give fewer shares, or a thicker part",
        )
    if profile.width / 2 > room + 1e-6:
        raise UsageError(
            "the profile is wider than the part",
            where=f"profile of the {role} sites",
            measured=f"{profile.width:.4g} Å wide, of which half lies in the {part}, where the "
            f"wall has {room:.4g} Å",
            allowed=f"a width of at most {2 * room:.4g} Å",
            next_step=f"use a width of {_below(2 * room):g} Å (a shorter time for diffusion), or a "
            f"{part} of at least {profile.width / 2:.4g} Å at each of its walls",
        )


def _below(width: float) -> float:
    """Round down to a tenth of an Å."""
    return int(width * 10) / 10


def _pair(ours: Mapping[str, float], theirs: Mapping[str, float]) -> tuple[str, str]:
    """Return the ions that exchange most: one that the first side has more of, and one less."""
    excess = {ion: ours.get(ion, 0.0) - theirs.get(ion, 0.0) for ion in sorted({*ours, *theirs})}
    if not excess:
        return "", ""
    return max(excess, key=lambda ion: excess[ion]), min(excess, key=lambda ion: excess[ion])


def _diffused(
    profile: WallProfile, role: Role, first: str, second: str
) -> tuple[SiteProfile, str, dict[str, object]]:
    """Return the profile that diffusion makes, in words and numbers."""
    time = float(profile.time or 0.0)
    if role in profile.diffusivity:
        coefficient = float(profile.diffusivity[role])
        source = "given"
        facts: dict[str, object] = {"source": source}
    else:
        entry = interdiffusion(role, first, second)
        coefficient = diffusivity(entry, profile.temperature)
        source = f"{entry.kind}, {entry.confidence} confidence: {entry.source}"
        facts = {"source": entry.source, "doi": entry.doi, "confidence": entry.confidence}
        facts |= {"kind_of_value": entry.kind, "host": entry.host}
    width = diffusion_width(coefficient, time)
    found = SiteProfile() if width < NARROWEST else SiteProfile(kind="erf", width=width)
    said = (
        f"{profile_words(found)} (D = {coefficient:.2g} cm²/s at {profile.temperature:g} K for "
        f"{time:g} s, {source})"
    )
    facts |= {"D_cm2_s": coefficient, "time_s": time, "temperature_K": profile.temperature}
    return found, said, facts


def ions_by_role(pairs: Iterator[tuple[str, str, float]]) -> dict[Role, dict[str, float]]:
    """Sort amounts of ions by kind of site, and turn them into shares.

    Parameters
    ----------
    pairs : iterable of (str, str, float)
        Kind of site, ion and amount; kinds other than A, B and X are left out.

    Returns
    -------
    dict of str to dict of str to float
        Shares, which sum to one on each kind of site.

    Examples
    --------
    >>> ions_by_role(iter([("X", "Br", 2.0), ("X", "I", 1.0), ("X", "Br", 1.0)]))
    {'X': {'Br': 0.75, 'I': 0.25}}
    """
    found: dict[Role, dict[str, float]] = {}
    for role, ion, amount in pairs:
        if role in get_args(Role) and amount > 0:
            of_role = found.setdefault(role, {})  # type: ignore[arg-type]
            of_role[ion] = of_role.get(ion, 0.0) + amount
    return {
        role: {ion: round(amount / sum(ions.values()), 9) for ion, amount in ions.items()}
        for role, ions in found.items()
    }
