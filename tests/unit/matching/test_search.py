from __future__ import annotations

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.matching import MatchLimits, find_matches
from heterobuild.slabs import cut_slab


def square(a: float) -> np.ndarray:
    return np.diag([a, a])


def test_strain_is_that_of_the_lattice_constants() -> None:
    (match,) = find_matches(square(5.874), square(5.68), MatchLimits(max_area=40))
    strain = 5.68 / 5.874 - 1
    assert match.strains == pytest.approx((strain, strain))
    assert match.log_strain == pytest.approx(-np.log(5.68 / 5.874))
    assert match.area == pytest.approx(5.68**2)
    assert match.film_area == pytest.approx(5.874**2)
    assert match.rotation == 0


def test_two_to_three_coincidence() -> None:
    limits = MatchLimits(max_strain=0.005, max_area=140)
    (match,) = find_matches(square(5.874), square(3.905), limits)
    assert match.film.tolist() == [[2, 0], [0, 2]]
    assert match.substrate.tolist() == [[3, 0], [0, 3]]


def test_a_turn_by_45_degrees() -> None:
    (match,) = find_matches(square(5.0 * 2**0.5), square(5.0), MatchLimits(max_area=60))
    assert abs(match.rotation) == pytest.approx(45)
    assert match.strains == pytest.approx((0, 0), abs=1e-9)


def test_deformation_maps_film_onto_substrate() -> None:
    film, substrate = np.array([[5.1, 0.0], [1.3, 7.2]]), np.array([[4.4, 0.3], [-1.0, 6.1]])
    matches = find_matches(film, substrate, MatchLimits(max_strain=0.1, max_area=300))
    assert len(matches) > 5
    for match in matches:
        assert np.allclose(
            match.film @ film @ match.deformation, match.substrate @ substrate, atol=1e-9
        )
        assert np.linalg.det(match.film) > 0.5
        assert np.linalg.det(match.substrate) > 0.5
        assert match.log_strain <= 0.1 * (1 + 1e-6)
        assert max(match.area, match.film_area) <= 300 * (1 + 1e-6)


def test_the_front_and_the_rest_are_each_sorted_by_area_then_strain() -> None:
    matches = find_matches(square(4.1), square(3.9), MatchLimits(max_strain=0.06, max_area=300))
    keys = [(round(match.area, 4), round(match.log_strain, 8)) for match in matches]
    turn = next(i for i in range(1, len(keys)) if keys[i] < keys[i - 1])
    assert keys[:turn] == sorted(keys[:turn])
    assert keys[turn:] == sorted(keys[turn:])


def test_small_rotations_are_preferred_among_equivalent_maps() -> None:
    matches = find_matches(square(5.0), square(5.0), MatchLimits(max_area=26))
    assert [match.rotation for match in matches] == [0.0]


def test_slabs_use_the_symmetry_of_the_crystal() -> None:
    """(110) of a cubic crystal is rectangular: a quarter turn of it is another interface."""
    film = cut_slab(load_crystal("CsPbBr3_cubic"), "110", layers=1)
    substrate = cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=1)
    matches = find_matches(film, substrate, MatchLimits(max_strain=0.08, max_area=110))
    assert all(match.log_strain <= 0.08 for match in matches)
    again = find_matches(
        film.stacking.cell[:2, :2],
        substrate.stacking.cell[:2, :2],
        MatchLimits(max_strain=0.08, max_area=110),
    )
    assert [match.area for match in matches] == pytest.approx([match.area for match in again])


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ([[1.0, 0.0], [2.0, 0.0]], "not flat"),
        ([[0.0, 5.0], [5.0, 0.0]], "right-handed"),
        ([[np.nan, 0.0], [0.0, 5.0]], "finite"),
        ([5.0, 5.0], "two finite vectors"),
        (np.eye(3), "two finite vectors"),
    ],
)
def test_cells_that_cannot_be_matched(cell: object, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        find_matches(np.array(cell), square(5.0))
    with pytest.raises(UsageError, match="substrate"):
        find_matches(square(5.0), np.array(cell))


def test_wider_limits_show_the_same_cells() -> None:
    hexagonal = 5.1 * np.array([[1.0, 0.0], [-0.5, 3**0.5 / 2]])
    for film, substrate in ((square(4.1), square(3.9)), (hexagonal, 1.04 * hexagonal)):
        few = find_matches(film, substrate, MatchLimits(max_strain=0.05, max_area=350))
        many = find_matches(film, substrate, MatchLimits(max_strain=0.06, max_area=800))
        cells = [(match.film.tolist(), match.substrate.tolist()) for match in many]
        assert len(many) > 10 * len(few) > 100
        assert all((match.film.tolist(), match.substrate.tolist()) in cells for match in few)


def test_even_cells_hold_alternating_tilts():
    cube, larger = np.diag([5.874, 5.874]), np.diag([5.68, 5.68])
    even = find_matches(cube, larger, MatchLimits(max_area=200, parity="even"))
    assert even[0].area == pytest.approx(2 * 5.68**2)
    for match in even:
        for matrix in (match.film, match.substrate):
            assert (np.asarray(matrix).sum(axis=1) % 2 == 0).all()
    # Every even cell is one that is found without the condition, or a larger cell of its map.
    loose = find_matches(cube, larger, MatchLimits(max_area=200))
    strains = {round(match.log_strain, 8) for match in loose}
    assert {round(match.log_strain, 8) for match in even} <= strains


def test_parity_counts_pseudocubic_edges_of_crystals():
    tilted, cubic = load_crystal("CsPbBr3_orthorhombic"), load_crystal("CsPbBr3_cubic")
    limits = MatchLimits(max_area=80, parity="even")
    best = find_matches((tilted, "001pc"), (cubic, "001"), limits)[0]
    # The surface cell of Pnma (010) holds two octahedra already.
    assert np.linalg.det(best.film) == pytest.approx(1)
    assert np.linalg.det(best.substrate) == pytest.approx(2)
    odd = find_matches(
        (cubic, "001"),
        (load_crystal("CsPbI3_alpha"), "001"),
        MatchLimits(max_area=50, max_strain=0.08, parity="even"),
    )
    assert odd == ()
