import numpy as np
import pytest

from heterobuild.deposition.films import laid_film
from heterobuild.deposition.laid import Laid, ledger_of, regions_of
from heterobuild.deposition.places import Array, chosen_places
from heterobuild.slabs.turn import HALF_TURN


@pytest.fixture
def laid(film, turns):
    made = turns(2, turn=10.0)
    array = Array(arrangement="square", count=(2, 1), pitch=None, spacing=6.0)
    places = chosen_places(array, film.stacking.cell[:2, :2], np.array([1.0, 0]), made, seed=0)
    zero = np.zeros(2)
    return Laid(
        film=laid_film(film, places.matrix, seed=0, turned=False),
        turns=made,
        places=places,
        centres=np.column_stack([places.points, [30.0, 30.0]]),
        gaps=zero,
        touching=zero,
        planes=(zero[None],),
        shift=zero,
        gain=0.0,
    )


def test_regions_stand_from_below_to_above(laid, bromide):
    up, over = (regions_of(bromide, laid, turn) for turn in (np.eye(3), HALF_TURN))
    assert [(r.code, r.name) for r in up] == [(1, "film"), (2, "particle")]
    assert [(r.code, r.name) for r in over] == [(1, "particle"), (2, "film")]
    for region in (*up, *over):
        assert np.linalg.det(region.cell) > 0
        assert not region.strain.any()
    assert over[1].cell[2, 2] > 0
    turned = up[1].cell[0] / np.linalg.norm(up[1].cell[0])
    assert np.degrees(np.arctan2(turned[1], turned[0])) == pytest.approx(10.0)


def test_the_ledger_counts_each_particle(body):
    entries = ledger_of([body], 3)
    assert len(entries) == 3 * len(body.ledger)
    assert sum(e.charge for e in entries) == 3 * sum(e.charge for e in body.ledger)
    assert [e.where for e in entries][-1] == "surface of particle 3"
