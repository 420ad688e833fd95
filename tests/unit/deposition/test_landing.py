from itertools import product

import numpy as np
import pytest

from heterobuild.deposition.films import laid_film
from heterobuild.deposition.landing import nearest_contacts, touching_heights
from heterobuild.incoherent.touching import kinds_of, touching


@pytest.fixture
def ground(film):
    return laid_film(film, np.diag([5, 5]), seed=0, turned=False)


def heights_by_hand(ground, body, place):
    kinds, code = kinds_of(ground.atoms)
    others, other = kinds_of(body)
    best = -np.inf
    for image in np.array(list(product((-1, 0, 1), repeat=2))) @ ground.cell:
        for i, p in enumerate(ground.atoms.positions):
            for j, q in enumerate(body.positions):
                flat = q[:2] + place - p[:2] - image
                room = touching(kinds[code[i]], others[other[j]]) ** 2 - flat @ flat
                if room > 0:
                    best = max(best, p[2] - q[2] + np.sqrt(room))
    return best


def test_heights_by_hand(ground, turns):
    body = turns(turn=31.0).bodies[0]
    low = body[body.positions[:, 2] < body.positions[:, 2].min() + 4.0]
    places = np.array([[3.0, 4.0], [30.5, 17.2]])
    found = touching_heights(ground.atoms, [low], (0, 0), places, ground.cell)
    expected = [heights_by_hand(ground, low, place) for place in places]
    assert found == pytest.approx(expected)


def test_the_first_contact_is_a_contact(ground, turns):
    body = turns(turn=31.0).bodies[0]
    place = np.array([[3.0, 4.0]])
    height = touching_heights(ground.atoms, [body], (0,), place, ground.cell)
    kinds, code = kinds_of(ground.atoms)
    others, other = kinds_of(body)
    limit = np.array([[touching(a, b) for b in others] for a in kinds])[code][:, other]
    images = np.array(list(product((-1, 0, 1), repeat=2))) @ ground.cell
    for lift, sign in ((0.0, 1), (-0.05, -1)):
        moved = body.positions + [*place[0], height[0] + lift]
        slack = np.inf
        for image in images:
            steps = ground.atoms.positions[:, None] + [*image, 0.0] - moved
            slack = min(slack, float((np.linalg.norm(steps, axis=2) - limit).min()))
        assert slack * sign > -1e-9
    assert slack > -0.06


def test_nearest_contacts_as_ase_counts_them(ground, turns):
    from ase.neighborlist import neighbor_list

    body = turns(turn=12.0).bodies[0].copy()
    centre = np.array([[7.0, 9.0, ground.atoms.positions[:, 2].max() + 9.0]])
    found = nearest_contacts(ground.atoms, [body], (0,), centre, ground.cell)
    whole = ground.atoms.copy()
    whole.arrays = {k: v for k, v in whole.arrays.items() if k in ("numbers", "positions")}
    body.positions += centre[0]
    count = len(whole)
    charge = np.append(ground.atoms.arrays["formal_charge"], body.arrays["formal_charge"])
    whole += type(whole)(numbers=body.numbers, positions=body.positions)
    cell = np.diag([1.0, 1.0, 100.0])
    cell[:2, :2] = ground.cell
    whole.set_cell(cell)
    whole.pbc = (True, True, False)
    i, j, d = neighbor_list("ijd", whole, 6.0)
    across = (i < count) & (j >= count)
    unlike = charge[i] * charge[j] < 0
    assert found["opposite"] == pytest.approx(d[across & unlike].min())
    assert found["like"] == pytest.approx(d[across & ~unlike].min())
    assert "molecules" not in found


def test_nothing_is_near_a_particle_far_above(ground, turns):
    body = turns().bodies[0]
    assert nearest_contacts(ground.atoms, [body], (0,), np.array([[0, 0, 90.0]]), ground.cell) == {}
