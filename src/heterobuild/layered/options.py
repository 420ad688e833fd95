"""What a layered phase is made of, and what a user may choose about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from heterobuild.model import Molecule

Prototype: TypeAlias = Literal["ruddlesden_popper", "dion_jacobson"]


@dataclass(frozen=True, kw_only=True)
class LayeredIons:
    """The ions of a layered phase.

    Parameters
    ----------
    spacer : str
        Molecule of the library, or element.
    a : str or None, optional
        Cation in the cages: molecule or element; None where there are no cages (n = 1).
    b : str
        Element of the B cation.
    x : str
        Element of the halide.
    terminal : str or None, optional
        Element of the terminal halides where it is another one.
    """

    spacer: str
    a: str | None = None
    b: str
    x: str
    terminal: str | None = None

    @property
    def end(self) -> str:
        """The element of the terminal halides."""
        return self.terminal or self.x


@dataclass(frozen=True, kw_only=True)
class LayeredOptions:
    """How a layered phase is built; lengths in Å, angles in degrees.

    For spacers that are packed as their mirror image, such as S-MBA, angles and offset are those of
    the mirror image, see `heterobuild.layered.mirror_images`.

    Parameters
    ----------
    offset : tuple of float, optional
        Shift of every second sheet in units of the pseudo-cubic in-plane axes. By default
        (½, ½) for Ruddlesden–Popper, as in all measured ones, and (0, 0) for Dion–Jacobson, as
        with 4AMP and 3AMP.
    rotation : float, optional
        Turn of the octahedra about the normal. By default what gives bridging bonds their usual
        length, and at least 13°, as measured, in sheets of one layer; none with single ions as
        spacers, which form no hydrogen bonds.
    tilt : float, optional
        Turn of the octahedra about the second axis of the cell.
    in_phase : bool, optional
        Whether the turn about the normal has one sense in all layers of a sheet.
    length : float, optional
        In-plane pseudo-cubic length; estimated by default.
    bond : float, optional
        Bond of B to the inner halides; estimated by default.
    gap : float, optional
        Distance of facing planes of terminal halides. By default that of measured phases with
        the same spacer and halide, else what the packing of the spacers gives.
    cations : {"aligned", "dipole-cancelled", "random"}, optional
        Rule that orients molecules in the cages, see `heterobuild.crystals.cations`.
    seed : int, optional
        Seed of the random rule.
    spacer_tilt, azimuth, roll : float, optional
        Direction of the spacers, see `heterobuild.spacers.packing.pack_spacers`.
    depth : float, optional
        How far heads of spacers, or single ions, lie below the plane of terminal halides.
    interdigitation : bool, optional
        Whether spacers of the two faces may reach between one another.
    flip : bool, optional
        Whether spacers turn to the other side of the normal, see `pack_spacers`.
    molecules : tuple of Molecule, optional
        Molecules that the library does not hold; `LayeredIons` names them.
    """

    offset: tuple[float, float] | None = None
    rotation: float | None = None
    tilt: float = 0.0
    in_phase: bool = False
    length: float | None = None
    bond: float | None = None
    gap: float | None = None
    cations: str = "aligned"
    seed: int = 0
    spacer_tilt: float | None = None
    azimuth: float | None = None
    roll: float | None = None
    depth: float | None = None
    interdigitation: bool = True
    flip: bool = False
    molecules: tuple[Molecule, ...] = ()
