"""What a common in-plane cell may cost."""

from __future__ import annotations

import math
import numbers
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    Window: TypeAlias = tuple[float, float]
else:
    Window: TypeAlias = tuple[float, float] | float


ANGLE_TOLERANCE = 0.5
"""Degrees by which a film may miss a single angle that was asked for."""


@dataclass(frozen=True, kw_only=True)
class MatchLimits:
    """Limits of the search for a common in-plane cell.

    Parameters
    ----------
    max_strain : float, optional
        Largest absolute principal strain as a fraction, logarithmic, so that it is the same
        for film and substrate. The default 0.05 is the field's rule for epitaxy.
    max_area : float, optional
        Largest unstrained area of the common cell on either side in Å². The default 400 keeps
        a slab model of a few hundred atoms, within reach of DFT.
    max_atoms : int or None, optional
        Most atoms of both slabs together; only where slabs are matched.
    max_misfit_angle : float or None, optional
        Largest change of a right angle by the strain, in degrees.
    rotation : float, tuple of float or None, optional
        Angle in degrees by which the film is turned, from −180 to 180, counter-clockwise seen
        from above; (0, 0) asks for axis on axis. A window, or one angle, which stands for the
        window of half a degree to either side.
    parallel : tuple or None, optional
        Orientation relation: a direction [uvw] of the film and one of the substrate, each in
        the conventional setting and in the face, that shall be parallel.
    parity : {"any", "even"}, optional
        "even" keeps the common cells whose vectors are sums of an even number of pseudo-cubic
        edges on either side, as tilts need that alternate from octahedron to octahedron. Bare
        cells count their own vectors; a crystal without pseudo-cubic axes sets no condition.

    Raises
    ------
    UsageError
        If a limit is not a positive number, or the strain looks like percent.

    Examples
    --------
    >>> MatchLimits(max_strain=0.03).max_area
    400.0
    """

    max_strain: float = 0.05
    max_area: float = 400.0
    max_atoms: int | None = None
    max_misfit_angle: float | None = None
    rotation: Window | None = None
    parallel: tuple[tuple[int, int, int], tuple[int, int, int]] | None = None
    parity: Literal["any", "even"] = "any"

    def __post_init__(self) -> None:
        """Refuse limits that cannot be meant."""
        self._require_numbers()
        if _real(self.rotation):
            object.__setattr__(self, "rotation", _window(cast("float", self.rotation)))
        if not 0 < self.max_strain < 0.5:
            percent = self.max_strain >= 0.5
            raise UsageError(
                "max_strain is a fraction between 0 and 0.5",
                where="limits",
                measured=self.max_strain,
                next_step=f"write {self.max_strain / 100:g} for {self.max_strain:g} percent"
                if percent and math.isfinite(self.max_strain)
                else "write 0.05 for 5 percent",
            )
        if not 0 < self.max_area < math.inf:
            raise UsageError(
                "max_area is a positive area in Å²",
                where="limits",
                measured=self.max_area,
                next_step="write 400 for a cell of 20 Å × 20 Å",
            )
        self._require_options()

    def _require_numbers(self) -> None:
        """Refuse what is no number where one is meant."""
        kinds: tuple[tuple[str, Callable[[object], bool], str], ...] = (
            ("max_strain", _real, "a fraction, say 0.05"),
            ("max_area", _real, "an area in Å², say 400"),
            ("max_atoms", _whole, "a whole number"),
            ("max_misfit_angle", _real, "an angle in degrees"),
            ("rotation", _angle_or_two, "one angle, or two angles for a window, in degrees"),
            ("parallel", _two_directions, "two directions [uvw] of whole numbers"),
        )
        for name, fits, allowed in kinds:
            value = getattr(self, name)
            needed = name in ("max_strain", "max_area")
            if not fits(value) and (needed or value is not None):
                raise _unusable(name, value, allowed)

    def _require_options(self) -> None:
        """Refuse impossible values of the options that are off by default."""
        wrong: tuple[str, object, str] | None = None
        if self.max_atoms is not None and self.max_atoms < 1:
            wrong = ("max_atoms", self.max_atoms, "1 or more")
        if self.max_misfit_angle is not None and not 0 < self.max_misfit_angle < 90:
            wrong = ("max_misfit_angle", self.max_misfit_angle, "between 0 and 90 degrees")
        if self.rotation is not None and not -180 <= self.rotation[0] <= self.rotation[1] <= 180:
            wrong = ("rotation", self.rotation, "two angles from -180 to 180, the smaller first")
        if self.parallel is not None and not all(any(axis) for axis in self.parallel):
            wrong = ("parallel", self.parallel, "two directions other than [0, 0, 0]")
        if self.parity not in ("any", "even"):
            wrong = ("parity", self.parity, "any or even")
        if wrong is not None:
            raise _unusable(*wrong)


def _unusable(name: str, measured: object, allowed: str) -> UsageError:
    return UsageError(
        f"{name} cannot be used",
        where="limits",
        measured=repr(measured) if isinstance(measured, str) else measured,
        allowed=allowed,
        next_step="leave it out for no such limit",
    )


def _window(angle: float) -> tuple[float, float]:
    """Return the window around one angle; it ends at half a turn."""
    return max(angle - ANGLE_TOLERANCE, -180.0), min(angle + ANGLE_TOLERANCE, 180.0)


def _real(value: object) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def _whole(value: object) -> bool:
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def _angle_or_two(value: object) -> bool:
    return _real(value) or (_listed(value, 2) and all(map(_real, cast("Sequence[object]", value))))


def _two_directions(value: object) -> bool:
    return _listed(value, 2) and all(
        _listed(axis, 3) and all(map(_whole, axis)) for axis in cast("Sequence[Any]", value)
    )


def _listed(value: object, count: int) -> bool:
    listed = isinstance(value, Sequence) and not isinstance(value, str)
    return listed and len(cast("Sequence[object]", value)) == count
