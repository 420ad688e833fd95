from dataclasses import replace

import pytest

from heterobuild.errors import UsageError
from heterobuild.matching import MatchLimits
from heterobuild.screening.specification import (
    fingerprint,
    plan_screen,
    shard_tasks,
    tasks,
    usual_count,
)


@pytest.fixture(scope="module")
def spec():
    return plan_screen()


@pytest.mark.parametrize("count", [1, 2, 7, 1000])
def test_shards_hold_each_task_once_in_order(spec, count):
    dealt = [task for shard in range(1, count + 1) for task in shard_tasks(spec, shard, count)]
    assert dealt == list(tasks(spec))


@pytest.mark.parametrize(("shard", "count"), [(0, 3), (4, 3), (1, 0)])
def test_shards_that_are_not(spec, shard, count):
    with pytest.raises(UsageError, match="no such shard"):
        shard_tasks(spec, shard, count)


def test_the_fingerprint_follows_what_decides_the_table(spec):
    assert fingerprint(spec) == fingerprint(plan_screen())
    moved = replace(spec.films[0], path="/elsewhere")
    changed = replace(spec.films[0], sha256="0")
    assert fingerprint(replace(spec, films=(moved, *spec.films[1:]))) == fingerprint(spec)
    others = [
        replace(spec, films=(changed, *spec.films[1:])),
        replace(spec, substrates=spec.substrates[1:]),
        replace(spec, max_index=2),
        replace(spec, limits=MatchLimits(max_strain=0.04)),
        replace(spec, limits=MatchLimits(rotation=(0, 0))),
        replace(spec, limits=MatchLimits(max_misfit_angle=1)),
    ]
    assert len({fingerprint(other) for other in [spec, *others]}) == 7


def test_more_work_is_cut_into_more_shards(spec):
    assert usual_count(plan_screen(["CsPbBr3"], ["CsPbI3"])) == 1
    assert 1 < usual_count(spec) < usual_count(replace(spec, limits=MatchLimits(max_area=800)))


def test_an_index_out_of_range_is_refused_before_any_work():
    with pytest.raises(UsageError, match="Miller index"):
        plan_screen(max_index=0)


@pytest.mark.parametrize("option", [{"max_atoms": 10}, {"parity": "even"}])
def test_limits_that_a_screen_cannot_keep_are_refused_before_any_work(option):
    with pytest.raises(UsageError, match="cannot keep to"):
        plan_screen(limits=MatchLimits(**option))


def test_the_steps_of_a_series_decide_the_table():
    series = "CsPb(Br_xI_1-x)3, x in 0:1:"
    found = [fingerprint(plan_screen([f"{series}{step}"], ["PbS"])) for step in (0.5, 0.5, 0.25)]
    assert found[0] == found[1] != found[2]
