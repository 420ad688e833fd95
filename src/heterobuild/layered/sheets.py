"""One sheet of corner-sharing octahedra: n layers of them, cut from a perovskite along (001).

The octahedra are as rigid as a periodic sheet allows. B cations form a square lattice of length
ℓ. Neighbouring octahedra turn in opposite senses by φ about the normal, which moves a bridging
halide from the middle of its B–B by (ℓ/2) tan φ, and by θ about the second axis of the cell
(pseudo-cubic [110]), which moves it up or down by d sin θ cos φ / √2 and the apical halides
sideways by d sin θ; d is the length of a bond. The turn θ has to alternate from layer to layer,
because the layers share apical halides; the turn φ may alternate or not. B cations stay in flat
planes. A turn θ shortens the first axis against the second by cos θ at constant area.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from ase.data import atomic_numbers

from heterobuild.chemistry.ions import formal_charge
from heterobuild.labels import Site
from heterobuild.layered.sheet_limits import check_layers, check_lengths, check_turns

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Sheet:
    """The inorganic part of a layered perovskite between two planes of terminal halides.

    The mid-plane is z = 0, the first B cation of each layer at x = y = 0. Only ions are listed;
    the cages hold A cations later.

    Parameters
    ----------
    layers : int
        Layers of octahedra.
    cell : (2, 2) float array
        In-plane vectors in Å, rows; the first along x.
    square : (2, 2) float array
        Pseudo-cubic in-plane axes in Å: the squares of B cations.
    numbers : (k,) int array
        Atomic numbers of B cations and halides.
    positions : (k, 3) float array
        Coordinates in Å.
    site : (k,) int array
        Codes of `heterobuild.labels.Site`.
    charges : (k,) float array
        Formal charges in e.
    cages : (c, 3) float array
        Centres of the cages for A cations in Å.
    terminals_top, terminals_bottom : (m, 3) float array
        Terminal halides in Å.
    pockets_top, pockets_bottom : (m, 3) float array
        Centres of the squares of four terminal halides in Å, at their mean height.
    rotation, tilt : float
        Turns φ about the normal and θ about the second axis in degrees.
    """

    layers: int
    cell: FloatArray
    square: FloatArray
    numbers: IntArray
    positions: FloatArray
    site: IntArray
    charges: FloatArray
    cages: FloatArray
    terminals_top: FloatArray
    terminals_bottom: FloatArray
    pockets_top: FloatArray
    pockets_bottom: FloatArray
    rotation: float
    tilt: float

    @property
    def thickness(self) -> float:
        """Distance in Å between the mean planes of terminal halides."""
        return float(self.terminals_top[:, 2].mean() - self.terminals_bottom[:, 2].mean())

    @property
    def charge(self) -> float:
        """Formal charge in e of one cell without A cations and spacers."""
        return float(self.charges.sum())


def make_sheet(
    b: str,
    x: str,
    layers: int,
    *,
    length: float,
    bond: float,
    terminal: str | None = None,
    terminal_bond: float | None = None,
    step: float | None = None,
    rotation: float | None = None,
    least_rotation: float = 0.0,
    tilt: float = 0.0,
    in_phase: bool = False,
    smallest: bool = False,
    charge: float | None = None,
) -> Sheet:
    """Build a sheet of octahedra.

    Parameters
    ----------
    b, x : str
        Elements of the B cation and of the halide.
    layers : int
        Layers of octahedra, from 1 to `heterobuild.layered.sheet_limits.MOST_LAYERS`.
    length : float
        In-plane pseudo-cubic length ℓ in Å, the root of the area of one octahedron.
    bond : float
        B–X bond length d in Å, the aim of bridging halides.
    terminal : str, optional
        Element of the terminal halides where it is another one, as in Cs2PbI2Cl2.
    terminal_bond : float, optional
        Length of the bond to it in Å; `bond` by default.
    step : float, optional
        Distance in Å of successive layers of B cations; 2 d cos θ by default.
    rotation : float, optional
        Turn φ about the normal in degrees. By default what gives bridging bonds the length d:
        cos φ = ℓ / (2 d √(1 − ½ sin² θ)), and none where the square is too wide for it.
    least_rotation : float, optional
        Least turn φ in degrees where `rotation` is not given; bridging bonds become longer.
    tilt : float, optional
        Turn θ about the second axis in degrees.
    in_phase : bool, optional
        Whether φ has one sense all along the normal; by default it alternates from layer to
        layer, as in the tetragonal phase of MAPbI3.
    smallest : bool, optional
        Take the 1 × 1 cell where there are no turns; √2 × √2 otherwise, which most spacers need
        for their herringbone.
    charge : float, optional
        Formal charge of the B cation in e; its usual one by default.

    Returns
    -------
    Sheet
        The sheet.

    Raises
    ------
    UsageError
        If a number is impossible, or the smallest cell is wanted with turns.

    Examples
    --------
    >>> sheet = make_sheet("Pb", "I", 2, length=6.25, bond=3.19)
    >>> len(sheet.numbers), round(sheet.rotation, 1), round(sheet.thickness, 2), sheet.charge
    (18, 11.6, 12.76, -6.0)
    """
    check_layers(layers)
    check_lengths(length, bond)
    theta = np.radians(tilt)
    phi = _rotation(length, bond, theta) if rotation is None else np.radians(rotation)
    phi = max(phi, np.radians(least_rotation)) if rotation is None else phi
    check_turns(np.degrees(phi), tilt, smallest=smallest)
    square, cell = _in_plane(length, theta, smallest=smallest)
    end = bond if terminal_bond is None else terminal_bond
    rise = 2 * bond * np.cos(theta) if step is None else step
    heights = rise * (np.arange(layers) - (layers - 1) / 2)
    corners = np.zeros((1, 2)) if smallest else np.array([[0.0, 0.0], square[1]])
    along = np.array([1.0, -1.0])[: len(corners)]
    turns = along[None, :] * (np.ones(layers) if in_phase else _alternating(layers))[:, None]
    swings = along[None, :] * _alternating(layers)[:, None]
    metals = _lifted(corners, heights)
    lift = bond * np.sin(theta) * np.cos(phi) / np.sqrt(2)
    bridges = [
        _bridges(metals, arm, np.tan(phi) * turns, lift * swings).reshape(-1, 3) for arm in square
    ]
    bottom = metals[0] - end * _apex(theta, swings[0])
    top = metals[-1] + end * _apex(theta, swings[-1])
    inner = metals[:-1] + rise / (2 * np.cos(theta)) * _apex(theta, swings[:-1])
    middle = square.sum(axis=0) / 2
    blocks = [metals.reshape(-1, 3), np.concatenate([*bridges, inner.reshape(-1, 3)]), bottom, top]
    species = [b, x, terminal or x, terminal or x]
    numbers, site, charges = _ions(species, [len(block) for block in blocks], charge)
    return Sheet(
        layers=layers,
        cell=cell,
        square=square,
        numbers=numbers,
        positions=np.concatenate(blocks),
        site=site,
        charges=charges,
        cages=_lifted(corners + middle, (heights[:-1] + heights[1:]) / 2).reshape(-1, 3),
        terminals_top=top,
        terminals_bottom=bottom,
        pockets_top=_lifted(corners + middle, top[:, 2].mean(keepdims=True))[0],
        pockets_bottom=_lifted(corners + middle, bottom[:, 2].mean(keepdims=True))[0],
        rotation=float(np.degrees(phi)),
        tilt=float(tilt),
    )


def _rotation(length: float, bond: float, theta: float) -> float:
    """Return the turn about the normal in radians that gives bridging bonds their length."""
    cosine = length / (2 * bond * np.sqrt(1 - np.sin(theta) ** 2 / 2))
    return float(np.arccos(min(cosine, 1.0)))


def _in_plane(length: float, theta: float, *, smallest: bool) -> tuple[FloatArray, FloatArray]:
    """Return the pseudo-cubic axes and the vectors of the cell, rows in Å."""
    if smallest:
        cell = length * np.eye(2)
        return cell, cell
    stretch = np.array([np.sqrt(np.cos(theta)), 1 / np.sqrt(np.cos(theta))])
    cell = np.sqrt(2) * length * np.diag(stretch)
    return np.array([[0.5, -0.5], [0.5, 0.5]]) @ cell, cell


def _alternating(count: int) -> FloatArray:
    """Return 1, −1, 1, …."""
    signs: FloatArray = 1.0 - 2.0 * (np.arange(count) % 2)
    return signs


def _lifted(points: FloatArray, heights: FloatArray) -> FloatArray:
    """Put points of the plane at each height, shape (heights, points, 3)."""
    lifted = np.empty((len(heights), len(points), 3))
    lifted[..., :2] = points
    lifted[..., 2] = heights[:, None]
    return lifted


def _bridges(
    metals: FloatArray, arm: FloatArray, slopes: FloatArray, rises: FloatArray
) -> FloatArray:
    """Return the halides between each B cation and the next one along an axis of the square."""
    across = np.array([-arm[1], arm[0]]) / 2
    bridges = metals.copy()
    bridges[..., :2] += arm / 2 + slopes[..., None] * across
    bridges[..., 2] -= rises
    return bridges


def _apex(theta: float, swings: FloatArray) -> FloatArray:
    """Return the direction from B cations to their upper apical halides."""
    apex = np.zeros((*swings.shape, 3))
    apex[..., 0] = np.sin(theta) * swings
    apex[..., 2] = np.cos(theta)
    return apex


def _ions(
    species: list[str], counts: list[int], charge: float | None
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return number, role and charge of each ion; the first species is the B cation."""
    roles = [Site.B] + [Site.X] * (len(species) - 1)
    charges = [float(formal_charge(name)) for name in species]
    charges[0] = charges[0] if charge is None else charge
    return (
        np.repeat([atomic_numbers[name] for name in species], counts),
        np.repeat(np.array(roles, dtype=np.int64), counts),
        np.repeat(charges, counts),
    )
