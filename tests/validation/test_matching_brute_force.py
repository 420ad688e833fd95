"""The search for matches against enumeration of everything, and against pymatgen.

The reference knows nothing of the search: all pairs of superlattices in Hermite normal form, all
changes of basis between their reduced cells, singular values of the map. A map is written as an
exact rational matrix between lattice coordinates, and its orbit under the rotations of both
lattices is one match.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from heterobuild.matching import MatchLimits, find_matches
from heterobuild.model import Match

Rows = tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]
STEPS = range(-3, 4)
REBASES = [((a, b), (c, d)) for a, b, c, d in product(STEPS, repeat=4) if a * d - b * c == 1]


def cell(a: float, b: float, angle: float, turn: float = 0.0) -> np.ndarray:
    first, second = np.radians(turn), np.radians(turn + angle)
    return np.array(
        [[a * np.cos(first), a * np.sin(first)], [b * np.cos(second), b * np.sin(second)]]
    )


def times(left: Rows, right: Rows) -> Rows:
    return tuple(
        tuple(sum(left[i][k] * right[k][j] for k in range(2)) for j in range(2)) for i in range(2)
    )  # type: ignore[return-value]


def inverse(rows: Rows) -> Rows:
    (a, b), (c, d) = rows
    size = a * d - b * c
    return (
        (Fraction(d, size), Fraction(-b, size)),
        (Fraction(-c, size), Fraction(a, size)),
    )


def reduced(lattice: np.ndarray) -> np.ndarray:
    """Proper change of basis to short vectors, by plain subtraction."""
    change = np.eye(2, dtype=int)
    while True:
        u, v = change @ lattice
        if v @ v < u @ u - 1e-12:
            change = np.array([change[1], -change[0]])
            continue
        ratio = float(u @ v / (u @ u))
        if abs(ratio) < 0.5 + 1e-9:
            return change
        change[1] -= round(ratio) * change[0]


def superlattices(lattice: np.ndarray, max_area: float) -> list[Rows]:
    found = []
    for index in range(1, int(max_area / np.linalg.det(lattice) + 1e-9) + 1):
        for a in (a for a in range(1, index + 1) if index % a == 0):
            for b in range(index // a):
                form = np.array([[a, b], [0, index // a]])
                form = reduced(form @ lattice) @ form
                found.append(tuple(map(tuple, form.tolist())))
    return found


def rotations(lattice: np.ndarray) -> list[Rows]:
    found = []
    for change in REBASES:
        turn = np.linalg.solve(lattice, np.array(change) @ lattice)
        if np.abs(turn @ turn.T - np.eye(2)).max() < 1e-4:
            found.append(change)
    return found


def orbit(rational: Rows, film: list[Rows], substrate: list[Rows]) -> Rows:
    return min(times(times(ours, rational), theirs) for ours in film for theirs in substrate)


def by_brute_force(
    film: np.ndarray, substrate: np.ndarray, strain: float, area: float
) -> dict[Rows, float]:
    """Smallest area of each match; the cells must be reduced."""
    changes = np.array(REBASES)
    smallest: dict[Rows, float] = {}
    targets = [(rows, np.array(rows) @ substrate) for rows in superlattices(substrate, area)]
    for ours in superlattices(film, area):
        from_film = np.linalg.inv(np.array(ours) @ film)
        for theirs, target in targets:
            singular = np.linalg.svd(from_film @ (changes @ target), compute_uv=False)
            for k in np.flatnonzero(np.abs(np.log(singular)).max(axis=1) <= strain):
                rational = times(inverse(ours), times(REBASES[k], theirs))
                found = float(np.linalg.det(target))
                smallest[rational] = min(found, smallest.get(rational, np.inf))
    turns = rotations(film), rotations(substrate)
    matches: dict[Rows, float] = {}
    for rational, found in smallest.items():
        key = orbit(rational, *turns)
        matches[key] = min(found, matches.get(key, np.inf))
    return matches


def keys(matches: tuple[Match, ...], film: np.ndarray, substrate: np.ndarray) -> list[Rows]:
    turns = rotations(film), rotations(substrate)
    return [
        orbit(
            times(
                inverse(tuple(map(tuple, match.film.tolist()))),
                tuple(map(tuple, match.substrate.tolist())),
            ),
            *turns,
        )
        for match in matches
    ]


CASES = {
    "square on square": (cell(5.874, 5.874, 90), cell(6.289, 6.289, 90), 0.07, 350),
    "hexagonal on square": (cell(4.1, 4.1, 120), cell(3.9, 3.9, 90, 20), 0.08, 220),
    "hexagonal on hexagonal": (cell(4.1, 4.1, 120), cell(3.19, 3.19, 120), 0.08, 120),
    "oblique on oblique": (cell(5.1, 7.3, 103), cell(4.4, 6.1, 98, -40), 0.12, 300),
    "rhombic on rectangular": (cell(6.0, 6.0, 100), cell(5.0, 8.0, 90), 0.1, 350),
    "nearly square on square": (cell(5.0, 5.0004, 90.003), cell(5.2, 5.2, 90), 0.08, 250),
    "long on long": (cell(3.0, 17.0, 95), cell(4.0, 13.0, 90), 0.12, 420),
    "mirror images": (cell(5.0, 7.0, 100), cell(5.0, 7.0, 80), 0.06, 300),
    "the same oblique one": (cell(5.0, 7.0, 100), cell(5.0, 7.0, 100), 0.06, 300),
    "large strain": (cell(4.0, 6.0, 75), cell(5.0, 5.5, 100), 0.25, 130),
}


@pytest.mark.parametrize("name", CASES)
def test_no_match_is_missing_and_none_is_extra(name: str) -> None:
    film, substrate, strain, area = CASES[name]
    expected = by_brute_force(film, substrate, strain, area)
    matches = find_matches(film, substrate, MatchLimits(max_strain=strain, max_area=area))
    found = keys(matches, film, substrate)
    assert expected
    assert len(found) == len(set(found))
    assert set(found) == set(expected)
    for key, match in zip(found, matches, strict=True):
        assert match.area == pytest.approx(expected[key])


def test_an_oblique_lattice_does_not_match_its_mirror_image() -> None:
    limits = MatchLimits(max_strain=0.01, max_area=40)
    film = cell(5.0, 7.0, 100)
    assert [match.strains for match in find_matches(film, film, limits)] == [
        pytest.approx((0, 0), abs=1e-9)
    ]
    assert find_matches(film, cell(5.0, 7.0, 80), limits) == ()


def same_map(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """Right Cauchy–Green tensor of a map: the same for all rotations of the target."""
    deformation = np.linalg.solve(ours, theirs)
    return deformation @ deformation.T


@pytest.mark.parametrize("name", ["square on square", "oblique on oblique"])
def test_proper_matches_of_pymatgen_are_among_ours(name: str) -> None:
    from pymatgen.analysis.interfaces.zsl import ZSLGenerator

    film, substrate, _, _ = CASES[name]
    area, strain = 200.0, 0.12
    generator = ZSLGenerator(max_area=area, max_length_tol=0.05, max_angle_tol=0.02)
    matches = find_matches(film, substrate, MatchLimits(max_strain=strain, max_area=area))
    ours = [
        same_map(turn @ film, np.linalg.solve(match.film, match.substrate @ substrate))
        for match in matches
        for turn in map(np.array, rotations(film))
    ]
    proper = 0
    flat = [np.pad(lattice, ((0, 0), (0, 1))).tolist() for lattice in (film, substrate)]
    for match in generator(*flat):
        theirs = np.array(match.film_sl_vectors)[:, :2], np.array(match.substrate_sl_vectors)[:, :2]
        if np.linalg.det(theirs[0]) * np.linalg.det(theirs[1]) < 0:
            continue
        singular = np.linalg.svd(np.linalg.solve(*theirs), compute_uv=False)
        if np.abs(np.log(singular)).max() > strain:
            continue
        if max(abs(np.linalg.det(side)) for side in theirs) > area:
            continue
        proper += 1
        wanted = same_map(*theirs)
        assert any(np.allclose(tensor, wanted, atol=1e-6) for tensor in ours)
    assert proper > 0
