"""What a formula says: sublattices, the ions on them, and the structure type."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, kw_only=True)
class Sublattice:
    """The ions that share one kind of site.

    Parameters
    ----------
    name : str
        ``spacer``, ``A``, ``B``, ``B'`` (the second B site of a double perovskite), ``X``, or
        ``X'`` (the terminal halide of an inorganic layered phase such as Cs2PbI2Cl2).
    amounts : tuple of (str, fractions.Fraction)
        Ions or molecules by short name, with their amount in one formula unit, in the order of
        the formula.
    """

    name: str
    amounts: tuple[tuple[str, Fraction], ...]

    @property
    def total(self) -> Fraction:
        """The number of sites in one formula unit."""
        return sum((amount for _, amount in self.amounts), Fraction(0))

    @property
    def shares(self) -> tuple[tuple[str, Fraction], ...]:
        """The ions with their share of the sites, which sum to one."""
        return tuple((ion, amount / self.total) for ion, amount in self.amounts)

    @property
    def parent(self) -> str:
        """The ion with the largest share; the first of equals."""
        return max(self.amounts, key=lambda entry: entry[1])[0]

    @property
    def mixed(self) -> bool:
        """Whether several ions share the sites."""
        return len(self.amounts) > 1


@dataclass(frozen=True, kw_only=True)
class Compound:
    """A halide perovskite or a relative, as its formula says.

    Parameters
    ----------
    formula : str
        In the notation of the field, such as ``FA0.85Cs0.15Pb(Br0.4I0.6)3``.
    prototype : str
        Structure type: ``abx3``, ``a4bx6``, ``ab2x5``, ``ab2x3`` (CsCu2I3), ``a3b2x5``
        (Cs3Cu2I5), ``double_perovskite``, ``a2bx6``, ``ruddlesden_popper`` or ``dion_jacobson``.
    layers : int, optional
        Number n of octahedra across one sheet of a layered phase; 0 for others.
    sublattices : tuple of Sublattice
        The kinds of site, in the order spacer, A, B, B', X, X'; those without ions are left out.
    """

    formula: str
    prototype: str
    layers: int = 0
    sublattices: tuple[Sublattice, ...]

    def on(self, name: str) -> Sublattice:
        """Return the sublattice of a name.

        Parameters
        ----------
        name : str
            Such as ``A``.

        Returns
        -------
        Sublattice
            It; without ions where the compound has none of that name.
        """
        found = (entry for entry in self.sublattices if entry.name == name)
        return next(found, Sublattice(name=name, amounts=()))

    @property
    def mixed(self) -> bool:
        """Whether several ions share a sublattice."""
        return any(entry.mixed for entry in self.sublattices)


@dataclass(frozen=True, kw_only=True)
class Mixture:
    """Sites of a crystal that several ions share.

    The atoms of the crystal hold the parent on all of them; the shares are drawn where the
    number of sites is known: in a supercell, or in the whole cell of a heterostructure.

    Parameters
    ----------
    site : str
        Role of the sites, a name of `heterobuild.labels.Site`.
    parent : str
        Element or molecule that the atoms hold there; every unit of that role and name is one
        of the sites.
    shares : tuple of (str, float)
        Ions or molecules with their share of the sites; they sum to one.
    """

    site: str
    parent: str
    shares: tuple[tuple[str, float], ...]
