"""Options of dots in a matrix that cannot be meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heterobuild.errors import UsageError
from heterobuild.particles.sizes import MOST_OCTAHEDRA

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heterobuild.particles.options import ParticleShape


def judge_dot(shape: ParticleShape) -> None:
    """Refuse a form without ends.

    Parameters
    ----------
    shape : ParticleShape
        Form of the dots.

    Raises
    ------
    UsageError
        If it is a wire.
    """
    if shape.kind == "wire":
        raise UsageError(
            "a dot has an end in all directions",
            where="shape",
            measured="wire",
            next_step="take a rod, or build the wire as core_shell",
        )


def judge_cells(cells: int | tuple[int, int, int] | None) -> None:
    """Refuse a matrix without cells, or with more than can be counted.

    Parameters
    ----------
    cells : int, tuple of int or None
        Size of the matrix in cells.

    Raises
    ------
    UsageError
        If a number is out of range.
    """
    sizes = (cells,) if isinstance(cells, int) else cells or (1,)
    if not 1 <= min(sizes) <= max(sizes) <= MOST_OCTAHEDRA:
        raise UsageError(
            "the matrix has at least one cell along each axis",
            where="cells",
            measured=cells,
            allowed=f"1 to {MOST_OCTAHEDRA}",
            next_step="use 10",
        )


def judge_free_cell(cell: str, elastic: object) -> None:
    """Refuse a cell that shall relax without the elastic estimate.

    Parameters
    ----------
    cell : str
        ``fixed`` or ``relaxed``.
    elastic : bool or "auto"
        Whether the estimate is made.

    Raises
    ------
    UsageError
        If the two contradict each other.
    """
    if cell == "relaxed" and elastic is False:
        raise UsageError(
            "the cell relaxes with the elastic estimate only",
            where="cell",
            measured="relaxed, with elastic: false",
            next_step="leave elastic out, or take cell: fixed",
        )


def judge_reach(reach: float, ligands: Mapping[str, float]) -> None:
    """Refuse a reach of ligands that is no length, or that was given without ligands.

    Parameters
    ----------
    reach : float
        Distance from the dots in Å up to which they stand.
    ligands : mapping of str to float
        The ligands.

    Raises
    ------
    UsageError
        If it is not positive.
    """
    if not 0 < reach <= 1000:
        raise UsageError(
            "the reach of ligands is a length",
            where="ligand_reach",
            measured=reach,
            allowed="more than 0 and at most 1000 Å" + ("" if ligands else ", with ligands"),
            next_step="use 8",
        )
