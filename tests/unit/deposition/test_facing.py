"""Energies summed over waves against sums over pairs, image by image."""

from itertools import product

import numpy as np
import pytest

from heterobuild.deposition.facing import COULOMB, facing_shift


def pair_energy(pieces, place, shift, *, reach=12):
    body, film, surface = pieces
    images = np.array(list(product(range(-reach, reach + 1), repeat=2))) @ surface
    total = 0.0
    for q, p in zip(film.arrays["formal_charge"], film.positions, strict=True):
        step = body.positions + place + [*shift, 0.0] - p
        flat = step[:, None, :2] - images
        away = np.sqrt((flat**2).sum(axis=-1) + step[:, None, 2] ** 2)
        potential = (np.exp(-away / 3.0) / away).sum(axis=1)
        total += COULOMB * q * float(body.arrays["formal_charge"] @ potential)
    return total


@pytest.fixture
def pieces(film, body):
    surface = film.stacking.cell[:2, :2]
    top = film.atoms.positions[:, 2].max()
    place = np.array([1.1, 0.7, top + 3.0 - body.atoms.positions[:, 2].min()])
    return body.atoms, film.atoms, surface, place


@pytest.mark.parametrize("angle", [0.0, 20.0])
def test_the_gain_is_that_of_pairs(pieces, angle):
    body, film, surface, place = pieces
    body = body.copy()
    body.rotate(angle, "z")
    shift, gain = facing_shift(body, film, surface, place, area=10.0)
    before, after = (pair_energy((body, film, surface), place, s) for s in (np.zeros(2), shift))
    assert gain == pytest.approx(before - after, rel=2e-3, abs=2e-3)
    assert gain > 0.1


def test_no_place_of_a_grid_is_better(pieces):
    body, film, surface, place = pieces
    shift, _ = facing_shift(body, film, surface, place, area=1.0)
    best = pair_energy((body, film, surface), place, shift, reach=6)
    grid = np.array(list(product(np.arange(8) / 8, repeat=2))) @ surface
    others = [pair_energy((body, film, surface), place, s, reach=6) for s in grid]
    assert best <= min(others) + 0.01


def test_places_far_away_are_all_alike(pieces):
    body, film, surface, place = pieces
    shift, gain = facing_shift(body, film, surface, place + [0, 0, 30.0], area=100.0)
    assert shift.tolist() == [0.0, 0.0]
    assert gain == 0.0


def test_the_shift_leads_to_the_same_site_from_everywhere(pieces):
    body, film, surface, place = pieces
    ends = []
    for start in ([0.0, 0.0], [2.0, 1.0], [-3.0, 5.0]):
        at = place + [*start, 0.0]
        shift, _ = facing_shift(body, film, surface, at, area=0.01)
        ends.append(pair_energy((body, film, surface), at, shift, reach=6))
        assert np.abs(shift @ np.linalg.inv(surface)).max() <= 0.5 + 1e-9
    assert np.ptp(ends) < 0.02
