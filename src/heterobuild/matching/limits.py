"""What a common in-plane cell may cost."""

from __future__ import annotations

import math
from dataclasses import dataclass

from heterobuild.errors import UsageError


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

    Raises
    ------
    UsageError
        If a limit is not positive, or the strain looks like percent.

    Examples
    --------
    >>> MatchLimits(max_strain=0.03)
    MatchLimits(max_strain=0.03, max_area=400.0)
    """

    max_strain: float = 0.05
    max_area: float = 400.0

    def __post_init__(self) -> None:
        """Refuse limits that cannot be meant."""
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
