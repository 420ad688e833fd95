"""Monolayers of organic ions on the faces of a slab."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Cap:
    """A monolayer of organic ions in place of the outermost ions of one face.

    Parameters
    ----------
    shares : tuple of (str, float)
        Molecules with their share of the monolayer; the shares sum to one.
    coverage : float, optional
        Share of the outermost ions that are exchanged, above 0 and at most 1; all by default.

    Examples
    --------
    >>> Cap(shares=(("PEA", 1.0),), coverage=0.5).words
    'PEA on 50 % of the sites'
    """

    shares: tuple[tuple[str, float], ...]
    coverage: float = 1.0

    @property
    def words(self) -> str:
        """The molecules and the coverage in words."""
        names = ", ".join(
            name if share == 1 else f"{100 * share:.4g} % {name}" for name, share in self.shares
        )
        return f"{names} on {100 * self.coverage:.4g} % of the sites"
