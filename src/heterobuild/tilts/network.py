"""Networks of tilted octahedra with chosen angles, as rigid as the tilt system allows.

The octahedra of 2 × 2 × 2 pseudo-cubic cells are turned by rotation vectors, whose components
about the pseudo-cubic axes follow the in-phase or antiphase patterns of
`heterobuild.tilts.angles`. Each shared X is placed at the mean of the two corners it
joins, and the lattice at the mean of all, which is the best fit in the least-squares sense. The
rotations that the tilt system leaves open (two tilts of different kind bring a third, of the
second order) are then adjusted until the corners meet as nearly as possible. In 19 of the 23
systems they meet exactly: the octahedra are regular. In the four with two in-phase tilts and an
antiphase one (a+b+c-, a+a+c-, a+b+b-, a+a+a-) they cannot, and the distortion is reported.
Woodward (10.1107/S0108768196010713) names a0b+b- and a0b+c- with these four; the two close
once the rotation of second order about the axis a0, half the product of the tilts, is let in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.crystals.cations import pseudocubic_directions
from heterobuild.geometry.strain import polar
from heterobuild.tilts.angles import tilt_patterns
from heterobuild.tilts.octahedra import rotation_vectors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import BoolArray, FloatArray
    from heterobuild.tilts.glazer import Signs

CELLS = np.stack(np.meshgrid([0, 1], [0, 1], [0, 1], indexing="ij"), axis=-1).reshape(8, 3)
"""Numbers (i, j, k) of the eight octahedra."""

_NEXT = np.stack([(CELLS + step) % 2 @ np.array([4, 2, 1]) for step in np.eye(3, dtype=int)], 1)
_SIGNS = 1.0 - 2.0 * ((CELLS @ CELLS.T) % 2)
_STEP = 1e-6
_CONVERGED = 1e-11
_ROUNDS = 60


@dataclass(frozen=True, kw_only=True, eq=False)
class TiltedNetwork:
    """Corner-sharing octahedra in 2 × 2 × 2 pseudo-cubic cells.

    Parameters
    ----------
    axes : (3, 3) float array
        Pseudo-cubic axes in Å, rows; a symmetric matrix, so that no tilt is hidden in it.
    bonds : (8, 3, 3) float array
        For each octahedron of `CELLS`, in Å the vectors from B to the X along each axis. The X
        against the axis are opposite, B being a centre of inversion in all tilt systems.
    length_spread : float
        Largest deviation of a B–X length from their mean, as a fraction of it.
    angle_spread : float
        Largest deviation of an X–B–X angle from 90° in degrees.
    """

    axes: FloatArray
    bonds: FloatArray
    length_spread: float
    angle_spread: float

    @property
    def centres(self) -> FloatArray:
        """The B positions in Å, shape (8, 3), in the order of `CELLS`."""
        places: FloatArray = CELLS @ self.axes
        return places

    @property
    def corners(self) -> FloatArray:
        """The X positions in Å, shape (24, 3): three for each B."""
        places: FloatArray = (self.centres[:, None, :] + self.bonds).reshape(24, 3)
        return places


def tilted_network(signs: Signs, angles: Sequence[float], *, bond: float) -> TiltedNetwork:
    """Tilt octahedra.

    Parameters
    ----------
    signs : tuple of {"+", "-", "0"}
        Pattern of the tilt about each pseudo-cubic axis.
    angles : sequence of float
        Tilt about each axis in degrees; those with the sign 0 are not read.
    bond : float
        Mean B–X length in Å.

    Returns
    -------
    TiltedNetwork
        The network; `heterobuild.tilts.angles` measures the same angles on it.

    Examples
    --------
    >>> network = tilted_network(("0", "0", "-"), (0, 0, 60), bond=3.0)
    >>> network.axes.round(6).diagonal().tolist()
    [3.0, 3.0, 6.0]
    """
    wanted = np.array([0.0 if s == "0" else a for s, a in zip(signs, angles, strict=True)])
    fixed, chosen = _modes(signs)
    modes = np.where(chosen, wanted, 0.0)
    for _ in range(_ROUNDS):
        modes = _meet(modes, fixed)
        axes, bonds = _upright(*_joined(modes)[:2])
        short = np.where(fixed, modes_of(bonds, axes), 0.0)
        change = np.where(fixed, np.where(chosen, wanted, 0.0) - short, 0.0)
        change[0] = 0.0
        modes = modes + change
        if np.abs(change).max() < _CONVERGED:
            break
    scale = bond / np.linalg.norm(bonds, axis=-1).mean()
    return _network(axes * scale, bonds * scale)


def modes_of(bonds: FloatArray, axes: FloatArray) -> FloatArray:
    """Return the tilts of a network, one for each pattern of signs over the eight octahedra.

    Parameters
    ----------
    bonds : (8, 3, 3) float array
        As in `TiltedNetwork`.
    axes : (3, 3) float array
        Pseudo-cubic axes, rows.

    Returns
    -------
    (8, 3) float array
        Amplitudes in degrees about the three axes; row (p, q, r) of `CELLS` belongs to the
        pattern (−1)^(p i + q j + r k), the last one to antiphase tilts.
    """
    frame = pseudocubic_directions(axes, None)
    amplitudes: FloatArray = _SIGNS @ rotation_vectors(bonds @ frame.T) / len(CELLS)
    return amplitudes


def _modes(signs: Signs) -> tuple[BoolArray, BoolArray]:
    """Return which amplitudes are given, and which of them are those of the tilt system."""
    in_phase, antiphase = tilt_patterns(CELLS)
    plus = np.abs(_SIGNS @ in_phase) == len(CELLS)
    minus = np.broadcast_to(np.abs(_SIGNS @ antiphase) == len(CELLS), (8, 3))
    fixed = plus | minus
    fixed[0] = True
    sign = np.array(signs)
    return fixed, (plus & (sign == "+")) | (minus & (sign == "-"))


def _joined(modes: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Join octahedra of unit B–X at common corners; what does not meet is the third result."""
    wishes = np.swapaxes(_turns(_SIGNS @ np.radians(modes)), 1, 2)
    across = wishes[_NEXT, np.arange(3)]
    half = wishes.mean(axis=0)
    return 2 * half, 0.5 * (wishes - across) + half, 0.5 * (wishes + across) - half


def _meet(modes: FloatArray, fixed: BoolArray) -> FloatArray:
    """Adjust the open rotations until the corners meet as nearly as possible (Gauss–Newton)."""
    steps = np.zeros((int((~fixed).sum()), 8, 3))
    steps[np.arange(len(steps)), *np.nonzero(~fixed)] = np.degrees(_STEP)
    for _ in range(_ROUNDS):
        gap = _joined(modes)[2].ravel()
        slopes = [(_joined(modes + s)[2] - _joined(modes - s)[2]).ravel() for s in steps]
        change = np.linalg.lstsq(np.array(slopes).T / (2 * _STEP), -gap, rcond=None)[0]
        modes = modes.copy()
        modes[~fixed] += np.degrees(change)
        if np.abs(change).max(initial=0.0) < _CONVERGED:
            break
    return modes


def _turns(vectors: FloatArray) -> FloatArray:
    """Return the matrices of rotation vectors in radians, for column vectors."""
    angle = np.linalg.norm(vectors, axis=-1)[:, None, None]
    cross = np.zeros((len(vectors), 3, 3))
    cross[:, [2, 0, 1], [1, 2, 0]] = vectors
    cross[:, [1, 2, 0], [2, 0, 1]] = -vectors
    first, second = np.sinc(angle / np.pi), 0.5 * np.sinc(angle / (2 * np.pi)) ** 2
    matrices: FloatArray = np.eye(3) + first * cross + second * (cross @ cross)
    return matrices


def _upright(axes: FloatArray, bonds: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Turn the whole so that the matrix of the axes is symmetric."""
    stretch, rotation = polar(axes)
    return stretch, bonds @ rotation.T


def _network(axes: FloatArray, bonds: FloatArray) -> TiltedNetwork:
    """Measure how far the octahedra are from regular ones."""
    lengths = np.linalg.norm(bonds, axis=-1)
    units = bonds / lengths[..., None]
    cosines = np.einsum("nai,nai->na", units, np.roll(units, 1, axis=1))
    return TiltedNetwork(
        axes=axes,
        bonds=bonds,
        length_spread=float(np.abs(lengths / lengths.mean() - 1.0).max()),
        angle_spread=float(np.abs(np.degrees(np.arcsin(cosines))).max()),
    )
