"""Periodic Gaussian random fields, whose level sets are interpenetrating phases.

A field is drawn in reciprocal space: each wave of the cell has a random phase and an amplitude
from the spectral density. Two correlation functions ρ(r) are known, both fixed by one number, the
correlation length ξ at which ρ has fallen to 1/e:

=========== ========================== ===================================================
spectrum    ρ(r)                       morphology
=========== ========================== ===================================================
`smooth`    exp(−r²/ξ²)                domains of many sizes
`spinodal`  sin(k r) / (k r)           one wavelength 2π/k = 2.86 ξ, as in early spinodal
                                       decomposition (10.1063/1.1695731)
=========== ========================== ===================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from heterobuild.geometry.periodic_pairs import face_heights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray

Spectrum: TypeAlias = Literal["smooth", "spinodal"]
"""Names of the spectra."""

FINENESS = 6
"""Grid points along a correlation length; a cubic spline between them is exact to 1 %."""

SHELL = 0.08
"""Width of the shell of wave vectors of the spinodal spectrum, as a fraction of its radius: narrow,
but with many waves of the cell in it."""

_FALLEN = 2.1991230711614547
"""Where sin(x)/x has fallen to 1/e."""


def correlation(spectrum: str, length: float, distance: FloatArray) -> FloatArray:
    """Return the correlation function of the endless field.

    Parameters
    ----------
    spectrum : {"smooth", "spinodal"}
        The spectrum.
    length : float
        Correlation length in Å.
    distance : (n,) float array
        Distances in Å.

    Returns
    -------
    (n,) float array
        ρ, 1 at distance 0 and 1/e at the correlation length. That of the spinodal spectrum is
        given for a shell without width.

    Examples
    --------
    >>> [float(correlation(s, 30.0, np.array([30.0])).round(4)[0]) for s in ("smooth", "spinodal")]
    [0.3679, 0.3679]
    """
    x = np.asarray(distance, dtype=np.float64) / length
    if spectrum == "smooth":
        smooth: FloatArray = np.exp(-(x**2))
        return smooth
    wave: FloatArray = np.sinc(_FALLEN * x / np.pi)
    return wave


def mean_square_slope(spectrum: str, length: float) -> float:
    """Return −ρ″(0), the mean square of the slope of a field along a line.

    Parameters
    ----------
    spectrum : {"smooth", "spinodal"}
        The spectrum.
    length : float
        Correlation length in Å.

    Returns
    -------
    float
        In 1/Å²: 2/ξ², or k²/3.
    """
    if spectrum == "smooth":
        return 2 / length**2
    return (_FALLEN / length) ** 2 / 3


def wall_area_per_volume(slope: float, fraction: float) -> float:
    """Return the area of the level set of an isotropic Gaussian field per volume.

    A line meets the level u on average √(−ρ″(0)) exp(−u²/2) / π times per length
    (10.1002/j.1538-7305.1945.tb00453.x), and the area per volume is twice that
    (10.1007/BF03397456).

    Parameters
    ----------
    slope : float
        −ρ″(0) in 1/Å².
    fraction : float
        Volume fraction on one side of the level.

    Returns
    -------
    float
        Area per volume in 1/Å.

    Examples
    --------
    >>> round(wall_area_per_volume(mean_square_slope("smooth", 30.0), 0.5) * 30, 4)
    0.9003
    """
    from scipy.special import ndtri

    level = float(ndtri(fraction))
    return float(2 / np.pi * np.sqrt(slope) * np.exp(-(level**2) / 2))


def field_grid(cell: FloatArray, length: float) -> tuple[int, int, int]:
    """Return a grid on which a field is smooth.

    Parameters
    ----------
    cell : (3, 3) float array
        Cell in Å.
    length : float
        Correlation length in Å.

    Returns
    -------
    tuple of int
        Points along each vector of the cell.
    """
    edges = np.linalg.norm(cell, axis=1)
    a, b, c = np.maximum(8, np.ceil(FINENESS * edges / length)).astype(int).tolist()
    return a, b, c


def gaussian_field(
    cell: FloatArray,
    length: float,
    *,
    spectrum: Spectrum = "smooth",
    rng: np.random.Generator,
) -> FloatArray:
    """Draw a periodic field with the mean 0 and the variance 1.

    Parameters
    ----------
    cell : (3, 3) float array
        Cell in Å, of any shape.
    length : float
        Correlation length in Å; the heights of the cell should be several times as long.
    spectrum : {"smooth", "spinodal"}, optional
        The correlation function.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    (nx, ny, nz) float array
        The field at fractions i/nx, j/ny, k/nz of the cell. Mean and variance are exact for this
        one field: the wave without a period is left out.

    Raises
    ------
    ValueError
        If no wave of the cell is in the spectrum.

    Examples
    --------
    >>> field = gaussian_field(60 * np.eye(3), 15.0, rng=np.random.default_rng(1))
    >>> field.shape, float(abs(field.mean()).round(9)), float(field.std().round(9))
    ((24, 24, 24), 0.0, 1.0)
    """
    grid = field_grid(cell, length)
    noise = np.fft.rfftn(rng.standard_normal(grid))
    weight = _density(_wave_squares(cell, grid), length, spectrum)
    weight[0, 0, 0] = 0.0
    if not weight.max() > 0:
        raise ValueError("no wave of the cell is in the spectrum")
    field: FloatArray = np.fft.irfftn(noise * np.sqrt(weight), s=grid, axes=(0, 1, 2))
    field -= field.mean()
    field /= field.std()
    return field


def sampled(field: FloatArray, fractions: FloatArray) -> FloatArray:
    """Return a periodic field between the points of its grid, by cubic splines.

    Parameters
    ----------
    field : (nx, ny, nz) float array
        The field on its grid.
    fractions : (n, 3) float array
        Points as fractions of the cell, anywhere.

    Returns
    -------
    (n,) float array
        Its values.
    """
    from scipy.ndimage import map_coordinates

    places = fractions.T * np.array(field.shape)[:, None]
    values: FloatArray = map_coordinates(field, places, order=3, mode="grid-wrap")
    return values


def room_for(cell: FloatArray, length: float) -> float:
    """Return how many correlation lengths a cell is high along its lowest direction.

    Parameters
    ----------
    cell : (3, 3) float array
        Cell in Å.
    length : float
        Correlation length in Å.

    Returns
    -------
    float
        The least height over the length.
    """
    return float(face_heights(cell).min() / length)


def _wave_squares(cell: FloatArray, grid: Sequence[int]) -> FloatArray:
    """Return the squares of all wave vectors of a real transform in 1/Å²."""
    steps = [np.fft.fftfreq(n, 1 / n) for n in grid[:2]] + [np.fft.rfftfreq(grid[2], 1 / grid[2])]
    reciprocal = 2 * np.pi * np.linalg.inv(cell).T
    parts = [np.multiply.outer(n, vector) for n, vector in zip(steps, reciprocal, strict=True)]
    squares = np.zeros([len(n) for n in steps])
    for axis in range(3):
        x, y, z = (part[:, axis] for part in parts)
        squares += (x[:, None, None] + y[:, None] + z) ** 2
    return squares


def _density(squares: FloatArray, length: float, spectrum: str) -> FloatArray:
    """Return the spectral density of a field, up to a factor."""
    if spectrum == "smooth":
        smooth: FloatArray = np.exp(-squares * length**2 / 4)
        return smooth
    k = _FALLEN / length
    shell: FloatArray = np.exp(-((np.sqrt(squares) / k - 1) ** 2) / (2 * SHELL**2))
    # There are more long wave vectors than short ones in the shell, as the squares of their length.
    return shell / np.maximum(squares, 1e-12)
