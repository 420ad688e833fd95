"""Images near the fundamental domain against all small elements of SL(2, Z)."""

import itertools

import numpy as np
import pytest

from heterobuild.matching.images import images_near_domain
from heterobuild.matching.superlattices import LatticePoints, lattice_points

REACH = range(-9, 10)
ELEMENTS = np.array(
    [
        m
        for m in itertools.product(REACH, repeat=4)
        if m[0] * m[3] - m[1] * m[2] == 1 and (m[2], m[3]) > (0, 0)
    ]
)
ACROSS, UP = np.meshgrid(np.linspace(-0.5, 0.5, 41), np.geomspace(0.86, 8, 120))
DOMAIN = (ACROSS + 1j * UP)[np.abs(ACROSS + 1j * UP) >= 1]
POINTS = [1j, 0.5 + np.sqrt(0.75) * 1j, 0.31 + 0.96j, -0.47 + 1.3j, 0.5 + 2.1j, 0.02 + 4.4j]


def points_of(tau: np.ndarray) -> LatticePoints:
    first = 5.0 * np.exp(0.3j * np.arange(len(tau)))
    return LatticePoints(
        surface=np.arange(len(tau)),
        first=first,
        tau=tau,
        size=np.log(25 * tau.imag) / 2,
    )


def distances(tau: np.ndarray, other: np.ndarray) -> np.ndarray:
    gap = np.abs(tau[:, None] - other[None]) ** 2 / (2 * tau.imag[:, None] * other.imag[None])
    return np.arccosh(1 + gap)


@pytest.mark.parametrize("distance", [0.02, 0.1, 0.4, 0.99])
@pytest.mark.parametrize("tau", POINTS)
def test_none_is_missing(tau, distance):
    images, source = images_near_domain(points_of(np.array([tau])), distance)
    a, b, c, d = ELEMENTS.T
    every = (a * tau + b) / (c * tau + d)
    near = np.flatnonzero(distances(every, DOMAIN).min(axis=1) < distance)
    matrices = {tuple(ELEMENTS[k].tolist()) for k in near}
    found = set()
    for first, image in zip(images.first, images.tau, strict=True):
        # v1 = c τ + d and v2 = a τ + b in units of the lattice's own first vector.
        lower, upper = first / 5.0, image * first / 5.0
        c, a = lower.imag / tau.imag, upper.imag / tau.imag
        d, b = lower.real - c * tau.real, upper.real - a * tau.real
        entries = np.rint([a, b, c, d]).astype(int)
        np.testing.assert_allclose([a, b, c, d], entries, atol=1e-9)
        key = tuple(entries.tolist())
        found.add(key if (key[2], key[3]) > (0, 0) else tuple(-k for k in key))
    assert len(found) == len(images.tau)
    assert matrices
    assert matrices <= found
    assert (source == 0).all()


def test_shears_of_a_thin_cell_reach_far():
    images, _ = images_near_domain(points_of(np.array([0.2 + 45j])), 0.24)
    shifts = np.rint(images.tau.real - 0.2)
    assert sorted(shifts.tolist()) == list(range(-11, 12))


def test_images_are_bases_of_the_same_lattice():
    points = lattice_points([np.array([[5.1, 0.0], [1.7, 6.3]])], 300.0)
    images, source = images_near_domain(points, 0.1)
    area = (images.first.conj() * images.tau * images.first).imag
    np.testing.assert_allclose(area, np.exp(2 * points.size[source]))
    np.testing.assert_allclose(images.size, points.size[source])
