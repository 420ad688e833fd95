"""How the composition changes across a wall: what is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from heterobuild.errors import UsageError

SiteKind: TypeAlias = Literal["sharp", "linear", "erf", "layers"]
"""Profiles of one kind of site."""

Pattern: TypeAlias = Literal["random", "ordered", "quasirandom"]
"""How the ions of a plane are distributed in it."""


@dataclass(frozen=True, kw_only=True)
class SiteProfile:
    """The composition profile of one kind of site.

    Parameters
    ----------
    kind : {"sharp", "linear", "erf", "layers"}, optional
        A step, a straight ramp, the error function of diffusion, or shares given plane by plane.
    width : float, optional
        Width in Å: of the whole ramp, or from 10 % to 90 % of the error function.
    inside, outside : tuple of float, optional
        For layers: shares of the inner composition in the planes inside and outside the wall,
        counted from it.

    Examples
    --------
    >>> SiteProfile(kind="erf", width=12.0).width
    12.0
    """

    kind: SiteKind = "sharp"
    width: float = 0.0
    inside: tuple[float, ...] = ()
    outside: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a width where there is none, and shares that are not."""
        if self.kind in ("sharp", "layers") and self.width:
            raise UsageError(
                "a sharp wall has no width"
                if self.kind == "sharp"
                else "shares given plane by plane have no width",
                where="width",
                measured=f"{self.width:g} Å",
                allowed="with the profiles linear and erf",
                next_step="choose one of them, or leave width out",
            )
        if self.kind != "layers" and (self.inside or self.outside):
            raise _out_of_place("inside and outside", self.kind, "layers")
        if self.kind == "layers" and not (self.inside or self.outside):
            raise UsageError(
                "the profile layers needs shares plane by plane",
                where="inside, outside",
                measured="none",
                allowed="shares from 0 to 1, counted from the wall",
                next_step="give them, such as inside: [0.75], outside: [0.25], or choose sharp",
            )
        wrong = [share for share in (*self.inside, *self.outside) if not 0 <= share <= 1]
        if wrong:
            raise UsageError(
                "a share of the inner composition is a fraction",
                where="inside, outside",
                measured=wrong[0],
                allowed="0 to 1",
                next_step="give 0.75 for 75 %",
            )


@dataclass(frozen=True, kw_only=True)
class WallProfile:
    """How the composition changes across a wall, by the distance to its nearest face.

    Inside is the part that comes first: the core, the dot, of a stack the part below. At edges
    and corners of a cube this is not the solution of diffusion in three dimensions, which is the
    product of three error functions and takes more of the core away.

    Parameters
    ----------
    kind : {"sharp", "linear", "erf", "layers", "diffusion"}, optional
        A step, a straight ramp, the error function of diffusion with a given width, shares given
        plane by plane, or the error function of a diffusion time. Kinds other than diffusion hold
        for X and A sites; B cations hardly move and stay sharp unless `sites` names them.
    width : float, optional
        Width in Å: of the whole ramp, or from 10 % to 90 % of the error function.
    inside, outside : tuple of float, optional
        For layers: shares of the inner composition in the planes inside and outside the wall,
        counted from it; planes beyond are pure.
    time : float, optional
        For diffusion: how long the wall was annealed or stored, in s.
    temperature : float, optional
        For diffusion: temperature in K, at which the library's coefficients are taken.
    diffusivity : dict of {"A", "B", "X"} to float, optional
        For diffusion: coefficients in cm²/s that replace those of the library, such as X=1e-15.
    in_plane : {"random", "ordered", "quasirandom"}, optional
        How the ions of a plane are distributed in it: drawn, evenly spread, or with pair
        correlations as near to random as the plane allows.
    sites : dict of {"A", "B", "X"} to SiteProfile, optional
        Profiles of single kinds of site that replace the common one.

    Examples
    --------
    >>> profile = WallProfile(kind="erf", width=12.0)
    >>> profile.asked("X").width, profile.asked("B").kind
    (12.0, 'sharp')
    """

    kind: Literal["sharp", "linear", "erf", "layers", "diffusion"] = "sharp"
    width: float = 0.0
    inside: tuple[float, ...] = ()
    outside: tuple[float, ...] = ()
    time: float | None = None
    temperature: float = 300.0
    diffusivity: dict[Literal["A", "B", "X"], float] = field(default_factory=dict)
    in_plane: Pattern = "random"
    sites: dict[Literal["A", "B", "X"], SiteProfile] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse options that mean nothing for the kind."""
        if self.kind != "diffusion":
            SiteProfile(kind=self.kind, width=self.width, inside=self.inside, outside=self.outside)
            if self.time is not None or self.diffusivity:
                raise _out_of_place("time and diffusivity", self.kind, "diffusion")
        elif self.width or self.inside or self.outside:
            raise _out_of_place("width, inside and outside", self.kind, "linear, erf or layers")
        elif self.time is None or not 0 < self.time < float("inf"):
            raise UsageError(
                "the profile diffusion needs a time in s",
                where="time",
                measured=self.time,
                allowed="a positive number",
                next_step="give the time, such as 3600 for an hour, or choose erf with a width",
            )
        wrong = [value for value in self.diffusivity.values() if not 0 <= value < float("inf")]
        if wrong:
            raise UsageError(
                "a diffusion coefficient is not negative",
                where="diffusivity",
                measured=f"{wrong[0]:g} cm²/s",
                allowed="0 or more, in cm²/s",
                next_step="give it as X: 1e-15, or leave it out for that of the library",
            )
        if self.in_plane not in get_args(Pattern):
            raise UsageError(
                "unknown pattern inside a plane",
                where="in_plane",
                measured=self.in_plane,
                allowed=", ".join(get_args(Pattern)),
                next_step="use random",
            )

    @property
    def graded(self) -> bool:
        """Whether any site has a profile that is not sharp."""
        return self.kind != "sharp" or any(one.kind != "sharp" for one in self.sites.values())

    def asked(self, site: Literal["A", "B", "X"]) -> SiteProfile:
        """Return the profile of one kind of site, of kinds other than diffusion.

        Parameters
        ----------
        site : {"A", "B", "X"}
            The kind of site.

        Returns
        -------
        SiteProfile
            That of `sites`; else the common one on X and A, and a sharp one on B.
        """
        if site in self.sites:
            return self.sites[site]
        if site == "B" or self.kind == "diffusion":
            return SiteProfile()
        return SiteProfile(
            kind=self.kind, width=self.width, inside=self.inside, outside=self.outside
        )


def _out_of_place(what: str, kind: str, allowed: str) -> UsageError:
    """Make the error for options of another kind of profile."""
    return UsageError(
        f"{what} mean nothing for the profile {kind}",
        where="profile",
        allowed=f"with the profile {allowed}",
        next_step="leave them out, or choose that profile",
    )
