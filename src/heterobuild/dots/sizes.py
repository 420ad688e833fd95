"""How many dots there are and how large each one is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from heterobuild.dots.room import outer_radius
from heterobuild.errors import NothingFitsError, UsageError
from heterobuild.geometry.size_distributions import draw_radii, radii_for_volume
from heterobuild.particles.estimating import solid_volume
from heterobuild.particles.forms import make_form
from heterobuild.particles.sizes import POLYHEDRA
from heterobuild.seeds import generator

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.model import Crystal
    from heterobuild.particles.forms import Form
    from heterobuild.particles.options import ParticleShape


_SPREAD = 0.1


@dataclass(frozen=True, kw_only=True)
class DotSizes:
    """How the sizes of many dots are distributed.

    Parameters
    ----------
    distribution : {"monodisperse", "normal", "log-normal"}, optional
        Distribution of the diameters around the size of the dot's shape.
    spread : float, optional
        Standard deviation as a fraction of the mean.
    """

    distribution: Literal["monodisperse", "normal", "log-normal"] = "monodisperse"
    spread: float = _SPREAD

    def __post_init__(self) -> None:
        """Refuse a spread of equal dots."""
        if self.distribution == "monodisperse" and self.spread != _SPREAD:
            raise UsageError(
                "dots of one size have no spread",
                where="spread",
                measured=self.spread,
                allowed="with the distributions normal and log-normal",
                next_step="choose a distribution, or leave spread out",
            )


@dataclass(frozen=True, kw_only=True)
class Placement:
    """How many dots, how different, and where.

    Parameters
    ----------
    count : int, optional
        Number of dots.
    volume_fraction : float, optional
        Share of the volume of the cell that they take, instead of a number.
    distribution : {"monodisperse", "normal", "log-normal"}, optional
        Distribution of their sizes around that of the shape.
    spread : float, optional
        Standard deviation of the sizes as a fraction of the mean; unused where all are alike.
    separation : float, optional
        Least distance in Å from wall to wall.
    arrangement : {"random", "sc", "bcc", "fcc"}, optional
        Random sequential, or the sites of a lattice. A single dot lies in the middle of the cell.
    table : str, optional
        CSV file of the dots instead of all of this but the separation.
    """

    count: int = 1
    volume_fraction: float | None = None
    distribution: str = "monodisperse"
    spread: float = 0.1
    separation: float = 6.0
    arrangement: str = "random"
    table: str | None = None


def dot_forms(
    shape: ParticleShape, crystal: Crystal, placement: Placement, *, volume: float, seed: int
) -> tuple[Form, ...]:
    """Draw the sizes of the dots; equal sizes share one form.

    Parameters
    ----------
    shape : ParticleShape
        Form and mean size.
    crystal : Crystal
        The crystal whose octahedra are counted.
    placement : Placement
        How many and how different they are.
    volume : float
        Volume of the cell in Å³.
    seed : int
        Seed of the sizes.

    Returns
    -------
    tuple of Form
        Form of each dot.

    Raises
    ------
    UsageError
        If a form has no end, or number, volume fraction or spread are out of range.
    NothingFitsError
        If the dots have more volume than the cell.
    """
    mean = make_form(shape, crystal)
    if not np.isfinite(mean.shape.half).all():
        raise UsageError(
            "a dot has an end in all directions",
            where="shape",
            measured=shape.kind,
            next_step="take a rod instead of a wire",
        )
    typical, one = outer_radius(mean), solid_volume(mean.shape)
    spread = 0.0 if placement.distribution == "monodisperse" else placement.spread
    rng = generator(seed, "sizes of dots")
    if placement.volume_fraction is None:
        if placement.count < 1:
            raise UsageError("the number of dots is at least 1", measured=placement.count)
        radii = draw_radii(placement.distribution, typical, spread, placement.count, rng)
    else:
        if not 0 < placement.volume_fraction < 1:
            raise UsageError(
                "a volume fraction lies between 0 and 1",
                where="volume_fraction",
                measured=placement.volume_fraction,
            )
        wanted = placement.volume_fraction * volume
        radii = radii_for_volume(
            placement.distribution,
            typical,
            spread,
            wanted,
            lambda r: one * (r / typical) ** 3,
            rng=rng,
        )
    _judge_volume(radii, typical, one, volume)
    made = {1.0: mean}
    factors = np.round(radii / typical, 9).tolist()
    for factor in factors:
        if factor not in made:
            made[factor] = make_form(_scaled(shape, mean, factor), crystal)
    return tuple(made[factor] for factor in factors)


def _judge_volume(radii: FloatArray, typical: float, one: float, volume: float) -> None:
    """Refuse more dots than have room in any order, before each gets its form."""
    share = one * float(np.sum((radii / typical) ** 3)) / volume
    if share > 1 and one < volume:
        raise NothingFitsError(
            f"{len(radii)} dots cannot be placed: they have more volume than the matrix",
            where="the sizes of dots",
            measured=f"a volume fraction of {share:.4g}",
            allowed="about 0.38 at random and 0.6 after pushing apart, for equal balls",
            next_step="ask for fewer or smaller dots, or take a larger matrix",
        )


def _scaled(shape: ParticleShape, mean: Form, factor: float) -> ParticleShape:
    """Return the options of the same form in another size."""
    bare = replace(shape, octahedra=None, lengths=None, radius=None, monolayers=None)
    taken = mean.asked.get("taken_A")
    if not isinstance(taken, list) or shape.kind in (*POLYHEDRA, "wulff"):
        inscribed = float(str(mean.asked["inscribed_radius_A"]))
        return replace(bare, radius=inscribed * factor)
    sizes = tuple(float(length) * factor for length in taken)
    if shape.kind in {"cube", "sphere"}:
        return replace(bare, lengths=sizes[0])
    if shape.kind == "rod" and shape.section == "round":
        return replace(bare, lengths=(sizes[0], sizes[2]))
    return replace(bare, lengths=sizes)
