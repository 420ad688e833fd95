"""What is asked for: point defects and a hop, and their names as in the field."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from heterobuild.errors import UsageError

Kind: TypeAlias = Literal["vacancy", "antisite", "interstitial"]
Place: TypeAlias = Literal["auto", "void", "split"]

_ION = r"[A-Z][A-Za-z0-9-]*"
_FORM = "V_Br, Pb_Br or Br_i, then the region and the layer, such as V_Br film 1"


@dataclass(frozen=True, kw_only=True)
class Defect:
    """One kind of point defect, and where it stands.

    Parameters
    ----------
    kind : {"vacancy", "antisite", "interstitial"}
        What it is.
    species : str
        Element or molecule: the one that is missing, that stands on another's site, or that is
        added.
    onto : str, optional
        Whose site an antisite takes.
    region : str, optional
        Name of the part that it is in; any where not given.
    layer : int, optional
        Layer that it is in, as the array layer counts: 1, 2, … above or outside of the wall, -1,
        -2, … below or inside.
    distance : float, optional
        Distance from the wall in Å, instead of a layer. Where neither is given, the sites nearest
        to the wall are taken.
    tolerance : float, optional
        Largest deviation from that distance in Å. 1.5 is half the spacing of the planes.
    site : int, optional
        Which of several inequivalent sites, from 0, the most frequent first; the report counts
        them.
    count : int, optional
        Number of such defects.
    separation : float, optional
        Least distance in Å from all other defects that are asked for.
    place : {"auto", "void", "split"}, optional
        Where an interstitial stands: in the largest void, or sharing the site of an ion of its
        own kind. "auto" takes what leaves more room; cations take voids.
    compensate : str, optional
        What makes it neutral: auto takes the fewest vacancies, none leaves the charge, and a name
        such as V_Cs or Br_i takes these.
    partner_distance : float, optional
        Distance in Å from the defect to what compensates it; where not given, the sites nearest to
        the wall, then to the defect, are taken.

    Examples
    --------
    >>> Defect(kind="antisite", species="Pb", onto="Br").name
    'Pb_Br'
    """

    kind: Kind
    species: str
    onto: str | None = None
    region: str | None = None
    layer: int | None = None
    distance: float | None = None
    tolerance: float = 1.5
    site: int = 0
    count: int = 1
    separation: float = 0.0
    place: Place = "auto"
    compensate: str = "auto"
    partner_distance: float | None = None

    def __post_init__(self) -> None:
        """Refuse what no defect can be."""
        if (self.onto is not None) != (self.kind == "antisite"):
            raise self._refused(
                "onto goes with antisites, and with them only",
                f"kind {self.kind}, onto {self.onto or 'nothing'}",
                "give onto: the ion whose site is taken" if self.onto is None else "remove onto",
            )
        if self.onto == self.species:
            raise self._refused("an ion on its own site is no defect", self.name, "change onto")
        if self.layer is not None and self.distance is not None:
            both = f"layer {self.layer} and distance {self.distance:g} Å"
            raise self._refused("both layer and distance are given", both, "remove one")
        if self.layer == 0:
            raise self._refused("there is no layer 0", 0, "count from 1 or from -1")
        if self.place != "auto" and self.kind != "interstitial":
            raise self._refused("place goes with interstitials", self.kind, "remove place")
        self._require_numbers()
        if self.compensate not in ("auto", "none"):
            partner = parse_defect(self.compensate)
            if partner.kind == "antisite":
                raise self._refused(
                    "compensate takes a vacancy or an interstitial",
                    self.compensate,
                    "write auto, none, V_Cs or Br_i",
                )

    def _require_numbers(self) -> None:
        """Refuse numbers out of range."""
        for key, least in (("count", 1), ("site", 0), ("separation", 0), ("tolerance", 0)):
            if not getattr(self, key) >= least:
                raise self._refused(f"{key} is too small", getattr(self, key), f"{least} or more")
        for key in ("distance", "partner_distance"):
            value = getattr(self, key)
            if value is not None and not value >= 0:
                raise self._refused(f"{key} is negative", f"{value:g} Å", "0 or more")

    def _refused(self, what: str, measured: object, next_step: str) -> UsageError:
        """Make the error of this record."""
        return UsageError(what, where="defects", measured=measured, next_step=next_step)

    @property
    def name(self) -> str:
        """Name as in the field: V_Br, Pb_Br, Br_i."""
        if self.kind == "vacancy":
            return f"V_{self.species}"
        return f"{self.species}_{'i' if self.onto is None else self.onto}"


@dataclass(frozen=True, kw_only=True)
class Hop:
    """A halide that jumps across a wall into a vacancy of the same octahedron.

    Parameters
    ----------
    species : str, optional
        Halide that jumps; any where not given.
    into : str, optional
        Name of the part that holds the vacancy at first; any where not given.
    compensate : str, optional
        As in the defects: auto takes the fewest vacancies, near the wall but far from the path;
        none leaves the charge.
    partner_distance : float, optional
        Distance in Å from the vacancy to what compensates it.
    """

    species: str | None = None
    into: str | None = None
    compensate: str = "auto"
    partner_distance: float | None = None


def parse_defect(text: str) -> Defect:
    """Read a defect from one line.

    Parameters
    ----------
    text : str
        Name, then region and layer in either order, as far as wanted. A whole number is a layer,
        a number with Å or A is a distance from the wall, ``2x`` is a count; a number in
        parentheses belongs to the name of the region. V stands for a vacancy, not for vanadium.

    Returns
    -------
    Defect
        The defect.

    Raises
    ------
    UsageError
        If the text is no such line.

    Examples
    --------
    >>> wanted = parse_defect("V_Br film -1")
    >>> wanted.kind, wanted.species, wanted.region, wanted.layer
    ('vacancy', 'Br', 'film', -1)
    >>> parse_defect("2x Br_i 6.5A").distance, parse_defect("V_Br barrier (2) 1").region
    (6.5, 'barrier (2)')
    """
    words = re.findall(r"\S+(?:\s+\(\d+\)|(?<=\d)\s+Å)?", text)
    options: dict[str, object] = {}
    if words and (many := re.fullmatch(r"(\d+)[x×]", words[0])):
        options["count"] = int(many[1])
        words = words[1:]
    name = re.fullmatch(rf"({_ION})_({_ION}|i)", words[0]) if words else None
    if name is None:
        raise UsageError(
            "not a name of a defect",
            where="defects",
            measured=repr(text),
            next_step=f"write {_FORM}",
        )
    options |= _kind(name[1], name[2])
    for word in words[1:]:
        key, value = _option(word)
        if key in options:
            raise UsageError(
                f"{key} is given twice",
                where="defects",
                measured=repr(text),
                next_step="remove one",
            )
        options[key] = value
    return Defect(**options)  # type: ignore[arg-type]


def _kind(first: str, second: str) -> dict[str, object]:
    """Return kind and species of a name in its two halves."""
    if first == "V":
        return {"kind": "vacancy", "species": second}
    if second == "i":
        return {"kind": "interstitial", "species": first}
    return {"kind": "antisite", "species": first, "onto": second}


def _option(word: str) -> tuple[str, object]:
    """Return what one further word of a line means."""
    if re.fullmatch(r"[-+]?\d+", word):
        return "layer", int(word)
    if far := re.fullmatch(r"(\d+(?:\.\d+)?)\s*(?:Å|A)", word):
        return "distance", float(far[1])
    if re.match(r"[-+]?[\d.]", word):
        raise UsageError(
            "neither a layer nor a distance",
            where="defects",
            measured=repr(word),
            allowed="a whole number for a layer, or a number ≥ 0 with Å for a distance",
            next_step="write it like 6.5Å, or give the keys region, layer and distance",
        )
    return "region", word


def charge_marks(charge: float) -> str:
    """Return a charge relative to the site in Kröger and Vink's notation.

    Parameters
    ----------
    charge : float
        Charge in e against the undisturbed crystal.

    Returns
    -------
    str
        A dot for each positive charge, a prime for each negative one, × for none.

    Examples
    --------
    >>> charge_marks(2.0), charge_marks(0.0)
    ('••', '×')
    """
    whole = round(charge)
    if abs(charge - whole) > 1e-6:
        return f"({charge:+g})"
    return "•" * whole or "\N{PRIME}" * -whole or "×"
