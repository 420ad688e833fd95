import os

import pytest

from heterobuild.errors import UsageError
from heterobuild.screening.local_pool import run_here, worker_count
from heterobuild.screening.part_files import part_path
from heterobuild.screening.specification import plan_screen


def test_two_processes_write_the_same_parts_as_one(tmp_path):
    spec = plan_screen(["CsPbBr3_cubic", "CsPbI3_alpha"], ["copper_halide", "substrate"])
    said = []
    before = dict(os.environ)
    for workers in (1, 2):
        folder = tmp_path / str(workers)
        run_here(spec, [1, 2], 2, folder, workers=workers, progress=said.append)
    for shard in (1, 2):
        one, two = (part_path(tmp_path / name, shard, 2).read_bytes() for name in "12")
        assert one == two
    assert said[-1] == "screening: 2 of 2 shards"
    assert dict(os.environ) == before


@pytest.mark.parametrize("jobs", ["0", "-1", "many", 0, "1.5"])
def test_a_number_of_processes_that_cannot_be(jobs):
    with pytest.raises(UsageError, match="-j auto"):
        worker_count(jobs)
