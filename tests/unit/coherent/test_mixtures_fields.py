import numpy as np
import pytest

from heterobuild.coherent.mixtures_fields import (
    Morphology,
    judge_room,
    make_balls,
    make_grains,
    phase_fields,
)
from heterobuild.errors import UsageError

CELL = np.diag([80.0, 90.0, 70.0])


def morphology(**options):
    chosen = {"kind": "bicontinuous", "length": 20.0, "spectrum": "smooth", "count": 12}
    return Morphology(**chosen | {"spread": None} | options)


@pytest.mark.parametrize("kind", ["bicontinuous", "grains", "inclusions"])
def test_fields_repeat_with_the_cell_and_the_seed(kind):
    points = np.random.default_rng(1).random((60, 3)) @ CELL
    fields, again, other = (
        phase_fields(morphology(kind=kind), CELL, [0.3, 0.3, 0.4], seed=seed) for seed in (1, 1, 2)
    )
    assert len(fields) == 2
    for first, same, different in zip(fields, again, other, strict=True):
        values = first(points)
        assert values == pytest.approx(first(points + CELL[0] - 2 * CELL[2]), abs=1e-6)
        assert values.tobytes() == same(points).tobytes()
        assert np.abs(values - different(points)).max() > 0.1


def test_fields_of_two_phases_are_independent():
    points = np.random.default_rng(1).random((4000, 3)) @ CELL
    first, second = phase_fields(morphology(length=12.0), CELL, [0.3, 0.3, 0.4], seed=1)
    assert abs(np.corrcoef(first(points), second(points))[0, 1]) < 0.15


@pytest.mark.parametrize("spread", [None, 0.3])
def test_inclusions_are_distances_from_balls(spread):
    options = morphology(kind="inclusions", count=7, spread=spread)
    balls = make_balls(options, CELL, [0.2, 0.8], seed=3)
    points = np.random.default_rng(4).random((300, 3)) @ CELL
    (field,) = phase_fields(options, CELL, [0.2, 0.8], seed=3)
    away = points[:, None] - balls.centres
    away -= np.rint(away @ np.linalg.inv(CELL)) @ CELL
    expected = (np.linalg.norm(away, axis=2) - balls.radii).min(axis=1)
    assert field(points) == pytest.approx(expected, abs=1e-9)
    volume = (4 / 3 * np.pi * balls.radii**3).sum()
    assert volume == pytest.approx(0.2 * np.linalg.det(CELL))


def test_grains_of_all_phases():
    grains, phase = make_grains(
        morphology(kind="grains", spread=0.2), CELL, [0.2, 0.3, 0.5], seed=1
    )
    assert len(grains.seeds) == 12
    assert set(phase) == {0, 1, 2}


def test_refusals():
    with pytest.raises(UsageError, match=r"smaller than the correlation.*90 Å in a cell 70 Å high"):
        judge_room(morphology(length=90.0), CELL)
    judge_room(morphology(kind="grains", length=90.0), CELL)
    with pytest.raises(UsageError, match=r"2 grains cannot be 3 phases.*3 or more"):
        make_grains(morphology(kind="grains", count=2), CELL, [0.2, 0.3, 0.5], seed=1)
    with pytest.raises(UsageError, match=r"1 inclusions cannot be 2 phases"):
        make_balls(morphology(kind="inclusions", count=1), CELL, [0.2, 0.3, 0.5], seed=1)
