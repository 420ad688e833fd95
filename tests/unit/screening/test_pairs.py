import numpy as np
import pytest

from heterobuild.errors import UsageError
from heterobuild.matching import MatchLimits, find_matches
from heterobuild.matching.pareto import on_front
from heterobuild.screening.pairs import match_surfaces

CELLS = np.array(
    [
        [[5.874, 0], [0, 5.874]],
        [[8.2, 0], [0, 8.4]],
        [[6.1, 0], [-3.05, 3.05 * 3**0.5]],
        [[7.0, 0.0], [2.3, 8.1]],
    ]
)


@pytest.mark.parametrize("area", [150, 300])
def test_each_pair_keeps_the_front_of_the_search_for_one_pair(area):
    limits = MatchLimits(max_area=area, max_strain=0.04)
    others = CELLS * 1.03
    found = match_surfaces(CELLS, others, limits)
    for i, film in enumerate(CELLS):
        for j, substrate in enumerate(others):
            mine = (found.film == i) & (found.substrate == j)
            sizes = np.maximum(found.area[mine], found.film_area[mine])
            expected = {}
            for match in find_matches(film, substrate, limits):
                size = round(max(match.area, match.film_area), 3)
                expected[size] = min(expected.get(size, 1), match.log_strain)
            front, least = [], 1.0
            for size in sorted(expected):
                if expected[size] < least - 1e-6:
                    front.append((size, expected[size]))
                    least = expected[size]
            assert sizes == pytest.approx([size for size, _ in front], abs=1e-3)
            strains = [strain for _, strain in front]
            assert found.log_strain[mine] == pytest.approx(strains, abs=2e-6)


def test_matrices_strains_and_rotation_tell_the_same_map():
    limits = MatchLimits(max_area=200)
    found = match_surfaces(CELLS, CELLS * 0.97, limits)
    ours = found.film_matrix @ CELLS[found.film]
    theirs = found.substrate_matrix @ (CELLS * 0.97)[found.substrate]
    assert np.linalg.det(ours) == pytest.approx(found.film_area)
    assert np.linalg.det(theirs) == pytest.approx(found.area)
    maps = np.linalg.solve(ours, theirs)
    values = np.linalg.svd(maps, compute_uv=False)
    assert values - 1 == pytest.approx(found.strains)
    assert np.abs(np.log(values)).max(axis=1) == pytest.approx(found.log_strain, abs=1e-7)
    left, _, right = np.linalg.svd(maps)
    turn = left @ right
    angle = np.radians(found.rotation)
    assert np.cos(angle) == pytest.approx(turn[:, 0, 0], abs=1e-5)
    assert np.sin(angle) == pytest.approx(turn[:, 0, 1], abs=1e-5)
    assert (np.abs(found.rotation) <= 90).all()


def test_a_batch_does_not_change_a_pair():
    limits = MatchLimits(max_area=200)
    together = match_surfaces(CELLS, CELLS * 1.02, limits)
    alone = match_surfaces(CELLS[1:2], CELLS[2:3] * 1.02, limits)
    mine = (together.film == 1) & (together.substrate == 2)
    assert together.film_matrix[mine].tolist() == alone.film_matrix.tolist()
    assert together.substrate_matrix[mine].tolist() == alone.substrate_matrix.tolist()


def test_nothing_fits():
    found = match_surfaces(CELLS[:1], CELLS[:1] * 1.4, MatchLimits(max_area=60, max_strain=0.01))
    assert len(found.film) == 0


def test_a_front_by_hand():
    rng = np.random.default_rng(1)
    pair, size, strain = rng.integers(0, [[3], [9], [9]], size=(3, 60))
    expected = [
        not any(
            pair[j] == pair[i]
            and size[j] <= size[i]
            and strain[j] <= strain[i]
            and (size[j], strain[j]) != (size[i], strain[i])
            for j in range(60)
        )
        for i in range(60)
    ]
    assert on_front(pair, size, strain).tolist() == expected


def test_of_mirror_images_the_counter_clockwise_one_stays():
    rng = np.random.default_rng(3)
    films, substrates = ([np.diag(sides) for sides in rng.uniform(4, 9, (30, 2))] for _ in "ab")
    limits = MatchLimits(max_area=300, max_strain=0.04)
    found = match_surfaces(np.array(films), np.array(substrates), limits)
    turned = (np.abs(found.rotation) > 0.001) & (np.abs(found.rotation) < 89.999)
    assert turned.sum() > 100
    assert (found.rotation[turned] > 0).all()


def test_the_strain_of_the_film_is_in_its_own_frame():
    from scipy.linalg import logm, polar

    rng = np.random.default_rng(4)
    films, others = CELLS, CELLS * rng.uniform(0.9, 1.1, (4, 2, 2)) + 0.01
    found = match_surfaces(films, others, MatchLimits(max_area=800))
    assert len(found.film) > 15
    for k in range(len(found.film)):
        ours = found.film_matrix[k] @ films[found.film[k]]
        theirs = found.substrate_matrix[k] @ others[found.substrate[k]]
        _, stretch = polar(np.linalg.solve(ours, theirs), side="left")  # G = U R
        assert found.film_strain[k] == pytest.approx(logm(stretch).real, abs=1e-9)


@pytest.mark.parametrize(
    "more",
    [
        {"rotation": (-1.0, 1.0)},
        {"rotation": (20.0, 50.0)},
        {"rotation": (-180.0, -135.0)},
        {"max_misfit_angle": 1.0},
        {"rotation": (-45.0, 10.0), "max_misfit_angle": 2.0},
    ],
)
def test_rotation_and_misfit_angle_are_kept_to_as_in_the_search_for_one_pair(more):
    limits = MatchLimits(max_area=250, max_strain=0.04, **more)
    rng = np.random.default_rng(5)
    films, others = (
        np.array([[[a, 0], [b / 3, b]] for a, b in rng.uniform(5, 9, (6, 2))]) for _ in "ab"
    )
    found = match_surfaces(films, others, limits)
    whole = match_surfaces(films, others, MatchLimits(max_area=250, max_strain=0.04))
    assert len(found.film) > 0
    assert found.log_strain.tolist() != whole.log_strain.tolist()
    low, high = more.get("rotation", (-90, 90))
    assert ((found.rotation >= low - 1e-3) & (found.rotation <= high + 1e-3)).all()
    for i, film in enumerate(films):
        for j, substrate in enumerate(others):
            mine = (found.film == i) & (found.substrate == j)
            expected = find_matches(film, substrate, limits)
            assert mine.any() == bool(expected)
            if expected:
                least = min(match.log_strain for match in expected)
                size = min(max(match.area, match.film_area) for match in expected)
                sizes = np.maximum(found.area[mine], found.film_area[mine])
                assert found.log_strain[mine].min() == pytest.approx(least, abs=2e-6)
                assert sizes.min() == pytest.approx(size, abs=1e-3)


def test_the_matrices_turn_the_film_as_the_window_asks():
    limits = MatchLimits(max_area=250, rotation=(120.0, 180.0))
    found = match_surfaces(CELLS, CELLS * 0.97, limits)
    ours = found.film_matrix @ CELLS[found.film]
    theirs = found.substrate_matrix @ (CELLS * 0.97)[found.substrate]
    left, _, right = np.linalg.svd(np.linalg.solve(ours, theirs))
    turn = left @ right
    assert len(turn) > 5
    angle = np.degrees(np.arctan2(turn[:, 0, 1], turn[:, 0, 0]))
    assert np.cos(np.radians(angle - found.rotation)) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize(
    "more", [{"max_atoms": 10}, {"parallel": ((1, 0, 0), (1, 0, 0))}, {"parity": "even"}]
)
def test_limits_that_need_more_than_cells_are_refused(more):
    with pytest.raises(UsageError, match=f"cannot keep to {next(iter(more))}.*leave"):
        match_surfaces(CELLS, CELLS, MatchLimits(**more))
