from __future__ import annotations

import numpy as np
import pytest

from heterobuild.matching import MatchLimits, find_matches
from heterobuild.matching.intersections import lattice_forms
from heterobuild.matching.placements import placed_match, placements
from heterobuild.matching.surfaces import surface_of

SQUARE = surface_of(np.diag([5.0, 5.0]), "reference")
OBLONG = np.diag([10.1, 4.95])


def test_rotations_of_the_reference_give_further_places() -> None:
    limits = MatchLimits(max_strain=0.05, max_area=60)
    assert len(find_matches(OBLONG, SQUARE, limits)) == 1
    places = placements(surface_of(OBLONG), SQUARE, limits)
    assert sorted(places.forms.tolist()) == [[1, 0, 2], [2, 0, 1]]


@pytest.mark.parametrize(
    "reference", [np.diag([5.0, 5.0]), np.array([[5.0, 0.0], [-2.5, 2.5 * 3**0.5]])]
)
def test_turned_matches_still_map_the_film(reference: np.ndarray) -> None:
    film, base = np.array([[5.3, 0.2], [-0.9, 6.1]]), surface_of(reference)
    places = placements(surface_of(film), base, MatchLimits(max_strain=0.12, max_area=150))
    assert len(places) > 5
    for number, form in enumerate(places.forms):
        match = placed_match(places, number, base)
        assert lattice_forms(match.substrate[None])[0].tolist() == form.tolist()
        mapped = match.film @ film @ match.deformation
        assert np.allclose(mapped, match.substrate @ reference, atol=1e-6)
        values = np.abs(np.log(np.linalg.svd(match.deformation, compute_uv=False)))
        assert values.max() == pytest.approx(match.log_strain, abs=1e-7)
        u, _, v = np.linalg.svd(match.deformation)
        turn = u @ v
        angle = np.degrees(np.arctan2(turn[0, 1], turn[0, 0]))
        assert (match.rotation - angle + 180) % 360 - 180 == pytest.approx(0, abs=1e-5)
        assert -180 < match.rotation <= 180


def test_each_place_has_its_least_strain() -> None:
    film, limits = surface_of(np.diag([5.2, 5.3])), MatchLimits(max_strain=0.2, max_area=200)
    places = placements(film, SQUARE, limits)
    best: dict[tuple[int, ...], float] = {}
    for match in find_matches(film, SQUARE, limits):
        for turn in SQUARE.turns:
            name = tuple(lattice_forms((match.substrate @ turn)[None])[0].tolist())
            best[name] = min(match.log_strain, best.get(name, 1.0))
    assert {tuple(form) for form in places.forms.tolist()} == set(best)
    for number, form in enumerate(places.forms.tolist()):
        assert placed_match(places, number, SQUARE).log_strain == best[tuple(form)]


def test_images_outside_a_window_are_left_out() -> None:
    film = surface_of(np.diag([5.1, 5.1]))
    limits = MatchLimits(max_strain=0.05, max_area=200, rotation=(80.0, 100.0))
    places = placements(film, SQUARE, limits)
    assert len(places)
    for number in range(len(places)):
        assert 80 <= placed_match(places, number, SQUARE).rotation <= 100


def test_nothing_fits() -> None:
    film = surface_of(np.diag([5.9, 7.1]))
    assert len(placements(film, SQUARE, MatchLimits(max_strain=0.01, max_area=60))) == 0
