"""Charges and balance of particles of cubic ABX3, from lattices enumerated here.

Coordinates are whole numbers in units of a/2: B at even, even, even; A at odd, odd, odd; X at one
odd and two even ones.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain, combinations
from math import comb

import numpy as np
import pytest
from scipy.spatial import cKDTree
from scipy.spatial.distance import pdist

from heterobuild.errors import UsageError
from heterobuild.geometry.balanced_subsets import mean_spacing
from heterobuild.labels import Site
from heterobuild.particles.charge_balance import Candidates
from heterobuild.particles.neutrality import neutralise

EDGE = 5.874
BONDED = np.concatenate([np.eye(3), -np.eye(3)]).astype(int)
CAGE = np.array(list(np.ndindex(2, 2, 2))) * 2 - 1
CHARGE = {"A": 1, "B": 2, "X": -1}


def around(points, steps):
    return np.unique((points[:, None] + steps[None]).reshape(-1, 3), axis=0)


def neighbours(points, octahedra, reach):
    """Count the octahedra within sqrt(reach) of a/2 of each point."""
    found = cKDTree(octahedra).query_ball_point(points, np.sqrt(reach) + 0.1, return_length=True)
    return np.asarray(found)


def whole(octahedra):
    """AX-terminated: all six halides and all eight A sites of each octahedron."""
    return {"A": around(octahedra, CAGE), "B": octahedra, "X": around(octahedra, BONDED)}


def box(*edges):
    return 2 * np.indices(edges).reshape(3, -1).T


def bx2_box(*edges):
    """The box without its outermost AX planes: planes of B and X2 outside."""
    full, top = whole(box(*edges)), 2 * np.array(edges) - 2
    return {
        name: points[((points >= 0) & (points <= top)).all(axis=1)] for name, points in full.items()
    }


def inside(radius, centre):
    span = int(2 * radius / EDGE) + 3
    grid = np.indices((2 * span + 1,) * 3).reshape(3, -1).T - span
    near = grid[np.linalg.norm((grid - centre) * EDGE / 2, axis=1) <= radius]
    odd = (near % 2).sum(axis=1)
    return {"A": near[odd == 3], "B": near[odd == 0], "X": near[odd == 1]}


def charge(particle):
    return sum(CHARGE[name] * len(points) for name, points in particle.items())


def centred(points, centre):
    return (points - centre) * EDGE / 2


def candidates(particle, centre, vacant=("A", "X")):
    """Everything that stands on A and X, and every vacant A and X site that touches a kept B."""
    columns = {"points": [], "charge": [], "species": [], "site": [], "bonds": [], "present": []}
    full = whole(particle["B"])
    for code, name in enumerate(("A", "X")):
        standing = {tuple(point) for point in particle[name].tolist()}
        empty = [p for p in full[name].tolist() if tuple(p) not in standing]
        empty = np.array(empty if name in vacant else [], dtype=int).reshape(-1, 3)
        for points, present in ((particle[name], True), (empty, False)):
            columns["points"].append(centred(points, centre))
            columns["charge"].append(np.full(len(points), float(CHARGE[name])))
            columns["species"].append(np.full(len(points), code))
            columns["site"].append(np.full(len(points), int(Site[name])))
            columns["bonds"].append(neighbours(points, particle["B"], 3 if name == "A" else 1))
            columns["present"].append(np.full(len(points), present))
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}
    return Candidates(names=("Cs", "Br"), **joined)


def dipole(particle, centre):
    parts = (CHARGE[name] * centred(points, centre) for name, points in particle.items())
    return sum(part.sum(axis=0) for part in parts)


def balance(particle, centre, policy="auto", **options):
    ions = candidates(particle, centre)
    total, moment = charge(particle), dipole(particle, centre)
    result = neutralise(total, moment, ions, policy, seed=1, where="surface", **options)
    return result, ions


def formula(particle, result, ions):
    count = Counter({name: len(points) for name, points in particle.items()})
    for entry in result.entries:
        count[entry.site] += entry.count if entry.action == "added" else -entry.count
    return count["A"], count["B"], count["X"]


@pytest.mark.parametrize("edges", [(1, 1, 1), (2, 3, 4), (5, 5, 5), (1, 6, 2), (8, 8, 8)])
def test_closed_forms_of_boxes(edges):
    assert charge(whole(box(*edges))) == sum(edges) + 1
    assert charge(bx2_box(*edges)) == sum(edges) - 1


@pytest.mark.parametrize("n", range(1, 9))
def test_neutral_cubes_have_the_known_formula_and_no_dipole(n):
    particle = whole(box(n, n, n))
    result, ions = balance(particle, n - 1)
    expected = (n * n * (n + 3), n**3, 3 * n * n * (n + 1))
    assert formula(particle, result, ions) == expected
    assert result.step.values["used"] == "remove-A"
    assert np.linalg.norm(result.dipole) < 1e-9


def test_no_other_seven_ions_of_the_cube_of_two_do_better():
    particle = whole(box(2, 2, 2))
    result, ions = balance(particle, 1)
    pool = np.flatnonzero((ions.site == Site.A) & (ions.bonds < 8))
    subsets = np.fromiter(
        chain.from_iterable(combinations(pool.tolist(), 7)), dtype=np.int16, count=7 * comb(26, 7)
    ).reshape(-1, 7)
    places = np.rint(ions.points * 2 / EDGE).astype(int)
    free = ~sum(places[subsets[:, k]] for k in range(7)).any(axis=1)
    bonds = sum(ions.bonds[subsets[free, k]] for k in range(7))
    assert len(pool) == 26
    assert not places[result.removed].sum(axis=0).any()
    assert ions.bonds[result.removed].sum() == bonds.min() == 10
    assert Counter(ions.bonds[result.removed].tolist()) == {1: 4, 2: 3}
    assert result.step.values["extra_bonds"] == 3


@pytest.mark.parametrize(
    "edges", [(1, 1, 2), (1, 2, 3), (2, 2, 4), (3, 3, 4), (2, 3, 4), (1, 3, 3)]
)
def test_boxes_have_the_least_dipole_that_parity_allows(edges):
    """Removed A sites are odd along odd edges; their number is the sum of the edges plus one."""
    particle = whole(box(*edges))
    result, _ = balance(particle, np.array(edges) - 1)
    odd = np.array(edges) % 2 * ((sum(edges) + 1) % 2)
    assert np.linalg.norm(result.dipole) == pytest.approx(EDGE / 2 * np.sqrt(odd.sum()), abs=1e-9)


def test_the_cube_of_three_loses_its_corners_and_a_pair_of_edge_sites():
    particle = whole(box(3, 3, 3))
    result, ions = balance(particle, 2)
    assert formula(particle, result, ions) == (54, 27, 108)
    removed = ions.points[result.removed] / (EDGE / 2)
    bonds = ions.bonds[result.removed]
    assert (ions.bonds[(ions.site == Site.A)] < 8).sum() == 56
    assert sorted(bonds) == [1] * 8 + [2] * 2
    pair = removed[bonds == 2]
    assert np.allclose(pair[0], -pair[1])
    assert np.allclose(np.sort(np.abs(pair), axis=1), [[1, 3, 3], [1, 3, 3]])


def test_the_single_octahedron_keeps_a_tetrahedron_of_cations():
    result, ions = balance(whole(box(1, 1, 1)), 0)
    kept = np.setdiff1d(np.flatnonzero(ions.site == Site.A), result.removed)
    points = ions.points[kept]
    apart = np.linalg.norm(points[:, None] - points, axis=2)[~np.eye(4, dtype=bool)]
    assert apart == pytest.approx(EDGE * np.sqrt(2))


@pytest.mark.parametrize("n", range(2, 7))
def test_bx2_cubes_get_terminal_halides(n):
    particle = bx2_box(n, n, n)
    result, ions = balance(particle, n - 1)
    assert result.step.values["used"] == "add-X"
    assert formula(particle, result, ions) == (
        (n - 1) ** 3,
        n**3,
        len(particle["X"]) + 3 * n - 1,
    )
    assert (ions.bonds[result.added] == 1).all()
    if (3 * n - 1) % 2 == 0:
        assert np.linalg.norm(result.dipole) < 1e-9
    with pytest.raises(UsageError, match=rf"leaves \+{3 * n - 1} e"):
        balance(particle, n - 1, "remove-A")


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_rods_carry_one_charge_a_cell_and_slabs_none(n):
    def periodic(particle, directions):
        top = 2 * n
        fits = [(p[:, directions] >= 0) & (p[:, directions] < top) for p in particle.values()]
        keep = [points[f.all(axis=1)] for points, f in zip(particle.values(), fits, strict=True)]
        return dict(zip(particle, keep, strict=True))

    rod = periodic(whole(box(n, n, n)), [2])
    assert charge(rod) == n
    assert charge(periodic(whole(box(n, n, n)), [0, 1])) == 0
    assert charge(periodic(bx2_box(n + 1, n + 1, n), [0, 1])) == 0
    result, _ = balance(rod, n - 1, directions=np.array([True, True, False]))
    assert len(result.removed) == n
    if n % 2 == 0:
        assert np.linalg.norm(result.dipole[:2]) < 1e-9
    assert np.isnan(result.dipole[2])


@pytest.mark.parametrize(("centre", "expected"), [((0, 0, 0), 64), ((1, 1, 1), 35)])
def test_spheres_cut_atom_by_atom(centre, expected):
    particle = inside(30.0, np.array(centre))
    assert charge(particle) == expected
    result, ions = balance(particle, np.array(centre))
    check_balance(particle, result, ions, centre)


@pytest.mark.parametrize(
    ("centre", "expected"), [((0, 0, 0), 34), ((1, 1, 1), 31), ((1, 0, 0), 33)]
)
def test_spheres_of_whole_octahedra(centre, expected):
    particle = whole(inside(30.0, np.array(centre))["B"])
    assert charge(particle) == expected
    result, ions = balance(particle, np.array(centre))
    check_balance(particle, result, ions, centre)


def check_balance(particle, result, ions, centre):
    """Recount charge and dipole from the atoms that stay."""
    standing = {name: centred(points, np.array(centre)) for name, points in particle.items()}
    for name in ("A", "X"):
        gone = result.removed[ions.site[result.removed] == Site[name]]
        new = result.added[ions.site[result.added] == Site[name]]
        distance, row = cKDTree(standing[name]).query(ions.points[gone])
        assert distance.max(initial=0) < 1e-9
        kept = np.delete(standing[name], row, axis=0)
        standing[name] = np.concatenate([kept, ions.points[new]])
    total = sum(CHARGE[name] * len(points) for name, points in standing.items())
    moment = sum(CHARGE[name] * points.sum(axis=0) for name, points in standing.items())
    assert total == 0
    assert np.allclose(moment, result.dipole, atol=1e-6)
    # Sums of lattice vectors: nothing shorter than half a body diagonal, or zero.
    assert np.linalg.norm(moment) < EDGE * np.sqrt(3) / 2 + 1e-9
    removed = result.removed
    assert (ions.bonds < 8)[removed].all()


@pytest.mark.parametrize("n", [3, 4])
def test_a_cube_without_corners_and_edges_is_filled_again(n):
    particle = whole(box(n, n, n))
    faces = neighbours(particle["A"], particle["B"], 3) > 2
    particle["A"] = particle["A"][faces]
    assert charge(particle) == 3 * n + 1 - 8 - 12 * (n - 1)
    result, ions = balance(particle, n - 1)
    assert result.step.values["used"] == "add-A"
    assert formula(particle, result, ions)[0] == n * n * (n + 3)
    assert (ions.bonds[result.added] == 2).all()
    result, ions = balance(particle, n - 1, "remove-X")
    assert (ions.bonds[result.removed] == 1).all()
    assert formula(particle, result, ions)[0] == faces.sum()


def best_of_random(pool, count, fixed=None):
    """Return the largest mean spacing of a thousand random choices."""
    rng = np.random.default_rng(0)
    fixed = np.empty((0, 3)) if fixed is None else fixed
    trials = (rng.choice(len(pool), count, replace=False) for _ in range(1000))
    return max(mean_spacing(np.concatenate([fixed, pool[trial]])) for trial in trials)


def test_removed_ions_of_a_large_sphere_lie_evenly_and_in_pairs():
    particle = whole(inside(80.0, np.zeros(3))["B"])
    ions = candidates(particle, 0, vacant=())
    total = charge(particle)
    result = neutralise(float(total), np.zeros(3), ions, seed=0, where="surface")
    gone = ions.points[result.removed]
    pool = ions.points[(ions.site == Site.A) & (ions.bonds == ions.bonds[result.removed].max())]
    assert len(pool) > 5 * total > 250
    assert np.linalg.norm(result.dipole) < 1e-9
    assert mean_spacing(gone) > best_of_random(pool, len(gone))
    assert pdist(gone).min() > EDGE * 1.01


def test_removed_ions_of_a_large_cube_keep_apart_on_the_edges():
    n = 20
    particle = whole(box(n, n, n))
    ions = candidates(particle, n - 1, vacant=())
    result = neutralise(float(charge(particle)), np.zeros(3), ions, seed=0, where="surface")
    bonds = ions.bonds[result.removed]
    assert Counter(bonds.tolist()) == {1: 8, 2: 3 * n + 1 - 8}
    gone = ions.points[result.removed]
    pool = ions.points[(ions.site == Site.A) & (ions.bonds == 2)]
    assert np.linalg.norm(result.dipole) < 1e-9
    fixed = gone[bonds == 1]
    assert mean_spacing(gone) > best_of_random(pool, len(gone) - 8, fixed)
