"""Preconditioned conjugate gradients for the displacements and the strain of a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import HeterobuildError

if TYPE_CHECKING:
    from collections.abc import Callable

    from heterobuild.arrays import FloatArray
    from heterobuild.relaxation.elongations import Elongations

NOISE = 1e-24
"""Squared preconditioned residual, relative to the energy, that is rounding and not a force."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Step:
    """A solution of the linear network.

    Parameters
    ----------
    displacements : (n, 3) float array
        Å.
    strain : (p,) float array
        The components of the homogeneous strain that the network was made with.
    energies : (iterations + 1,) float array
        Energy of the linear network in eV after each iteration.
    start : float
        Squared preconditioned residual at the start, eV.
    """

    displacements: FloatArray
    strain: FloatArray
    energies: FloatArray
    start: float


def minimise(
    rows: Elongations, *, tolerance: float, reference: float = 0.0, most: int = 20000
) -> Step:
    """Minimise the energy of a linear network.

    Conjugate gradients preconditioned with the inverse 3 × 3 diagonal blocks of the sites and
    the inverse stiffness of the homogeneous strain. The matrix is never made: it is applied as
    Bᵀ k B. Rigid motions cost no energy and have no force, so they stay as they are up to
    rounding; the caller takes out what is left.

    Parameters
    ----------
    rows : Elongations
        The network; all components of the strain it was made with relax.
    tolerance : float
        Ratio of the preconditioned residual at the end to that at the start.
    reference : float
        `Step.start` of an earlier solution, eV: the residual at the end is compared with the larger
        one. By default with its own.
    most : int
        Largest number of iterations; the default is beyond what millions of sites take.

    Returns
    -------
    Step
        Displacements, strain and the energies on the way.

    Raises
    ------
    HeterobuildError
        If the network is not stable, or the residual stays above the tolerance.
    """
    k, b, s = rows.stiffness, rows.map, rows.strain_map
    transposed = b.T
    precondition = _preconditioner(rows, s)
    size = b.shape[1]
    x = np.zeros(size + s.shape[1])
    force = _forces(transposed, s, k * rows.lacking)
    energies = [0.5 * float(np.dot(k * rows.lacking, rows.lacking))]
    z = precondition(force)
    direction = z.copy()
    product = start = float(force @ z)
    while product > max(tolerance**2 * max(start, reference), NOISE * energies[0]):
        elongation = b @ direction[:size] + s @ direction[size:]
        image = _forces(transposed, s, k * elongation)
        curvature = float(direction @ image)
        if not curvature > 0 or len(energies) > most:
            raise _failure(
                curvature, len(energies), (product / max(start, reference)) ** 0.5, tolerance
            )
        length = product / curvature
        x += length * direction
        force -= length * image
        energies.append(energies[-1] - 0.5 * length * product)
        z = precondition(force)
        before, product = product, float(force @ z)
        direction *= product / before
        direction += z
    return Step(
        displacements=x[:size].reshape(-1, 3),
        strain=x[size:],
        energies=np.array(energies),
        start=start,
    )


def _forces(transposed: object, s: FloatArray, tension: FloatArray) -> FloatArray:
    """Return Bᵀ and Sᵀ times the tensions of the rows, one after the other."""
    return np.concatenate([transposed @ tension, s.T @ tension])  # type: ignore[operator]


def _preconditioner(rows: Elongations, s: FloatArray) -> Callable[[FloatArray], FloatArray]:
    """Return the product with the inverse diagonal blocks, pseudo-inverse where one is floppy."""
    blocks = np.linalg.pinv(rows.blocks, rcond=1e-9, hermitian=True)
    homogeneous = np.linalg.pinv(s.T @ (rows.stiffness[:, None] * s), hermitian=True)
    size = 3 * len(blocks)

    def apply(force: FloatArray) -> FloatArray:
        answer = np.empty_like(force)
        np.matmul(blocks, force[:size].reshape(-1, 3, 1), out=answer[:size].reshape(-1, 3, 1))
        answer[size:] = homogeneous @ force[size:]
        return answer

    return apply


def _failure(
    curvature: float, iterations: int, reached: float, tolerance: float
) -> HeterobuildError:
    if not curvature > 0:
        return HeterobuildError(
            "the network of springs is not stable",
            measured=f"curvature {curvature:.3g} after {iterations} iterations",
            allowed="above 0",
            next_step="use constants from fit_constants",
        )
    return HeterobuildError(
        "the elastic estimate did not converge",
        measured=f"residual {reached:.3g} after {iterations} iterations",
        allowed=f"{tolerance:.3g}",
        next_step="raise the tolerance",
    )
