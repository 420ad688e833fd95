"""Dots inside a matrix, coherent on its lattice or each on their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from heterobuild.particles.options import Length, ParticleShape, WallProfile

if TYPE_CHECKING:
    from heterobuild.model import Crystal, Heterostructure


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
    spread: float = 0.1


@dataclass(frozen=True, kw_only=True)
class Embedded:
    """One or many dots in a periodic or slab matrix.

    Parameters
    ----------
    shape : ParticleShape, optional
        Form and mean size of the dots.
    cells : int or list of int, optional
        Size of the matrix in pseudo-cubic cells along its axes; where neither this nor `box` is
        given, the dot with three cells of matrix on each side.
    box : length or list of lengths, optional
        The same in Å, or as text in nm; the nearest number of cells is taken.
    count : int, optional
        Number of dots.
    volume_fraction : float, optional
        Share of the volume that the dots take, instead of a number.
    sizes : DotSizes, optional
        Distribution of sizes of many dots.
    separation : float, optional
        Least distance in Å between the walls of two dots.
    arrangement : {"random", "sc", "bcc", "fcc"}, optional
        Where many dots are: random sequential, or on a lattice.
    dots : str, optional
        CSV file of dots (x, y, z, radius, and orientation) instead of count and sizes.
    wall : {"auto", "coherent", "incoherent"}, optional
        Coherent dots take the sites of the matrix, and its octahedral network runs on; incoherent
        ones keep their own lattice. "auto" is coherent where both have the same network.
    shared_plane : {"dot", "matrix", "mixed"}, optional
        Whose halide the plane at a coherent wall holds.
    profile : WallProfile, optional
        Composition profile across coherent walls.
    orientation : str, optional
        Orientation of incoherent dots: "aligned", "random", or a relation of parallel directions
        and planes of dot and matrix, "[100]||[110], (001)||(001)"; "auto" takes the known
        relation, else aligned.
    gap : float or "auto", optional
        Distance in Å left between an incoherent dot and the matrix; "auto" lets the closest ions
        touch.
    periodic : {"bulk", "slab"}, optional
        A matrix without end, or a slab with vacuum along z.
    cations : {"aligned", "dipole-cancelled", "random"}, optional
        Rule that orients molecular cations whose orientation diffraction leaves open.
    vacuum : float, optional
        Empty height in Å of a slab.
    elastic : bool or "auto", optional
        Whether positions are relaxed around coherent dots by the elastic estimate.
    cell : {"fixed", "relaxed"}, optional
        Whether the elastic estimate may change the cell.
    termination : {"AX", "BX2"}, optional
        Outermost plane of incoherent dots on {100} faces.
    neutrality : {"auto", "remove-A", "add-A", "remove-X", "add-X", "refuse"}, optional
        How the formal charge of incoherent walls is brought to zero.
    """

    shape: ParticleShape = field(default_factory=ParticleShape)
    cells: int | tuple[int, int, int] | None = None
    box: Length | tuple[Length, Length, Length] | None = None
    count: int = 1
    volume_fraction: float | None = None
    sizes: DotSizes = field(default_factory=DotSizes)
    separation: float = 6.0
    arrangement: Literal["random", "sc", "bcc", "fcc"] = "random"
    dots: str | None = None
    wall: Literal["auto", "coherent", "incoherent"] = "auto"
    shared_plane: Literal["dot", "matrix", "mixed"] = "matrix"
    profile: WallProfile = field(default_factory=WallProfile)
    orientation: str = "auto"
    gap: float | Literal["auto"] = "auto"
    periodic: Literal["bulk", "slab"] = "bulk"
    cations: Literal["aligned", "dipole-cancelled", "random"] = "random"
    vacuum: float = 15.0
    elastic: bool | Literal["auto"] = "auto"
    cell: Literal["fixed", "relaxed"] = "fixed"
    termination: Literal["AX", "BX2"] = "AX"
    neutrality: Literal["auto", "remove-A", "add-A", "remove-X", "add-X", "refuse"] = "auto"

    def build(
        self, dot: Crystal, matrix: Crystal, *, name: str = "embedded", seed: int = 0
    ) -> Heterostructure:
        """Build the dots in their matrix."""
        raise NotImplementedError
