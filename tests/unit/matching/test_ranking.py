import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.geometry.strain import principal_strains
from heterobuild.matching import MatchLimits, find_matches
from heterobuild.slabs import cut_slab

FILM, SUBSTRATE = np.diag([5.874, 5.874]), np.diag([5.68, 5.68])


def test_the_front_comes_first_and_the_rest_is_beaten():
    matches = find_matches(FILM, SUBSTRATE, MatchLimits(max_area=900))
    sizes = [round(match.area, 4) for match in matches]
    strains = [match.log_strain for match in matches]
    front = 1
    while strains[front] < strains[front - 1] - 1e-8 and sizes[front] > sizes[front - 1]:
        front += 1
    assert front > 2
    for match in matches[front:]:
        assert any(
            other.area <= match.area + 1e-4 and other.log_strain <= match.log_strain + 1e-8
            for other in matches[:front]
        )


def test_strains_areas_and_multiplicity():
    matches = find_matches(FILM, SUBSTRATE, MatchLimits(max_area=330))
    for match in matches:
        np.testing.assert_allclose(match.strains, principal_strains(match.deformation), atol=1e-12)
        np.testing.assert_allclose(
            match.film @ FILM @ match.deformation, match.substrate @ SUBSTRATE, atol=1e-9
        )
        assert match.area == pytest.approx(np.linalg.det(match.substrate @ SUBSTRATE))
        assert match.film_area == pytest.approx(np.linalg.det(match.film @ FILM))
        assert match.multiplicity >= 1


def test_slabs_are_sized_by_atoms():
    film = cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=2)
    substrate = cut_slab(load_crystal("CsPbI3_alpha"), "001", layers=2)
    limits = MatchLimits(max_area=700)
    atoms = [
        round(match.film_area / 5.874**2) * len(film.atoms)
        + round(match.area / 6.2894**2) * len(substrate.atoms)
        for match in find_matches(film, substrate, limits)
    ]
    fewer = find_matches(film, substrate, MatchLimits(max_area=700, max_atoms=min(atoms)))
    assert len(fewer) == atoms.count(min(atoms))


def test_the_misfit_angle_is_the_change_of_a_right_angle():
    film, substrate = np.diag([5.0, 5.0]), np.diag([5.1, 4.95])
    loose = find_matches(film, substrate, MatchLimits(max_area=30))
    stretch = np.array([1.02, 0.99])
    angle = 90 - 2 * np.degrees(np.arctan2(stretch[1], stretch[0]))
    assert len(loose) == 1
    assert find_matches(film, substrate, MatchLimits(max_area=30, max_misfit_angle=angle * 1.01))
    assert not find_matches(
        film, substrate, MatchLimits(max_area=30, max_misfit_angle=angle * 0.99)
    )
